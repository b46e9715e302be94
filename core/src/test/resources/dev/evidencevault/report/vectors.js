'use strict';

// Compares the checks of a report with the vectors of the formats. Returns what does not agree, one text each.

class VectorCheck {
  constructor(vectors) {
    this.vectors = vectors;
    this.problems = [];
    this.count = 0;
  }

  same(what, found, expected) {
    this.count++;
    const [a, b] = [found, expected].map((value) => value instanceof Uint8Array ? toHex(value) : String(value));
    if (a !== b) {
      this.problems.push(what + ': expected ' + b + ', found ' + a);
    }
  }

  accepted(what, action) {
    this.count++;
    try {
      return action();
    } catch (refused) {
      this.problems.push(what + ': ' + refused);
      return null;
    }
  }

  refused(what, action) {
    this.count++;
    try {
      action();
    } catch (problem) {
      if (!(problem instanceof Refused)) {
        this.problems.push(what + ': ' + problem);
      }
      return;
    }
    this.problems.push(what + ': was accepted');
  }

  run() {
    this.hashes();
    this.functionValues();
    this.tree();
    this.times();
    this.records();
    this.orders();
    this.anchors();
    this.bundle();
    this.redaction();
    this.indexes();
    return {count: this.count, problems: this.problems};
  }

  /** FIPS 180-4, and every length around the ends of blocks, in one part and in two. */
  hashes() {
    this.same('SHA-256', sha256(utf8('abc')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    this.same('SHA-256', sha256(), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    this.same('SHA-256', sha256(utf8('a'.repeat(1000000))),
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
    const bytes = Uint8Array.from({length: 300}, (_, i) => i * 7);
    for (let length = 0; length < 300; length++) {
      const whole = sha256(bytes.subarray(0, length));
      const half = length >> 1;
      this.same('SHA-256 of ' + length, sha256(bytes.subarray(0, half), bytes.subarray(half, length)), whole);
    }
  }

  /** RFC 9381, appendix B.1. */
  functionValues() {
    for (const {key, alpha, proof, value} of this.vectors.vrf) {
      this.same('VRF', verifyVrf(fromHex(key), utf8(alpha), fromHex(proof)), value);
      const other = proof.slice(0, -1) + (proof.endsWith('0') ? '1' : '0');
      this.same('VRF', verifyVrf(fromHex(key), utf8(alpha), fromHex(other)), null);
    }
  }

  treeOf(leaves) {
    const tree = new Tree();
    leaves.forEach((leaf) => tree.append(fromHex(leaf)));
    return tree;
  }

  tree() {
    const {leaves, leafHashes, roots, ranges, inclusion} = this.vectors.tree;
    leaves.forEach((leaf, i) => this.same('leaf', hashLeaf(utf8(leaf)), leafHashes[i]));
    roots.forEach((root, size) => this.same('root', this.treeOf(leafHashes.slice(0, size)).root(), root));
    for (const {from, to, hashes} of ranges) {
      const tree = this.treeOf(leafHashes.slice(0, from));
      this.accepted('range', () => tree.appendRange(to, hashes.map(fromHex)));
      this.same('range', tree.root(), roots[to]);
      const more = [...hashes, leafHashes[0]].map(fromHex);
      this.refused('range', () => this.treeOf(leafHashes.slice(0, from)).appendRange(to, more));
      if (hashes.length > 0) {
        this.refused('range', () => this.treeOf(leafHashes.slice(0, from)).appendRange(to, more.slice(0, -2)));
      }
    }
    for (const {index, size, path} of inclusion) {
      this.same('inclusion', this.accepted('inclusion', () =>
        rootOfInclusion(index, size, fromHex(leafHashes[index]), path.map(fromHex))), roots[size]);
    }
  }

  times() {
    // With our own parser, as the numbers are beyond 2^53.
    const times = parseJson(this.vectors.timestamps);
    for (const time of times.get('canonical')) {
      const text = time.get('text');
      this.same('time', this.accepted(text, () => parseTime(text)), time.get('nanos'));
      this.same('time', formatTime(time.get('nanos')), text);
    }
    times.get('refused').forEach((text) => this.refused('time ' + text, () => parseTime(text)));
    for (const time of times.get('loose')) {
      const text = time.get('text');
      this.same(text, this.accepted(text, () => parseLooseTime(text)), time.get('nanos'));
    }
    times.get('looseRefused').forEach((text) => this.refused('time ' + text, () => parseLooseTime(text)));
  }

  records() {
    const {logId, events, seal, notices, refusedNotices, refusedLines, refusedHeaders} = this.vectors.record;
    for (const event of events) {
      const header = this.accepted('header', () => parseHeader(event.header));
      const record = this.accepted('record', () => parseRecord(event.line));
      this.same('commitment', commitment(fromHex(event.salt), utf8(event.line)), header.commitment);
      this.same('leaf', hashLeaf(fromHex(event.header)), event.leafHash);
      this.same('log', header.logId, logId);
      for (const name of ['seq', 'recordedAt', 'occurredAt', 'privileged', 'kind']) {
        this.same(name, record[name], header[name]);
      }
    }
    const parsed = this.accepted('seal', () => parseSeal(seal.line));
    this.same('seal', sealHeader(logId, parsed, fromHex(seal.salt), utf8(seal.line)), seal.header);
    notices.forEach((line) => this.accepted(line, () => parseRecord(line)));
    refusedNotices.forEach((line) => this.refused(line, () => parseRecord(line)));
    refusedLines.forEach((line) => this.refused(line, () => parseAny(line)));
    refusedHeaders.forEach(({why, header}) => this.refused(why, () => parseHeader(header)));
  }

  orders() {
    const {accepted, refused, asks} = this.vectors.order;
    for (const expected of accepted) {
      const order = this.accepted(expected.text, () => parseOrder(expected.text));
      for (const name of ['from', 'to', 'expires', 'privilegedOnly']) {
        this.same(name, order[name], expected[name]);
      }
      this.same('actors', JSON.stringify(order.actors ?? []), JSON.stringify(expected.actors));
      this.same('services', JSON.stringify(order.services ?? []), JSON.stringify(expected.services));
    }
    refused.forEach(({why, text}) => this.refused('order: ' + why, () => parseOrder(text)));
    const order = parseOrder(asks.order);
    for (const {line, asked} of asks.records) {
      const record = this.accepted(line, () => parseRecord(line));
      const header = {...record, actors: record.actors.map((tag) => ({tag}))};
      this.same('asks', asksFor(order, header, new Set(order.actors), new Set(order.services)), asked);
    }
  }

  anchors() {
    const key = this.accepted('key', () => parseVerifierKey(this.vectors.anchor.verifierKey));
    for (const anchor of this.vectors.anchor.anchors.filter(({proof}) => proof !== undefined)) {
      const note = this.accepted('note', () => parseNote(anchor.note));
      this.same('line', isOf(note.signatures[0], key), true);
      const proof = this.accepted('proof', () => parseAnchorProof(anchor.proof));
      const head = this.accepted('head', () => parseCheckpoint(anchor.logCheckpoint));
      this.accepted('anchor', () => followAnchorProof(proof, head, parseCheckpoint(note.text)));
      const other = {...proof, time: proof.time + 1n};
      this.refused('anchor', () => followAnchorProof(other, head, parseCheckpoint(note.text)));
    }
  }

  redaction() {
    const vector = this.vectors.redaction;
    for (const record of vector.records) {
      const line = new LineFields(utf8(record.line));
      const numbers = Array.from({length: line.count}, (_, i) => i);
      this.same('pieces', numbers.map((i) => PIECE_TEXT.decode(line.piece(i))).join(), record.pieces.join());
      this.same('paths', numbers.slice(1).map((i) => line.path(i).map((name) => '/' + name.replaceAll('~', '~0')
        .replaceAll('/', '~1')).join('')).join(), record.paths.join());
      const byFields = {byFields: true};
      const {salt, fields} = record;
      this.same('salts', pieceSalts(fromHex(salt), line.count).map(toHex).join(), record.salts.join());
      this.same('commitment', openedCommitment(byFields, {salt, fields: null}, line.bytes), record.commitment);
      this.same('commitment', openedCommitment(byFields, {salt: null, fields}, utf8(record.shown)), record.commitment);
    }
    this.accepted('leaf', () => headerOf(parseLeafLine(vector.leafLine)));
    this.accepted('rules', () => new Redaction(vector.redaction));
    vector.refusedRedactions.forEach((text) => this.refused(text, () => new Redaction(text)));
    vector.refusedLeafLines.forEach((line) => this.refused(line, () => headerOf(parseLeafLine(line))));
    vector.refusedLines.forEach((line) => this.refused(line, () => new LineFields(utf8(line))));
  }

  bundle() {
    const vector = this.vectors.bundle;
    vector.leafLines.forEach(({line}) => this.accepted(line, () => parseLeafLine(line)));
    vector.refusedLeafLines.forEach((line) => this.refused(line, () => parseAnyLeaf(line)));
    vector.segmentLines.forEach(({line}) => this.accepted(line, () => parseSeal(parseSegmentLine(line).line)));
    vector.refusedSegmentLines.forEach((line) => this.refused(line, () => parseSeal(parseSegmentLine(line).line)));
    this.accepted('scope', () => parseScope(vector.scope));
    vector.refusedScopes.forEach((text) => this.refused(text, () => parseScope(text)));
    this.accepted('export', () => parseExport(vector.export));
    this.accepted('manifest', () => parseManifest(vector.manifest));
    vector.refusedManifests.forEach((text) => this.refused(text, () => parseManifest(text)));
    const scope = parseScope(vector.scope);
    const {tagKey} = parseSeal(parseSegmentLine(vector.segmentLines[0].line).line);
    scope.proofs.forEach(({label, name, tag, proof}) =>
      this.same('pseudonym of ' + name, isProvenTag(tagKey, label, name, tag, proof), true));
  }

  indexes() {
    const {segmentLines, refusedIndexProofs} = this.vectors.bundle;
    for (const {line, tags} of segmentLines.filter((segment) => segment.tags !== undefined)) {
      const segment = parseSegmentLine(line);
      const seal = parseSeal(segment.line);
      this.accepted('index', () => openIndex(segment.index, seal.indexSize, seal.indexRoot, new Set(tags)));
    }
    const seal = parseSeal(parseSegmentLine(segmentLines[0].line).line);
    for (const {why, tags, proof} of refusedIndexProofs) {
      this.refused(why, () => openIndex(parseJson(JSON.stringify(proof)).map(parseIndexItem), seal.indexSize,
        seal.indexRoot, new Set(tags)));
    }
  }
}

/** Parses a record or a seal, by its type. */
function parseAny(line) {
  return line.includes('"type":"seal"') ? parseSeal(line) : parseRecord(line);
}

function parseAnyLeaf(line) {
  const leaf = parseLeafLine(line);
  return leaf.run ?? parseHeader(leaf.hex);
}

JSON.stringify(new VectorCheck(VECTORS).run());
