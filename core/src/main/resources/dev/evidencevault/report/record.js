'use strict';

// Records and their leaves (docs/formats/record.md). Times are nanoseconds since 1970, as BigInt.

const EVENT = 1;
const SEAL = 2;
const GAP = 3;
const CHANGE = 4;
const KINDS = new Map([['event', EVENT], ['seal', SEAL], ['gap', GAP], ['change', CHANGE]]);
const NO_TAG = '0'.repeat(32);
const NOTICES_TAG = NO_TAG;
const PRIVILEGED_TAG = '0'.repeat(31) + '1';
const RECORD_LABEL = utf8('evault-record-v1');
const TIME_MIN = -9223372036000000000n;
const TIME_MAX = 9223372036854775807n;
const INT64_MAX = 9223372036854775807n;
const TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\.(\d{9})Z$/;
const LOOSE_TIME =
  /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i;
const ZONE_MINUTES_MAX = 18 * 60;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const SEAL_BYTES_MAX = 4096;
const INDEX_ENTRIES_MAX = 262144;
const EVENT_MEMBERS = new Set([
  'v', 'seq', 'recordedAt', 'type', 'id', 'tenant', 'service', 'occurredAt', 'action', 'outcome', 'reason', 'actor',
  'privilege', 'targets', 'source', 'sharedEventId', 'assumed', 'details', 'original']);
const HEAD_MEMBERS = ['v', 'seq', 'recordedAt', 'type'];
const GAP_MEMBERS = ['from', 'to', 'rate', 'bytes', 'queue'];
const CHANGES = new Set(['settings', 'policy', 'rotation', 'restore', 'clock', 'hold', 'shred', 'case', 'deposit', 'place']);
const SEAL_MEMBERS = [
  'segment', 'firstSeq', 'events', 'occurredFrom', 'occurredTo', 'fileHeader', 'blocks', 'tree', 'actors', 'tagKey',
  'keys'];
const SEAL_OPTIONAL = ['notices', 'previousSeal', 'searchIndex'];

/** Returns the time of a date and a time of day in UTC, to the second, and nanoseconds. */
function timeOf(seconds, nanos) {
  const millis = Date.parse(seconds + 'Z');
  require_(!Number.isNaN(millis) && new Date(millis).toISOString().startsWith(seconds), 'time', seconds);
  return BigInt(millis / 1000) * 1000000000n + BigInt(nanos);
}

function requireTimeInRange(time) {
  require_(time >= TIME_MIN && time <= TIME_MAX, 'time', time);
  return time;
}

/** Returns the time that a text in the one spelling says. */
function parseTime(text) {
  const match = typeof text === 'string' ? TIME.exec(text) : null;
  require_(match !== null, 'time', text);
  return requireTimeInRange(timeOf(match[1], match[2]));
}

/** Returns the time that a text in an order says: RFC 3339 with a zone, or a date. */
function parseLooseTime(text) {
  if (DATE.test(text)) {
    return requireTimeInRange(timeOf(text + 'T00:00:00', 0));
  }
  const match = LOOSE_TIME.exec(text);
  require_(match !== null, 'time', text);
  const [, minutes, seconds = '00', fraction = '', sign, zoneHours = '0', zoneMinutes = '0'] = match;
  const zone = 60 * Number(zoneHours) + Number(zoneMinutes);
  require_(zone <= ZONE_MINUTES_MAX, 'time', text);
  const ahead = BigInt(zone) * 60000000000n;
  const time = timeOf(minutes.toUpperCase() + ':' + seconds, fraction.padEnd(9, '0'));
  return requireTimeInRange(sign === '+' ? time - ahead : time + ahead);
}

function commitment(salt, line) {
  return sha256(RECORD_LABEL, salt, line);
}

function int64(hex, offset) {
  return BigInt.asIntN(64, BigInt('0x' + hex.slice(2 * offset, 2 * offset + 16)));
}

/** Returns a count of 8 bytes as a number. */
function count64(hex, offset) {
  const value = parseInt(hex.slice(2 * offset, 2 * offset + 16), 16);
  require_(Number.isSafeInteger(value), 'header');
  return value;
}

/** Parses the hexadecimal digits of a leaf header. Tags, the log's id and the commitment stay digits. */
function parseHeader(hex) {
  const actors = hexDigit(hex.charCodeAt(7));
  require_(hex.length >= 184 && hex.startsWith('0', 6) && actors <= 2 && hex.length === 184 + 48 * actors, 'header');
  const kind = parseInt(hex.slice(2, 4), 16);
  const flags = parseInt(hex.slice(4, 6), 16);
  require_(hex.startsWith('01') && kind >= EVENT && kind <= CHANGE && flags <= 3, 'header');
  require_(flags < 2 || kind === EVENT, 'header');
  const header = {
    kind,
    privileged: (flags & 1) !== 0,
    byFields: (flags & 2) !== 0,
    logId: hex.slice(8, 40),
    seq: count64(hex, 20),
    recordedAt: int64(hex, 28),
    occurredAt: int64(hex, 36),
    service: hex.slice(88, 120),
    actors: [],
    commitment: hex.slice(-64),
  };
  for (let i = 0; i < actors; i++) {
    header.actors.push({tag: hex.slice(120 + 48 * i, 152 + 48 * i), count: count64(hex, 76 + 24 * i)});
  }
  require_(header.service !== PRIVILEGED_TAG, 'header');
  require_(header.actors.every(({tag}) => tag !== NO_TAG && tag !== PRIVILEGED_TAG), 'header');
  require_(actors < 2 || header.actors[0].tag !== header.actors[1].tag, 'header');
  const notice = kind === GAP || kind === CHANGE;
  require_(!notice || actors === 0 && !header.privileged && header.service === NO_TAG, 'header');
  return header;
}

/** Reads what every record begins with. */
function parseHead(text) {
  const members = parseJsonObject(text);
  const kind = KINDS.get(members.get('type'));
  require_(members.get('v') === 1n && kind !== undefined, 'record');
  return {
    members,
    kind,
    seq: requireCount(members.get('seq'), 'seq'),
    recordedAt: parseTime(members.get('recordedAt')),
  };
}

/** Parses the line of an event, a gap or a change. */
function parseRecord(text) {
  const record = parseHead(text);
  require_(record.kind !== SEAL, 'record');
  const members = record.members;
  record.tenant = requireText(members.get('tenant'), 'tenant');
  record.occurredAt = parseTime(members.get('occurredAt'));
  record.service = null;
  record.actors = [];
  record.privileged = false;
  record.original = null;
  if (record.kind === EVENT) {
    readEvent(record, members);
  } else {
    const name = record.kind === GAP ? 'gap' : 'change';
    require_(members.size === 7 && members.get(name) instanceof Map, 'record');
    (record.kind === GAP ? requireGap : requireChange)(record, members.get(name));
  }
  return record;
}

function readEvent(record, members) {
  for (const name of members.keys()) {
    require_(EVENT_MEMBERS.has(name), 'record');
  }
  for (const name of ['id', 'action', 'outcome']) {
    requireText(members.get(name), name);
  }
  if (members.has('service')) {
    record.service = requireText(members.get('service'), 'service');
  }
  if (members.has('original')) {
    record.original = requireText(members.get('original'), 'original');
  }
  if (members.has('actor')) {
    readActor(record, members.get('actor'));
  }
}

function readActor(record, actor) {
  require_(actor instanceof Map, 'record');
  record.actors.push(requireText(actor.get('id'), 'actor.id'));
  if (actor.has('onBehalfOf')) {
    record.actors.push(requireText(actor.get('onBehalfOf'), 'actor.onBehalfOf'));
  }
  record.privileged = actor.get('privileged') ?? false;
  require_(typeof record.privileged === 'boolean', 'record');
}

function requireGap(record, gap) {
  require_(gap.size === GAP_MEMBERS.length && GAP_MEMBERS.every((name) => gap.has(name)), 'record');
  const counts = ['rate', 'bytes', 'queue'].map((name) => gap.get(name));
  require_(counts.every((count) => typeof count === 'bigint' && count >= 0n), 'record');
  const lost = counts.reduce((sum, count) => sum + count, 0n);
  const from = parseTime(gap.get('from'));
  require_(lost >= 1n && lost <= INT64_MAX && parseTime(gap.get('to')) >= from && record.occurredAt === from, 'record');
}

function requireChange(record, change) {
  require_(change.size > 1 && CHANGES.has(change.get('what')), 'record');
  for (const [name, text] of change) {
    require_(['what', 'before', 'after', 'reason'].includes(name), 'record');
    const length = requireText(text, name).length;
    require_(length >= 1 && length <= 8192, 'record');
  }
}

/** Parses the line of a seal. Digests stay digits. */
function parseSeal(text) {
  require_(utf8(text).length <= SEAL_BYTES_MAX, 'seal');
  const {members, kind, seq, recordedAt} = parseHead(text);
  const seal = members.get('seal');
  require_(kind === SEAL && members.size === HEAD_MEMBERS.length + 1 && seal instanceof Map, 'seal');
  const known = [...SEAL_MEMBERS, ...SEAL_OPTIONAL];
  require_(SEAL_MEMBERS.every((name) => seal.has(name)) && [...seal.keys()].every((n) => known.includes(n)), 'seal');
  for (const name of ['fileHeader', 'blocks', 'keys', 'searchIndex', 'previousSeal', 'tree']) {
    if (seal.has(name)) {
      parseHex(seal.get(name), 32, name);
    }
  }
  parseHex(seal.get('tagKey'), 33, 'tagKey');
  const actors = seal.get('actors');
  requireMembers(actors, ['size', 'root']);
  parseHex(actors.get('root'), 32, 'actors');
  const result = {
    seq,
    recordedAt,
    segment: requireCount(seal.get('segment'), 'segment'),
    firstSeq: requireCount(seal.get('firstSeq'), 'firstSeq'),
    events: requireCount(seal.get('events'), 'events'),
    notices: seal.has('notices') ? requireCount(seal.get('notices'), 'notices') : 0,
    occurredFrom: parseTime(seal.get('occurredFrom')),
    occurredTo: parseTime(seal.get('occurredTo')),
    previousSeal: seal.get('previousSeal') ?? null,
    tree: seal.get('tree'),
    indexSize: requireCount(actors.get('size'), 'size'),
    indexRoot: actors.get('root'),
    tagKey: seal.get('tagKey'),
  };
  require_(!seal.has('notices') || result.notices > 0, 'seal');
  require_(result.occurredTo >= result.occurredFrom && result.indexSize <= INDEX_ENTRIES_MAX, 'seal');
  return result;
}

/** Returns the leaf header of a seal, which follows from its line and salt. */
function sealHeader(logId, seal, salt, line) {
  const start = Uint8Array.of(1, SEAL, 0, 0);
  const times = [uint64(seal.seq), uint64(seal.recordedAt), uint64(seal.recordedAt)];
  return concat(start, fromHex(logId), ...times, fromHex(NO_TAG), commitment(salt, line));
}
