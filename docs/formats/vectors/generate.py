#!/usr/bin/env python3
"""Writes the JSON vectors of this directory from the specifications beside it, without the Java code.

Everything is fixed: keys, salts, times, ids. Needs Python 3.11 and the package "cryptography". Run it here; the
result must not differ from what is committed.
"""
import base64, calendar, hashlib, hmac, json, struct, time, zlib
from cryptography.hazmat.primitives import hashes as hash_functions, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

VAULT = "0f0e0d0c0b0a09080706050403020100"
LOG = "00112233445566778899aabbccddeeff"
LOG2 = "ffeeddccbbaa99887766554433221100"
NS = 10**9


def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def mac(key, *parts): return hmac.new(key, b"".join(parts), hashlib.sha256).digest()
def u32(n): return struct.pack(">I", n)
def u64(n): return struct.pack(">q", n)
def h(b): return b.hex()
def b64(b): return base64.b64encode(b).decode()
def compact(v): return json.dumps(v, separators=(",", ":"), ensure_ascii=False)
def fill(first, count=32): return bytes((first + i) & 255 for i in range(count))


def write(name, value):
    with open(name, "w", encoding="utf-8") as out:
        json.dump(value, out, indent=1, ensure_ascii=False)
        out.write("\n")


# --- times -----------------------------------------------------------------------------------------------------------
def stamp(nanos):
    s, f = divmod(nanos, NS)
    days, of_day = divmod(s, 86400)
    z = days + 719468
    era, doe = divmod(z, 146097)
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    d, m = doy - (153 * mp + 2) // 5 + 1, mp + 3 if mp < 10 else mp - 9
    y = yoe + era * 400 + (m <= 2)
    return f"{y:04}-{m:02}-{d:02}T{of_day // 3600:02}:{of_day // 60 % 60:02}:{of_day % 60:02}.{f:09}Z"


def at(text, nanos=0): return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")) * NS + nanos


T0 = at("2026-05-01T12:00:00Z")
write("timestamps.json", {
    "canonical": [{"nanos": n, "text": stamp(n)} for n in [
        0, 1, -1, T0, at("2026-11-23T02:19:23Z"), at("2000-02-29T23:59:59Z", 999999999), at("1999-12-31T00:00:00Z"),
        at("2100-03-01T00:00:00Z"), -9223372036 * NS, 2**63 - 1]],
    "refused": ["", "2026-11-23", "2026-11-23T02:19:23Z", "2026-11-23T02:19:23.000Z", "2026-11-23t02:19:23.000000000Z",
                "2026-11-23T02:19:23.000000000z", "2026-11-23T02:19:23.000000000+00:00",
                "2026-11-23T02:19:23,000000000Z", "2026-02-29T00:00:00.000000000Z", "2026-11-23T24:00:00.000000000Z",
                "2026-11-23T02:19:60.000000000Z", "2026-11-23T02:19:23.0000000000Z", " 2026-11-23T02:19:23.000000000Z",
                "2263-01-01T00:00:00.000000000Z", "1677-09-21T00:12:43.999999999Z"],
    "loose": [{"text": t, "nanos": n} for t, n in [
        ("2026-05-01", at("2026-05-01T00:00:00Z")), ("2026-05-01T12:00:00Z", T0), ("2026-05-01T12:00Z", T0),
        ("2026-05-01T21:00:00+09:00", T0), ("2026-05-01T12:00:00.5Z", T0 + NS // 2),
        ("2026-05-01T12:00:00.000000001Z", T0 + 1), ("2026-05-02t06:00:00+18:00", T0)]],
    "looseRefused": ["", "2026-05", "2026-05-01T12:00:00", "2026-05-01 12:00:00Z", "20260501", "2026-02-30",
                     "2026-05-01T24:00:00Z", "yesterday", "1500-01-01", "2026-05-01T12:00:00.Z",
                     "2026-05-01T12:00:00+09:00:30", "2026-05-01T12:00:00+18:01", "2026-05-01T12:00:00-23:59",
                     "2026-05-01T12:00:00+09"],
})


# --- the tree of RFC 6962 --------------------------------------------------------------------------------------------
def leaf(data): return sha(b"\0", data)
def node(left, right): return sha(b"\1", left, right)


def root(leaves):
    if not leaves: return sha()
    if len(leaves) == 1: return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root(leaves[:k]), root(leaves[k:]))


def cover(start, end):
    out = []
    while start < end:
        size = 1 << (end - start).bit_length() - 1
        while start % size: size //= 2
        out.append((start, start + size))
        start += size
    return out


def compact_range(leaves, start, end): return [root(leaves[a:b]) for a, b in cover(start, end)]


def inclusion(leaves, i):
    if len(leaves) == 1: return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return inclusion(leaves[:k], i) + [root(leaves[k:])] if i < k else inclusion(leaves[k:], i - k) + [root(leaves[:k])]


data = [f"leaf {i}".encode() for i in range(11)]
hashes = [leaf(d) for d in data]
write("tree.json", {
    "leaves": [d.decode() for d in data], "leafHashes": [h(x) for x in hashes],
    "roots": [h(root(hashes[:n])) for n in range(12)],
    "ranges": [{"from": a, "to": b, "hashes": [h(x) for x in compact_range(hashes, a, b)]}
               for a in range(12) for b in range(a, 12) if (a + b) % 3 == 0],
    "inclusion": [{"index": i, "size": n, "path": [h(x) for x in inclusion(hashes[:n], i)]}
                  for n in (1, 5, 8, 11) for i in range(n)],
})


# --- keys ------------------------------------------------------------------------------------------------------------
def varint(n):
    out = b""
    while n > 127: out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def field(number, value):
    if isinstance(value, int): return varint(number << 3) + varint(value) if value else b""
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


TYPE = "type.googleapis.com/google.crypto.tink."
KEY_ID = 0x01020304


def keyset(type_name, value, material, prefix):
    """A Tink keyset with one enabled key, and its public KeysetInfo."""
    key_data = field(1, TYPE + type_name) + field(2, value) + field(3, material)
    key = field(1, key_data) + field(2, 1) + field(3, KEY_ID) + field(4, prefix)
    info = field(1, TYPE + type_name) + field(2, 1) + field(3, KEY_ID) + field(4, prefix)
    return field(1, KEY_ID) + field(2, key), field(1, KEY_ID) + field(2, info)


def prf_keyset(key): return keyset("HkdfPrfKey", field(2, field(1, 3)) + field(3, key), 1, 3)


def wrap(kek, keyset_and_info, purpose, iv):
    plain, info = keyset_and_info
    return field(2, iv + AESGCM(kek).encrypt(iv, plain, purpose.encode())) + field(3, info)


def derive(key, length, label, *parts):
    """HKDF-SHA-256 without salt; the info is label and parts, each with its length before it."""
    info = b"".join(u32(len(p)) + p for p in (label.encode(), *parts))
    prk, out, block, i = mac(bytes(32), key), b"", b"", 1
    while len(out) < length:
        block = mac(prk, block, info, bytes([i]))
        out, i = out + block, i + 1
    return out[:length]


KEY_FILE = fill(0)
KEK = sha(KEY_FILE)
OWNER = VAULT + "/" + LOG
TENANT = {p: fill(16 * (i + 1)) for i, p in enumerate(["content", "journal", "salt", "tag", "index"])}
WRAPPED = {p: wrap(KEK, prf_keyset(k), f"evidence-vault/keyset/v1/{OWNER}/{p}", fill(i, 12))
           for i, (p, k) in enumerate(TENANT.items())}
EPOCH = 1
TENANT2 = {**TENANT, "backup": fill(16 * (len(TENANT) + 1))}
WRAPPED2 = {p: wrap(KEK, prf_keyset(k), f"evidence-vault/keyset/v2/{OWNER}/{EPOCH}/{p}", fill(64 + i, 12))
            for i, (p, k) in enumerate(TENANT2.items())}
SALT_KEY = derive(TENANT["salt"], 32, "evidence-vault/salt-key/v1")


def salt(seq):
    ctr = Cipher(algorithms.AES(SALT_KEY), modes.CTR((2 * seq).to_bytes(16, "big"))).encryptor()
    return ctr.update(bytes(32))


# ECVRF-P256-SHA256-TAI, RFC 9381
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
CURVE_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b
BASE = (0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
        0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5)


def add(a, b):
    if a is None or b is None: return b if a is None else a
    if a[0] == b[0] and (a[1] + b[1]) % P == 0: return None
    slope = ((3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(n, point):
    out = None
    for bit in f"{n:b}": out = add(out, out); out = add(out, point) if bit == "1" else out
    return out


def octets(point): return bytes([2 + (point[1] & 1)]) + point[0].to_bytes(32, "big")


def to_curve(public, alpha):
    for counter in range(256):
        x = int.from_bytes(sha(b"\1\1", public, alpha, bytes([counter]), b"\0"), "big")
        square = (x**3 - 3 * x + CURVE_B) % P
        y = pow(square, (P + 1) // 4, P)
        if x < P and y * y % P == square: return x, y if y % 2 == 0 else P - y


def rfc6979(secret, message):
    x, k, v = secret.to_bytes(32, "big"), bytes(32), b"\1" * 32
    digest = (int.from_bytes(sha(message), "big") % ORDER).to_bytes(32, "big")
    for step in (b"\0", b"\1"):
        k = mac(k, v, step, x, digest)
        v = mac(k, v)
    while True:
        v = mac(k, v)
        if 0 < int.from_bytes(v, "big") < ORDER: return int.from_bytes(v, "big")
        k = mac(k, v, b"\0")
        v = mac(k, v)


def vrf(secret, alpha):
    """The proof and the value."""
    public = times(secret, BASE)
    point = to_curve(octets(public), alpha)
    gamma, nonce = times(secret, point), rfc6979(secret, octets(point))
    challenge = sha(b"\1\2", *map(octets, (public, point, gamma, times(nonce, BASE), times(nonce, point))), b"\0")[:16]
    response = (nonce + int.from_bytes(challenge, "big") * secret) % ORDER
    return octets(gamma) + challenge + response.to_bytes(32, "big"), sha(b"\1\3", octets(gamma), b"\0")


TAG_SECRET = int.from_bytes(derive(TENANT["tag"], 48, "evidence-vault/tag-key/v1"), "big") % (ORDER - 1) + 1
TAG_KEY = octets(times(TAG_SECRET, BASE))


def actor_proof(name): return vrf(TAG_SECRET, b"actor/v1\0" + name.encode())
def service_proof(name): return vrf(TAG_SECRET, b"service/v1\0" + name.encode())
def actor_tag(name): return actor_proof(name)[1][:16]
def service_tag(name): return service_proof(name)[1][:16]
def seal_box(derived, nonce, plain, ad): return AESGCM(derived[:32]).encrypt(bytes(4) + u64(nonce), plain, ad)


FILE_SALT = fill(0xa0)
SEGMENT_KEY = derive(TENANT["content"], 64, "segment/v1", u64(1), FILE_SALT)
JOURNAL_KEY = derive(TENANT["journal"], 64, "journal/v1", FILE_SALT)
INDEX_KEY = derive(TENANT["index"], 64, "index/v1", u64(1), FILE_SALT)
argon = dict(salt=fill(7, 16), length=32, iterations=3, lanes=1, memory_cost=64)
write("keys.json", {
    "comment": "Keys that everybody knows. A vault that uses them protects nothing.",
    "keyFile": h(KEY_FILE), "kek": h(KEK), "vaultId": VAULT, "logId": LOG, "owner": OWNER,
    "argon2id": {"passphrase": "correct horse", "memoryKib": 64, "iterations": 3, "lanes": 1, "salt": h(fill(7, 16)),
                 "kek": h(Argon2id(**argon).derive(b"correct horse"))},
    "tenant": {p: {"key": h(k), "associatedData": f"evidence-vault/keyset/v1/{OWNER}/{p}", "wrapped": b64(WRAPPED[p])}
               for p, k in TENANT.items()},
    "tenantVersion2": {
        "epoch": EPOCH,
        "keysets": {p: {"key": h(k), "associatedData": f"evidence-vault/keyset/v2/{OWNER}/{EPOCH}/{p}",
                        "wrapped": b64(WRAPPED2[p])} for p, k in TENANT2.items()},
        "pack": 1, "depositKey": h(derive(TENANT2["backup"], 64, "deposit/v1", u64(1), FILE_SALT))},
    "saltKey": h(SALT_KEY),
    "salts": [{"seq": n, "salt": h(salt(n))} for n in (0, 1, 2, 3, 1000, 2**62, 2**63 - 1)],
    "tagSecret": f"{TAG_SECRET:064x}", "tagKey": h(TAG_KEY),
    "actorTags": {n: h(actor_tag(n)) for n in ("alice", "operator", "東京", "")},
    "actorProofs": {n: h(actor_proof(n)[0]) for n in ("alice", "operator", "東京", "")},
    "serviceTags": {n: h(service_tag(n)) for n in ("files", "alice")},
    "fileSalt": h(FILE_SALT), "segmentNumber": 1,
    "segmentKey": h(SEGMENT_KEY), "journalKey": h(JOURNAL_KEY), "indexKey": h(INDEX_KEY),
})

# --- records ---------------------------------------------------------------------------------------------------------
EVENTS = [
    ({"id": "018f3a5e-8000-7000-8000-000000000001", "tenant": "acme", "service": "files",
      "occurredAt": stamp(T0), "action": "document.read", "outcome": "success",
      "actor": {"side": "tenant", "id": "alice", "privileged": False},
      "targets": [{"type": "document", "id": "q3-report"}]}, T0 + 1500),
    ({"id": "e-2", "tenant": "acme", "service": "billing", "occurredAt": stamp(T0 + NS), "action": "invoice.delete",
      "outcome": "failure", "reason": "locked",
      "actor": {"side": "provider", "type": "user", "id": "operator", "privileged": True, "onBehalfOf": "alice",
                "session": "s-1"},
      "privilege": {"role": "admin", "ticket": "T-7", "approval": "A-9", "justification": "asked by phone"},
      "targets": [{"type": "invoice", "id": "1\n\"2\"\\\u007f東京\U0001f4c4"}, {"id": "untyped"}],
      "source": {"ip": "192.0.2.1"}, "sharedEventId": "shared-2", "assumed": ["zone", "action"]}, T0 + 2 * NS),
    ({"id": "e-3", "tenant": "acme", "occurredAt": stamp(T0 - NS), "action": "unknown", "outcome": "unknown"},
     T0 + 2 * NS),
]
DETAILS = b'{"n":12345678901234567890, "x":1.50}'
ORIGINAL = '{"old":"caf\\u00e9 \\u0000"}\ttab'


def text_of(value):
    out = '"'
    for c in value:
        out += {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}.get(
            c, f"\\u{ord(c):04x}" if ord(c) < 32 else c)
    return out + '"'


def text_json(value):
    if isinstance(value, str): return text_of(value)
    if isinstance(value, bool): return "true" if value else "false"
    if isinstance(value, list): return "[" + ",".join(map(text_json, value)) + "]"
    return "{" + ",".join(f'"{k}":{text_json(v)}' for k, v in value.items()) + "}"


def line(seq, recorded, fields, kind="event", tail=""):
    body = text_json(fields)[1:-1]
    return f'{{"v":1,"seq":{seq},"recordedAt":"{stamp(recorded)}","type":"{kind}",{body}{tail}}}'.encode()


KINDS = {"event": 1, "seal": 2, "gap": 3, "change": 4}


def header(seq, recorded, occurred, kind, privileged, service, actors, commitment):
    return (bytes([1, KINDS[kind], privileged, len(actors)]) + bytes.fromhex(LOG) + u64(seq) + u64(recorded)
            + u64(occurred) + (service_tag(service) if service else bytes(16))
            + b"".join(actor_tag(n) + u64(c) for n, c in actors) + commitment)


def commit(seq, text): return sha(b"evault-record-v1", salt(seq), text)


records, counts, leaves, lines, headers = [], {}, [], [], []
for seq, (fields, recorded) in enumerate(EVENTS):
    tail = "" if seq != 2 else ',"details":' + DETAILS.decode() + ',"original":' + text_of(ORIGINAL)
    text = line(seq, recorded, fields, tail=tail)
    actor = fields.get("actor", {})
    ids = list(dict.fromkeys(actor[k] for k in ("id", "onBehalfOf") if k in actor))
    actors = [(n, counts.get(n, 0)) for n in ids]
    for n in ids: counts[n] = counts.get(n, 0) + 1
    occurred = [T0, T0 + NS, T0 - NS][seq]
    head = header(seq, recorded, occurred, "event", actor.get("privileged", False), fields.get("service"), actors,
                  commit(seq, text))
    records.append({"seq": seq, "recordedAt": recorded, "occurredAt": occurred, "service": fields.get("service"),
                    "actors": [{"id": n, "tag": h(actor_tag(n)), "seq": c} for n, c in actors],
                    "line": text.decode(), "salt": h(salt(seq)), "commitment": h(commit(seq, text)),
                    "header": h(head), "leafHash": h(leaf(head))})
    leaves.append(leaf(head)), lines.append(text), headers.append(head)

GOOD = lines[2].decode()


def change(**members): return line(3, T0 + 3 * NS, {"tenant": "acme", "occurredAt": stamp(T0), "change": members}, "change").decode()


def gap(**members):
    text = compact({"from": stamp(T0), "to": stamp(T0 + NS), **members})
    return f'{{"v":1,"seq":3,"recordedAt":"{stamp(T0 + 3 * NS)}","type":"gap","tenant":"acme","occurredAt":"{stamp(T0)}","gap":{text}}}'


NOTICES = [gap(rate=1, bytes=2, queue=3), change(what="policy", before="none", after="all", reason="asked by the tenant"),
           change(what="clock", before=stamp(T0), after=stamp(T0 - NS)), change(what="restore", reason="disk lost"),
           change(what="case", after='{"case":"0123456789ab","step":4,"kind":"approve","person":"sato","tenant":"acme","sha256":"'
                  + "ab" * 32 + '"}')]
REFUSED_NOTICES = [gap(rate=0, bytes=0, queue=0), gap(rate=1, bytes=-1, queue=1), gap(rate=1, bytes=0),
                   gap(rate=2**63 - 1, bytes=2**63 - 1, queue=3), change(what="policy"),
                   change(what="policies", after="x"), change(after="x"), change(what="policy", after=""),
                   change(what="policy", after="x" * 8193), change(what="policy", after="x", who="me"),
                   change(what="policy", after="x").replace('"tenant":"acme",', ""),
                   change(what="policy", after="x").replace('"type":"change"', '"type":"event"')]


def changed(at_byte, value):
    copy = bytearray(headers[1])
    copy[at_byte] = value
    return h(bytes(copy))


# --- the segment -----------------------------------------------------------------------------------------------------
def zstd_raw(plain):
    """A Zstandard frame (RFC 8878) of one raw block, which every decoder takes."""
    size = bytes([0x20, len(plain)]) if len(plain) < 256 else bytes([0x60]) + struct.pack("<H", len(plain) - 256)
    return b"\x28\xb5\x2f\xfd" + size + struct.pack("<I", len(plain) << 3 | 1)[:3] + plain


FIRST_SEQ = 0
seg_header = b"EVSEG\0\0\1" + bytes.fromhex(LOG) + u64(1) + u64(FIRST_SEQ) + FILE_SALT + SEGMENT_KEY[32:]


def block(ordinal, kind, first, count, leaf_bytes, plain):
    ad = b"EVSEG\0\0\1" + bytes.fromhex(LOG) + u64(1) + u32(ordinal) + bytes([kind]) + u64(first) + u32(count) \
        + u32(len(plain))
    cipher = seal_box(SEGMENT_KEY, ordinal, zstd_raw(plain), ad)
    return b"EVBK" + bytes([kind]) + u64(first) + u32(count) + u32(len(plain)) + u32(len(cipher)) + leaf_bytes + cipher


plain_records = b"".join(u32(len(t)) + t for t in lines)

# the index of actors: alice has records 0 and 1, the operator record 1, which is also all that is privileged
PRIVILEGED = bytes(15) + b"\1"
table = sorted([(actor_tag("alice"), 0, leaves[0:2]), (actor_tag("operator"), 0, leaves[1:2]), (PRIVILEGED, 0, leaves[1:2])])
ENTRIES = [t + u64(first) + u64(len(of)) + root(of) for t, first, of in table]
entry_leaves = [leaf(b"evault-actors-v1" + e) for e in ENTRIES]
plain_actors = b"".join(ENTRIES)


def hidden(hashes, start, end): return {"to": end, "subtrees": [h(x) for x in compact_range(hashes, start, end)]}


def index_proof(tags):
    """What shows of each tag which entry it has, or by its neighbours that it has none."""
    shown, out, at = set(), [], 0
    for tag in tags:
        place = sum(e[:16] < tag for e in ENTRIES)
        if place < len(ENTRIES): shown.add(place)
        if place and (place == len(ENTRIES) or ENTRIES[place][:16] != tag): shown.add(place - 1)
    for place in sorted(shown):
        if at < place: out.append(hidden(entry_leaves, at, place))
        out.append({"entry": h(ENTRIES[place])})
        at = place + 1
    return out + ([hidden(entry_leaves, at, len(ENTRIES))] if at < len(ENTRIES) else [])


blocks = [block(0, 1, 0, 3, b"".join(leaves), plain_records), block(1, 2, 0, len(table), b"", plain_actors)]
INDEX_PLAIN = b"an index is opaque here"
index_header = b"EVIDX\0\0\1" + bytes.fromhex(LOG) + u64(1) + FILE_SALT + INDEX_KEY[32:]
index_file = index_header + seal_box(INDEX_KEY, 0, INDEX_PLAIN, index_header)
write("index.json", {"logId": LOG, "segment": 1, "content": h(INDEX_PLAIN), "file": h(index_file)})

MERGED_KEY = derive(TENANT["index"], 64, "index-merged/v1", u64(1), u64(3), FILE_SALT)
MERGED_PARTS = [b"terms of three segments", b"and their words"]
merged_header = b"EVIDM\0\0\1" + bytes.fromhex(LOG) + u64(1) + u64(3) + FILE_SALT + MERGED_KEY[32:]
merged_header += b"".join(u32(len(part)) for part in MERGED_PARTS)
merged_file = merged_header + b"".join(seal_box(MERGED_KEY, i, p, merged_header) for i, p in enumerate(MERGED_PARTS))
write("merged-index.json", {"logId": LOG, "from": 1, "last": 3, "parts": [h(p) for p in MERGED_PARTS],
    "file": h(merged_file)})

# --- the vault's own files -------------------------------------------------------------------------------------------
NODE_OWNER = VAULT
SEED = fill(0xc0)
SIGNER = Ed25519PrivateKey.from_private_bytes(SEED)
PUBLIC = SIGNER.public_key().public_bytes_raw()
NAMES_KEY, BLINDING_KEY = fill(0xd0), fill(0xe0)
KEY_NAME = "evidencevault.dev/node/" + VAULT
NOTE_KEY_ID = sha(KEY_NAME.encode(), b"\n\1", PUBLIC)[:4]
VERIFIER = f"{KEY_NAME}+{h(NOTE_KEY_ID)}+{b64(bytes([1]) + PUBLIC)}"


def signed(text): return f"{text}\n— {KEY_NAME} {b64(NOTE_KEY_ID + SIGNER.sign(text.encode()))}\n"


node_keysets = {
    "signing": keyset("Ed25519PrivateKey", field(2, SEED) + field(3, field(2, PUBLIC)), 2, 3),
    "names": keyset("AesGcmKey", field(3, NAMES_KEY), 1, 1),
    "blinding": prf_keyset(BLINDING_KEY),
}
node_wrapped = {n: wrap(KEK, k, f"evidence-vault/node-keyset/v1/{NODE_OWNER}/{n}", fill(32 + i, 12))
                for i, (n, k) in enumerate(node_keysets.items())}
settings = compact({
    "format": "evidence-vault/1", "vaultId": VAULT, "createdAt": stamp(T0), "suite": "AES-256-GCM+SHA-256+Ed25519",
    "keySource": {"type": "keyFile"}, "keysets": {n: b64(node_wrapped[n]) for n in sorted(node_wrapped)},
    "verifierKey": VERIFIER})
# Version 4: the key file opens the vault's key-encryption keys, and the newest of these wraps.
OLD_KEK, NEW_KEK = fill(0x20), fill(0x38)
SECRET_EPOCH = 2


def aes_keyset(*keys):
    """A Tink keyset of AES-GCM keys without prefix, of which the last is primary, and its KeysetInfo."""
    out, info = field(1, KEY_ID + len(keys) - 1), field(1, KEY_ID + len(keys) - 1)
    for i, key in enumerate(keys):
        data = field(1, TYPE + "AesGcmKey") + field(2, field(3, key)) + field(3, 1)
        out += field(2, field(1, data) + field(2, 1) + field(3, KEY_ID + i) + field(4, 3))
        info += field(2, field(1, TYPE + "AesGcmKey") + field(2, 1) + field(3, KEY_ID + i) + field(4, 3))
    return out, info


vault_key = wrap(KEK, aes_keyset(OLD_KEK, NEW_KEK), f"evidence-vault/kek-keyset/v1/{VAULT}/{SECRET_EPOCH}", fill(96, 12))
wrapped_4 = {n: wrap(NEW_KEK, k, f"evidence-vault/node-keyset/v1/{NODE_OWNER}/{n}", fill(112 + i, 12))
             for i, (n, k) in enumerate(node_keysets.items())}
settings_4 = compact({
    "format": "evidence-vault/4", "vaultId": VAULT, "createdAt": stamp(T0), "suite": "AES-256-GCM+SHA-256+Ed25519",
    "epoch": SECRET_EPOCH, "keySource": {"type": "keyFile"}, "vaultKey": b64(vault_key),
    "keysets": {n: b64(wrapped_4[n]) for n in sorted(wrapped_4)}, "verifierKey": VERIFIER, "commitments": "line"})
keys_under = {k: {p: b64(wrap(kek, prf_keyset(v), f"evidence-vault/keyset/v2/{OWNER}/{EPOCH}/{p}", fill(128 + i, 12)))
                  for i, (p, v) in enumerate(TENANT2.items())} for k, kek in (("old", OLD_KEK), ("new", NEW_KEK))}
signed_settings = "evidence-vault/settings/v1\n" + h(sha(settings.encode())) + "\n"
iv = fill(48, 12)
sealed_name = bytes([1]) + u32(KEY_ID) + iv + AESGCM(NAMES_KEY).encrypt(iv, b"acme", LOG.encode())
keys_file = compact({"format": "evidence-vault-keys/1", "logId": LOG, "name": b64(sealed_name),
                     "keysets": {p: b64(WRAPPED[p]) for p in TENANT}})
def keys_2(epoch, source=None, **changed):
    """A keys file of version 2. The tenant's own key would be wrapped elsewhere: nothing here opens one."""
    return compact({"format": "evidence-vault-keys/2", "logId": LOG, "name": b64(sealed_name), "epoch": epoch,
                    **({"keySource": source} if source else {}),
                    "keysets": {p: b64(WRAPPED2[p]) for p in TENANT2}, **changed})


OWN_URI = "pkcs11:object=acme;type=secret-key"
OWN_SOURCE = {"type": "wrapped", "uri": OWN_URI, "key": b64(fill(0x60, 61))}
KEYS_2 = keys_2(EPOCH)
OWN_KEYS = keys_2(7, OWN_SOURCE)
write("vault.json", {
    "comment": "The files of a vault whose key file is that of keys.json.",
    "signingSeed": h(SEED), "publicKey": h(PUBLIC), "namesKey": h(NAMES_KEY), "blindingKey": h(BLINDING_KEY),
    "vaultJson": settings, "signedText": signed_settings, "vaultSig": signed(signed_settings),
    "tenant": "acme", "keysJson": keys_file, "keysJsonSha256": h(sha(keys_file.encode())),
    "version4": {
        "vaultJson": settings_4, "epoch": SECRET_EPOCH,
        "vaultSig": signed("evidence-vault/settings/v1\n" + h(sha(settings_4.encode())) + "\n"),
        "keysJsonUnder": {k: keys_2(EPOCH, keysets=wrapped) for k, wrapped in keys_under.items()},
        "refused": [{"why": why, "vaultJson": text} for why, text in (
            ("no epoch", settings_4.replace('"epoch":2,', "")),
            ("epoch 0", settings_4.replace('"epoch":2,', '"epoch":0,')),
            ("no key", settings_4.replace('"vaultKey":"' + b64(vault_key) + '",', "")),
            ("no commitments", settings_4.replace(',"commitments":"line"', "")),
            ("unknown commitments", settings_4.replace('"line"', '"lines"')),
            ("a key in version 1", settings_4.replace("vault/4", "vault/1")),
            ("version 1 as version 4", settings.replace("vault/1", "vault/4")))]},
    "keysVersion2": [{"epoch": EPOCH, "uri": None, "keysJson": KEYS_2}, {"epoch": 7, "uri": OWN_URI, "keysJson": OWN_KEYS}],
    "refusedKeys": [
        {"why": "white space", "keysJson": KEYS_2.replace(":", ": ", 1)},
        {"why": "unknown format", "keysJson": KEYS_2.replace("keys/2", "keys/3")},
        {"why": "version 1 with an epoch", "keysJson": KEYS_2.replace("keys/2", "keys/1")},
        {"why": "version 2 without an epoch", "keysJson": keys_file.replace("keys/1", "keys/2")},
        {"why": "epoch 0", "keysJson": keys_2(0)},
        {"why": "an epoch too high", "keysJson": keys_2(1000001)},
        {"why": "an epoch in quotation marks", "keysJson": keys_2("1")},
        {"why": "unknown type of key source", "keysJson": OWN_KEYS.replace('"wrapped"', '"plain"', 1)},
        {"why": "a key source without a name", "keysJson": keys_2(7, {**OWN_SOURCE, "uri": ""})},
        {"why": "a key source without a key", "keysJson": keys_2(7, {"type": "wrapped", "uri": OWN_URI})},
        {"why": "a key that is not base64", "keysJson": keys_2(7, {**OWN_SOURCE, "key": "="})},
        {"why": "a key source of null", "keysJson": keys_2(7).replace('"keysets"', '"keySource":null,"keysets"')},
        {"why": "a keyset that is missing", "keysJson": keys_2(1, keysets={p: b64(WRAPPED2[p]) for p in TENANT})},
        {"why": "a keyset too many", "keysJson": keys_2(1, keysets={**{p: b64(WRAPPED2[p]) for p in TENANT2}, "x": "AA=="})},
        {"why": "another order", "keysJson": keys_2(1, keysets={p: b64(WRAPPED2[p]) for p in reversed(TENANT2)})},
        {"why": "unknown member", "keysJson": KEYS_2[:-1] + ',"x":1}'},
    ],
    "refused": [
        {"why": "white space", "vaultJson": settings.replace(":", ": ", 1)},
        {"why": "unknown format", "vaultJson": settings.replace("vault/1", "vault/2", 1)},
        {"why": "unknown suite", "vaultJson": settings.replace("AES-256-GCM", "AES-128-GCM")},
        {"why": "unknown member", "vaultJson": settings[:-1] + ',"x":1}'},
        {"why": "another time than was signed", "vaultJson": settings.replace("2026-05-01", "2026-05-02")},
        {"why": "unknown key source", "vaultJson": settings.replace("keyFile", "kms")},
    ],
})

# --- the seal, which names index and keys ----------------------------------------------------------------------------
seal_fields = {
    "segment": 1, "firstSeq": 0, "events": 3, "occurredFrom": stamp(T0 - NS), "occurredTo": stamp(T0 + NS),
    "fileHeader": h(sha(seg_header)), "blocks": h(root([leaf(sha(b)) for b in blocks])),
    "tree": h(root(leaves)), "actors": {"size": len(ENTRIES), "root": h(root(entry_leaves))}, "tagKey": h(TAG_KEY),
    "keys": h(sha(keys_file.encode())), "searchIndex": h(sha(index_file))}
SEALED_AT = T0 + 3 * NS
seal_line = f'{{"v":1,"seq":3,"recordedAt":"{stamp(SEALED_AT)}","type":"seal","seal":{compact(seal_fields)}}}'.encode()
seal_header = header(3, SEALED_AT, SEALED_AT, "seal", False, None, [], commit(3, seal_line))
beside = b"".join(compact_range(leaves, 0, 3)) + b"".join(sha(b) for b in blocks)
footer_bytes = 48 + len(seal_line) + len(beside)
segment = (seg_header + b"".join(blocks) + b"EVSL" + salt(3) + u32(len(seal_line)) + seal_line + beside
           + u32(footer_bytes) + b"EVEN")
all_leaves = leaves + [leaf(seal_header)]
write("record.json", {
    "logId": LOG, "keys": "keys.json", "events": records,
    "seal": {"line": seal_line.decode(), "salt": h(salt(3)), "commitment": h(commit(3, seal_line)),
             "header": h(seal_header), "leafHash": h(leaf(seal_header))},
    "notices": NOTICES, "refusedNotices": REFUSED_NOTICES,
    "refusedLines": [
        "", "null", "[]", GOOD + " x", GOOD[:-1], GOOD.replace('"v":1', '"v":2'), GOOD.replace('"v":1,', ""),
        GOOD.replace('"seq":2', '"seq":-1'), GOOD.replace('"seq":2', '"seq":2.0'),
        GOOD.replace('"seq":2', '"seq":9223372036854775808'), GOOD.replace('"type":"event"', '"type":"gap"'),
        GOOD.replace('"type":"event",', ""), GOOD.replace('"action"', '"acting"'),
        GOOD.replace('"seq":2,', '"seq":2,"seq":2,'), GOOD.replace(".000000000Z", "Z", 1),
        GOOD.replace('"occurredAt":"', '"occurredAt":"+'), GOOD.replace('"action"', '"service":1,"action"'),
        GOOD.replace('"action"', '"actor":{"id":1},"action"'), GOOD.replace('"action"', '"actor":"alice","action"'),
        GOOD.replace('"action"', '"actor":{"privileged":false},"action"'),
        GOOD.replace('"action":"unknown"', '"action":1'), GOOD.replace('"id":"e-3",', ""),
        GOOD.replace('"e-3"', '"\\ud800"'), GOOD.replace('"action"', '"service":"\\udc00\\ud800","action"'),
        GOOD[:GOOD.index('"original"')] + '"original":1}'],
    "refusedHeaders": [
        {"why": "version 2", "header": changed(0, 2)}, {"why": "kind 0", "header": changed(1, 0)},
        {"why": "kind 5", "header": changed(1, 5)},
        {"why": "an actor twice", "header": h(headers[1][:84] + headers[1][60:76] + headers[1][100:])}, {"why": "flag 4", "header": changed(2, 5)},
        {"why": "three actors", "header": changed(3, 3)}, {"why": "one actor in the length of two",
                                                         "header": changed(3, 1)},
        {"why": "a byte too many", "header": h(headers[1] + b"\0")}, {"why": "a byte less", "header": h(headers[1][:-1])},
        {"why": "empty", "header": ""}],
})
write("segment.json", {
    "logId": LOG, "number": 1, "firstSeq": 0, "records": [t.decode() for t in lines],
    "plainRecords": h(plain_records), "actorIndex": h(plain_actors),
    "header": h(seg_header), "headerSha256": h(sha(seg_header)),
    "blocks": [{"bytes": h(b), "sha256": h(sha(b))} for b in blocks],
    "seal": seal_line.decode(), "file": h(segment), "size": 4, "root": h(root(all_leaves))})

# --- the journal -----------------------------------------------------------------------------------------------------
CRC_TABLE = []
for i in range(256):
    for _ in range(8): i = i >> 1 ^ (0x82f63b78 if i & 1 else 0)
    CRC_TABLE.append(i)


def crc32c(data):
    c = 0xffffffff
    for byte in data: c = CRC_TABLE[(c ^ byte) & 255] ^ c >> 8
    return u32(c ^ 0xffffffff)


def pad(data): return data + bytes(-len(data) % 4096)


LIFE, COMMIT_NONCES = fill(0x60, 16), [fill(0x80, 8), fill(0x90, 8)]
journal_header = b"EVJRN\0\0\2" + u64(1) + LIFE + FILE_SALT
journal_header += crc32c(journal_header)
commits = []
for (number, synced, first, texts), nonce in zip([(1, 0, 0, lines[:2]), (2, 1, 2, lines[2:])], COMMIT_NONCES):
    plain = b"".join(u32(len(t)) + t for t in texts)
    entry = bytes.fromhex(LOG) + u64(first) + u32(len(texts)) + u32(len(plain))
    tag = FILE_SALT[:8]
    associated = tag + u64(number) + u64(synced) + u32(1) + u32(0) + entry
    payload = entry + AESGCM(JOURNAL_KEY[:32]).encrypt(nonce + u32(0), plain, associated)
    head = b"EVCM" + tag + u64(number) + u64(synced) + nonce + u32(1) + u32(len(payload)) + crc32c(payload)
    commits.append(head + crc32c(head) + payload)
first = 4096
last = first + len(pad(commits[0]))
end = last + len(pad(commits[1]))
write("journal.json", {
    "logId": LOG, "life": h(LIFE), "salt": h(FILE_SALT), "nonces": [h(n) for n in COMMIT_NONCES],
    "header": h(journal_header), "commits": [h(c) for c in commits], "records": [t.decode() for t in lines],
    "cases": [
        {"why": "whole", "cutTo": end, "flip": None, "records": 3, "lastCommit": 2, "tornAt": -1},
        {"why": "whole, with room left", "cutTo": end + 8192, "flip": None, "records": 3, "lastCommit": 2, "tornAt": -1},
        {"why": "nothing", "cutTo": 0, "flip": None, "records": 0, "lastCommit": 0, "tornAt": -1},
        {"why": "inside the file header", "cutTo": 20, "flip": None, "records": 0, "lastCommit": 0, "tornAt": 0},
        {"why": "after the file header", "cutTo": first, "flip": None, "records": 0, "lastCommit": 0, "tornAt": -1},
        {"why": "inside the first commit", "cutTo": first + 100, "flip": None, "records": 0, "lastCommit": 0,
         "tornAt": first},
        {"why": "after the first commit", "cutTo": last, "flip": None, "records": 2, "lastCommit": 1, "tornAt": -1},
        {"why": "inside the last commit", "cutTo": last + len(commits[1]) - 1, "flip": None, "records": 2,
         "lastCommit": 1, "tornAt": last},
        {"why": "a bit of the last commit", "cutTo": end, "flip": last + len(commits[1]) - 1, "records": 2,
         "lastCommit": 1, "tornAt": last},
        {"why": "a bit of the header of the last commit", "cutTo": end, "flip": last + 20, "records": 2,
         "lastCommit": 1, "tornAt": last},
        {"why": "a bit of a commit that was synced", "cutTo": end, "flip": first + 100, "damaged": True},
        {"why": "a bit of the header of a commit that was synced", "cutTo": end, "flip": first + 5, "damaged": True},
        {"why": "a bit of the file header, commit 1 synced", "cutTo": end, "flip": 17, "damaged": True},
        {"why": "a bit of the padding of the file header", "cutTo": end, "flip": 4000, "damaged": True}],
})


# --- suites ----------------------------------------------------------------------------------------------------------
CHACHA = "/ChaCha20-Poly1305"


def chacha_box(derived, nonce, plain, ad): return ChaCha20Poly1305(derived[:32]).encrypt(bytes(4) + u64(nonce), plain, ad)


chacha_index_key = derive(TENANT["index"], 64, "index/v1" + CHACHA, u64(1), FILE_SALT)
chacha_index_header = b"EVIDX\0\1\1" + bytes.fromhex(LOG) + u64(1) + FILE_SALT + chacha_index_key[32:]
chacha_merged_key = derive(TENANT["index"], 64, "index-merged/v1" + CHACHA, u64(1), u64(3), FILE_SALT)
chacha_merged_header = b"EVIDM\0\1\1" + bytes.fromhex(LOG) + u64(1) + u64(3) + FILE_SALT + chacha_merged_key[32:]
chacha_merged_header += b"".join(u32(len(part)) for part in MERGED_PARTS)
chacha_segment_key = derive(TENANT["content"], 64, "segment/v1" + CHACHA, u64(1), FILE_SALT)
chacha_journal_key = derive(TENANT["journal"], 64, "journal/v1" + CHACHA, FILE_SALT)
chacha_journal = b"EVJRN\0\1\2" + u64(1) + LIFE + FILE_SALT
P384_ORDER = 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973
p384 = ec.derive_private_key(int.from_bytes(fill(0x51, 47), "big"), ec.SECP384R1())
p384_public = p384.public_key().public_bytes(
    serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
p384_id = sha(p384_public)[:4]
p384_text = f"{KEY_NAME}\n0\n{b64(sha())}\n"
p384_r, p384_s = utils.decode_dss_signature(
    p384.sign(p384_text.encode(), ec.ECDSA(hash_functions.SHA256(), deterministic_signing=True)))
p384_s = min(p384_s, P384_ORDER - p384_s)


def p384_note(der): return f"{p384_text}\n— {KEY_NAME} {b64(p384_id + der)}\n"
def p384_der(r, s): return utils.encode_dss_signature(r, s)


good = p384_der(p384_r, p384_s)
write("suites.json", {
    "logId": LOG, "suites": [f"{c}+SHA-256+{s}" for s in ("Ed25519", "ECDSA-P384") for c in ("AES-256-GCM", "ChaCha20-Poly1305")],
    "segmentHeader": h(b"EVSEG\0\1\1" + bytes.fromhex(LOG) + u64(1) + u64(0) + FILE_SALT + chacha_segment_key[32:]),
    "segmentKey": h(chacha_segment_key), "journalKey": h(chacha_journal_key),
    "journalLife": h(LIFE), "journalHeader": h(chacha_journal + crc32c(chacha_journal)),
    "index": {"content": h(INDEX_PLAIN), "file": h(chacha_index_header + chacha_box(chacha_index_key, 0, INDEX_PLAIN, chacha_index_header))},
    "merged": {"from": 1, "last": 3, "parts": [h(p) for p in MERGED_PARTS], "file": h(chacha_merged_header + b"".join(
        chacha_box(chacha_merged_key, i, p, chacha_merged_header) for i, p in enumerate(MERGED_PARTS)))},
    "verifierKey": f"{KEY_NAME}+{p384_id.hex()}+{b64(bytes([2]) + p384_public)}", "note": p384_note(good),
    "refusedNotes": [
        {"reason": "the larger s", "note": p384_note(p384_der(p384_r, P384_ORDER - p384_s))},
        {"reason": "s and the order", "note": p384_note(p384_der(p384_r, p384_s + P384_ORDER))},
        {"reason": "a length in two bytes", "note": p384_note(good[:1] + b"\x81" + good[1:])},
        {"reason": "a byte behind the sequence", "note": p384_note(good + b"\0")},
        {"reason": "r with a zero byte before it", "note": p384_note(
            bytes([0x30, good[1] + 1, 2, good[3] + 1, 0]) + good[4:])},
        {"reason": "r and s as 48 bytes each", "note": p384_note(p384_r.to_bytes(48, "big") + p384_s.to_bytes(48, "big"))}],
    "refusedKeys": [
        {"reason": "a key id that holds the name",
         "key": f"{KEY_NAME}+{sha(KEY_NAME.encode(), bytes([10, 2]), p384_public)[:4].hex()}+{b64(bytes([2]) + p384_public)}"},
        {"reason": "a point that is not on the curve", "key": (lambda k: f"{KEY_NAME}+{sha(k)[:4].hex()}+{b64(bytes([2]) + k)}")(
            p384_public[:-1] + bytes([p384_public[-1] ^ 1]))},
        {"reason": "a compressed point", "key": (lambda k: f"{KEY_NAME}+{sha(k)[:4].hex()}+{b64(bytes([2]) + k)}")(
            bytes.fromhex("3046301006072a8648ce3d020106052b81040022033200") + p384.public_key().public_bytes(
                serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint))}]})


# --- anchors ---------------------------------------------------------------------------------------------------------
def super_tree(blinding, taken):
    def blind(label, level, index): return mac(blinding, label, u32(level), u32(index))

    def subtree(level, index):
        if not any(slot >> level == index for slot in taken): return blind(b"empty", level, index)
        if level == 0: return leaf(blind(b"leaf", 0, index) + sha(taken[index].encode()))
        return node(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1))

    def path(slot): return [subtree(level, slot >> level ^ 1) for level in range(20)]

    return subtree(20, 0), path, lambda slot: blind(b"leaf", 0, slot)


def checkpoint(origin, size, root_hash): return f"{origin}\n{size}\n{b64(root_hash)}\n"


anchors, node_leaves = [], []
heads = [{LOG: (0xabcde, 4, root(all_leaves))},
         {LOG: (0xabcde, 4, root(all_leaves)), LOG2: (0, 1, leaf(b"another log"))}]
for index, entries in enumerate(heads):
    key = derive(BLINDING_KEY, 32, "anchor/v1", u64(index))
    taken = {slot: checkpoint("evidencevault.dev/log/" + log, size, r) for log, (slot, size, r) in entries.items()}
    super_root, path, nonce = super_tree(key, taken)
    entry_bytes = u32(len(entries)) + b"".join(bytes.fromhex(log) + u32(slot) + u64(size) + r
                                               for log, (slot, size, r) in sorted(entries.items()))
    when = T0 + (4 + index) * NS
    head = b"EVANC\0\0\1" + u64(index) + u64(when) + super_root + sha(entry_bytes)
    before = compact_range(node_leaves, 0, index)
    node_leaves.append(leaf(head))
    note_text = checkpoint(KEY_NAME, index + 1, root(node_leaves))
    note = signed(note_text)
    file = head + u32(len(before)) + b"".join(before) + entry_bytes + u32(len(note.encode())) + note.encode()
    slot = entries[LOG][0]
    proof = compact({"format": "evidence-vault-anchor-proof/1", "index": index, "time": stamp(when),
                     "superRoot": h(super_root), "entries": h(sha(entry_bytes)), "slot": slot, "nonce": h(nonce(slot)),
                     "superPath": [h(x) for x in path(slot)], "nodePath": [h(x) for x in reversed(before)]})
    anchors.append({
        "index": index, "time": when, "blindingKey": h(key),
        "entries": [{"logId": log, "slot": s, "size": size, "root": h(r)} for log, (s, size, r) in sorted(entries.items())],
        "superRoot": h(super_root), "head": h(head), "leafHash": h(leaf(head)), "note": note, "file": h(file),
        "logCheckpoint": taken[slot], "proof": proof})
write("anchor.json", {"verifierKey": VERIFIER, "logId": LOG, "anchors": anchors})

# --- successions of keys ---------------------------------------------------------------------------------------------
NEXT = [Ed25519PrivateKey.from_private_bytes(fill(first)) for first in (0x11, 0x33)]
NEXT_PUBLIC = [key.public_key().public_bytes_raw() for key in NEXT]
NEXT_IDS = [sha(KEY_NAME.encode(), b"\n\1", key)[:4] for key in NEXT_PUBLIC]
KEYS = [(SIGNER, NOTE_KEY_ID, VERIFIER)] + [
    (key, key_id, f"{KEY_NAME}+{h(key_id)}+{b64(bytes([1]) + public)}") for key, key_id, public in zip(NEXT, NEXT_IDS, NEXT_PUBLIC)]
HEADS = ["\n".join(anchor["note"].split("\n")[:3]) + "\n" for anchor in anchors]


def succession(number, head, before, after, signers=None):
    text = f"evidence-vault/succession/v1\n{number}\n{head}{KEYS[before][2]}\n{KEYS[after][2]}\n"
    lines = [f"— {KEY_NAME} {b64(KEYS[i][1] + KEYS[i][0].sign(text.encode()))}\n" for i in signers or (before, after)]
    return text + "\n" + "".join(lines)


first_hand_over, second_hand_over = succession(1, HEADS[0], 0, 1), succession(2, HEADS[1], 1, 2)
write("succession.json", {
    "keys": [key for _, _, key in KEYS], "succession": first_hand_over,
    "file": compact({"format": "evidence-vault-successions/1", "successions": [first_hand_over, second_hand_over]}),
    "refused": [
        {"why": "signed by the key before alone", "successions": [succession(1, HEADS[0], 0, 1, [0])]},
        {"why": "signed by the key after alone", "successions": [succession(1, HEADS[0], 0, 1, [1])]},
        {"why": "signed in the other order", "successions": [succession(1, HEADS[0], 0, 1, [1, 0])]},
        {"why": "signed by a third key as well", "successions": [succession(1, HEADS[0], 0, 1, [0, 1, 2])]},
        {"why": "signed by another key than the one before", "successions": [succession(1, HEADS[0], 0, 1, [2, 1])]},
        {"why": "of a key by itself", "successions": [succession(1, HEADS[0], 0, 0)]},
        {"why": "of another vault's checkpoint", "successions": [succession(1, HEADS[0].replace("node/0f", "node/0e"), 0, 1)]},
        {"why": "at size 0", "successions": [succession(1, HEADS[0].replace("\n1\n", "\n0\n"), 0, 1)]},
        {"why": "number 0", "successions": [succession(0, HEADS[0], 0, 1)]},
        {"why": "number 01", "successions": [succession("01", HEADS[0], 0, 1)]},
        {"why": "number 101", "successions": [succession(101, HEADS[0], 0, 1)]},
        {"why": "begins with number 2", "successions": [succession(2, HEADS[0], 0, 1)]},
        {"why": "the same number twice", "successions": [first_hand_over, succession(1, HEADS[1], 1, 2)]},
        {"why": "not from the key that was current", "successions": [first_hand_over, succession(2, HEADS[1], 0, 2)]},
        {"why": "back to the first key", "successions": [first_hand_over, succession(2, HEADS[1], 1, 0)]},
        {"why": "at the same size", "successions": [first_hand_over, succession(2, HEADS[0], 1, 2)]},
        {"why": "none", "successions": []}]})

# --- redaction -------------------------------------------------------------------------------------------------------
SHOWN = {"v", "seq", "recordedAt", "type", "id", "tenant", "occurredAt", "outcome"}
DECODE = json.JSONDecoder().raw_decode


def skip(text, i):
    while text[i] in " \t\r\n": i += 1
    return i


def values(text, i):
    """The names, begins and ends of what is in the object or array at a place of a text."""
    found, named = [], text[i] == "{"
    i = skip(text, i + 1)
    while text[i] not in "}]":
        name = len(found)
        if named:
            name, i = DECODE(text, i)
            i = skip(text, skip(text, i) + 1)
        end = DECODE(text, i)[1]
        found.append((name, i, end))
        i = skip(text, end)
        if text[i] == ",": i = skip(text, i + 1)
    return found


def places(text):
    found = []
    for name, begin, end in values(text, 0):
        if name in SHOWN: continue
        inner = values(text, begin) if text[begin] in "{[" else []
        if 1 <= len(inner) <= 100:
            found += [("/%s/%s" % (name, str(n).replace("~", "~0").replace("/", "~1")), b, e) for n, b, e in inner
                      if name != "actor" or n not in ("side", "privileged")]
        else:
            found.append(("/" + name, begin, end))
    return found


def skeleton(text, found):
    at, out = 0, ""
    for _, begin, end in found: out, at = out + text[at:begin] + "\0", end
    return out + text[at:]


def piece_salts(seed, count):
    out, block = b"", b""
    for i in range(1, 256):
        block = mac(seed, block, b"evidence-vault/piece-salts/v1", bytes([i]))
        out += block
    return [out[16 * i:16 * i + 16] for i in range(count)]


def piece_digest(piece_salt, piece): return sha(b"evault-piece-v1", piece_salt, piece.encode())


def fields_of(text, seed, rules={}):
    """What a line comes to; rules are the numbers under which pieces are withheld, by their paths."""
    found = places(text)
    pieces = [skeleton(text, found)] + [text[b:e] for _, b, e in found]
    salts = piece_salts(seed, len(pieces))
    digests = [piece_digest(s, p) for s, p in zip(salts, pieces)]
    shown, at = "", 0
    for path, begin, end in found:
        shown += text[at:begin] + ('"withheld by redaction %d"' % rules[path] if path in rules else text[begin:end])
        at = end
    openings = [salts[0]] + [d if path in rules else s for (path, _, _), s, d in zip(found, salts[1:], digests[1:])]
    return {"line": text, "salt": h(seed), "pieces": pieces, "paths": [path for path, _, _ in found],
            "salts": [h(s) for s in salts], "digests": [h(d) for d in digests],
            "commitment": h(sha(b"evault-fields-v1", u32(len(pieces)), *digests)),
            "shown": shown + text[at:], "fields": [h(o) for o in openings]}


def event_line(tail):
    return line(7, T0 + NS, {"id": "e-8", "tenant": "acme", "occurredAt": stamp(T0), "action": "a", "outcome": "success"},
                tail=tail).decode()


many = lambda count: "{" + ",".join('"m%d":%d' % (i, i) for i in range(count)) + "}"
REDACTED = [
    fields_of(lines[0].decode(), salt(0), {"/targets/0": 1}),
    fields_of(lines[1].decode(), salt(1), {"/actor/id": 1, "/reason": 2}),
    fields_of(lines[2].decode(), salt(2), {"/details/" + places(lines[2].decode())[-2][0].split("/")[2]: 1, "/original": 1}),
    fields_of(event_line(',"details":{ "a" : 1 ,"a\\u0022":[1 , {"b" : "}"}],"~/\u00e9" : "\\\\\\"" , "" :null}'), salt(7), {"/details/a\"": 1}),
    fields_of(event_line(',"targets":[ 1],"details":{}'), salt(7), {"/targets/0": 3}),
    fields_of(event_line(',"targets":[1 ],"details":{}'), salt(7), {"/details": 1}),
    fields_of(event_line(',"details":' + many(100)), salt(7), {"/details/m99": 1}),
    fields_of(event_line(',"details":' + many(101)), salt(7), {"/details": 1}),
    fields_of(event_line(""), salt(7))]
fields_header = bytearray(headers[0])
fields_header[2] |= 2
fields_header[-32:] = bytes.fromhex(REDACTED[0]["commitment"])
REDACTION = {"format": "evidence-vault-redaction/1", "approvedBy": "K. Sato", "rules": [
    {"path": "/targets", "records": "all", "reason": "names a third person", "requestedBy": "H. Hayashi"},
    {"path": "/details/patient", "records": [0, 7], "reason": "health of a third person", "requestedBy": "H. Hayashi"}]}


def other_redaction(**members): return compact({**REDACTION, **members})
def other_rule(**members): return compact({**REDACTION, "rules": [{**REDACTION["rules"][0], **members}]})


write("redaction.json", {
    "records": REDACTED, "header": h(bytes(fields_header)), "leafHash": h(leaf(bytes(fields_header))),
    "leafLine": compact({"header": h(bytes(fields_header)), "fields": REDACTED[0]["fields"]}),
    "redaction": compact(REDACTION), "sha256": h(sha(compact(REDACTION).encode())),
    "refusedRedactions": [
        other_redaction(format="evidence-vault-redaction/2"), other_redaction(rules=[]), other_redaction(approvedBy=" "),
        other_redaction(rules=REDACTION["rules"] * 26), compact(REDACTION) + "\n", compact(REDACTION).replace(":", ": ", 1),
        *[other_rule(path=p) for p in ("", "targets", "/tenant", "/outcome", "/actor/privileged", "/actor/side", "/details/a/b",
                                       "/details/~", "/details/~2", "/unknown", "/details/" + "x" * 1000)],
        *[other_rule(records=r) for r in ([], [1, 1], [2, 1], [-1], ["1"], "none", list(range(1001)))],
        other_rule(reason=""), other_rule(reason="x" * 1001), other_rule(requestedBy="\n"), other_rule(more=1)],
    "refusedLeafLines": [
        compact({"header": h(bytes(fields_header)), "fields": f}) for f in (
            [], REDACTED[0]["salts"], [REDACTED[0]["digests"][0]] + REDACTED[0]["fields"][1:], ["00"] + REDACTED[0]["fields"][1:],
            [REDACTED[0]["salts"][0].upper()] + REDACTED[0]["fields"][1:], REDACTED[0]["fields"][:1] * 510 + REDACTED[0]["digests"][:1])]
        + [compact({"header": h(headers[0]), "fields": REDACTED[0]["fields"]}),
           compact({"header": h(bytes(fields_header)), "salt": h(salt(0)), "fields": REDACTED[0]["fields"]})],
    "refusedLines": ["", "null", "[1]", "{", '{"a":1', '{"a":1}x', '{"a":}', '{"a" 1}', '{"a":"x}', '{"a":{"b":1}', '{a:1}',
                     '{"a":"\0"}', "{" + ",".join('"x%d":%s' % (i, many(100)) for i in range(6)) + "}"]})

# --- the bundle ------------------------------------------------------------------------------------------------------
leaf_lines = [compact({"header": h(headers[0]), "salt": h(salt(0))}), compact({"header": h(headers[1])}),
              compact(hidden(leaves, 0, 3))]
segment_lines = [compact({"salt": h(salt(3)), "seal": seal_line.decode()}),
                 compact({"salt": h(salt(3)), "subtrees": [h(x) for x in compact_range(leaves, 0, 3)],
                          "seal": seal_line.decode()})]
index_proofs = [{"tags": [h(t) for t in tags], "proof": index_proof(tags)} for tags in (
    [actor_tag("alice")], [actor_tag("operator")], [PRIVILEGED], [actor_tag("nobody")], [bytes(16)], [b"\xff" * 16],
    [PRIVILEGED, actor_tag("alice"), actor_tag("operator")])]
segment_lines += [compact({"salt": h(salt(3)), "actors": p["proof"], "seal": seal_line.decode()}) for p in index_proofs]
good_proof = index_proofs[0]["proof"]
refused_proofs = [{"why": w, "tags": [h(t) for t in tags], "proof": proof} for w, tags, proof in [
    ("an entry that nobody asked for", [actor_tag("alice")], index_proof([actor_tag("alice"), PRIVILEGED, actor_tag("operator")])),
    ("a proof of another actor", [actor_tag("operator")], index_proof([PRIVILEGED])),
    ("no entry", [actor_tag("alice")], [hidden(entry_leaves, 0, 3)]),
    ("nothing", [actor_tag("alice")], []),
    ("a part", [actor_tag("alice")], good_proof[:-1]),
    ("entries that do not ascend", [PRIVILEGED], index_proof([PRIVILEGED])[::-1]),
    ("an entry with another count", [actor_tag("alice")],
     [{"entry": i["entry"][:62] + "03" + i["entry"][64:]} if "entry" in i else i for i in good_proof]),
    ("two runs where one would do", [PRIVILEGED],
     [{"entry": h(ENTRIES[0])}, hidden(entry_leaves, 1, 2), hidden(entry_leaves, 2, 3)])]]
scope_json = {"format": "evidence-vault-scope/1", "logId": LOG, "completeness": "index",
              "actors": {n: {"tag": h(actor_tag(n)), "proof": h(actor_proof(n)[0])} for n in ("alice", "operator")},
              "services": {"files": {"tag": h(service_tag("files")), "proof": h(service_proof("files")[0])}},
              "verifierKey": VERIFIER}
scope = compact(scope_json)
export = compact({"format": "evidence-vault-export/1", "software": "Evidence Vault 1.0", "exportedAt": stamp(T0 + 9 * NS),
                  "vaultId": VAULT, "logId": LOG, "tenant": "acme", "records": 1, "notYetAnchored": 0})
files = {"data/originals/000001.txt": b"", "data/records/000001.jsonl": lines[0] + b"\n"}
manifest = "".join(f"{h(sha(c))}  {n}\n" for n, c in sorted(files.items()))
manifest_text = "evidence-vault/bundle/v1\n" + h(sha(manifest.encode())) + "\n"
second_note = signed(manifest_text)


def stored_zip(entries):
    out, central = b"", b""
    for name, content in entries:
        common = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, zlib.crc32(content), len(content), len(content),
                             len(name), 0)
        central += b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + name
        out += b"PK\3\4" + common + name + content
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(central), len(out), 0)
    return out + central + end


tiny = [(b"bag/a.txt", b"first\n"), (b"bag/data/b", b"")]
zip_file = stored_zip(tiny)
crooked = bytearray(zip_file)
crooked[12] ^= 1
write("bundle.json", {
    "leafLines": [{"line": leaf_lines[0], "header": h(headers[0]), "salt": h(salt(0))},
                  {"line": leaf_lines[1], "header": h(headers[1]), "salt": None},
                  {"line": leaf_lines[2], "run": hidden(leaves, 0, 3)}],
    "refusedLeafLines": [leaf_lines[0].replace(":", ": ", 1), leaf_lines[0][:-1] + ',"x":1}', leaf_lines[0].upper(),
                         compact({"salt": h(salt(0)), "header": h(headers[0])}),
                         compact({"header": h(headers[0]), "salt": "00"}), compact({"salt": h(salt(0))}),
                         compact({"to": 3, "subtrees": []}), compact({**hidden(leaves, 0, 3), "header": h(headers[0])}),
                         compact({"subtrees": hidden(leaves, 0, 3)["subtrees"], "to": 3}),
                         compact({"to": "3", "subtrees": hidden(leaves, 0, 3)["subtrees"]})],
    "segmentLines": [{"line": segment_lines[0], "salt": h(salt(3)), "subtrees": None, "seal": seal_line.decode()},
                     {"line": segment_lines[1], "salt": h(salt(3)),
                      "subtrees": [h(x) for x in compact_range(leaves, 0, 3)], "seal": seal_line.decode()}]
                    + [{"line": l, "salt": h(salt(3)), "subtrees": None, "seal": seal_line.decode(), **p}
                       for l, p in zip(segment_lines[2:], index_proofs)],
    "refusedIndexProofs": refused_proofs,
    "refusedSegmentLines": [segment_lines[0].replace(":", ": ", 1), segment_lines[0][:-1] + ',"x":1}',
                            compact({"seal": seal_line.decode(), "salt": h(salt(3))})],
    "scope": scope,
    "refusedScopes": [scope.replace(":", ": ", 1), scope.replace('"index"', '"strong"'),
                      scope.replace(',"completeness":"index"', ""), scope.replace(h(actor_tag("alice")), h(actor_tag("operator"))),
                      scope.replace(h(actor_tag("alice")), "00" * 16), scope.replace(h(actor_tag("alice")), h(PRIVILEGED)),
                      compact({**scope_json, "actors": {"alice": h(actor_tag("alice"))}})],
    "export": export, "checkpoint": anchors[0]["logCheckpoint"],
    "files": {n: c.decode() for n, c in files.items()}, "manifest": manifest,
    "refusedManifests": [manifest.replace("  ", " *"), manifest[:-1], manifest + "\n",
                         "".join(reversed(manifest.splitlines(True)))],
    "signedText": manifest_text,
    # Any file will do in the place of signature-ml-dsa.note: its digest is what the text of the other names.
    "secondNote": second_note, "signedTextOfBoth": manifest_text + h(sha(second_note.encode())) + "\n",
    "zip": {"entries": [{"name": n.decode(), "content": c.decode()} for n, c in tiny], "bytes": h(zip_file)},
    "refusedZips": [
        {"why": "empty", "bytes": ""},
        {"why": "no entry", "bytes": h(stored_zip([]))},
        {"why": "a byte before", "bytes": h(b"x" + zip_file)},
        {"why": "a byte after", "bytes": h(zip_file + b"x")},
        {"why": "another date", "bytes": h(bytes(crooked))},
        {"why": "names that do not ascend", "bytes": h(stored_zip(tiny[::-1]))},
        {"why": "a name twice", "bytes": h(stored_zip([tiny[0], tiny[0]]))},
        {"why": "a name that climbs", "bytes": h(stored_zip([(b"bag/../x", b"")]))},
        {"why": "an absolute name", "bytes": h(stored_zip([(b"/bag/x", b"")]))},
        {"why": "a hidden name", "bytes": h(stored_zip([(b"bag/.x", b"")]))},
        {"why": "a directory", "bytes": h(stored_zip([(b"bag/", b"")]))},
        {"why": "no end record", "bytes": h(zip_file[:-22])},
        {"why": "content that is not that of its checksum", "bytes": h(zip_file.replace(b"first", b"fiRst"))}],
})

# --- the proof of one record -----------------------------------------------------------------------------------------
record_proof = compact({
    "format": "evidence-vault-record-proof/1", "line": lines[0].decode(),
    "leaf": {"header": h(headers[0]), "salt": h(salt(0))},
    "path": [h(x) for x in inclusion(all_leaves, 0)], "checkpoint": anchors[1]["logCheckpoint"],
    "anchor": json.loads(anchors[1]["proof"]), "note": anchors[1]["note"], "verifierKey": VERIFIER})
write("record-proof.json", {
    "proof": record_proof,
    "refused": [record_proof.replace(":", ": ", 1), record_proof[:-1] + ',"x":1}',
                record_proof.replace("record-proof/1", "record-proof/2"),
                record_proof.replace("acme", "acne"), record_proof.replace(h(salt(0)), h(salt(1))),
                record_proof.replace(h(inclusion(all_leaves, 0)[0]), h(inclusion(all_leaves, 0)[1])),
                record_proof.replace('"path":["' + h(inclusion(all_leaves, 0)[0]) + '",', '"path":['),
                record_proof.replace(anchors[1]["note"].split(" ")[-1].strip(), anchors[0]["note"].split(" ")[-1].strip())]})

# --- containers ------------------------------------------------------------------------------------------------------
container_files = {"bag/bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
                   "bag/data/records/000001.jsonl": b'{"v":1}\n'}


def container_manifest(number, files):
    return ('<?xml version="1.0" encoding="UTF-8"?>\n'
            '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n'
            f'<asic:SigReference URI="META-INF/signature{number:03}.p7s" MimeType="application/pkcs7-signature"/>\n'
            + "".join(f'<asic:DataObjectReference URI="{name}">'
                      '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
                      f'<ds:DigestValue>{b64(sha(content))}</ds:DigestValue></asic:DataObjectReference>\n'
                      for name, content in sorted(files.items()))
            + "</asic:ASiCManifest>\n")


def container(entries): return stored_zip([(name.encode(), content) for name, content in entries])


first_manifest = container_manifest(1, container_files)
meta = [("META-INF/ASiCManifest001.xml", first_manifest.encode()), ("META-INF/signature001.p7s", b"not a signature")]
mimetype = ("mimetype", b"application/vnd.etsi.asic-e+zip")
rest = meta + sorted(container_files.items())
write("container.json", {
    "files": {name: h(content) for name, content in container_files.items()},
    "manifest": first_manifest, "secondManifest": container_manifest(2, container_files),
    "signature": h(meta[1][1]), "container": h(container([mimetype] + rest)),
    "refused": [{"why": w, "bytes": h(container(e))} for w, e in [
        ("no mimetype", rest), ("mimetype at its place by name", sorted([mimetype] + rest)),
        ("another mimetype", [("mimetype", b"application/vnd.etsi.asic-s+zip")] + rest),
        ("no signature", [mimetype, meta[0]] + sorted(container_files.items())),
        ("no manifest", [mimetype, meta[1]] + sorted(container_files.items())),
        ("a gap in the numbers", [mimetype] + sorted(rest + [
            ("META-INF/ASiCManifest003.xml", b""), ("META-INF/signature003.p7s", b"")])),
        ("something else in META-INF", [mimetype] + sorted(rest + [("META-INF/manifest.xml", b"")])),
        ("META-INF in other letters", [mimetype] + rest + [("meta-inf/a", b"")]),
        ("nothing outside META-INF", [mimetype] + meta), ("a name twice", [mimetype] + rest + rest[-1:]),
        ("mimetype twice", [mimetype] + rest + [mimetype])]],
})

# --- orders ----------------------------------------------------------------------------------------------------------
base = {"order": "2026 (So) 123", "issuer": "District Court", "legalBasis": "Art. 99", "tenant": "acme",
        "requestedBy": "Mori", "approvedBy": "Sato"}


def order(**more): return compact({**base, **more})


whole = order(actors=["alice", "bob"], privilegedOnly=False, services=["files"], **{"from": "2026-05-01T00:00:00+09:00"},
              to="2026-06-01", expires="2027-01-01T00:00:00Z")
bare = order()
by_recording = order(actors=["alice"], clock="recorded", **{"from": "2026-05-01"}, to="2026-06-01")
MAY, JUNE = at("2026-05-01T00:00:00Z"), at("2026-06-01T00:00:00Z")
write("order.json", {
    "accepted": [
        {"text": bare, "from": None, "to": None, "expires": None, "actors": [], "services": [], "privilegedOnly": False,
         "clock": "occurred"},
        {"text": whole, "from": at("2026-04-30T15:00:00Z"), "to": at("2026-06-01T00:00:00Z"),
         "expires": at("2027-01-01T00:00:00Z"), "actors": ["alice", "bob"], "services": ["files"], "privilegedOnly": False,
         "clock": "occurred"},
        {"text": json.dumps({**base, "privilegedOnly": True}, indent=2), "from": None, "to": None, "expires": None,
         "actors": [], "services": [], "privilegedOnly": True, "clock": "occurred"},
        {"text": by_recording, "from": MAY, "to": JUNE, "expires": None, "actors": ["alice"], "services": [],
         "privilegedOnly": False, "clock": "recorded"},
        {"text": order(clock="occurred"), "from": None, "to": None, "expires": None, "actors": [], "services": [],
         "privilegedOnly": False, "clock": "occurred"}],
    "refused": [{"why": w, "text": t} for w, t in [
        ("not JSON", bare[:-1]), ("something after the object", bare + "{}"), ("no object", "[]"),
        ("a member twice", bare[:-1] + ',"tenant":"other"}'), ("an unknown member", order(actor="alice")),
        ("no tenant", bare.replace('"tenant":"acme",', "")), ("an empty text", order(issuer="")),
        ("white space only", order(issuer="  ")), ("a number", order(order=1)), ("null", order(order=None)),
        ("a control character", order(order="1\n2")), ("1001 characters", order(order="x" * 1001)),
        ("an empty list", order(actors=[])), ("a text for a list", order(actors="alice")),
        ("an actor twice", order(actors=["a", "a"])), ("1001 actors", order(actors=[str(i) for i in range(1001)])),
        ("a text for a truth value", order(privilegedOnly="true")), ("a time without a zone", order(to="2026-05-01T00:00:00")),
        ("another clock", order(clock="sealed")), ("a clock in other letters", order(clock="Recorded")),
        ("an empty clock", order(clock="")), ("a clock that is no text", order(clock=True)),
        ("a list of clocks", order(clock=["recorded"])), ("a clock of null", order(clock=None)),
        ("from is to", order(**{"from": "2026-05-01", "to": "2026-05-01T00:00:00Z"})),
        ("approved by who asks", order(approvedBy="Mori")), ("the same in other letters", order(approvedBy=" ＭＯＲＩ ")),
        ("no-break spaces only", order(issuer="\u00a0\u2007\u202f")),
        ("half a surrogate pair", order(issuer="  ").replace('"  "', '"\\ud800"')),
        ("the same with another white space", order(requestedBy="A B", approvedBy="a\u1680b"))]],
    "asks": {"order": whole, "records": [
        {"line": line(0, T0 + NS, {"id": "1", "tenant": "acme", **({"service": s} if s else {}), "occurredAt": stamp(o),
                                   "action": "x", "outcome": "unknown", **({"actor": a} if a else {})}).decode(),
         "asked": want}
        for o, s, a, want in [
            (T0, "files", {"id": "alice"}, True), (T0, "files", {"id": "eve"}, False),
            (T0, "files", {"id": "eve", "onBehalfOf": "bob"}, True), (T0, "files", {"id": "Alice"}, False),
            (T0, "files", None, False), (T0, None, {"id": "alice"}, False), (T0, "mail", {"id": "alice"}, False),
            (at("2026-04-30T15:00:00Z"), "files", {"id": "alice"}, True),
            (at("2026-04-30T15:00:00Z") - 1, "files", {"id": "alice"}, False),
            (at("2026-06-01T00:00:00Z") - 1, "files", {"id": "bob"}, True),
            (at("2026-06-01T00:00:00Z"), "files", {"id": "bob"}, False)]]},
    "asksByRecording": {"order": by_recording, "records": [
        {"line": line(0, r, {"id": "1", "tenant": "acme", "occurredAt": stamp(o), "action": "x", "outcome": "unknown",
                             "actor": {"id": a}}).decode(), "asked": want}
        for r, o, a, want in [
            (T0 + NS, T0, "alice", True), (T0 + NS, T0, "eve", False), (MAY, MAY - NS, "alice", True),
            (MAY - 1, MAY, "alice", False), (JUNE - 1, JUNE, "alice", True), (JUNE, JUNE - NS, "alice", False)]] + [
        {"line": line(0, r, {"tenant": "acme", "occurredAt": stamp(MAY - NS)}, kind, tail).decode(), "asked": want}
        for kind, tail in [
            ("gap", ',"gap":' + compact({"from": stamp(MAY - NS), "to": stamp(JUNE), "rate": 1, "bytes": 0, "queue": 0})),
            ("change", ',"change":{"what":"restore","reason":"disk lost"}')]
        for r, want in [(MAY, True), (MAY - 1, False), (JUNE, False)]]},
})

# --- cases -----------------------------------------------------------------------------------------------------------
CASE = "0123456789ab"
LABEL = "evidence-vault/case-step/v1\n"
PERSONS = {name: Ed25519PrivateKey.from_private_bytes(fill(first))
           for name, first in [("mori", 0x11), ("ito", 0x22), ("hayashi", 0x33), ("sato", 0x44)]}


def key_id(name, key): return sha(name.encode(), b"\n\1", key.public_key().public_bytes_raw())[:4]


def public_text(name, key):
    return f"{name}+{h(key_id(name, key))}+{b64(bytes([1]) + key.public_key().public_bytes_raw())}"


def step_note(text, signer):
    if signer is None:
        return signed(LABEL + text + "\n")
    key = PERSONS[signer]
    whole = LABEL + text + "\n"
    return f"{whole}\n— {signer} {b64(key_id(signer, key) + key.sign(whole.encode()))}\n"


def step_text(case, number, previous, register, when, kind, person, body):
    members = {"v": 1, "vault": VAULT, "case": case, "step": number}
    if previous: members["previous"] = h(sha(previous.encode()))
    if register: members["register"] = h(sha(register.encode()))
    members.update({"at": stamp(when), "kind": kind})
    if person: members["person"] = person
    return compact({**members, "body": body})


def chain(case, register, steps):
    """steps: (kind, person, signer, body); a body may be a function of the notes before."""
    notes = []
    for i, (kind, person, signer, body) in enumerate(steps):
        made = body(notes) if callable(body) else body
        notes.append(step_note(step_text(case, i + 1, notes[-1] if notes else None, register, T0 + i * NS, kind, person, made),
                               signer))
    return notes


register = chain("register", None, [
    ("person", None, None, {"id": i, "name": n, "roles": [r], "key": public_text(i, PERSONS[i])})
    for i, n, r in [("mori", "A. Mori", "officer"), ("ito", "C. Ito", "counsel"), ("hayashi", "H. Hayashi", "operator"),
                    ("sato", "K. Sato", "approver")]])
SCOPE_TEXT = compact({"order": "417", "issuer": "Court", "legalBasis": "Art. 99", "tenant": "acme", "actors": ["alice"],
                      "from": "2026-05-01", "to": "2026-06-01", "requestedBy": "H. Hayashi", "approvedBy": "K. Sato"})
SCOPE_DIGEST = h(sha(SCOPE_TEXT.encode()))
case_steps = [
    ("open", "mori", "mori", {"tenant": "acme", "order": "417", "issuer": "Court", "type": "production order",
                              "jurisdiction": "JP", "deadline": stamp(T0 + 864000 * NS), "document": h(sha(b"order.pdf"))}),
    ("review", "ito", "ito", {"legalBasis": "Art. 99", "notice": "deferred", "noticeUntil": stamp(T0 + 99999 * NS),
                              "fee": "none"}),
    ("hold", "mori", "mori", {"asOf": stamp(T0), "until": stamp(T0 + 864000 * NS), "secret": True, "reason": "preservation"}),
    ("scope", "hayashi", "hayashi", {"document": SCOPE_TEXT}),
    ("refused", "hayashi", None, {"attempt": "export", "reason": "the case is scoped: expected approve next, found export"}),
    ("approve", "sato", "sato", {"scope": SCOPE_DIGEST, "expires": stamp(T0 + 864000 * NS), "purpose": "to answer the order",
                                 "emergency": False}),
    ("export", "hayashi", "hayashi", lambda notes: {
        "scope": SCOPE_DIGEST, "approval": h(sha(notes[5].encode())), "bundle": h(sha(b"bundle")), "bytes": 6, "records": 4,
        "notYetAnchored": 0, "verdict": "passed", "completeness": "index", "keys": [LOG]}),
    ("seal", "mori", "mori", {"bundle": h(sha(b"bundle")), "sealed": h(sha(b"sealed")), "bytes": 6, "recipient": "age1abc"}),
    ("handover", "mori", "mori", {"sealed": h(sha(b"sealed")), "to": "Clerk Ono", "channel": "medium", "serial": "DVD-7"}),
    ("acknowledge", "mori", "mori", {"seen": h(sha(b"sealed")), "result": "passed"}),
    ("release", "mori", "mori", {"hold": 3, "reason": "answered"}),
    ("released", "sato", "sato", {"hold": 3, "release": 11}),
    ("close", "mori", "mori", {"answered": True, "reason": "answered"})]
case_notes = []
for i, (kind, person, signer, body) in enumerate(case_steps):
    made = body(case_notes) if callable(body) else body
    case_notes.append(step_note(step_text(CASE, i + 1, case_notes[-1] if case_notes else None, register[-1],
                                          T0 + (60 + i) * NS, kind, person, made), signer))
review = case_notes[1].split("\n")[1]


def spelled(what, by):
    assert what in review
    return step_note(review.replace(what, by), "ito")


def with_step(i, note): return case_notes[:i] + [note] + case_notes[i + 1:]


approval_text = case_notes[5].split("\n")[1]
iv = fill(96, 12)
place = f"{VAULT}/{CASE}/2"
case_file = compact({"format": "evidence-vault-case/1", "vault": VAULT, "verifierKey": VERIFIER, "case": CASE,
                     "register": register, "steps": case_notes})


# What case.md settles: cases that hold, and cases that do not. Each is short, with the least that shows it.
HOUR = 3600 * NS
DAY = 24 * HOUR
CALLED = {name: name_ for name, name_ in [("mori", "A. Mori"), ("ito", "C. Ito"), ("hayashi", "H. Hayashi"), ("sato", "K. Sato")]}


def registered(*steps):
    """A register; steps: (kind, body, when)."""
    notes = []
    for kind, body, when in steps:
        notes.append(step_note(step_text("register", len(notes) + 1, notes[-1] if notes else None, None, when, kind, None, body),
                               None))
    return notes


def named(i, roles, name=None, key=None):
    return "person", {"id": i, "name": name or CALLED[i], "roles": roles, "key": key or public_text(i, PERSONS[i])}


# Everybody, and each an approver as well.
several = registered(*[(*named(i, roles + ["approver"] if roles != ["approver"] else roles), T0 + n * NS)
                       for n, (i, roles) in enumerate([("mori", ["officer"]), ("ito", ["counsel"]), ("hayashi", ["operator"]),
                                                       ("sato", ["approver"])])])
START = T0 + 60 * NS


def case_of(*steps, by=None, named_notes=None):
    """steps: (kind, person, body, when), when from START on; a body may be a function of the notes before."""
    notes = []
    for i, (kind, person, body, when) in enumerate(steps):
        made = body(notes) if callable(body) else body
        in_register = (named_notes or {}).get(i, (by or several)[-1])
        notes.append(step_note(step_text(CASE, i + 1, notes[-1] if notes else None, in_register, START + when, kind, person, made),
                               person))
    return notes


def scope_text(requested="H. Hayashi", approved="A. Mori", **more):
    return compact({**json.loads(SCOPE_TEXT), "requestedBy": requested, "approvedBy": approved, **more})


def approves(text, lasts, when, emergency=False):
    return {"scope": h(sha(text.encode())), "expires": stamp(START + when + lasts), "purpose": "p", "emergency": emergency}


def confirms(i): return lambda notes: {"approval": h(sha(notes[i].encode()))}


def holds(until, when=0): return {"asOf": stamp(START + when), "until": stamp(START + until), "secret": False, "reason": "r"}


OPEN = ("open", "mori", case_steps[0][3], 0)
REVIEW = ("review", "ito", {"legalBasis": "Art. 99", "notice": "allowed"}, 1)
mori_approves, sato_approves = scope_text(), scope_text(approved="K. Sato")
SCOPE = ("scope", "hayashi", {"document": mori_approves}, 2)
EMERGENCY = ("approve", "mori", approves(mori_approves, HOUR, 3, True), 3)
URGENT = (OPEN, REVIEW, SCOPE, EMERGENCY)
other_scope = scope_text("C. Ito", "K. Sato")
RESCOPED = URGENT + (("scope", "ito", {"document": other_scope}, 4),)
SCOPED = (OPEN, REVIEW, ("scope", "hayashi", {"document": sato_approves}, 2))
NOTE = {"notice": "allowed", "reason": "r"}
REFUSAL = {"attempt": "export", "reason": "r"}


def exports(text, i, **more):
    return lambda notes: {"scope": h(sha(text.encode())), "approval": h(sha(notes[i].encode())), "bundle": SCOPE_DIGEST,
                          "bytes": 6, "records": 4, "notYetAnchored": 0, "verdict": "passed", "completeness": "index",
                          "keys": [LOG], **more}


APPROVED = SCOPED + (("approve", "sato", approves(sato_approves, DAY, 3), 3),)
HELD = (OPEN, ("hold", "mori", holds(10 * DAY), 1))
expiring = scope_text(approved="K. Sato", expires=stamp(START + 5))


# Certificates of which only the form counts here: nobody checks who signed them.
def der(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    head = bytes([size]) if size < 128 else bytes([0x80 + (size.bit_length() + 7) // 8]) + size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + head + content


def der_number(n): return der(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))
def der_oid(text): return der(6, bytes.fromhex(text))


ECDSA_SHA256, EC_KEY, P256 = der_oid("2a8648ce3d040302"), der_oid("2a8648ce3d0201"), der_oid("2a8648ce3d030107")
RSA_KEY = der(0x30, der_oid("2a864886f70d010101"), der(5))


def certificate(key_info, end):
    name = der(0x30, der(0x31, der(0x30, der_oid("550403"), der(0x0c, b"token"))))
    inner = der(0x30, der(0xa0, der_number(2)), der_number(1), der(0x30, ECDSA_SHA256), name,
                der(0x30, der(0x17, b"260101000000Z"), der(0x17, end)), name, key_info)
    return der(0x30, inner, der(0x30, ECDSA_SHA256), der(3, b"\0", der(0x30, der_number(1), der_number(1))))


def rsa_info(n, e): return der(0x30, RSA_KEY, der(3, b"\0", der(0x30, der_number(n), der_number(e))))


def certified(i, der_certificate, wrong=0):
    """The text form of a certificate under a name."""
    typed = b"\xff" + b"evidencevault.dev/x509/v1\n" + der_certificate
    identity = bytearray(sha(i.encode(), b"\n", typed)[:4])
    identity[0] ^= wrong
    return f"{i}+{h(bytes(identity))}+{b64(typed)}", bytes(identity)


TOKEN = ec.derive_private_key(int.from_bytes(fill(0x55), "big"), ec.SECP256R1())
TOKEN_INFO = der(0x30, der(0x30, EC_KEY, P256), der(3, b"\0", TOKEN.public_key().public_bytes(
    serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)))
TOKEN_END = at("2026-05-02T00:00:00Z")
token_text, token_id = certified("ono", certificate(TOKEN_INFO, b"260502000000Z"))
with_token = registered((*named("ono", ["officer"], "D. Ono", token_text), T0))


def opened_by_token(when):
    """A case that a token opened, at a time: ECDSA as RFC 6979 has it, so that the bytes are the same each time."""
    whole = LABEL + step_text(CASE, 1, None, with_token[-1], when, "open", "ono", case_steps[0][3]) + "\n"
    signature = TOKEN.sign(whole.encode(), ec.ECDSA(hash_functions.SHA256(), deterministic_signing=True))
    return [f"{whole}\n— ono {b64(token_id + signature)}\n"]


mori_alone = (*named("mori", ["officer"]), T0)
two_notes = registered(mori_alone, (*named("ito", ["counsel"]), START + 1))
MORI_OPENS = (OPEN,)


def notes_of(*steps): return registered(mori_alone, *[(kind, body, T0 + NS) for kind, body in steps])


def opened(notes): return {"register": notes, "steps": case_of(*MORI_OPENS, by=notes)}


def late(when): return ("confirm", "sato", confirms(3), when)


settled_cases = {
    "accepted": [
        ("a refusal after an emergency approval that was not confirmed in time",
         case_of(*URGENT, ("refused", None, REFUSAL, 3 + 2 * DAY))),
        ("confirmed within 24 hours, to the nanosecond", case_of(*URGENT, late(3 + DAY - 1))),
        ("an emergency approval is confirmed that a new scope has ended", case_of(*RESCOPED, late(5))),
        ("confirmed by who wrote the scope that holds, and not the one that was approved",
         case_of(*RESCOPED, ("confirm", "ito", confirms(3), 5))),
        ("an approval for 90 days", case_of(*SCOPED, ("approve", "sato", approves(sato_approves, 90 * DAY, 3), 3))),
        ("a hold for 3,660 days", case_of(OPEN, ("hold", "mori", holds(1 + 3660 * DAY), 1))),
        ("an extension for 3,660 days from its own time",
         case_of(*HELD, ("extend", "mori", {"hold": 2, "until": stamp(START + 5 * DAY + 3660 * DAY), "reason": "r"}, 5 * DAY))),
        ("the register's note before the one of the same time",
         {"register": two_notes, "steps": case_of(("open", "mori", case_steps[0][3], 1), named_notes={0: two_notes[0]})}),
        ("the register's note of the same time",
         {"register": two_notes, "steps": case_of(("open", "mori", case_steps[0][3], 1), named_notes={0: two_notes[1]})}),
        ("registered again after the end", opened(notes_of(("personEnd", {"id": "mori", "reason": "r"}), named("mori", ["officer"])))),
        ("the same name in another spelling", opened(notes_of(named("mori", ["officer"], "a.  MORI")))),
        ("other roles", opened(notes_of(named("mori", ["officer", "approver"])))),
        ("an export whose verdict is any text, and that opened no key",
         case_of(*APPROVED, ("export", "hayashi", exports(sato_approves, 3, verdict="fine", completeness="all", keys=[]), 4))),
        ("a certificate at its end", {"register": with_token, "steps": opened_by_token(TOKEN_END)})],
    "refused": [
        ("a refusal before the case is open", case_of(("refused", None, REFUSAL, 0))),
        ("another step after an emergency approval that was not confirmed in time",
         case_of(*URGENT, ("notice", "ito", NOTE, 3 + 2 * DAY))),
        ("confirmed 24 hours later", case_of(*URGENT, late(3 + DAY))),
        ("another approval before the one in an emergency is confirmed", case_of(
            *RESCOPED, ("approve", "sato", approves(other_scope, HOUR, 5), 5))),
        ("confirmed by who wrote the scope that was approved, and not the one that holds",
         case_of(*RESCOPED, ("confirm", "hayashi", confirms(3), 5))),
        ("confirmed by who approved", case_of(*URGENT, ("confirm", "mori", confirms(3), 4))),
        ("confirmed twice", case_of(*URGENT, late(4), late(5))),
        ("an approval without an emergency is confirmed", case_of(*APPROVED, ("confirm", "ito", confirms(3), 4))),
        ("an emergency approval by somebody else than the scope names",
         case_of(*URGENT[:3], ("approve", "sato", approves(mori_approves, HOUR, 3, True), 3))),
        ("an approval that ends at once", case_of(*SCOPED, ("approve", "sato", approves(sato_approves, 0, 3), 3))),
        ("an approval for more than 90 days",
         case_of(*SCOPED, ("approve", "sato", approves(sato_approves, 90 * DAY + 1, 3), 3))),
        ("an emergency approval for more than 24 hours",
         case_of(*URGENT[:3], ("approve", "mori", approves(mori_approves, DAY + 1, 3, True), 3))),
        ("a hold that ends at once", case_of(OPEN, ("hold", "mori", holds(1, 1), 1))),
        ("a hold for more than 3,660 days", case_of(OPEN, ("hold", "mori", holds(2 + 3660 * DAY), 1))),
        ("an extension for more than 3,660 days from its own time",
         case_of(*HELD, ("extend", "mori", {"hold": 2, "until": stamp(START + 5 * DAY + 3660 * DAY + 1), "reason": "r"}, 5 * DAY))),
        ("an extension of a hold that has ended",
         case_of(*HELD, ("extend", "mori", {"hold": 2, "until": stamp(START + 20 * DAY), "reason": "r"}, 10 * DAY))),
        ("the release of a hold that has ended is asked for",
         case_of(*HELD, ("release", "mori", {"hold": 2, "reason": "r"}, 10 * DAY))),
        ("a release that was asked for another hold", case_of(
            *HELD, ("hold", "mori", holds(10 * DAY), 2), ("release", "mori", {"hold": 2, "reason": "r"}, 3),
            ("released", "sato", {"hold": 3, "release": 4}, 4))),
        ("an export after the order has expired", case_of(
            OPEN, REVIEW, ("scope", "hayashi", {"document": expiring}, 2), ("approve", "sato", approves(expiring, DAY, 3), 3),
            ("export", "hayashi", exports(expiring, 3), 5))),
        ("an issuer in other letters", case_of(
            OPEN, REVIEW, ("scope", "hayashi", {"document": scope_text(issuer="COURT")}, 2))),
        ("the register's note before the last one",
         {"register": two_notes, "steps": case_of(("open", "mori", case_steps[0][3], 2), named_notes={0: two_notes[0]})}),
        ("another name for an id", opened(notes_of(named("mori", ["officer"], "A. Suzuki")))),
        ("another name for an id after its end",
         opened(notes_of(("personEnd", {"id": "mori", "reason": "r"}), named("mori", ["officer"], "A. Suzuki")))),
        ("registered as before", opened(notes_of(named("mori", ["officer"])))),
        ("a person without a role", opened(notes_of(named("ito", [])))),
        ("the end of nobody", opened(notes_of(("personEnd", {"id": "ito", "reason": "r"})))),
        ("a deferral that has ended", case_of(OPEN, ("review", "ito", {
            "legalBasis": "Art. 99", "notice": "deferred", "noticeUntil": stamp(START + 1)}, 1))),
        ("more than 1,000 keys", case_of(*APPROVED, ("export", "hayashi", exports(sato_approves, 3, keys=[LOG] * 1001), 4))),
        ("a certificate a nanosecond after its end", {"register": with_token, "steps": opened_by_token(TOKEN_END + 1)}),
        ("a certificate whose key id is another",
         opened(notes_of(named("ono", ["officer"], "D. Ono", certified("ono", certificate(TOKEN_INFO, b"260502000000Z"), 1)[0])))),
        ("a certificate of an RSA key of 2,048 bits", opened(notes_of(named(
            "ono", ["officer"], "D. Ono", certified("ono", certificate(rsa_info(2 ** 2048 - 1, 65537), b"260502000000Z"))[0])))),
        ("a certificate of an RSA key with an exponent of 65 bits", opened(notes_of(named(
            "ono", ["officer"], "D. Ono",
            certified("ono", certificate(rsa_info(2 ** 3072 - 1, 2 ** 64 + 1), b"260502000000Z"))[0])))),
        ("a verifier key that is not named for the vault", {
            "verifierKey": f"example.com/node+{h(sha(b'example.com/node', chr(10).encode(), bytes([1]), PUBLIC)[:4])}+{b64(bytes([1]) + PUBLIC)}",
            "register": [], "steps": case_of(OPEN)})]}


def settled(why, found):
    found = found if isinstance(found, dict) else {"register": several, "steps": found}
    return {"why": why, "verifierKey": found.get("verifierKey", VERIFIER), "register": found["register"], "steps": found["steps"]}


write("case.json", {
    "vault": VAULT, "verifierKey": VERIFIER, "case": CASE, "register": register, "steps": case_notes,
    "digests": [h(sha(n.encode())) for n in case_notes], "state": "closed", "caseFile": case_file,
    "sealed": {"step": 2, "file": h(bytes([1]) + u32(KEY_ID) + iv + AESGCM(NAMES_KEY).encrypt(
        iv, case_notes[1].encode(), b"evidence-vault/case-step/v1/" + place.encode()))},
    "refusedSteps": [
        {"why": "white space", "note": spelled('"v":1,', '"v": 1,')},
        {"why": "another version", "note": spelled('"v":1,', '"v":2,')},
        {"why": "another label", "note": case_notes[1].replace("case-step/v1", "case-step/v2")},
        {"why": "no number", "note": spelled('"step":2,', '"step":0,')},
        {"why": "a number too high", "note": spelled('"step":2,', '"step":100001,')},
        {"why": "an unknown kind", "note": spelled('"kind":"review"', '"kind":"reviewed"')},
        {"why": "an unknown member", "note": spelled('"fee":', '"cost":')},
        {"why": "members in another order", "note": spelled('"kind":"review","person":"ito"', '"person":"ito","kind":"review"')},
        {"why": "a member missing", "note": spelled('"legalBasis":"Art. 99",', "")},
        {"why": "a deferral without an end", "note": spelled(',"noticeUntil":"' + stamp(T0 + 99999 * NS) + '"', "")},
        {"why": "a text too long", "note": spelled("Art. 99", "x" * 1001)},
        {"why": "a control character", "note": spelled("Art. 99", "x\\u0007")},
        {"why": "no step before it", "note": spelled('"previous":"' + h(sha(case_notes[0].encode())) + '",', "")},
        {"why": "two signatures", "note": case_notes[1] + case_notes[0].split("\n")[-2] + "\n"}],
    "brokenCases": [{"why": w, "steps": n} for w, n in [
        ("no step", []),
        ("a step is missing", case_notes[:4] + case_notes[5:]),
        ("two are swapped", case_notes[:2] + [case_notes[3], case_notes[2]] + case_notes[4:]),
        ("the first is missing", case_notes[1:]),
        ("a step was altered", with_step(12, case_notes[12].replace("answered\"}", "ended\"}"))),
        ("a step was altered and signed anew", with_step(1, spelled("Art. 99", "Art. 98"))),
        ("signed by another", with_step(12, step_note(case_notes[12].split("\n")[1], "ito"))),
        ("approved by who wrote the scope", case_notes[:5] + [
            step_note(approval_text.replace('"person":"sato"', '"person":"hayashi"'), "hayashi")]),
        ("exported without an approval", case_notes[:5] + [step_note(step_text(
            CASE, 6, case_notes[4], register[-1], T0 + 66 * NS, "export", "hayashi",
            {"scope": SCOPE_DIGEST, "approval": SCOPE_DIGEST, "bundle": SCOPE_DIGEST, "bytes": 6, "records": 4,
             "notYetAnchored": 0, "verdict": "passed", "completeness": "index", "keys": [LOG]}), "hayashi")]),
        ("dated before the step before it", case_notes[:12] + [step_note(step_text(
            CASE, 13, case_notes[11], register[-1], T0 + 70 * NS, "close", "mori", case_steps[12][3]), "mori")]),
        ("a register that was not the last", case_notes[:12] + [step_note(step_text(
            CASE, 13, case_notes[11], register[-2], T0 + 72 * NS, "close", "mori", case_steps[12][3]), "mori")]),
        ("a refusal that the vault did not sign", case_notes[:4] + [step_note(case_notes[4].split("\n")[1], "hayashi")])]],
    "settled": {kind: [settled(*one) for one in cases] for kind, cases in settled_cases.items()}})

# --- deposits --------------------------------------------------------------------------------------------------------
def padme(n):
    exponent = n.bit_length() - 1
    mask = (1 << exponent - exponent.bit_length()) - 1
    return n + mask & ~mask


GEAR = struct.unpack(">256Q", derive(TENANT2["salt"], 2048, "evidence-vault/chunk-gear/v1"))
CHUNK_ID_KEY = derive(TENANT2["salt"], 32, "evidence-vault/chunk-id/v1")


def cut(row):
    """The lengths of the chunks of a row of bytes."""
    out, start = [], 0
    while start < len(row):
        value, length = 0, min(len(row) - start, 4194304)
        for i in range(262144, length):
            value = (value << 1) + GEAR[row[start + i]] & 2**64 - 1
            if value >> (42 if i < 1048576 else 46) == 0:
                length = i + 1
                break
        out.append(length)
        start += length
    return out


def chunk_id(chunk): return mac(CHUNK_ID_KEY, chunk)


def deposit_file(magic, kind, log, number, file_salt):
    derived = derive(TENANT2["backup"], 64, "deposit/v1", u64(number), file_salt)
    return derived, magic + bytes([kind]) + bytes.fromhex(log) + u64(number) + file_salt + derived[32:]


def pack(number, chunks, file_salt, magic=b"EVDPK\0\0\1", kind=1, log=LOG, ids=None, directory=None, bytes_more=0):
    derived, head = deposit_file(magic, kind, log, number, file_salt)
    out, listed = head, b""
    for i, chunk in enumerate(chunks):
        name = ids[i] if ids else chunk_id(chunk)
        sealed = seal_box(derived, i, zstd_raw(chunk), head + name + u32(len(chunk)))
        out, listed = out + sealed, listed + name + u32(len(chunk)) + u32(len(sealed))
    plain = u32(len(chunks)) + listed if directory is None else directory
    plain += bytes(-len(plain) % 4096 + bytes_more)
    tail = len(plain) + 16 + 8
    padding = padme(len(out) + 16 + tail) - len(out) - 16 - tail
    sealed = seal_box(derived, 2**32, plain, head)
    return out + seal_box(derived, len(chunks), bytes(padding), head) + sealed + u32(len(sealed)) + b"EVBD"


def entry(kind, path, mode, when, content=None, target=None):
    path = path.encode()
    return (bytes([kind]) + struct.pack(">H", len(path)) + path + struct.pack(">H", mode) + u64(when)
            + (u64(len(content)) + sha(content) if kind == 1 else b"")
            + (struct.pack(">H", len(target)) + target.encode() if kind == 3 else b""))


def item(number, entries, chunks, packs, file_salt, magic=b"EVDIT\0\0\1", kind=1, log=LOG, spell=compact, total=None, **more):
    listed = u64(len(entries)) + b"".join(entries) + u64(len(chunks)) + b"".join(chunk_id(c) + u32(len(c)) for c in chunks)
    head = spell({"format": "evidence-vault-deposit/1", "kind": ["tenant", "service"][kind - 1], "number": number,
                  "name": "data", "service": "files", "type": "directory", "takenAt": stamp(T0),
                  "bytes": sum(map(len, chunks)) if total is None else total, "entries": len(entries),
                  "labels": {"host": "db-1"}, "content": h(sha(listed)), **more})
    plain = u32(len(head)) + head.encode()
    plain += bytes(-len(plain) % 256)
    body = u32(len(listed)) + u32(len(zstd_raw(listed))) + zstd_raw(listed)
    derived, begin = deposit_file(magic, kind, log, number, file_salt)
    least = len(begin) + 12 + 40 * len(packs) + len(plain) + 16 + len(body) + 16
    body += bytes(padme(least) - least)
    clear = begin + u32(len(packs)) + u32(len(plain) + 16) + u32(len(body) + 16)
    clear += b"".join(u64(n) + sha(p) for n, p in packs)
    return clear + seal_box(derived, 0, plain, clear) + seal_box(derived, 1, body, clear), head, listed


FILES = {"a.txt": b"contract\n", "sub/\u6771\u4eac": b"what is in two chunks " * 20}
ROW = b"".join(FILES.values())
CHUNKS = [ROW[:100], ROW[100:]]
DIRECTORY = entry(2, "", 0o750, T0)
ENTRIES = [DIRECTORY, entry(1, "a.txt", 0o640, T0 + 1, FILES["a.txt"]), entry(3, "link", 0o777, T0, target="a.txt"),
           entry(2, "sub", 0o755, T0), entry(1, "sub/\u6771\u4eac", 0o600, -NS, FILES["sub/\u6771\u4eac"])]
PACK_SALT, ITEM_SALT = fill(0x11), fill(0x33)
PACK = pack(1, CHUNKS, PACK_SALT)
ITEM, ITEM_HEAD, ITEM_LIST = item(1, ENTRIES, CHUNKS, [(1, PACK)], ITEM_SALT)
LONG = b"".join(sha(u64(i)) for i in range(5 * 2**20 // 32))


def other_item(entries=ENTRIES, chunks=CHUNKS, packs=((1, PACK),), number=1, **more):
    return h(item(number, entries, chunks, list(packs), ITEM_SALT, **more)[0])


write("deposit.json", {
    "comment": "A set of the log of keys.json, whose keys are of version 2: those of vault.json. The row that is cut is SHA-256 of 0, 1, 2, ... as 8 bytes each.",
    "vaultJson": settings, "vaultSig": signed(signed_settings), "keysJson": KEYS_2, "logId": LOG,
    "gearSha256": h(sha(struct.pack(">256Q", *GEAR))), "chunkIdKey": h(CHUNK_ID_KEY),
    "cut": {"bytes": len(LONG), "lengths": cut(LONG)},
    "chunks": [{"text": c.decode(), "id": h(chunk_id(c))} for c in (b"x", CHUNKS[0])],
    "padme": [{"bytes": n, "padded": padme(n)} for n in (2, 3, 9, 100, 1000, 4097, 1000000, 33554431, 2**40 + 1)],
    "pack": h(PACK), "item": h(ITEM), "head": ITEM_HEAD, "list": h(ITEM_LIST),
    "files": {p: c.decode() for p, c in FILES.items()},
    "record": compact({"item": 1, "name": "data", "service": "files", "bytes": len(ROW), "content": h(sha(ITEM_LIST)),
                       "sha256": h(sha(ITEM))}),
    "recorded": h(b"EVDRC\0\0\1" + u64(7)), "recordedSeq": 7,
    "refusedItems": [{"why": why, "item": text} for why, text in (
        ("another magic", other_item(magic=b"EVDIT\0\0\2")),
        ("a cipher that there is not", other_item(magic=b"EVDIT\0\7\1")),
        ("another kind", other_item(kind=2)),
        ("another log", other_item(log=LOG2)),
        ("another number", other_item(number=2)),
        ("a head of another number", other_item(**{"number": 1, "format": "evidence-vault-deposit/2"})),
        ("a head with white space", other_item(spell=json.dumps)),
        ("a head with another order of members", other_item(spell=lambda v: compact(dict(reversed(v.items()))))),
        ("another digest of the list", other_item(content=h(sha(b"")))),
        ("another number of bytes", other_item(total=1)),
        ("no entry", other_item(entries=[], chunks=[])),
        ("a path that leads out", other_item(entries=ENTRIES[:2] + [entry(1, "b/..", 0o600, 0, FILES["sub/\u6771\u4eac"])])),
        ("an empty name in a path", other_item(entries=[DIRECTORY, entry(2, "b//c", 0o700, 0)], chunks=[])),
        ("an entry out of order", other_item(entries=[DIRECTORY, *ENTRIES[3:], ENTRIES[1]])),
        ("an entry that is there twice", other_item(entries=[DIRECTORY, entry(2, "b", 0o700, 0), entry(2, "b", 0o700, 0)], chunks=[])),
        ("an entry in no directory", other_item(entries=[DIRECTORY, entry(2, "b/c", 0o700, 0)], chunks=[])),
        ("an entry in a link", other_item(entries=[DIRECTORY, entry(3, "b", 0o777, 0, target="/etc"), entry(2, "b/c", 0o700, 0)], chunks=[])),
        ("ten permission bits", other_item(entries=[entry(2, "", 0o1777, 0)], chunks=[])),
        ("a fourth type", other_item(entries=[DIRECTORY, entry(4, "b", 0o700, 0)], chunks=[])),
        ("more chunks than files", other_item(entries=[DIRECTORY], chunks=CHUNKS, total=0)),
        ("a chunk in no pack", other_item(entries=[DIRECTORY, entry(1, "b", 0o600, 0, b"elsewhere")], chunks=[b"elsewhere"])),
        ("a content that is not the digest's", other_item(entries=[DIRECTORY, entry(1, "a.txt", 0o600, 0, CHUNKS[0][::-1])], chunks=CHUNKS[:1])),
        ("packs out of order", other_item(packs=((2, PACK), (1, PACK)))),
        ("cut off", h(ITEM[:-1])),
        ("changed", h(ITEM[:-20] + bytes([ITEM[-20] ^ 1]) + ITEM[-19:])))],
    "refusedPacks": [{"why": why, "pack": h(file)} for why, file in (
        ("another magic", pack(1, CHUNKS, PACK_SALT, magic=b"EVDPK\0\0\2")),
        ("another kind", pack(1, CHUNKS, PACK_SALT, kind=2)),
        ("another log", pack(1, CHUNKS, PACK_SALT, log=LOG2)),
        ("another number", pack(2, CHUNKS, PACK_SALT)),
        ("another id of a chunk", pack(1, CHUNKS, PACK_SALT, ids=[chunk_id(b"x"), chunk_id(CHUNKS[1])])),
        ("a directory that is too long", pack(1, CHUNKS, PACK_SALT, bytes_more=4096)),
        ("a directory of more chunks than there are", pack(1, CHUNKS, PACK_SALT, directory=u32(103) + bytes(4092))),
        ("a chunk that reaches beyond the pack", pack(1, CHUNKS[:1], PACK_SALT, directory=u32(1) + chunk_id(CHUNKS[0]) + u32(100) + u32(2**20))),
        ("no end", PACK[:-1] + b"E"),
        ("cut off", PACK[:-1]),
        ("a changed chunk", PACK[:200] + bytes([PACK[200] ^ 1]) + PACK[201:]))],
})

# --- copies ----------------------------------------------------------------------------------------------------------
def marker(**more): return compact({"format": "evidence-vault-copy/1", "vaultId": VAULT, "holds": "logs", **more})


SEGMENT_KEY_NAME = f"tenants/{LOG}/log/00000001.evs"


def copy_manifest(number=1, part=LOG, previous=None, when=T0, anchor_number=2, size=3, segments=1, keys=None,
                  objects=((sha(b"x"), 1, SEGMENT_KEY_NAME),)):
    return (f"evidence-vault/copy-manifest/v{1 if keys is None else 2}\nvault {VAULT}\npart {part}\nnumber {number}\n"
            f"previous {h(sha(previous.encode())) if previous else 'none'}\ntime {stamp(when)}\nanchor {anchor_number}\n"
            f"leaves {size} {h(root(leaves[:size]))}\nsegments {segments}\n" + (f"keys {h(keys)}\n" if keys else "")
            + f"objects {len(objects)}\n" + "".join(f"{h(d)} {n} {k}\n" for d, n, k in objects))


first_manifest = signed(copy_manifest())
second_manifest = signed(copy_manifest(2, previous=first_manifest, when=T0 + NS, keys=sha(KEYS_2.encode()), objects=()))
shared_manifest = signed(copy_manifest(part="vault", size=2, segments=0, objects=[
    (sha(b"a"), 5, "anchors/00000001.eva"), (sha(first_manifest.encode()), len(first_manifest.encode()), f"manifests/{LOG}/00000001.note")]))
FIRST = copy_manifest()


def copy_retention(until=T0, manifests=2, part=LOG, place="memory://here"):
    return f"evidence-vault/copy-retention/v1\nvault {VAULT}\nplace {place}\npart {part}\nmanifests {manifests}\nuntil {stamp(until)}\n"


write("copy.json", {
    "comment": "Parts of a copy of the vault of vault.json.",
    "vaultId": VAULT, "logId": LOG, "verifierKey": VERIFIER,
    "markers": [{"holds": what, "text": marker(holds=what)} for what in ("logs", "configuration")],
    "refusedMarkers": [{"why": why, "text": text} for why, text in (
        ("white space", marker().replace(":", ": ", 1)), ("another format", marker(format="evidence-vault-copy/2")),
        ("both", marker(holds="both")), ("an unknown member", marker(x=1)), ("no vault", marker(vaultId="")))],
    "names": [{"tenant": name, "key": "names/" + h(derive(BLINDING_KEY, 32, "copy-name/v1", name.encode()))}
              for name in ("acme", "\u6771\u4eac")],
    "manifests": [
        {"key": f"manifests/{LOG}/00000001.note", "note": first_manifest, "leaves": 3, "segments": 1, "objects": 1, "keys": None},
        {"key": f"manifests/{LOG}/00000002.note", "note": second_manifest, "leaves": 3, "segments": 1, "objects": 0,
         "keys": h(sha(KEYS_2.encode()))},
        {"key": "manifests/vault/00000001.note", "note": shared_manifest, "leaves": 2, "segments": 0, "objects": 2, "keys": None}],
    "refusedManifests": [{"why": why, "note": note} for why, note in (
        ("not signed by the vault", signed(FIRST).replace(b64(NOTE_KEY_ID)[:4], "AAAA")),
        ("two signatures", first_manifest + first_manifest[first_manifest.index("\n\n") + 2:]),
        ("version 3", signed(FIRST.replace("manifest/v1", "manifest/v3"))),
        ("version 1 with keys", signed(copy_manifest(keys=sha(b"")).replace("manifest/v2", "manifest/v1"))),
        ("version 2 without keys", signed(FIRST.replace("manifest/v1", "manifest/v2"))),
        ("a leading zero", signed(FIRST.replace("number 1", "number 01"))),
        ("the number 0", signed(FIRST.replace("number 1", "number 0"))),
        ("a first one with one before it", signed(FIRST.replace("previous none", "previous " + h(sha(b""))))),
        ("a second one with none before it", signed(copy_manifest(2))),
        ("another number of objects", signed(FIRST.replace("objects 1", "objects 2"))),
        ("an object twice", signed(copy_manifest(objects=[(sha(b"x"), 1, SEGMENT_KEY_NAME)] * 2))),
        ("a key that leads out", signed(copy_manifest(objects=[(sha(b"x"), 1, "../x")]))),
        ("a key with an empty part", signed(copy_manifest(objects=[(sha(b"x"), 1, "tenants//x")]))),
        ("a key that ends in .tmp", signed(copy_manifest(objects=[(sha(b"x"), 1, "tenants/x.tmp")]))),
        ("no end of the last line", signed(FIRST[:-1] + " ")),
        ("a member out of place", signed(FIRST.replace("anchor 2\n", "").replace("segments", "anchor 2\nsegments"))))],
    "retention": {"place": "memory://here", "part": LOG, "manifests": 2, "until": stamp(T0), "note": signed(copy_retention())},
    "unheardRetention": [{"why": why, "note": note} for why, note in (
        ("of another part", signed(copy_retention(part="vault"))),
        ("of another place", signed(copy_retention(place="memory://there"))),
        ("a leading zero", signed(copy_retention().replace("manifests 2", "manifests 02"))),
        ("another version", signed(copy_retention().replace("/v1", "/v2"))),
        ("changed after it was signed", signed(copy_retention()).replace("2026", "2036")))],
})

# --- places ----------------------------------------------------------------------------------------------------------
PLACES = [("berlin", "DE", "logs", "/mnt/berlin/copy"), ("main", "DE", "vault", "/srv/vault"),
          ("tokyo", "JP", "logs", "s3://evidence/copy?region=ap-northeast-1")]


def places_text(listed=PLACES, bound=((LOG, "AT,DE"),), number=4, vault=VAULT):
    return (f"evidence-vault/places/v1\nvault {vault}\nnumber {number}\n" + "".join(f"place {' '.join(p)}\n" for p in listed)
            + "".join(f"bound {log} {allowed}\n" for log, allowed in bound))


write("places.json", {
    "comment": "The register of the vault of vault.json that places.md shows, and others.",
    "vaultJson": settings, "vaultSig": signed(signed_settings), "text": places_text(), "note": signed(places_text()),
    "places": [{"name": n, "jurisdiction": j, "kind": k, "location": at_} for n, j, k, at_ in PLACES],
    "bound": {LOG: ["AT", "DE"]}, "number": 4,
    "refused": [{"why": why, "note": note} for why, note in (
        ("another vault", signed(places_text(vault=LOG))),
        ("changed after it was signed", signed(places_text()).replace(" JP ", " DE ")),
        ("two signatures", signed(places_text()) + signed(places_text()).rsplit("\n\n", 1)[1]),
        ("another version", signed(places_text().replace("places/v1", "places/v2"))),
        ("the number 0", signed(places_text(number=0))),
        ("a leading zero", signed(places_text(number="04"))),
        ("places out of order", signed(places_text(PLACES[::-1]))),
        ("a place twice", signed(places_text([PLACES[0], *PLACES]))),
        ("two places of a vault", signed(places_text(PLACES + [("zwei", "DE", "vault", "/srv/two")]))),
        ("an unknown kind", signed(places_text([("a", "DE", "disk", "/a")]))),
        ("a country in small letters", signed(places_text([("a", "de", "logs", "/a")]))),
        ("a name in capital letters", signed(places_text([("A", "DE", "logs", "/a")]))),
        ("no location", signed(places_text([("a", "DE", "logs", "")]))),
        ("a log that is bound to nothing", signed(places_text(bound=[(LOG, "")]))),
        ("countries out of order", signed(places_text(bound=[(LOG, "DE,AT")]))),
        ("a country twice", signed(places_text(bound=[(LOG, "DE,DE")]))),
        ("no log's id", signed(places_text(bound=[("acme", "DE")]))),
        ("an unknown line", signed(places_text() + "note x\n")))],
})

# --- what is returned ------------------------------------------------------------------------------------------------
RETURNED = {"README.txt": "read me\n", "backups.jsonl": "{}\n", "backups/00000001/50%": "half",
            "backups/00000001/a\nb": "two lines", "backups/00000001/z\u6771": "\u6771", "evidence/evidence-0001.zip": "no bundle"}
LINKS = {"backups/00000001/l": "a\nb", "backups/00000001/m%": "/etc/100%"}


def one_line(text): return text.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


links_text = "".join(f"{one_line(p)} -> {one_line(LINKS[p])}\n" for p in sorted(LINKS))
returned_digests = {**{one_line(p): h(sha(c.encode())) for p, c in RETURNED.items()}, "links.txt": h(sha(links_text.encode()))}
list_text = "".join(f"{returned_digests[p]}  {p}\n" for p in sorted(returned_digests, key=lambda p: p.encode("utf-16-be")))


def return_text(**more):
    parts = {"label": "evidence-vault/return/v1", "vault": VAULT, "log": LOG, "time": stamp(T0), "list": h(sha(list_text.encode())), **more}
    return "".join(part + "\n" for part in parts.values())


write("return.json", {
    "comment": "The lists of a directory that the vault of vault.json returned. Its bundle is none: bundle.json has some.",
    "verifierKey": VERIFIER, "files": RETURNED, "links": LINKS,
    "linksTxt": links_text, "manifest": list_text, "text": return_text(), "note": signed(return_text()),
    "refused": [{"why": why, "text": text} for why, text in (
        ("another version", return_text(label="evidence-vault/return/v2")),
        ("another list", return_text(list=h(sha(b"")))),
        ("capital letters", return_text(list=h(sha(list_text.encode())).upper())),
        ("another form of time", return_text(time="2026-05-01T12:00:00Z")),
        ("no log's id", return_text(log="acme")),
        ("a line too many", return_text(more="x")),
        ("no last line", return_text()[:-1]),
        ("a line that ends otherwise", return_text().replace("\n", "\r\n", 1)))],
})

# --- the destruction of keys -----------------------------------------------------------------------------------------
def by_person(text, *names):
    return text + "\n" + "".join(
        f"— {name} {b64(key_id(name, PERSONS[name]) + PERSONS[name].sign(text.encode()))}\n" for name in names)


def shred_request(names=("hayashi", "sato"), **changed):
    members = {"v": 1, "vault": VAULT, "log": LOG, "tenant": "acme", "leaves": 12, "root": h(fill(0x40)), "keys": h(fill(0x60)),
               "reason": "contract 17 ended", "requestedBy": "hayashi", "requestedAt": stamp(T0), "expires": stamp(T0 + 7 * 86400 * NS)}
    members.update(changed)
    return by_person("evidence-vault/shred-request/v1\n" + compact(members) + "\n", *names)


REQUEST_DIGEST = h(sha(shred_request().encode()))
DESTROYED = {"keys": h(fill(0x60)), "epoch": 1, "source": "vault",
             "counts": {purpose: 1 for purpose in sorted(["content", "journal", "salt", "tag", "index", "backup"])},
             "indexes": 3, "deposits": 3, "depositBytes": 70000}
TOMBSTONE_LINES = ["evidence-vault/tombstone/v1", "vault " + VAULT, "log " + LOG, "time " + stamp(T0 + 3600 * NS),
                   f"leaves 14 {h(fill(0x41))}", "keys " + h(fill(0x60)), "request " + REQUEST_DIGEST]


def tombstone(**changed):
    lines = list(TOMBSTONE_LINES)
    for number, text in changed.items():
        lines[int(number[1:])] = text
    return signed("\n".join(line for line in lines if line) + "\n")


def certificate(**changed):
    person = lambda name, title: {"id": name, "name": title, "key": public_text(name, PERSONS[name])}
    members = {"format": "evidence-vault-destruction/1", "vault": VAULT, "log": LOG, "tenant": "acme", "reason": "contract 17 ended",
               "request": REQUEST_DIGEST, "requestedAt": stamp(T0), "requestedBy": person("hayashi", "H. Hayashi"),
               "approvedBy": person("sato", "K. Sato"), "destroyedAt": stamp(T0 + 3600 * NS), "leaves": 14, "root": h(fill(0x41)),
               "tombstone": h(sha(tombstone().encode())), "destroyed": DESTROYED,
               "trial": {"segments": 4, "bytes": 9000, "frames": 0, "files": 0, "opened": 0, "whole": True},
               "copies": [{"place": "osaka", "outcome": "destroyed"}, {"place": "berlin", "outcome": "notReached"}],
               "certifiedAt": stamp(T0 + 3601 * NS)}
    members.update(changed)
    return compact({name: value for name, value in members.items() if value is not None})


def certified(json_text):
    return signed(f"evidence-vault/destruction/v1\n{VAULT}\n{LOG}\n{stamp(T0 + 3601 * NS)}\n{h(sha(json_text.encode()))}\n")


write("tombstone.json", {
    "verifierKey": VERIFIER, "persons": {name: public_text(name, PERSONS[name]) for name in ("hayashi", "sato")},
    "request": shred_request(), "requestSha256": REQUEST_DIGEST, "tombstone": tombstone(),
    "begun": {"before": compact({"tenant": "acme", "log": LOG, **DESTROYED}),
              "after": compact({"request": REQUEST_DIGEST, "requestedBy": "hayashi", "approvedBy": "sato"}), "reason": "contract 17 ended"},
    "done": {"before": compact({"log": LOG, "request": REQUEST_DIGEST}),
             "after": compact({"tombstone": h(sha(tombstone().encode())), "certificate": h(sha(certificate().encode()))})},
    "certificate": certificate(), "certificateNote": certified(certificate()),
    "refusedRequests": [{"why": w, "note": n} for w, n in [
        ("three signatures", shred_request(("hayashi", "sato", "ito"))), ("version 2", shred_request(v=2)),
        ("good for more than 30 days", shred_request(expires=stamp(T0 + 30 * 86400 * NS + 1))),
        ("expires when it is made", shred_request(expires=stamp(T0))), ("no reason", shred_request(reason="")),
        ("a reason too long", shred_request(reason="x" * 1025)), ("a control character", shred_request(reason="a\x07")),
        ("fewer than no leaves", shred_request(leaves=-1)), ("an unknown member", shred_request(approvedBy="sato")),
        ("a digest too short", shred_request(keys="00"))]],
    "refusedTombstones": [{"why": w, "note": n} for w, n in [
        ("another label", tombstone(_0="evidence-vault/tombstone/v2")), ("a line missing", tombstone(_6="")),
        ("lines in another order", tombstone(_5=TOMBSTONE_LINES[6], _6=TOMBSTONE_LINES[5])),
        ("a leading zero", tombstone(_4="leaves 014 " + h(fill(0x41)))), ("no root", tombstone(_4="leaves 14")),
        ("signed by a person", by_person("\n".join(TOMBSTONE_LINES) + "\n", "sato")),
        ("signed by another as well", tombstone() + by_person("\n".join(TOMBSTONE_LINES) + "\n", "sato").split("\n")[-2] + "\n"),
        ("changed afterwards", tombstone().replace("leaves 14", "leaves 13"))]],
    "refusedCertificates": [{"why": w, "json": j} for w, j in [
        ("another format", certificate(format="evidence-vault-destruction/2")), ("a member missing", certificate(trial=None)),
        ("an unknown member", certificate(others=1)), ("an unknown outcome", certificate(copies=[{"place": "osaka", "outcome": "kept"}])),
        ("white space", certificate() + " "), ("members in another order", certificate(tenant=None).replace('"reason"', '"tenant":"acme","reason"').replace(
            f'"log":"{LOG}","tenant":"acme"', f'"tenant":"acme","log":"{LOG}"'))]]})
