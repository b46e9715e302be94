'use strict';

// The files of a bundle (docs/formats/bundle.md) and what is cut from an index of actors (docs/formats/actor-index.md).

const SCOPE_MEMBERS =
  ['format', 'logId', 'completeness', 'actors', 'services', 'destroyed', 'verifierKey', 'postQuantumKey', 'successions'];
const EXPORT_MEMBERS =
  ['format', 'software', 'exportedAt', 'vaultId', 'logId', 'tenant', 'records', 'notYetAnchored', 'case', 'places'];
const PLACES_MAX = 256;
const SUBTREES_MAX = 128;
const LEAF_LINE = /^\{"header":"((?:[0-9a-f]{2})+)"(?:,"salt":"([0-9a-f]{64})")?\}$/;
const FIELDS_LINE = /^\{"header":"((?:[0-9a-f]{2})+)","fields":\["((?:[0-9a-f]{32}){1,2}(?:","(?:[0-9a-f]{32}){1,2})*)"\]\}$/;
const INDEX_LABEL = utf8('evault-actors-v1');

function parseScope(text) {
  const members = parseSpelled(text, SCOPE_MEMBERS, ['destroyed', 'postQuantumKey', 'successions']);
  require_(members.get('format') === 'evidence-vault-scope/1', 'scope');
  require_(['index', 'headers', 'range'].includes(members.get('completeness')), 'scope');
  parseHex(members.get('logId'), 16, 'logId');
  const scope = {
    logId: members.get('logId'),
    byIndex: members.get('completeness') === 'index',
    byRange: members.get('completeness') === 'range',
    actors: parseTags(members.get('actors')),
    services: parseTags(members.get('services')),
    destroyed: members.has('destroyed') ? requireCount(members.get('destroyed'), 'destroyed') : 0,
    proofs: [...parseProofs('actor/v1', members.get('actors')), ...parseProofs('service/v1', members.get('services'))],
    key: parseVerifierKey(requireText(members.get('verifierKey'), 'verifierKey')),
    postQuantumKey: null,
  };
  require_(!members.has('destroyed') || scope.destroyed > 0, 'scope');
  require_(scope.key.type === ED25519 || scope.key.type === ECDSA_P384, 'key');
  if (members.has('postQuantumKey')) {
    scope.postQuantumKey = parseVerifierKey(requireText(members.get('postQuantumKey'), 'postQuantumKey'));
    require_(scope.postQuantumKey.type === ML_DSA_44 && scope.postQuantumKey.name === scope.key.name, 'key');
  }
  scope.successions = members.has('successions') ? parseSuccessions(members.get('successions'), scope) : [];
  const tags = [...scope.actors.values(), ...scope.services.values()];
  require_(new Set(tags).size === tags.length && !tags.includes(NO_TAG) && !tags.includes(PRIVILEGED_TAG), 'scope');
  return scope;
}

/** The hand-overs of the vault's keys (docs/formats/succession.md), up to the scope's keys. No signature is checked here. */
function parseSuccessions(values, scope) {
  require_(Array.isArray(values) && values.length >= 1 && values.length <= 100, 'successions');
  const successions = values.map((value) => parseSuccession(requireText(value, 'successions')));
  const keysAt = (place) => successions[place]?.before ?? vaultKeys(scope);
  successions.forEach((succession, place) => {
    require_(succession.number === place + 1, 'successions');
    require_(place === 0 || succession.size > successions[place - 1].size, 'successions');
    const next = keysAt(place + 1);
    require_(succession.after.length === next.length && succession.after.every((key, i) => key.text === next[i].text),
      'successions');
  });
  const firsts = [...successions.map(({before}) => before[0].text), scope.key.text];
  require_(new Set(firsts).size === firsts.length, 'successions');
  return successions;
}

function parseSuccession(text) {
  const note = parseNote(text);
  const lines = note.text.slice(0, -1).split('\n');
  require_(lines[0] === 'evidence-vault/succession/v1' && (lines.length === 7 || lines.length === 9), 'successions');
  require_(/^[1-9]\d{0,2}$/.test(lines[1]), 'successions');
  const head = parseCheckpoint(lines.slice(2, 5).join('\n') + '\n');
  const keys = lines.slice(5).map(parseVerifierKey);
  const each = keys.length / 2;
  const isFirst = (key) => key.type === ED25519 || key.type === ECDSA_P384;
  require_(head.size >= 1 && keys.every((key, i) => key.name === head.origin
    && (i % each === 0 ? isFirst(key) : key.type === ML_DSA_44)), 'successions');
  require_(note.signatures.length === keys.length && keys.every((key, i) => isOf(note.signatures[i], key)),
    'successions');
  return {note, number: Number(lines[1]), size: head.size, before: keys.slice(0, each), after: keys.slice(each)};
}

/** The keys that the bundle is signed with. */
function vaultKeys(scope) {
  return scope.postQuantumKey === null ? [scope.key] : [scope.key, scope.postQuantumKey];
}

/** The keys that sign the node's checkpoint of a size. */
function keysOfCheckpoint(scope, size) {
  return scope.successions.find((succession) => size <= succession.size)?.before ?? vaultKeys(scope);
}

/** Returns the tags of names, which ascend by UTF-16 code units. */
function parseTags(value) {
  require_(value instanceof Map, 'scope');
  const names = [...value.keys()];
  require_(names.every((name, i) => i === 0 || names[i - 1] < name), 'scope');
  const tags = new Map();
  for (const [name, proven] of value) {
    requireMembers(proven, ['tag', 'proof']);
    parseHex(proven.get('tag'), 16, 'tag');
    parseHex(proven.get('proof'), 81, 'proof');
    tags.set(name, proven.get('tag'));
  }
  return tags;
}

/** Returns what has to be proven of each name: the label of its kind, its tag and the proof. */
function parseProofs(label, value) {
  return [...value].map(([name, proven]) => ({label, name, tag: proven.get('tag'), proof: proven.get('proof')}));
}

function parseExport(text) {
  const members = parseSpelled(text, EXPORT_MEMBERS, ['case', 'places']);
  require_(!members.has('case') || /^[0-9a-f]{12}$/.test(members.get('case')), 'export');
  require_(members.get('format') === 'evidence-vault-export/' + (members.has('places') ? '2' : '1'), 'export');
  if (members.has('places')) {
    requirePlaces(members.get('places'));
  }
  parseHex(members.get('vaultId'), 16, 'vaultId');
  parseHex(members.get('logId'), 16, 'logId');
  return {
    software: requireText(members.get('software'), 'software'),
    exportedAt: parseTime(members.get('exportedAt')),
    vaultId: members.get('vaultId'),
    logId: members.get('logId'),
    tenant: requireText(members.get('tenant'), 'tenant'),
    records: requireCount(members.get('records'), 'records'),
    notYetAnchored: requireCount(members.get('notYetAnchored'), 'notYetAnchored'),
  };
}

/** Where the records lay, which is the exporter's word: only its form is looked at. */
function requirePlaces(places) {
  require_(Array.isArray(places) && places.length > 0 && places.length <= PLACES_MAX, 'export');
  let previous = '';
  for (const place of places) {
    requireMembers(place, ['name', 'jurisdiction', 'kind']);
    const name = requireText(place.get('name'), 'name');
    require_(/^[a-z0-9-]{1,64}$/.test(name) && previous < name, 'export');
    require_(/^[A-Z]{2}$/.test(requireText(place.get('jurisdiction'), 'jurisdiction')), 'export');
    require_(['vault', 'logs'].includes(place.get('kind')), 'export');
    previous = name;
  }
}

/** Returns digests by the paths of a manifest. */
function parseManifest(text) {
  require_(text.endsWith('\n'), 'manifest');
  const digests = new Map();
  let previous = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const match = /^([0-9a-f]{64}) {2}([A-Za-z0-9._/-]{1,200})$/.exec(line);
    require_(match !== null && previous < match[2], 'manifest');
    previous = match[2];
    digests.set(match[2], match[1]);
  }
  return digests;
}

/** A run of leaves, or of entries of an index, that are not shown. */
function parseRun(members) {
  requireMembers(members, ['to', 'subtrees']);
  const run = {end: requireCount(members.get('to'), 'to'), subtrees: parseSubtrees(members.get('subtrees'))};
  require_(run.subtrees.length > 0, 'run');
  return run;
}

function parseSubtrees(values) {
  const subtrees = parseDigests(values, 'subtrees');
  require_(subtrees.length <= SUBTREES_MAX, 'range');
  return subtrees;
}

/**
 * Parses a line of leaves.jsonl: {run}, or {hex} of a header and the digits of its salt, or those of the salts and digests
 * of its pieces, or neither.
 */
function parseLeafLine(text) {
  const match = LEAF_LINE.exec(text);
  if (match !== null) {
    return {hex: match[1], salt: match[2] ?? null, fields: null};
  }
  const redacted = FIELDS_LINE.exec(text);
  if (redacted !== null) {
    const fields = redacted[2].split('","');
    require_(fields.length <= PIECES_MAX && fields[0].length === 32 && fields.some(({length}) => length === 64), 'pieces');
    return {hex: redacted[1], salt: null, fields};
  }
  return {run: parseRun(parseSpelled(text, ['to', 'subtrees']))};
}

/** Parses a line of segments.jsonl; subtrees and index are null where they are not there. */
function parseSegmentLine(text) {
  const members = parseSpelled(text, ['salt', 'subtrees', 'actors', 'seal'], ['subtrees', 'actors']);
  const index = members.get('actors') ?? null;
  require_(index === null || Array.isArray(index), 'form', 'actors');
  return {
    salt: parseHex(members.get('salt'), 32, 'salt'),
    subtrees: members.has('subtrees') ? parseSubtrees(members.get('subtrees')) : null,
    index: index === null ? null : index.map(parseIndexItem),
    line: requireText(members.get('seal'), 'seal'),
  };
}

function parseIndexItem(item) {
  if (!(item instanceof Map && item.has('entry'))) {
    return {run: parseRun(item)};
  }
  requireMembers(item, ['entry']);
  const hex = item.get('entry');
  parseHex(hex, 64, 'entry');
  return {
    hex,
    tag: hex.slice(0, 32),
    first: count64(hex, 16),
    count: count64(hex, 24),
    root: hex.slice(64),
  };
}

function hashIndexEntry(hex) {
  return hashLeaf(INDEX_LABEL, fromHex(hex));
}

/** Returns the entries that a cut shows, by tag, once it is known to stand for the whole index and no more than needed. */
function openIndex(items, size, root, tags) {
  const tree = new Tree();
  const shown = [];
  let afterRun = false;
  for (const item of items) {
    if (item.run !== undefined) {
      require_(!afterRun && item.run.end > tree.size && item.run.end <= size, 'indexRun');
      tree.appendRange(item.run.end, item.run.subtrees);
    } else {
      const reserved = item.tag === NOTICES_TAG || item.tag === PRIVILEGED_TAG;
      require_(item.count >= 1 && (item.first === 0 || !reserved), 'indexEntry');
      require_(shown.length === 0 || shown.at(-1).tag < item.tag, 'indexEntry');
      shown.push({...item, place: tree.size});
      tree.append(hashIndexEntry(item.hex));
    }
    afterRun = item.run !== undefined;
  }
  require_(tree.size === size && toHex(tree.root()) === root, 'indexRoot');
  requireNeeded(shown, size, tags);
  return new Map(shown.map((entry) => [entry.tag, entry]));
}

/** Requires the entry of each tag or its neighbours, and no other entry. */
function requireNeeded(shown, size, tags) {
  const needed = new Set();
  for (const tag of tags) {
    const found = shown.findIndex((entry) => entry.tag >= tag);
    const after = found < 0 ? shown.length : found;
    if (after < shown.length && shown[after].tag === tag) {
      needed.add(after);
      continue;
    }
    const placeBefore = after > 0 ? shown[after - 1].place : -1;
    const placeAfter = after < shown.length ? shown[after].place : size;
    require_(placeAfter === placeBefore + 1, 'indexAbsence');
    if (after > 0) {
      needed.add(after - 1);
    }
    if (after < shown.length) {
      needed.add(after);
    }
  }
  require_(needed.size === shown.length, 'indexNeedless');
}

/** The entries of an index under certain tags, or under all, from leaf headers in their order. */
class IndexBuilder {
  constructor(tags) {
    this.tags = tags;
    this.entries = new Map();
  }

  /** Adds a leaf; says whether it stands under one of the tags. */
  add(header, leaf) {
    const counts = header.actors.map(({tag, count}) => [tag, count]);
    if (header.privileged) {
      counts.push([PRIVILEGED_TAG, 0]);
    }
    if (header.kind === GAP || header.kind === CHANGE) {
      counts.push([NOTICES_TAG, 0]);
    }
    let stands = false;
    for (const [tag, count] of counts) {
      if (this.tags === null || this.tags.has(tag)) {
        this.under(tag, count).append(leaf);
        stands = true;
      }
    }
    return stands;
  }

  under(tag, first) {
    let entry = this.entries.get(tag);
    if (entry === undefined) {
      entry = {first, tree: new Tree()};
      this.entries.set(tag, entry);
    }
    return entry.tree;
  }

  /** Says whether what stands under a tag is what an entry says, or nothing if there is no entry. */
  agrees(tag, entry) {
    const built = this.entries.get(tag);
    if (built === undefined || entry === undefined) {
      return built === undefined && entry === undefined;
    }
    return built.first === entry.first && built.tree.size === entry.count && toHex(built.tree.root()) === entry.root;
  }

  count(tag) {
    return this.entries.get(tag)?.tree.size ?? 0;
  }

  root() {
    const tree = new Tree();
    for (const tag of [...this.entries.keys()].sort()) {
      const {first, tree: leaves} = this.entries.get(tag);
      tree.append(hashIndexEntry(tag + toHex(uint64(first)) + toHex(uint64(leaves.size)) + toHex(leaves.root())));
    }
    return tree.root();
  }
}
