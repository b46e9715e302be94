'use strict';

// That a name has its pseudonym (docs/formats/record.md, Tags): ECVRF-P256-SHA256-TAI, RFC 9381. Points of P-256 are
// Jacobian, {x, y, z}; z is 0 at infinity. Nothing here is secret, so nothing takes constant time.

const P256_P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const P256_Q = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P256_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const P256_BASE = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  z: 1n,
};
const P256_INFINITY = {x: 1n, y: 1n, z: 0n};
const VRF_SUITE = 1;
const VRF_CHALLENGE_BYTES = 16;

function modP(value) {
  const rest = value % P256_P;
  return rest < 0n ? rest + P256_P : rest;
}

function powerModP(base, exponent) {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) {
      result = modP(result * square);
    }
    square = modP(square * square);
  }
  return result;
}

function integerOf(bytes) {
  return bytes.length === 0 ? 0n : BigInt('0x' + toHex(bytes));
}

function bytesOf(integer) {
  return fromHex(integer.toString(16).padStart(64, '0'));
}

/** Returns the point of a compressed encoding (SEC 1 section 2.3.4), or null if there is none. */
function decodePoint(bytes) {
  const x = integerOf(bytes.subarray(1));
  if (bytes.length !== 33 || bytes[0] !== 2 && bytes[0] !== 3 || x >= P256_P) {
    return null;
  }
  const square = modP(x * x * x - 3n * x + P256_B);
  const y = powerModP(square, (P256_P + 1n) / 4n);
  if (modP(y * y) !== square) {
    return null;
  }
  return {x, y: (y & 1n) === BigInt(bytes[0] & 1) ? y : modP(-y), z: 1n};
}

/** Returns the compressed encoding; of infinity, one zero byte (SEC 1 section 2.3.3). */
function encodePoint(point) {
  if (point.z === 0n) {
    return Uint8Array.of(0);
  }
  const inverse = powerModP(point.z, P256_P - 2n);
  const square = modP(inverse * inverse);
  const y = modP(point.y * square * inverse);
  return concat(Uint8Array.of(y & 1n ? 3 : 2), bytesOf(modP(point.x * square)));
}

function negatePoint(point) {
  return {x: point.x, y: modP(-point.y), z: point.z};
}

function doublePoint({x, y, z}) {
  if (z === 0n) {
    return P256_INFINITY;
  }
  const yy = modP(y * y);
  const zz = modP(z * z);
  const s = modP(4n * x * yy);
  const m = modP(3n * (x - zz) * (x + zz));
  const x2 = modP(m * m - 2n * s);
  return {x: x2, y: modP(m * (s - x2) - 8n * yy * yy), z: modP(2n * y * z)};
}

function addPoints(a, b) {
  if (a.z === 0n || b.z === 0n) {
    return a.z === 0n ? b : a;
  }
  const za = modP(a.z * a.z);
  const zb = modP(b.z * b.z);
  const u = modP(a.x * zb);
  const s = modP(a.y * b.z * zb);
  const h = modP(b.x * za - u);
  const r = modP(b.y * a.z * za - s);
  if (h === 0n) {
    return r === 0n ? doublePoint(a) : P256_INFINITY;
  }
  const hh = modP(h * h);
  const hhh = modP(h * hh);
  const v = modP(u * hh);
  const x = modP(r * r - hhh - 2n * v);
  return {x, y: modP(r * (v - x) - s * hhh), z: modP(a.z * b.z * h)};
}

/** Returns a·P + b·Q, bit by bit from the top. */
function multiplyTwo(a, p, b, q) {
  const both = addPoints(p, q);
  let result = P256_INFINITY;
  for (let bit = 255n; bit >= 0n; bit--) {
    result = doublePoint(result);
    const inA = a >> bit & 1n;
    const inB = b >> bit & 1n;
    if (inA || inB) {
      result = addPoints(result, inA && inB ? both : inA ? p : q);
    }
  }
  return result;
}

/** RFC 9381 section 5.4.1.1: try, and increment. */
function hashToPoint(key, alpha) {
  for (let counter = 0; counter < 256; counter++) {
    const hash = sha256(Uint8Array.of(VRF_SUITE, 1), key, alpha, Uint8Array.of(counter, 0));
    const point = decodePoint(concat(Uint8Array.of(2), hash));
    if (point !== null) {
      return point;
    }
  }
  throw new Refused('pseudonym');
}

/** Returns the value of the function that a proof proves (RFC 9381 section 5.3), or null if it proves none. */
function verifyVrf(key, alpha, proof) {
  const y = decodePoint(key);
  const gamma = decodePoint(proof.subarray(0, 33));
  const challenge = proof.subarray(33, 33 + VRF_CHALLENGE_BYTES);
  const s = integerOf(proof.subarray(33 + VRF_CHALLENGE_BYTES));
  if (y === null || gamma === null || s >= P256_Q) {
    return null;
  }
  const c = integerOf(challenge);
  const h = hashToPoint(key, alpha);
  const u = multiplyTwo(s, P256_BASE, c, negatePoint(y));
  const v = multiplyTwo(s, h, c, negatePoint(gamma));
  const points = [y, h, gamma, u, v].map(encodePoint);
  const expected = sha256(Uint8Array.of(VRF_SUITE, 2), ...points, Uint8Array.of(0));
  if (!sameBytes(challenge, expected.subarray(0, VRF_CHALLENGE_BYTES))) {
    return null;
  }
  return sha256(Uint8Array.of(VRF_SUITE, 3), points[2], Uint8Array.of(0));
}

/** Says whether a name has a tag, as a proof says: label is that of its kind, key, tag and proof are digits. */
function isProvenTag(key, label, name, tag, proof) {
  const value = verifyVrf(fromHex(key), utf8(label + '\0' + name), fromHex(proof));
  return value !== null && toHex(value.subarray(0, 16)) === tag;
}
