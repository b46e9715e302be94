'use strict';

// SHA-256 (FIPS 180-4), synchronous: a report hashes many small inputs, and one call of the browser's own for each of
// them would take longer than the hashing.

const SHA256_K = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2]);

const SHA256_START = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]);

const SHA256_BLOCK = 64;

/** A hash that is being computed: update() with bytes, any number of times, then digest() once. */
class Sha256 {
  constructor() {
    this.state = Int32Array.from(SHA256_START);
    this.schedule = new Int32Array(64);
    this.buffer = new Uint8Array(SHA256_BLOCK);
    this.reset();
  }

  reset() {
    this.state.set(SHA256_START);
    this.buffered = 0;
    this.length = 0;
    return this;
  }

  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.buffered > 0) {
      at = Math.min(SHA256_BLOCK - this.buffered, bytes.length);
      this.buffer.set(bytes.subarray(0, at), this.buffered);
      this.buffered += at;
      if (this.buffered < SHA256_BLOCK) {
        return this;
      }
      this.compress(this.buffer, 0);
      this.buffered = 0;
    }
    for (; at + SHA256_BLOCK <= bytes.length; at += SHA256_BLOCK) {
      this.compress(bytes, at);
    }
    this.buffer.set(bytes.subarray(at));
    this.buffered = bytes.length - at;
    return this;
  }

  /** Returns the 32 bytes of the hash. */
  digest() {
    const bits = this.length * 8;
    this.buffer[this.buffered++] = 0x80;
    if (this.buffered > SHA256_BLOCK - 8) {
      this.buffer.fill(0, this.buffered);
      this.compress(this.buffer, 0);
      this.buffered = 0;
    }
    this.buffer.fill(0, this.buffered);
    const view = new DataView(this.buffer.buffer);
    view.setUint32(SHA256_BLOCK - 8, Math.floor(bits / 0x100000000));
    view.setUint32(SHA256_BLOCK - 4, bits >>> 0);
    this.compress(this.buffer, 0);
    const result = new Uint8Array(32);
    const out = new DataView(result.buffer);
    for (let i = 0; i < 8; i++) {
      out.setInt32(4 * i, this.state[i]);
    }
    return result;
  }

  /** FIPS 180-4 section 6.2.2, for one block. */
  compress(bytes, offset) {
    const w = this.schedule;
    for (let i = 0, at = offset; i < 16; i++, at += 4) {
      w[i] = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
      const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    const state = this.state;
    let a = state[0] | 0;
    let b = state[1] | 0;
    let c = state[2] | 0;
    let d = state[3] | 0;
    let e = state[4] | 0;
    let f = state[5] | 0;
    let g = state[6] | 0;
    let h = state[7] | 0;
    for (let i = 0; i < 64; i++) {
      const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
      const t1 = h + s1 + (e & f ^ ~e & g) + SHA256_K[i] + w[i] | 0;
      const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
      const t2 = s0 + (a & b ^ a & c ^ b & c) | 0;
      h = g;
      g = f;
      f = e;
      e = d + t1 | 0;
      d = c;
      c = b;
      b = a;
      a = t1 + t2 | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

const SHARED_SHA256 = new Sha256();

/** Returns the hash of the bytes of all parts, one after the other. */
function sha256(...parts) {
  SHARED_SHA256.reset();
  for (const part of parts) {
    SHARED_SHA256.update(part);
  }
  return SHARED_SHA256.digest();
}
