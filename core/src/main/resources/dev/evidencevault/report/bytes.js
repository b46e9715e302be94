'use strict';

// Bytes and their spellings, and the refusal of what is not as the formats say.

/** Thrown where bytes are not what the formats allow: a code, which messages explain, and what goes into the message. */
class Refused extends Error {
  constructor(code, ...values) {
    super(code + (values.length > 0 ? ' ' + values.join(' ') : ''));
    this.code = code;
    this.values = values.map(String);
  }
}

function require_(condition, code, ...values) {
  if (!condition) {
    throw new Refused(code, ...values);
  }
}

const UTF8_ENCODER = new TextEncoder();

function utf8(text) {
  return UTF8_ENCODER.encode(text);
}

const HEX_DIGITS = Array.from({length: 256}, (_, i) => i.toString(16).padStart(2, '0'));

function toHex(bytes) {
  let text = '';
  for (const byte of bytes) {
    text += HEX_DIGITS[byte];
  }
  return text;
}

function hexDigit(code) {
  return code <= 57 ? code - 48 : code - 87;
}

/** Returns the bytes of lower-case hexadecimal digits that were looked at before. */
function fromHex(text) {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = hexDigit(text.charCodeAt(2 * i)) << 4 | hexDigit(text.charCodeAt(2 * i + 1));
  }
  return bytes;
}

/** Returns the bytes of so many pairs of lower-case hexadecimal digits. */
function parseHex(text, bytes, what) {
  require_(typeof text === 'string' && text.length === 2 * bytes && /^[0-9a-f]*$/.test(text), 'form', what);
  return fromHex(text);
}

/** Returns the bytes of base64 with padding (RFC 4648 section 4), in the one spelling. */
function parseBase64(text, what) {
  require_(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text), 'form', what);
  const binary = atob(text);
  require_(btoa(binary) === text, 'form', what);
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

function sameBytes(a, b) {
  if (a.length !== b.length) {
    return false;
  }
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) {
      return false;
    }
  }
  return true;
}

function concat(...parts) {
  const result = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Returns an integer from 0 as 8 bytes, big-endian. */
function uint64(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value));
  return bytes;
}
