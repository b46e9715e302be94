'use strict';

// Signed notes, checkpoints and keys (C2SP signed-note and tlog-checkpoint), and the way from a log's head to the node's
// checkpoint (docs/formats/anchor.md, Proof).

const ED25519 = 1;
const ML_DSA_44 = 6;
const KEY_BYTES = new Map([[ED25519, 32], [ML_DSA_44, 1312]]);
const SUPER_TREE_DEPTH = 20;
const LINES_MAX = 20;
const ANCHOR_HEAD = fromHex('4556414e43000001');
const ANCHOR_MEMBERS =
  ['format', 'index', 'time', 'superRoot', 'entries', 'slot', 'nonce', 'superPath', 'nodePath'];
const LOG_ORIGIN = 'evidencevault.dev/log/';
const NODE_ORIGIN = 'evidencevault.dev/node/';

/** Parses a public key: name, id and key, joined by plus signs. */
function parseVerifierKey(text) {
  const match = /^([^+\s]{1,255})\+([0-9a-f]{8})\+(.+)$/.exec(text);
  require_(match !== null, 'key');
  const [, name, id, encoded] = match;
  const material = parseBase64(encoded, 'key');
  require_(KEY_BYTES.get(material[0]) === material.length - 1, 'key');
  require_(toHex(sha256(utf8(name + '\n'), material).subarray(0, 4)) === id, 'key');
  return {text, name, id, type: material[0], bytes: material.subarray(1)};
}

/** Splits a signed note into its text and its signature lines. */
function parseNote(text) {
  const split = text.lastIndexOf('\n\n');
  require_(split >= 0 && text.endsWith('\n') && !/[\u0000-\u0009\u000b-\u001f]/.test(text), 'note');
  const lines = text.slice(split + 2, -1).split('\n');
  require_(lines.length <= LINES_MAX, 'note');
  return {text: text.slice(0, split + 1), signatures: lines.map(parseSignatureLine)};
}

function parseSignatureLine(line) {
  const match = /^\u2014 ([^+\s]+) (\S+)$/.exec(line);
  require_(match !== null, 'note');
  const data = parseBase64(match[2], 'note');
  require_(data.length >= 5, 'note');
  return {name: match[1], id: toHex(data.subarray(0, 4)), bytes: data.subarray(4)};
}

function isOf(signature, key) {
  return signature.name === key.name && signature.id === key.id;
}

/** Parses a checkpoint without extension lines: origin, size, root. */
function parseCheckpoint(text) {
  const lines = text.split('\n');
  require_(lines.length === 4 && lines[0] !== '' && lines[3] === '' && /^(0|[1-9]\d{0,15})$/.test(lines[1]), 'head');
  const root = parseBase64(lines[2], 'head');
  require_(root.length === 32 && Number.isSafeInteger(Number(lines[1])), 'head');
  return {text, origin: lines[0], size: Number(lines[1]), root};
}

function parseDigests(values, what) {
  require_(Array.isArray(values), 'form', what);
  return values.map((value) => parseHex(value, 32, what));
}

function parseAnchorProof(text) {
  const members = parseSpelled(text, ANCHOR_MEMBERS);
  require_(members.get('format') === 'evidence-vault-anchor-proof/1', 'anchor');
  const proof = {
    index: requireCount(members.get('index'), 'index'),
    time: parseTime(members.get('time')),
    superRoot: parseHex(members.get('superRoot'), 32, 'superRoot'),
    entries: parseHex(members.get('entries'), 32, 'entries'),
    slot: requireCount(members.get('slot'), 'slot'),
    nonce: parseHex(members.get('nonce'), 32, 'nonce'),
    superPath: parseDigests(members.get('superPath'), 'superPath'),
    nodePath: parseDigests(members.get('nodePath'), 'nodePath'),
  };
  require_(proof.slot < 2 ** SUPER_TREE_DEPTH && proof.superPath.length === SUPER_TREE_DEPTH, 'anchor');
  return proof;
}

/** Follows a proof from a log's head through the super-tree and the node's log to the node's checkpoint. */
function followAnchorProof(proof, head, node) {
  let hash = hashLeaf(proof.nonce, sha256(utf8(head.text)));
  proof.superPath.forEach((sibling, level) => {
    hash = proof.slot >> level & 1 ? hashNode(sibling, hash) : hashNode(hash, sibling);
  });
  require_(sameBytes(hash, proof.superRoot), 'superPath');
  const leaf = hashLeaf(ANCHOR_HEAD, uint64(proof.index), uint64(proof.time), proof.superRoot, proof.entries);
  require_(sameBytes(rootOfInclusion(proof.index, node.size, leaf, proof.nodePath), node.root), 'nodePath');
}

/** Says whether a signature is good, or null where the browser has no Ed25519. */
async function verifyEd25519(key, text, signature) {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    return null;
  }
  let imported;
  try {
    imported = await subtle.importKey('raw', key.bytes, {name: 'Ed25519'}, false, ['verify']);
  } catch {
    return null;
  }
  return subtle.verify({name: 'Ed25519'}, imported, signature, utf8(text));
}
