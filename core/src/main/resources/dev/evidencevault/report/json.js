'use strict';

// JSON as the formats want it read (docs/formats/README.md, Conventions): no name twice, nothing after the value, bounds.
// Objects become maps, so that no name can mean anything to the language, and their order is kept; integers become BigInt.

const JSON_DEPTH_MAX = 200;
const JSON_NAME_CHARS_MAX = 50000;
const JSON_NUMBER_DIGITS_MAX = 1000;
const JSON_PARTS_MAX = 4194304;
const JSON_SCALE_MAX = 2147483647n;
const JSON_NUMBER = /-?(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?)([0-9]+))?/y;
const JSON_WORDS = new Map([['true', true], ['false', false], ['null', null]]);

class JsonReader {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.parts = 0;
  }

  /** Counts a bracket, a member name or a scalar. */
  part() {
    require_(++this.parts <= JSON_PARTS_MAX, 'json');
  }

  whole() {
    this.space();
    const value = this.value(0);
    require_(this.at === this.text.length, 'json');
    return value;
  }

  space() {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) {
        return;
      }
      this.at++;
    }
  }

  /** Takes a character if it is the next, and the space behind it. */
  takes(character) {
    if (this.text[this.at] !== character) {
      return false;
    }
    this.at++;
    this.space();
    return true;
  }

  /** Reads a value and the space behind it. */
  value(depth) {
    const c = this.text[this.at];
    let value;
    this.part();
    if (c === '"') {
      value = this.string();
    } else if (c === '{') {
      return this.object(depth + 1);
    } else if (c === '[') {
      return this.array(depth + 1);
    } else if (c === '-' || c >= '0' && c <= '9') {
      value = this.number();
    } else {
      value = this.word();
    }
    this.space();
    return value;
  }

  object(depth) {
    require_(depth <= JSON_DEPTH_MAX, 'json');
    this.takes('{');
    const members = new Map();
    this.part(); // the bracket at the end
    if (this.takes('}')) {
      return members;
    }
    do {
      require_(this.text[this.at] === '"', 'json');
      const name = this.string();
      this.part();
      require_(name.length <= JSON_NAME_CHARS_MAX && name.isWellFormed() && !members.has(name), 'json');
      this.space();
      require_(this.takes(':'), 'json');
      members.set(name, this.value(depth));
    } while (this.takes(','));
    require_(this.takes('}'), 'json');
    return members;
  }

  array(depth) {
    require_(depth <= JSON_DEPTH_MAX, 'json');
    this.takes('[');
    const values = [];
    this.part(); // the bracket at the end
    if (this.takes(']')) {
      return values;
    }
    do {
      values.push(this.value(depth));
    } while (this.takes(','));
    require_(this.takes(']'), 'json');
    return values;
  }

  string() {
    const start = this.at + 1;
    let escaped = false;
    let i = start;
    for (let c = this.text.charCodeAt(i); c !== 0x22; c = this.text.charCodeAt(i)) {
      // At the end of the text, c is no number and the comparison is false.
      require_(c >= 0x20, 'json');
      if (c === 0x5c) {
        escaped = true;
        i++;
      }
      i++;
    }
    this.at = i + 1;
    return escaped ? this.unescaped(start - 1, i + 1) : this.text.slice(start, i);
  }

  unescaped(from, to) {
    try {
      return JSON.parse(this.text.slice(from, to));
    } catch {
      throw new Refused('json');
    }
  }

  number() {
    JSON_NUMBER.lastIndex = this.at;
    const match = JSON_NUMBER.exec(this.text);
    require_(match !== null, 'json');
    const [all, whole, fraction, sign, exponent] = match;
    this.at += all.length;
    if (fraction === undefined && exponent === undefined) {
      require_(whole.length <= JSON_NUMBER_DIGITS_MAX, 'json');
      return BigInt(all);
    }
    const digits = whole.length + (fraction ?? '').length + (exponent ?? '').length;
    require_(digits <= JSON_NUMBER_DIGITS_MAX, 'json');
    const power = BigInt(exponent ?? 0);
    const scale = BigInt((fraction ?? '').length) - (sign === '-' ? -power : power);
    require_(scale >= -JSON_SCALE_MAX - 1n && scale <= JSON_SCALE_MAX, 'json');
    return Number(all);
  }

  word() {
    for (const [word, value] of JSON_WORDS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    throw new Refused('json');
  }
}

function parseJson(text) {
  return new JsonReader(text).whole();
}

/** Returns the members of exactly one JSON object. */
function parseJsonObject(text) {
  const value = parseJson(text);
  require_(value instanceof Map, 'json');
  return value;
}

const JSON_ESCAPES = new Map([
  ['"', '\\"'], ['\\', '\\\\'], ['\b', '\\b'], ['\t', '\\t'], ['\n', '\\n'], ['\f', '\\f'], ['\r', '\\r']]);

function spellJsonString(text) {
  // eslint-disable-next-line no-control-regex
  return '"' + text.replace(/["\\\u0000-\u001f]/g, (c) =>
    JSON_ESCAPES.get(c) ?? '\\u' + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')) + '"';
}

/** Returns the one spelling of a value: no space, members as they stand. */
function spellJson(value) {
  if (typeof value === 'string') {
    return spellJsonString(value);
  }
  if (Array.isArray(value)) {
    return '[' + value.map(spellJson).join(',') + ']';
  }
  if (value instanceof Map) {
    return '{' + Array.from(value, ([name, member]) => spellJsonString(name) + ':' + spellJson(member)).join(',') + '}';
  }
  require_(typeof value !== 'number', 'spelling');
  return String(value);
}

/** Returns the members of a text in the one spelling: these, in this order, and perhaps those that are optional. */
function parseSpelled(text, names, optional = []) {
  const members = parseJsonObject(text);
  requireMembers(members, names, optional);
  require_(spellJson(members) === text, 'spelling');
  return members;
}

/** Requires exactly these members, in this order. */
function requireMembers(value, names, optional = []) {
  require_(value instanceof Map, 'form', names[0]);
  const expected = names.filter((name) => !optional.includes(name) || value.has(name));
  const found = Array.from(value.keys());
  require_(found.length === expected.length && found.every((name, i) => name === expected[i]), 'members');
}

function requireText(value, what) {
  require_(typeof value === 'string' && value.isWellFormed(), 'form', what);
  return value;
}

/** Returns a count as a number; beyond 2^53 this page cannot count. */
function requireCount(value, what) {
  require_(typeof value === 'bigint' && value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER), 'form', what);
  return Number(value);
}
