'use strict';

// Signed notes, checkpoints and keys (C2SP signed-note and tlog-checkpoint), and the way from a log's head to the node's
// checkpoint (docs/formats/anchor.md, Proof).

const ED25519 = 1;
const ECDSA_P384 = 2;
const ML_DSA_44 = 6;
const KEY_BYTES = new Map([[ED25519, 32], [ECDSA_P384, 120], [ML_DSA_44, 1312]]);
const P384_ORDER =
  0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;
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
  const hashed = material[0] === ECDSA_P384 ? [material.subarray(1)] : [utf8(name + '\n'), material];
  require_(toHex(sha256(...hashed).subarray(0, 4)) === id, 'key');
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

/** Says whether a signature over a text is good, or null where the browser cannot tell. */
async function verifySignature(key, text, signature) {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    return null;
  }
  return key.type === ECDSA_P384 ? verifyP384(subtle, key, text, signature) : verifyEd25519(subtle, key, text, signature);
}

async function verifyEd25519(subtle, key, text, signature) {
  let imported;
  try {
    imported = await subtle.importKey('raw', key.bytes, {name: 'Ed25519'}, false, ['verify']);
  } catch {
    return null;
  }
  return subtle.verify({name: 'Ed25519'}, imported, signature, utf8(text));
}

/** ECDSA with SHA-256 over P-384 (docs/formats/vault.md, Suites). */
async function verifyP384(subtle, key, text, signature) {
  const values = p384Values(signature);
  if (values === null) {
    return false;
  }
  try {
    const imported = await subtle.importKey('spki', key.bytes, {name: 'ECDSA', namedCurve: 'P-384'}, false, ['verify']);
    return await subtle.verify({name: 'ECDSA', hash: 'SHA-256'}, imported, values, utf8(text));
  } catch {
    return false;
  }
}

/** Returns r and s, 48 bytes each, of a signature in its one spelling: DER, and the smaller s. Null if it is another. */
function p384Values(signature) {
  const hex = toHex(signature);
  const first = Number.parseInt(hex.slice(6, 8), 16);
  const r = hex.slice(8, 8 + 2 * first);
  const s = hex.slice(12 + 2 * first);
  const spelled = derInteger(r) + derInteger(s);
  const value = (digits) => BigInt('0x' + (digits || '0'));
  const good = hex === '30' + byteHex(spelled.length / 2) + spelled
    && value(r) > 0n && value(r) < P384_ORDER && value(s) > 0n && 2n * value(s) < P384_ORDER;
  return good ? fromHex(value(r).toString(16).padStart(96, '0') + value(s).toString(16).padStart(96, '0')) : null;
}

/** Returns the DER of a value that is given as its digits, if these are those of a number from 0 in the fewest bytes. */
function derInteger(digits) {
  const number = BigInt('0x' + (digits || '0')).toString(16);
  const even = number.length % 2 === 0 ? number : '0' + number;
  const content = Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? '00' + even : even;
  return '02' + byteHex(content.length / 2) + content;
}

function byteHex(value) {
  return value.toString(16).padStart(2, '0');
}
