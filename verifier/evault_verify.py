#!/usr/bin/env python3
"""The second verifier of Evidence Vault.

Checks an evidence bundle or a case file offline. Written from docs/formats/*.md and the public
specifications they name (C2SP signed-note, tlog-checkpoint and tlog-cosignature,
RFC 6962, RFC 8032, RFC 9381, FIPS 204), without the Java code. Section names in the
comments are those of docs/formats/bundle.md unless another document is named.

Needs Python 3.9 or later and nothing else. It opens no connection, writes no
file, and runs nothing.

A copy of it lies in bundles. Whoever can alter a bundle can alter that copy: what decides is one that you
have from elsewhere.
"""

import argparse
import base64
import binascii
import bisect
import collections
import datetime
import hashlib
import hmac
import io
import json
import os
import re
import stat
import struct
import sys
import unicodedata
import zlib

# ---------------------------------------------------------------------------
# Names and limits
# ---------------------------------------------------------------------------

PASSED, FAILED, INDETERMINATE = "passed", "failed", "indeterminate"
CLAIMS = ("files", "manifest", "signature", "order", "anchors", "segments", "completeness", "records")

# docs/decisions/0010-verdicts-and-exit-codes.md
EXIT_PASSED, EXIT_ERROR, EXIT_USAGE, EXIT_FAILED, EXIT_INDETERMINATE = 0, 1, 2, 3, 4

RECORDS = "data/records/000001.jsonl"
ORIGINALS = "data/originals/000001.txt"
ORDER = "custody/order.json"
EXPORT = "custody/export.json"
APPROVAL = "custody/approval.json"
REDACTION = "custody/redaction.json"
SCOPE = "proofs/scope.json"
SEGMENTS = "proofs/segments.jsonl"
LEAVES = "proofs/leaves.jsonl"
CHECKPOINT = "proofs/checkpoint.txt"
ANCHOR = "proofs/anchor.json"
NODE_CHECKPOINT = "proofs/node-checkpoint.note"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
SIGNATURE = "signature.note"
POST_QUANTUM_SIGNATURE = "signature-ml-dsa.note"
BAGIT = "bagit.txt"

ALL_FILES = frozenset((
    BAGIT, "bag-info.txt", "README.txt", MANIFEST, TAG_MANIFEST, SIGNATURE, RECORDS, ORIGINALS,
    ORDER, EXPORT, SCOPE, SEGMENTS, LEAVES, CHECKPOINT, ANCHOR, NODE_CHECKPOINT))
TIME_STAMPS = ("proofs/timestamp-1.tsr", "proofs/timestamp-2.tsr")
STREAMED_FILES = frozenset((RECORDS, ORIGINALS, SEGMENTS, LEAVES))
PAYLOAD = (ORIGINALS, RECORDS)
# Companions
PAYLOAD_COMPANIONS = ("data/views/README.txt", "data/views/ocsf.jsonl", "data/views/records.csv")
TAG_COMPANIONS = (
    "README.ja.txt", "evault_verify.py", "report.html", "verify.sh", "custody/Items.csv", "custody/Locations.csv",
    "custody/Settings.csv", "custody/Summary.csv", "custody/case.jsonld", "custody/certificate-902-13.md",
    "custody/certificate-902-14.md", "custody/certificate.ja.md", "custody/errors.csv", "custody/inventory.ja.csv",
    "custody/inventory.ja.md", "custody/nonexposure.json", "custody/tool.json", "schema/event.schema.json")
COMPANIONS = frozenset(PAYLOAD_COMPANIONS + TAG_COMPANIONS)
OPTIONAL_FILES = COMPANIONS.union(TIME_STAMPS, (POST_QUANTUM_SIGNATURE, APPROVAL, REDACTION))
BAGIT_TEXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

# Limits
MAX_BUNDLE = (1 << 32) - 1
MAX_FILES = 1000
MAX_LEAF_LINE = 40_000
MAX_SEGMENT_LINE = 16 << 20
MAX_SUBTREES = 128
MAX_RECORD_LINE = 4 << 20
MAX_ORDER = 1 << 20
MAX_OTHER_FILE = 2 << 20
MAX_TIME_STAMP = 64 << 10
# order.md, Limits: 1,000 actors and 1,000 services. A scope with more names than the order has failed already.
MAX_TAG_PROOFS = 2000
# record.md, The seal; actor-index.md, Limits; anchor.md, Limits; step 6
MAX_SEAL_LINE = 4096
MAX_INDEX_ENTRIES = 262_144
MAX_NOTE = 1 << 20
MAX_NOTE_SIGNATURES = 100
MAX_NODE_SIGNATURES = 20
# README.md, Conventions
MAX_JSON_DEPTH = 200
MAX_JSON_NAME = 50_000
MAX_JSON_NUMBER = 1000
MAX_JSON_TOKENS = 1 << 22
MAX_JSON_STRING = 64 << 20
MAX_INT64 = (1 << 63) - 1
# Limits of this program. Beyond them a claim is indeterminate, not failed.
# What is remembered of a bundle, as the library has it: pseudonyms and names, and UTF-16 code units of names.
MAX_KNOWN_NAMES = 1_000_000
MAX_NAME_UNITS = 64 << 20
MAX_FINDINGS = 200
CHUNK = 1 << 20


class Refused(Exception):
    """The bytes at hand are not what the documents allow. The text says why."""


class Failure(Exception):
    """A claim failed in a way after which the walk through the log cannot go on."""

    def __init__(self, claim, where, what, verdict=FAILED):
        super().__init__(what)
        self.claim, self.where, self.what, self.verdict = claim, where, what, verdict


def shown(value, limit=80):
    """A short ASCII form of something from the bundle, for a finding."""
    text = ascii(value)
    return text if len(text) <= limit else text[:limit] + "..."


class Report:
    """Verdicts for each claim, and what was found. The weightiest verdict counts."""

    def __init__(self):
        self.claims = dict.fromkeys(CLAIMS)
        self.findings = []
        self.left_off = 0

    def add(self, claim, verdict, where, what):
        """Record a finding. Findings beyond the limit count but are not kept."""
        weights = {None: 0, PASSED: 1, INDETERMINATE: 2, FAILED: 3}
        if weights[verdict] > weights[self.claims.get(claim)]:
            self.claims[claim] = verdict
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append({"claim": claim, "verdict": verdict, "where": where, "what": what})
        else:
            self.left_off += 1

    def fail(self, claim, where, what):
        self.add(claim, FAILED, where, what)

    def undecided(self, claim, where, what):
        self.add(claim, INDETERMINATE, where, what)

    def holds(self, claim):
        """All checks of the claim were made. Changes nothing if one of them did not hold."""
        if self.claims[claim] is None:
            self.claims[claim] = PASSED

    def failed(self, claim):
        return self.claims[claim] == FAILED

    def finish(self):
        """Mark as indeterminate what was not reached."""
        for claim in CLAIMS:
            if self.claims[claim] is None:
                self.undecided(claim, "", "not checked, since something before it did not hold")

    def verdict(self):
        """Failed if anything failed, else indeterminate if anything is, else passed."""
        for verdict in (FAILED, INDETERMINATE):
            if verdict in self.claims.values():
                return verdict
        return PASSED

    def as_json(self):
        result = {"verdict": self.verdict(), "claims": self.claims, "findings": self.findings}
        if self.left_off:
            result["findingsLeftOff"] = self.left_off
        return result


# ---------------------------------------------------------------------------
# Ed25519, RFC 8032 section 5.1
# ---------------------------------------------------------------------------

P25519 = (1 << 255) - 19
L25519 = (1 << 252) + 27742317777372353535851937790883648493
D25519 = -121665 * pow(121666, P25519 - 2, P25519) % P25519
SQRT_MINUS_1 = pow(2, (P25519 - 1) // 4, P25519)
NEUTRAL = (0, 1, 1, 0)


def ed25519_decode(encoded):
    """RFC 8032 section 5.1.3: a point from its canonical encoding, or None.

    Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
    """
    y = int.from_bytes(encoded, "little")
    sign = y >> 255
    y &= (1 << 255) - 1
    if y >= P25519:
        return None
    u = (y * y - 1) % P25519
    v = (D25519 * y * y + 1) % P25519
    x = u * pow(v, 3, P25519) * pow(u * pow(v, 7, P25519), (P25519 - 5) // 8, P25519) % P25519
    if (v * x * x - u) % P25519 != 0:
        if (v * x * x + u) % P25519 != 0:
            return None
        x = x * SQRT_MINUS_1 % P25519
    if x == 0 and sign:
        return None
    if x & 1 != sign:
        x = P25519 - x
    return x, y, 1, x * y % P25519


def ed25519_encode(point):
    """RFC 8032 section 5.1.2."""
    inverse = pow(point[2], P25519 - 2, P25519)
    x = point[0] * inverse % P25519
    y = point[1] * inverse % P25519
    return (y | (x & 1) << 255).to_bytes(32, "little")


def ed25519_add(p, q):
    """RFC 8032 section 5.1.4. The formula is complete: it serves for doubling too."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P25519
    b = (p[1] + p[0]) * (q[1] + q[0]) % P25519
    c = 2 * p[3] * q[3] * D25519 % P25519
    d = 2 * p[2] * q[2] % P25519
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P25519, g * h % P25519, f * g % P25519, e * h % P25519


ED25519_BASE = ed25519_decode((4 * pow(5, P25519 - 2, P25519) % P25519).to_bytes(32, "little"))


def ed25519_double_multiply(a, p, b, q):
    """[a]P + [b]Q, bit by bit from the top."""
    both = ed25519_add(p, q)
    result = NEUTRAL
    for bit in range(max(a.bit_length(), b.bit_length()) - 1, -1, -1):
        result = ed25519_add(result, result)
        which = (a >> bit & 1, b >> bit & 1)
        if which == (1, 1):
            result = ed25519_add(result, both)
        elif which == (1, 0):
            result = ed25519_add(result, p)
        elif which == (0, 1):
            result = ed25519_add(result, q)
    return result


def verify_ed25519(public_key, message, signature):
    """RFC 8032 section 5.1.7, without the cofactor: S < L, and the encoding of [S]B - [k]A is R.

    Comparing encodings means that R is canonical.
    """
    if len(public_key) != 32 or len(signature) != 64:
        return False
    point = ed25519_decode(public_key)
    s = int.from_bytes(signature[32:], "little")
    if point is None or s >= L25519:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L25519
    minus_a = (P25519 - point[0], point[1], 1, P25519 - point[3])
    return ed25519_encode(ed25519_double_multiply(s, ED25519_BASE, k, minus_a)) == signature[:32]


# ---------------------------------------------------------------------------
# ML-DSA-44, FIPS 204
# ---------------------------------------------------------------------------

Q = 8380417
DROPPED_BITS = 13
TAU = 39
GAMMA1 = 1 << 17
GAMMA2 = (Q - 1) // 88
ROWS = 4
COLUMNS = 4
BETA = 78
OMEGA = 80
CHALLENGE_BYTES = 32
ML_DSA_44_PUBLIC_KEY_BYTES = 1312
ML_DSA_44_SIGNATURE_BYTES = 2420


def _zetas():
    """Appendix B: 1753 to the power of the reversed 8 bits of each index."""
    return [pow(1753, int(format(k, "08b")[::-1], 2), Q) for k in range(256)]


ZETAS = _zetas()


def ml_dsa_ntt(polynomial):
    """Algorithm 41."""
    w = list(polynomial)
    m, length = 0, 128
    while length >= 1:
        for start in range(0, 256, 2 * length):
            m += 1
            zeta = ZETAS[m]
            for j in range(start, start + length):
                t = zeta * w[j + length] % Q
                w[j + length] = (w[j] - t) % Q
                w[j] = (w[j] + t) % Q
        length //= 2
    return w


def ml_dsa_inverse_ntt(polynomial):
    """Algorithm 42."""
    w = list(polynomial)
    m, length = 256, 1
    while length < 256:
        for start in range(0, 256, 2 * length):
            m -= 1
            zeta = -ZETAS[m]
            for j in range(start, start + length):
                t = w[j]
                w[j] = (t + w[j + length]) % Q
                w[j + length] = zeta * (t - w[j + length]) % Q
        length *= 2
    return [8347681 * c % Q for c in w]


def ml_dsa_unpack(data, bits):
    """Algorithm 18 (SimpleBitUnpack): 256 integers of so many bits, little-endian."""
    packed = int.from_bytes(data, "little")
    mask = (1 << bits) - 1
    return [packed >> bits * i & mask for i in range(256)]


def ml_dsa_pack(values, bits):
    """Algorithm 16 (SimpleBitPack)."""
    packed = 0
    for i, value in enumerate(values):
        packed |= value << bits * i
    return packed.to_bytes(32 * bits, "little")


def ml_dsa_reject_ntt(seed):
    """Algorithm 30 (RejNTTPoly): 256 coefficients below Q from SHAKE128."""
    length = 168 * 6
    while True:
        stream = hashlib.shake_128(seed).digest(length)
        values = []
        for i in range(0, length - 2, 3):
            value = (stream[i + 2] & 0x7F) << 16 | stream[i + 1] << 8 | stream[i]
            if value < Q:
                values.append(value)
                if len(values) == 256:
                    return values
        length *= 2


def ml_dsa_sample_in_ball(seed):
    """Algorithm 29 (SampleInBall): TAU coefficients are 1 or -1, the others 0."""
    length = 136 * 2
    while True:
        stream = hashlib.shake_256(seed).digest(length)
        signs = int.from_bytes(stream[:8], "little")
        values, at = [0] * 256, 8
        for i in range(256 - TAU, 256):
            while at < length and stream[at] > i:
                at += 1
            if at == length:
                break
            j, at = stream[at], at + 1
            values[i] = values[j]
            values[j] = -1 if signs >> (i + TAU - 256) & 1 else 1
        else:
            return values
        length *= 2


def ml_dsa_unpack_hint(data):
    """Algorithm 21 (HintBitUnpack): a set of positions for each row, or None if not the one spelling."""
    rows, index = [], 0
    for i in range(ROWS):
        end = data[OMEGA + i]
        if end < index or end > OMEGA:
            return None
        positions = data[index:end]
        if any(positions[j] >= positions[j + 1] for j in range(len(positions) - 1)):
            return None
        rows.append(frozenset(positions))
        index = end
    return rows if not any(data[index:OMEGA]) else None


def ml_dsa_use_hint(hint, r):
    """Algorithms 40 (UseHint) and 36 (Decompose)."""
    r0 = r % (2 * GAMMA2)
    if r0 > GAMMA2:
        r0 -= 2 * GAMMA2
    if r - r0 == Q - 1:
        r1, r0 = 0, r0 - 1
    else:
        r1 = (r - r0) // (2 * GAMMA2)
    if not hint:
        return r1
    return (r1 + 1) % 44 if r0 > 0 else (r1 - 1) % 44


def verify_ml_dsa_44(public_key, message, signature, context=b""):
    """Algorithms 3 (ML-DSA.Verify) and 8 (ML-DSA.Verify_internal) with the parameters of ML-DSA-44."""
    if len(public_key) != ML_DSA_44_PUBLIC_KEY_BYTES or len(signature) != ML_DSA_44_SIGNATURE_BYTES:
        return False
    if len(context) > 255:
        return False
    rho = public_key[:32]
    t1 = [ml_dsa_unpack(public_key[32 + 320 * i:352 + 320 * i], 10) for i in range(ROWS)]
    challenge = signature[:CHALLENGE_BYTES]
    z = [[GAMMA1 - v for v in ml_dsa_unpack(signature[32 + 576 * i:608 + 576 * i], 18)] for i in range(COLUMNS)]
    hints = ml_dsa_unpack_hint(signature[32 + 576 * COLUMNS:])
    if hints is None or any(abs(v) >= GAMMA1 - BETA for row in z for v in row):
        return False
    formatted = bytes((0, len(context))) + context + message
    mu = hashlib.shake_256(hashlib.shake_256(public_key).digest(64) + formatted).digest(64)
    c = ml_dsa_ntt(ml_dsa_sample_in_ball(challenge))
    z = [ml_dsa_ntt(row) for row in z]
    encoded = b""
    for i in range(ROWS):
        t = ml_dsa_ntt([v << DROPPED_BITS for v in t1[i]])
        w = [-a * b for a, b in zip(c, t)]
        for j in range(COLUMNS):
            a = ml_dsa_reject_ntt(rho + bytes((j, i)))
            w = [x + y * v for x, y, v in zip(w, a, z[j])]
        w = ml_dsa_inverse_ntt([x % Q for x in w])
        encoded += ml_dsa_pack([ml_dsa_use_hint(n in hints[i], x) for n, x in enumerate(w)], 6)
    return hashlib.shake_256(mu + encoded).digest(CHALLENGE_BYTES) == challenge


# ---------------------------------------------------------------------------
# P-256 (SP 800-186 section 3.2.1.3) and ECVRF-P256-SHA256-TAI, RFC 9381
# ---------------------------------------------------------------------------

P256 = (1 << 256) - (1 << 224) + (1 << 192) + (1 << 96) - 1
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
P256_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
P256_BASE = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
             0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
# Points are (x, y), or (X, Y, Z) with x = X/Z^2 and y = Y/Z^3; Z is 0 in the point at infinity.
P256_INFINITY = (1, 1, 0)
P256_BYTES = 33


def p256_decode(encoded):
    """SEC 1 section 2.3.4, compressed points only: (x, y), or None. The point at infinity has no such form."""
    if len(encoded) != P256_BYTES or encoded[0] not in (2, 3):
        return None
    x = int.from_bytes(encoded[1:], "big")
    if x >= P256:
        return None
    square = (x * x * x - 3 * x + P256_B) % P256
    y = pow(square, (P256 + 1) // 4, P256)
    if y * y % P256 != square:
        return None
    return x, y if y & 1 == encoded[0] & 1 else P256 - y


def p256_encode(point):
    """SEC 1 section 2.3.3, compressed; one zero byte for the point at infinity."""
    x, y, z = point
    if z == 0:
        return b"\0"
    inverse = pow(z, -1, P256)
    x, y = x * inverse * inverse % P256, y * inverse * inverse * inverse % P256
    return bytes((2 | y & 1,)) + x.to_bytes(32, "big")


def p256_double(point):
    """No point has y = 0, since the order is odd. The point at infinity stays what it is."""
    x, y, z = point
    delta, gamma = z * z % P256, y * y % P256
    beta = x * gamma % P256
    alpha = 3 * (x - delta) * (x + delta) % P256
    result = (alpha * alpha - 8 * beta) % P256
    return result, (alpha * (4 * beta - result) - 8 * gamma * gamma) % P256, 2 * y * z % P256


def p256_add(point, other):
    """The sum of (X, Y, Z) and (x, y), in every case."""
    x, y, z = point
    if z == 0:
        return other[0], other[1], 1
    square = z * z % P256
    h = (other[0] * square - x) % P256
    r = (other[1] * square * z - y) % P256
    if h == 0:
        return p256_double(point) if r == 0 else P256_INFINITY
    h2 = h * h % P256
    h3, v = h * h2 % P256, x * h2 % P256
    result = (r * r - h3 - 2 * v) % P256
    return result, (r * (v - result) - y * h3) % P256, z * h % P256


def p256_affine(points):
    """(x, y) of points none of which is at infinity, with one inversion."""
    products = [1]
    for _, _, z in points:
        products.append(products[-1] * z % P256)
    inverse, result = pow(products[-1], -1, P256), []
    for (x, y, z), product in zip(reversed(points), reversed(products[:-1])):
        own = inverse * product % P256
        inverse = inverse * z % P256
        result.append((x * own * own % P256, y * own * own * own % P256))
    return result[::-1]


def p256_multiples(point, width):
    """The width, and the odd multiples 1, 3, ... 2^(width-1) - 1 of (x, y)."""
    (twice,) = p256_affine([p256_double((point[0], point[1], 1))])
    multiples = [(point[0], point[1], 1)]
    for _ in range((1 << width - 2) - 1):
        multiples.append(p256_add(multiples[-1], twice))
    return width, p256_affine(multiples)


def p256_digits(number, width):
    """The number in the non-adjacent form of this width, from the lowest digit: odd digits and zeros."""
    digits, half = [], 1 << width - 1
    while number:
        digit = 0
        if number & 1:
            digit = number & 2 * half - 1
            if digit >= half:
                digit -= 2 * half
            number -= digit
        digits.append(digit)
        number >>= 1
    return digits


def p256_double_multiply(a, p, b, q):
    """[a]P + [b]Q, of the multiples of P and Q."""
    additions = {}
    for number, (width, multiples) in ((a, p), (b, q)):
        for place, digit in enumerate(p256_digits(number, width)):
            if digit:
                x, y = multiples[abs(digit) >> 1]
                additions.setdefault(place, []).append((x, y if digit > 0 else P256 - y))
    result = P256_INFINITY
    for place in range(max(additions, default=-1), -1, -1):
        result = p256_double(result)
        for point in additions.get(place, ()):
            result = p256_add(result, point)
    return result


P256_BASE_MULTIPLES = p256_multiples(P256_BASE, 8)

VRF_SUITE = b"\x01"
VRF_PROOF_BYTES = 81


def vrf_encode_to_curve(key, alpha):
    """Section 5.4.1.1, with the encoded key as the salt: (x, y). The cofactor is 1."""
    for counter in range(256):
        digest = hashlib.sha256(VRF_SUITE + b"\x01" + key + alpha + bytes((counter,)) + b"\0").digest()
        point = p256_decode(b"\x02" + digest)
        if point is not None:
            return point
    return None


def vrf_challenge(points):
    """Section 5.4.3, of points that are encoded."""
    return hashlib.sha256(VRF_SUITE + b"\x02" + b"".join(points) + b"\0").digest()[:16]


class VrfKey:
    """A public key, with multiples of it that serve all proofs."""

    def __init__(self, encoded):
        point = p256_decode(encoded)
        if point is None:
            raise Refused("no point of P-256")
        self.encoded, self.multiples = encoded, p256_multiples(point, 8)

    def verify(self, alpha, proof):
        """Section 5.3: the output beta, or None if the proof is not good."""
        if len(proof) != VRF_PROOF_BYTES:
            return None
        gamma, challenge, s = p256_decode(proof[:33]), proof[33:49], int.from_bytes(proof[49:], "big")
        h = vrf_encode_to_curve(self.encoded, alpha)
        if gamma is None or s >= P256_ORDER or h is None:
            return None
        minus_c = -int.from_bytes(challenge, "big")
        u = p256_double_multiply(s, P256_BASE_MULTIPLES, minus_c, self.multiples)
        v = p256_double_multiply(s, p256_multiples(h, 5), minus_c, p256_multiples(gamma, 5))
        points = (self.encoded, p256_encode(h + (1,)), proof[:33], p256_encode(u), p256_encode(v))
        if vrf_challenge(points) != challenge:
            return None
        return hashlib.sha256(VRF_SUITE + b"\x03" + proof[:33] + b"\0").digest()


# ---------------------------------------------------------------------------
# Text: UTF-8, base64, digits, points in time, JSON
# ---------------------------------------------------------------------------

DIGEST = re.compile("[0-9a-f]{64}")
TAG = re.compile("[0-9a-f]{32}")
TAG_KEY = re.compile("[0-9a-f]{66}")
TAG_PROOF = re.compile("[0-9a-f]{162}")
INDEX_ENTRY = re.compile("[0-9a-f]{128}")
DECIMAL = re.compile("0|[1-9][0-9]{0,18}")
CANONICAL_TIME = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\\.([0-9]{9})Z")
DATE = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
LOOSE_TIME = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2})"
                        "(?::([0-9]{2})(?:\\.([0-9]{1,9}))?)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))")
EARLIEST = -9223372036 * 10**9
UNIX_DAY = datetime.date(1970, 1, 1).toordinal()


def decode_utf8(data):
    """UTF-8 in its one form: Python's decoder refuses overlong forms and surrogates."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("not UTF-8") from None


def utf16_length(text):
    """The number of UTF-16 code units; half of a surrogate pair is one."""
    return len(text) + sum(1 for c in text if c > "\uffff")


def decode_base64(text):
    """RFC 4648 section 4, with padding, in the one spelling."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise Refused("not base64") from None
    if base64.b64encode(data).decode("ascii") != text:
        raise Refused("base64 in another spelling")
    return data


def decode_hex(value, pattern, what):
    """Lower-case hexadecimal digits, as many as the pattern says."""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Refused(what + " is not in hexadecimal digits of the right number")
    return bytes.fromhex(value)


def decode_decimal(text):
    """A number from 0 to 2^63 - 1 without leading zeros."""
    if not DECIMAL.fullmatch(text) or int(text) > MAX_INT64:
        raise Refused("not a number from 0 to 2^63 - 1")
    return int(text)


def nanoseconds(date, clock, nanos, offset_minutes=0):
    """Nanoseconds since 1970 of a date and a time of day, within the range of record.md."""
    hour, minute, second = clock
    if hour > 23 or minute > 59 or second > 59:
        raise Refused("no time of a day")
    try:
        day = datetime.date(*date).toordinal() - UNIX_DAY
    except ValueError:
        raise Refused("no date") from None
    result = (day * 86400 + hour * 3600 + minute * 60 + second - offset_minutes * 60) * 10**9 + nanos
    if not EARLIEST <= result <= MAX_INT64:
        raise Refused("time out of range")
    return result


def parse_time(text):
    """record.md, Points in time: 30 characters, one spelling."""
    match = CANONICAL_TIME.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise Refused("a point in time in another spelling: " + shown(text))
    parts = [int(group) for group in match.groups()]
    return nanoseconds(parts[:3], parts[3:6], parts[6])


def format_time(nanos):
    """The text form of record.md, Points in time."""
    seconds, fraction = divmod(nanos, 10**9)
    days, second = divmod(seconds, 86400)
    date = datetime.date.fromordinal(days + UNIX_DAY)
    return "%04d-%02d-%02dT%02d:%02d:%02d.%09dZ" % (
        date.year, date.month, date.day, second // 3600, second // 60 % 60, second % 60, fraction)


def parse_loose_time(text):
    """order.md, Members: RFC 3339 with a zone, seconds optional, or a date, which is its midnight in UTC."""
    match = DATE.fullmatch(text)
    if match:
        return nanoseconds([int(group) for group in match.groups()], (0, 0, 0), 0)
    match = LOOSE_TIME.fullmatch(text)
    if not match:
        raise Refused("no time with a zone: " + shown(text))
    year, month, day, hour, minute, second, fraction, sign, zone_hours, zone_minutes = match.groups()
    offset = 0
    if sign:
        offset = (int(zone_hours) * 60 + int(zone_minutes)) * (1 if sign == "+" else -1)
        if int(zone_minutes) > 59 or abs(offset) > 18 * 60:
            raise Refused("no zone")
    return nanoseconds((int(year), int(month), int(day)), (int(hour), int(minute), int(second or 0)),
                       int((fraction or "").ljust(9, "0")), offset)


HALF_PAIR = re.compile("[\ud800-\udfff]")


class RealNumber:
    """A JSON number with a fraction or an exponent. Nothing that is checked may be one."""


class JsonParser:
    """RFC 8259 within the limits of README.md, Conventions.

    Refuses duplicate member names and what follows the value. Half a surrogate pair that is escaped in a string
    stays what it is: require_string refuses it, and nothing in the one spelling has it.
    Recursion is bounded by MAX_JSON_DEPTH.
    """

    WHITE = re.compile("[ \t\n\r]*")
    PLAIN = re.compile('[^"\\\\\x00-\x1f]*')
    NUMBER = re.compile("(-?(?:0|[1-9][0-9]*))(\\.[0-9]+)?([eE][+-]?[0-9]+)?")
    HEX4 = re.compile("[0-9a-fA-F]{4}")
    ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
    WORDS = (("true", True), ("false", False), ("null", None))

    def __init__(self, text):
        self.text = text
        self.at = 0
        self.tokens = 0

    def count(self, tokens):
        self.tokens += tokens
        if self.tokens > MAX_JSON_TOKENS:
            raise Refused("a JSON value of too many parts")

    def parse(self):
        value = self.value(1)
        self.skip_white()
        if self.at != len(self.text):
            raise Refused("something after the JSON value")
        return value

    def skip_white(self):
        self.at = self.WHITE.match(self.text, self.at).end()

    def peek(self):
        """The next character that is not white space, or nothing at the end."""
        self.skip_white()
        return self.text[self.at:self.at + 1]

    def expect(self, character):
        if self.peek() != character:
            raise Refused("JSON lacks " + character)
        self.at += 1

    def value(self, depth):
        first = self.peek()
        self.count(2 if first in ("{", "[") else 1)
        if first == '"':
            return self.string(MAX_JSON_STRING)
        if first in ("{", "["):
            if depth > MAX_JSON_DEPTH:
                raise Refused("JSON nested too deeply")
            return self.object(depth) if first == "{" else self.array(depth)
        for word, value in self.WORDS:
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        return self.number()

    def object(self, depth):
        members = {}
        self.at += 1
        if self.peek() == "}":
            self.at += 1
            return members
        while True:
            if self.peek() != '"':
                raise Refused("JSON lacks a member name")
            self.count(1)
            name = self.string(MAX_JSON_NAME)
            if HALF_PAIR.search(name):
                raise Refused("half a surrogate pair in a JSON member name")
            if name in members:
                raise Refused("a JSON member twice: " + shown(name))
            self.expect(":")
            members[name] = self.value(depth + 1)
            if self.peek() == "}":
                self.at += 1
                return members
            self.expect(",")

    def array(self, depth):
        elements = []
        self.at += 1
        if self.peek() == "]":
            self.at += 1
            return elements
        while True:
            elements.append(self.value(depth + 1))
            if self.peek() == "]":
                self.at += 1
                return elements
            self.expect(",")

    def number(self):
        match = self.NUMBER.match(self.text, self.at)
        if not match:
            raise Refused("no JSON value where one should be")
        fraction, exponent = (match.group(2) or "")[1:], (match.group(3) or "e0")[1:]
        if sum(c.isdigit() for c in match.group()) > MAX_JSON_NUMBER:
            raise Refused("a JSON number that is too long")
        if not -(1 << 31) <= len(fraction) - int(exponent) < 1 << 31:
            raise Refused("a JSON number with too large an exponent")
        self.at = match.end()
        if match.group(2) or match.group(3):
            return RealNumber()
        return int(match.group(1))

    def string(self, limit):
        parts, length = [], 0
        self.at += 1
        while True:
            end = self.PLAIN.match(self.text, self.at).end()
            parts.append(self.text[self.at:end])
            length += end - self.at
            self.at = end
            following = self.text[end:end + 1]
            if following == '"':
                self.at += 1
                break
            if following != "\\":
                raise Refused("a JSON string that does not end or has a control character")
            parts.append(self.escape())
            length += 1
        # More than the limit it is in any case if it is that in code points.
        if length > limit or utf16_length(text := "".join(parts)) > limit:
            raise Refused("a JSON string that is too long")
        return text

    def escape(self):
        """One escape sequence; a surrogate pair is two and gives one character."""
        letter = self.text[self.at + 1:self.at + 2]
        if letter != "u":
            self.at += 2
            if letter not in self.ESCAPES:
                raise Refused("an unknown escape in a JSON string")
            return self.ESCAPES[letter]
        unit = self.unit()
        if 0xD800 <= unit <= 0xDBFF and self.text.startswith("\\u", self.at):
            after = self.at
            low = self.unit()
            if 0xDC00 <= low <= 0xDFFF:
                return chr(0x10000 + (unit - 0xD800 << 10) + low - 0xDC00)
            self.at = after
        return chr(unit)

    def unit(self):
        match = self.HEX4.match(self.text, self.at + 2)
        if not match:
            raise Refused("an unknown escape in a JSON string")
        self.at += 6
        return int(match.group(), 16)


def parse_json(data):
    return JsonParser(decode_utf8(data)).parse()


SPECIAL = re.compile('["\\\\\x00-\x1f]')
SPECIAL_SPELLING = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def spell_string(text):
    """README.md, Conventions: what is escaped in the one spelling, and how."""
    return '"' + SPECIAL.sub(lambda m: SPECIAL_SPELLING.get(m.group(), "\\u%04X" % ord(m.group())), text) + '"'


def spell_json(value, words=False):
    """README.md, Conventions: the one spelling. True and false are there only where a document has them."""
    if isinstance(value, str):
        return spell_string(value)
    if type(value) is int:
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(spell_json(v, words) for v in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(spell_string(k) + ":" + spell_json(v, words) for k, v in value.items()) + "}"
    if words and isinstance(value, bool):
        return "true" if value else "false"
    raise Refused("a JSON value of a kind that should not be there")


def parse_one_spelling(data, names, optional=(), words=False):
    """An object with exactly these members in this order, then the optional ones, in the one spelling."""
    value = parse_json(data)
    if not isinstance(value, dict):
        raise Refused("no JSON object")
    present = set(value)
    if list(value) != [n for n in names if n not in optional or n in present]:
        raise Refused("other members, or in another order, than " + ", ".join(names))
    if spell_json(value, words).encode("utf-8", "replace") != data:
        raise Refused("JSON in another spelling")
    return value


def require_members(value, names, what):
    """An object with exactly these members in this order, within one that is in the one spelling."""
    if not isinstance(value, dict) or list(value) != list(names):
        raise Refused(what + " has other members, or in another order, than " + ", ".join(names))
    return value


def require_string(value, what):
    if not isinstance(value, str):
        raise Refused(what + " is no string")
    if HALF_PAIR.search(value):
        raise Refused(what + " has half a surrogate pair")
    return value


def require_count(value, what):
    """An integer from 0 to 2^63 - 1. True and false are none."""
    if type(value) is not int or not 0 <= value <= MAX_INT64:
        raise Refused(what + " is no integer from 0 to 2^63 - 1")
    return value


# ---------------------------------------------------------------------------
# Merkle trees, README.md, Conventions
# ---------------------------------------------------------------------------

def hash_leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def hash_node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def range_levels(start, end):
    """The levels of the compact range [start, end): the largest power of two that divides and fits."""
    levels = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        levels.append(level)
        start += 1 << level
    return levels


class Tree:
    """A Merkle tree of RFC 6962 that grows at its end: its compact range [0, size)."""

    __slots__ = ("size", "nodes")

    def __init__(self):
        self.size = 0
        self.nodes = []

    def append(self, digest, level=0):
        """Append a perfect subtree of 2^level leaves. The size is a multiple of that."""
        self.nodes.append((level, digest))
        self.size += 1 << level
        while len(self.nodes) > 1 and self.nodes[-2][0] == self.nodes[-1][0]:
            (_, left), (level, right) = self.nodes[-2:]
            self.nodes[-2:] = [(level + 1, hash_node(left, right))]

    def append_range(self, end, digests):
        """Append the compact range [size, end)."""
        levels = range_levels(self.size, end)
        if len(levels) != len(digests):
            raise Refused("a compact range of %d hashes instead of %d" % (len(digests), len(levels)))
        for level, digest in zip(levels, digests):
            self.append(digest, level)

    def range(self):
        return [digest for _, digest in self.nodes]

    def root(self):
        if not self.nodes:
            return hashlib.sha256(b"").digest()
        result = self.nodes[-1][1]
        for _, digest in reversed(self.nodes[:-1]):
            result = hash_node(digest, result)
        return result


def root_of_inclusion(index, size, leaf, path):
    """RFC 9162 section 2.1.3.2: the root that an inclusion proof of RFC 6962 section 2.1.1 leads to."""
    if not 0 <= index < size:
        raise Refused("an index outside of the tree")
    position, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Refused("an inclusion proof that is too long")
        if position & 1 or position == last:
            result = hash_node(sibling, result)
            while position and not position & 1:
                position >>= 1
                last >>= 1
        else:
            result = hash_node(result, sibling)
        position >>= 1
        last >>= 1
    if last != 0:
        raise Refused("an inclusion proof that is too short")
    return result


# ---------------------------------------------------------------------------
# Signed notes: C2SP signed-note, tlog-checkpoint, tlog-cosignature
# ---------------------------------------------------------------------------

ED25519, ECDSA, COSIGNATURE_V1, ML_DSA_44 = 0x01, 0x02, 0x04, 0x06
KEY_BYTES = {ED25519: 32, ECDSA: 120, COSIGNATURE_V1: 32, ML_DSA_44: ML_DSA_44_PUBLIC_KEY_BYTES}
TYPE_NAMES = {ED25519: "Ed25519", ECDSA: "ECDSA P-384", COSIGNATURE_V1: "Ed25519 cosignature",
              ML_DSA_44: "ML-DSA-44 cosignature"}
# vault.md, Suites: what a vault's first key is of
VAULT_KEY_TYPES = (ED25519, ECDSA)
# RFC 5480: SubjectPublicKeyInfo of P-384, up to the coordinates of an uncompressed point
P384_KEY = bytes.fromhex("3076301006072a8648ce3d020106052b8104002203620004")
VerifierKey = collections.namedtuple("VerifierKey", "text name id type key")
Note = collections.namedtuple("Note", "text signatures")
NoteSignature = collections.namedtuple("NoteSignature", "name id bytes")
Checkpoint = collections.namedtuple("Checkpoint", "text origin size root")


def check_key_name(name):
    """signed-note, Format: not empty, no Unicode space, no plus. cosigner_name has at most 255 bytes."""
    if not name or "+" in name or any(c.isspace() or ord(c) < 0x20 for c in name):
        raise Refused("no name of a key: " + shown(name))
    if len(name.encode("utf-8")) > 255:
        raise Refused("a name of a key that is too long")


def parse_verifier_key(text):
    """vault.md, vault.json: name, key id and key, joined by plus. The id has to be that of the key."""
    parts = require_string(text, "a key").split("+", 2)
    if len(parts) != 3 or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise Refused("no key of the form NAME+ID+KEY")
    check_key_name(parts[0])
    material = decode_base64(parts[2])
    if not material or material[0] not in KEY_BYTES or len(material) != 1 + KEY_BYTES[material[0]]:
        raise Refused("a key of an unknown type or another length")
    # signed-note, Signature types: of type 2 the id is over the key alone
    named = b"" if material[0] == ECDSA else parts[0].encode("utf-8") + b"\n" + material[:1]
    key_id = hashlib.sha256(named + material[1:]).digest()[:4]
    if key_id.hex() != parts[1]:
        raise Refused("a key id that is not the key's")
    if material[0] == ECDSA:
        p384_point(material[1:])
    return VerifierKey(text, parts[0], key_id, material[0], material[1:])


def p384_point(spki):
    """vault.md, Suites: the point of a public key, which is on the curve."""
    if not spki.startswith(P384_KEY):
        raise Refused("a key of type 2 that is no uncompressed point of P-384")
    x, y = (int.from_bytes(spki[start:start + 48], "big") for start in (len(P384_KEY), len(P384_KEY) + 48))
    if x >= P384.p or y >= P384.p or (y * y - x * x * x + 3 * x - P384.b) % P384.p:
        raise Refused("a key of type 2 whose point is not on P-384")
    return x, y


def verify_p384(spki, text, signature):
    """vault.md, Suites: ECDSA with SHA-256 over P-384. Of (r, s) and (r, n - s) only the one with the smaller s counts."""
    try:
        s = der_integer(der_items(parse_der(signature), SEQUENCE, 2, 2)[1])
    except Refused:
        return False
    return 2 * s < P384.order and verify_ecdsa(P384, p384_point(spki), hashlib.sha256(text).digest(), signature)


def parse_note(data, most_signatures=MAX_NOTE_SIGNATURES):
    """signed-note, Format. The text is split from the signatures at the last empty line."""
    if len(data) > MAX_NOTE:
        raise Refused("a note of more than 1 MiB")
    text = decode_utf8(data)
    if any(c < " " and c != "\n" for c in text):
        raise Refused("a note with a control character")
    split = text.rfind("\n\n")
    if split < 0 or not text.endswith("\n"):
        raise Refused("a note without signatures or without an end")
    lines = text[split + 2:-1].split("\n")
    if len(lines) > most_signatures:
        raise Refused("a note with more than %d signatures" % most_signatures)
    return Note(text[:split + 1].encode("utf-8"), [parse_signature_line(line) for line in lines])


def parse_signature_line(line):
    """signed-note, Signatures: an em dash, the name, base64 of the key id and the signature."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014":
        raise Refused("no signature line: " + shown(line))
    check_key_name(parts[1])
    data = decode_base64(parts[2])
    if len(data) < 5:
        raise Refused("a signature that is too short")
    return NoteSignature(parts[1], data[:4], data[4:])


def parse_checkpoint(text):
    """tlog-checkpoint, Note text, without extension lines: origin, size, root."""
    lines = decode_utf8(text).split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise Refused("no checkpoint of three lines")
    root = decode_base64(lines[2])
    if len(root) != 32:
        raise Refused("a root of another length than 32 bytes")
    return Checkpoint(text, lines[0], decode_decimal(lines[1]), root)


def is_of(signature, key):
    return signature.name == key.name and signature.id == key.id


def verify_note_signature(text, signature, key):
    """Check one line with its key. The time that it states (0 in plain signatures), or None if it is bad."""
    return verify_signature(text, lambda: parse_checkpoint(text), signature, key)


def verify_text_signature(text, signature, key):
    """The same of a text that is no checkpoint. bundle.md, signature-ml-dsa.note: a tree with the text as its only leaf."""
    origin = decode_utf8(text).split("\n")[0]
    return verify_signature(text, lambda: Checkpoint(text, origin, 1, hash_leaf(text)), signature, key)


def verify_signature(text, cosigned, signature, key):
    """cosigned() is what an ML-DSA-44 line is over."""
    if key.type in VAULT_KEY_TYPES:
        return 0 if is_plainly_signed(text, signature, key) else None
    if len(signature.bytes) < 8:
        return None
    time = int.from_bytes(signature.bytes[:8], "big")
    if time > MAX_INT64:
        return None
    if key.type == COSIGNATURE_V1:
        message = b"cosignature/v1\ntime %d\n" % time + text
        good = verify_ed25519(key.key, message, signature.bytes[8:])
    else:
        message = cosigned_message(key.name, time, cosigned())
        good = verify_ml_dsa_44(key.key, message, signature.bytes[8:])
    return time if good else None


def is_plainly_signed(text, signature, key):
    """Whether the text itself is signed, with a key of type 1 or 2."""
    verify_plain = verify_ed25519 if key.type == ED25519 else verify_p384
    return verify_plain(key.key, text, signature.bytes)


def cosigned_message(cosigner, time, checkpoint):
    """tlog-cosignature, ML-DSA-44 signed message, of a whole tree."""
    def counted(text):
        data = text.encode("utf-8")
        if not 1 <= len(data) <= 255:
            raise Refused("a name of another length than 1 to 255 bytes")
        return bytes((len(data),)) + data
    return (b"subtree/v1\n\x00" + counted(cosigner) + struct.pack(">Q", time) + counted(checkpoint.origin)
            + struct.pack(">QQ", 0, checkpoint.size) + checkpoint.root)


# ---------------------------------------------------------------------------
# Successions of keys: succession.md
# ---------------------------------------------------------------------------

SUCCESSION_LABEL = b"evidence-vault/succession/v1"
MAX_SUCCESSION_NUMBER = 100
MAX_SUCCESSIONS = 2 << 20
# Keys are pairs: of Ed25519 or ECDSA, and of ML-DSA-44 or None
Succession = collections.namedtuple("Succession", "number head before after text")


def parse_succession(data):
    """succession.md, Text: one succession, signed by both sides."""
    note = parse_note(data)
    lines = decode_utf8(note.text).split("\n")[:-1]
    if note.text.split(b"\n")[0] != SUCCESSION_LABEL or len(lines) not in (7, 9):
        raise Refused("no succession of keys")
    number = decode_decimal(lines[1])
    if not 1 <= number <= MAX_SUCCESSION_NUMBER:
        raise Refused("a succession of another number than 1 to %d" % MAX_SUCCESSION_NUMBER)
    head = parse_checkpoint("".join(line + "\n" for line in lines[2:5]).encode("utf-8"))
    keys = [parse_verifier_key(line) for line in lines[5:]]
    each = len(keys) // 2
    before, after = keys[:each], keys[each:]
    for side in (before, after):
        if side[0].type not in VAULT_KEY_TYPES or [key.type for key in side[1:]] != [ML_DSA_44] * (each - 1):
            raise Refused("a succession with keys of other types")
    if any(key.name != head.origin for key in keys):
        raise Refused("a succession with a key of another vault")
    if len({key.text for key in keys}) != len(keys):
        raise Refused("a succession of a key by itself")
    if head.size < 1 or len(note.signatures) != len(keys):
        raise Refused("a succession without a checkpoint, or with other signatures than of both sides")
    for key, signature in zip(keys, note.signatures):
        if not is_of(signature, key) or verify_text_signature(note.text, signature, key) != 0:
            raise Refused("a succession that one side did not sign")
    return Succession(number, head, pair(before), pair(after), data)


def pair(keys):
    return keys[0], keys[1] if len(keys) > 1 else None


class KeyHistory:
    """succession.md, Chain: the keys of a vault one after the other. Refuses what is no chain up to the current keys."""

    def __init__(self, current, successions):
        self.current, self.successions = current, successions
        self.keys = [succession.before for succession in successions] + [current]
        size, seen = 0, {self.keys[0][0].text}
        for number, succession in enumerate(successions, 1):
            if succession.number != number or succession.after != self.keys[number]:
                raise Refused("successions of keys that do not follow one another, or not up to the current key")
            if succession.head.size <= size or succession.after[0].text in seen:
                raise Refused("a succession that goes back: to a size, or to a key")
            size = succession.head.size
            seen.add(succession.after[0].text)

    def at(self, size):
        """The keys that sign the checkpoint of this size."""
        for succession in self.successions:
            if size <= succession.head.size:
                return [key for key in succession.before if key]
        return [key for key in self.current if key]

    def texts(self):
        return {key.text for keys in self.keys for key in keys if key}

    def joined(self, other):
        """The longer of two histories of which one begins the other, or None."""
        longer, shorter = (other, self) if len(other.keys) > len(self.keys) else (self, other)
        count = len(shorter.successions)
        same = [s.text for s in longer.successions[:count]] == [s.text for s in shorter.successions]
        return longer if same and longer.keys[count] == shorter.current else None


def parse_successions(value):
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_SUCCESSION_NUMBER:
        raise Refused("successions is no list of 1 to %d notes" % MAX_SUCCESSION_NUMBER)
    return [parse_succession(require_string(text, "a succession").encode("utf-8")) for text in value]


def parse_history(current, members, with_second=True):
    """The member "successions", if it is there, up to the current keys, of which the second may not be named."""
    successions = parse_successions(members["successions"]) if "successions" in members else []
    if successions and not with_second and successions[-1].after[0] == current[0]:
        current = successions[-1].after
    return KeyHistory(current, successions)


# ---------------------------------------------------------------------------
# Records: record.md
# ---------------------------------------------------------------------------

EVENT, SEAL, GAP, CHANGE = 1, 2, 3, 4
KINDS = {"event": EVENT, "seal": SEAL, "gap": GAP, "change": CHANGE}
# Tags; actor-index.md, Entries: values that are no tags of names
NO_TAG = NOTICES_TAG = bytes(16)
PRIVILEGED_TAG = bytes(15) + b"\x01"
RESERVED_TAGS = frozenset((NOTICES_TAG, PRIVILEGED_TAG))
EVENT_MEMBERS = frozenset((
    "v", "seq", "recordedAt", "type", "id", "tenant", "service", "occurredAt", "action", "outcome", "reason",
    "actor", "privilege", "targets", "source", "sharedEventId", "assumed", "details", "original"))
GAP_MEMBERS = frozenset(("v", "seq", "recordedAt", "type", "tenant", "occurredAt", "gap"))
CHANGE_MEMBERS = frozenset(("v", "seq", "recordedAt", "type", "tenant", "occurredAt", "change"))
CHANGES = ("settings", "policy", "rotation", "restore", "clock", "hold", "shred", "case", "deposit", "place")
SEAL_MEMBERS = frozenset(("v", "seq", "recordedAt", "type", "seal"))
SEAL_INNER = frozenset(("segment", "firstSeq", "events", "occurredFrom", "occurredTo", "fileHeader", "blocks",
                        "tree", "actors", "tagKey", "keys"))
SEAL_OPTIONAL = frozenset(("notices", "previousSeal", "searchIndex"))

# The actors are those whom the record names: who acted, then on whose behalf, also if that is the same.
Record = collections.namedtuple(
    "Record", "kind seq recorded_at occurred_at tenant service privileged actors original")
SealRecord = collections.namedtuple(
    "SealRecord", "seq recorded_at segment first_seq events notices occurred_from occurred_to previous_seal tree "
    "index_size index_root tag_key")
Header = collections.namedtuple(
    "Header", "kind privileged log_id seq recorded_at occurred_at service actors commitment by_fields")


def record_commitment(salt, line):
    """Salt and commitment."""
    return hashlib.sha256(b"evault-record-v1" + salt + line).digest()


# record.md, Pieces
MAX_OPENED = 100
MAX_PIECES = 510
PIECE_SALT_LENGTH = 16
PIECE_LABEL, FIELDS_LABEL, PIECE_SALTS_INFO = b"evault-piece-v1", b"evault-fields-v1", b"evidence-vault/piece-salts/v1"
ALWAYS_SHOWN = frozenset((b"v", b"seq", b"recordedAt", b"type", b"id", b"tenant", b"occurredAt", b"outcome"))
ALWAYS_SHOWN_OF_ACTOR = frozenset((b"side", b"privileged"))
JSON_SPACE = re.compile(rb"[ \t\n\r]*")
JSON_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
JSON_SCALAR = re.compile(rb'[^",}\]\[{ \t\n\r][^,}\] \t\n\r]*')
JSON_NESTING = re.compile(JSON_STRING.pattern + rb"|[{}\[\]]", re.DOTALL)


class LineFields:
    """record.md, Pieces: where the values of a line are that are pieces, and their paths. Piece 0 is the skeleton."""

    def __init__(self, line):
        if b"\0" in line:
            raise Refused("a line with a zero byte")
        self.line, self.values = line, []
        begin = self.space(0)
        self.expect(begin, b"{")
        at = self.members(begin, self.member)
        if self.space(at) != len(line):
            raise Refused("something behind the object of a line")

    def space(self, at):
        return JSON_SPACE.match(self.line, at).end()

    def expect(self, at, character):
        if self.line[at:at + 1] != character:
            raise Refused("a line that is no JSON object")
        return at + 1

    def match(self, pattern, at):
        match = pattern.match(self.line, at)
        if not match:
            raise Refused("a line that is no JSON object")
        return match.end()

    def members(self, at, take):
        """Calls take(name, at) for each member of an object or entry of an array, whose name is its index."""
        named = self.line[at:at + 1] == b"{"
        close = b"}" if named else b"]"
        at, index = self.space(self.expect(at, b"{" if named else b"[")), 0
        while index or self.line[at:at + 1] != close:
            name = index
            if named:
                end = self.match(JSON_STRING, at)
                name = self.line[at:end]
                at = self.space(self.expect(self.space(end), b":"))
            at, index = self.space(take(name, at)), index + 1
            if self.line[at:at + 1] == close:
                break
            at = self.space(self.expect(at, b","))
        return at + 1

    def end_of_value(self, at):
        first = self.line[at:at + 1]
        if first == b'"':
            return self.match(JSON_STRING, at)
        if first not in (b"{", b"["):
            return self.match(JSON_SCALAR, at)
        depth = 0
        for token in JSON_NESTING.finditer(self.line, at):
            depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(token.group(), 0)
            if depth == 0:
                return token.end()
        raise Refused("a line that ends within its object")

    def member(self, name, at):
        end = self.end_of_value(at)
        if name[1:-1] in ALWAYS_SHOWN:
            return end
        entries = []

        def entry(inner, begin):
            entry_end = self.end_of_value(begin)
            entries.append((begin, entry_end, (name, inner)))
            return entry_end

        if self.line[at:at + 1] in (b"{", b"["):
            self.members(at, entry)
        if not 1 <= len(entries) <= MAX_OPENED:
            entries = [(at, end, (name,))]
        elif name == b'"actor"' and self.line[at:at + 1] == b"{":
            entries = [e for e in entries if e[2][1][1:-1] not in ALWAYS_SHOWN_OF_ACTOR]
        self.values += entries
        if len(self.values) >= MAX_PIECES:
            raise Refused("a line with too many pieces")
        return end

    def count(self):
        return 1 + len(self.values)

    def path(self, piece):
        """The names, as they are read, and indexes as digits."""
        return tuple(str(name) if isinstance(name, int) else parse_json(name) for name in self.values[piece - 1][2])

    def piece(self, piece):
        if piece:
            start, end, _ = self.values[piece - 1]
            return self.line[start:end]
        parts, at = [], 0
        for start, end, _ in self.values:
            parts.append(self.line[at:start])
            at = end
        return b"\0".join(parts + [self.line[at:]])

    def is_unopened(self, piece):
        """Whether it is an object or array with entries that are no pieces by themselves."""
        value = self.piece(piece)
        return value[:1] in (b"{", b"[") and bool(value[1:-1].strip(b" \t\n\r"))


def piece_salts(salt, count):
    """record.md, Pieces: HKDF-Expand (RFC 5869 section 2.3) of the record's salt."""
    salts, block = b"", b""
    while len(salts) < PIECE_SALT_LENGTH * count:
        block = hmac.new(salt, block + PIECE_SALTS_INFO + bytes((len(salts) // 32 + 1,)), "sha256").digest()
        salts += block
    return [salts[PIECE_SALT_LENGTH * i:PIECE_SALT_LENGTH * (i + 1)] for i in range(count)]


def fields_commitment(openings, fields):
    """record.md, Pieces: for each piece its salt, or its digest where it is withheld."""
    if len(openings) != fields.count():
        raise Refused("another number of pieces than the line has")
    digests = [opening if len(opening) == 32 else hashlib.sha256(PIECE_LABEL + opening + fields.piece(i)).digest()
               for i, opening in enumerate(openings)]
    return hashlib.sha256(FIELDS_LABEL + struct.pack(">I", len(digests)) + b"".join(digests)).digest()


def opened_commitment(header, opening, line):
    """The commitment of a record that is shown: the opening is its salt, or a list of what opens its pieces."""
    if not header.by_fields:
        return record_commitment(opening, line)
    fields = LineFields(line)
    return fields_commitment(opening if isinstance(opening, list) else piece_salts(opening, fields.count()), fields)


def parse_record_head(line, limit):
    """What every record has: v, seq, recordedAt, type. Returns the members, seq, time and kind."""
    if len(line) > limit:
        raise Refused("a line that is too long")
    members = parse_json(line)
    if not isinstance(members, dict):
        raise Refused("no JSON object")
    version = members.get("v")
    if type(version) is not int or version != 1:
        raise Refused("v is not 1")
    kind = members.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise Refused("an unknown type")
    return members, require_count(members.get("seq"), "seq"), parse_time(members.get("recordedAt")), KINDS[kind]


def parse_record(line):
    """The line of an event or a gap; What a reader must refuse."""
    members, seq, recorded_at, kind = parse_record_head(line, MAX_RECORD_LINE)
    if kind == SEAL:
        raise Refused("a seal where a record should be")
    if kind == GAP:
        return parse_gap(members, seq, recorded_at)
    if kind == CHANGE:
        return parse_change(members, seq, recorded_at)
    if not EVENT_MEMBERS.issuperset(members):
        raise Refused("a member of another name")
    for name in ("id", "action", "outcome"):
        require_string(members.get(name), name)
    tenant = require_string(members.get("tenant"), "tenant")
    service = require_string(members["service"], "service") if "service" in members else None
    original = require_string(members["original"], "original") if "original" in members else None
    actors, privileged = parse_actor(members["actor"]) if "actor" in members else ([], False)
    return Record(EVENT, seq, recorded_at, parse_time(members.get("occurredAt")), tenant, service, privileged,
                  actors, original)


def parse_actor(actor):
    """Leaf header, Actors: actor.id, then actor.onBehalfOf if there is one."""
    if not isinstance(actor, dict):
        raise Refused("actor is no object")
    actors = [require_string(actor.get("id"), "actor.id")]
    if "onBehalfOf" in actor:
        actors.append(require_string(actor["onBehalfOf"], "actor.onBehalfOf"))
    privileged = actor.get("privileged", False)
    if not isinstance(privileged, bool):
        raise Refused("actor.privileged is neither true nor false")
    return actors, privileged


def parse_gap(members, seq, recorded_at):
    """The gap. It has no actor and no service."""
    gap = members.get("gap")
    if set(members) != GAP_MEMBERS or not isinstance(gap, dict):
        raise Refused("a gap with other members")
    if set(gap) != {"from", "to", "rate", "bytes", "queue"}:
        raise Refused("a gap with other members")
    if not 1 <= sum(require_count(gap[name], name) for name in ("rate", "bytes", "queue")) <= MAX_INT64:
        raise Refused("a gap without an event, or of too many")
    occurred_at, start, end = (parse_time(t) for t in (members["occurredAt"], gap["from"], gap["to"]))
    if end < start or occurred_at != start:
        raise Refused("a gap whose times contradict each other")
    return Record(GAP, seq, recorded_at, occurred_at, require_string(members["tenant"], "tenant"), None, False, [],
                  None)


def parse_change(members, seq, recorded_at):
    """The change. It has no actor and no service."""
    change = members.get("change")
    if set(members) != CHANGE_MEMBERS or not isinstance(change, dict):
        raise Refused("a change with other members")
    if not {"what"} < set(change) <= {"what", "before", "after", "reason"} or change["what"] not in CHANGES:
        raise Refused("a change with other members, or of nothing that changes")
    for name, text in change.items():
        if not 1 <= utf16_length(require_string(text, name)) <= 8192:
            raise Refused("a text of a change of another length")
    return Record(CHANGE, seq, recorded_at, parse_time(members["occurredAt"]),
                  require_string(members["tenant"], "tenant"), None, False, [], None)


def parse_digests(value, what):
    if not isinstance(value, list):
        raise Refused(what + " is no list")
    return [decode_hex(v, DIGEST, what) for v in value]


def parse_seal(line):
    """The seal; What a reader must refuse."""
    members, seq, recorded_at, kind = parse_record_head(line, MAX_SEAL_LINE)
    seal = members.get("seal")
    if kind != SEAL or set(members) != SEAL_MEMBERS or not isinstance(seal, dict):
        raise Refused("no seal, or one with other members")
    if not SEAL_INNER <= set(seal) <= SEAL_INNER | SEAL_OPTIONAL:
        raise Refused("a seal with other members")
    for name in ("fileHeader", "blocks", "keys", "searchIndex"):
        if name in seal:
            decode_hex(seal[name], DIGEST, name)
    notices = require_count(seal.get("notices", 0), "notices")
    if "notices" in seal and notices == 0:
        raise Refused("a seal with notices of 0")
    occurred_from, occurred_to = parse_time(seal["occurredFrom"]), parse_time(seal["occurredTo"])
    if occurred_to < occurred_from:
        raise Refused("a seal whose occurredTo is before its occurredFrom")
    previous = decode_hex(seal["previousSeal"], DIGEST, "previousSeal") if "previousSeal" in seal else None
    actors = seal["actors"]
    if not isinstance(actors, dict) or set(actors) != {"size", "root"}:
        raise Refused("actors of a seal with other members")
    index_size = require_count(actors["size"], "size of actors")
    if index_size > MAX_INDEX_ENTRIES:
        raise Refused("an index of actors with too many entries")
    tag_key = decode_hex(seal["tagKey"], TAG_KEY, "tagKey")
    if p256_decode(tag_key) is None:
        raise Refused("a tagKey that is no point of P-256")
    return SealRecord(seq, recorded_at, require_count(seal["segment"], "segment"),
                      require_count(seal["firstSeq"], "firstSeq"), require_count(seal["events"], "events"), notices,
                      occurred_from, occurred_to, previous, decode_hex(seal["tree"], DIGEST, "tree"), index_size,
                      decode_hex(actors["root"], DIGEST, "root of actors"), tag_key)


def parse_header(data):
    """Leaf header: 92 bytes and 24 for each actor, as the table of offsets and the vectors have it."""
    if len(data) < 92 or data[3] > 2 or len(data) != 92 + 24 * data[3]:
        raise Refused("a leaf header of another length")
    if data[0] != 1 or data[1] not in (EVENT, SEAL, GAP, CHANGE) or data[2] > 3:
        raise Refused("a leaf header of another version or kind, or with another flag")
    if data[2] & 2 and data[1] != EVENT:
        raise Refused("a leaf header that says by fields of what is no event")
    seq, recorded_at, occurred_at = struct.unpack_from(">qqq", data, 20)
    actors = [struct.unpack_from(">16sq", data, 60 + 24 * i) for i in range(data[3])]
    if seq < 0 or any(count < 0 for _, count in actors):
        raise Refused("a leaf header with a negative number")
    if len(actors) == 2 and actors[0][0] == actors[1][0]:
        raise Refused("a leaf header with one tag twice")
    return Header(data[1], bool(data[2] & 1), data[4:20], seq, recorded_at, occurred_at, data[44:60], actors, data[-32:],
                  bool(data[2] & 2))


def seal_header(log_id, seal, salt, line):
    """Leaf header of a seal, as it follows from its line and salt."""
    return (bytes((1, SEAL, 0, 0)) + log_id + struct.pack(">qqq", seal.seq, seal.recorded_at, seal.recorded_at)
            + NO_TAG + record_commitment(salt, line))


# ---------------------------------------------------------------------------
# Orders: order.md
# ---------------------------------------------------------------------------

Order = collections.namedtuple("Order", "tenant actors services privileged_only by_recording start end expires "
                               "number issuer requested_by approved_by")
ORDER_TEXTS = ("order", "issuer", "legalBasis", "tenant", "requestedBy", "approvedBy")
ORDER_MEMBERS = frozenset(ORDER_TEXTS + ("actors", "privilegedOnly", "services", "clock", "from", "to", "expires"))


def parse_order(data):
    """What a reader must refuse. Actors and services are None if the order names none."""
    if len(data) > MAX_ORDER:
        raise Refused("an order of more than 1 MiB")
    order = parse_json(data)
    if not isinstance(order, dict):
        raise Refused("no JSON object")
    if not ORDER_MEMBERS.issuperset(order):
        raise Refused("a member of another name")
    for name in ORDER_TEXTS:
        check_order_text(order.get(name), name)
    privileged_only = order.get("privilegedOnly", False)
    if not isinstance(privileged_only, bool):
        raise Refused("privilegedOnly is neither true nor false")
    times = {}
    for name in ("from", "to", "expires"):
        times[name] = parse_loose_time(require_string(order[name], name)) if name in order else None
    if times["from"] is not None and times["to"] is not None and times["from"] >= times["to"]:
        raise Refused("from is not before to")
    if person(order["requestedBy"]) == person(order["approvedBy"]):
        raise Refused("requestedBy and approvedBy are the same")
    clock = require_string(order.get("clock", "occurred"), "clock")
    if clock not in ("occurred", "recorded"):
        raise Refused("clock is neither occurred nor recorded")
    return Order(order["tenant"], parse_order_names(order, "actors"), parse_order_names(order, "services"),
                 privileged_only, clock == "recorded", times["from"], times["to"], times["expires"],
                 order["order"], order["issuer"], order["requestedBy"], order["approvedBy"])


def check_order_text(value, name):
    """Limits: 1 to 1,000 UTF-16 code units, no control characters, not only white space."""
    text = require_string(value, name)
    if not 1 <= utf16_length(text) <= 1000 or text.isspace():
        raise Refused(name + " is empty or too long")
    if any(c < " " or "\x7f" <= c <= "\x9f" for c in text):
        raise Refused(name + " has a control character")


def parse_order_names(order, name):
    """Limits: 1 to 1,000 entries of 1 to 8,192 UTF-16 code units, none twice."""
    if name not in order:
        return None
    names = order[name]
    if not isinstance(names, list) or not 1 <= len(names) <= 1000:
        raise Refused(name + " is no list of 1 to 1,000 entries")
    for entry in names:
        if not 1 <= utf16_length(require_string(entry, name)) <= 8192:
            raise Refused(name + " has an entry that is empty or too long")
    if len(set(names)) != len(names):
        raise Refused(name + " has an entry twice")
    return names


def person(name):
    """How requestedBy and approvedBy are compared."""
    text = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return " ".join(text.split()).lower()


def is_in_time(order, first, last):
    """Whether any time from first to last, both included, lies between from and to."""
    return (order.start is None or last >= order.start) and (order.end is None or first < order.end)


def asks_for(order, kind, occurred_at, recorded_at, privileged, actors, service, wanted_actors, wanted_services):
    """Which records; record.md, The gap. Names and wanted names are texts, or both are tags."""
    time = recorded_at if order.by_recording else occurred_at
    if not is_in_time(order, time, time):
        return False
    if kind in (GAP, CHANGE):
        return True
    return ((privileged or not order.privileged_only)
            and (order.actors is None or any(a in wanted_actors for a in actors))
            and (order.services is None or service in wanted_services))


# ---------------------------------------------------------------------------
# The bag: a ZIP file or a directory
# ---------------------------------------------------------------------------

FILE_NAME = re.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
Entry = collections.namedtuple("Entry", "start length crc")
Content = collections.namedtuple("Content", "digest data")


def check_file_name(name):
    """The ZIP file: 1 to 200 characters, parts that are not empty and do not begin with a dot."""
    if not 1 <= len(name) <= 200 or not FILE_NAME.fullmatch(name):
        raise Refused("a file name that is not allowed: " + shown(name))


class Window(io.RawIOBase):
    """A part of an open file, for reading from its start to its end. Closes the file if it owns it."""

    def __init__(self, stream, start, length, owner=False):
        self.stream, self.position, self.end, self.owner = stream, start, start + length, owner

    def close(self):
        if self.owner:
            self.stream.close()
        super().close()

    def readable(self):
        return True

    def readinto(self, buffer):
        size = min(len(buffer), self.end - self.position)
        self.stream.seek(self.position)
        data = self.stream.read(size)
        buffer[:len(data)] = data
        self.position += len(data)
        return len(data)


class ZipBag:
    """The ZIP file. Its structure is checked when it is opened, the contents when they are read."""

    def __init__(self, stream):
        self.stream = stream
        size = stream.seek(0, os.SEEK_END)
        if size > MAX_BUNDLE:
            raise Refused("a bundle of 4 GiB or more")
        self.entries = {}
        self.read_directory(size)

    def part(self, start, length):
        self.stream.seek(start)
        data = self.stream.read(length)
        if len(data) != length:
            raise Refused("the ZIP file ends early")
        return data

    def read_directory(self, size):
        """Every header is spelled anew from name, length and CRC-32 and compared."""
        if size < 22:
            raise Refused("no ZIP file")
        end = self.part(size - 22, 22)
        count, length, offset = struct.unpack_from("<HII", end, 10)
        if end != struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, length, offset, 0):
            raise Refused("a ZIP file without the end record that it should have")
        if not 1 <= count <= MAX_FILES or length > count * 246 or offset + length + 22 != size:
            raise Refused("a ZIP file with other numbers in its end record")
        directory = self.part(offset, length)
        at, local, previous = 0, 0, None
        for _ in range(count):
            at, local, previous = self.read_entry(directory, at, local, previous)
        if at != length or local != offset:
            raise Refused("something in the ZIP file that belongs to no entry")

    def read_entry(self, directory, at, local, previous):
        """One central header and its local header. Returns the next places and this name."""
        if len(directory) - at < 46:
            raise Refused("a ZIP directory that ends early")
        crc, _, length, name_length = struct.unpack_from("<IIIH", directory, at + 16)
        raw = directory[at + 46:at + 46 + name_length]
        name = raw.decode("latin-1")
        check_file_name(name)
        if previous is not None and previous >= raw:
            raise Refused("names in the ZIP file that do not ascend")
        if local > 0xFFFFFFFF:
            raise Refused("an entry that does not lie in the ZIP file: " + shown(name))
        shared = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, crc, length, length, len(raw), 0)
        central = struct.pack("<IH", 0x02014B50, 20) + shared + struct.pack("<HHHII", 0, 0, 0, 0, local) + raw
        if directory[at:at + len(central)] != central:
            raise Refused("a central header in another spelling: " + shown(name))
        header = struct.pack("<I", 0x04034B50) + shared + raw
        if self.part(local, len(header)) != header:
            raise Refused("a local header in another spelling: " + shown(name))
        self.entries[name] = Entry(local + len(header), length, crc)
        return at + len(central), local + len(header) + length, raw

    def names(self):
        return list(self.entries)

    def open(self, name):
        entry = self.entries[name]
        return io.BufferedReader(Window(self.stream, entry.start, entry.length), 1 << 16)

    def expected_crc(self, name):
        return self.entries[name].crc


class DirectoryBag:
    """A bundle as a directory: the unpacked bag, or a directory that holds it as `bag` and nothing else."""

    def __init__(self, path):
        entries = sorted(os.listdir(path))
        if "bagit.txt" in entries:
            self.root = path
        elif entries == ["bag"]:
            self.root = os.path.join(path, "bag")
            if not stat.S_ISDIR(os.lstat(self.root).st_mode):
                raise Refused("bag is no directory")
        else:
            raise Refused("a directory that is no bag")
        self.found = {}
        self.seen = 0
        self.total = 0
        self.walk("")

    def walk(self, below):
        """Regular files only, and no empty directories. Names bound the depth."""
        empty = True
        with os.scandir(os.path.join(self.root, below)) as entries:
            for entry in entries:
                empty = False
                self.seen += 1
                if self.seen > 2 * MAX_FILES:
                    raise Refused("too many files")
                name = below + entry.name
                check_file_name("bag/" + name)
                if entry.is_dir(follow_symlinks=False):
                    self.walk(name + "/")
                elif entry.is_file(follow_symlinks=False):
                    self.found["bag/" + name] = os.path.join(self.root, name)
                    self.total += entry.stat(follow_symlinks=False).st_size
                else:
                    raise Refused("no regular file: " + shown(name))
        if empty:
            raise Refused("an empty directory: " + shown(below))
        if len(self.found) > MAX_FILES or self.total > MAX_BUNDLE:
            raise Refused("too many files, or 4 GiB or more")

    def names(self):
        return sorted(self.found)

    def open(self, name):
        """Opens a regular file. A link or a pipe that took its place since is not followed."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self.found[name], flags)
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            raise Refused("no regular file: " + shown(name))
        raw = os.fdopen(descriptor, "rb", buffering=0)
        return io.BufferedReader(Window(raw, 0, status.st_size, True), 1 << 16)

    def expected_crc(self, name):
        return None


def is_kept(name):
    """Says whether the bytes of a file are read as a whole. Of companions nothing is read but the digest."""
    return name not in STREAMED_FILES and name not in COMPANIONS


def size_limit(name):
    """Limits. The four files that are streamed have limits for their lines only, companions have none."""
    if not is_kept(name):
        return MAX_BUNDLE
    if name in TIME_STAMPS:
        return MAX_TIME_STAMP
    return MAX_ORDER if name == ORDER else MAX_OTHER_FILE


def read_content(bag, name):
    """Read a file once: its digest, and its bytes if they are needed as a whole. Checks length and CRC-32."""
    limit = size_limit(name)
    digest, crc, length, kept = hashlib.sha256(), 0, 0, []
    with bag.open("bag/" + name) as stream:
        while True:
            chunk = stream.read(CHUNK)
            if not chunk:
                break
            length += len(chunk)
            if length > limit:
                raise Refused("a file that is too long")
            digest.update(chunk)
            crc = zlib.crc32(chunk, crc)
            if is_kept(name):
                kept.append(chunk)
    expected = bag.expected_crc("bag/" + name)
    content = Content(digest.digest(), b"".join(kept) if is_kept(name) else None)
    return content, expected is None or expected == crc


class LineReader:
    """Reads a file line by line, within a limit. Each line has to end with a line feed."""

    def __init__(self, stream, name, limit):
        self.stream, self.name, self.limit, self.number = stream, name, limit, 0

    def next(self):
        """The next line without its line feed, or None at the end."""
        line = self.stream.readline(self.limit + 2)
        if not line:
            return None
        self.number += 1
        if len(line) > self.limit + 1 or not line.endswith(b"\n"):
            raise Refused("a line that is too long or does not end")
        return line[:-1]

    def where(self):
        return "%s line %d" % (self.name, self.number)


# ---------------------------------------------------------------------------
# DER: X.690, as narrow as container.md has it
# ---------------------------------------------------------------------------

MAX_DER_DEPTH = 32
MAX_DER_LENGTH_BYTES = 3
BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET = 0x17, 0x18, 0x30, 0x31
DER_PRIMITIVE = frozenset((1, 2, 3, 4, 5, 6, 10, 12, 18, 19, 20, 22, 23, 24, 25, 26, 27, 28, 30))

# A value: its tag, all of its bytes, its content, and what is in it if it is constructed.
Der = collections.namedtuple("Der", "tag raw body items")


def parse_der(data):
    """One value, and nothing behind it. The depth is bounded, so recursion is."""
    value, end = read_der(data, 0, len(data), 1)
    if end != len(data):
        raise Refused("something behind a DER value")
    return value


def read_der(data, start, end, depth):
    if depth > MAX_DER_DEPTH:
        raise Refused("DER nested too deeply")
    if end - start < 2:
        raise Refused("a DER value that is cut off")
    tag, length, at = data[start], data[start + 1], start + 2
    if tag & 0x1F == 0x1F:
        raise Refused("a DER tag of more than one byte")
    if length >= 0x80:
        count = length - 0x80
        if not 1 <= count <= MAX_DER_LENGTH_BYTES or count > end - at:
            raise Refused("a DER length that is not allowed")
        length = int.from_bytes(data[at:at + count], "big")
        if length < 0x80 or length >> 8 * (count - 1) == 0:
            raise Refused("a DER length that is not in the fewest bytes")
        at += count
    if length > end - at:
        raise Refused("a DER value that goes beyond the one around it")
    stop, items = at + length, None
    if tag & 0x20:
        items = []
        while at < stop:
            item, at = read_der(data, at, stop, depth + 1)
            items.append(item)
    value = Der(tag, data[start:stop], data[stop - length:stop], items)
    check_universal(value)
    return value, stop


def check_universal(value):
    """What X.690 asks of the content of types of class universal."""
    tag, body = value.tag, value.body
    if tag == 0 or tag >= 0x40:
        return
    if tag not in (SEQUENCE, SET) and tag not in DER_PRIMITIVE:
        raise Refused("a DER type that should not be there")
    if tag in (INTEGER, 10) and (not body or len(body) > 1 and (body[0], body[1] >> 7) in ((0, 0), (0xFF, 1))):
        raise Refused("a DER integer that is not in the fewest bytes")
    if tag == BOOLEAN and body not in (b"\x00", b"\xff") or tag == NULL and body:
        raise Refused("a DER boolean or null in another spelling")
    if tag == BIT_STRING and (not body or body[0] > 7 or len(body) == 1 and body[0]):
        raise Refused("a DER bit string with unused bits that it cannot have")
    if tag == OID and (not body or body[-1] & 0x80 or any(
            b == 0x80 and (i == 0 or not body[i - 1] & 0x80) for i, b in enumerate(body))):
        raise Refused("a DER object identifier in another spelling")
    if tag == 12:
        decode_utf8(body)
    if tag in (19, 22) and any(b > 0x7F for b in body) or tag == 30 and len(body) % 2 or tag == 28 and len(body) % 4:
        raise Refused("a DER string with characters that it cannot have")


def der_items(value, tag, least, most):
    """What is in a constructed value of this tag."""
    if value.tag != tag or value.items is None or not least <= len(value.items) <= most:
        raise Refused("DER of another type or number of parts than expected")
    return value.items


def der_body(value, tag):
    if value.tag != tag:
        raise Refused("DER of another type than expected")
    return value.body


def der_integer(value):
    return int.from_bytes(der_body(value, INTEGER), "big", signed=True)


def oid(text):
    """The content of an object identifier."""
    numbers = [int(n) for n in text.split(".")]
    result = b""
    for number in [numbers[0] * 40 + numbers[1]] + numbers[2:]:
        digits = [number & 0x7F]
        while number > 0x7F:
            number >>= 7
            digits.append(number & 0x7F | 0x80)
        result += bytes(reversed(digits))
    return result


DER_TIME = re.compile("([0-9]{2})?([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\\.([0-9]{0,8}[1-9]))?Z")


def der_time(value):
    """RFC 5280 section 4.1.2.5, RFC 3161 section 2.4.2: nanoseconds since 1970. UTCTime is of 1950 to 2049."""
    if value.tag not in (UTC_TIME, GENERALIZED_TIME):
        raise Refused("no time")
    match = DER_TIME.fullmatch(value.body.decode("latin-1"))
    if not match or bool(match.group(1)) != (value.tag == GENERALIZED_TIME) or match.group(8) and not match.group(1):
        raise Refused("a time in another spelling")
    year = int(match.group(2))
    year += int(match.group(1)) * 100 if match.group(1) else 1900 if year >= 50 else 2000
    month, day, hour, minute, second = (int(g) for g in match.groups()[2:7])
    if hour > 23 or minute > 59 or second > 59:
        raise Refused("no time of a day")
    try:
        days = datetime.date(year, month, day).toordinal() - UNIX_DAY
    except ValueError:
        raise Refused("no date") from None
    return ((days * 86400 + hour * 3600 + minute * 60 + second) * 10**9 + int((match.group(8) or "").ljust(9, "0")))


# ---------------------------------------------------------------------------
# Signatures of people: X.509, CMS, ECDSA, RSA
# ---------------------------------------------------------------------------

class Undecided(Exception):
    """Something that this program cannot judge. The text says what."""


# SEC 2: p, b, order, base; a is p - 3. The name is the content of the object identifier.
Curve = collections.namedtuple("Curve", "p b order base")
CURVES = {
    oid("1.2.840.10045.3.1.7"): Curve(P256, P256_B, P256_ORDER, P256_BASE),
    oid("1.3.132.0.34"): Curve(
        (1 << 384) - (1 << 128) - (1 << 96) + (1 << 32) - 1,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
        (0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
         0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F))}
P384 = CURVES[oid("1.3.132.0.34")]


def curve_add(curve, a, b):
    """The sum of two points (x, y), None being the point at infinity."""
    if a is None or b is None:
        return a or b
    p = curve.p
    if a[0] == b[0]:
        if (a[1] + b[1]) % p == 0:
            return None
        slope = 3 * (a[0] * a[0] - 1) * pow(2 * a[1], -1, p) % p
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, p) % p
    x = (slope * slope - a[0] - b[0]) % p
    return x, (slope * (a[0] - x) - a[1]) % p


def verify_ecdsa(curve, point, digest, signature):
    """FIPS 186-5 section 6.4.2. The signature is SEQUENCE of r and s (RFC 3279 section 2.2.3)."""
    try:
        r, s = (der_integer(item) for item in der_items(parse_der(signature), SEQUENCE, 2, 2))
    except Refused:
        return False
    n = curve.order
    if not 1 <= r < n or not 1 <= s < n:
        return False
    e = int.from_bytes(digest, "big") >> max(0, 8 * len(digest) - n.bit_length())
    w = pow(s, -1, n)
    u, v = e * w % n, r * w % n
    both, result = curve_add(curve, curve.base, point), None
    for bit in range(n.bit_length() - 1, -1, -1):
        result = curve_add(curve, result, result)
        which = (u >> bit & 1, v >> bit & 1)
        if which != (0, 0):
            result = curve_add(curve, result, {(1, 0): curve.base, (0, 1): point, (1, 1): both}[which])
    return result is not None and result[0] % n == r


def rsa_encoded(key, signature):
    """RFC 8017 section 5.2.2: the encoded message of a signature, or None."""
    n, e = key
    if len(signature) != (n.bit_length() + 7) // 8:
        return None
    s = int.from_bytes(signature, "big")
    return pow(s, e, n) if s < n else None


def verify_rsa_pkcs1(key, hash_name, digest, signature):
    """RFC 8017 section 8.2.2, by the encoding that a signer makes."""
    prefix = {"sha256": "3031300d060960864801650304020105000420", "sha384": "3041300d060960864801650304020205000430",
              "sha512": "3051300d060960864801650304020305000440"}[hash_name]
    info = bytes.fromhex(prefix) + digest
    length = (key[0].bit_length() + 7) // 8
    if length < len(info) + 11:
        return False
    wanted = b"\x00\x01" + b"\xff" * (length - len(info) - 3) + b"\x00" + info
    return rsa_encoded(key, signature) == int.from_bytes(wanted, "big")


def verify_rsa_pss(key, hash_name, digest, signature):
    """RFC 8017 section 9.1.2, with a salt as long as the digest and MGF1 of the same hash."""
    encoded, size, bits = rsa_encoded(key, signature), len(digest), key[0].bit_length() - 1
    length = (bits + 7) // 8
    if encoded is None or encoded.bit_length() > bits or length < 2 * size + 2:
        return False
    data = encoded.to_bytes(length, "big")
    masked, seed = data[:-size - 1], data[-size - 1:-1]
    mask = b"".join(hashlib.new(hash_name, seed + struct.pack(">I", i)).digest() for i in range(-(-len(masked) // size)))
    block = bytes(a ^ b for a, b in zip(masked, mask))
    block = bytes((block[0] & 0xFF >> 8 * length - bits,)) + block[1:]
    if data[-1] != 0xBC or block[:-size] != bytes(len(block) - size - 1) + b"\x01":
        return False
    return hashlib.new(hash_name, bytes(8) + digest + block[-size:]).digest() == seed


SIGNED_DATA, ID_DATA, TST_INFO = oid("1.2.840.113549.1.7.2"), oid("1.2.840.113549.1.7.1"), oid("1.2.840.113549.1.9.16.1.4")
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (oid("1.2.840.113549.1.9.%d" % n) for n in (3, 4, 5))
ALGORITHM_PROTECTION = oid("1.2.840.113549.1.9.52")
SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2, TIME_STAMP_TOKEN = (
    oid("1.2.840.113549.1.9.16.2.%d" % n) for n in (12, 47, 14))
SHA256, SHA384, SHA512 = (oid("2.16.840.1.101.3.4.2.%d" % n) for n in (1, 2, 3))
HASHES = {SHA256: "sha256", SHA384: "sha384", SHA512: "sha512"}
RSA_KEY, RSA_PSS, MGF1 = (oid("1.2.840.113549.1.1.%d" % n) for n in (1, 10, 8))
RSA_WITH = {oid("1.2.840.113549.1.1.%d" % n): h for n, h in ((11, SHA256), (12, SHA384), (13, SHA512))}
EC_KEY = oid("1.2.840.10045.2.1")
ECDSA_WITH = {oid("1.2.840.10045.4.3.%d" % n): h for n, h in ((2, SHA256), (3, SHA384), (4, SHA512))}
KEY_USAGE, EXTENDED_KEY_USAGE, TIME_STAMPING = oid("2.5.29.15"), oid("2.5.29.37"), oid("1.3.6.1.5.5.7.3.8")
KEY_IDENTIFIER = oid("2.5.29.14")
# A time stamp's serial number, and how far its signing time may be from its time, beside the accuracy.
SERIAL_BITS_MAX, SIGNING_APART_MAX = 160, 60 * 10**9
RSA_BITS_MIN, RSA_BITS_MAX = 3072, 16384
MAX_CERTIFICATES = 16
MAX_SIGNATURE = 256 << 10
MAX_MANIFEST = 1 << 20
MAX_SIGNATURES = 99

Certificate = collections.namedtuple("Certificate", "raw serial issuer subject start end key extensions")
SignerInfo = collections.namedtuple("SignerInfo", "certificate hash method signed message_digest value token time")


def parse_certificate(value):
    """RFC 5280 section 4.1. The key is ("ec", curve, point), ("rsa", (n, e)) or None; extensions are (critical, value)."""
    body, algorithm, signature = der_items(value, SEQUENCE, 3, 3)
    if der_body(signature, BIT_STRING)[0] != 0:
        raise Refused("a certificate whose signature is not of whole bytes")
    parts = list(der_items(body, SEQUENCE, 6, 10))
    version = 0
    if parts[0].tag == 0xA0:
        version = der_integer(der_items(parts.pop(0), 0xA0, 1, 1)[0])
    if len(parts) < 6 or version not in (0, 1, 2) or parts[1].raw != algorithm.raw:
        raise Refused("a certificate of another form")
    der_body(parts[0], INTEGER)
    for name in (parts[2], parts[4]):
        for part in der_items(name, SEQUENCE, 0, 100):
            for pair in der_items(part, SET, 1, 100):
                der_body(der_items(pair, SEQUENCE, 2, 2)[0], OID)
    start, end = (der_time(t) for t in der_items(parts[3], SEQUENCE, 2, 2))
    extensions = {}
    for part in parts[6:]:
        if part.tag == 0xA3 and version == 2:
            for extension in der_items(der_items(part, 0xA3, 1, 1)[0], SEQUENCE, 1, 100):
                items = der_items(extension, SEQUENCE, 2, 3)
                name = der_body(items[0], OID)
                if name in extensions or len(items) == 3 and der_body(items[1], BOOLEAN) != b"\xff":
                    raise Refused("an extension twice, or in another spelling")
                extensions[name] = (len(items) == 3, parse_der(der_body(items[-1], OCTET_STRING)))
        elif part.tag not in (0x81, 0x82):
            raise Refused("a certificate of another form")
    return Certificate(value.raw, parts[0].raw, parts[2].raw, parts[4].raw, start, end, parse_key(parts[5]), extensions)


def parse_key(value):
    algorithm, bits = der_items(value, SEQUENCE, 2, 2)
    algorithm = der_items(algorithm, SEQUENCE, 1, 2)
    kind, bits = der_body(algorithm[0], OID), der_body(bits, BIT_STRING)
    if bits[0] != 0:
        raise Refused("a key that is not of whole bytes")
    if kind == RSA_KEY:
        n, e = (der_integer(item) for item in der_items(parse_der(bits[1:]), SEQUENCE, 2, 2))
        if n < 1 or e < 3 or not e & 1:
            raise Refused("no RSA key")
        return "rsa", (n, e)
    if kind == EC_KEY and len(algorithm) == 2 and algorithm[1].tag == OID and algorithm[1].body in CURVES:
        curve = CURVES[algorithm[1].body]
        size = (curve.p.bit_length() + 7) // 8
        x, y = int.from_bytes(bits[2:2 + size], "big"), int.from_bytes(bits[2 + size:], "big")
        if len(bits) != 2 + 2 * size or bits[1] != 4 or x >= curve.p or y >= curve.p or (
                y * y - x * x * x + 3 * x - curve.b) % curve.p:
            raise Refused("no point of the curve")
        return "ec", curve, (x, y)
    return None


def parse_attributes(value, tag):
    """A SET under the tag: object identifiers, each once and with one value."""
    result = {}
    for item in der_items(value, tag, 0, 1000):
        name, values = der_items(item, SEQUENCE, 2, 2)
        if der_body(name, OID) in result:
            raise Refused("an attribute twice")
        result[name.body] = der_items(values, SET, 1, 1)[0]
    return result


def find_method(signature, digest):
    """The hash and what verifies, of the identifiers of a signature and its digest, or None."""
    items, digests = der_items(signature, SEQUENCE, 1, 2), der_items(digest, SEQUENCE, 1, 2)
    name, hash_id = der_body(items[0], OID), der_body(digests[0], OID)
    null = b"\x05\x00"
    if hash_id not in HASHES or len(digests) == 2 and digests[1].raw != null:
        return None
    parameters = items[1].raw if len(items) == 2 else b""
    if ECDSA_WITH.get(name) == hash_id and not parameters:
        return "ec"
    if (name == RSA_KEY or RSA_WITH.get(name) == hash_id) and parameters == null:
        return "pkcs1"
    if name == RSA_PSS:
        size = hashlib.new(HASHES[hash_id]).digest_size
        for ending in (null, b""):
            identifier = der_spell(SEQUENCE, der_spell(OID, hash_id) + ending)
            mask = der_spell(SEQUENCE, der_spell(OID, MGF1) + identifier)
            if parameters == der_spell(SEQUENCE, der_spell(0xA0, identifier) + der_spell(0xA1, mask)
                                       + der_spell(0xA2, der_spell(INTEGER, bytes((size,))))):
                return "pss"
    return None


def der_spell(tag, body):
    """A value of less than 64 KiB."""
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes(1 if len(body) < 0x100 else 2, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def parse_signed_data(data, version, content_type):
    """RFC 5652 section 5.1: a signature with one signer. Returns the content, or None if there is none, and SignerInfo."""
    name, inner = der_items(data, SEQUENCE, 2, 2)
    if der_body(name, OID) != SIGNED_DATA:
        raise Refused("no SignedData")
    parts = list(der_items(der_items(inner, 0xA0, 1, 1)[0], SEQUENCE, 4, 6))
    if der_integer(parts[0]) != version:
        raise Refused("SignedData of another version")
    digest, = der_items(parts[1], SET, 1, 1)
    encapsulated = der_items(parts[2], SEQUENCE, 1, 2)
    if der_body(encapsulated[0], OID) != content_type:
        raise Refused("content of another type")
    content = None
    if len(encapsulated) == 2:
        content = der_body(der_items(encapsulated[1], 0xA0, 1, 1)[0], OCTET_STRING)
    certificates = []
    if parts[3].tag == 0xA0:
        certificates = [parse_certificate(item) for item in der_items(parts.pop(3), 0xA0, 0, MAX_CERTIFICATES)]
    if len(parts) != 4:
        raise Refused("revocation lists, or something else, in SignedData")
    signer, = der_items(parts[3], SET, 1, 1)
    return content, parse_signer(signer, digest, certificates, content_type)


def parse_signer(value, announced, certificates, content_type):
    """RFC 5652 section 5.3, with the form that container.md asks for."""
    parts = list(der_items(value, SEQUENCE, 6, 7))
    in_token = content_type == TST_INFO
    by_key = in_token and parts[1].tag == 0x80
    if der_integer(parts[0]) != (3 if by_key else 1):
        raise Refused("SignerInfo of another version, or whose signer is not named by issuer and serial number")
    named = None if by_key else tuple(item.raw for item in der_items(parts[1], SEQUENCE, 2, 2))
    digests = [announced.raw, parts[2].raw]
    if in_token:
        digests = [der_body(der_items(item, SEQUENCE, 1, 2)[0], OID) for item in (announced, parts[2])]
    if digests[0] != digests[1]:
        raise Refused("a digest algorithm that is not the one announced")
    signed = parse_attributes(parts[3], 0xA0)
    unsigned = parse_attributes(parts[6], 0xA1) if len(parts) == 7 else {}
    if content_type == ID_DATA and set(unsigned) - {TIME_STAMP_TOKEN}:
        raise Refused("an unsigned attribute but a time stamp")
    for name in (CONTENT_TYPE, MESSAGE_DIGEST) + ((SIGNING_TIME,) if content_type == ID_DATA else ()):
        if name not in signed:
            raise Refused("a signed attribute is missing")
    if der_body(signed[CONTENT_TYPE], OID) != content_type:
        raise Refused("a content type attribute of another type")
    if ALGORITHM_PROTECTION in signed and content_type == TST_INFO:
        inner = der_items(signed[ALGORITHM_PROTECTION], SEQUENCE, 2, 2)
        if inner[0].raw != parts[2].raw or inner[1].raw[1:] != parts[4].raw[1:]:
            raise Refused("other algorithms than the signed attributes name")
    certificate = signing_certificate(signed, certificates, content_type)
    if by_key:
        _, identifier = certificate.extensions.get(KEY_IDENTIFIER, (False, None))
        if identifier is None or der_body(identifier, OCTET_STRING) != parts[1].body:
            raise Refused("the certificate of the attribute has another key identifier")
    elif (certificate.issuer, certificate.serial) != named:
        raise Refused("the certificate of the attribute is not the signer's")
    der_items(parts[4], SEQUENCE, 1, 2)
    # RFC 5652 section 5.4: what is signed is a SET in DER, so sorted.
    text = der_spell(SET, b"".join(sorted(item.raw for item in parts[3].items)))
    time = der_time(signed[SIGNING_TIME]) if SIGNING_TIME in signed else None
    return SignerInfo(certificate, der_body(der_items(parts[2], SEQUENCE, 1, 2)[0], OID), find_method(parts[4], parts[2]),
                      text, der_body(signed[MESSAGE_DIGEST], OCTET_STRING), der_body(parts[5], OCTET_STRING),
                      unsigned.get(TIME_STAMP_TOKEN), time)


def signing_certificate(signed, certificates, content_type):
    """RFC 5035 section 3: the certificate that the attribute names first, by SHA-256; in tokens also RFC 2634 section 5.4."""
    hash_name = "sha256"
    if SIGNING_CERTIFICATE_V2 in signed:
        named = der_items(der_items(der_items(signed[SIGNING_CERTIFICATE_V2], SEQUENCE, 1, 2)[0], SEQUENCE, 1, 100)[0],
                          SEQUENCE, 1, 3)
        if named[0].tag == SEQUENCE:
            if der_body(der_items(named[0], SEQUENCE, 1, 2)[0], OID) != SHA256:
                raise Refused("a signing certificate that is not named by SHA-256")
            named = named[1:]
    elif SIGNING_CERTIFICATE in signed and content_type == TST_INFO:
        named = der_items(der_items(der_items(signed[SIGNING_CERTIFICATE], SEQUENCE, 1, 2)[0], SEQUENCE, 1, 100)[0],
                          SEQUENCE, 1, 2)
        hash_name = "sha1"
    else:
        raise Refused("no signing certificate attribute")
    wanted = der_body(named[0], OCTET_STRING) if named else None
    for certificate in certificates:
        if hashlib.new(hash_name, certificate.raw).digest() == wanted:
            return certificate
    raise Refused("the certificate of the signer is not in the signature")


def is_signed(signer):
    """Whether the signature over the attributes is good under the certificate's key."""
    key, hash_name = signer.certificate.key, HASHES[signer.hash]
    digest = hashlib.new(hash_name, signer.signed).digest()
    if key[0] != {"ec": "ec", "pkcs1": "rsa", "pss": "rsa"}[signer.method]:
        return False
    if key[0] == "ec":
        return verify_ecdsa(key[1], key[2], digest, signer.value)
    verify = verify_rsa_pkcs1 if signer.method == "pkcs1" else verify_rsa_pss
    return verify(key[1], hash_name, digest, signer.value)


def is_for_signatures(certificate):
    """RFC 5280 section 4.2.1.3: digitalSignature or nonRepudiation, if it has a key usage."""
    if KEY_USAGE not in certificate.extensions:
        return True
    bits = der_body(certificate.extensions[KEY_USAGE][1], BIT_STRING)
    return len(bits) > 1 and bool(bits[1] & 0xC0)


def unsupported(signer):
    """Why container.md leaves a signature by this algorithm, key or certificate indeterminate, or None."""
    key = signer.certificate.key
    if signer.method is None or signer.hash == SHA512:
        return "was made by an algorithm that is not taken"
    if key is None or key[0] != ("ec" if signer.method == "ec" else "rsa"):
        return "has a key that is not for its algorithm"
    if key[0] == "ec" and key[1] is not CURVES[oid("1.2.840.10045.3.1.7" if signer.hash == SHA256 else "1.3.132.0.34")]:
        return "has a key of another curve than its algorithm's"
    if key[0] == "rsa" and not RSA_BITS_MIN <= key[1][0].bit_length() <= RSA_BITS_MAX:
        return "has an RSA key of a length that is not taken"
    if not is_for_signatures(signer.certificate):
        return "has a certificate that is for neither digitalSignature nor nonRepudiation"
    return None


def check_token(token, value):
    """RFC 3161 sections 2.4.2 and 2.3: the time stamp is over the signature value and good under the certificate in it."""
    if len(token.raw) > MAX_TIME_STAMP:
        raise Refused("a time stamp of more than 64 KiB")
    content, signer = parse_signed_data(token, 3, TST_INFO)
    if content is None:
        raise Refused("a time stamp without content")
    parts = list(der_items(parse_der(content), SEQUENCE, 5, 10))
    serial = int.from_bytes(der_body(parts[3], INTEGER), "big", signed=True)
    if der_integer(parts[0]) != 1 or (serial if serial >= 0 else ~serial).bit_length() > SERIAL_BITS_MAX:
        raise Refused("TSTInfo of another version, or with too long a number")
    der_body(parts[1], OID)
    imprint, hashed = der_items(parts[2], SEQUENCE, 2, 2)
    if der_body(der_items(imprint, SEQUENCE, 1, 2)[0], OID) != SHA256 or (
            der_body(hashed, OCTET_STRING) != hashlib.sha256(value).digest()):
        raise Refused("a time stamp that is not over the signature")
    if parts[4].tag != GENERALIZED_TIME:
        raise Refused("a time stamp without a time")
    time, certificate = der_time(parts[4]), signer.certificate
    accuracy = 0
    for part in parts[5:]:
        if part.tag == SEQUENCE:
            accuracy = parse_accuracy(part)
        elif part.tag == 0xA1:
            refuse_critical(part)
    if signer.time is not None and abs(signer.time - time) > SIGNING_APART_MAX + accuracy:
        raise Refused("a time stamp that was signed more than a minute from its time")
    if signer.hash in HASHES and hashlib.new(HASHES[signer.hash], content).digest() != signer.message_digest:
        raise Refused("a time stamp over another content")
    if signer.method is None or certificate.key is None:
        raise Undecided("a time stamp by an algorithm that this program does not have")
    if certificate.key[0] == "rsa" and certificate.key[1][0].bit_length() > RSA_BITS_MAX:
        raise Undecided("a time stamp by an RSA key that is too long for this program")
    if not is_signed(signer):
        raise Refused("a time stamp whose signature is bad")
    critical, usage = certificate.extensions.get(EXTENDED_KEY_USAGE, (False, None))
    if not critical or [item.body for item in der_items(usage, SEQUENCE, 1, 100)] != [TIME_STAMPING]:
        raise Refused("a time stamp whose certificate is not for time stamps alone")
    if not certificate.start <= time < certificate.end + 10**9 or not is_for_signatures(certificate):
        raise Refused("a time stamp whose certificate was not valid then, or is not for signatures")
    for part in parts[5:]:
        if part.tag == 0xA0 and der_items(part, 0xA0, 1, 1)[0].raw != der_spell(0xA4, certificate.subject):
            raise Undecided("the name in a time stamp is not spelled as its certificate's")


def parse_accuracy(value):
    """RFC 3161 section 2.4.2: nanoseconds, of seconds from 0, and of millionths and thousandths from 1 to 999."""
    accuracy = 0
    for part in der_items(value, SEQUENCE, 0, 3):
        number = int.from_bytes(part.body, "big", signed=True)
        least, most, unit = {INTEGER: (0, 2**31 - 1, 10**9), 0x80: (1, 999, 10**6), 0x81: (1, 999, 10**3)}.get(
            part.tag, (1, 0, 0))
        if not part.body or not least <= number <= most:
            raise Refused("an accuracy of another form")
        accuracy += number * unit
    return accuracy


def refuse_critical(value):
    """Extensions of a time stamp (an implicit tag): none that is critical is understood."""
    for extension in der_items(value, 0xA1, 1, 100):
        items = der_items(extension, SEQUENCE, 2, 3)
        if len(items) == 3 and der_body(items[1], BOOLEAN) != b"\0":
            raise Refused("a time stamp with a critical extension")


META_INF, MIMETYPE = "META-INF/", "mimetype"
CONTAINER_TYPE = b"application/vnd.etsi.asic-e+zip"


class ContainerBag(ZipBag):
    """container.md: a ZIP file that begins with mimetype, and holds manifests and signatures beside the bag."""

    def __init__(self, stream):
        self.signatures = 0
        super().__init__(stream)
        meta = {name for name in self.entries if (name.upper() + "/").startswith(META_INF)}
        while {manifest_name(self.signatures + 1), signature_name(self.signatures + 1)} <= meta:
            self.signatures += 1
        if self.content(MIMETYPE, len(CONTAINER_TYPE)) != (CONTAINER_TYPE, True):
            raise Refused("no mimetype of an ASiC-E container")
        if not 1 <= self.signatures <= MAX_SIGNATURES or len(meta) != 2 * self.signatures:
            raise Refused("something else in META-INF than manifests, each with its signature")
        self.files = [name for name in self.entries if name not in meta and name != MIMETYPE]
        for name in self.files:
            if not name.startswith("bag/"):
                raise Refused("a file outside of the bag: " + shown(name))
        if not self.files:
            raise Refused("a container without a file")

    def read_entry(self, directory, at, local, previous):
        """All but mimetype, the first, ascend."""
        first = not self.entries
        at, local, previous = super().read_entry(directory, at, local, previous)
        if first != (previous == MIMETYPE.encode()):
            raise Refused("mimetype is not the first file, and only that")
        return at, local, None if first else previous

    def names(self):
        return list(self.files)

    def content(self, name, limit):
        """The bytes, and whether they have their CRC-32."""
        if self.entries[name].length > limit:
            raise Refused("%s is too long" % name)
        with self.open(name) as stream:
            data = stream.read()
        return data, zlib.crc32(data) == self.entries[name].crc

    def digest(self, name):
        """SHA-256, and whether the CRC-32 is right."""
        digest, crc = hashlib.sha256(), 0
        with self.open(name) as stream:
            for chunk in iter(lambda: stream.read(CHUNK), b""):
                digest.update(chunk)
                crc = zlib.crc32(chunk, crc)
        return digest.digest(), crc == self.entries[name].crc


def manifest_name(number):
    return "%sASiCManifest%03d.xml" % (META_INF, number)


def signature_name(number):
    return "%ssignature%03d.p7s" % (META_INF, number)


def spell_asic_manifest(number, digests):
    """container.md, A manifest: what it has to be follows from the files and its number."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>',
             '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" '
             'xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
             '<asic:SigReference URI="%s" MimeType="application/pkcs7-signature"/>' % signature_name(number)]
    for name in sorted(digests):
        lines.append('<asic:DataObjectReference URI="%s"><ds:DigestMethod '
                     'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>%s</ds:DigestValue>'
                     '</asic:DataObjectReference>' % (name, base64.b64encode(digests[name]).decode()))
    return "\n".join(lines + ["</asic:ASiCManifest>", ""]).encode("ascii")


def check_signers(bag, trusted, report):
    """container.md, What a reader must refuse, of each signature. No chain of certificates is built."""
    if not isinstance(bag, ContainerBag):
        if trusted:
            report.undecided("signers", "", "nobody signed the bundle as a person; it is in no container")
        return
    found = {name: bag.digest(name) for name in bag.entries}
    damaged = sorted(name for name, (_, good) in found.items() if not good)
    digests = {name: found[name][0] for name in bag.files}
    for number in range(1, bag.signatures + 1):
        where = signature_name(number)
        try:
            if damaged:
                raise Refused("has not the CRC-32 of its header: " + damaged[0])
            doubt = check_container_signature(bag, number, digests)
        except Refused as refused:
            report.fail("signers", where, str(refused))
        except Undecided as undecided:
            report.undecided("signers", where, str(undecided))
        else:
            if trusted:
                report.undecided("signers", where, doubt or "the signature is good under the certificate in it; whether "
                                 "that is vouched for is not judged here: no chains of certificates are built")
            else:
                report.add("files", PASSED, where, (doubt or "the signature is good under the certificate in it")
                           + "; whose it is was not judged")


def check_container_signature(bag, number, digests):
    """Returns why the signature is indeterminate, whoever is trusted, or None."""
    manifest, _ = bag.content(manifest_name(number), MAX_MANIFEST)
    if manifest != spell_asic_manifest(number, digests):
        raise Refused("its manifest is not the one over all files as they are")
    data, _ = bag.content(signature_name(number), MAX_SIGNATURE)
    content, signer = parse_signed_data(parse_der(data), 1, ID_DATA)
    if content is not None:
        raise Refused("a signature with its content in it")
    # The form of a time stamp is part of the signature's; a time stamp that cannot be judged is left for the end.
    later = None
    try:
        if signer.token is not None:
            check_token(signer.token, signer.value)
    except Undecided as undecided:
        later = undecided
    if signer.method is None:
        return unsupported(signer)
    if hashlib.new(HASHES[signer.hash], manifest).digest() != signer.message_digest:
        raise Refused("it is over another manifest")
    doubt = unsupported(signer)
    if doubt is None and not is_signed(signer):
        raise Refused("it is not good under the key of its certificate")
    if later is not None:
        raise later
    return doubt


# ---------------------------------------------------------------------------
# Steps 1 to 6: files, manifests, scope, signature, order, anchor
# ---------------------------------------------------------------------------

MANIFEST_LINE = re.compile("([0-9a-f]{64})  ([ -~]+)")
SIGNED_LABEL = b"evidence-vault/bundle/v1"
SCOPE_MEMBERS = ("format", "logId", "completeness", "actors", "services", "destroyed", "verifierKey", "postQuantumKey",
                 "successions")
ANCHOR_MEMBERS = ("format", "index", "time", "superRoot", "entries", "slot", "nonce", "superPath", "nodePath")
ANCHOR_HEAD = b"EVANC\x00\x00\x01"
SUPER_TREE_DEPTH = 20
LOG_ORIGIN = "evidencevault.dev/log/"
NODE_ORIGIN = "evidencevault.dev/node/"
# record.md, Tags
ACTOR_LABEL, SERVICE_LABEL = b"actor/v1\0", b"service/v1\0"

Scope = collections.namedtuple("Scope", "log_id completeness actors services destroyed proofs key post_quantum_key history")
AnchorProof = collections.namedtuple("AnchorProof", "index time super_root entries slot nonce super_path node_path")


def check_files(bag, report):
    """Step 1: the sixteen files, those that may be there, no other, with their CRC-32. Returns what could be read."""
    expected = {"bag/" + name for name in ALL_FILES}
    optional = {"bag/" + name for name in OPTIONAL_FILES}
    present = set(bag.names())
    for name in sorted(present - expected - optional):
        report.fail("files", shown(name), "a file that should not be there")
    for name in sorted(expected - present):
        report.fail("files", name, "is missing")
    contents = {}
    for name in sorted(ALL_FILES.union(OPTIONAL_FILES)):
        if "bag/" + name not in present:
            continue
        try:
            contents[name], good = read_content(bag, name)
        except Refused as refused:
            report.fail("files", name, str(refused))
            continue
        if not good:
            report.fail("files", name, "has not the CRC-32 of its header")
    if BAGIT in contents and contents[BAGIT].data != BAGIT_TEXT:
        report.fail("files", BAGIT, "another text than that of BagIt 1.0")
    report.holds("files")
    return contents


def parse_manifest(data):
    """The bag, Manifests: a list of digest and path, ascending by path."""
    text = decode_utf8(data)
    if not text.endswith("\n"):
        raise Refused("a manifest that does not end with a line feed")
    result = []
    for line in text[:-1].split("\n"):
        match = MANIFEST_LINE.fullmatch(line)
        if not match:
            raise Refused("a line of a manifest in another spelling: " + shown(line))
        check_file_name(match.group(2))
        if result and result[-1][1] >= match.group(2):
            raise Refused("paths in a manifest that do not ascend")
        result.append((bytes.fromhex(match.group(1)), match.group(2)))
    return result


def check_manifests(contents, report):
    """Step 2: both manifests list exactly the files that they should, with their digests."""
    present = ALL_FILES.union(name for name in OPTIONAL_FILES if name in contents)
    payload = present.intersection(PAYLOAD + PAYLOAD_COMPANIONS)
    others = present.difference(payload, (TAG_MANIFEST, SIGNATURE, POST_QUANTUM_SIGNATURE))
    for manifest, listed in ((MANIFEST, sorted(payload)), (TAG_MANIFEST, sorted(others))):
        if manifest not in contents:
            report.fail("manifest", manifest, "is missing or could not be read")
            continue
        try:
            entries = parse_manifest(contents[manifest].data)
        except Refused as refused:
            report.fail("manifest", manifest, str(refused))
            continue
        if [path for _, path in entries] != listed:
            report.fail("manifest", manifest, "does not list exactly the files that it should")
        for digest, path in entries:
            if path in contents and contents[path].digest != digest:
                report.fail("manifest", path, "has another digest than in " + manifest)
    report.holds("manifest")


def parse_scope(data):
    """The bag, scope.json; step 3. Actors and services are names with tags; proofs are (label, name, tag, proof)."""
    scope = parse_one_spelling(data, SCOPE_MEMBERS, ("destroyed", "postQuantumKey", "successions"))
    if scope["format"] != "evidence-vault-scope/1":
        raise Refused("another format than evidence-vault-scope/1")
    if scope["completeness"] not in ("index", "headers", "range"):
        raise Refused("completeness is neither index nor headers nor range")
    proofs = []
    actors = parse_tags(scope["actors"], "actors", ACTOR_LABEL, proofs)
    services = parse_tags(scope["services"], "services", SERVICE_LABEL, proofs)
    tags = list(actors.values()) + list(services.values())
    if len(set(tags)) != len(tags):
        raise Refused("two names share a tag")
    if not RESERVED_TAGS.isdisjoint(tags):
        raise Refused("a value that is no tag of a name stands for one")
    destroyed = require_count(scope["destroyed"], "destroyed") if "destroyed" in scope else 0
    if "destroyed" in scope and destroyed == 0:
        raise Refused("destroyed is there and 0")
    key = parse_verifier_key(scope["verifierKey"])
    if key.type not in VAULT_KEY_TYPES:
        raise Refused("verifierKey is neither of Ed25519 nor of ECDSA P-384")
    post_quantum_key = None
    if "postQuantumKey" in scope:
        post_quantum_key = parse_verifier_key(scope["postQuantumKey"])
        if post_quantum_key.type != ML_DSA_44 or post_quantum_key.name != key.name:
            raise Refused("postQuantumKey is no ML-DSA-44 key of the same name")
    return Scope(decode_hex(scope["logId"], TAG, "logId"), scope["completeness"], actors, services, destroyed, proofs,
                 key, post_quantum_key, parse_history((key, post_quantum_key), scope))


def parse_tags(value, what, label, proofs):
    """An object of names, ascending by UTF-16 code units, with their tags and the proofs of these."""
    if not isinstance(value, dict):
        raise Refused(what + " is no object")
    if list(value) != sorted(value, key=lambda name: name.encode("utf-16-be")):
        raise Refused(what + " do not ascend")
    tags = {}
    for name, members in value.items():
        require_members(members, ("tag", "proof"), "a tag")
        tags[name] = decode_hex(members["tag"], TAG, "a tag")
        proofs.append((label, name, tags[name], decode_hex(members["proof"], TAG_PROOF, "the proof of a tag")))
    return tags


def check_scope(contents, keys, known, report):
    """Step 3: the scope parses; keys that were given are of its history, or of the known one that continues it."""
    if SCOPE not in contents:
        return None
    try:
        scope = parse_scope(contents[SCOPE].data)
    except Refused as refused:
        report.fail("files", SCOPE, str(refused))
        return None
    history = scope.history.joined(known) if known is not None else scope.history
    own = history.texts() if history is not None else ()
    for key in keys:
        if key.text not in own:
            report.fail("signature", SCOPE, "the bundle is not of the key that was given, but of "
                        + shown(scope.key.text, 200))
    if not keys:
        report.add("signature", PASSED, SCOPE, "no key was given: compare with the vault's owner whether the key is "
                   + shown(scope.key.text, 200))
    return scope if history is None else scope._replace(history=history)


def check_signatures(contents, scope, report):
    """Step 4: a signature over the tag manifest as it was found, under each of the scope's keys."""
    check_signature(contents, SIGNATURE, scope.key, report, scope.post_quantum_key is not None)
    if scope.post_quantum_key is not None:
        check_signature(contents, POST_QUANTUM_SIGNATURE, scope.post_quantum_key, report)
    elif POST_QUANTUM_SIGNATURE in contents:
        report.fail("files", POST_QUANTUM_SIGNATURE, "a signature with a key that the scope does not have")
    report.holds("signature")


def check_signature(contents, name, key, report, names_second=False):
    """Step 4: a note with one signature, over the tag manifest (and the file of the second signature), under the key."""
    if name not in contents or TAG_MANIFEST not in contents:
        report.fail("signature", name, "it was removed, for the scope has its key, or it or the tag manifest could not "
                    "be read")
        return
    try:
        note = parse_note(contents[name].data, 1)
    except Refused as refused:
        report.fail("signature", name, str(refused))
        return
    signed = [TAG_MANIFEST] + ([POST_QUANTUM_SIGNATURE] if names_second else [])
    lines = [contents[file].digest.hex().encode("ascii") for file in signed if file in contents]
    if note.text != b"\n".join([SIGNED_LABEL] + lines) + b"\n":
        report.fail("signature", name, "is not over %s" % " and ".join(signed))
    elif not is_of(note.signatures[0], key):
        report.fail("signature", name, "is not of the scope's key")
    elif verify_text_signature(note.text, note.signatures[0], key) != 0:
        report.fail("signature", name, "the signature is bad")


def check_order(contents, scope, report):
    """Step 5: the order is well-formed; the scope has exactly its actors and services, and may answer it so."""
    if ORDER not in contents:
        return None
    try:
        order = parse_order(contents[ORDER].data)
    except Refused as refused:
        report.fail("order", ORDER, str(refused))
        return None
    if scope is not None:
        for what, names, tags in (("actors", order.actors, scope.actors), ("services", order.services, scope.services)):
            if set(names or ()) != set(tags):
                report.fail("order", SCOPE, "has other %s than the order" % what)
        if (scope.completeness == "range") != order.by_recording:
            report.fail("completeness", SCOPE, "says range, and the order's clock is not recorded, or the reverse")
        if scope.completeness == "index" and not order.actors and not order.privileged_only:
            report.fail("completeness", SCOPE, "an order that names no actors and asks for more than acts under a "
                        "privilege cannot be answered by indexes of actors")
    return order


def parse_anchor_proof(data):
    """anchor.md, Proof, and what a reader must refuse of one."""
    proof = parse_one_spelling(data, ANCHOR_MEMBERS)
    if proof["format"] != "evidence-vault-anchor-proof/1":
        raise Refused("another format than evidence-vault-anchor-proof/1")
    slot = require_count(proof["slot"], "slot")
    super_path = parse_digests(proof["superPath"], "superPath")
    if slot >= 1 << SUPER_TREE_DEPTH or len(super_path) != SUPER_TREE_DEPTH:
        raise Refused("a slot or a superPath outside of the super-tree")
    return AnchorProof(require_count(proof["index"], "index"), parse_time(proof["time"]),
                       decode_hex(proof["superRoot"], DIGEST, "superRoot"),
                       decode_hex(proof["entries"], DIGEST, "entries"), slot,
                       decode_hex(proof["nonce"], DIGEST, "nonce"), super_path,
                       parse_digests(proof["nodePath"], "nodePath"))


def follow_anchor_proof(proof, checkpoint, node):
    """anchor.md, Proof: from the log's head to the root in the node's checkpoint."""
    result = hash_leaf(proof.nonce + hashlib.sha256(checkpoint.text).digest())
    for level, sibling in enumerate(proof.super_path):
        right = proof.slot >> level & 1
        result = hash_node(sibling, result) if right else hash_node(result, sibling)
    if result != proof.super_root:
        raise Refused("superPath does not lead from the log's head to superRoot")
    head = ANCHOR_HEAD + struct.pack(">qq", proof.index, proof.time) + proof.super_root + proof.entries
    if root_of_inclusion(proof.index, node.size, hash_leaf(head), proof.node_path) != node.root:
        raise Refused("nodePath does not lead from the anchor to the root in the node's checkpoint")


def check_anchors(contents, scope, witnesses, report):
    """Step 6. Returns the head of the log, and the time of the anchor if the way to it holds; or None for each."""
    checkpoint = proof = None
    where = CHECKPOINT
    try:
        for where in (CHECKPOINT, ANCHOR, NODE_CHECKPOINT):
            if where not in contents:
                raise Refused("is missing or could not be read")
        where = CHECKPOINT
        head = parse_checkpoint(contents[CHECKPOINT].data)
        if head.origin != LOG_ORIGIN + scope.log_id.hex():
            raise Refused("is not of the scope's log")
        checkpoint, where = head, ANCHOR
        proof, where = parse_anchor_proof(contents[ANCHOR].data), NODE_CHECKPOINT
        note = parse_note(contents[NODE_CHECKPOINT].data, MAX_NODE_SIGNATURES)
        node = parse_checkpoint(note.text)
        if node.origin != scope.key.name:
            raise Refused("its origin is not the name of the scope's key")
        signing = scope.history.at(node.size)
        check_vault_lines(note, signing)
        check_witness_lines(note, signing, witnesses, report)
        where = ANCHOR
        follow_anchor_proof(proof, checkpoint, node)
    except Refused as refused:
        report.fail("anchors", where, str(refused))
        return checkpoint, None
    report_time_stamps(contents, scope, report)
    if not report.failed("anchors"):
        report.add("anchors", PASSED, ANCHOR, "the log had %d leaves at the anchor of %s"
                   % (checkpoint.size, format_time(proof.time)))
    report.holds("anchors")
    return checkpoint, proof.time


def report_time_stamps(contents, scope, report):
    """Step 6: time stamps are not checked here. Says which are there, and how OpenSSL checks them."""
    lines = 4 + len(vault_keys(scope))
    for name in TIME_STAMPS:
        if name in contents:
            report.add("files", PASSED, name, "a time stamp, which was not checked. In the bag: head -n %d %s > "
                       "../checkpoint; openssl ts -verify -data ../checkpoint -in %s -CAfile ROOT.pem"
                       % (lines, NODE_CHECKPOINT, name))


def vault_keys(scope):
    return [scope.key] + ([scope.post_quantum_key] if scope.post_quantum_key else [])


def check_vault_lines(note, keys):
    """Step 6: the first lines are of the keys that sign then, in their order; anchor.md, Parts: time 0."""
    if len(note.signatures) < len(keys):
        raise Refused("lacks a signature of the vault")
    for key, signature in zip(keys, note.signatures):
        if not is_of(signature, key):
            raise Refused("a line that should be of the vault's %s key is not" % TYPE_NAMES[key.type])
        if verify_note_signature(note.text, signature, key) != 0:
            raise Refused("the signature of the vault's %s key is bad" % TYPE_NAMES[key.type])


def check_witness_lines(note, keys, witnesses, report):
    """Step 6: lines below count with keys that were given. A bad one fails, none of it is indeterminate."""
    below = note.signatures[len(keys):]
    if any(is_of(signature, key) for signature in below for key in keys):
        raise Refused("a further line of the vault among those of witnesses")
    for witness in witnesses:
        lines = [signature for signature in below if is_of(signature, witness)]
        if not lines:
            report.undecided("anchors", NODE_CHECKPOINT, "no line of the witness " + shown(witness.name))
        for signature in lines:
            time = verify_note_signature(note.text, signature, witness)
            if time is None:
                report.fail("anchors", NODE_CHECKPOINT, "a bad line of the witness " + shown(witness.name))
            else:
                report.add("anchors", PASSED, NODE_CHECKPOINT, "a good line of the witness %s, %s"
                           % (shown(witness.name), "Unix time %d" % time if time else "without a time"))
    unknown = sum(not any(is_of(signature, witness) for witness in witnesses) for signature in below)
    if unknown:
        report.add("anchors", PASSED, NODE_CHECKPOINT,
                   "%d lines below the vault's were not checked: no key of theirs was given" % unknown)


# ---------------------------------------------------------------------------
# Steps 7 and 8: the log
# ---------------------------------------------------------------------------

Segment = collections.namedtuple("Segment", "salt subtrees index line")
Run = collections.namedtuple("Run", "end subtrees")
IndexEntry = collections.namedtuple("IndexEntry", "tag first count root raw")


def parse_segment_line(data):
    """A line of segments.jsonl. The index is what is cut from the index of actors: entries and runs, or None."""
    members = parse_one_spelling(data, ("salt", "subtrees", "actors", "seal"), ("subtrees", "actors"))
    subtrees = parse_subtrees(members["subtrees"]) if "subtrees" in members else None
    index = None
    if "actors" in members:
        if not isinstance(members["actors"], list):
            raise Refused("actors is no list")
        index = [parse_index_item(item) for item in members["actors"]]
    line = require_string(members["seal"], "seal").encode("utf-8")
    return Segment(decode_hex(members["salt"], DIGEST, "salt"), subtrees, index, line)


def parse_subtrees(value):
    subtrees = parse_digests(value, "subtrees")
    if len(subtrees) > MAX_SUBTREES:
        raise Refused("more than %d subtrees" % MAX_SUBTREES)
    return subtrees


def parse_run(members):
    """A run is never empty, neither in leaves.jsonl nor in an index of actors."""
    require_members(members, ("to", "subtrees"), "a run")
    run = Run(require_count(members["to"], "to"), parse_subtrees(members["subtrees"]))
    if not run.subtrees:
        raise Refused("a run that is empty")
    return run


def parse_index_item(item):
    """actor-index.md, What is cut from it: an entry or a run."""
    if not isinstance(item, dict) or "entry" not in item:
        return parse_run(item)
    require_members(item, ("entry",), "an entry")
    raw = decode_hex(item["entry"], INDEX_ENTRY, "an entry")
    return IndexEntry(*struct.unpack(">16sqq32s", raw), raw)


HEADER_DIGITS = re.compile("(?:[0-9a-f]{2})+")


def parse_leaf_line(data):
    """A line of leaves.jsonl: a run, or the bytes of the header and what opens the record: its salt, a list of what opens
    its pieces, or None."""
    if data.startswith(b'{"to"'):
        return parse_run(parse_one_spelling(data, ("to", "subtrees")))
    members = parse_one_spelling(data, ("header", "salt", "fields"), ("salt", "fields"))
    if "fields" in members:
        if "salt" in members:
            raise Refused("a salt and fields")
        return decode_hex(members["header"], HEADER_DIGITS, "header"), parse_fields(members["fields"])
    salt = decode_hex(members["salt"], DIGEST, "salt") if "salt" in members else None
    return decode_hex(members["header"], HEADER_DIGITS, "header"), salt


PIECE_OPENING = re.compile("(?:[0-9a-f]{32}){1,2}")


def parse_fields(value):
    """The bag, A line of leaves.jsonl: a salt of each piece that is shown, a digest of each that is withheld."""
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_PIECES:
        raise Refused("fields is no list of 1 to %d" % MAX_PIECES)
    openings = [decode_hex(v, PIECE_OPENING, "fields") for v in value]
    if len(openings[0]) != PIECE_SALT_LENGTH or all(len(o) == PIECE_SALT_LENGTH for o in openings):
        raise Refused("fields that withhold the skeleton, or nothing")
    return openings


def hash_index_entry(raw):
    """actor-index.md, Entries."""
    return hash_leaf(b"evault-actors-v1" + raw)


def check_index_cut(items, size, root, tags):
    """actor-index.md, What a verifier must check, of what is cut from the index. Returns the entries, by tag."""
    tree, places, last_was_run = Tree(), [], False
    for item in items:
        if isinstance(item, Run):
            if last_was_run:
                raise Refused("a run of entries that follows on a run")
            if not tree.size < item.end <= size:
                raise Refused("a run of entries that is empty or goes beyond the end")
            tree.append_range(item.end, item.subtrees)
        else:
            if item.count < 1 or item.first < 0 or (item.first and item.tag in RESERVED_TAGS):
                raise Refused("an entry with a count or a first that it cannot have")
            if places and places[-1][1].tag >= item.tag:
                raise Refused("entries that do not ascend")
            places.append((tree.size, item))
            tree.append(hash_index_entry(item.raw))
        last_was_run = isinstance(item, Run)
    if (tree.size, tree.root()) != (size, root):
        raise Refused("another size or root than that of the index of actors in the seal")
    found = {item.tag: item for _, item in places}
    shown_tags = [item.tag for _, item in places]
    needed = tags & found.keys()
    for tag in tags - found.keys():
        after = bisect.bisect_left(shown_tags, tag)
        place_before = places[after - 1][0] if after else -1
        place_after = places[after][0] if after < len(places) else size
        if place_after != place_before + 1:
            raise Refused("neither the entry of a tag in question nor its absence is shown")
        needed.update(shown_tags[max(after - 1, 0):after + 1])
    if len(needed) != len(found):
        raise Refused("an entry that is not needed")
    return found


class IndexBuilder:
    """The entries of an index of actors under certain tags, or under all, from leaf headers in their order."""

    def __init__(self, tags=None):
        self.tags, self.entries = tags, {}

    def add(self, header, leaf):
        """Returns whether the header stands under one of the tags."""
        counts = dict(header.actors)
        if header.privileged:
            counts[PRIVILEGED_TAG] = 0
        if header.kind in (GAP, CHANGE):
            counts[NOTICES_TAG] = 0
        stands = False
        for tag, count in counts.items():
            if self.tags is None or tag in self.tags:
                self.entries.setdefault(tag, (count, Tree()))[1].append(leaf)
                stands = True
        return stands

    def entry(self, tag):
        """First, count and root; or None if nothing stands under the tag."""
        if tag not in self.entries:
            return None
        first, tree = self.entries[tag]
        return first, tree.size, tree.root()

    def root(self):
        tree = Tree()
        for tag in sorted(self.entries):
            tree.append(hash_index_entry(tag + struct.pack(">qq32s", *self.entry(tag))))
        return tree.root()


class NameTable:
    """Step 7.5: each name has the same tag everywhere in the bundle, and no other name has it.

    Keeps digests instead of names, so that memory does not depend on their length.
    """

    def __init__(self, names):
        self.tags, self.digests, self.units = {}, {}, 0
        for name, tag in names.items():
            self.agrees(name, tag)

    def agrees(self, name, tag):
        digest = hashlib.sha256(name.encode("utf-8")).digest()
        if digest not in self.tags:
            self.units += len(name.encode("utf-16-le")) // 2
        return self.tags.setdefault(digest, tag) == tag and self.digests.setdefault(tag, digest) == digest


class Headers:
    """What the headers of a segment say together: its times and its index of actors."""

    def __init__(self, tags=None):
        self.index = IndexBuilder(tags)
        self.earliest = self.latest = None

    def add(self, header, leaf):
        """Returns whether the header stands under one of the tags of the index."""
        self.earliest = header.occurred_at if self.earliest is None else min(self.earliest, header.occurred_at)
        self.latest = header.occurred_at if self.latest is None else max(self.latest, header.occurred_at)
        return self.index.add(header, leaf)


class Walk:
    """Step 7: builds the tree of the log from seals, headers and subtrees, and compares the records with it."""

    def __init__(self, bag, scope, order, redaction, report):
        self.bag, self.scope, self.order, self.redaction, self.report = bag, scope, order, redaction, report
        self.tree = Tree()
        self.segments = 0
        self.events = 0
        self.recorded_at = None
        self.sealed_at = None
        self.previous_seal = None
        self.skipped = 0
        self.counts = {}
        self.actors = NameTable(scope.actors)
        self.services = NameTable(scope.services)
        self.wanted_actors = frozenset(scope.actors.values())
        self.wanted_services = frozenset(scope.services.values())
        self.by_index = scope.completeness == "index"
        self.tag_key = None
        self.records = 0
        self.originals_in_step = True
        self.finished = False

    def run(self, checkpoint):
        """Steps 7 and 8. What stops the walk is reported; self.finished says whether it came to the end."""
        with self.bag.open("bag/" + SEGMENTS) as segments, self.bag.open("bag/" + LEAVES) as leaves, \
                self.bag.open("bag/" + RECORDS) as records, self.bag.open("bag/" + ORIGINALS) as originals:
            self.segment_lines = LineReader(segments, SEGMENTS, MAX_SEGMENT_LINE)
            self.leaf_lines = LineReader(leaves, LEAVES, MAX_LEAF_LINE)
            self.record_lines = LineReader(records, RECORDS, MAX_RECORD_LINE)
            self.originals = originals
            try:
                self.walk()
                self.finish(checkpoint)
            except Failure as failure:
                self.report.add(failure.claim, failure.verdict, failure.where, failure.what)

    def walk(self):
        while True:
            line = self.next_line(self.segment_lines, "segments")
            if line is None:
                return
            self.segment(line)

    def next_line(self, lines, claim):
        try:
            return lines.next()
        except Refused as refused:
            raise Failure(claim, lines.where(), str(refused)) from None

    def require(self, good, lines, what):
        """A condition without which the walk does not go on."""
        if not good:
            raise Failure("segments", lines.where(), what)

    def segment(self, data):
        """Steps 7.1, 7.2, 7.3 and 7.6 for one line of segments.jsonl."""
        where = self.segment_lines
        segment, seal = self.parse_segment(data)
        self.check_succession(seal, self.tree.size)
        self.check_seal(seal)
        outside = seal.seq < self.scope.destroyed or not is_in_time(self.order, seal.occurred_from, seal.occurred_to)
        self.require(outside == (segment.subtrees is not None), where,
                     "subtrees are not there if and only if the segment has something in the order's time")
        self.require((segment.index is not None) == (self.by_index and not outside), where,
                     "what is cut from an index of actors is not there if and only if it should be")
        if outside:
            try:
                self.tree.append_range(seal.seq, segment.subtrees)
            except Refused as refused:
                raise Failure("segments", where.where(), str(refused)) from None
            self.skipped += 1
        else:
            self.take_leaves(seal, segment.index)
        self.append_seal(segment, seal)

    def parse_segment(self, data):
        """A line of segments.jsonl and the seal in it."""
        try:
            segment = parse_segment_line(data)
            return segment, parse_seal(segment.line)
        except Refused as refused:
            raise Failure("segments", self.segment_lines.where(), str(refused)) from None

    def check_succession(self, seal, size):
        """Step 7.1: what follows on the seal before, where the tree had this size behind that."""
        where = self.segment_lines
        self.require(seal.segment == self.segments + 1, where, "not the next number of a segment")
        self.require(seal.first_seq == size, where, "firstSeq is not the size of the tree")
        self.require(seal.seq > seal.first_seq, where, "the seal's seq is not higher than firstSeq")
        self.require(seal.previous_seal == self.previous_seal, where, "previousSeal is not that of the seal before")
        self.require(seal.events == self.events + seal.seq - seal.first_seq, where, "another number of events")

    def check_seal(self, seal):
        """Step 7.1: recordedAt and tagKey."""
        where = self.segment_lines
        self.require(self.sealed_at is None or seal.recorded_at >= self.sealed_at, where,
                     "recordedAt is before that of the seal before")
        self.require(self.tag_key in (None, seal.tag_key), where, "another tagKey than that of the first seal")
        self.tag_key = seal.tag_key

    def append_seal(self, segment, seal):
        """Step 7.6."""
        where = self.segment_lines
        self.require(self.recorded_at is None or seal.recorded_at >= self.recorded_at, where,
                     "a seal's recordedAt is before that of a record below it")
        self.require(self.tree.root() == seal.tree, where, "the tree is not that of the seal")
        leaf = hash_leaf(seal_header(self.scope.log_id, seal, segment.salt, segment.line))
        self.tree.append(leaf)
        self.previous_seal, self.sealed_at, self.recorded_at = leaf, seal.recorded_at, seal.recorded_at
        self.segments, self.events = seal.segment, seal.events

    def take_leaves(self, seal, cut):
        """Step 7.3: headers, and with index runs, until the tree has the seal's seq."""
        headers = Headers(self.tags_in_question(seal) if self.by_index else None)
        last_was_run = False
        while self.tree.size < seal.seq:
            line = self.next_leaf(seal)
            if isinstance(line, Run):
                self.take_run(line, seal, last_was_run)
            else:
                necessary = self.take_header(*line, headers)
                if not necessary and self.by_index:
                    self.report.fail("completeness", self.leaf_lines.where(), "a header that is not necessary")
            last_was_run = isinstance(line, Run)
        if self.by_index:
            self.check_index(seal, cut, headers)
        else:
            self.check_headers(seal, headers)

    def next_leaf(self, seal):
        """The next line of leaves.jsonl: a run, or the bytes of the header, the header and the salt or None."""
        data = self.next_line(self.leaf_lines, "segments")
        if data is None:
            raise Failure("segments", LEAVES, "ends before the segment %d does" % seal.segment)
        try:
            line = parse_leaf_line(data)
            if isinstance(line, Run):
                return line
            raw, opening = line
            header = parse_header(raw)
            if isinstance(opening, list) and not header.by_fields:
                raise Refused("fields of a record that is committed to as a line")
            return raw, header, opening
        except Refused as refused:
            raise Failure("segments", self.leaf_lines.where(), str(refused)) from None

    def take_header(self, raw, header, salt, headers):
        """Steps 7.3 to 7.5 for one header. Returns whether it stands under one of the tags of the index."""
        self.check_header(header)
        leaf = hash_leaf(raw)
        stands = headers.add(header, leaf)
        self.check_selection(header, salt)
        if salt is not None:
            self.take_record(header, salt)
        self.check_bounds()
        self.tree.append(leaf)
        self.require(len(headers.index.entries) <= MAX_INDEX_ENTRIES, self.leaf_lines, "too many actors in a segment")
        return stands

    def check_headers(self, seal, headers):
        """Step 7.3, with headers: times, notices and index of actors in the seal are those of all its headers."""
        where, index = self.segment_lines, headers.index
        self.require((headers.earliest, headers.latest) == (seal.occurred_from, seal.occurred_to), where,
                     "the earliest and latest occurredAt are not the seal's")
        self.require((len(index.entries), index.root()) == (seal.index_size, seal.index_root), where,
                     "the index of actors of the headers has another size or root than in the seal")
        notices = index.entry(NOTICES_TAG)
        self.require(seal.notices == (notices[1] if notices else 0), where, "another number of gaps and changes")

    def tags_in_question(self, seal):
        """The bag, index: the tags of which it has to be shown what stands under them."""
        tags = set(self.wanted_actors) if self.order.actors is not None else {PRIVILEGED_TAG}
        return tags | {NOTICES_TAG} if seal.notices else tags

    def take_run(self, run, seal, last_was_run):
        """Step 7.3: a run of leaves of which not even the headers are shown."""
        where = self.leaf_lines
        self.require(self.by_index, where, "a run, but the scope says that all headers are shown")
        self.require(not last_was_run, where, "a run that follows on a run")
        self.require(self.tree.size < run.end <= seal.seq, where, "a run that is empty or goes beyond its segment")
        self.append_run(run)

    def append_run(self, run):
        """Step 7.3: a run has as many subtrees as its bounds ask for."""
        try:
            self.tree.append_range(run.end, run.subtrees)
        except Refused as refused:
            raise Failure("segments", self.leaf_lines.where(), str(refused)) from None

    def check_index(self, seal, cut, headers):
        """Step 7.3, with index: the leaves under each tag in question are what the index of actors says."""
        where, index = self.segment_lines.where(), headers.index
        if headers.earliest is not None and (headers.earliest < seal.occurred_from
                                             or headers.latest > seal.occurred_to):
            self.report.fail("completeness", where, "an occurredAt that is not between those of the seal")
        try:
            entries = check_index_cut(cut, seal.index_size, seal.index_root, index.tags)
        except Refused as refused:
            self.report.fail("completeness", where, str(refused))
            return
        for tag in sorted(index.tags):
            entry = entries.get(tag)
            if index.entry(tag) != (entry and (entry.first, entry.count, entry.root)):
                self.report.fail("completeness", where, "the headers under the tag %s are not those that the index of "
                                 "actors says" % tag.hex())
        notices = entries.get(NOTICES_TAG)
        if seal.notices != (notices.count if notices else 0):
            self.report.fail("completeness", where, "another number of gaps and changes in the seal than in the index")

    def check_header(self, header):
        """Step 7.3: log, kind, seq, recordedAt and counts of a header."""
        where = self.leaf_lines
        self.require(header.log_id == self.scope.log_id, where, "a header of another log")
        self.require(header.kind != SEAL, where, "a seal among the leaves")
        self.require(header.seq == self.tree.size, where, "another seq than the size of the tree")
        self.require(self.recorded_at is None or header.recorded_at >= self.recorded_at, where,
                     "recordedAt is before that of the record before")
        self.recorded_at = header.recorded_at
        if header.kind in (GAP, CHANGE):
            self.require(not header.actors and not header.privileged and header.service == NO_TAG, where,
                         "a gap or a change with an actor, a privilege or a service")
        self.require(header.service != PRIVILEGED_TAG and RESERVED_TAGS.isdisjoint(tag for tag, _ in header.actors),
                     where, "a value that is no tag of a name stands for one")
        for tag, count in header.actors:
            if not self.by_index or tag in self.wanted_actors:
                self.check_count(tag, count)

    def check_bounds(self):
        """What is remembered of a bundle has a bound, whoever made it."""
        known = max(len(self.counts), len(self.actors.tags), len(self.services.tags))
        if known > MAX_KNOWN_NAMES or self.actors.units + self.services.units > MAX_NAME_UNITS:
            raise Failure("segments", self.leaf_lines.where(), "more pseudonyms or names than are remembered",
                          INDETERMINATE)

    def check_count(self, tag, count):
        """Step 7.3: one more than the last of that tag, or 0; higher only if a segment was skipped between."""
        last, skipped_then = self.counts.get(tag, (-1, 0))
        good = count == last + 1 or (count > last and self.skipped > skipped_then)
        if not good and self.by_index:
            self.report.fail("completeness", self.leaf_lines.where(), "an actor's count is %d after %d" % (count, last))
        else:
            self.require(good, self.leaf_lines, "an actor's count is %d after %d" % (count, last))
        self.counts[tag] = (count, self.skipped)

    def check_selection(self, header, salt):
        """Step 7.4: a salt is there if and only if the header is one that the order asks for."""
        asked = asks_for(self.order, header.kind, header.occurred_at, header.recorded_at, header.privileged,
                         [tag for tag, _ in header.actors], header.service, self.wanted_actors, self.wanted_services)
        if asked and salt is None:
            self.report.fail("completeness", self.leaf_lines.where(), "a record that the order asks for is withheld")
        elif salt is not None and not asked:
            self.report.fail("completeness", self.leaf_lines.where(), "a record is shown that was not asked for")

    def take_record(self, header, opening):
        """Step 7.5: the next record is the one of this header."""
        line = self.next_line(self.record_lines, "records")
        if line is None:
            raise Failure("records", RECORDS, "ends before the leaves do")
        self.records += 1
        where = self.record_lines.where()
        try:
            if opened_commitment(header, opening, line) != header.commitment:
                raise Refused("is not what the header of seq %d commits to" % header.seq)
            record = parse_record(line)
            withheld = self.check_withheld(header, opening, line, where)
        except Refused as refused:
            self.report.fail("records", where, str(refused))
            self.originals_in_step = False
            return
        for what in self.differences(header, record, withheld):
            self.report.fail("records", where, what)
        if record.original is not None and ("original",) not in withheld:
            self.check_original(record.original.encode("utf-8"), where)

    def check_withheld(self, header, opening, line, where):
        """Step 7.5: what is withheld is what the rules name, and all of that is. Returns the paths."""
        if header.kind != EVENT or self.redaction is None and not isinstance(opening, list):
            return frozenset()
        fields = LineFields(line)
        paths = [fields.path(i) for i in range(1, fields.count())]
        pieces = frozenset(i for i in range(1, fields.count()) if isinstance(opening, list) and len(opening[i]) == 32)
        if self.redaction is None:
            self.report.fail("redaction", where, "fields are withheld, and no rule says so")
        else:
            try:
                self.redaction.check(header.seq, fields, paths, pieces)
            except Refused as refused:
                self.report.fail("redaction", where, str(refused))
        return frozenset(paths[i - 1] for i in pieces)

    def differences(self, header, record, withheld):
        """What of a record is not as its header, the order and the rest of the bundle say."""
        if (record.kind, record.seq) != (header.kind, header.seq):
            yield "its type or seq is not the header's"
        if (record.recorded_at, record.occurred_at) != (header.recorded_at, header.occurred_at):
            yield "its times are not the header's"
        if record.privileged != header.privileged:
            yield "its privilege is not the header's"
        if record.tenant != self.order.tenant:
            yield "is of another tenant than the order's"
        known = [None if path in withheld else name
                 for path, name in zip((("actor", "id"), ("actor", "onBehalfOf")), record.actors)]
        # One actor or two: known if both names are shown.
        numbers = {len(known)} if len(known) < 2 else {1, 2} if None in known else {len(set(known))}
        if len(header.actors) not in numbers:
            yield "has another number of actors than the header"
        elif known:
            for name, (tag, _) in ((known[0], header.actors[0]), (known[-1], header.actors[-1])):
                if name is not None and not self.actors.agrees(name, tag):
                    yield "an actor and a tag do not belong together"
        if record.service is None:
            if header.service != NO_TAG:
                yield "has no service, but its header has"
        else:
            if header.service == NO_TAG or ("service",) not in withheld and not self.services.agrees(
                    record.service, header.service):
                yield "its service and a tag do not belong together"

    def check_original(self, original, where):
        """Step 7.5: the next bytes of data/originals are the original and a line feed."""
        if self.originals_in_step and self.originals.read(len(original) + 1) != original + b"\n":
            self.report.fail("records", where, "its original is not what comes next in " + ORIGINALS)
            self.originals_in_step = False

    def finish(self, checkpoint):
        """Step 8: no line is left in any file; the tree has size and root of the checkpoint."""
        for lines in (self.leaf_lines, self.record_lines):
            if self.next_line(lines, "segments") is not None:
                raise Failure("segments", lines.where(), "a line that belongs to no segment")
        if self.originals_in_step and self.originals.read(1):
            raise Failure("segments", ORIGINALS, "something that belongs to no record")
        if checkpoint is None:
            raise Failure("segments", CHECKPOINT, "not compared with the tree, since it was refused", INDETERMINATE)
        if (self.tree.size, self.tree.root()) != (checkpoint.size, checkpoint.root):
            raise Failure("segments", CHECKPOINT, "the tree has another size or root")
        self.finished = True
        for claim in ("segments", "records"):
            self.report.holds(claim)


class RangeWalk(Walk):
    """Step 7, with range: the headers of one range of the log, its two brackets, and at most two runs beside them."""

    def __init__(self, bag, scope, order, redaction, report):
        super().__init__(bag, scope, order, redaction, report)
        self.has_header = False
        self.is_behind_destroyed = False
        self.has_late_bracket = False
        self.has_second_run = False

    def segment(self, data):
        """With range, 1 to 4, for one line of segments.jsonl."""
        where = self.segment_lines
        segment, seal = self.parse_segment(data)
        self.require(segment.subtrees is None and segment.index is None, where,
                     "subtrees, or something of an index of actors, but the scope says range")
        self.require(not self.has_late_bracket and not self.has_second_run, where,
                     "a seal behind the one with which the bundle has to end")
        size = self.tree.size
        headers, is_whole = self.take_range(seal)
        if is_whole:
            self.check_succession(seal, size)
            self.check_headers(seal, headers)
        else:
            self.check_progress(seal, size)
        self.check_seal(seal)
        self.append_seal(segment, seal)

    def take_range(self, seal):
        """With range, 2. Returns the headers, and whether they are all of the segment: no run was among them."""
        headers, is_whole = Headers(), True
        while self.tree.size < seal.seq:
            line = self.next_leaf(seal)
            if isinstance(line, Run):
                is_whole = False
                self.take_outer_run(line, seal)
            else:
                self.take_header(*line, headers)
                self.check_bracket(line[1])
        return headers, is_whole

    def take_outer_run(self, run, seal):
        """With range, 2 and 5: the first run begins the log and ends before the seal, the second ends with it."""
        where = self.leaf_lines
        if self.tree.size == 0:
            self.require(run.end < seal.seq, where, "a first run up to the seal or beyond it")
            self.skipped += 1
            self.is_behind_destroyed = run.end == self.scope.destroyed
        else:
            self.require(run.end == seal.seq, where, "a run that neither begins the log nor ends with the seal")
            if not self.has_late_bracket:
                self.report.fail("completeness", where.where(),
                                 "a run before which nothing shows that the order's time had ended")
            self.has_second_run = True
        self.append_run(run)

    def check_bracket(self, header):
        """With range, 5: one header from before the order's time, the first; one from after it, the last."""
        early = self.order.start is not None and header.recorded_at < self.order.start
        late = self.order.end is not None and header.recorded_at >= self.order.end
        where = self.leaf_lines.where()
        if self.has_header and early:
            self.report.fail("completeness", where, "a header from before the order's time that is not the first")
        if not self.has_header and self.skipped and not early and not self.is_behind_destroyed:
            self.report.fail("completeness", where, "the first run is not followed by a header from before the "
                             "order's time")
        if self.has_late_bracket:
            self.report.fail("completeness", where, "a header after the one from after the order's time")
        self.has_header = True
        self.has_late_bracket = self.has_late_bracket or late

    def check_progress(self, seal, size):
        """With range, 3, if a run was taken: number, firstSeq and events are higher than those of the seal before."""
        where = self.segment_lines
        self.require(seal.segment > self.segments, where, "the number of a segment is not higher than the one before")
        self.require(size <= seal.first_seq < seal.seq, where, "firstSeq is not between the seal before and this one")
        self.require(seal.events > self.events, where, "the number of events is not higher than in the seal before")


# ---------------------------------------------------------------------------
# Redaction: bundle.md, Redaction
# ---------------------------------------------------------------------------

REDACTION_FORMAT = "evidence-vault-redaction/1"
MAX_RULES, MAX_RULE_RECORDS = 50, 1000
WITHHELD = re.compile(rb'"withheld by redaction ([1-9][0-9]{0,2})"')
REDACTABLE = frozenset(("service", "action", "reason", "actor", "privilege", "targets", "source", "sharedEventId",
                        "assumed", "details", "original"))
BAD_TILDE = re.compile("~(?![01])")

Rule = collections.namedtuple("Rule", "path records reason requested_by")


def parse_path(value):
    """A JSON Pointer (RFC 6901) to what can be withheld."""
    check_order_text(value, "path")
    if not value.startswith("/") or BAD_TILDE.search(value):
        raise Refused("a path that is no JSON Pointer")
    path = tuple(token.replace("~1", "/").replace("~0", "~") for token in value[1:].split("/"))
    if len(path) > 2 or path[0] not in REDACTABLE or path in (("actor", "side"), ("actor", "privileged")):
        raise Refused("a path at which nothing can be withheld")
    return path


def parse_rule(value):
    require_members(value, ("path", "records", "reason", "requestedBy"), "a rule")
    records = value["records"]
    if records != "all":
        seqs_of(records, "records")
        records = frozenset(records)
    for name in ("reason", "requestedBy"):
        check_order_text(value[name], name)
    return Rule(parse_path(value["path"]), None if records == "all" else records, value["reason"], value["requestedBy"])


class Redaction:
    """Rules by number from 1, and what was found withheld under each."""

    def __init__(self, data):
        members = parse_one_spelling(data, ("format", "approvedBy", "rules"))
        if members["format"] != REDACTION_FORMAT:
            raise Refused("another format than " + REDACTION_FORMAT)
        check_order_text(members["approvedBy"], "approvedBy")
        self.approved_by, self.digest = members["approvedBy"], hashlib.sha256(data).hexdigest()
        if not isinstance(members["rules"], list) or not 1 <= len(members["rules"]) <= MAX_RULES:
            raise Refused("rules is no list of 1 to %d" % MAX_RULES)
        self.rules = [parse_rule(rule) for rule in members["rules"]]
        self.withheld, self.records = collections.Counter(), 0

    def first(self, seq, path, within=False):
        """The first rule for what stands at a path, or is in it, or may be within it; 0 if there is none."""
        for number in range(1, len(self.rules) + 1):
            if self.is_for(number, seq, path, within):
                return number
        return 0

    def is_for(self, number, seq, path, within):
        if number > len(self.rules):
            return False
        rule = self.rules[number - 1]
        covers = rule.path == path[:len(rule.path)]
        return (rule.records is None or seq in rule.records) and (
            covers or within and len(rule.path) > len(path) and rule.path[:len(path)] == path)

    def check(self, seq, fields, paths, withheld):
        """bundle.md, Redaction: every value that is shown or withheld of an event."""
        here, original = [], 0
        for piece, path in enumerate(paths, 1):
            covering = self.first(seq, path)
            if piece not in withheld:
                if covering or fields.is_unopened(piece) and self.first(seq, path, True):
                    raise Refused("a value is shown that a rule withholds: " + shown("/".join(path)))
                if path == ("original",) and withheld:
                    raise Refused("the original is shown of a record of which something is withheld")
                continue
            text = WITHHELD.fullmatch(fields.piece(piece))
            if not text:
                raise Refused("something else stands in place of a value that is withheld")
            number = int(text.group(1))
            if path == ("original",) and not covering:
                original = number
                continue
            if not self.is_for(number, seq, path, True) or 0 < covering < number:
                raise Refused("a value is withheld under a rule that does not withhold it: " + shown("/".join(path)))
            here.append(number)
        if original:
            if not here or original != min(here):
                raise Refused("the original is withheld under another rule than the first that withholds anything else")
            here.append(original)
        self.withheld.update(here)
        self.records += 1 if here else 0

    def summary(self):
        return "%d fields of %d records are withheld, as %s approved: %s" % (
            sum(self.withheld.values()), self.records, shown(self.approved_by, 200),
            ", ".join("%d under rule %d (%s, %s)" % (
                count, number, shown("/" + "/".join(self.rules[number - 1].path)),
                shown(self.rules[number - 1].reason, 200)) for number, count in sorted(self.withheld.items())) or "none")


def read_redaction(contents, report):
    """What may be withheld, or None."""
    if REDACTION not in contents:
        return None
    try:
        return Redaction(contents[REDACTION].data)
    except Refused as refused:
        report.fail("redaction", REDACTION, str(refused))
        return None


def conclude_redaction(redaction, walk, report):
    """The claim is there only if something may be withheld, or is."""
    if redaction is None or report.claims.get("redaction") == FAILED:
        return
    if walk is None or not walk.finished or report.failed("records"):
        report.undecided("redaction", REDACTION, "not judged: the records did not hold, or were not checked to their end")
    else:
        report.add("redaction", PASSED, REDACTION, redaction.summary())


# ---------------------------------------------------------------------------
# Steps 9 and 10: the statement of the export, completeness
# ---------------------------------------------------------------------------

EXPORT_MEMBERS = ("format", "software", "exportedAt", "vaultId", "logId", "tenant", "records", "notYetAnchored", "case",
                  "places")
PLACES_MAX = 256


def require_places(places):
    """Where the records lay, which is the exporter's word: only its form is looked at."""
    if not isinstance(places, list) or not 1 <= len(places) <= PLACES_MAX:
        raise Refused("places are 1 to %d" % PLACES_MAX)
    previous = ""
    for place in places:
        require_members(place, ("name", "jurisdiction", "kind"), "a place")
        name = require_string(place["name"], "name")
        if not re.fullmatch("[a-z0-9-]{1,64}", name) or name <= previous:
            raise Refused("names of places have 1 to 64 of a-z, 0-9 and -, and ascend")
        if not re.fullmatch("[A-Z]{2}", require_string(place["jurisdiction"], "jurisdiction")):
            raise Refused("a jurisdiction has two capital letters")
        if place["kind"] not in ("vault", "logs"):
            raise Refused("a place is of kind vault or logs")
        previous = name


def check_approval(contents, scope, order, redaction, vault_id, case_id, exported_at, report):
    """Step 9: there is an approval if and only if the statement names a case, and nothing is withheld without one."""
    if case_id is None and REDACTION in contents:
        report.fail("order", REDACTION, "the statement names no case")
    if APPROVAL not in contents:
        if case_id is not None:
            report.fail("order", APPROVAL, "is missing: the statement names a case")
        return
    if case_id is None:
        report.fail("order", APPROVAL, "the statement names no case")
        return
    if scope is None or order is None:
        return
    try:
        require_approval(
            contents[APPROVAL].data, vault_id, scope.history, case_id, order, redaction, contents[ORDER].data, exported_at)
    except Refused as refused:
        report.fail("order", APPROVAL, str(refused))


def check_export(contents, scope, order, redaction, walk, report):
    """Step 9. Returns notYetAnchored, or None if it could not be read."""
    if EXPORT not in contents:
        return None
    try:
        statement = parse_one_spelling(contents[EXPORT].data, EXPORT_MEMBERS, ("case", "places"))
        if statement["format"] != "evidence-vault-export/" + ("2" if "places" in statement else "1"):
            raise Refused("another format than evidence-vault-export/1, or /2 with places")
        if "places" in statement:
            require_places(statement["places"])
        for name in ("software", "tenant"):
            require_string(statement[name], name)
        exported_at = parse_time(statement["exportedAt"])
        vault_id = decode_hex(statement["vaultId"], TAG, "vaultId")
        log_id = decode_hex(statement["logId"], TAG, "logId")
        records = require_count(statement["records"], "records")
        not_yet_anchored = require_count(statement["notYetAnchored"], "notYetAnchored")
        if "case" in statement:
            decode_hex(statement["case"], CASE_ID, "case")
    except Refused as refused:
        report.fail("order", EXPORT, str(refused))
        return None
    if scope is not None and log_id != scope.log_id:
        report.fail("order", EXPORT, "is of another log than the scope")
    if scope is not None and scope.key.name != NODE_ORIGIN + vault_id.hex():
        report.fail("order", EXPORT, "is of another vault than the key is named for")
    if order is not None and statement["tenant"] != order.tenant:
        report.fail("order", EXPORT, "is of another tenant than the order")
    if order is not None and order.expires is not None and exported_at >= order.expires:
        report.fail("order", EXPORT, "the order had expired when the bundle was made")
    check_approval(contents, scope, order, redaction, vault_id, statement.get("case"), exported_at, report)
    if walk is not None and walk.finished:
        if records != walk.records:
            report.fail("order", EXPORT, "states %d records, %d were found" % (records, walk.records))
        if scope is not None and order is not None:
            report.holds("order")
    return not_yet_anchored


def check_completeness(scope, order, walk, anchored_at, not_yet_anchored, report):
    """Steps 9 and 10: what leaves completeness indeterminate, and the proofs of the tags."""
    if walk is None:
        return
    if not walk.finished or report.failed("segments") or report.failed("records"):
        report.undecided("completeness", "", "segments or records did not hold, or were not checked to their end")
    elif walk.tag_key is not None:
        check_tag_proofs(scope, walk.tag_key, report)
    if not_yet_anchored:
        report.undecided("completeness", EXPORT,
                         "%d records are acknowledged but not under the anchor" % not_yet_anchored)
    elif not_yet_anchored is None:
        report.undecided("completeness", EXPORT, "could not be read")
    if scope.destroyed:
        report.undecided("completeness", SCOPE, "the first %d leaves are of records that are said to have been destroyed, "
                         "and some may be what the order asks for" % scope.destroyed)
    if anchored_at is None:
        report.undecided("completeness", ANCHOR, "the time up to which the log is covered is not known")
    elif scope.completeness == "range":
        check_range_end(order, walk.sealed_at, anchored_at, report)
    elif order.end is not None and order.end > anchored_at:
        report.undecided("completeness", ORDER, "what came between the anchor's time, %s, and the order's end "
                         "is not covered" % format_time(anchored_at))
    report.holds("completeness")


def check_range_end(order, sealed_at, anchored_at, report):
    """Step 10, with range: what was recorded after the last seal is not covered; nor is a clock that was ahead believed."""
    if order.end is not None and (sealed_at is None or sealed_at < order.end):
        report.undecided("completeness", ORDER, "what was recorded after the last seal and before the order's end is "
                         "not covered")
    if sealed_at is not None and sealed_at > anchored_at:
        report.undecided("completeness", ANCHOR, "the last seal is of a time after the anchor's")


def check_tag_proofs(scope, tag_key, report):
    """Step 10; record.md, Tags: each name in the scope has its tag under the key in the seals."""
    key = VrfKey(tag_key)
    for label, name, tag, proof in scope.proofs[:MAX_TAG_PROOFS]:
        beta = key.verify(label + name.encode("utf-8"), proof)
        if beta is None or beta[:16] != tag:
            report.fail("completeness", SCOPE, "that the tag of %s is its is not proven" % shown(name))


def verify_bag(bag, keys, witnesses, report, trusted=(), known=None):
    """What a verifier must check, in this order."""
    check_signers(bag, trusted, report)
    contents = check_files(bag, report)
    check_manifests(contents, report)
    scope = check_scope(contents, keys, known, report)
    checkpoint = anchored_at = walk = None
    if scope is not None:
        check_signatures(contents, scope, report)
    order = check_order(contents, scope, report)
    if scope is not None:
        checkpoint, anchored_at = check_anchors(contents, scope, witnesses, report)
    redaction = read_redaction(contents, report)
    if scope is not None and order is not None and STREAMED_FILES.issubset(contents):
        walk = (RangeWalk if scope.completeness == "range" else Walk)(bag, scope, order, redaction, report)
        walk.run(checkpoint)
    conclude_redaction(redaction, walk, report)
    not_yet_anchored = check_export(contents, scope, order, redaction, walk, report)
    check_completeness(scope, order, walk, anchored_at, not_yet_anchored, report)


# ---------------------------------------------------------------------------
# Case files: case.md
# ---------------------------------------------------------------------------

CASE_FORMAT = "evidence-vault-case/1"
APPROVAL_FORMAT = "evidence-vault-approval/1"
CASE_FILE_BEGIN = b'{"format":"%s"' % CASE_FORMAT.encode()
CASE_FILE_MEMBERS = ("format", "vault", "verifierKey", "case", "register", "steps", "successions")
STEP_LABEL = "evidence-vault/case-step/v1"
REGISTER = "register"
CASE_ID = re.compile("[0-9a-f]{12}")
PERSON_ID = re.compile("[a-z0-9][a-z0-9.-]{0,63}")
X509_KEY = b"\xffevidencevault.dev/x509/v1\n"
ROLES = ("officer", "counsel", "operator", "approver")
NOTICES = ("allowed", "deferred", "prohibited")
RESULTS = (PASSED, FAILED, INDETERMINATE)
DAY = 86400 * 10**9
# case.md, Limits and Rules
MAX_CASE_FILE = 64 << 20
MAX_STEPS = 100_000
MAX_CERTIFICATE = 16 << 10
APPROVAL_TIME_MAX, EMERGENCY_TIME_MAX, HOLD_TIME_MAX = 90 * DAY, DAY, 3660 * DAY
MAX_KEYS = 1000
RSA_EXPONENT_BITS_MAX = 64

Step = collections.namedtuple("Step", "vault case number previous register at kind person body digest note")
PersonKey = collections.namedtuple("PersonKey", "name id public start end")
Person = collections.namedtuple("Person", "id name roles key")
# An order's document as it was signed, its digest, and what it says.
CaseScope = collections.namedtuple("CaseScope", "document digest order person")


def digest_of(value, name):
    return decode_hex(value, DIGEST, name).hex()


def text_of(value, name):
    check_order_text(value, name)
    return value


def time_of_member(value, name):
    try:
        return parse_time(value)
    except Refused as refused:
        raise Refused("%s: %s" % (name, refused)) from None


def flag_of(value, name):
    if not isinstance(value, bool):
        raise Refused(name + " is neither true nor false")
    return value


def step_number_of(value, name):
    if not 1 <= require_count(value, name) <= MAX_STEPS:
        raise Refused(name + " is no number of a step")
    return value


def person_id_of(value, name):
    if not isinstance(value, str) or not PERSON_ID.fullmatch(value):
        raise Refused(name + " is no id of a person")
    return value


def one_of(words):
    def check(value, name):
        if not isinstance(value, str) or value not in words:
            raise Refused("%s is none of %s" % (name, ", ".join(words)))
        return value
    return check


def log_ids_of(value, name):
    if not isinstance(value, list) or len(value) > MAX_KEYS:
        raise Refused(name + " is no list of at most 1,000")
    return [decode_hex(v, TAG, name).hex() for v in value]


def roles_of(value, name):
    if not isinstance(value, list) or not value or value != [role for role in ROLES if role in value]:
        raise Refused("%s are not some of %s, in this order" % (name, ", ".join(ROLES)))
    return value


def paths_of(value, name):
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_RULES:
        raise Refused("%s is no list of 1 to %d" % (name, MAX_RULES))
    for path in value:
        parse_path(path)
    if len(set(value)) < len(value):
        raise Refused("a path twice in " + name)
    return value


def seqs_of(value, name):
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_RULE_RECORDS:
        raise Refused("%s is no list of 1 to %d" % (name, MAX_RULE_RECORDS))
    for before, seq in zip([-1] + value, value):
        if require_count(seq, name) <= before:
            raise Refused(name + " do not ascend")
    return value


# case.md, Step: who signs a kind, and the members of its body, in this order; "?" marks what is there if any.
VAULT, ANYBODY = "vault", None
NOTICE_MEMBERS = {"notice": one_of(NOTICES), "noticeUntil?": time_of_member}
KIND_SIGNERS = {
    "open": ANYBODY, "review": "counsel", "notice": "counsel", "hold": ANYBODY, "extend": ANYBODY, "release": ANYBODY,
    "released": "approver", "scope": ANYBODY, "redact": ANYBODY, "approve": "approver", "confirm": "approver", "export": ANYBODY,
    "seal": ANYBODY, "handover": ANYBODY, "acknowledge": ANYBODY, "close": ANYBODY, "refused": VAULT, "person": VAULT,
    "personEnd": VAULT}
REGISTER_KINDS = ("person", "personEnd")
BODIES = {
    "open": {"tenant": text_of, "order": text_of, "issuer": text_of, "type": text_of, "jurisdiction": text_of,
             "deadline?": time_of_member, "document": digest_of, "callback?": text_of},
    "review": {"legalBasis": text_of, **NOTICE_MEMBERS, "conflict?": text_of, "fee?": text_of},
    "notice": {**NOTICE_MEMBERS, "reason": text_of},
    "hold": {"asOf": time_of_member, "until": time_of_member, "secret": flag_of, "reason": text_of},
    "extend": {"hold": step_number_of, "until": time_of_member, "reason": text_of},
    "release": {"hold": step_number_of, "reason": text_of},
    "released": {"hold": step_number_of, "release": step_number_of},
    "scope": {"document": require_string},
    "redact": {"paths": paths_of, "records?": seqs_of, "reason": text_of, "requestedBy": text_of},
    "approve": {"scope": digest_of, "redaction?": digest_of, "expires": time_of_member, "purpose": text_of, "emergency": flag_of},
    "confirm": {"approval": digest_of},
    "export": {"scope": digest_of, "approval": digest_of, "bundle": digest_of, "bytes": require_count,
               "records": require_count, "notYetAnchored": require_count, "verdict": text_of, "completeness": text_of,
               "keys": log_ids_of},
    "seal": {"bundle": digest_of, "sealed": digest_of, "bytes": require_count, "recipient": text_of},
    "handover": {"sealed": digest_of, "to": text_of, "channel": text_of, "serial?": text_of},
    "acknowledge": {"seen": digest_of, "result": one_of(RESULTS), "statement?": text_of},
    "close": {"answered": flag_of, "reason": text_of},
    "refused": {"attempt": one_of(tuple(KIND_SIGNERS)), "reason": text_of},
    "person": {"id": person_id_of, "name": text_of, "roles": roles_of, "key": require_string},
    "personEnd": {"id": person_id_of, "reason": text_of}}

# case.md, States: what is possible in each, and where the steps lead that bring a case on; others leave it where it is.
IN_EVERY_STATE_BUT_CLOSED = frozenset(("notice", "hold", "extend", "release", "released", "close"))
NOT_OPENED, CLOSED = "not opened", "closed"
POSSIBLE = {
    "opened": ("review",),
    "reviewed": ("scope", "review"),
    "scoped": ("approve", "scope", "redact", "confirm"),
    "approved": ("export", "scope", "redact", "approve", "confirm"),
    "exported": ("seal", "export", "approve", "confirm"),
    "sealed": ("handover", "seal", "confirm"),
    "handed over": ("acknowledge", "handover", "confirm"),
    "acknowledged": ("confirm",)}
POSSIBLE = {state: IN_EVERY_STATE_BUT_CLOSED.union(kinds, ("refused",)) for state, kinds in POSSIBLE.items()}
POSSIBLE[NOT_OPENED] = frozenset(("open",))
POSSIBLE[CLOSED] = frozenset(("notice", "refused"))
LEADS_TO = {"open": "opened", "review": "reviewed", "scope": "scoped", "redact": "scoped", "approve": "approved", "export": "exported",
            "seal": "sealed", "handover": "handed over", "close": CLOSED}


def parse_step(data):
    """case.md, Step: a note with one signature, whose text is the label and a line of JSON. Judges its form only."""
    note = parse_note(data, 1)
    lines = decode_utf8(note.text).split("\n")
    if len(lines) != 3 or lines[0] != STEP_LABEL or lines[2]:
        raise Refused("a note whose text is not %s and a line" % STEP_LABEL)
    members = parse_one_spelling(
        lines[1].encode("utf-8"), ("v", "vault", "case", "step", "previous", "register", "at", "kind", "person", "body"),
        ("previous", "register", "person"), words=True)
    if type(members["v"]) is not int or members["v"] != 1:
        raise Refused("v is not 1")
    vault = decode_hex(members["vault"], TAG, "vault").hex()
    case = members["case"]
    if case != REGISTER:
        decode_hex(case, CASE_ID, "case")
    number = step_number_of(members["step"], "step")
    if ("previous" in members) != (number > 1) or ("register" in members) != (case != REGISTER):
        raise Refused("previous, which all steps but the first have, or register, which all but the register's have")
    kind = one_of(tuple(KIND_SIGNERS))(members["kind"], "kind")
    if kind != "refused" and (kind in REGISTER_KINDS) != (case == REGISTER):
        raise Refused("a step %s in %s" % (kind, "the register" if case == REGISTER else "a case"))
    person = person_id_of(members["person"], "person") if "person" in members else None
    if person is None and KIND_SIGNERS[kind] != VAULT:
        raise Refused("a step that a person signs, and no person in it")
    return Step(vault, case, number, digest_of(members["previous"], "previous") if number > 1 else None,
                digest_of(members["register"], "register") if case != REGISTER else None,
                time_of_member(members["at"], "at"), kind, person, parse_body(kind, members["body"]),
                hashlib.sha256(data).hexdigest(), note)


def parse_body(kind, body):
    """The values of a body by name, times in nanoseconds. What is left out is not there."""
    checks = BODIES[kind]
    names = [name.rstrip("?") for name in checks]
    if not isinstance(body, dict):
        raise Refused("a body that is no object")
    require_members(body, [n for n, name in zip(names, checks) if n in body or n == name], "the body")
    values = {n: checks[name](body[n], n) for n, name in zip(names, checks) if n in body}
    if "notice" in names and (values["notice"] == "deferred") != ("noticeUntil" in values):
        raise Refused("noticeUntil is there with deferred, and only then")
    return values


def parse_person_key(text, person_id):
    """case.md, Step and Certificates: a verifier key of Ed25519, or with a certificate. Its name is the person's id."""
    parts = text.split("+", 2)
    material = decode_base64(parts[2]) if len(parts) == 3 else b""
    if parts[0] != person_id:
        raise Refused("a key that is not named for its person")
    if material[:1] != X509_KEY[:1]:
        key = parse_verifier_key(text)
        if key.type != ED25519:
            raise Refused("a person's key that is neither of Ed25519 nor a certificate")
        return PersonKey(key.name, key.id, ("ed25519", key.key), None, None)
    if not material.startswith(X509_KEY):
        raise Refused("a key of type 255 that is no certificate")
    key_id = hashlib.sha256(person_id.encode("utf-8") + b"\n" + material).digest()[:4]
    if parts[1] != key_id.hex():
        raise Refused("a key id that is not the key's")
    if len(material) > len(X509_KEY) + MAX_CERTIFICATE:
        raise Refused("a certificate of more than 16 KiB")
    certificate = parse_certificate(parse_der(material[len(X509_KEY):]))
    key = certificate.key
    if key is None:
        raise Refused("a certificate whose key is neither RSA nor of P-256 or P-384")
    if key[0] == "rsa" and not RSA_BITS_MIN <= key[1][0].bit_length() <= RSA_BITS_MAX:
        raise Refused("a certificate with an RSA key of a length that is not taken")
    if key[0] == "rsa" and key[1][1].bit_length() > RSA_EXPONENT_BITS_MAX:
        raise Refused("a certificate with an RSA exponent of more than 64 bits")
    if not is_for_signatures(certificate):
        raise Refused("a certificate that is for neither digitalSignature nor nonRepudiation")
    return PersonKey(person_id, key_id, key, certificate.start, certificate.end)


def is_signed_by(text, signature, key):
    """Whether a line of a note is good under a person's key. case.md, Certificates has the algorithms."""
    if not is_of(signature, key):
        return False
    if key.public[0] == "ed25519":
        return verify_ed25519(key.public[1], text, signature.bytes)
    hash_name = "sha384" if key.public[0] == "ec" and key.public[1].p != P256 else "sha256"
    digest = hashlib.new(hash_name, text).digest()
    if key.public[0] == "ec":
        return verify_ecdsa(key.public[1], key.public[2], digest, signature.bytes)
    return verify_rsa_pss(key.public[1], hash_name, digest, signature.bytes)


class Chain:
    """What steps of a case and of the register have in common: each names the one before it, in the order of time."""

    def __init__(self, vault, case):
        self.vault, self.case, self.steps, self.vault_place = vault, case, [], 0

    def require_vault(self, step, history):
        """The vault signed: none of its keys after a later one has."""
        self.vault_place = vault_signer(step, history, self.vault_place)
        if self.vault_place is None:
            raise Refused("is not signed with the vault's key")

    def parse(self, text):
        """The next step, at its place. It is not yet one of the chain."""
        step = parse_step(require_string(text, "a note").encode("utf-8"))
        last = self.steps[-1] if self.steps else None
        if step.vault != self.vault or step.case != self.case:
            raise Refused("is of another vault or case")
        if step.number != len(self.steps) + 1:
            raise Refused("has the number %d" % step.number)
        if last is not None and step.previous != last.digest:
            raise Refused("does not follow the step before it: previous is not its digest")
        if last is not None and step.at < last.at:
            raise Refused("is dated before the step before it")
        return step


def person_of(step):
    """The person whom a step of the register names."""
    body = step.body
    return Person(body["id"], body["name"], frozenset(body["roles"]), parse_person_key(body["key"], body["id"]))


def is_valid_at(key, time):
    return key.start is None or key.start <= time <= key.end


class PersonRegister(Chain):
    """case.md, Rules, Register: who may sign, from which step of the register on."""

    def __init__(self, vault, vault_keys):
        super().__init__(vault, REGISTER)
        self.vault_keys = vault_keys
        self.places, self.times, self.names, self.keys, self.ids = {}, [], {}, {}, {}
        # Of each id: numbers of steps and who it is from there on, or None from its end on.
        self.histories = {}

    def add(self, text):
        step = self.parse(text)
        self.require_vault(step, self.vault_keys)
        self.take(step)
        self.steps.append(step)
        self.times.append(step.at)
        self.places[step.digest] = step.number

    def take(self, step):
        if step.kind == "refused":
            return
        person_id = step.body["id"]
        history = self.histories.setdefault(person_id, ([], []))
        if step.kind == "person":
            found = person_of(step)
            name = person(step.body["name"])
            if self.names.setdefault(name, person_id) != person_id or self.ids.setdefault(person_id, name) != name:
                raise Refused("the name is that of another id, or the id that of another name")
            if history[1] and history[1][-1] == found:
                raise Refused("is registered so already")
            if self.keys.setdefault(found.key.public, person_id) != person_id:
                raise Refused("the key is that of another id")
        elif not history[1] or history[1][-1] is None:
            raise Refused("ends a person who is not there")
        else:
            found = None
        history[0].append(step.number)
        history[1].append(found)

    def at_time_of(self, step, least):
        """The number of the note that the step names: the last one at its time, not before the least."""
        number = self.places.get(step.register)
        if number is None:
            raise Refused("names no note of the register")
        if number < least:
            raise Refused("names an earlier note of the register than the step before it")
        if self.times[number - 1] > step.at or number < len(self.times) and self.times[number] < step.at:
            raise Refused("names a note of the register that was not the last one at its time")
        return number

    def find(self, person_id, number):
        """Who that was after so many steps of the register."""
        numbers, persons = self.histories.get(person_id, ((), ()))
        place = bisect.bisect_right(numbers, number)
        if not place or persons[place - 1] is None:
            raise Refused("%s is not registered" % person_id)
        return persons[place - 1]


def vault_signer(step, history, least):
    """The place of the vault's key that signed a step, from least on, or None."""
    signature = step.note.signatures[0]
    for place, keys in enumerate(history.keys):
        if place >= least and is_of(signature, keys[0]) and is_plainly_signed(step.note.text, signature, keys[0]):
            return place
    return None


class Approval:
    """Of a scope; in an emergency to be confirmed. Times are nanoseconds since 1970."""

    def __init__(self, step, scope, redactors):
        self.digest, self.at, self.person, self.scope = step.digest, step.at, step.person, scope
        self.redactors = frozenset(redactors)
        self.expires, self.emergency = step.body["expires"], step.body["emergency"]
        self.confirmed = False


class Hold:
    def __init__(self, step):
        self.until, self.secret, self.released = step.body["until"], step.body["secret"], False


class Case(Chain):
    """A case, step by step: states and rules of case.md. What has been added holds; the next step may be refused."""

    def __init__(self, vault, vault_keys, case, register):
        super().__init__(vault, case)
        self.vault_keys, self.register, self.register_number = vault_keys, register, 0
        self.state, self.opened, self.scope, self.approval, self.unconfirmed = NOT_OPENED, None, None, None, None
        self.holds, self.releases = {}, {}
        self.exporters, self.approvers, self.redactors = set(), set(), set()
        self.rules = []
        self.exported = self.sealed = self.handed_over = None

    @property
    def verifier_key(self):
        return self.vault_keys.current[0].text

    @property
    def case_id(self):
        return self.case

    @property
    def tenant(self):
        return self.opened.body["tenant"] if self.opened else None

    @property
    def scope_document(self):
        """The bytes of the scope that holds, or None."""
        return self.scope.document if self.scope else None

    def add(self, text):
        step = self.parse(text)
        number = self.register.at_time_of(step, self.register_number)
        signer = self.check_signer(step, number)
        if step.kind not in POSSIBLE[self.state]:
            raise Refused("%s is not possible in a case that is %s" % (step.kind, self.state))
        if step.kind != "refused":
            self.check_confirmed_in_time(step.at)
            getattr(self, "take_" + step.kind)(step, signer)
        self.state = LEADS_TO.get(step.kind, self.state)
        if step.kind == "acknowledge" and step.body["seen"] == self.handed_over and step.body["result"] == PASSED:
            self.state = "acknowledged"
        self.register_number = number
        self.steps.append(step)

    def check_signer(self, step, number):
        """The person who signed, as registered then, or None of the vault."""
        wanted = KIND_SIGNERS[step.kind]
        if wanted == VAULT:
            self.require_vault(step, self.vault_keys)
            return None
        signer = self.register.find(step.person, number)
        if not is_signed_by(step.note.text, step.note.signatures[0], signer.key):
            raise Refused("is not signed with the key of " + step.person)
        if not is_valid_at(signer.key, step.at):
            raise Refused("the certificate of %s was not valid then" % step.person)
        in_emergency = step.kind == "approve" and step.body["emergency"]
        if wanted is not ANYBODY and wanted not in signer.roles and not in_emergency:
            raise Refused("%s is no %s" % (step.person, wanted))
        return signer

    def check_confirmed_in_time(self, time):
        if self.unconfirmed is not None and time >= self.unconfirmed.at + EMERGENCY_TIME_MAX:
            raise Refused("an approval in an emergency was not confirmed within 24 hours")

    def check_export_at(self, time):
        """Refuses if no export would be permitted then, as the next step and whoever makes it."""
        if "export" not in POSSIBLE[self.state]:
            raise Refused("export is not possible in a case that is %s" % self.state)
        if time < self.steps[-1].at:
            raise Refused("the export is before the last step")
        self.check_confirmed_in_time(time)
        if self.approval is None:
            raise Refused("no approval holds")
        if time >= self.approval.expires:
            raise Refused("the approval had expired")
        if self.scope.order.expires is not None and time >= self.scope.order.expires:
            raise Refused("the order had expired")

    def take_open(self, step, signer):
        self.opened = step

    def take_review(self, step, signer):
        if step.body.get("noticeUntil", step.at + 1) <= step.at:
            raise Refused("a deferral that does not end later")

    take_notice = take_review

    def take_hold(self, step, signer):
        if step.body["asOf"] > step.at:
            raise Refused("a hold as of a later time than its own")
        self.check_hold_end(step)
        self.holds[step.number] = Hold(step)

    def check_hold_end(self, step):
        if not step.at < step.body["until"] <= step.at + HOLD_TIME_MAX:
            raise Refused("a hold that does not end later, or more than 3,660 days later")

    def hold_in_force(self, step):
        hold = self.holds.get(step.body["hold"])
        if hold is None or hold.released or step.at >= hold.until:
            raise Refused("hold %d is not in force" % step.body["hold"])
        return hold

    def take_extend(self, step, signer):
        hold = self.hold_in_force(step)
        self.check_hold_end(step)
        if step.body["until"] <= hold.until:
            raise Refused("an extension that does not end later than before")
        hold.until = step.body["until"]

    def take_release(self, step, signer):
        self.hold_in_force(step)
        self.releases[step.number] = step

    def take_released(self, step, signer):
        hold, asked = self.hold_in_force(step), self.releases.get(step.body["release"])
        if asked is None or asked.body["hold"] != step.body["hold"]:
            raise Refused("step %d does not ask for the release of this hold" % step.body["release"])
        if asked.person == step.person:
            raise Refused("a hold that is released by who asked for it")
        hold.released = True

    def take_scope(self, step, signer):
        document = step.body["document"].encode("utf-8")
        order, opened = parse_order(document), self.opened.body
        if (order.tenant, order.number, order.issuer) != (opened["tenant"], opened["order"], opened["issuer"]):
            raise Refused("a scope of another tenant, order or issuer than the case")
        if person(order.requested_by) != person(signer.name):
            raise Refused("a scope that is not requested by who signed it")
        if order.end is None or order.start is None and order.actors is None and order.services is None:
            raise Refused("a scope without to, or without from, actors and services")
        if order.expires is not None and step.at >= order.expires:
            raise Refused("a scope that had expired")
        self.scope = CaseScope(document, hashlib.sha256(document).hexdigest(), order, step.person)
        self.approval, self.rules, self.redactors = None, [], set()

    def take_redact(self, step, signer):
        if person(step.body["requestedBy"]) != person(signer.name):
            raise Refused("a redaction that is not requested by who signed it")
        if len(self.rules) + len(step.body["paths"]) > MAX_RULES:
            raise Refused("more than %d rules under a scope" % MAX_RULES)
        for path in step.body["paths"]:
            self.rules.append({"path": path, "records": step.body.get("records", "all"), "reason": step.body["reason"],
                               "requestedBy": step.body["requestedBy"]})
        self.redactors.add(step.person)
        self.approval = None

    def redaction_digest(self):
        """Of what custody/redaction.json of a bundle is under the scope that holds; None if nothing is withheld."""
        if not self.rules:
            return None
        members = {"format": REDACTION_FORMAT, "approvedBy": self.scope.order.approved_by, "rules": self.rules}
        return hashlib.sha256(spell_json(members).encode("utf-8")).hexdigest()

    def take_approve(self, step, signer):
        if step.body["scope"] != self.scope.digest:
            raise Refused("an approval of another scope than the one that holds")
        if person(self.scope.order.approved_by) != person(signer.name):
            raise Refused("an approval by another person than the scope names")
        if step.body.get("redaction") != self.redaction_digest():
            raise Refused("an approval of another redaction than the one that holds")
        if step.person == self.scope.person or step.person in self.exporters | self.redactors:
            raise Refused("an approval by who signed the scope, asked for a redaction, or exported")
        longest = EMERGENCY_TIME_MAX if step.body["emergency"] else APPROVAL_TIME_MAX
        if not step.at < step.body["expires"] <= step.at + longest:
            raise Refused("an approval that expires at once, or after more than %d hours" % (longest // (DAY // 24)))
        if self.unconfirmed is not None:
            raise Refused("an approval while one in an emergency is not confirmed")
        self.approval = Approval(step, self.scope, self.redactors)
        self.approvers.add(step.person)
        if self.approval.emergency:
            self.unconfirmed = self.approval

    def take_confirm(self, step, signer):
        approval = self.unconfirmed
        if approval is None or step.body["approval"] != approval.digest:
            raise Refused("confirms no approval that has to be")
        if step.person in (approval.person, approval.scope.person) or step.person in self.exporters | approval.redactors:
            raise Refused("an approval that is confirmed by who gave it, wrote its scope or exported")
        approval.confirmed = True
        self.approvers.add(step.person)
        self.unconfirmed = None

    def take_export(self, step, signer):
        self.check_export_at(step.at)
        if (step.body["scope"], step.body["approval"]) != (self.scope.digest, self.approval.digest):
            raise Refused("an export of another scope or approval than those that hold")
        if step.person in self.approvers:
            raise Refused("an export by who approved or confirmed in this case")
        self.exporters.add(step.person)
        self.exported = step.body["bundle"]

    def take_seal(self, step, signer):
        if step.body["bundle"] != self.exported:
            raise Refused("seals another bundle than the one that was exported last")
        self.sealed = step.body["sealed"]

    def take_handover(self, step, signer):
        if step.body["sealed"] != self.sealed:
            raise Refused("hands over another file than the one that was sealed last")
        self.handed_over = step.body["sealed"]

    def take_acknowledge(self, step, signer):
        pass

    def take_close(self, step, signer):
        if any(not hold.released and step.at < hold.until for hold in self.holds.values()):
            raise Refused("a case that is closed while a hold is in force")
        if self.unconfirmed is not None:
            raise Refused("a case that is closed while an approval in an emergency is not confirmed")
        if step.body["answered"] != (self.state == "acknowledged"):
            raise Refused("answered is true in a case that is acknowledged, and only there")


def open_case(data, expected_key=None):
    """case.md, Case file: a Case without steps, behind its register, and the notes of its steps."""
    if len(data) > MAX_CASE_FILE:
        raise Refused("a case file of more than 64 MiB")
    members = parse_one_spelling(data, CASE_FILE_MEMBERS, ("successions",))
    if members["format"] != CASE_FORMAT:
        raise Refused("another format than " + CASE_FORMAT)
    vault = decode_hex(members["vault"], TAG, "vault").hex()
    key = parse_verifier_key(members["verifierKey"])
    if key.type not in VAULT_KEY_TYPES or key.name != NODE_ORIGIN + vault:
        raise Refused("verifierKey is no key of Ed25519 or ECDSA P-384 that is named for the vault")
    history = parse_history((key, None), members, False)
    if expected_key is not None and getattr(expected_key, "text", expected_key) not in history.texts():
        raise Refused("the case is not of the key that was given, but of " + shown(key.text, 200))
    decode_hex(members["case"], CASE_ID, "case")
    for name in ("register", "steps"):
        if not isinstance(members[name], list) or len(members[name]) > MAX_STEPS:
            raise Refused(name + " is no list of at most 100,000 notes")
    if not members["steps"]:
        raise Refused("a case without a step")
    register = PersonRegister(vault, history)
    add_all(register, members["register"], "register, step")
    return Case(vault, history, members["case"], register), members["steps"]


def add_all(chain, notes, where):
    for number, text in enumerate(notes, 1):
        try:
            chain.add(text)
        except Refused as refused:
            raise Refused("%s %d: %s" % (where, number, refused)) from None


def verify_case(data, expected_key=None):
    """Verify a case file, as bytes. The key is the vault's, or its text. Returns a Case, or raises Refused."""
    case, notes = open_case(data, expected_key)
    add_all(case, notes, "step")
    return case


def require_approval(data, vault_id, history, case_id, order, redaction, document, at):
    """case.md, Approval file: it is one of this order and redaction, in this case, by this vault with this key, for this
    time."""
    members = parse_one_spelling(
        data, ("format", "persons", "scope", "approval", "confirmation"), ("confirmation",))
    if members["format"] != APPROVAL_FORMAT:
        raise Refused("another format than " + APPROVAL_FORMAT)
    steps = [parse_note_step(members[name], name) for name in ("scope", "approval", "confirmation") if name in members]
    if not isinstance(members["persons"], list) or len(members["persons"]) != len(steps):
        raise Refused("has not a person for each step")
    persons = [parse_note_step(text, "persons") for text in members["persons"]]
    signers = []
    for registered, step, kind in zip(persons, steps, ("scope", "approve", "confirm")):
        if (registered.kind != "person" or registered.vault != vault_id.hex()
                or vault_signer(registered, history, 0) is None or registered.at > step.at):
            raise Refused("a person who is not registered by this vault at the time of the step")
        if step.kind != kind or step.vault != vault_id.hex() or step.case != case_id:
            raise Refused("a step of another kind, vault or case")
        signer = person_of(registered)
        if step.person != signer.id or not is_valid_at(signer.key, step.at) \
                or not is_signed_by(step.note.text, step.note.signatures[0], signer.key):
            raise Refused("a step that its person did not sign")
        signers.append(signer)
    check_approved(steps, signers, order, redaction, document, at)


def parse_note_step(text, name):
    return parse_step(require_string(text, name).encode("utf-8"))


def check_approved(steps, signers, order, redaction, document, at):
    """case.md, Approval file, 3 to 9."""
    scope, approval = steps[0], steps[1]
    requester, approver = signers[0], signers[1]
    if scope.body["document"].encode("utf-8") != document:
        raise Refused("the scope is another order")
    if (approval.body["scope"] != hashlib.sha256(document).hexdigest() or approval.number <= scope.number
            or approval.at < scope.at):
        raise Refused("another scope was approved")
    if approval.body.get("redaction") != (redaction.digest if redaction else None):
        raise Refused("another redaction was approved, or none, or the redaction is not there")
    if redaction and person(redaction.approved_by) != person(order.approved_by):
        raise Refused("the redaction names another person as who approves than the order")
    if (requester.id == approver.id or person(requester.name) != person(order.requested_by)
            or person(approver.name) != person(order.approved_by)):
        raise Refused("signed by others than the order names")
    emergency = approval.body["emergency"]
    if not emergency and "approver" not in approver.roles:
        raise Refused("approved by who is no approver")
    if not 0 < approval.body["expires"] - approval.at <= (EMERGENCY_TIME_MAX if emergency else APPROVAL_TIME_MAX):
        raise Refused("an approval for too long")
    if not approval.at <= at < approval.body["expires"]:
        raise Refused("the bundle was not made while the approval held")
    if len(steps) == 3 and (
            not emergency or steps[2].body["approval"] != approval.digest or "approver" not in signers[2].roles
            or signers[2].id in (requester.id, approver.id)):
        raise Refused("a confirmation that is none of this approval")


# ---------------------------------------------------------------------------
# The command line
# ---------------------------------------------------------------------------

def open_zip(stream):
    """A container, if mimetype is the first file; else a bundle."""
    stream.seek(30)
    return ContainerBag(stream) if stream.read(len(MIMETYPE)) == MIMETYPE.encode() else ZipBag(stream)


def verify(open_bag, keys=(), witnesses=(), trusted=(), known=None):
    """Verify the bag that open_bag() returns. known is a history of keys from elsewhere. What it refuses is a failure of files. Returns the report."""
    report = Report()
    try:
        verify_bag(open_bag(), keys, witnesses, report, trusted, known)
    except Refused as refused:
        report.fail("files", "", str(refused))
    report.finish()
    return report


def key_argument(text):
    try:
        return parse_verifier_key(text)
    except Refused as refused:
        raise argparse.ArgumentTypeError(str(refused)) from None


def successions_argument(name):
    try:
        with open(name, "rb") as stream:
            members = parse_one_spelling(stream.read(MAX_SUCCESSIONS + 1), ("format", "successions"))
        if members["format"] != "evidence-vault-successions/1":
            raise Refused("another format than evidence-vault-successions/1")
        successions = parse_successions(members["successions"])
        return KeyHistory(successions[-1].after, successions)
    except (OSError, Refused) as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(
        prog="evault_verify.py", description="Verifies an evidence bundle or a case file of Evidence Vault, offline. "
        "Exit codes: 0 passed, 1 internal error, 2 usage, 3 failed, 4 indeterminate.")
    parser.add_argument("bundle", metavar="BUNDLE", help="the bundle's ZIP file or directory, or a container (ASiC-E) with "
                        "it; or a case file")
    parser.add_argument("--key", metavar="VKEY", type=key_argument, action="append", default=[],
                        help="the vault's public key; may be given once for each of its keys")
    parser.add_argument("--successions", metavar="FILE", type=successions_argument,
                        help="the vault's successions of keys, which are known from elsewhere than the bundle")
    parser.add_argument("--witness", metavar="VKEY", type=key_argument, action="append", default=[],
                        help="the public key of a witness whose line has to be under the checkpoint; may be repeated")
    parser.add_argument("--signer-root", metavar="FILE", action="append", default=[],
                        help="a certificate under which people sign. Chains are not built here: signatures in a container "
                        "that are good are indeterminate then, and it fails what is bad in any case")
    return parser.parse_args(arguments)


def run(options):
    """Open the bundle, verify it, print the report. Returns the exit code."""
    if options.successions is not None and not options.key:
        print("evault_verify.py: --successions needs --key: the key that is known to be the vault's", file=sys.stderr)
        return EXIT_USAGE
    try:
        mode = os.stat(options.bundle).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        print("evault_verify.py: there is no " + shown(options.bundle, 500), file=sys.stderr)
        return EXIT_USAGE
    if stat.S_ISDIR(mode):
        report = verify(lambda: DirectoryBag(options.bundle), options.key, options.witness, options.signer_root,
                        options.successions)
    elif stat.S_ISREG(mode):
        with open(options.bundle, "rb") as stream:
            if stream.read(len(CASE_FILE_BEGIN)) == CASE_FILE_BEGIN:
                stream.seek(0)
                return run_case(options, stream.read(MAX_CASE_FILE + 1))
            report = verify(lambda: open_zip(stream), options.key, options.witness, options.signer_root,
                            options.successions)
    else:
        print("evault_verify.py: neither a file nor a directory", file=sys.stderr)
        return EXIT_USAGE
    print(json.dumps(report.as_json(), indent=1))
    return {PASSED: EXIT_PASSED, FAILED: EXIT_FAILED, INDETERMINATE: EXIT_INDETERMINATE}[report.verdict()]


def run_case(options, data):
    """Verify a case file and print its steps, a line each, up to the one that is refused. Returns the exit code."""
    keys = {key.text: key for key in options.key}
    if options.witness or options.signer_root or options.successions or len(keys) > 1 or any(key.type not in VAULT_KEY_TYPES for key in options.key):
        print("evault_verify.py: a case file is checked with one --key at most, not the ML-DSA-44 key", file=sys.stderr)
        return EXIT_USAGE
    case = None
    try:
        case, notes = open_case(data, next(iter(keys), None))
        try:
            add_all(case, notes, "step")
        finally:
            print_case(case, bool(keys))
    except Refused as refused:
        print("FAILED: %s" % refused)
        return EXIT_FAILED
    print("PASSED")
    return EXIT_PASSED


def print_case(case, key_given):
    print("case %s of vault %s" % (case.case_id, case.vault))
    if case.opened is not None:
        print("tenant %s, order %s of %s" % tuple(shown(case.opened.body[n], 200) for n in ("tenant", "order", "issuer")))
    if not key_given:
        print("no key was given: compare with the vault's owner whether the key is " + shown(case.verifier_key, 200))
    for step in case.steps:
        who = "the vault" if KIND_SIGNERS[step.kind] == VAULT else step.person
        print("%d %s %s by %s, sha256 %s" % (step.number, format_time(step.at), step.kind, who, step.digest))
    print("state: " + case.state)


def main(arguments=None):
    options = parse_arguments(arguments)
    try:
        return run(options)
    except (OSError, MemoryError) as error:
        print("evault_verify.py: %s: %s" % (type(error).__name__, error), file=sys.stderr)
        return EXIT_ERROR


if __name__ == "__main__":
    sys.exit(main())
