'use strict';

// Commitments by fields (docs/formats/record.md, Pieces): a line cut into pieces, each under a salt of its own.

const OPENED_MAX = 100;
const PIECES_MAX = 510;
const PIECE_SALT_BYTES = 16;
const PIECE_LABEL = utf8('evault-piece-v1');
const FIELDS_LABEL = utf8('evault-fields-v1');
const PIECE_SALTS_INFO = utf8('evidence-vault/piece-salts/v1');
const ALWAYS_SHOWN = new Set(['v', 'seq', 'recordedAt', 'type', 'id', 'tenant', 'occurredAt', 'outcome']);
const ALWAYS_SHOWN_OF_ACTOR = new Set(['side', 'privileged']);
const ZERO = Uint8Array.of(0);
const BYTE = Object.fromEntries([...'"\\{}[],: \t\n\r'].map((c) => [c, c.charCodeAt(0)]));
const SPACES = new Set([BYTE[' '], BYTE['\t'], BYTE['\n'], BYTE['\r']]);
const SCALAR_ENDS = new Set([...SPACES, BYTE[','], BYTE['}'], BYTE[']']]);
const PIECE_TEXT = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

/** HMAC-SHA-256 (RFC 2104) under a key of 32 bytes. */
function hmac(key, ...parts) {
  const pad = (byte) => concat(key, new Uint8Array(32)).map((k) => k ^ byte);
  const inner = sha256(pad(0x36), ...parts);
  return sha256(pad(0x5c), inner);
}

/** A line and where the values in it are that are pieces. Piece 0 is the skeleton. */
class LineFields {
  constructor(bytes) {
    require_(!bytes.includes(0), 'pieces');
    this.bytes = bytes;
    this.values = [];
    this.expect(this.space(0), '{');
    const end = this.members(this.space(0), (name, at) => this.member(name, at));
    require_(this.space(end) === bytes.length, 'pieces');
  }

  get count() {
    return 1 + this.values.length;
  }

  space(begin) {
    let at = begin;
    while (SPACES.has(this.bytes[at])) {
      at++;
    }
    return at;
  }

  expect(at, character) {
    require_(this.bytes[at] === BYTE[character], 'pieces');
    return at + 1;
  }

  /** Calls back with name and place of each member of an object, or index and place of each entry of an array. */
  members(begin, take) {
    const named = this.bytes[begin] === BYTE['{'];
    const close = BYTE[named ? '}' : ']'];
    let at = this.space(this.expect(begin, named ? '{' : '['));
    for (let index = 0; index > 0 || this.bytes[at] !== close; index++) {
      let name = index;
      if (named) {
        const end = this.endOfString(at);
        name = this.bytes.subarray(at, end);
        at = this.space(this.expect(this.space(end), ':'));
      }
      at = this.space(take(name, at));
      if (this.bytes[at] === close) {
        break;
      }
      at = this.space(this.expect(at, ','));
    }
    return at + 1;
  }

  endOfString(begin) {
    let at = this.expect(begin, '"');
    while (this.bytes[at] !== BYTE['"']) {
      require_(at < this.bytes.length, 'pieces');
      at += this.bytes[at] === BYTE['\\'] ? 2 : 1;
    }
    return at + 1;
  }

  endOfValue(begin) {
    if (this.bytes[begin] === BYTE['"']) {
      return this.endOfString(begin);
    }
    let at = begin;
    if (!this.isOpening(begin)) {
      while (at < this.bytes.length && !SCALAR_ENDS.has(this.bytes[at])) {
        at++;
      }
      require_(at > begin, 'pieces');
      return at;
    }
    let depth = 0;
    do {
      require_(at < this.bytes.length, 'pieces');
      const byte = this.bytes[at];
      if (byte === BYTE['"']) {
        at = this.endOfString(at);
      } else {
        depth += this.isOpening(at) ? 1 : byte === BYTE['}'] || byte === BYTE[']'] ? -1 : 0;
        at++;
      }
    } while (depth > 0);
    return at;
  }

  isOpening(at) {
    return this.bytes[at] === BYTE['{'] || this.bytes[at] === BYTE['['];
  }

  /** Takes a member of the line: it is a piece, or its entries are, or it is always shown. */
  member(name, at) {
    const end = this.endOfValue(at);
    const raw = PIECE_TEXT.decode(name.subarray(1, -1));
    if (ALWAYS_SHOWN.has(raw)) {
      return end;
    }
    let entries = [];
    if (this.isOpening(at)) {
      this.members(at, (inner, begin) => {
        const innerEnd = this.endOfValue(begin);
        entries.push({begin, end: innerEnd, names: [name, inner]});
        return innerEnd;
      });
    }
    if (entries.length < 1 || entries.length > OPENED_MAX) {
      entries = [{begin: at, end, names: [name]}];
    } else if (raw === 'actor' && this.bytes[at] === BYTE['{']) {
      entries = entries.filter(({names}) => !ALWAYS_SHOWN_OF_ACTOR.has(PIECE_TEXT.decode(names[1].subarray(1, -1))));
    }
    this.values.push(...entries);
    require_(this.values.length < PIECES_MAX, 'pieces');
    return end;
  }

  /** Returns the path of a piece but the skeleton: names as they are read, indexes as digits. */
  path(piece) {
    return this.values[piece - 1].names.map((name) => typeof name === 'number' ? String(name)
      : parseJson(PIECE_TEXT.decode(name)));
  }

  piece(piece) {
    if (piece > 0) {
      const {begin, end} = this.values[piece - 1];
      return this.bytes.subarray(begin, end);
    }
    const parts = [];
    let at = 0;
    for (const {begin, end} of this.values) {
      parts.push(this.bytes.subarray(at, begin), ZERO);
      at = end;
    }
    return concat(...parts, this.bytes.subarray(at));
  }

  /** Says whether a value holds others that are no pieces by themselves. */
  isUnopened(piece) {
    const {begin, end} = this.values[piece - 1];
    return this.isOpening(begin) && this.space(begin + 1) < end - 1;
  }
}

/** HKDF-Expand (RFC 5869 section 2.3) of a record's salt. */
function pieceSalts(salt, count) {
  const salts = [];
  let block = new Uint8Array(0);
  for (let round = 1; salts.length < count; round++) {
    block = hmac(salt, block, PIECE_SALTS_INFO, Uint8Array.of(round));
    salts.push(block.slice(0, PIECE_SALT_BYTES), block.slice(PIECE_SALT_BYTES));
  }
  return salts.slice(0, count);
}

/** Returns the commitment that a line opens with what its leaf shows: the record's salt, or salts and digests of pieces. */
function openedCommitment(header, {salt, fields}, bytes) {
  if (!header.byFields) {
    return commitment(fromHex(salt), bytes);
  }
  const line = new LineFields(bytes);
  const openings = fields === null ? pieceSalts(fromHex(salt), line.count) : fields.map(fromHex);
  require_(openings.length === line.count, 'pieces');
  const digests = openings.map((opening, i) => opening.length === PIECE_SALT_BYTES
    ? sha256(PIECE_LABEL, opening, line.piece(i)) : opening);
  return sha256(FIELDS_LABEL, uint64(digests.length).subarray(4), ...digests);
}
