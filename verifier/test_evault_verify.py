"""Tests of the second verifier. Standard library only:

    python3 -m unittest discover -s verifier

EVAULT_ALL=1 flips every byte of the small bundles instead of every eleventh and forty-first.
"""

import base64
import contextlib
import functools
import hashlib
import hmac
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import evault_verify as ev  # noqa: E402

VECTORS = os.path.join(os.path.dirname(HERE), "docs", "formats", "vectors")
SMALL_BUNDLE = os.path.join(VECTORS, "small-bundle.zip")
SMALL_BUNDLE_HEADERS = os.path.join(VECTORS, "small-bundle-headers.zip")


def vectors(name):
    with open(os.path.join(VECTORS, name), encoding="utf-8") as stream:
        return json.load(stream)


def read(path):
    with open(path, "rb") as stream:
        return stream.read()


def verify_bytes(data, keys=(), witnesses=()):
    return ev.verify(lambda: ev.ZipBag(io.BytesIO(data)), keys, witnesses)


# ---------------------------------------------------------------------------
# Signing, for the tests only: slow, and not safe against side channels
# ---------------------------------------------------------------------------

class Ed25519Signer:
    """RFC 8032 sections 5.1.5 and 5.1.6."""

    def __init__(self, seed):
        digest = hashlib.sha512(seed).digest()
        self.scalar = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
        self.prefix = digest[32:]
        self.public_key = self.multiply(self.scalar)

    @staticmethod
    def multiply(scalar):
        return ev.ed25519_encode(ev.ed25519_double_multiply(scalar, ev.ED25519_BASE, 0, ev.NEUTRAL))

    @staticmethod
    def number(*parts):
        return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ev.L25519

    def sign(self, message):
        r = self.number(self.prefix, message)
        encoded = self.multiply(r)
        k = self.number(encoded, self.public_key, message)
        return encoded + ((r + k * self.scalar) % ev.L25519).to_bytes(32, "little")


class MlDsa44Signer:
    """FIPS 204 algorithms 6 and 7, deterministic (rnd is zero), for ML-DSA-44."""

    ETA = 2

    def __init__(self, seed):
        expanded = hashlib.shake_256(seed + bytes((4, 4))).digest(128)
        rho, rho_prime, self.key = expanded[:32], expanded[32:96], expanded[96:]
        self.a = [[ev.ml_dsa_reject_ntt(rho + bytes((s, r))) for s in range(4)] for r in range(4)]
        secret = [self.bounded(rho_prime + struct.pack("<H", r)) for r in range(8)]
        self.s1, self.s2 = secret[:4], secret[4:]
        self.s1_ntt = [ev.ml_dsa_ntt(p) for p in self.s1]
        self.s2_ntt = [ev.ml_dsa_ntt(p) for p in self.s2]
        t = [[(x + y) % ev.Q for x, y in zip(row, s)] for row, s in zip(self.times_a(self.s1_ntt), self.s2)]
        t0 = [[self.low(x, 1 << 13) for x in row] for row in t]
        self.t0_ntt = [ev.ml_dsa_ntt(p) for p in t0]
        t1 = [[(x - y) >> 13 for x, y in zip(row, low)] for row, low in zip(t, t0)]
        self.public_key = rho + b"".join(ev.ml_dsa_pack(p, 10) for p in t1)

    @staticmethod
    def low(value, modulus):
        """The remainder in (-modulus/2, modulus/2]."""
        value %= modulus
        return value - modulus if value > modulus // 2 else value

    def bounded(self, seed):
        """Algorithm 31 (RejBoundedPoly)."""
        values = []
        for byte in hashlib.shake_256(seed).digest(1024):
            for half in (byte & 15, byte >> 4):
                if half < 15 and len(values) < 256:
                    values.append(self.ETA - half % 5)
        return values

    def times_a(self, vector):
        rows = []
        for row in self.a:
            total = [0] * 256
            for a, v in zip(row, vector):
                total = [(t + x * y) % ev.Q for t, x, y in zip(total, a, v)]
            rows.append(ev.ml_dsa_inverse_ntt(total))
        return rows

    def times(self, c, vector):
        """Products with the challenge, as the remainders of least absolute value."""
        return [[self.low(x, ev.Q) for x in ev.ml_dsa_inverse_ntt([a * b % ev.Q for a, b in zip(c, p)])]
                for p in vector]

    def sign(self, message, context=b""):
        mu = hashlib.shake_256(hashlib.shake_256(self.public_key).digest(64)
                               + bytes((0, len(context))) + context + message).digest(64)
        seed = hashlib.shake_256(self.key + bytes(32) + mu).digest(64)
        kappa = 0
        while True:
            y = []
            for r in range(4):
                stream = hashlib.shake_256(seed + struct.pack("<H", kappa + r)).digest(576)
                y.append([ev.GAMMA1 - v for v in ev.ml_dsa_unpack(stream, 18)])
            kappa += 4
            signature = self.attempt(mu, y)
            if signature:
                return signature

    def attempt(self, mu, y):
        w = self.times_a([ev.ml_dsa_ntt(p) for p in y])
        w1 = [[ev.ml_dsa_use_hint(False, x) for x in row] for row in w]
        challenge = hashlib.shake_256(mu + b"".join(ev.ml_dsa_pack(row, 6) for row in w1)).digest(32)
        c = ev.ml_dsa_ntt(ev.ml_dsa_sample_in_ball(challenge))
        z = [[a + b for a, b in zip(p, q)] for p, q in zip(y, self.times(c, self.s1_ntt))]
        rest = [[(a - b) % ev.Q for a, b in zip(p, q)] for p, q in zip(w, self.times(c, self.s2_ntt))]
        r0 = [self.low(x - 2 * ev.GAMMA2 * ev.ml_dsa_use_hint(False, x), ev.Q) for row in rest for x in row]
        ct0 = self.times(c, self.t0_ntt)
        if (any(abs(x) >= ev.GAMMA1 - ev.BETA for p in z for x in p)
                or any(abs(x) >= ev.GAMMA2 - ev.BETA for x in r0)
                or any(abs(x) >= ev.GAMMA2 for p in ct0 for x in p)):
            return None
        hints = [[n for n, (x, t) in enumerate(zip(row, low))
                  if ev.ml_dsa_use_hint(False, (x + t) % ev.Q) != ev.ml_dsa_use_hint(False, x)]
                 for row, low in zip(rest, ct0)]
        if sum(map(len, hints)) > ev.OMEGA:
            return None
        packed = bytes(sum(hints, []))
        ends = bytes(sum(map(len, hints[:i + 1])) for i in range(4))
        return (challenge + b"".join(ev.ml_dsa_pack([ev.GAMMA1 - x for x in p], 18) for p in z)
                + packed.ljust(ev.OMEGA, b"\0") + ends)


class VrfProver:
    """RFC 9381 sections 5.1 and 5.4.2.1, with the nonce of RFC 6979 section 3.2."""

    def __init__(self, secret):
        self.secret = secret
        self.key = ev.p256_encode(self.multiply(secret, ev.P256_BASE))

    @staticmethod
    def multiply(scalar, point):
        return ev.p256_double_multiply(scalar, ev.p256_multiples(point, 5), 0, ev.P256_BASE_MULTIPLES)

    def nonce(self, message):
        seed = self.secret.to_bytes(32, "big") + (int.from_bytes(digest(message), "big") % ev.P256_ORDER).to_bytes(
            32, "big")
        k, v = bytes(32), b"\1" * 32
        for separator in (b"\0", b"\1"):
            k = hmac.digest(k, v + separator + seed, "sha256")
            v = hmac.digest(k, v, "sha256")
        while True:
            v = hmac.digest(k, v, "sha256")
            if 0 < int.from_bytes(v, "big") < ev.P256_ORDER:
                return int.from_bytes(v, "big")
            k = hmac.digest(k, v + b"\0", "sha256")
            v = hmac.digest(k, v, "sha256")

    def prove(self, alpha):
        h = ev.vrf_encode_to_curve(self.key, alpha)
        encoded = ev.p256_encode(h + (1,))
        return self.prove_with_nonce(h, encoded, self.nonce(encoded))

    def prove_with_nonce(self, h, encoded, nonce):
        gamma = ev.p256_encode(self.multiply(self.secret, h))
        points = [ev.p256_encode(self.multiply(nonce, point)) for point in (ev.P256_BASE, h)]
        challenge = ev.vrf_challenge([self.key, encoded, gamma] + points)
        s = (nonce + int.from_bytes(challenge, "big") * self.secret) % ev.P256_ORDER
        return gamma + challenge + s.to_bytes(32, "big")


class NoteKey:
    """A key of a signed note, with its private half."""

    def __init__(self, name, key_type, seed):
        self.name, self.type = name, key_type
        self.signer = MlDsa44Signer(seed) if key_type == ev.ML_DSA_44 else Ed25519Signer(seed)
        material = bytes((key_type,)) + self.signer.public_key
        self.id = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
        self.text = "%s+%s+%s" % (name, self.id.hex(), base64.b64encode(material).decode())
        self.public = ev.parse_verifier_key(self.text)

    def line(self, text, time=0):
        if self.type == ev.ED25519:
            signature = self.signer.sign(text)
        elif self.type == ev.COSIGNATURE_V1:
            signature = struct.pack(">Q", time) + self.signer.sign(b"cosignature/v1\ntime %d\n" % time + text)
        else:
            message = ev.cosigned_message(self.name, time, ev.parse_checkpoint(text))
            signature = struct.pack(">Q", time) + self.signer.sign(message)
        return self.raw_line(signature)

    def text_line(self, text, time=0):
        """A line under a text that is no checkpoint."""
        if self.type == ev.ED25519:
            return self.line(text, time)
        tree = ev.Checkpoint(text, text.decode().split("\n")[0], 1, ev.hash_leaf(text))
        return self.raw_line(struct.pack(">Q", time) + self.signer.sign(ev.cosigned_message(self.name, time, tree)))

    def raw_line(self, signature):
        return ("\u2014 %s %s\n" % (self.name, base64.b64encode(self.id + signature).decode())).encode()


VAULT_ID = "0f0e0d0c0b0a09080706050403020100"
LOG_ID = "00112233445566778899aabbccddeeff"
NODE = ev.NODE_ORIGIN + VAULT_ID
VAULT_KEY = NoteKey(NODE, ev.ED25519, bytes(32))
POST_QUANTUM_KEY = NoteKey(NODE, ev.ML_DSA_44, bytes(range(32)))
WITNESS = NoteKey("witness.example/w", ev.COSIGNATURE_V1, b"w" * 32)
POST_QUANTUM_WITNESS = NoteKey("witness.example/q", ev.ML_DSA_44, b"q" * 32)


# ---------------------------------------------------------------------------
# A bundle from scratch
# ---------------------------------------------------------------------------

def zip_bytes(files):
    """The ZIP file, in its one spelling."""
    content, directory = b"", b""
    for name in sorted(files):
        data, raw = files[name], name.encode()
        shared = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(raw), 0)
        directory += (b"PK\x01\x02" + struct.pack("<H", 20) + shared
                      + struct.pack("<HHHII", 0, 0, 0, 0, len(content)) + raw)
        content += b"PK\x03\x04" + shared + raw + data
    return content + directory + b"PK\x05\x06" + struct.pack(
        "<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(content), 0)


def digest(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


TAG_PROVER = VrfProver(int(vectors("keys.json")["tagSecret"], 16))
TAG_KEY = TAG_PROVER.key


@functools.lru_cache(maxsize=None)
def proof_of(label, name):
    return TAG_PROVER.prove(label + name.encode())


def tag_of(proof):
    return digest(b"\1\3", proof[:33], b"\0")[:16]


def tag(name):
    return tag_of(proof_of(ev.ACTOR_LABEL, name))


def service_tag(name):
    return tag_of(proof_of(ev.SERVICE_LABEL, name))


def scope_entry(name, label=ev.ACTOR_LABEL):
    proof = proof_of(label, name)
    return {"tag": tag_of(proof).hex(), "proof": proof.hex()}


def tree_root(leaves):
    """RFC 6962 section 2.1, of leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return ev.hash_node(tree_root(leaves[:half]), tree_root(leaves[half:]))


def compact_range(leaves, start, end):
    """The compact range [start, end) of these leaf hashes, in hexadecimal digits."""
    result = []
    for level in ev.range_levels(start, end):
        result.append(tree_root(leaves[start:start + (1 << level)]).hex())
        start += 1 << level
    return result


def run_of(leaves, start, end):
    return {"to": end, "subtrees": compact_range(leaves, start, end)}


def index_root(entries):
    return tree_root([ev.hash_index_entry(entry) for entry in entries])


def cut_index(entries, tags):
    """actor-index.md, What is cut from it."""
    shown = set()
    for wanted in tags:
        below = sum(entry[:16] < wanted for entry in entries)
        if below < len(entries) and entries[below][:16] == wanted:
            shown.add(below)
        else:
            shown.update(place for place in (below - 1, below) if 0 <= place < len(entries))
    return cut_at(entries, shown)


def cut_at(entries, places):
    """The items that show the entries at these places."""
    leaves, items, start = [ev.hash_index_entry(entry) for entry in entries], [], 0
    for place in sorted(places) + [len(entries)]:
        if place > start:
            items.append(run_of(leaves, start, place))
        if place < len(entries):
            items.append({"entry": entries[place].hex()})
        start = place + 1
    return items


def time_of(day, second=0):
    return ev.parse_time("2026-05-%02dT12:00:%02d.000000000Z" % (day, second))


def event(day, actor="alice", behalf=None, service=None, privileged=False, **more):
    """A record to log. The member line, header and so on can be given to change what follows from it."""
    return dict(day=day, actor=actor, behalf=behalf, service=service, privileged=privileged, **more)


def gap(day, **more):
    return dict(day=day, kind=ev.GAP, actor=None, behalf=None, service=None, privileged=False, **more)


def change(day, **more):
    return dict(gap(day, **more), kind=ev.CHANGE)


DEFAULT_ORDER = {"order": "1", "issuer": "Court", "legalBasis": "Art. 99", "tenant": "acme", "requestedBy": "Mori",
                 "approvedBy": "Sato", "actors": ["alice"], "from": "2026-05-04", "to": "2026-05-09"}
DEFAULT_LOG = (
    (event(1), event(2, "bob"), event(3)),
    (event(4, original="first\n"), event(5, "operator", "alice", "files", True, original="second"),
     event(6, "bob", service="mail")),
    (event(7), gap(8), event(9)))


class Maker:
    """Makes a bundle of a log, an order and a list of changes, and signs it."""

    def __init__(self, log=DEFAULT_LOG, order=None, pq=False, **options):
        self.log, self.order, self.pq, self.options = log, dict(DEFAULT_ORDER, **(order or {})), pq, options
        self.order = {k: v for k, v in self.order.items() if v is not None}
        self.parsed = ev.parse_order(json.dumps(self.order).encode())
        self.by_index = options.get("completeness") == "index"
        self.leaves = []
        self.lines = {name: [] for name in (ev.SEGMENTS, ev.LEAVES, ev.RECORDS, ev.ORIGINALS)}
        self.counts = {}
        self.events = 0

    def recorded(self, item):
        """When the next record is recorded: as many seconds as its seq, or what the item says."""
        return time_of(10, item.get("recorded", len(self.leaves)))

    def line(self, item):
        seq = len(self.leaves)
        time = ev.format_time(time_of(item["day"]))
        members = {"v": 1, "seq": seq, "recordedAt": ev.format_time(self.recorded(item))}
        if item.get("kind") == ev.CHANGE:
            members.update(type="change", tenant="acme", occurredAt=time, change={"what": "policy", "after": "x"})
        elif item.get("kind") == ev.GAP:
            members.update(type="gap", tenant="acme", occurredAt=time,
                           gap={"from": time, "to": time, "rate": 1, "bytes": 0, "queue": 2})
        else:
            members.update(type="event", id="e", tenant="acme")
            if item["service"]:
                members["service"] = item["service"]
            members.update(occurredAt=time, action="x", outcome="success")
            if item["actor"]:
                members["actor"] = {"side": "tenant", "id": item["actor"], "privileged": item["privileged"]}
                if item["behalf"]:
                    members["actor"]["onBehalfOf"] = item["behalf"]
            if "original" in item:
                members["original"] = item["original"]
        members.update(item.get("line", {}))
        return json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()

    def add(self, item, shown_segment, wanted, entries):
        """Appends the leaf of a record. Returns the line that shows its header, or None."""
        seq = len(self.leaves)
        actors = [a for a in (item["actor"], item["behalf"]) if a]
        kind, recorded_at = item.get("kind", ev.EVENT), self.recorded(item)
        line, salt = self.line(item), digest(b"salt%d" % seq)
        head = bytes((1, kind, item["privileged"], len(actors))) + bytes.fromhex(LOG_ID) + struct.pack(
            ">qqq", seq, recorded_at, time_of(item["day"]))
        head += service_tag(item["service"]) if item["service"] else bytes(16)
        under = {}
        for actor in actors:
            count = self.counts.get(actor, -1) + 1 + item.get("jump", 0)
            self.counts[actor] = count
            under[item.get("tags", {}).get(actor, tag(actor))] = count
        for actor_tag, count in under.items():
            head += actor_tag + struct.pack(">q", count)
        head += ev.record_commitment(salt, line)
        head = item.get("header", lambda h: h)(head)
        self.leaves.append(ev.hash_leaf(head))
        under.update({ev.PRIVILEGED_TAG: 0} if item["privileged"] else {})
        under.update({ev.NOTICES_TAG: 0} if "kind" in item else {})
        for index_tag, first in under.items():
            entries.setdefault(index_tag, (first, []))[1].append(self.leaves[-1])
        necessary = item.get("shown", not self.by_index or not wanted.isdisjoint(under))
        asked = ev.asks_for(self.parsed, kind, time_of(item["day"]), recorded_at, item["privileged"], actors,
                            item["service"], self.parsed.actors or (), self.parsed.services or ())
        if not shown_segment or not necessary:
            return None
        leaf = {"header": head.hex()}
        if asked != item.get("wrong", False):
            leaf["salt"] = salt.hex()
            self.lines[ev.RECORDS].append(line + b"\n")
            if "original" in item:
                self.lines[ev.ORIGINALS].append(item["original"].encode() + b"\n")
        return leaf

    def is_shown(self, days):
        """Whether something of a segment is in the order's time."""
        return ev.is_in_time(self.parsed, min(days), max(days))

    def segment(self, number, items):
        first = len(self.leaves)
        days = [time_of(item["day"]) for item in items]
        inside = self.is_shown(days)
        notices = sum("kind" in item for item in items)
        wanted = {tag(a) for a in self.parsed.actors} if self.parsed.actors else {ev.PRIVILEGED_TAG}
        wanted |= {ev.NOTICES_TAG} if notices else set()
        entries, shown, hidden_from = {}, [], first
        for item in items:
            leaf = self.add(item, inside, wanted, entries)
            if leaf is not None:
                if hidden_from < len(self.leaves) - 1:
                    shown.append(run_of(self.leaves, hidden_from, len(self.leaves) - 1))
                shown.append(leaf)
                hidden_from = len(self.leaves)
        if inside and hidden_from < len(self.leaves):
            shown.append(run_of(self.leaves, hidden_from, len(self.leaves)))
        self.lines[ev.LEAVES] += [ev.spell_json(leaf).encode() + b"\n" for leaf in shown]
        entries = [t + struct.pack(">qq", first_count, len(leaves)) + tree_root(leaves)
                   for t, (first_count, leaves) in sorted(entries.items())]
        entries = self.options.get("index", {}).get(number, lambda e: e)(entries)
        seq = len(self.leaves)
        self.events += len(items)
        seal = {"segment": number, "firstSeq": first, "events": self.events}
        seal.update({"notices": notices} if notices else {})
        seal.update(occurredFrom=ev.format_time(min(days)), occurredTo=ev.format_time(max(days)))
        if number > 1:
            seal["previousSeal"] = self.previous.hex()
        seal.update(fileHeader="00" * 32, blocks="00" * 32, tree=tree_root(self.leaves).hex(),
                    actors={"size": len(entries), "root": index_root(entries).hex()}, tagKey=TAG_KEY.hex(),
                    keys="00" * 32)
        seal.update(self.options.get("seal", {}).get(number, {}))
        members = {"v": 1, "seq": seq, "recordedAt": ev.format_time(time_of(10, seq)), "type": "seal",
                   "seal": {name: value for name, value in seal.items() if value is not None}}
        members.update(self.options.get("sealHead", {}).get(number, {}))
        line, salt = ev.spell_json(members).encode(), digest(b"salt%d" % seq)
        entry = {"salt": salt.hex()}
        if not inside:
            entry["subtrees"] = compact_range(self.leaves, first, seq)
        elif self.by_index:
            entry["actors"] = self.options.get("cut", {}).get(number, cut_index)(entries, wanted)
        entry["seal"] = line.decode()
        self.lines[ev.SEGMENTS].append(ev.spell_json(entry).encode() + b"\n")
        parsed = ev.SealRecord(members["seq"], ev.parse_time(members["recordedAt"]), *[None] * 11)
        self.previous = ev.hash_leaf(ev.seal_header(bytes.fromhex(LOG_ID), parsed, salt, line))
        self.leaves.append(self.previous)

    def files(self):
        for number, items in enumerate(self.log, 1):
            self.segment(number, items)
        self.cut()
        files = {name: b"".join(lines) for name, lines in self.lines.items()}
        files["bag-info.txt"] = files["README.txt"] = b"for people\n"
        files[ev.BAGIT] = ev.BAGIT_TEXT
        files[ev.ORDER] = json.dumps(self.order).encode()
        files[ev.SCOPE] = self.scope()
        files[ev.EXPORT] = ev.spell_json({
            "format": "evidence-vault-export/1", "software": "test", "exportedAt": "2026-05-11T00:00:00.000000000Z",
            "vaultId": VAULT_ID, "logId": LOG_ID, "tenant": "acme", "records": len(self.lines[ev.RECORDS]),
            "notYetAnchored": 0, **self.options.get("export", {})}).encode()
        self.anchor(files)
        files.update(self.options.get("extra", {}))
        for name, change in self.options.get("change", {}).items():
            files[name] = change(files[name])
        self.sign(files, [VAULT_KEY] + ([POST_QUANTUM_KEY] if self.pq else []), self.options.get("misplaced", ()))
        for name, change in self.options.get("late", {}).items():
            files[name] = change(files[name])
        return {name: data for name, data in files.items() if data is not None}

    def cut(self):
        """Leaves out what is not shown beyond what the segments leave out."""

    def scope(self):
        scope = {"format": "evidence-vault-scope/1", "logId": LOG_ID,
                 "completeness": self.options.get("completeness", "headers")}
        for name, label in (("actors", ev.ACTOR_LABEL), ("services", ev.SERVICE_LABEL)):
            scope[name] = {n: scope_entry(n, label) for n in sorted(self.order.get(name, ()))}
        scope["verifierKey"] = VAULT_KEY.text
        if self.pq:
            scope["postQuantumKey"] = POST_QUANTUM_KEY.text
        scope.update(self.options.get("scope", {}))
        return ev.spell_json(scope).encode()

    def anchor(self, files):
        root = base64.b64encode(tree_root(self.leaves)).decode()
        text = "%s%s\n%d\n%s\n" % (ev.LOG_ORIGIN, LOG_ID, len(self.leaves), root)
        files[ev.CHECKPOINT] = text.encode()
        slot, nonce, path = 0xA5A5A, bytes(32), [digest(b"sibling%d" % level) for level in range(20)]
        root = ev.hash_leaf(nonce + digest(text.encode()))
        for level, sibling in enumerate(path):
            root = ev.hash_node(sibling, root) if slot >> level & 1 else ev.hash_node(root, sibling)
        time = self.options.get("anchoredAt", time_of(11))
        head = ev.ANCHOR_HEAD + struct.pack(">qq", 2, time) + root + bytes(32)
        others = [digest(b"anchor0"), digest(b"anchor1")]
        node_tree = ev.Tree()
        for leaf in others + [ev.hash_leaf(head)]:
            node_tree.append(leaf)
        files[ev.ANCHOR] = ev.spell_json({
            "format": "evidence-vault-anchor-proof/1", "index": 2, "time": ev.format_time(time),
            "superRoot": root.hex(), "entries": "00" * 32, "slot": slot, "nonce": nonce.hex(),
            "superPath": [p.hex() for p in path], "nodePath": [ev.hash_node(*others).hex()]}).encode()
        text = ("%s\n3\n%s\n" % (NODE, base64.b64encode(node_tree.root()).decode())).encode()
        lines = [VAULT_KEY.line(text)] + ([POST_QUANTUM_KEY.line(text)] if self.pq else [])
        lines = self.options.get("lines", lambda lines, text: lines)(lines, text)
        files[ev.NODE_CHECKPOINT] = text + b"\n" + b"".join(lines)

    @staticmethod
    def sign(files, keys=(VAULT_KEY,), misplaced=()):
        def manifest(names):
            return b"".join(b"%s  %s\n" % (digest(files[n]).hex().encode(), n.encode()) for n in sorted(names))
        payload = {n for n in files if n.startswith("data/")}.symmetric_difference(misplaced)
        files[ev.MANIFEST] = manifest(payload)
        files[ev.TAG_MANIFEST] = manifest(set(files) - payload - {ev.TAG_MANIFEST, ev.SIGNATURE, ev.POST_QUANTUM_SIGNATURE})
        text = Maker.signed_text(files)
        if len(keys) > 1:
            files[ev.POST_QUANTUM_SIGNATURE] = text + b"\n" + keys[1].text_line(text)
            text = Maker.signed_text(files, ev.POST_QUANTUM_SIGNATURE)
        files[ev.SIGNATURE] = text + b"\n" + keys[0].text_line(text)

    @staticmethod
    def signed_text(files, *names):
        lines = [digest(files[name]).hex().encode() + b"\n" for name in (ev.TAG_MANIFEST,) + names]
        return b"evidence-vault/bundle/v1\n" + b"".join(lines)

    def verify(self, keys=(), witnesses=()):
        return verify_bytes(zip_bytes({"bag/" + n: d for n, d in self.files().items()}), keys, witnesses)


class RangeMaker(Maker):
    """Makes a bundle for an order by recording, from the second start to the second end.

    The option runs says which leaves are not shown, as a list of (from, to), if not the right ones.
    """

    def __init__(self, start=5, end=9, log=DEFAULT_LOG, order=None, **options):
        order = dict({"clock": "recorded", "from": self.second(start), "to": self.second(end)}, **(order or {}))
        super().__init__(log, order, **dict({"completeness": "range"}, **options))
        self.headers, self.seals, seq = [], [], 0
        for items in log:
            self.headers += range(seq, seq + len(items))
            seq += len(items) + 1
            self.seals.append(seq - 1)

    @staticmethod
    def second(number):
        return None if number is None else ev.format_time(time_of(10, number))

    def is_shown(self, days):
        return True

    def expected(self):
        """The verdict of an honest bundle: what comes after the last seal is not covered."""
        sealed = time_of(10, self.seals[-1])
        return "passed" if self.parsed.end is None or self.parsed.end <= sealed else "indeterminate"

    def right_runs(self):
        """What is neither in the order's time nor a bracket."""
        times = [time_of(10, item.get("recorded", seq))
                 for seq, item in zip(self.headers, (item for items in self.log for item in items))]
        start, end = self.parsed.start, self.parsed.end
        early = [seq for seq, time in zip(self.headers, times) if start is not None and time < start]
        late = [seq for seq, time in zip(self.headers, times) if end is not None and time >= end]
        runs = [(0, early[-1])] if early and early[-1] else []
        return runs + ([(late[0] + 1, self.seals[-1])] if late and late[0] + 1 < self.seals[-1] else [])

    def cut(self):
        """The bag, range: headers and seals that no run stands for, and the last seal."""
        made = {name: list(lines) for name, lines in self.lines.items()}
        for lines in self.lines.values():
            lines.clear()
        runs = dict(self.options.get("runs", self.right_runs()))
        hidden_to = 0
        for seq in range(len(self.leaves)):
            if seq in runs:
                hidden_to = runs[seq]
                self.lines[ev.LEAVES].append(ev.spell_json(run_of(self.leaves, seq, hidden_to)).encode() + b"\n")
            taken = self.take(made, seq)
            if seq >= hidden_to or seq == self.seals[-1]:
                for name, line in taken.items():
                    self.lines[name].append(line)

    def take(self, made, seq):
        """The lines that belong to a leaf."""
        if seq in self.seals:
            return {ev.SEGMENTS: made[ev.SEGMENTS].pop(0)}
        lines = {ev.LEAVES: made[ev.LEAVES].pop(0)}
        if b'"salt"' in lines[ev.LEAVES]:
            lines[ev.RECORDS] = made[ev.RECORDS].pop(0)
            if b'"original"' in lines[ev.RECORDS]:
                lines[ev.ORIGINALS] = made[ev.ORIGINALS].pop(0)
        return lines


def replacing(old, new):
    def change(data):
        if old.encode() not in data:
            raise AssertionError("nothing to replace: " + old)
        return data.replace(old.encode(), new.encode(), 1)
    return change


def without_line(number):
    return lambda data: b"".join(line for n, line in enumerate(data.splitlines(True)) if n != number)


# ---------------------------------------------------------------------------
# Tests
# ---------------------------------------------------------------------------

def unzip(data):
    """The files of a bag, by the names that they have in it."""
    bag, files = ev.ZipBag(io.BytesIO(data)), {}
    for name in bag.names():
        with bag.open(name) as stream:
            files[name[len("bag/"):]] = stream.read()
    return files


def edit_line(number, change):
    """Changes a line of a file of JSON lines: the object in place, or what the change returns for it."""
    def edit(data):
        lines = data.splitlines(True)
        members = json.loads(lines[number])
        result = change(members)
        results = [members] if result is None else result
        lines[number] = b"".join(ev.spell_json(m).encode() + b"\n" for m in results)
        return b"".join(lines)
    return edit


class Ed25519Test(unittest.TestCase):
    # RFC 8032 section 7.1: TEST 1, 2, 3, 1024, SHA(abc); seed, public key, message, signature
    VECTORS = (
        ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bb"
         "e24655141438e7a100b"),
        ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302"
         "aeeb00d291612bb0c00"),
        ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed"
         "28dc027beceea1ec40a"),
        ("f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
         "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
         "08b8b2b733424243760fe426a4b54908632110a66c2f6591eabd3345e3e4eb98fa6e264bf09efe12ee50f8f54e9f77b1e355f6c50544"
         "e23fb1433ddf73be84d879de7c0046dc4996d9e773f4bc9efe5738829adb26c81b37c93a1b270b20329d658675fc6ea534e0810a4432"
         "826bf58c941efb65d57a338bbd2e26640f89ffbc1a858efcb8550ee3a5e1998bd177e93a7363c344fe6b199ee5d02e82d522c4feba15"
         "452f80288a821a579116ec6dad2b3b310da903401aa62100ab5d1a36553e06203b33890cc9b832f79ef80560ccb9a39ce767967ed628"
         "c6ad573cb116dbefefd75499da96bd68a8a97b928a8bbc103b6621fcde2beca1231d206be6cd9ec7aff6f6c94fcd7204ed3455c68c83"
         "f4a41da4af2b74ef5c53f1d8ac70bdcb7ed185ce81bd84359d44254d95629e9855a94a7c1958d1f8ada5d0532ed8a5aa3fb2d17ba70e"
         "b6248e594e1a2297acbbb39d502f1a8c6eb6f1ce22b3de1a1f40cc24554119a831a9aad6079cad88425de6bde1a9187ebb6092cf67bf"
         "2b13fd65f27088d78b7e883c8759d2c4f5c65adb7553878ad575f9fad878e80a0c9ba63bcbcc2732e69485bbc9c90bfbd62481d9089b"
         "eccf80cfe2df16a2cf65bd92dd597b0707e0917af48bbb75fed413d238f5555a7a569d80c3414a8d0859dc65a46128bab27af87a7131"
         "4f318c782b23ebfe808b82b0ce26401d2e22f04d83d1255dc51addd3b75a2b1ae0784504df543af8969be3ea7082ff7fc9888c144da2"
         "af58429ec96031dbcad3dad9af0dcbaaaf268cb8fcffead94f3c7ca495e056a9b47acdb751fb73e666c6c655ade8297297d07ad1ba5e"
         "43f1bca32301651339e22904cc8c42f58c30c04aafdb038dda0847dd988dcda6f3bfd15c4b4c4525004aa06eeff8ca61783aacec57fb"
         "3d1f92b0fe2fd1a85f6724517b65e614ad6808d6f6ee34dff7310fdc82aebfd904b01e1dc54b2927094b2db68d6f903b68401adebf5a"
         "7e08d78ff4ef5d63653a65040cf9bfd4aca7984a74d37145986780fc0b16ac451649de6188a7dbdf191f64b5fc5e2ab47b57f7f7276c"
         "d419c17a3ca8e1b939ae49e488acba6b965610b5480109c8b17b80e1b7b750dfc7598d5d5011fd2dcc5600a32ef5b52a1ecc820e308a"
         "a342721aac0943bf6686b64b2579376504ccc493d97e6aed3fb0f9cd71a43dd497f01f17c0e2cb3797aa2a2f256656168e6c496afc5f"
         "b93246f6b1116398a346f1a641f3b041e989f7914f90cc2c7fff357876e506b50d334ba77c225bc307ba537152f3f1610e4eafe595f6"
         "d9d90d11faa933a15ef1369546868a7f3a45a96768d40fd9d03412c091c6315cf4fde7cb68606937380db2eaaa707b4c4185c32eddcd"
         "d306705e4dc1ffc872eeee475a64dfac86aba41c0618983f8741c5ef68d3a101e8a3b8cac60c905c15fc910840b94c00a0b9d0",
         "0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350aa5371b1508f9f4528ecea23c436d94b5e8fcd4f681e3"
         "0a6ac00a9704a188a03"),
        ("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
         "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce"
         "80e2a9ac94fa54ca49f",
         "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac"
         "17ad9bef1177331a704"))

    def test_vectors(self):
        for seed, key, message, signature in self.VECTORS:
            key, message, signature = (bytes.fromhex(v) for v in (key, message, signature))
            self.assertTrue(ev.verify_ed25519(key, message, signature))
            self.assertFalse(ev.verify_ed25519(key, message + b"x", signature))
            signer = Ed25519Signer(bytes.fromhex(seed))
            self.assertEqual((key, signature), (signer.public_key, signer.sign(message)))

    def test_every_byte_of_a_signature_counts(self):
        _, key, message, signature = (bytes.fromhex(v) for v in self.VECTORS[1])
        for i in range(64):
            bad = bytearray(signature)
            bad[i] ^= 1 << i % 8
            self.assertFalse(ev.verify_ed25519(key, message, bytes(bad)))

    def test_other_spellings(self):
        _, key, message, signature = (bytes.fromhex(v) for v in self.VECTORS[1])
        higher = int.from_bytes(signature[32:], "little") + ev.L25519
        self.assertFalse(ev.verify_ed25519(key, message, signature[:32] + higher.to_bytes(32, "little")))
        self.assertFalse(ev.verify_ed25519(key, message, signature[:-1]))
        self.assertFalse(ev.verify_ed25519(key[:-1], message, signature))
        self.assertIsNone(ev.ed25519_decode((ev.P25519 + 1).to_bytes(32, "little")))
        self.assertIsNone(ev.ed25519_decode((1 | 1 << 255).to_bytes(32, "little")))
        self.assertIsNone(ev.ed25519_decode((2).to_bytes(32, "little")))


class EcdsaTest(unittest.TestCase):
    DATA = vectors("suites.json")

    def good(self, text):
        note = ev.parse_note(text.encode("utf-8"))
        return ev.verify_note_signature(note.text, note.signatures[0], ev.parse_verifier_key(self.DATA["verifierKey"])) == 0

    def test_vectors(self):
        self.assertTrue(self.good(self.DATA["note"]))
        for refused in self.DATA["refusedNotes"]:
            self.assertFalse(self.good(refused["note"]), refused["reason"])
        for refused in self.DATA["refusedKeys"]:
            with self.assertRaises(ev.Refused, msg=refused["reason"]):
                ev.parse_verifier_key(refused["key"])

    def test_every_changed_byte_is_noticed(self):
        note = ev.parse_note(self.DATA["note"].encode("utf-8"))
        key = ev.parse_verifier_key(self.DATA["verifierKey"])
        signature = note.signatures[0]
        for at in range(0, len(signature.bytes), 3):
            changed = bytearray(signature.bytes)
            changed[at] ^= 1
            self.assertIsNone(ev.verify_note_signature(note.text, signature._replace(bytes=bytes(changed)), key), at)
        self.assertIsNone(ev.verify_note_signature(note.text + b"\n", signature, key))


class SuccessionTest(unittest.TestCase):
    DATA = vectors("succession.json")

    def history(self, successions):
        parsed = ev.parse_successions(successions)
        return ev.KeyHistory(parsed[-1].after, parsed)

    def test_vectors(self):
        history = self.history(json.loads(self.DATA["file"])["successions"])
        self.assertEqual(set(self.DATA["keys"]), history.texts())
        self.assertEqual(self.DATA["keys"], [history.at(size)[0].text for size in (1, 2, 3)])
        for refused in self.DATA["refused"]:
            with self.assertRaises(ev.Refused, msg=refused["why"]):
                self.history(refused["successions"])

    def test_histories_that_begin_one_another_are_one(self):
        whole = self.history(json.loads(self.DATA["file"])["successions"])
        first = self.history([self.DATA["succession"]])
        alone = ev.KeyHistory(first.keys[0], [])
        for shorter in (first, alone):
            self.assertIs(whole, whole.joined(shorter))
            self.assertIs(whole, shorter.joined(whole))
        self.assertIsNone(ev.KeyHistory(whole.current, []).joined(whole))


class MlDsa44Test(unittest.TestCase):
    KEY = POST_QUANTUM_KEY.signer
    SIGNATURE = KEY.sign(b"message", b"context")

    def test_key_and_signature_of_another_implementation(self):
        """The public key that OpenSSL derives from the seed 00 01 .. 1f, and a signature that it verifies."""
        self.assertEqual("9f107644c1084526af3bc8098680b05499a2325a644e388fb4f970e058d19d46",
                         hashlib.sha256(self.KEY.public_key).hexdigest())
        self.assertEqual("437eff3b5995aaa99468a279fc77e697fa8bc204d48a7f511fb83fe502f0f1f3",
                         hashlib.sha256(self.SIGNATURE).hexdigest())

    def test_good_and_bad(self):
        key, signature = self.KEY.public_key, self.SIGNATURE
        self.assertTrue(ev.verify_ml_dsa_44(key, b"message", signature, b"context"))
        self.assertFalse(ev.verify_ml_dsa_44(key, b"message", signature))
        self.assertFalse(ev.verify_ml_dsa_44(key, b"massage", signature, b"context"))
        self.assertFalse(ev.verify_ml_dsa_44(key, b"message", signature[:-1], b"context"))
        self.assertFalse(ev.verify_ml_dsa_44(key[:-1], b"message", signature, b"context"))
        self.assertFalse(ev.verify_ml_dsa_44(key, b"message", signature, bytes(256)))
        for i in list(range(0, len(signature), 97)) + list(range(len(signature) - 84, len(signature), 7)):
            bad = bytearray(signature)
            bad[i] ^= 1
            self.assertFalse(ev.verify_ml_dsa_44(key, b"message", bytes(bad), b"context"), i)

    def test_hints_have_one_spelling(self):
        hint = self.SIGNATURE[-84:]
        self.assertIsNotNone(ev.ml_dsa_unpack_hint(hint))
        ends = hint[80:]
        swapped = bytearray(hint)
        swapped[0], swapped[1] = swapped[1], swapped[0]
        twice = bytearray(hint)
        twice[1] = twice[0]
        padded = bytearray(hint)
        padded[79] = 1
        falling = bytearray(hint)
        falling[81] = ends[0] - 1
        beyond = bytearray(hint)
        beyond[83] = 81
        self.assertLess(ends[3], 79)
        for bad in (swapped, twice, padded, falling, beyond):
            self.assertIsNone(ev.ml_dsa_unpack_hint(bytes(bad)))

    def test_coefficients_beyond_the_bound(self):
        signature = bytearray(self.SIGNATURE)
        signature[32:608] = ev.ml_dsa_pack([0] * 256, 18)
        self.assertFalse(ev.verify_ml_dsa_44(self.KEY.public_key, b"message", bytes(signature), b"context"))


class VrfTest(unittest.TestCase):
    # RFC 9381 appendix B.1, examples 10, 11 and 12: secret key, public key, alpha, H, pi, beta
    VECTORS = (
        ("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
         "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6", b"sample",
         "0272a877532e9ac193aff4401234266f59900a4a9e3fc3cfc6a4b7e467a15d06d4",
         "035b5c726e8c0e2c488a107c600578ee75cb702343c153cb1eb8dec77f4b5071b4a53f0a46f018bc2c56e58d383f2305e0975972c26f"
         "eea0eb122fe7893c15af376b33edf7de17c6ea056d4d82de6bc02f",
         "a3ad7b0ef73d8fc6655053ea22f9bede8c743f08bbed3d38821f0e16474b505e"),
        ("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
         "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6", b"test",
         "02173119b4fff5e6f8afed4868a29fe8920f1b54c2cf89cc7b301d0d473de6b974",
         "034dac60aba508ba0c01aa9be80377ebd7562c4a52d74722e0abae7dc3080ddb56c19e067b15a8a8174905b13617804534214f935b94"
         "c2287f797e393eb0816969d864f37625b443f30f1a5a33f2b3c854",
         "a284f94ceec2ff4b3794629da7cbafa49121972671b466cab4ce170aa365f26d"),
        ("2ca1411a41b17b24cc8c3b089cfd033f1920202a6c0de8abb97df1498d50d2c8",
         "03596375e6ce57e0f20294fc46bdfcfd19a39f8161b58695b3ec5b3d16427c274d",
         b"Example using ECDSA key from Appendix L.4.2 of ANSI.X9-62-2005",
         "0258055c26c4b01d01c00fb57567955f7d39cd6f6e85fd37c58f696cc6b7aa761d",
         "03d03398bf53aa23831d7d1b2937e005fb0062cbefa06796579f2a1fc7e7b8c667d091c00b0f5c3619d10ecea44363b5a599cadc5b29"
         "57e223fec62e81f7b4825fc799a771a3d7334b9186bdbee87316b1",
         "90871e06da5caa39a3c61578ebb844de8635e27ac0b13e829997d0d95dd98c19"))

    def test_vectors_of_the_rfc(self):
        for secret, key, alpha, h, proof, beta in self.VECTORS:
            key, proof = bytes.fromhex(key), bytes.fromhex(proof)
            self.assertEqual(h, ev.p256_encode(ev.vrf_encode_to_curve(key, alpha) + (1,)).hex())
            self.assertEqual(beta, ev.VrfKey(key).verify(alpha, proof).hex())
            self.assertIsNone(ev.VrfKey(key).verify(alpha + b"x", proof))
            self.assertIsNone(ev.VrfKey(TAG_KEY).verify(alpha, proof))
            prover = VrfProver(int(secret, 16))
            self.assertEqual((key, proof), (prover.key, prover.prove(alpha)))

    def test_vectors_of_the_formats(self):
        keys = vectors("keys.json")
        self.assertEqual(keys["tagKey"], TAG_KEY.hex())
        key = ev.VrfKey(TAG_KEY)
        for name, proof in keys["actorProofs"].items():
            self.assertEqual(proof, proof_of(ev.ACTOR_LABEL, name).hex())
            beta = key.verify(ev.ACTOR_LABEL + name.encode(), bytes.fromhex(proof))
            self.assertEqual(keys["actorTags"][name], beta[:16].hex())
            self.assertIsNone(key.verify(ev.SERVICE_LABEL + name.encode(), bytes.fromhex(proof)))
        for name, expected in keys["serviceTags"].items():
            self.assertEqual(expected, service_tag(name).hex())

    def test_every_byte_of_a_proof_counts(self):
        key, proof = ev.VrfKey(TAG_KEY), proof_of(ev.ACTOR_LABEL, "alice")
        for at in range(len(proof)):
            bad = bytearray(proof)
            bad[at] ^= 1 << at % 8
            self.assertIsNone(key.verify(b"actor/v1\0alice", bytes(bad)), at)
        for bad in (proof[:-1], proof + b"\0", b"", bytes(81), b"\x04" + proof[1:]):
            self.assertIsNone(key.verify(b"actor/v1\0alice", bad))

    def test_s_is_below_the_order(self):
        proof = TAG_PROVER.prove(b"")
        for s in (ev.P256_ORDER, (1 << 256) - 1):
            self.assertIsNone(ev.VrfKey(TAG_KEY).verify(b"", proof[:49] + s.to_bytes(32, "big")))
        prover = VrfProver(1)  # so that s is the challenge and the nonce, and s and the order fit in 32 bytes
        h = ev.vrf_encode_to_curve(prover.key, b"")
        proof = prover.prove_with_nonce(h, ev.p256_encode(h + (1,)), 5)
        self.assertIsNotNone(ev.VrfKey(prover.key).verify(b"", proof))
        s = int.from_bytes(proof[49:], "big") + ev.P256_ORDER
        self.assertIsNone(ev.VrfKey(prover.key).verify(b"", proof[:49] + s.to_bytes(32, "big")))

    def test_nonce_of_zero(self):
        """U and V are at infinity. Only who gives the secret away makes such a proof; the RFC does not refuse it."""
        h = ev.vrf_encode_to_curve(TAG_KEY, b"x")
        proof = TAG_PROVER.prove_with_nonce(h, ev.p256_encode(h + (1,)), 0)
        self.assertEqual(tag_of(TAG_PROVER.prove(b"x")), ev.VrfKey(TAG_KEY).verify(b"x", proof)[:16])

    def test_arithmetic(self):
        base = ev.P256_BASE + (1,)
        self.assertIsNotNone(ev.p256_decode(ev.p256_encode(base)))
        self.assertEqual(ev.P256_INFINITY, ev.p256_add(base, (base[0], ev.P256 - base[1])))
        self.assertEqual(ev.p256_encode(ev.p256_double(base)), ev.p256_encode(ev.p256_add(base, ev.P256_BASE)))
        self.assertEqual(ev.p256_encode(base), ev.p256_encode(ev.p256_add(ev.P256_INFINITY, ev.P256_BASE)))
        self.assertEqual(b"\0", ev.p256_encode(VrfProver.multiply(ev.P256_ORDER, ev.P256_BASE)))
        total, multiples = ev.P256_INFINITY, ev.P256_BASE_MULTIPLES
        for n in range(300):
            self.assertEqual(ev.p256_encode(total), ev.p256_encode(VrfProver.multiply(n, ev.P256_BASE)))
            self.assertEqual(ev.p256_encode(total),
                             ev.p256_encode(ev.p256_double_multiply(2 * n, multiples, -n, multiples)))
            total = ev.p256_add(total, ev.P256_BASE)

    def test_points(self):
        encoded = ev.p256_encode(ev.P256_BASE + (1,))
        self.assertEqual(ev.P256_BASE, ev.p256_decode(encoded))
        for bad in (b"", b"\0", encoded[:-1], encoded + b"\0", b"\x04" + encoded[1:], b"\0" + encoded[1:],
                    b"\x02" + ev.P256.to_bytes(32, "big"), b"\x02" + (ev.P256 + 5).to_bytes(32, "big"),
                    b"\x02" + (1).to_bytes(32, "big")):
            self.assertIsNone(ev.p256_decode(bad))
            with self.assertRaises(ev.Refused):
                ev.VrfKey(bad)


class TextTest(unittest.TestCase):
    def refuse(self, call, *arguments):
        with self.assertRaises(ev.Refused, msg=repr(arguments)[:200]):
            call(*arguments)

    def test_timestamps(self):
        times = vectors("timestamps.json")
        for case in times["canonical"]:
            self.assertEqual(case["nanos"], ev.parse_time(case["text"]))
            self.assertEqual(case["text"], ev.format_time(case["nanos"]))
        for case in times["loose"]:
            self.assertEqual(case["nanos"], ev.parse_loose_time(case["text"]))
        for text in times["refused"]:
            self.refuse(ev.parse_time, text)
        for text in times["looseRefused"]:
            self.refuse(ev.parse_loose_time, text)

    def test_json_is_strict(self):
        for text in ('{"a":1,"a":2}', '{"a":1}x', '[1,]', '{"a":1,}', '[01]', '[+1]', '[.5]', '[1.]', '[NaN]',
                     '[Infinity]',
                     '["\t"]', '["\\x"]', '{"\\ud800":1}', '{"\\udc00":1}', "['a']", '\ufeff{}', '[1]\x0c',
                     '[\u00a01]',
                     '', '{', '[', '"', '"\\', '"\\u12', '{"a"', '{"a":', 'nul', '[' * 201 + ']' * 201, '[' * 100000,
                     '{"' + "a" * 50001 + '":1}', '[1' + "0" * 1000 + ']', '["\\u00zz"]', '{"\\ud800\\u0041":1}',
                     '{"' + "\U0001f4c4" * 25001 + '":1}', '[1.' + "0" * 1000 + ']', '[1e2147483649]', '[1e-2147483648]',
                     '[0e99999999999]'):
            self.refuse(ev.parse_json, text.encode())
        self.refuse(ev.parse_json, b'["\xff"]')
        self.refuse(ev.parse_json, b'["\xed\xa0\x80"]')
        self.assertEqual(["\U0001f4c4", 1, True, None, -5], ev.parse_json(b' ["\\ud83d\\udcc4", 1,true,\tnull\r\n,-5]'))
        self.assertEqual(["\ud800", "\udc00\ud800", "\ud800A"],
                         ev.parse_json(b'["\\ud800","\\udc00\\ud800","\\ud800\\u0041"]'))
        for text in ("[-" + "1" * 1000 + "]", "[1." + "0" * 999 + "]", "[1e2147483648]", "[1.5e-2147483646]"):
            ev.parse_json(text.encode())
        self.assertIsInstance(ev.parse_json(b"[1.0]")[0], ev.RealNumber)
        # {, "a", [, and their ends are five.
        ev.parse_json(b'{"a":[' + b"0," * ((1 << 22) - 6) + b"0]}")
        self.refuse(ev.parse_json, b'{"a":[' + b"0," * ((1 << 22) - 5) + b"0]}")
        ev.parse_json(b"[" * 200 + b"]" * 200)

    def test_half_a_pair_means_nothing(self):
        self.refuse(ev.require_string, "a\ud800", "a name")
        self.refuse(ev.parse_one_spelling, b'{"a":"\\ud800"}', ("a",))

    def test_one_spelling(self):
        good = '{"a":"\\b\\t\\n\\f\\r\\u001F\\"\\\\\x7f\u00e9/","b":[1]}'.encode()
        self.assertEqual([1], ev.parse_one_spelling(good, ("a", "b"))["b"])
        for bad in ('{"a":"\\u0008"}', '{"a":"\\u001f"}', '{"a":"\\/"}', '{"a":"\\u0041"}', '{"a": "x"}', '{"a":-0}',
                    '{"a":1.0}', '{"a":1e1}', '{"a":null}', '{"a":true}', '{"a":"x"}\n', '{"b":"x"}', '[]'):
            self.refuse(ev.parse_one_spelling, bad.encode(), ("a",))

    def test_notes(self):
        settings = vectors("vault.json")
        key = ev.parse_verifier_key(json.loads(settings["vaultJson"])["verifierKey"])
        data = settings["vaultSig"].encode()
        note = ev.parse_note(data, 1)
        self.assertEqual(settings["signedText"].encode(), note.text)
        self.assertEqual(0, ev.verify_note_signature(note.text, note.signatures[0], key))
        for bad in (data[:-1], data + b"\n", data.replace(b"\n\n", b"\n"), data.replace(b"/v1\n", b"/v1\r\n"),
                    data.replace(b"=\n", b"\n"), data.replace("\u2014".encode(), b"-"), b"\xff" + data, b"",
                    data + data.splitlines(True)[-1], data.replace(b" RL4", b"  RL4")):
            self.refuse(ev.parse_note, bad, 1)
        self.refuse(ev.parse_note, note.text + b"\n" + data.splitlines(True)[-1] * 101)
        for bad in (key.text[:-1], key.text.replace("44be20d5", "44be20d6"), key.text.replace("44be20d5", "44BE20D5"),
                    "a b" + key.text, "+" + key.text, "", "a+b"):
            self.refuse(ev.parse_verifier_key, bad)

    def test_cosignatures(self):
        checkpoint = b"example.com/log\n5\n%s\n" % base64.b64encode(bytes(32))
        for key, times in ((WITNESS, (0, 1, 1 << 40)), (POST_QUANTUM_WITNESS, (0, 1700000000))):
            for time in times:
                signature = ev.parse_signature_line(key.line(checkpoint, time).decode().rstrip("\n"))
                self.assertEqual(time, ev.verify_note_signature(checkpoint, signature, key.public))
                changed = signature._replace(bytes=struct.pack(">Q", time + 1) + signature.bytes[8:])
                self.assertIsNone(ev.verify_note_signature(checkpoint, changed, key.public))
                self.assertIsNone(ev.verify_note_signature(checkpoint.replace(b"5", b"6"), signature, key.public))
                short = signature._replace(bytes=signature.bytes[:7])
                self.assertIsNone(ev.verify_note_signature(checkpoint, short, key.public))
        line = WITNESS.raw_line(struct.pack(">Q", 1 << 63) + bytes(64)).decode().rstrip("\n")
        self.assertIsNone(ev.verify_note_signature(checkpoint, ev.parse_signature_line(line), WITNESS.public))

    def test_checkpoints(self):
        root = base64.b64encode(bytes(32)).decode()
        self.assertEqual(7, ev.parse_checkpoint(("o\n7\n%s\n" % root).encode()).size)
        for text in ("o\n07\n%s\n" % root, "o\n-1\n%s\n" % root, "o\n9223372036854775808\n%s\n" % root,
                     "\n7\n%s\n" % root,
                     "o\n7\n%s" % root, "o\n7\n%s\nx\n" % root, "o\n7\n%s\n\n" % root, "o\n7\n%s\n" % root[4:],
                     "o\n7\n",
                     "o\n\u0667\n%s\n" % root):
            self.refuse(ev.parse_checkpoint, text.encode())


class TreeTest(unittest.TestCase):
    def test_vectors(self):
        data = vectors("tree.json")
        hashes = [ev.hash_leaf(leaf.encode()) for leaf in data["leaves"]]
        self.assertEqual(data["leafHashes"], [h.hex() for h in hashes])
        tree = ev.Tree()
        self.assertEqual(data["roots"][0], tree.root().hex())
        for size, leaf in enumerate(hashes, 1):
            tree.append(leaf)
            self.assertEqual(data["roots"][size], tree.root().hex())
        for case in data["ranges"]:
            start, end = case["from"], case["to"]
            tree = ev.Tree()
            for leaf in hashes[:start]:
                tree.append(leaf)
            digests = [bytes.fromhex(h) for h in case["hashes"]]
            tree.append_range(end, digests)
            self.assertEqual((end, data["roots"][end]), (tree.size, tree.root().hex()))
            if start == 0:
                self.assertEqual(digests, tree.range())
            with self.assertRaises(ev.Refused):
                tree.append_range(tree.size, [bytes(32)])
        for case in data["inclusion"]:
            path = [bytes.fromhex(h) for h in case["path"]]
            root = ev.root_of_inclusion(case["index"], case["size"], hashes[case["index"]], path)
            self.assertEqual(data["roots"][case["size"]], root.hex())
            for bad in (path + [bytes(32)], path[:-1] if path else None):
                if bad is not None:
                    with self.assertRaises(ev.Refused):
                        ev.root_of_inclusion(case["index"], case["size"], hashes[case["index"]], bad)
        for index, size in ((0, 0), (3, 3), (-1, 3)):
            with self.assertRaises(ev.Refused):
                ev.root_of_inclusion(index, size, bytes(32), [])

    def test_ranges_of_any_size_are_short(self):
        self.assertLessEqual(len(ev.range_levels(1, ev.MAX_INT64)), 128)


class RecordTest(unittest.TestCase):
    DATA = vectors("record.json")

    def test_events(self):
        for case in self.DATA["events"]:
            line, salt = case["line"].encode(), bytes.fromhex(case["salt"])
            record, header = ev.parse_record(line), ev.parse_header(bytes.fromhex(case["header"]))
            self.assertEqual(case["commitment"], ev.record_commitment(salt, line).hex())
            self.assertEqual(case["leafHash"], ev.hash_leaf(bytes.fromhex(case["header"])).hex())
            self.assertEqual(case["commitment"], header.commitment.hex())
            self.assertEqual((ev.EVENT, case["seq"], case["recordedAt"], case["occurredAt"]),
                             (record.kind, record.seq, record.recorded_at, record.occurred_at))
            self.assertEqual(record[:4], (header.kind, header.seq, header.recorded_at, header.occurred_at))
            self.assertEqual(record.privileged, header.privileged)
            self.assertEqual([a["id"] for a in case["actors"]], record.actors)
            self.assertEqual([(a["tag"], a["seq"]) for a in case["actors"]], [(t.hex(), n) for t, n in header.actors])
            self.assertEqual(case["service"], record.service)
        self.assertEqual('{"old":"caf\\u00e9 \\u0000"}\ttab', record.original)

    def test_one_tag_twice(self):
        header = bytes.fromhex(self.DATA["events"][1]["header"])
        self.assertEqual(140, len(header))
        with self.assertRaises(ev.Refused):
            ev.parse_header(header[:84] + header[60:76] + header[100:])

    def test_seal(self):
        case = self.DATA["seal"]
        line, salt = case["line"].encode(), bytes.fromhex(case["salt"])
        seal = ev.parse_seal(line)
        header = ev.seal_header(bytes.fromhex(self.DATA["logId"]), seal, salt, line)
        self.assertEqual(case["header"], header.hex())
        self.assertEqual(case["leafHash"], ev.hash_leaf(header).hex())
        tree = ev.Tree()
        for event_case in self.DATA["events"]:
            tree.append(bytes.fromhex(event_case["leafHash"]))
        self.assertEqual(seal.tree, tree.root())
        self.assertEqual(vectors("keys.json")["tagKey"], seal.tag_key.hex())

    def test_refused(self):
        for line in self.DATA["refusedLines"]:
            with self.assertRaises(ev.Refused, msg=line):
                ev.parse_record(line.encode())
        for case in self.DATA["refusedHeaders"]:
            with self.assertRaises(ev.Refused, msg=case["why"]):
                ev.parse_header(bytes.fromhex(case["header"]))

    def test_refused_seals(self):
        members = json.loads(self.DATA["seal"]["line"])
        changes = ({"x": 1}, {"tree": members["seal"]["tree"][:62]}, {"tree": [members["seal"]["tree"]]},
                   {"notices": 0}, {"notices": -1}, {"notices": "1"}, {"index": "00" * 32}, {"searchIndex": "00"},
                   {"actors": []}, {"actors": {"size": 3}}, {"actors": {"size": -1, "root": "00" * 32}},
                   {"actors": {"size": 3, "root": "00" * 32, "x": 1}}, {"actors": {"size": 3, "root": "00"}},
                   {"actors": {"size": (1 << 18) + 1, "root": "00" * 32}},
                   {"tagKey": "00" * 33}, {"tagKey": "00"}, {"tagKey": "04" + "11" * 32}, {"tagKey": "02" + "ff" * 32},
                   {"tagKey": "02" + "00" * 31 + "01"}, {"tagKey": members["seal"]["tagKey"].upper()},
                   {"segment": True}, {"segment": -1}, {"events": "3"},
                   {"previousSeal": "00"}, {"keys": None}, {"blocks": "00"}, {"blocks": ["00" * 32]},
                   {"fileHeader": "AA" * 32},
                   {"occurredTo": "2026-05-01T11:59:58.999999999Z"})
        for change in changes:
            with self.assertRaises(ev.Refused, msg=change):
                ev.parse_seal(json.dumps(dict(members, seal=dict(members["seal"], **change))).encode())
        for name in members["seal"]:
            less = {k: v for k, v in members["seal"].items() if k != name}
            if name not in ev.SEAL_OPTIONAL:
                with self.assertRaises(ev.Refused, msg=name):
                    ev.parse_seal(json.dumps(dict(members, seal=less)).encode())
        with self.assertRaises(ev.Refused):
            ev.parse_seal(self.DATA["events"][0]["line"].encode())
        line = self.DATA["seal"]["line"].encode()
        ev.parse_seal(line.ljust(4096))
        with self.assertRaises(ev.Refused):
            ev.parse_seal(line.ljust(4097))
        ev.parse_seal(json.dumps(dict(members, seal=dict(members["seal"], notices=1))).encode())

    def test_gaps(self):
        time, later = "2026-05-01T12:00:00.000000000Z", "2026-05-01T12:00:01.000000000Z"
        numbers = {"from": time, "to": later, "rate": 1, "bytes": 0, "queue": 0}
        members = {"v": 1, "seq": 0, "recordedAt": later, "type": "gap", "tenant": "acme", "occurredAt": time,
                   "gap": numbers}
        self.assertEqual(ev.GAP, ev.parse_record(json.dumps(members).encode()).kind)
        for change in ({"service": "x"}, {"occurredAt": later}, {"gap": dict(numbers, rate=0)},
                       {"gap": dict(numbers, x=0)}, {"gap": dict(numbers, rate=-1, queue=3)}, {"gap": []},
                       {"gap": dict(numbers, to="2026-05-01T11:59:59.000000000Z")}, {"tenant": 1}):
            with self.assertRaises(ev.Refused, msg=change):
                ev.parse_record(json.dumps(dict(members, **change)).encode())

    def test_proof_of_a_record(self):
        """record-proof.json has all parts of the way from a line to a signature."""
        proof = json.loads(vectors("record-proof.json")["proof"])
        raw, salt = ev.parse_leaf_line(ev.spell_json(proof["leaf"]).encode())
        header = ev.parse_header(raw)
        self.assertEqual(header.commitment, ev.record_commitment(salt, proof["line"].encode()))
        checkpoint = ev.parse_checkpoint(proof["checkpoint"].encode())
        path = [bytes.fromhex(h) for h in proof["path"]]
        self.assertEqual(checkpoint.root, ev.root_of_inclusion(header.seq, checkpoint.size, ev.hash_leaf(raw), path))


class RedactionTest(unittest.TestCase):
    DATA = vectors("redaction.json")

    def test_pieces_and_commitments(self):
        for record in self.DATA["records"]:
            fields = ev.LineFields(record["line"].encode())
            self.assertEqual(record["pieces"], [fields.piece(i).decode() for i in range(fields.count())])
            self.assertEqual(record["paths"], ["/" + "/".join(
                name.replace("~", "~0").replace("/", "~1") for name in fields.path(i)) for i in range(1, fields.count())])
            salts = ev.piece_salts(bytes.fromhex(record["salt"]), fields.count())
            self.assertEqual(record["salts"], [salt.hex() for salt in salts])
            self.assertEqual(record["commitment"], ev.fields_commitment(salts, fields).hex())
            openings = [bytes.fromhex(opening) for opening in record["fields"]]
            shown = ev.LineFields(record["shown"].encode())
            self.assertEqual(record["commitment"], ev.fields_commitment(openings, shown).hex())

    def test_leaf(self):
        raw, openings = ev.parse_leaf_line(self.DATA["leafLine"].encode())
        header = ev.parse_header(raw)
        self.assertTrue(header.by_fields)
        self.assertEqual(self.DATA["leafHash"], ev.hash_leaf(raw).hex())
        line = self.DATA["records"][0]["shown"].encode()
        self.assertEqual(header.commitment, ev.opened_commitment(header, openings, line))

    def test_rules(self):
        redaction = ev.Redaction(self.DATA["redaction"].encode())
        self.assertEqual(self.DATA["sha256"], redaction.digest)
        self.assertEqual(1, redaction.first(5, ("targets", "0")))
        self.assertEqual(2, redaction.first(7, ("details", "patient")))
        self.assertEqual(0, redaction.first(6, ("details", "patient")))
        self.assertEqual(0, redaction.first(7, ("details",)))
        self.assertEqual(2, redaction.first(7, ("details",), True))

    def test_refused(self):
        for text in self.DATA["refusedRedactions"]:
            with self.assertRaises(ev.Refused, msg=text):
                ev.Redaction(text.encode())
        for text in self.DATA["refusedLines"]:
            with self.assertRaises(ev.Refused, msg=text):
                ev.LineFields(text.encode())
        refused = 0
        for text in self.DATA["refusedLeafLines"]:
            try:
                raw, openings = ev.parse_leaf_line(text.encode())
                refused += isinstance(openings, list) and not ev.parse_header(raw).by_fields
            except ev.Refused:
                refused += 1
        self.assertEqual(len(self.DATA["refusedLeafLines"]), refused)


class OrderTest(unittest.TestCase):
    DATA = vectors("order.json")

    def test_accepted(self):
        for case in self.DATA["accepted"]:
            order = ev.parse_order(case["text"].encode())
            self.assertEqual((case["from"], case["to"], case["expires"], case["privilegedOnly"]),
                             (order.start, order.end, order.expires, order.privileged_only))
            self.assertEqual(case["clock"] == "recorded", order.by_recording)
            self.assertEqual((case["actors"], case["services"]), (order.actors or [], order.services or []))

    def test_refused(self):
        for case in self.DATA["refused"]:
            with self.assertRaises(ev.Refused, msg=case["why"]):
                ev.parse_order(case["text"].encode())

    def test_asks(self):
        for name in ("asks", "asksByRecording"):
            order = ev.parse_order(self.DATA[name]["order"].encode())
            for case in self.DATA[name]["records"]:
                record = ev.parse_record(case["line"].encode())
                self.assertEqual(case["asked"], ev.asks_for(
                    order, record.kind, record.occurred_at, record.recorded_at, record.privileged, record.actors,
                    record.service, frozenset(order.actors or ()), frozenset(order.services or ())), case["line"])

    def test_persons(self):
        for a, b in (("Mori", "\uff2d\uff2f\uff32\uff29"), ("A  Mori", " a\u3000MORI"), ("Mo\u200dri", "mori"),
                     ("Mori\u00ad", "mori")):
            self.assertEqual(ev.person(a), ev.person(b))
        self.assertNotEqual(ev.person("Mori"), ev.person("Mory"))

    def test_limits(self):
        base = json.loads(self.DATA["accepted"][0]["text"])
        for change, good in (({"order": "\U0001f4c4" * 500}, True), ({"order": "\U0001f4c4" * 501}, False),
                             ({"actors": ["x" * 8192]}, True), ({"actors": ["x" * 8193]}, False),
                             ({"actors": [" "]}, True), ({"actors": [""]}, False), ({"actors": [1]}, False),
                             ({"issuer": "a\x85"}, False), ({"issuer": "\u3000"}, False), ({"to": None}, False),
                             ({"privilegedOnly": 1}, False), ({"issuer": "x" * (1 << 20)}, False)):
            text = json.dumps(dict(base, **change)).encode()
            if good:
                ev.parse_order(text)
            else:
                with self.assertRaises(ev.Refused, msg=str(change)[:80]):
                    ev.parse_order(text)


class AnchorTest(unittest.TestCase):
    DATA = vectors("anchor.json")

    def test_vectors(self):
        key = ev.parse_verifier_key(self.DATA["verifierKey"])
        for case in self.DATA["anchors"]:
            note = ev.parse_note(case["note"].encode(), 1)
            node = ev.parse_checkpoint(note.text)
            self.assertEqual(0, ev.verify_note_signature(note.text, note.signatures[0], key))
            proof = ev.parse_anchor_proof(case["proof"].encode())
            self.assertEqual((case["index"], case["time"], case["superRoot"]),
                             (proof.index, proof.time, proof.super_root.hex()))
            checkpoint = ev.parse_checkpoint(case["logCheckpoint"].encode())
            ev.follow_anchor_proof(proof, checkpoint, node)
            for change in ({"slot": proof.slot ^ 1}, {"time": proof.time + 1}, {"index": proof.index ^ 1},
                           {"nonce": bytes(32)}, {"entries": bytes(32)}, {"super_root": bytes(32)},
                           {"super_path": proof.super_path[::-1]}, {"node_path": proof.node_path + [bytes(32)]}):
                with self.assertRaises(ev.Refused, msg=change):
                    ev.follow_anchor_proof(proof._replace(**change), checkpoint, node)

    def test_refused_proofs(self):
        text = self.DATA["anchors"][1]["proof"]
        for old, new in (('"slot":703710', '"slot":1048576'), ('"slot":703710', '"slot":-1'),
                         ('"slot":703710', '"slot": 703710'),
                         ('"index":1', '"index":1.0'), ('"superPath":["', '"superPath":["%s","' % ("00" * 32)),
                         ("proof/1", "proof/2"), ('"nodePath":["04', '"nodePath":["0G')):
            self.assertIn(old, text)
            with self.assertRaises(ev.Refused, msg=new):
                ev.parse_anchor_proof(text.replace(old, new).encode())

    def test_note_of_the_small_vault(self):
        key = ev.parse_verifier_key(json.loads(read(os.path.join(VECTORS, "small-vault", "vault.json")))["verifierKey"])
        note = ev.parse_note(read(os.path.join(VECTORS, "small-vault", "anchors", "checkpoint")))
        self.assertEqual(0, ev.verify_note_signature(note.text, note.signatures[0], key))


class PlacesTest(unittest.TestCase):
    GOOD = [{"name": "berlin", "jurisdiction": "DE", "kind": "logs"}, {"name": "main", "jurisdiction": "JP", "kind": "vault"}]

    def test_places(self):
        ev.require_places(self.GOOD)
        berlin, main = self.GOOD
        for bad in ([], None, {}, "x", ["x"], [main, berlin], [main, main], [dict(main, name="")], [dict(main, name="A")],
                    [dict(main, name="a" * 65)], [dict(main, jurisdiction="jp")], [dict(main, jurisdiction="JPN")],
                    [dict(main, kind="configuration")], [dict(main, more=1)], [{"name": "main", "kind": "vault"}],
                    [dict(main, name=1)], [dict(main, name="a%03d" % i) for i in range(257)]):
            with self.assertRaises(ev.Refused, msg=str(bad)[:80]):
                ev.require_places(bad)


class BundleVectorsTest(unittest.TestCase):
    DATA = vectors("bundle.json")

    def test_lines(self):
        for case in self.DATA["leafLines"]:
            if "run" in case:
                run = ev.parse_leaf_line(case["line"].encode())
                self.assertEqual(case["run"], {"to": run.end, "subtrees": [h.hex() for h in run.subtrees]})
                continue
            header, salt = ev.parse_leaf_line(case["line"].encode())
            self.assertEqual((case["header"], case["salt"]), (header.hex(), salt and salt.hex()))
            ev.parse_header(header)
        for case in self.DATA["segmentLines"]:
            segment = ev.parse_segment_line(case["line"].encode())
            self.assertEqual((case["salt"], case["seal"].encode()), (segment.salt.hex(), segment.line))
            self.assertEqual(case["subtrees"], segment.subtrees and [h.hex() for h in segment.subtrees])
            self.assertEqual("proof" in case, segment.index is not None)
        for line in self.DATA["refusedLeafLines"]:
            with self.assertRaises(ev.Refused, msg=line):
                ev.parse_leaf_line(line.encode())
        for line in self.DATA["refusedSegmentLines"]:
            with self.assertRaises(ev.Refused, msg=line):
                ev.parse_segment_line(line.encode())

    def test_scope_and_others(self):
        scope = ev.parse_scope(self.DATA["scope"].encode())
        self.assertEqual({"alice", "operator"}, set(scope.actors))
        self.assertEqual(4, ev.parse_checkpoint(self.DATA["checkpoint"].encode()).size)
        ev.parse_one_spelling(self.DATA["export"].encode(), ev.EXPORT_MEMBERS, ("case", "places"))

    def test_signed_text(self):
        files = {ev.TAG_MANIFEST: self.DATA["manifest"].encode(), "second": self.DATA["secondNote"].encode()}
        self.assertEqual(self.DATA["signedText"].encode(), Maker.signed_text(files))
        self.assertEqual(self.DATA["signedTextOfBoth"].encode(), Maker.signed_text(files, "second"))

    def check_cut(self, items, tags):
        seal = ev.parse_seal(self.DATA["segmentLines"][0]["seal"].encode())
        return ev.check_index_cut([ev.parse_index_item(item) for item in items], seal.index_size, seal.index_root,
                                  {bytes.fromhex(t) for t in tags})

    def test_index_of_actors(self):
        data = vectors("segment.json")
        raw = bytes.fromhex(data["actorIndex"])
        entries = [raw[at:at + 64] for at in range(0, len(raw), 64)]
        headers = [bytes.fromhex(case["header"]) for case in vectors("record.json")["events"]]
        index = ev.IndexBuilder()
        for header in headers:
            index.add(ev.parse_header(header), ev.hash_leaf(header))
        seal = ev.parse_seal(self.DATA["segmentLines"][0]["seal"].encode())
        self.assertEqual(seal.index_root, index.root())
        self.assertEqual(entries, [t + struct.pack(">qq32s", *index.entry(t)) for t in sorted(index.entries)])
        self.assertEqual((seal.index_size, seal.index_root), (len(entries), index_root(entries)))
        for case in self.DATA["segmentLines"]:
            if "proof" in case:
                wanted = [bytes.fromhex(t) for t in case["tags"]]
                self.assertEqual(case["proof"], cut_index(entries, wanted))
                found = self.check_cut(case["proof"], case["tags"])
                expected = index.entry(wanted[0])
                self.assertEqual(expected, found[wanted[0]][1:4] if wanted[0] in found else None)

    def test_refused_index_proofs(self):
        for case in self.DATA["refusedIndexProofs"]:
            with self.assertRaises(ev.Refused, msg=case["why"]):
                self.check_cut(case["proof"], case["tags"])

    def test_refused_scopes(self):
        for text in self.DATA["refusedScopes"]:
            with self.assertRaises(ev.Refused, msg=text):
                ev.parse_scope(text.encode())

    def test_proofs_in_the_scope(self):
        scope = ev.parse_scope(self.DATA["scope"].encode())
        self.assertEqual("index", scope.completeness)
        report = ev.Report()
        ev.check_tag_proofs(scope, TAG_KEY, report)
        self.assertEqual([], report.findings)
        ev.check_tag_proofs(scope, VrfProver(5).key, report)
        self.assertEqual(["failed"] * 3, [finding["verdict"] for finding in report.findings])

    def test_manifests(self):
        expected = [(hashlib.sha256(self.DATA["files"][n].encode()).digest(), n) for n in sorted(self.DATA["files"])]
        self.assertEqual(expected, ev.parse_manifest(self.DATA["manifest"].encode()))
        for text in self.DATA["refusedManifests"]:
            with self.assertRaises(ev.Refused, msg=text):
                ev.parse_manifest(text.encode())

    def test_zip(self):
        data = bytes.fromhex(self.DATA["zip"]["bytes"])
        bag = ev.ZipBag(io.BytesIO(data))
        contents = {e["name"]: e["content"].encode() for e in self.DATA["zip"]["entries"]}
        self.assertEqual(list(contents), bag.names())
        self.assertEqual(data, zip_bytes(contents))
        for name, content in contents.items():
            with bag.open(name) as stream:
                self.assertEqual(content, stream.read())

    def test_a_length_beyond_the_file_is_refused(self):
        data = bytearray(zip_bytes({"bag/a": b"", "bag/b": b""}))
        entry, directory = 30 + 5, 2 * (30 + 5)
        data[18:26] = data[directory + 20:directory + 28] = b"\xff" * 8
        self.assertEqual("failed", verify_bytes(bytes(data)).claims["files"])
        data[entry + 18:entry + 26] = data[directory + 51 + 20:directory + 51 + 28] = b"\xff" * 8
        with self.assertRaises(ev.Refused):
            ev.ZipBag(io.BytesIO(data))

    def test_refused_zips(self):
        for case in self.DATA["refusedZips"]:
            data = bytes.fromhex(case["bytes"])
            self.assertEqual("failed", verify_bytes(data).claims["files"], case["why"])
            if case["why"].startswith("content"):
                content, good = ev.read_content(ev.ZipBag(io.BytesIO(data)), "a.txt")
                self.assertFalse(good)
            else:
                with self.assertRaises(ev.Refused, msg=case["why"]):
                    ev.ZipBag(io.BytesIO(data))


@contextlib.contextmanager
def remembering():
    """Signatures and proofs are checked once each: most of a bundle that was changed is as it was."""
    names = ("verify_ed25519", "verify_ml_dsa_44", "VrfKey")
    before = {name: getattr(ev, name) for name in names}

    class RememberingKey(ev.VrfKey):
        verify = functools.lru_cache(maxsize=None)(ev.VrfKey.verify)

    try:
        for name in names[:2]:
            setattr(ev, name, functools.lru_cache(maxsize=None)(before[name]))
        ev.VrfKey = functools.lru_cache(maxsize=None)(RememberingKey)
        yield
    finally:
        for name in names:
            setattr(ev, name, before[name])


class SmallBundleTest(unittest.TestCase):
    DATA = read(SMALL_BUNDLE)
    HEADERS = read(SMALL_BUNDLE_HEADERS)
    KEY = ev.parse_verifier_key(
        json.loads(read(os.path.join(VECTORS, "small-vault", "vault.json")))["verifierKey"])

    def test_passes(self):
        for data in (self.DATA, self.HEADERS):
            report = verify_bytes(data, [self.KEY])
            self.assertEqual("passed", report.verdict(), report.findings)
            self.assertEqual(dict.fromkeys(ev.CLAIMS, "passed"), report.claims)
            self.assertEqual("passed", verify_bytes(data).verdict())

    def test_how_completeness_is_shown(self):
        for data, runs, headers in ((self.DATA, 2, 4), (self.HEADERS, 0, 6)):
            files = unzip(data)
            self.assertEqual(runs, files[ev.LEAVES].count(b'{"to"'))
            self.assertEqual(headers, files[ev.LEAVES].count(b'{"header"'))
            self.assertEqual(runs > 0, b'"actors":[' in files[ev.SEGMENTS])

    def test_another_key(self):
        report = verify_bytes(self.DATA, [VAULT_KEY.public])
        self.assertEqual("failed", report.claims["signature"])

    def test_no_flipped_byte_passes(self):
        """The signature covers the content, and the spelling is determined: every byte counts."""
        with remembering():
            for data, step in ((self.DATA, 11), (self.HEADERS, 41)):
                for at in range(0, len(data), 1 if os.environ.get("EVAULT_ALL") else step):
                    changed = bytearray(data)
                    changed[at] ^= 1 << at % 8
                    self.assertEqual("failed", verify_bytes(bytes(changed)).verdict(), "byte %d" % at)

    def test_no_truncation_passes(self):
        for length in range(0, len(self.DATA), 499):
            self.assertEqual("failed", verify_bytes(self.DATA[:length]).verdict())


class DirectoryTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        bag = ev.ZipBag(io.BytesIO(SmallBundleTest.DATA))
        for name in bag.names():
            path = os.path.join(self.folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with bag.open(name) as source, open(path, "wb") as target:
                target.write(source.read())
        self.bag = os.path.join(self.folder, "bag")

    def files_verdict(self, path=None):
        return ev.verify(lambda: ev.DirectoryBag(path or self.folder)).claims["files"]

    def test_both_forms_pass(self):
        for path in (self.folder, self.bag):
            self.assertEqual("passed", ev.verify(lambda: ev.DirectoryBag(path)).verdict())

    def test_something_beside(self):
        with open(os.path.join(self.folder, "x"), "w"):
            pass
        self.assertEqual("failed", self.files_verdict())

    def test_empty_directory(self):
        os.mkdir(os.path.join(self.bag, "proofs", "x"))
        self.assertEqual("failed", self.files_verdict())

    def test_hidden_file(self):
        with open(os.path.join(self.bag, ".x"), "w"):
            pass
        self.assertEqual("failed", self.files_verdict())

    def test_missing_file(self):
        os.remove(os.path.join(self.bag, "README.txt"))
        self.assertEqual("failed", self.files_verdict(self.bag))

    @unittest.skipUnless(hasattr(os, "mkfifo"), "needs links and pipes")
    def test_links_and_pipes(self):
        name = os.path.join(self.bag, "README.txt")
        os.rename(name, name + "2")
        os.symlink(name + "2", name)
        self.assertEqual("failed", self.files_verdict())
        os.remove(name)
        os.mkfifo(name)
        self.assertEqual("failed", self.files_verdict())

    def test_changed_file(self):
        for name in sorted(ev.ALL_FILES):
            path = os.path.join(self.bag, name)
            before = read(path)
            with open(path, "wb") as stream:
                stream.write(before + b"\n")
            self.assertEqual("failed", ev.verify(lambda: ev.DirectoryBag(self.bag)).verdict(), name)
            with open(path, "wb") as stream:
                stream.write(before)

    def test_command(self):
        def exit_code(*arguments):
            with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
                code = ev.main(arguments)
            return code, json.loads(out.getvalue())["verdict"] if out.getvalue() else None
        key = SmallBundleTest.KEY.text
        self.assertEqual((0, "passed"), exit_code(SMALL_BUNDLE))
        self.assertEqual((0, "passed"), exit_code(self.folder, "--key", key))
        self.assertEqual((3, "failed"), exit_code(self.folder, "--key", VAULT_KEY.text))
        self.assertEqual((4, "indeterminate"), exit_code(SMALL_BUNDLE, "--witness", WITNESS.text))
        self.assertEqual((2, None), exit_code(os.path.join(self.folder, "nothing")))
        for bad in (("--key", "x", SMALL_BUNDLE), ()):
            with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit) as caught:
                ev.main(bad)
            self.assertEqual(2, caught.exception.code)

    def test_program(self):
        result = subprocess.run([sys.executable, os.path.join(HERE, "evault_verify.py"), SMALL_BUNDLE],
                                stdout=subprocess.PIPE, check=False)
        self.assertEqual((0, "passed"), (result.returncode, json.loads(result.stdout)["verdict"]))


class BundleCase(unittest.TestCase):
    """What can be said of a bundle that a Maker makes, or anything else with verify()."""

    def check(self, maker, claim, verdict="failed", keys=(), witnesses=()):
        """The claim has the verdict, and no other claim is failed."""
        report = maker.verify(keys, witnesses)
        self.assertEqual(verdict, report.claims[claim], report.findings)
        for other, found in report.claims.items():
            if other != claim:
                self.assertNotEqual("failed", found, (other, report.findings))

    def passes(self, maker, keys=(), witnesses=()):
        report = maker.verify(keys, witnesses)
        self.assertEqual("passed", report.verdict(), report.findings)


class MadeBundleTest(BundleCase):
    """Bundles that are made and signed here, so that what is wrong is not only in the digests."""

    def test_good(self):
        self.passes(Maker(order={"actors": None}))
        self.passes(Maker([]))
        for mode in ("headers", "index"):
            self.passes(Maker(completeness=mode))
            self.passes(Maker(completeness=mode, order={"actors": ["alice", "bob"], "services": ["mail", "files"]}))
            self.passes(Maker(completeness=mode, order={"actors": ["alice", "carol"], "services": ["none"]}))
            self.passes(Maker(completeness=mode, order={"privilegedOnly": True}))
            self.passes(Maker(completeness=mode, order={"privilegedOnly": True, "actors": None}))
            self.passes(Maker(completeness=mode, order={"actors": ["carol"], "from": None, "to": None}))
            self.passes(Maker(completeness=mode, order={"from": None, "to": None}))
            self.passes(Maker(completeness=mode, pq=True), [VAULT_KEY.public, POST_QUANTUM_KEY.public])
            self.passes(Maker([(event(4, None),), (event(4, None), event(5, "bob"))], completeness=mode))

    def test_more_than_one_thing_shown(self):
        files = Maker().files()
        self.assertEqual(4, files[ev.RECORDS].count(b"\n"))
        self.assertEqual(6, files[ev.LEAVES].count(b"\n"))
        self.assertEqual(1, files[ev.SEGMENTS].count(b"subtrees"))

    def test_files(self):
        for change in ({ev.SCOPE: replacing('"logId"', ' "logId"')}, {ev.BAGIT: replacing("1.0", "1.1")},
                       {ev.SCOPE: replacing("+8e", "+8f")}):
            report = Maker(change=change).verify()
            self.assertEqual("failed", report.claims["files"], report.findings)
        alice = scope_entry("alice")
        for scope in ({"format": "evidence-vault-scope/2"}, {"postQuantumKey": VAULT_KEY.text},
                      {"postQuantumKey": POST_QUANTUM_WITNESS.text},
                      {"verifierKey": POST_QUANTUM_KEY.text}, {"completeness": "all"}, {"completeness": 1},
                      {"actors": {"b": scope_entry("b"), "a": scope_entry("a")}},
                      {"actors": {"alice": alice["tag"]}}, {"actors": {"alice": {"tag": alice["tag"]}}},
                      {"actors": {"alice": {"proof": alice["proof"], "tag": alice["tag"]}}},
                      {"actors": {"alice": dict(alice, x="")}}, {"actors": {"alice": dict(alice, proof="00" * 80)}},
                      {"actors": {"alice": dict(alice, tag=alice["tag"].upper())}},
                      {"actors": {"alice": dict(alice, tag="00" * 16)}},
                      {"actors": {"alice": dict(alice, tag="00" * 15 + "01")}},
                      {"services": {"alice2": alice}}, {"services": {"files": dict(alice, tag="00" * 16)}},
                      {"services": {"files": dict(alice, tag="00" * 15 + "01")}}):
            report = Maker(scope=scope).verify()
            self.assertEqual("failed", report.claims["files"], scope)
        self.check(Maker(late={"README.txt": lambda data: None}), "files")
        self.check(Maker(late={ev.BAGIT: lambda data: None}), "files")

    def test_time_stamps(self):
        one, two = ev.TIME_STAMPS
        for pq, lines in ((False, 5), (True, 6)):
            for extra in ({one: b"x"}, {two: b"x"}, {one: b"x", two: bytes(64 << 10)}):
                report = Maker(pq=pq, extra=extra).verify()
                self.assertEqual("passed", report.verdict(), report.findings)
                told = [f for f in report.findings if "not checked" in f["what"]]
                self.assertEqual(sorted(extra), [f["where"] for f in told])
                for finding in told:
                    self.assertIn("head -n %d proofs/node-checkpoint.note" % lines, finding["what"])
                    self.assertIn("openssl ts -verify -data ../checkpoint -in %s " % finding["where"], finding["what"])
        self.assertFalse([f for f in Maker().verify().findings if "time stamp" in f["what"]])
        self.assertEqual("failed", Maker(extra={one: bytes((64 << 10) + 1)}).verify().claims["files"])
        self.assertEqual("failed", Maker(extra={"proofs/timestamp-3.tsr": b"x"}).verify().claims["files"])
        self.assertEqual("failed", Maker(extra={one: b"x"}, late={one: lambda d: b"y"}).verify().claims["manifest"])
        self.assertEqual("failed", Maker(extra={one: b"x"}, late={one: lambda d: None}).verify().claims["manifest"])
        files = Maker().files()
        files[one] = b"x"
        report = verify_bytes(zip_bytes({"bag/" + n: d for n, d in files.items()}))
        self.assertEqual("failed", report.claims["manifest"], "a time stamp that no manifest lists")

    def test_companions(self):
        every = {name: b"of " + name.encode() for name in ev.COMPANIONS}
        self.assertEqual(21, len(every))
        self.passes(Maker(extra=every))
        for name in sorted(every):
            self.passes(Maker(extra={name: b""}))
            self.check(Maker(extra=every, late={name: lambda d: d + b"x"}), "manifest")
            self.check(Maker(extra=every, late={name: lambda d: None}), "manifest")
            self.check(Maker(extra=every, misplaced=[name]), "manifest")
            unlisted = Maker(extra={n: d for n, d in every.items() if n != name}).files()
            unlisted[name] = every[name]
            report = verify_bytes(zip_bytes({"bag/" + n: d for n, d in unlisted.items()}))
            self.assertEqual("failed", report.claims["manifest"], name)
        for name in (ev.ORIGINALS, ev.ORDER):
            self.check(Maker(misplaced=[name]), "manifest")

    def test_no_other_file(self):
        for name in ("papers.txt", "custody/items.csv", "custody/x.csv", "data/views/x.csv",
                     "data/records/000002.jsonl", "schema/x.json", "report.htm", "proofs/verify.sh", "verify.sh/x", "views/records.csv"):
            self.assertEqual("failed", Maker(extra={name: b"x"}).verify().claims["files"], name)

    def test_companions_are_not_held(self):
        large = bytes((2 << 20) + 1)
        self.passes(Maker(extra={"custody/Items.csv": large, "data/views/ocsf.jsonl": large}))
        bag = ev.ZipBag(io.BytesIO(zip_bytes({"bag/report.html": b"x" * 100})))
        self.assertIsNone(ev.read_content(bag, "report.html")[0].data)

    def test_limits(self):
        self.assertEqual("failed", Maker(change={"README.txt": lambda d: bytes(2 << 20) + d}).verify().claims["files"])
        self.passes(Maker(change={"README.txt": lambda d: bytes(2 << 20)}))
        line = ev.LineReader(io.BufferedReader(io.BytesIO(b"12345\n123456\n")), "x", 5)
        self.assertEqual(b"12345", line.next())
        self.assertRaises(ev.Refused, line.next)
        self.assertRaises(ev.Refused, ev.LineReader(io.BufferedReader(io.BytesIO(b"1")), "x", 5).next)
        self.check(Maker(change={ev.LEAVES: lambda d: b"x" * 10001 + b"\n" + d}), "segments")
        self.check(Maker(change={ev.RECORDS: lambda d: b"x" * ((4 << 20) + 1) + b"\n" + d}), "records")
        self.check(Maker(change={ev.SEGMENTS: lambda d: b"x" * ((16 << 20) + 1) + b"\n" + d}), "segments")

    def test_manifest(self):
        for name in (ev.RECORDS, ev.ORIGINALS, "README.txt", ev.ORDER):
            report = Maker(late={name: lambda data: data + b"\n"}).verify()
            self.assertEqual("failed", report.claims["manifest"], name)
        self.assertEqual("failed", Maker(late={ev.MANIFEST: without_line(0)}).verify().claims["manifest"])

    def test_signature(self):
        files = Maker().files()
        text = files[ev.SIGNATURE].split(b"\n\n")[0] + b"\n"
        self.check(Maker(late={ev.SIGNATURE: lambda d: d + d.splitlines(True)[-1]}), "signature")
        self.check(Maker(late={ev.SIGNATURE: lambda d: text + b"\n" + WITNESS.line(text)}), "signature")
        self.check(Maker(late={ev.SIGNATURE: lambda d: text + b"\n" + VAULT_KEY.raw_line(bytes(64))}), "signature")
        other = text.replace(b"bundle", b"bottle")
        self.check(Maker(late={ev.SIGNATURE: lambda d: other + b"\n" + VAULT_KEY.line(other)}), "signature")
        self.check(Maker(), "signature", keys=[WITNESS.public])

    def test_post_quantum_signature(self):
        name = ev.POST_QUANTUM_SIGNATURE
        files = Maker(pq=True).files()
        text = Maker.signed_text(files)
        other = text.replace(b"v1\n", b"v1\n0")[:-2] + b"\n"
        checkpoint = ("%s\n1\n%s\n" % (ev.SIGNED_LABEL.decode(), base64.b64encode(ev.hash_leaf(text)).decode())).encode()
        line = POST_QUANTUM_KEY.text_line(text)
        raw = base64.b64decode(line.split(b" ")[2])
        for note in (None, b"", text + b"\n" + line * 2, other + b"\n" + POST_QUANTUM_KEY.text_line(other),
                     text + b"\n" + VAULT_KEY.text_line(text), text + b"\n" + POST_QUANTUM_WITNESS.text_line(text),
                     text + b"\n" + POST_QUANTUM_KEY.text_line(text, 1),
                     text + b"\n" + POST_QUANTUM_KEY.raw_line(raw[4:-1]),
                     text + b"\n" + POST_QUANTUM_KEY.raw_line(raw[4:-1] + bytes((raw[-1] ^ 1,))),
                     checkpoint + b"\n" + POST_QUANTUM_KEY.line(checkpoint)):
            changed = dict(files)
            del changed[name]
            if note is not None:
                changed[name] = note
                signed = Maker.signed_text(changed, name)
                changed[ev.SIGNATURE] = signed + b"\n" + VAULT_KEY.line(signed)
            places = [("signature", ev.SIGNATURE)] * (note is None) + [("signature", name)]
            self.assertEqual(places, self.failures(changed), note)
        removed = Maker(pq=True, late={name: lambda d: None}).verify()
        self.assertTrue(any("removed" in f["what"] for f in removed.findings))
        plain = Maker().files()
        plain[name] = files[name]
        self.assertEqual([("files", name)], self.failures(plain))

    @staticmethod
    def failures(files):
        report = verify_bytes(zip_bytes({"bag/" + n: d for n, d in files.items()}))
        return [(f["claim"], f["where"]) for f in report.findings if f["verdict"] == "failed"]

    def test_signature_names_the_second(self):
        name = ev.POST_QUANTUM_SIGNATURE
        good = Maker(pq=True).files()
        text = Maker.signed_text(good, name)
        two = Maker.signed_text(good)
        self.assertEqual([], self.failures(good))
        for other in (two, text + text.splitlines(True)[-1], two + text.splitlines(True)[-1].upper(),
                      two + digest(b"").hex().encode() + b"\n"):
            changed = dict(good)
            changed[ev.SIGNATURE] = other + b"\n" + VAULT_KEY.line(other)
            self.assertEqual([("signature", ev.SIGNATURE)], self.failures(changed), other)
        for at in range(0, len(good[name]), 97):
            changed = dict(good)
            changed[name] = good[name][:at] + bytes((good[name][at] ^ 1,)) + good[name][at + 1:]
            self.assertIn(("signature", ev.SIGNATURE), self.failures(changed), at)
        plain = Maker().files()
        text = Maker.signed_text(plain) + digest(b"").hex().encode() + b"\n"
        plain[ev.SIGNATURE] = text + b"\n" + VAULT_KEY.line(text)
        self.assertEqual([("signature", ev.SIGNATURE)], self.failures(plain))

    def test_what_is_remembered_has_a_bound(self):
        for name, enough, one_less in (("MAX_KNOWN_NAMES", 4, 1), ("MAX_NAME_UNITS", 40, 7)):
            with unittest.mock.patch.object(ev, name, enough):
                self.passes(Maker())
            with unittest.mock.patch.object(ev, name, one_less):
                report = Maker().verify()
                self.assertEqual(["indeterminate"], [f["verdict"] for f in report.findings if f["claim"] == "segments"])
                self.assertEqual("indeterminate", report.verdict())
        units = ev.NameTable({"\U0001f600a": b"1"})
        units.agrees("\U0001f600a", b"1")
        self.assertEqual(3, units.units)

    def test_order(self):
        self.check(Maker(change={ev.ORDER: replacing('"acme"', '"acme","tenant":"acme"')}), "order")
        report = Maker(scope={"actors": {name: scope_entry(name) for name in ("alice", "bob")}}).verify()
        self.assertEqual("failed", report.claims["order"])
        self.assertEqual("failed", Maker(scope={"actors": {}}).verify().claims["order"])
        for export in ({"records": 5}, {"tenant": "other"}, {"logId": VAULT_ID}, {"vaultId": LOG_ID}, {"software": 1},
                       {"exportedAt": "2026-05-11T00:00:00Z"}, {"notYetAnchored": -1}, {"format": "x"}):
            self.check(Maker(export=export), "order")
        self.check(Maker(order={"expires": "2026-05-11"}), "order")
        self.passes(Maker(order={"expires": "2026-05-11T00:00:00.000000001Z"}))

    def test_anchors(self):
        for change in ({ev.ANCHOR: replacing('"index":2', '"index":1')},
                       {ev.ANCHOR: replacing('"index":2', '"index": 2')},
                       {ev.ANCHOR: replacing('"slot":', '"slot":1')}, {ev.NODE_CHECKPOINT: replacing("\n3\n", "\n4\n")},
                       {ev.NODE_CHECKPOINT: lambda d: d[:-1]}):
            self.check(Maker(change=change), "anchors")
        report = Maker(change={ev.CHECKPOINT: replacing(LOG_ID, VAULT_ID)}).verify()
        self.assertEqual(("failed", "indeterminate"), (report.claims["anchors"], report.claims["segments"]))

    def test_lines_of_the_vault(self):
        def swapped(lines, text):
            return lines[::-1]

        def with_time(lines, text):
            return [lines[0], POST_QUANTUM_KEY.line(text, 1)]

        def bad(lines, text):
            return [lines[0], POST_QUANTUM_KEY.raw_line(bytes(2428))]

        for lines in (swapped, with_time, bad, lambda l, t: l[:1], lambda l, t: l[1:], lambda l, t: [l[0], l[0], l[1]],
                      lambda l, t: l + l[:1], lambda l, t: [VAULT_KEY.raw_line(bytes(64)), l[1]]):
            self.check(Maker(pq=True, lines=lines), "anchors")
        self.check(Maker(lines=lambda l, t: [VAULT_KEY.raw_line(bytes(64))]), "anchors")

    def test_lines_of_witnesses(self):
        both = [WITNESS.public, POST_QUANTUM_WITNESS.public]

        def lines(lines, text):
            return lines + [WITNESS.line(text, 1778500000), POST_QUANTUM_WITNESS.line(text, 1778500001)]

        def bad(lines, text):
            return lines + [WITNESS.line(text, 1), WITNESS.line(text + b"x", 1)]

        def many(number):
            return lambda lines, text: lines + [WITNESS.line(text, 1)] * number

        for pq in (False, True):
            self.passes(Maker(pq=pq, lines=lines), [VAULT_KEY.public], both)
            self.passes(Maker(pq=pq, lines=lines))
        self.check(Maker(), "anchors", "indeterminate", witnesses=both)
        self.check(Maker(lines=bad), "anchors", witnesses=both[:1])
        self.passes(Maker(lines=bad))
        self.passes(Maker(lines=many(19)))
        self.check(Maker(lines=many(20)), "anchors")

    def test_seals(self):
        other_key = VrfProver(5).key.hex()
        for number, seal in ((1, {"segment": 2}), (2, {"firstSeq": 5}), (2, {"events": 7}),
                             (1, {"tagKey": other_key}), (2, {"tagKey": other_key}), (3, {"tagKey": other_key}),
                             (2, {"notices": 1}), (3, {"notices": 2}), (3, {"notices": None}),
                             (2, {"actors": {"size": 3, "root": "00" * 32}}),
                             (2, {"previousSeal": "00" * 32}),
                             (1, {"previousSeal": "00" * 32}), (2, {"occurredTo": "2026-05-07T12:00:00.000000000Z"}),
                             (2, {"tree": "00" * 32}), (2, {"x": 1}),
                             (1, {"occurredTo": "2026-05-04T12:00:00.000000000Z"}),
                             (2, {"occurredFrom": "2026-04-01T12:00:00.000000000Z",
                                  "occurredTo": "2026-04-01T12:00:00.000000000Z"})):
            self.check(Maker(seal={number: seal}), "segments")
        self.check(Maker(sealHead={2: {"recordedAt": "2026-05-01T00:00:00.000000000Z"}}), "segments")
        self.check(Maker(sealHead={2: {"seq": 9}}), "segments")

    def test_lines_left_out_or_added(self):
        for number in range(6):
            report = Maker(change={ev.LEAVES: without_line(number)}).verify()
            self.assertEqual("failed", report.claims["segments"])
        for number in range(3):
            report = Maker(change={ev.SEGMENTS: without_line(number)}).verify()
            self.assertEqual("failed", report.claims["segments"])
        for number in range(4):
            report = Maker(change={ev.RECORDS: without_line(number)}).verify()
            self.assertEqual("failed", report.claims["records"])
        for name in (ev.LEAVES, ev.SEGMENTS, ev.RECORDS):
            report = Maker(change={name: lambda d: d + d.splitlines(True)[-1]}).verify()
            self.assertEqual("failed", report.claims["segments"], name)
        self.check(Maker(change={ev.ORIGINALS: lambda d: d + b"x"}), "segments")
        self.check(Maker(change={ev.ORIGINALS: lambda d: d[:-1]}), "records")
        self.check(Maker(change={ev.ORIGINALS: replacing("second", "secund")}), "records")

    def with_event(self, **more):
        log = [list(items) for items in DEFAULT_LOG]
        log[1][1] = dict(log[1][1], **more)
        return Maker(log)

    def test_headers(self):
        def at(offset, value):
            return lambda h: h[:offset] + value + h[offset + len(value):]
        for change in (at(4, bytes(16)), at(1, b"\x02"), at(1, b"\x03"), at(27, b"\x09"), at(28, bytes(8)),
                       at(36, bytes(8)),
                       at(0, b"\x02"), at(2, b"\x02"), lambda h: h + b"\0",
                       at(84, tag("operator") + struct.pack(">q", 1))):
            report = self.with_event(header=change).verify()
            self.assertEqual("failed", report.claims["segments"], report.findings)

    def test_counts(self):
        self.check(self.with_event(jump=1), "segments")
        self.check(self.with_event(jump=-1), "segments")
        log = [list(items) for items in DEFAULT_LOG]
        log[0][0] = event(1, jump=5)
        self.passes(Maker(log))

    def test_completeness(self):
        self.check(self.with_event(wrong=True), "completeness")
        log = [list(items) for items in DEFAULT_LOG]
        log[1][2] = event(6, "bob", wrong=True)
        self.check(Maker(log), "completeness")
        log = [list(items) for items in DEFAULT_LOG]
        log[2][1] = gap(8, wrong=True)
        self.check(Maker(log), "completeness")

    def test_completeness_is_indeterminate(self):
        self.check(Maker(export={"notYetAnchored": 1}), "completeness", "indeterminate")
        self.check(Maker(order={"to": "2026-05-12"}), "completeness", "indeterminate")
        self.check(Maker(anchoredAt=ev.parse_time("2026-05-08T23:59:59.999999999Z")), "completeness", "indeterminate")
        self.passes(Maker(anchoredAt=ev.parse_time("2026-05-09T00:00:00.000000000Z")))

    def test_records(self):
        for line in ({"seq": 6}, {"recordedAt": "2026-05-10T12:00:06.000000000Z"}, {"tenant": "other"},
                     {"occurredAt": "2026-05-05T12:00:00.000000001Z"},
                     {"actor": {"side": "tenant", "id": "alice", "privileged": True}},
                     {"actor": {"side": "tenant", "id": "alice", "privileged": True, "onBehalfOf": "operator"}},
                     {"actor": {"side": "tenant", "id": "operator", "privileged": True, "onBehalfOf": "carol"}},
                     {"actor": {"id": "operator", "onBehalfOf": "alice"}}, {"unknown": "x"}, {"v": 2}):
            report = self.with_event(line=line).verify()
            self.assertEqual("failed", report.claims["records"], line)
            self.assertEqual("indeterminate", report.claims["completeness"])
        maker = self.with_event(line={"service": "mail"})
        self.check(Maker(maker.log, {"services": ["files"]}), "records")
        report = Maker(change={ev.RECORDS: replacing('"action":"x"', '"action":"y"')}).verify()
        self.assertEqual("failed", report.claims["records"])

    def test_a_name_with_two_tags(self):
        log = [list(items) for items in DEFAULT_LOG]
        log[2].append(event(8, "operator", tags={"operator": tag("else")}, jump=-1))
        self.check(Maker(log, {"actors": None}), "records")
        self.passes(Maker(log))

    def test_index_in_the_seal(self):
        """With all headers the index of actors is made anew and compared, whatever was asked for."""
        for change in (lambda e: e[1:], lambda e: e[:-1], lambda e: e[::-1], lambda e: e + e[-1:], lambda e: [],
                       lambda e: e[:1] + [e[1][:16] + bytes(7) + b"\1" + e[1][24:]] + e[2:],
                       lambda e: e[:1] + [e[1][:31] + b"\3" + e[1][32:]] + e[2:],
                       lambda e: e[:1] + [e[1][:32] + bytes(32)] + e[2:]):
            self.check(Maker(index={2: change}), "segments")
        self.passes(Maker(index={1: lambda e: []}))
        maker = Maker()
        maker.files()
        actors = json.loads(json.loads(maker.lines[ev.SEGMENTS][1])["seal"])["seal"]["actors"]
        self.check(Maker(seal={2: {"actors": dict(actors, size=actors["size"] + 1)}}), "segments")

    def test_proofs_of_tags(self):
        for mode in ("headers", "index"):
            for name in ("bob", "carol"):
                wrong = dict(scope_entry("alice"), proof=proof_of(ev.ACTOR_LABEL, name).hex())
                self.check(Maker(completeness=mode, scope={"actors": {"alice": wrong}}), "completeness")
            wrong = dict(scope_entry("alice"), proof=proof_of(ev.SERVICE_LABEL, "alice").hex())
            self.check(Maker(completeness=mode, scope={"actors": {"alice": wrong}}), "completeness")
            for services in ({"none": scope_entry("none")}, {"none": scope_entry("other", ev.SERVICE_LABEL)}):
                self.check(Maker(completeness=mode, order={"services": ["none"]}, scope={"services": services}),
                           "completeness")
            order = {"actors": ["carol"]}
            self.passes(Maker(completeness=mode, order=order))
            replaced = {"cut": {n: lambda e, w: cut_index(e, w - {tag("carol")} | {tag("dave")}) for n in (2, 3)},
                        "scope": {"actors": {"carol": scope_entry("dave")}}}
            self.check(Maker(completeness=mode, order=order, **replaced), "completeness")
            replaced["scope"]["actors"]["carol"] = dict(scope_entry("carol"), tag=scope_entry("dave")["tag"])
            self.check(Maker(completeness=mode, order=order, **replaced), "completeness")
            report = Maker(completeness=mode, scope={"actors": {"alice": scope_entry("bob")}}).verify()
            self.assertEqual("failed", report.claims["completeness"])

    def test_tags_of_no_name(self):
        for value in (ev.NOTICES_TAG, ev.PRIVILEGED_TAG):
            log = [list(items) for items in DEFAULT_LOG]
            log[1][2] = event(6, "bob", "alice", tags={"bob": value}, jump=-1 if value == ev.NOTICES_TAG else 0)
            for mode in ("headers", "index"):
                report = Maker(log, completeness=mode).verify()
                self.assertEqual("failed", report.claims["segments"], report.findings)
        self.assertEqual("failed", self.with_event(header=lambda h: h[:44] + ev.PRIVILEGED_TAG + h[60:])
                         .verify().claims["segments"])


def whole(entries, wanted):
    return cut_at(entries, range(len(entries)))


def of_alice(change):
    """Changes the entry of alice in an index."""
    return lambda entries: [change(e) if e[:16] == tag("alice") else e for e in entries]


def at(offset, value):
    return lambda data: data[:offset] + value + data[offset + len(value):]


class IndexBundleTest(BundleCase):
    """What can be wrong in a bundle that shows completeness by indexes of actors."""

    def log_with(self, segment, place, *items):
        log = [list(items) for items in DEFAULT_LOG]
        log[segment - 1][place:place + 1] = items
        return log

    def make(self, log=DEFAULT_LOG, order=None, **options):
        return Maker(log, order, completeness="index", **options)

    def test_what_is_shown(self):
        lines = [json.loads(line) for line in self.make().files()[ev.LEAVES].splitlines()]
        self.assertEqual([["header", "salt"], ["header", "salt"], ["to", "subtrees"], ["header", "salt"],
                          ["header", "salt"], ["header"]], [list(line) for line in lines])

    def test_an_order_that_cannot_be_answered_so(self):
        self.check(self.make([(event(4, "bob"),)], {"actors": None}), "completeness")
        self.check(self.make([(event(4, None, service="files"),)], {"actors": None, "services": ["mail"]}),
                   "completeness")
        self.passes(self.make([(event(4, "bob"),)], {"actors": None, "privilegedOnly": True}))

    def test_hidden_header(self):
        for segment, place, item in ((2, 0, event(4, shown=False)),
                                     (2, 1, event(5, "operator", "alice", "files", True, shown=False)),
                                     (3, 0, event(7, shown=False)), (3, 1, gap(8, shown=False)),
                                     (3, 2, event(9, shown=False))):
            report = self.make(self.log_with(segment, place, item)).verify()
            if segment == 2:
                self.assertEqual("failed", report.verdict(), report.findings)
            else:
                self.assertEqual("failed", report.claims["completeness"], report.findings)
        self.check(self.make(self.log_with(3, 1, gap(8, shown=False))), "completeness")
        self.check(self.make(self.log_with(2, 1, event(5, "operator", privileged=True, shown=False)),
                             {"actors": None, "privilegedOnly": True}), "completeness")

    def test_header_that_is_not_necessary(self):
        self.check(self.make(self.log_with(2, 2, event(6, "bob", shown=True))), "completeness")
        self.check(self.make(self.log_with(2, 0, event(4, shown=True)), {"actors": None, "privilegedOnly": True}),
                   "completeness")

    def test_withheld_and_superfluous_records(self):
        self.check(self.make(self.log_with(2, 0, event(4, wrong=True))), "completeness")
        self.check(self.make(self.log_with(3, 2, event(9, wrong=True))), "completeness")

    def test_sealed_index(self):
        """An index that says something else than the headers."""
        for change in (at(23, b"\3"), at(23, b"\0"), at(31, b"\1"), at(31, b"\3"), at(31, b"\0"), at(24, b"\xff"),
                       at(16, b"\xff"), at(32, bytes(32)), at(0, tag("carol"))):
            self.check(self.make(index={2: of_alice(change)}, cut={2: whole}), "completeness")
        self.check(self.make(index={2: lambda e: e[::-1]}, cut={2: whole}), "completeness")
        two, order = [(event(5), event(5, "bob"))], {"actors": ["alice", "bob"]}
        self.passes(self.make(two, order, cut={1: whole}))
        self.check(self.make(two, order, index={1: lambda e: e[::-1]}, cut={1: whole}), "completeness")
        for change in (at(31, b"\0"), at(24, b"\xff"), at(16, b"\xff")):  # of entries that are neighbours
            self.check(self.make(two, {"actors": ["carol"]}, index={1: lambda e: [change(x) for x in e]}),
                       "completeness")
        self.check(self.make([(event(5, "bob", privileged=True),)], {"actors": None, "privilegedOnly": True},
                             index={1: lambda e: [at(23, b"\1")(e[0])] + e[1:]}), "completeness")
        self.check(self.make(index={2: lambda e: [x for x in e if x[:16] != tag("alice")]}), "completeness")
        more = {2: lambda e: sorted(e + [tag("carol") + bytes(15) + b"\1" + bytes(32)])}
        order = {"actors": ["alice", "carol"]}
        self.check(self.make(order=order, index=more), "completeness")
        self.passes(self.make(index=more))
        self.check(self.make(index={3: lambda e: [at(23, b"\1")(e[0])] + e[1:]}), "completeness")
        self.check(self.make(index={3: lambda e: [at(31, b"\2")(e[0])] + e[1:]}), "completeness")

    def test_cut(self):
        """The index is right, and what is cut from it is not."""
        def with_entry(change):
            def cut(entries, wanted):
                items = cut_index(entries, wanted)
                for item in items:
                    if "entry" in item and bytes.fromhex(item["entry"])[:16] == tag("alice"):
                        item["entry"] = change(bytes.fromhex(item["entry"])).hex()
                return items
            return cut

        def changed(change):
            return lambda entries, wanted: change(cut_index(entries, wanted))

        def hidden(entries, wanted):
            return cut_at(entries, ())

        def swapped(entries, wanted):
            items = whole(entries, wanted)
            return [items[1], items[0]] + items[2:]

        def split(entries, wanted):
            leaves = [ev.hash_index_entry(entry) for entry in entries]
            return [run_of(leaves, 0, 1), run_of(leaves, 1, len(leaves))]

        def of_another_size(entries, wanted):
            left = ev.hash_node(*[ev.hash_index_entry(entry) for entry in entries[:2]]).hex()
            return [{"to": 1, "subtrees": [left]}, {"entry": entries[2].hex()}]

        last = max(("alice", "bob", "dan"), key=tag)
        log = [tuple(event(5, name) for name in ("alice", "bob", "dan"))]
        self.passes(self.make(log, {"actors": [last]}))
        self.check(self.make(log, {"actors": [last]}, cut={1: of_another_size}), "completeness")
        for cut in (with_entry(at(31, b"\1")), with_entry(at(23, b"\0")), with_entry(at(32, bytes(32))), hidden, whole,
                    swapped, split, changed(lambda i: i[1:]), changed(lambda i: i[:-1]), changed(lambda i: []),
                    changed(lambda i: i[::-1]), changed(lambda i: i + i[-1:]), lambda e, w: cut_at(e, (0, 1)),
                    lambda e, w: cut_at(e[:-1], (0,)), lambda e, w: cut_index(e, [tag("carol")])):
            self.check(self.make(cut={2: cut}), "completeness")
        for number, change in ((1, lambda item: dict(item, to=item["to"] + 1)), (1, lambda item: dict(item, to=0)),
                               (1, lambda item: dict(item, subtrees=item["subtrees"] * 2))):
            def cut(entries, wanted):
                return [change(item) if "to" in item else item for item in cut_index(entries, wanted)]
            self.check(self.make(cut={2: cut}), "completeness")
        for bad in ({"entry": "00"}, {"entry": "00" * 64, "to": 1}, {"to": 1}, {}, [], 1, "x",
                    {"subtrees": ["00" * 32], "to": 1}, {"to": "1", "subtrees": ["00" * 32]},
                    {"to": 1, "subtrees": []}, {"to": 1, "subtrees": ["00" * 32] * 129}):
            self.check(self.make(cut={2: lambda e, w, bad=bad: [bad] + cut_index(e, w)}), "segments")

    def test_absence(self):
        """Both neighbours of the place are needed, as far as there are such."""
        names = ["alice", "bob", "operator", "dan", "eve", "frank", "grace"]
        log = [tuple(event(5, name) for name in names)]
        entries = sorted(tag(name) for name in names)
        for absent in ("u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7"):
            order, below = {"actors": [absent]}, sum(e < tag(absent) for e in entries)
            self.passes(self.make(log, order))
            neighbours = [place for place in (below - 1, below) if 0 <= place < len(entries)]
            self.passes(self.make(log, order, cut={1: lambda e, w: cut_at(e, neighbours)}))
            for less in neighbours:
                places = [place for place in neighbours if place != less]
                self.check(self.make(log, order, cut={1: lambda e, w: cut_at(e, places)}), "completeness")
            other = [place for place in range(len(entries)) if place not in neighbours][:1]
            self.check(self.make(log, order, cut={1: lambda e, w: cut_at(e, neighbours + other)}), "completeness")
        for present in ("alice", "eve"):
            self.check(self.make(log, {"actors": [present]}, cut={1: lambda e, w: cut_index(e, [tag("u1")])}),
                       "completeness")

    def test_many_names(self):
        names = ["n%d" % n for n in range(20)]
        log = [tuple(event(5, name, names[(n * 7 + 1) % 20] if n % 3 else None, privileged=n % 4 == 0)
                     for n, name in enumerate(names[:12])) + (gap(5),)]
        for asked in (names[:3], names[8:15], names[12:], names):
            self.passes(self.make(log, {"actors": asked}))
            self.passes(self.make(log, {"actors": asked, "privilegedOnly": True}))

    def test_cut_of_another_segment(self):
        def change(data):
            lines = [json.loads(line) for line in data.splitlines()]
            lines[1]["actors"], lines[2]["actors"] = lines[2]["actors"], lines[1]["actors"]
            return b"".join(ev.spell_json(line).encode() + b"\n" for line in lines)
        self.check(self.make(change={ev.SEGMENTS: change}), "completeness")

    def test_cut_where_none_should_be(self):
        def without(line):
            del line["actors"]

        def with_empty(line):
            return [{"salt": line["salt"], "subtrees": line["subtrees"], "actors": [], "seal": line["seal"]}]

        self.check(self.make(change={ev.SEGMENTS: edit_line(1, without)}), "segments")
        self.check(self.make(change={ev.SEGMENTS: edit_line(0, with_empty)}), "segments")
        self.check(Maker(change={ev.SEGMENTS: edit_line(1, lambda line: [
            {"salt": line["salt"], "actors": [], "seal": line["seal"]}])}), "segments")
        self.check(self.make(change={ev.SEGMENTS: edit_line(1, lambda line: [
            {"actors": line["actors"], "salt": line["salt"], "seal": line["seal"]}])}), "segments")

    def test_runs(self):
        log = [list(DEFAULT_LOG[0]), [event(4), event(5, "bob"), event(6, "bob"), event(6, "bob")],
               list(DEFAULT_LOG[2])]
        maker = self.make(log)
        self.passes(maker)
        leaves, end = maker.leaves, 8
        self.assertEqual(run_of(leaves, 5, end), json.loads(maker.lines[ev.LEAVES][1]))
        for lines in ([run_of(leaves, 5, 6), run_of(leaves, 6, end)], [run_of(leaves, 5, end + 1)],
                      [dict(run_of(leaves, 5, end), to=end + 1)], [dict(run_of(leaves, 5, end), to=5)],
                      [dict(run_of(leaves, 5, end), to=end - 1)], [dict(run_of(leaves, 5, end), to=ev.MAX_INT64)],
                      [run_of(leaves, 5, end - 1)], [run_of(leaves, 5, end)] * 2, [],
                      [dict(run_of(leaves, 5, end), subtrees=run_of(leaves, 5, end)["subtrees"][::-1])],
                      [{"to": 5, "subtrees": []}], [{"to": end, "subtrees": []}],
                      [dict(run_of(leaves, 5, end), salt="00" * 32)], [run_of(leaves, 5, end + 2)]):
            self.check(self.make(log, change={ev.LEAVES: edit_line(1, lambda line: lines)}), "segments")

    def test_run_with_headers(self):
        maker = Maker()
        maker.files()
        self.check(Maker(change={ev.LEAVES: edit_line(2, lambda line: [run_of(maker.leaves, 6, 7)])}), "segments")
        log = [(event(4), event(5, None), event(6))]  # an event that stands under no tag
        maker = Maker(log)
        self.passes(maker)
        change = edit_line(1, lambda line: [run_of(maker.leaves, 1, 2)])
        self.check(Maker(log, change={ev.LEAVES: change}), "segments")
        self.check(self.make(scope={"completeness": "headers"}), "segments")
        self.check(Maker(scope={"completeness": "index"}), "segments")

    def test_seals(self):
        other_key = VrfProver(5).key.hex()
        for number in (1, 2, 3):
            self.check(self.make(seal={number: {"tagKey": other_key}}), "segments")
        same = self.make(seal={number: {"tagKey": other_key} for number in (1, 2, 3)})
        self.check(same, "completeness")
        for number, seal in ((2, {"notices": 1}), (3, {"notices": 2}), (3, {"notices": None}),
                             (2, {"actors": {"size": 4, "root": "00" * 32}}),
                             (2, {"occurredTo": "2026-05-05T11:59:59.999999999Z"}),
                             (2, {"occurredFrom": "2026-05-04T12:00:00.000000001Z"})):
            self.check(self.make(seal={number: seal}), "completeness")
        self.check(self.make(seal={2: {"notices": 1}}, cut={2: lambda e, w: cut_index(e, w | {ev.NOTICES_TAG})}),
                   "completeness")
        self.passes(self.make(seal={1: {"actors": {"size": 0, "root": "00" * 32}}}))

    def test_gaps_that_a_seal_leaves_out(self):
        """The first entry is shown as a neighbour, and contradicts the seal."""
        first = [(event(5, "bob"), gap(5, shown=False))]
        absent = next("u%d" % n for n in range(100) if tag("u%d" % n) < tag("bob"))
        maker = self.make(first, {"actors": [absent]}, seal={1: {"notices": None}},
                          cut={1: lambda e, w: cut_index(e, w - {ev.NOTICES_TAG})})
        self.check(maker, "completeness")

    def test_counts(self):
        for jump, claim in ((1, "completeness"), (-1, "segments")):
            log = self.log_with(2, 1, event(5, "operator", "alice", "files", True, jump=jump))
            self.check(self.make(log), claim)
        self.passes(self.make(self.log_with(1, 2, event(3, jump=5))))
        self.passes(self.make(self.log_with(2, 2, event(6, "bob", jump=5))))


@contextlib.contextmanager
def unsigned():
    """Neither signs nor checks signatures and tags, for tests of the walk through the log with many bundles."""
    before = ev.verify_signature, ev.check_tag_proofs, Ed25519Signer.sign
    try:
        ev.verify_signature, ev.check_tag_proofs = lambda *a: 0, lambda *a: None
        Ed25519Signer.sign = lambda *a: bytes(64)
        yield
    finally:
        ev.verify_signature, ev.check_tag_proofs, Ed25519Signer.sign = before


class RangeBundleTest(BundleCase):
    """What can be wrong in a bundle that shows completeness by a range of the log.

    Leaves of the default log: headers 0 to 2, seal 3, headers 4 to 6, seal 7, headers 8 to 10 (9 is a gap), seal 11;
    each is recorded at the second of its number. The order asks for 5 to 8, so 4 and 9 are the brackets.
    """

    EARLIER = "2026-05-01T00:00:00.000000000Z"
    ONE = [(event(1), event(2, "bob"), gap(3), event(4, "bob", "alice"), change(5), event(6))]
    NOTICES = [(event(1), gap(2)), (event(3), event(4, "bob")), (change(5), event(6))]
    MANY = [(event(1), event(2, "bob"), event(3, recorded=1)),
            (event(4, recorded=4), gap(5, recorded=4), event(6, recorded=4)), (event(7), change(8, recorded=8)),
            (event(9, recorded=10), event(9, "bob", recorded=12))]

    def as_expected(self, maker):
        report = maker.verify()
        self.assertEqual(maker.expected(), report.verdict(), report.findings)

    def lines(self, maker):
        files = maker.files()
        shown = []
        for line in files[ev.LEAVES].splitlines():
            line = json.loads(line)
            shown.append(("run", line["to"]) if "to" in line else ev.parse_header(bytes.fromhex(line["header"])).seq)
        return shown, [json.loads(json.loads(line)["seal"])["seq"] for line in files[ev.SEGMENTS].splitlines()]

    def test_what_is_shown(self):
        for start, end, leaves, seals in (
                (5, 9, [("run", 4), 4, 5, 6, 8, 9, ("run", 11)], [7, 11]),
                (None, 2, [0, 1, 2, ("run", 11)], [11]),
                (None, 4, [0, 1, 2, 4, ("run", 11)], [3, 11]),
                (9, None, [("run", 8), 8, 9, 10], [11]),
                (None, None, [0, 1, 2, 4, 5, 6, 8, 9, 10], [3, 7, 11]),
                (0, 20, [0, 1, 2, 4, 5, 6, 8, 9, 10], [3, 7, 11]),  # everything in it, without a bracket
                (1, 10, [0, 1, 2, 4, 5, 6, 8, 9, 10], [3, 7, 11]),  # everything but two brackets
                (5, 6, [("run", 4), 4, 5, 6, ("run", 11)], [11]),  # within a segment, up to the seal
                (7, 8, [("run", 6), 6, 8, ("run", 11)], [7, 11]),  # nothing but a seal
                (20, None, [("run", 10), 10], [11]), (None, 0, [0, ("run", 11)], [11]),
                (5, 10, [("run", 4), 4, 5, 6, 8, 9, 10], [7, 11])):  # the second bracket is the last but the seal
            self.assertEqual((leaves, seals), self.lines(RangeMaker(start, end)))
            self.as_expected(RangeMaker(start, end))
        self.assertEqual(3, len(RangeMaker(5, 9, order={"actors": None}).files()[ev.RECORDS].splitlines()))

    def test_good(self):
        self.passes(RangeMaker(None, None, []))
        self.passes(RangeMaker(5, 9, pq=True), [VAULT_KEY.public, POST_QUANTUM_KEY.public])
        for order in ({"actors": ["alice", "bob"], "services": ["mail", "files"]}, {"privilegedOnly": True},
                      {"actors": None, "privilegedOnly": True}, {"actors": ["carol"]}):
            self.passes(RangeMaker(order=order))
        with unsigned():
            for log in (DEFAULT_LOG, self.ONE, self.NOTICES, self.MANY, [(event(1),)], [(event(1),), (gap(2),)]):
                for start in [None] + list(range(13)):
                    for end in [None] + list(range((start or 0) + 1, 14)):
                        self.as_expected(RangeMaker(start, end, log))

    def test_only_the_right_runs_pass(self):
        """Of all pairs of runs, from the start and to the end of the log, and of all runs that are added to these."""
        with unsigned():
            for log in (DEFAULT_LOG, self.NOTICES, self.MANY):
                for start, end in ((5, 9), (1, 2), (4, 8), (None, 5), (6, None), (8, 9), (0, 13), (None, None),
                                   (13, 14)):
                    right = RangeMaker(start, end, log)
                    last = right.seals[-1]
                    for runs in self.pairs(last) + self.additions(right.right_runs(), last):
                        verdict = RangeMaker(start, end, log, runs=runs).verify().verdict()
                        self.assertEqual(right.expected() if runs == right.right_runs() else "failed", verdict,
                                         (start, end, runs))

    @staticmethod
    def pairs(last):
        return [[run for run in ((0, a), (b, last)) if run[0] < run[1]]
                for a in range(last + 1) for b in range(max(a, 1), last + 1)]

    @staticmethod
    def additions(runs, last):
        return [sorted(runs + [(a, b)]) for a in range(1, last) for b in range(a + 1, last + 1)
                if all(b <= c or d <= a for c, d in runs)]

    def test_hidden_leaves(self):
        for end, runs, claim in (
                (9, [(0, 4), (5, 6), (10, 11)], "segments"),  # a record in the middle
                (9, [(0, 4), (5, 6), (6, 7), (10, 11)], "segments"),
                (None, [(0, 4), (9, 11)], "completeness"),  # the last
                (None, [(0, 4), (4, 11)], "completeness"), (None, [(0, 4), (5, 11)], "completeness"),
                (9, [(0, 5), (10, 11)], "completeness"),  # the first bracket
                (9, [(0, 6), (10, 11)], "completeness"),  # and the first record
                (9, [(0, 4), (9, 11)], "completeness"),  # the second bracket
                (9, [(0, 4), (8, 11)], "completeness"),  # and the last record
                (9, [(0, 4), (6, 11)], "completeness"),  # and a seal
                (9, [(0, 9), (10, 11)], "completeness"),  # all of the order's time
                (9, [(0, 4), (5, 11)], "completeness"), (9, [(0, 10)], "completeness"),
                (9, [(0, 11)], "segments"), (9, [(0, 3), (10, 11)], "segments"), (9, [(0, 7), (10, 11)], "segments"),
                (9, [(0, 3), (3, 4), (10, 11)], "segments"), (9, [(0, 4), (10, 12)], "segments")):
            self.check(RangeMaker(5, end, runs=runs), claim)
        report = RangeMaker(runs=[(0, 4), (6, 7), (10, 11)]).verify()
        self.assertEqual(("failed", "failed"), (report.claims["completeness"], report.claims["segments"]))
        self.check(RangeMaker(None, 9, runs=[(0, 4), (10, 11)]), "completeness")
        self.check(RangeMaker(None, None, runs=[(0, 2)]), "completeness")
        self.check(RangeMaker(None, None, runs=[(10, 11)]), "completeness")
        self.check(RangeMaker(5, 9, self.ONE, runs=[(0, 6)]), "segments")

    def test_headers_that_no_bracket_needs(self):
        for start, end, runs in ((5, 9, [(0, 2), (10, 11)]), (5, 9, [(10, 11)]), (5, 9, [(0, 4)]),
                                 (5, 8, [(0, 4), (10, 11)]), (5, 8, [(0, 4)]), (2, 9, [(10, 11)]), (5, 9, []),
                                 (None, 9, []), (9, None, [(0, 4)])):
            self.check(RangeMaker(start, end, runs=runs), "completeness")
        for runs in ([(0, 4), (8, 11)], [(0, 4)], [(0, 4), (10, 11)]):  # a seal behind the second bracket
            self.check(RangeMaker(5, 6, runs=runs), "segments")

    def test_runs(self):
        leaves = RangeMaker()
        leaves.files()
        first, second = run_of(leaves.leaves, 0, 4), run_of(leaves.leaves, 10, 11)
        for number, lines in ((0, [dict(first, to=3)]), (0, [dict(first, to=0)]), (0, [dict(first, to=8)]),
                              (0, [dict(first, subtrees=first["subtrees"] * 2)]), (0, [first, first]),
                              (0, [dict(first, subtrees=["00" * 32])]), (0, [{"to": 0, "subtrees": []}]),
                              (0, [run_of(leaves.leaves, 0, 3), {"to": 4, "subtrees": [leaves.leaves[3].hex()]}]),
                              (0, [dict(first, to=ev.MAX_INT64)]), (0, []), (6, []), (6, [second, second]),
                              (6, [dict(second, to=10)]), (6, [dict(second, to=12)]), (6, [{"to": 11, "subtrees": []}]),
                              (6, [dict(second, subtrees=["00" * 32])]), (6, [dict(second, to=ev.MAX_INT64)]),
                              (6, [dict(second, salt="00" * 32)]), (6, [first])):
            self.check(RangeMaker(change={ev.LEAVES: edit_line(number, lambda line: lines)}), "segments")

    def test_lines_left_out_or_added(self):
        for number in range(7):
            report = RangeMaker(change={ev.LEAVES: without_line(number)}).verify()
            self.assertEqual("failed", report.claims["segments"])
            report = RangeMaker(change={ev.LEAVES: edit_line(number, lambda line: [line, line])}).verify()
            self.assertEqual("failed", report.claims["segments"])
        for name in (ev.LEAVES, ev.SEGMENTS, ev.RECORDS):
            report = RangeMaker(change={name: lambda d: d + d.splitlines(True)[-1]}).verify()
            self.assertEqual("failed", report.claims["segments"], name)
        self.check(RangeMaker(change={ev.RECORDS: without_line(1)}), "records")
        self.check(RangeMaker(change={ev.ORIGINALS: lambda d: d + b"x"}), "segments")

    def test_missing_and_swapped_seals(self):
        for start, seals in ((5, 2), (1, 3)):
            for number in range(seals):
                for edit in (without_line(number), edit_line(number, lambda line: [line, line])):
                    report = RangeMaker(start, change={ev.SEGMENTS: edit}).verify()
                    self.assertEqual("failed", report.claims["segments"])
            report = RangeMaker(start, change={ev.SEGMENTS: lambda d: b"".join(d.splitlines(True)[::-1])}).verify()
            self.assertEqual("failed", report.claims["segments"])
        other = RangeMaker(log=[(event(1),) * 3, DEFAULT_LOG[1], DEFAULT_LOG[2]])
        other.files()
        for number in range(2):
            change = edit_line(number, lambda line: [json.loads(other.lines[ev.SEGMENTS][number])])
            self.check(RangeMaker(change={ev.SEGMENTS: change}), "segments")
        with_seal = {ev.SEGMENTS: lambda d: RangeMaker(2).files()[ev.SEGMENTS]}  # one of the first run's
        self.check(RangeMaker(change=with_seal), "segments")

    def test_seals_that_follow(self):
        """All is shown up to the seal: what it says is compared."""
        other_key = VrfProver(5).key.hex()
        for number, seal in ((1, {"segment": 2}), (2, {"segment": 3}), (2, {"firstSeq": 5}), (2, {"firstSeq": 3}),
                             (2, {"events": 7}), (2, {"events": 5}), (1, {"events": 4}), (1, {"firstSeq": 1}),
                             (2, {"previousSeal": "00" * 32}), (2, {"previousSeal": None}),
                             (1, {"previousSeal": "00" * 32}), (2, {"notices": 1}), (3, {"notices": None}),
                             (3, {"notices": 2}), (2, {"actors": {"size": 3, "root": "00" * 32}}),
                             (2, {"occurredTo": "2026-05-07T12:00:00.000000000Z"}),
                             (1, {"occurredFrom": "2026-05-01T11:00:00.000000000Z"}),
                             (1, {"tagKey": other_key}), (2, {"tagKey": other_key}), (3, {"tagKey": other_key}),
                             (2, {"tree": "00" * 32}), (2, {"x": 1})):
            self.check(RangeMaker(1, None, seal={number: seal}), "segments")
        for change in (lambda e: e[1:], lambda e: e[::-1], lambda e: []):
            self.check(RangeMaker(index={2: change}, start=1), "segments")
        self.check(RangeMaker(1, None, sealHead={2: {"recordedAt": self.EARLIER}}), "segments")
        self.check(RangeMaker(1, None, sealHead={2: {"seq": 9}}), "segments")
        self.check(RangeMaker(1, None, seal={n: {"tagKey": other_key} for n in (1, 2, 3)}), "completeness")

    def test_seals_behind_a_run(self):
        """Not all is shown: what the seal says must be higher than what is known."""
        other_key = VrfProver(5).key.hex()
        for number, seal in ((2, {"segment": 0}), (2, {"events": 0}), (2, {"firstSeq": 7}), (2, {"firstSeq": 8}),
                             (3, {"segment": 2}), (3, {"segment": 1}), (3, {"events": 6}), (3, {"firstSeq": 7}),
                             (3, {"firstSeq": 11}), (3, {"tagKey": other_key}), (2, {"tree": "00" * 32}),
                             (3, {"tree": "00" * 32})):
            self.check(RangeMaker(seal={number: seal}), "segments")
        for number in (2, 3):
            self.check(RangeMaker(sealHead={number: {"recordedAt": self.EARLIER}}), "segments")
            self.check(RangeMaker(sealHead={number: {"seq": 12}}), "segments")
        for number, seal in ((3, {"segment": 9}), (3, {"firstSeq": 8}), (3, {"firstSeq": 10}), (3, {"events": 7}),
                             (2, {"firstSeq": 0}), (2, {"segment": 1}), (2, {"notices": 3}), (3, {"notices": None}),
                             (2, {"occurredFrom": self.EARLIER}), (2, {"actors": {"size": 3, "root": "00" * 32}})):
            self.passes(RangeMaker(seal={number: seal}))

    def test_notices_in_a_segment_that_is_shown_whole(self):
        log = [(event(1), event(2)), (event(3), gap(4), change(5)), (event(6), event(7))]
        self.passes(RangeMaker(2, 7, log))
        for notices in (1, 3, None):
            self.check(RangeMaker(2, 7, log, seal={2: {"notices": notices}}), "segments")

    def test_lines_of_segments(self):
        def subtrees(line):
            return [{"salt": line["salt"], "subtrees": ["00" * 32], "seal": line["seal"]}]

        def actors(line):
            return [{"salt": line["salt"], "actors": [], "seal": line["seal"]}]

        for number in (0, 1):
            for change in (subtrees, actors):
                self.check(RangeMaker(change={ev.SEGMENTS: edit_line(number, change)}), "segments")

    def log_with(self, seq, item):
        log = [list(items) for items in DEFAULT_LOG]
        log[seq // 4][seq % 4] = item
        return log

    def test_headers(self):
        for change in (at(4, bytes(16)), at(1, b"\2"), at(1, b"\3"), at(27, b"\x09"), at(28, bytes(8)),
                       at(36, bytes(8)), at(0, b"\2"), at(2, b"\2"), lambda h: h + b"\0", at(44, ev.PRIVILEGED_TAG)):
            log = self.log_with(5, event(5, "operator", "alice", "files", True, header=change))
            report = RangeMaker(1, None, log).verify()
            self.assertEqual("failed", report.claims["segments"], report.findings)
        for seq, recorded in ((6, 4), (8, 6)):  # before the record before, and before the seal before
            log = self.log_with(seq, event(6, "bob", recorded=recorded))
            self.check(RangeMaker(4, None, log, runs=[(0, 2)]), "segments")

    def test_what_a_range_does_not_prove(self):
        """That times never go back where nothing is shown is the word of who wrote the log."""
        back = self.log_with(6, event(6, "bob", recorded=4))
        self.passes(RangeMaker(5, 9, back))
        self.check(RangeMaker(4, 9, back, runs=[(0, 2), (10, 11)]), "segments")

    def test_counts(self):
        for jump in (1, -1):
            for start in (None, 1, 5):
                self.check(RangeMaker(start, None, self.log_with(6, event(6, jump=jump))), "segments")
        self.check(RangeMaker(None, None, self.log_with(0, event(1, jump=1))), "segments")
        self.passes(RangeMaker(5, None, self.log_with(4, event(4, jump=7))))
        self.passes(RangeMaker(5, None, self.log_with(2, event(3, jump=7))))
        self.passes(RangeMaker(5, None, self.log_with(6, event(6, "dan", jump=7))))
        self.check(RangeMaker(1, None, self.log_with(6, event(6, "dan", jump=7))), "segments")

    def test_withheld_and_superfluous_records(self):
        for seq, item in ((5, event(5, "operator", "alice", "files", True, wrong=True)), (8, event(7, wrong=True)),
                          (6, event(6, "bob", wrong=True)), (4, event(4, wrong=True)), (9, gap(8, wrong=True)),
                          (8, gap(7, wrong=True))):
            self.check(RangeMaker(log=self.log_with(seq, item)), "completeness")

    def test_records(self):
        item = event(5, "operator", "alice", "files", True)
        for line in ({"seq": 6}, {"recordedAt": "2026-05-10T12:00:06.000000000Z"}, {"tenant": "other"},
                     {"occurredAt": "2026-05-05T12:00:00.000000001Z"}):
            report = RangeMaker(log=self.log_with(5, dict(item, line=line))).verify()
            self.assertEqual(("failed", "indeterminate"), (report.claims["records"], report.claims["completeness"]))

    def test_how_completeness_is_shown(self):
        """By a range if and only if the order's clock is recorded."""
        for clock in ("occurred", None):
            order = dict(DEFAULT_ORDER, clock=clock, **{"from": "2026-05-01", "to": "2026-05-30"})
            self.check(RangeMaker(order=order, anchoredAt=time_of(30), runs=[]), "completeness")
        for mode in ("headers", "index"):
            whole_log = {"clock": "recorded", "from": None, "to": None}
            self.check(Maker(completeness=mode, order=whole_log), "completeness")
        self.check(Maker(completeness="headers", order={"clock": "recorded"}), "completeness")
        self.check(Maker(completeness="index", order={"clock": "recorded", "actors": None}), "completeness")
        self.passes(Maker(order={"clock": "occurred"}))
        for mode in ("Range", "ranges", "", 1):
            report = RangeMaker(scope={"completeness": mode}).verify()
            self.assertEqual("failed", report.claims["files"])

    def test_completeness_is_indeterminate(self):
        self.check(RangeMaker(export={"notYetAnchored": 1}), "completeness", "indeterminate")
        self.check(RangeMaker(5, 9, anchoredAt=time_of(10, 11) - 1), "completeness", "indeterminate")
        self.passes(RangeMaker(5, 9, anchoredAt=time_of(10, 11)))
        self.check(RangeMaker(5, 12), "completeness", "indeterminate")
        self.passes(RangeMaker(5, 11))
        older = list(DEFAULT_LOG)[:2]  # the head of before the third segment was sealed, under an anchor of later
        self.check(RangeMaker(5, 9, older), "completeness", "indeterminate")

    def test_proofs_of_tags(self):
        wrong = dict(scope_entry("alice"), proof=proof_of(ev.ACTOR_LABEL, "bob").hex())
        self.check(RangeMaker(scope={"actors": {"alice": wrong}}), "completeness")


class RefusedBundlesTest(unittest.TestCase):
    def test_each_fails_for_its_reason(self):
        self.check("refused-bundles", 40)
        self.check("refused-redactions", 10)

    def test_redacted_bundle(self):
        report = verify_bytes(read(os.path.join(VECTORS, "redacted-bundle.zip")))
        self.assertEqual(("passed", "passed"), (report.verdict(), report.claims["redaction"]))
        found = next(f for f in report.findings if f["claim"] == "redaction")
        self.assertIn("6 fields of 5 records", found["what"])

    def check(self, name, number):
        directory = os.path.join(VECTORS, name)
        with open(os.path.join(directory, "expected.json"), encoding="utf-8") as file:
            bundles = json.load(file)["bundles"]
        self.assertEqual(number, len(bundles))
        for bundle in bundles:
            with open(os.path.join(directory, bundle["file"]), "rb") as file:
                report = ev.verify(lambda: ev.ZipBag(file))
            self.assertEqual("failed", report.claims[bundle["claim"]], bundle["why"])


class SignedAgain:
    """A bundle of the vectors with a key of ours in place of the vault's, so that it can be changed and signed."""

    def __init__(self, data, **changes):
        self.files = unzip(data)
        scope = json.loads(self.files[ev.SCOPE])
        key = NoteKey(scope["verifierKey"].split("+")[0], ev.ED25519, b"again".ljust(32))
        scope["verifierKey"] = key.text
        del scope["postQuantumKey"]
        self.files[ev.SCOPE] = ev.spell_json(scope).encode()
        text = self.files[ev.NODE_CHECKPOINT].split(b"\n\n")[0] + b"\n"
        self.files[ev.NODE_CHECKPOINT] = text + b"\n" + key.line(text)
        for name, change in changes.items():
            name = getattr(ev, name)
            self.files[name] = change(self.files[name])
        for name in (ev.MANIFEST, ev.TAG_MANIFEST, ev.SIGNATURE, ev.POST_QUANTUM_SIGNATURE):
            self.files.pop(name, None)
        Maker.sign(self.files, [key])

    def verify(self, keys=(), witnesses=()):
        return verify_bytes(zip_bytes({"bag/" + n: d for n, d in self.files.items()}), keys, witnesses)


class ChangedSmallBundleTest(BundleCase):
    """The bundles that the library wrote, with one thing changed in each."""

    INDEX, HEADERS = SmallBundleTest.DATA, SmallBundleTest.HEADERS
    LINES = [json.loads(line) for line in unzip(HEADERS)[ev.LEAVES].splitlines()]
    HASHES = [ev.hash_leaf(bytes.fromhex(line["header"])) for line in LINES]

    def change(self, claim, **changes):
        self.check(SignedAgain(self.INDEX, **changes), claim)

    def test_unchanged(self):
        self.passes(SignedAgain(self.INDEX))
        self.passes(SignedAgain(self.HEADERS))

    def test_hidden_header(self):
        run = {"to": 11, "subtrees": [ev.hash_node(*self.HASHES[3:5]).hex(), self.HASHES[5].hex()]}

        def hide(data):
            return b"".join(data.splitlines(True)[:3]) + ev.spell_json(run).encode() + b"\n"
        self.change("completeness", LEAVES=hide, RECORDS=without_line(3),
                    ORIGINALS=without_line(3), EXPORT=replacing('"records":4', '"records":3'))

    def test_header_that_is_not_necessary(self):
        self.change("completeness", LEAVES=edit_line(3, lambda line: [self.LINES[3]]))
        self.change("completeness", LEAVES=edit_line(5, lambda line: [self.LINES[5]]))

    def test_runs(self):
        node = ev.hash_node(self.HASHES[5], bytes(32)).hex()
        self.change("segments", LEAVES=edit_line(5, lambda line: [{"to": 12, "subtrees": [node]}]))
        self.change("segments", LEAVES=edit_line(5, lambda line: [line, line]))
        self.change("segments", LEAVES=edit_line(4, lambda line: [{"to": 10, "subtrees": [self.HASHES[4].hex()]}]))
        self.change("segments", LEAVES=edit_line(3, lambda line: line.update(to=8)))
        self.check(SignedAgain(self.HEADERS, LEAVES=edit_line(3, lambda line: [
            {"to": 9, "subtrees": [self.HASHES[3].hex()]}])), "segments")

    def test_index(self):
        def items(change):
            return edit_line(2, lambda line: line.update(actors=change(line["actors"])))

        def entry(place, value):
            return items(lambda i: [i[0], {"entry": at(place, value)(bytes.fromhex(i[1]["entry"])).hex()}])

        other = json.loads(unzip(self.INDEX)[ev.SEGMENTS].splitlines()[1])["actors"]
        for change in (items(lambda i: i[::-1]), items(lambda i: i[1:]), items(lambda i: i[:1]), items(lambda i: []),
                       items(lambda i: other),
                       items(lambda i: i * 2),
                       entry(23, b"\5"), entry(31, b"\2"), entry(63, b"\0"), entry(0, b"\0"),
                       edit_line(1, lambda line: line.update(actors=line["actors"][:1]))):
            self.change("completeness", SEGMENTS=change)

    def test_tags(self):
        def scope(change):
            def edit(data):
                members = json.loads(data)
                change(members["actors"]["alice"])
                return ev.spell_json(members).encode()
            return edit
        self.change("completeness", SCOPE=scope(lambda a: a.update(proof=a["proof"][:-2] + "00")))
        self.change("completeness", SCOPE=scope(lambda a: a.update(proof=scope_entry("alice")["proof"])))
        report = SignedAgain(self.INDEX, SCOPE=scope(lambda a: a.update(tag=a["tag"][:-2] + "00"))).verify()
        self.assertEqual("failed", report.claims["completeness"])

    def test_seals(self):
        for old, new in (('"tagKey\\":\\"02', '"tagKey\\":\\"03'), ('"firstSeq\\":4,', '"firstSeq\\":4,\\"gaps\\":1,'),
                         ('"size\\":3', '"size\\":4')):
            report = SignedAgain(self.INDEX, SEGMENTS=replacing(old, new)).verify()
            self.assertEqual("failed", report.claims["segments"])


class ContainerTest(unittest.TestCase):
    """docs/formats/vectors/small-container: no bundle, but its signatures are good."""

    with open(os.path.join(VECTORS, "small-container", "evidence.asice"), "rb") as file:
        DATA = file.read()

    @staticmethod
    def verify(data, trusted=()):
        return ev.verify(lambda: ev.open_zip(io.BytesIO(data)), trusted=trusted)

    @staticmethod
    def state(report):
        """What is said of each of the signatures."""
        return {f["where"]: (f["claim"], f["verdict"]) for f in report.findings if "META-INF" in f["where"]}

    def entries(self):
        """The container's files, in their order."""
        bag = ev.open_zip(io.BytesIO(self.DATA))
        return {name: bag.content(name, 1 << 20)[0] for name in bag.entries}

    @staticmethod
    def spelled(entries):
        """The ZIP file of these, in the order that they are given in."""
        content, directory = b"", b""
        for name, data in entries:
            raw = name.encode()
            shared = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(raw), 0)
            directory += (b"PK\x01\x02" + struct.pack("<H", 20) + shared
                          + struct.pack("<HHHII", 0, 0, 0, 0, len(content)) + raw)
            content += b"PK\x03\x04" + shared + raw + data
        return content + directory + b"PK\x05\x06" + struct.pack(
            "<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(content), 0)

    def test_signatures_are_good(self):
        report = self.verify(self.DATA)
        self.assertEqual({ev.signature_name(1): ("files", "passed"), ev.signature_name(2): ("files", "passed")},
                         self.state(report))
        self.assertNotIn("signers", report.claims)
        self.assertEqual("indeterminate", self.verify(self.DATA, ["root.pem"]).claims["signers"])
        self.assertEqual(self.DATA, self.spelled(list(self.entries().items())))

    def test_bundle_in_a_container(self):
        with open(os.path.join(VECTORS, "small-bundle.asice"), "rb") as file:
            data = file.read()
        self.assertEqual("passed", self.verify(data).verdict())
        self.assertEqual("indeterminate", self.verify(data, ["root.pem"]).verdict())
        for at in range(0, len(data), 1 if os.environ.get("EVAULT_ALL") else 211):
            changed = bytearray(data)
            changed[at] ^= 1 << at % 8
            self.assertEqual("failed", self.verify(bytes(changed)).verdict(), "byte %d" % at)

    def test_bundle_without_container(self):
        report = ev.verify(lambda: ev.open_zip(io.BytesIO(SmallBundleTest.DATA)), trusted=["root.pem"])
        self.assertEqual(("indeterminate", "indeterminate"), (report.verdict(), report.claims["signers"]))

    def test_manifests_of_the_vectors(self):
        vector = vectors("container.json")
        files = {name: hashlib.sha256(data).digest() for name, data in self.entries().items() if name.startswith("bag/")}
        self.assertEqual(vector["manifest"].encode(), ev.spell_asic_manifest(1, files))

    def test_every_byte_counts(self):
        """A byte that is another one: the container is refused, or a signature fails or is not taken as good."""
        step = 1 if os.environ.get("EVAULT_ALL") else 23
        good = self.state(self.verify(self.DATA))
        free = self.unauthenticated()
        for at in range(0, len(self.DATA), step):
            data = bytearray(self.DATA)
            data[at] ^= 1 << at % 8
            report = self.verify(bytes(data))
            refused = any(f["claim"] == "files" and f["verdict"] == "failed" and not f["where"] for f in report.findings)
            if not refused and self.state(report) == good:
                self.fail("byte %d" % at)
            if not refused and at in free:
                self.assertIn("signers", report.claims)

    def unauthenticated(self):
        """Where the signatures lie: their CRC-32 alone says that they were changed."""
        start = {name: self.DATA.index(data) for name, data in self.entries().items() if name.endswith(".p7s")}
        return {i for name, at in start.items() for i in range(at, at + len(self.entries()[name]))}

    def test_every_byte_of_a_signature_counts_with_its_checksum(self):
        """Bytes of a signature, with a CRC-32 that fits: only those of issuers' certificates are not signed."""
        for number in (1, 2):
            entries, name = self.entries(), ev.signature_name(number)
            old = entries[name]
            issuer = self.issuer(old)
            for at in range(0, len(old), 1 if os.environ.get("EVAULT_ALL") else 29):
                if at in issuer:
                    continue
                data = bytearray(old)
                data[at] ^= 1 << at % 8
                entries[name] = bytes(data)
                report = self.verify(self.spelled(list(entries.items())))
                said = [f for f in report.findings if f["where"] == name]
                taken = [f for f in said if f["verdict"] == "passed" and "is good" in f["what"]]
                self.assertEqual([], taken, "byte %d of %s" % (at, name))

    @staticmethod
    def issuer(signature):
        """Where the certificates lie that are not the signer's."""
        _, signer = ev.parse_signed_data(ev.parse_der(signature), 1, ev.ID_DATA)
        places = set()
        parts = ev.parse_der(signature).items[1].items[0].items
        for certificate in parts[3].items:
            if certificate.raw != signer.certificate.raw:
                at = signature.index(certificate.raw)
                places.update(range(at, at + len(certificate.raw)))
        return places

    def test_refused_containers(self):
        entries = self.entries()
        items = list(entries.items())
        first, second = ev.manifest_name(2), ev.signature_name(2)
        for change in (items[1:], items[1:] + items[:1], items + [("META-INF/x", b"")], items[:1] + items[2:],
                       [i for i in items if i[0] != second], [i for i in items if i[0] not in (first, second)] + [],
                       items[:1] + [items[2], items[1]] + items[3:], [("mimetype", b"text/plain")] + items[1:],
                       items + [("zzz", b"outside")], items + [("bag/x", b"")], items[:1] + items[:1] + items[1:],
                       [(n, d) for n, d in items if not n.startswith("bag/")],
                       [("meta-inf/a" if n == first else n, d) for n, d in items],
                       [(n, d.replace(b"URI", b"URl")) for n, d in items],
                       [(n, b'<!DOCTYPE a [<!ENTITY b "c">]>' + d if n == first else d) for n, d in items],
                       [(n, d.replace(b'encoding="UTF-8"', b'encoding="UTF-7"')) for n, d in items]):
            report = self.verify(self.spelled(change))
            if len(change) == len(items) - 2 and any(n.startswith("bag/") for n, _ in change):
                # A signature was taken away with its manifest: who has to sign is not in the container.
                self.assertEqual({ev.signature_name(1): ("files", "passed")}, self.state(report))
                continue
            self.assertTrue(any(f["verdict"] == "failed" and (f["claim"] == "signers" or not f["where"] or (
                f["claim"], "META-INF" in f["where"]) == ("files", True)) for f in report.findings),
                [n for n, _ in change])

    def test_hostile_der(self):
        deep = b""
        for _ in range(3000):
            deep = b"\x30" + (bytes((len(deep),)) if len(deep) < 128 else b"\x83" + len(deep).to_bytes(3, "big")) + deep
        for data in (b"", b"\x30", b"\x30\x80\0\0", b"\x30\x84\xff\xff\xff\xff", b"\x30\x83\xff\xff\xff", deep[:200000],
                     b"\x30\x81\x01\0", b"\x1f\x81\x01\0", b"\x02\x02\0\x01", b"\x24\x02\x04\0", b"\x30\x03\x02\x01\0\0"):
            self.assertRaises(ev.Refused, ev.parse_der, data)
            entries = self.entries()
            entries[ev.signature_name(1)] = data
            report = self.verify(self.spelled(list(entries.items())))
            self.assertEqual(("signers", "failed"), self.state(report)[ev.signature_name(1)])


SECOND, HOUR, DAY = 10**9, 3600 * 10**9, ev.DAY
NOON = ev.parse_time("2026-05-01T12:00:00.000000000Z")
CASE_ID = "0123456789ab"


@functools.lru_cache(maxsize=None)
def person_key(name):
    return NoteKey(name, ev.ED25519, hashlib.sha256(name.encode()).digest())


class CertificateKey:
    """A key of type 255: a certificate that nobody issued, and who signs with its key."""

    CURVES = {"P-256": ev.oid("1.2.840.10045.3.1.7"), "P-384": ev.oid("1.3.132.0.34"), "secp256k1": ev.oid("1.3.132.0.10")}
    # Products of Mersenne primes, of 3,482 and 2,802 bits.
    PRIMES = {"RSA": (2**1279 - 1, 2**2203 - 1), "short RSA": (2**521 - 1, 2**2281 - 1)}

    def __init__(self, name, kind="P-256", start="20260501000000Z", end="20270501000000Z", usage=None, exponent=65537,
                 padding=b"", label=ev.X509_KEY, serial=1):
        self.name, self.kind = name, kind
        algorithm = ev.der_spell(ev.SEQUENCE, ev.der_spell(ev.OID, ev.oid("1.2.840.10045.4.3.2")))
        unnamed = ev.der_spell(ev.SEQUENCE, b"")
        times = b"".join(ev.der_spell(ev.GENERALIZED_TIME, t.encode()) for t in (start, end))
        body = (ev.der_spell(0xA0, self.integer(2)) + self.integer(serial) + algorithm + unnamed
                + ev.der_spell(ev.SEQUENCE, times) + unnamed + self.public_key(exponent))
        extensions = b""
        if usage is not None:
            bits = ev.der_spell(ev.BIT_STRING, bytes((0, usage)))
            extensions += ev.der_spell(ev.SEQUENCE, ev.der_spell(ev.OID, ev.KEY_USAGE) + ev.der_spell(ev.OCTET_STRING, bits))
        if padding:
            inner = ev.der_spell(ev.OCTET_STRING, ev.der_spell(ev.OCTET_STRING, padding))
            extensions += ev.der_spell(ev.SEQUENCE, ev.der_spell(ev.OID, ev.oid("1.2.3")) + inner)
        if extensions:
            body += ev.der_spell(0xA3, ev.der_spell(ev.SEQUENCE, extensions))
        self.der = ev.der_spell(ev.SEQUENCE, ev.der_spell(ev.SEQUENCE, body) + algorithm
                                + ev.der_spell(ev.BIT_STRING, b"\0nobody"))
        material = label + self.der
        self.id = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
        self.text = "%s+%s+%s" % (name, self.id.hex(), base64.b64encode(material).decode())

    @staticmethod
    def integer(number):
        return ev.der_spell(ev.INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))

    def public_key(self, exponent):
        self.secret = int.from_bytes(hashlib.sha512(self.name.encode()).digest()[:31], "big")
        if self.kind in self.PRIMES:
            p, q = self.PRIMES[self.kind]
            self.modulus = p * q
            self.secret = pow(exponent, -1, (p - 1) * (q - 1))
            algorithm = ev.der_spell(ev.OID, ev.RSA_KEY) + b"\x05\x00"
            bits = ev.der_spell(ev.SEQUENCE, self.integer(self.modulus) + self.integer(exponent))
        else:
            name = self.CURVES[self.kind]
            self.curve = ev.CURVES.get(name)
            algorithm = ev.der_spell(ev.OID, ev.EC_KEY) + ev.der_spell(ev.OID, name)
            size = 48 if self.kind == "P-384" else 32
            point = self.multiply(self.secret) if self.curve else (1, 1)
            bits = b"\x04" + point[0].to_bytes(size, "big") + point[1].to_bytes(size, "big")
        return ev.der_spell(ev.SEQUENCE, ev.der_spell(ev.SEQUENCE, algorithm) + ev.der_spell(ev.BIT_STRING, b"\0" + bits))

    def multiply(self, number):
        result = None
        for bit in format(number, "b"):
            result = ev.curve_add(self.curve, result, result)
            if bit == "1":
                result = ev.curve_add(self.curve, result, self.curve.base)
        return result

    def sign(self, message):
        if self.kind in self.PRIMES:
            return self.sign_pss(hashlib.sha256(message).digest())
        digest = (hashlib.sha384 if self.kind == "P-384" else hashlib.sha256)(message).digest()
        n, k = self.curve.order, int.from_bytes(hashlib.sha512(digest).digest()[:31], "big")
        r = self.multiply(k)[0] % n
        s = pow(k, -1, n) * (int.from_bytes(digest, "big") + r * self.secret) % n
        return ev.der_spell(ev.SEQUENCE, self.integer(r) + self.integer(s))

    def sign_pss(self, digest, salt=b"s" * 32):
        """RFC 8017 section 9.1.1."""
        bits = self.modulus.bit_length() - 1
        length = (bits + 7) // 8
        seed = hashlib.sha256(bytes(8) + digest + salt).digest()
        block = bytes(length - len(salt) - 34) + b"\x01" + salt
        mask = b"".join(hashlib.sha256(seed + struct.pack(">I", i)).digest() for i in range(length // 32 + 1))
        masked = int.from_bytes(bytes(a ^ b for a, b in zip(block, mask)), "big") & (1 << bits - 264) - 1
        encoded = masked.to_bytes(length - 33, "big") + seed + b"\xbc"
        signature = pow(int.from_bytes(encoded, "big"), self.secret, self.modulus)
        return signature.to_bytes((self.modulus.bit_length() + 7) // 8, "big")

    def line(self, text):
        return ("\u2014 %s %s\n" % (self.name, base64.b64encode(self.id + self.sign(text)).decode())).encode()


class TokenTest(unittest.TestCase):
    """Time stamp tokens in signatures, judged as the library judges them."""

    DATA = vectors("tokens.json")

    def check(self, token):
        ev.check_token(ev.parse_der(bytes.fromhex(token)), bytes.fromhex(self.DATA["value"]))

    def test_vectors(self):
        for good in self.DATA["accepted"]:
            with self.subTest(good["why"]):
                self.check(good["token"])
        for bad in self.DATA["refused"]:
            with self.subTest(bad["why"]):
                self.assertRaises(ev.Refused, self.check, bad["token"])

    def test_accuracy(self):
        def spelled(*parts):
            return ev.parse_der(ev.der_spell(ev.SEQUENCE, b"".join(ev.der_spell(tag, body) for tag, body in parts)))
        whole = ((ev.INTEGER, b"\x01"), (0x80, b"\x03\xe7"), (0x81, b"\x01"))
        self.assertEqual(1_999_001_000, ev.parse_accuracy(spelled(*whole)))
        self.assertEqual(0, ev.parse_accuracy(spelled()))
        for part in ((ev.INTEGER, b"\xff"), (ev.INTEGER, b"\0\x80\0\0\0"), (0x80, b"\0"), (0x80, b"\x03\xe8"),
                     (0x81, b"\x03\xe8"), (0x82, b"\x01"), (0x80, b"")):
            self.assertRaises(ev.Refused, ev.parse_accuracy, spelled(part))


class CaseMaker:
    """A case from scratch. Each step comes a second after the one before unless it says when."""

    PERSONS = (("mori", "A. Mori", ["officer"]), ("ito", "C. Ito", ["counsel"]), ("hayashi", "H. Hayashi", ["operator"]),
               ("sato", "K. Sato", ["approver"]), ("ono", "B. Ono", ["counsel", "approver"]), ("abe", "D. Abe", ["officer"]))

    def __init__(self, persons=PERSONS):
        self.register, self.steps, self.keys, self.now = [], [], {}, NOON
        for name, full, roles in persons:
            self.enroll(name, full, roles)

    def note(self, case, before, kind, body, signer, at, **more):
        self.now = self.now + SECOND if at is None else at
        members = {"v": 1, "vault": VAULT_ID, "case": case, "step": len(before) + 1}
        if before:
            members["previous"] = hashlib.sha256(before[-1].encode()).hexdigest()
        if case != ev.REGISTER:
            members["register"] = more.pop("register", None) or self.register_digest()
        members.update({"at": ev.format_time(self.now), "kind": kind, **more, "body": body})
        text = (ev.STEP_LABEL + "\n" + ev.spell_json(members, words=True) + "\n").encode()
        before.append((text + b"\n" + signer.line(text)).decode())
        return before[-1]

    def register_digest(self, number=0):
        return hashlib.sha256(self.register[number - 1].encode()).hexdigest()

    def enroll(self, name, full, roles, key=None, at=None, signer=VAULT_KEY):
        self.keys[name] = key or person_key(name)
        body = {"id": name, "name": full, "roles": roles, "key": self.keys[name].text}
        self.note(ev.REGISTER, self.register, "person", body, signer, at)
        return self

    def end(self, name, at=None):
        self.note(ev.REGISTER, self.register, "personEnd", {"id": name, "reason": "left"}, VAULT_KEY, at)
        return self

    def step(self, kind, who, body, at=None, signer=None, **more):
        signer = signer or (VAULT_KEY if ev.KIND_SIGNERS[kind] == ev.VAULT else self.keys[who])
        if who is not None:
            more["person"] = who
        self.note(CASE_ID, self.steps, kind, body, signer, at, **more)
        return self

    def digest(self, number=0):
        return hashlib.sha256(self.steps[number - 1].encode()).hexdigest()

    def data(self):
        return ev.spell_json({"format": ev.CASE_FORMAT, "vault": VAULT_ID, "verifierKey": VAULT_KEY.text, "case": CASE_ID,
                              "register": self.register, "steps": self.steps}).encode()

    def verify(self):
        return ev.verify_case(self.data(), VAULT_KEY.text)

    # Steps

    def open(self, **more):
        body = {"tenant": "acme", "order": "417", "issuer": "Court", "type": "production order", "jurisdiction": "JP",
                "document": "00" * 32}
        return self.step("open", "mori", body, **more)

    def review(self, who="ito", **more):
        return self.step("review", who, {"legalBasis": "Art. 99", "notice": "prohibited"}, **more)

    def scope(self, who="hayashi", at=None, signer=None, **change):
        order = {"order": "417", "issuer": "Court", "legalBasis": "Art. 99", "tenant": "acme", "actors": ["alice"],
                 "to": "2026-06-01", "requestedBy": "H. Hayashi", "approvedBy": "K. Sato", **change}
        self.document = json.dumps({n: v for n, v in order.items() if v is not None})
        self.scope_digest = hashlib.sha256(self.document.encode()).hexdigest()
        return self.step("scope", who, {"document": self.document}, at, signer)

    def approve(self, who="sato", lasts=DAY, emergency=False, scope=None, **more):
        at = more.get("at") or self.now + SECOND
        body = {"scope": scope or self.scope_digest, "expires": ev.format_time(at + lasts), "purpose": "to answer",
                "emergency": emergency}
        self.step("approve", who, body, **more)
        self.approval = self.digest()
        return self

    def confirm(self, who="ono", approval=None, **more):
        return self.step("confirm", who, {"approval": approval or self.approval}, **more)

    def export(self, who="hayashi", scope=None, approval=None, bundle="aa" * 32, **more):
        body = {"scope": scope or self.scope_digest, "approval": approval or self.approval, "bundle": bundle, "bytes": 6,
                "records": 4, "notYetAnchored": 0, "verdict": "passed", "completeness": "index", "keys": [LOG_ID]}
        return self.step("export", who, body, **more)

    def seal(self, bundle="aa" * 32, sealed="bb" * 32):
        return self.step("seal", "mori", {"bundle": bundle, "sealed": sealed, "bytes": 6, "recipient": "age1"})

    def hand_over(self, sealed="bb" * 32):
        return self.step("handover", "mori", {"sealed": sealed, "to": "Ono", "channel": "medium"})

    def acknowledge(self, seen="bb" * 32, result="passed"):
        return self.step("acknowledge", "mori", {"seen": seen, "result": result})

    def close(self, answered=False, **more):
        return self.step("close", "mori", {"answered": answered, "reason": "done"}, **more)

    def hold(self, lasts=DAY, as_of=0, **more):
        at = more.get("at") or self.now + SECOND
        return self.step("hold", "mori", {"asOf": ev.format_time(at + as_of), "until": ev.format_time(at + lasts),
                                          "secret": False, "reason": "keep"}, **more)

    def extend(self, hold, lasts, **more):
        at = more.get("at") or self.now + SECOND
        return self.step("extend", "mori", {"hold": hold, "until": ev.format_time(at + lasts), "reason": "keep"}, **more)

    def release(self, hold, who="mori", **more):
        return self.step("release", who, {"hold": hold, "reason": "over"}, **more)

    def released(self, hold, release, who="sato", **more):
        return self.step("released", who, {"hold": hold, "release": release}, **more)

    def refusal(self, **more):
        return self.step("refused", None, {"attempt": "redact", "reason": "not now"}, **more)

    def scoped(self, **change):
        return self.open().review().scope(**change)

    def approved(self, **more):
        return self.scoped().approve(**more)

    def handed_over(self):
        return self.approved().export().seal().hand_over()


class CaseTest(unittest.TestCase):
    """docs/formats/case.md: its vectors, and cases that are made here."""

    DATA = vectors("case.json")

    def refuse(self, why, maker):
        with self.assertRaisesRegex(ev.Refused, why):
            ev.verify_case(maker if isinstance(maker, bytes) else maker.data())

    def with_notes(self, steps=None, register=None, **members):
        file = json.loads(self.DATA["caseFile"])
        file.update(members)
        return ev.spell_json({**file, "register": file["register"] if register is None else register,
                              "steps": file["steps"] if steps is None else steps}).encode()

    # Vectors

    def test_vector(self):
        case = ev.verify_case(self.DATA["caseFile"].encode(), self.DATA["verifierKey"])
        self.assertEqual((self.DATA["vault"], self.DATA["verifierKey"], self.DATA["case"], "acme", self.DATA["state"]),
                         (case.vault, case.verifier_key, case.case_id, case.tenant, case.state))
        self.assertEqual(self.DATA["digests"], [step.digest for step in case.steps])
        self.assertEqual(case.steps[5].body["scope"], hashlib.sha256(case.scope_document).hexdigest())
        self.assertEqual((case.steps[5].at, case.steps[5].body["expires"], False, False), (
            case.approval.at, case.approval.expires, case.approval.emergency, case.approval.confirmed))
        self.assertEqual(self.with_notes(), self.DATA["caseFile"].encode())

    def test_refused_steps(self):
        for bad in self.DATA["refusedSteps"]:
            with self.subTest(bad["why"]):
                self.assertRaises(ev.Refused, ev.parse_step, bad["note"].encode())
                self.refuse("step 2", self.with_notes(self.DATA["steps"][:1] + [bad["note"]]))

    def test_broken_cases(self):
        for bad in self.DATA["brokenCases"]:
            with self.subTest(bad["why"]):
                self.refuse("step", self.with_notes(bad["steps"]))

    def test_settled(self):
        """What case.md settles between two readers."""
        for good in self.DATA["settled"]["accepted"]:
            with self.subTest(good["why"]):
                ev.verify_case(self.with_notes(good["steps"], good["register"], verifierKey=good["verifierKey"]))
        for bad in self.DATA["settled"]["refused"]:
            with self.subTest(bad["why"]):
                self.refuse("", self.with_notes(bad["steps"], bad["register"], verifierKey=bad["verifierKey"]))

    def test_steps_removed_swapped_and_cut(self):
        for what, refused in (("steps", False), ("register", True)):
            notes = self.DATA[what]
            for i in range(len(notes)):
                if i < len(notes) - 1:
                    self.refuse("step %d" % (i + 1), self.with_notes(**{what: notes[:i] + notes[i + 1:]}))
                    swapped = notes[:i] + [notes[i + 1], notes[i]] + notes[i + 2:]
                    self.refuse("step %d" % (i + 1), self.with_notes(**{what: swapped}))
                self.refuse("step %d" % (i + 2), self.with_notes(**{what: notes[:i + 1] + notes[i:]}))
                cut = self.with_notes(**{what: notes[:i]})
                if refused:
                    self.refuse("names no note of the register", cut)
                elif i:
                    self.assertEqual(notes[:i], [s.note.text.decode() + "\n" + self.line_of(notes, s) for s in
                                                 ev.verify_case(cut).steps])
        states = [ev.verify_case(self.with_notes(self.DATA["steps"][:i])).state for i in range(1, 14)]
        self.assertEqual("opened,reviewed,reviewed,scoped,scoped,approved,exported,sealed,handed over,acknowledged,"
                         "acknowledged,acknowledged,closed", ",".join(states))

    @staticmethod
    def line_of(notes, step):
        return notes[step.number - 1].split("\n\n")[1]

    def test_signatures_of_others(self):
        """Each signature under each step, and each person's, made anew, under steps that are another's."""
        for what in ("steps", "register"):
            notes = self.DATA[what]
            for i, note in enumerate(notes):
                other = notes[i - 1].split("\n\n")[1]
                changed = notes[:i] + [note.split("\n\n")[0] + "\n\n" + other] + notes[i + 1:]
                self.refuse("step %d: is not signed with the" % (i + 1), self.with_notes(**{what: changed}))
        for who in ("mori", "hayashi", "ono"):
            self.refuse("step 2: is not signed with the key of ito", CaseMaker().open().review(signer=person_key(who)))
        self.refuse("register, step 7: is not signed", CaseMaker().open().enroll(
            "kato", "E. Kato", ["officer"], signer=person_key("mori")))
        self.refuse("step 2: is not signed", CaseMaker().open().refusal(signer=person_key("mori")))

    def test_every_byte_counts(self):
        data = self.DATA["caseFile"].encode()
        for at in range(0, len(data), 1 if os.environ.get("EVAULT_ALL") else 83):
            changed = bytearray(data)
            changed[at] ^= 1 << at % 8
            with self.assertRaises(ev.Refused, msg="byte %d" % at):
                ev.verify_case(bytes(changed), self.DATA["verifierKey"])

    # The file

    def test_file(self):
        data = CaseMaker().open().data()
        self.assertEqual("opened", ev.verify_case(data).state)
        self.assertEqual("opened", ev.verify_case(data, VAULT_KEY.public).state)
        with self.assertRaisesRegex(ev.Refused, "key that was given"):
            ev.verify_case(data, self.DATA["verifierKey"])
        other = VAULT_ID[::-1]
        for change in ((b'"steps"', b'"Steps"'), (b"case/1", b"case/2"), (b'{"format"', b'{ "format"'),
                       (VAULT_KEY.text.encode(), POST_QUANTUM_KEY.text.encode()),
                       (VAULT_KEY.text.encode(), person_key("mori").text.encode()),
                       (b'{"format":"evidence-vault-case/1","vault":"' + VAULT_ID.encode(),
                        b'{"format":"evidence-vault-case/1","vault":"' + other.encode()),
                       (b'"case":"%s"' % CASE_ID.encode(), b'"case":"register"'),
                       (b'"case":"%s"' % CASE_ID.encode(), b'"case":"0123456789ac"')):
            self.assertIn(change[0], data)
            self.refuse(".", data.replace(change[0], change[1], 1))
        for bad in (b"", b"{}", b"[]", data + b"\n", data[:-1], b"\xff" + data, self.with_notes([]), self.with_notes(["x"]),
                    self.with_notes(register=[])):
            self.refuse(".", bad)
        for steps in (None, "x", 1, {}, [1], [None], ["\ud800"]):
            file = {**json.loads(data), "steps": steps}
            self.refuse(".", json.dumps(file, separators=(",", ":")).encode())

    def test_limits(self):
        self.refuse("more than 64 MiB", b" " * (ev.MAX_CASE_FILE + 1))
        self.refuse("at most 100,000", self.with_notes([""] * 100_001))
        self.refuse("at most 100,000", self.with_notes(register=[""] * 100_001))
        big = CaseMaker().open().review().scope(actors=["x" * 8000 + str(i) for i in range(135)])
        self.refuse("step 3: a note of more than 1 MiB", big)
        big = CaseMaker().open().review().scope(actors=["x" * 8000 + str(i) for i in range(130)])
        self.assertEqual("scoped", big.verify().state)

    def test_members_of_bodies(self):
        """Every member of every kind: left out, another type, and one more."""
        whole = {"open": {"tenant": "a", "order": "1", "issuer": "c", "type": "t", "jurisdiction": "j",
                          "deadline": ev.format_time(NOON), "document": "00" * 32, "callback": "c"},
                 "review": {"legalBasis": "a", "notice": "deferred", "noticeUntil": ev.format_time(NOON), "conflict": "x",
                            "fee": "y"},
                 "notice": {"notice": "allowed", "reason": "x"},
                 "acknowledge": {"seen": "00" * 32, "result": "passed", "statement": "s"},
                 "export": {"scope": "00" * 32, "approval": "00" * 32, "bundle": "00" * 32, "bytes": 0, "records": 0,
                            "notYetAnchored": 0, "verdict": "v", "completeness": "c", "keys": []},
                 "hold": {"asOf": ev.format_time(NOON), "until": ev.format_time(NOON), "secret": True, "reason": "x"},
                 "person": {"id": "a.b-1", "name": "n", "roles": ["officer", "approver"], "key": "k"},
                 "refused": {"attempt": "person", "reason": "x"}}
        for kind, body in whole.items():
            self.assertEqual(list(body), list(ev.parse_body(kind, body)))
            for name in body:
                for value in (None, 7.5, -1, "", " ", "\x7f", [1], {}, "x" * 1001):
                    if (name, value) != ("key", value) or not isinstance(value, str):
                        self.assertRaises(ev.Refused, ev.parse_body, kind, {**body, name: value})
                if name + "?" not in ev.BODIES[kind] or name == "noticeUntil":
                    self.assertRaises(ev.Refused, ev.parse_body, kind, {n: v for n, v in body.items() if n != name})
            self.assertRaises(ev.Refused, ev.parse_body, kind, {**body, "more": "x"})
        for roles in ([], ["approver", "officer"], ["officer", "officer"], ["judge"], [["officer"]]):
            self.assertRaises(ev.Refused, ev.parse_body, "person", {**whole["person"], "roles": roles})
        for name in ("", "-a", ".a", "A", "a" * 65, "a b", "\u00e4"):
            self.assertRaises(ev.Refused, ev.parse_body, "person", {**whole["person"], "id": name})
        self.assertRaises(ev.Refused, ev.parse_body, "notice", {**whole["notice"], "notice": "allowed", "noticeUntil": 1})
        self.assertRaises(ev.Refused, ev.parse_body, "notice", {
            "notice": "allowed", "noticeUntil": ev.format_time(NOON), "reason": "x"})

    # The register

    def test_register(self):
        maker = CaseMaker().open()
        maker.enroll("mori", "a. Mori", ["counsel"], NoteKey("mori", ev.ED25519, b"2" * 32))
        self.assertEqual("reviewed", maker.review("mori").verify().state)
        maker.end("mori")
        self.assertEqual("reviewed", maker.verify().state)
        self.refuse("step 3: mori is not registered", maker.review("mori"))
        maker = CaseMaker().enroll("mori", "A. Mori", ["officer"], NoteKey("mori", ev.ED25519, b"2" * 32))
        self.refuse("step 1: is not signed with the key of mori", maker.open(signer=person_key("mori")))
        self.refuse("step 2: zoe is not registered", CaseMaker().open().step(
            "notice", "zoe", {"notice": "allowed", "reason": "x"}, signer=person_key("zoe")))
        self.refuse("step 1: mori is not registered", CaseMaker().end("mori").open())
        self.assertEqual("opened", CaseMaker().end("mori").enroll("mori", "A. Mori", ["officer"]).open().verify().state)

    def test_names_and_keys_belong_to_one_id(self):
        self.refuse("register, step 7: the name", CaseMaker().open().enroll("kato", "a.\u3000MORI", ["officer"]))
        self.refuse("register, step 8: the name", CaseMaker().open().end("mori").enroll("kato", "A. Mori", ["officer"]))
        same = NoteKey("kato", ev.ED25519, hashlib.sha256(b"mori").digest())
        self.refuse("register, step 7: the key", CaseMaker().open().enroll("kato", "E. Kato", ["officer"], same))
        self.refuse("register, step 7: a key that is not named", CaseMaker().open().enroll(
            "kato", "E. Kato", ["officer"], person_key("x")))
        self.refuse("register, step 7: ends a person", CaseMaker().open().end("kato"))
        self.refuse("register, step 8: ends a person", CaseMaker().open().end("mori").end("mori"))
        post_quantum = NoteKey("kato", ev.ML_DSA_44, bytes(32))
        self.refuse("register, step 7: a person's key that", CaseMaker().open().enroll("kato", "E. Kato", ["officer"], post_quantum))

    def test_register_is_the_last_one(self):
        maker = CaseMaker().open()
        first = maker.register_digest()
        maker.enroll("kato", "E. Kato", ["officer"])
        at = maker.now
        self.assertEqual("reviewed", maker.review(register=first, at=at).verify().state)
        self.refuse("step 3: names a note of the register that was not the last", maker.review(register=first, at=at + 1))
        maker = CaseMaker().enroll("kato", "E. Kato", ["officer"]).open()
        self.refuse("step 2: names an earlier note", maker.review(register=maker.register_digest(-1)))
        late = CaseMaker()
        late.open(at=late.now - 1)
        self.refuse("step 1: names a note of the register that was not", late)
        self.refuse("step 1: names no note", CaseMaker().open(register="00" * 32))
        self.refuse("register, step 7: is dated before", CaseMaker().open().enroll("kato", "E. Kato", ["officer"], at=NOON))

    # States

    def test_whole_case(self):
        maker = CaseMaker().handed_over()
        self.assertEqual("handed over", maker.acknowledge(result="failed").verify().state)
        self.assertEqual("handed over", maker.acknowledge(seen="cc" * 32).verify().state)
        self.assertEqual("acknowledged", maker.acknowledge().verify().state)
        self.refuse("step 10: answered", CaseMaker().handed_over().acknowledge(result="failed").acknowledge().close(False))
        self.refuse("step 8: answered", CaseMaker().handed_over().close(True))
        maker.close(True).refusal().step("notice", "ito", {"notice": "allowed", "reason": "over"})
        self.assertEqual("closed", maker.verify().state)
        self.assertEqual("closed", CaseMaker().open().close().verify().state)

    def test_states(self):
        """Which steps are possible in which state: the others are refused for that reason."""
        ready = {"opened": lambda m: m.open(), "reviewed": lambda m: m.open().review(), "scoped": lambda m: m.scoped(),
                 "approved": lambda m: m.approved(), "exported": lambda m: m.approved().export(),
                 "sealed": lambda m: m.approved().export().seal(), "handed over": lambda m: m.handed_over(),
                 "acknowledged": lambda m: m.handed_over().acknowledge(), "closed": lambda m: m.open().close()}
        possible = {"opened": "review", "reviewed": "review scope", "scoped": "scope approve", "closed": "",
                    "approved": "scope approve export", "exported": "approve export seal", "sealed": "seal handover",
                    "handed over": "handover acknowledge", "acknowledged": ""}
        leads = {"review": "reviewed", "scope": "scoped", "approve": "approved", "export": "exported", "seal": "sealed",
                 "handover": "handed over", "acknowledge": "acknowledged"}
        steps = {"open": lambda m: m.open(), "review": lambda m: m.review(), "scope": lambda m: m.scope(),
                 "approve": lambda m: m.approve(), "export": lambda m: m.export(), "seal": lambda m: m.seal(),
                 "handover": lambda m: m.hand_over(), "acknowledge": lambda m: m.acknowledge()}
        for state, make in ready.items():
            for kind, step in steps.items():
                maker = CaseMaker()
                maker.scope_digest = maker.approval = "00" * 32
                make(maker)
                with self.subTest(state=state, kind=kind):
                    step(maker)
                    if kind in possible[state].split():
                        self.assertEqual(leads[kind], maker.verify().state)
                    else:
                        self.refuse("%s is not possible in a case that is %s" % (kind, state), maker)
        self.refuse("step 1: review is not possible", CaseMaker().review())
        self.refuse("step 1: refused is not possible", CaseMaker().refusal())
        self.refuse("step 3: hold is not possible", CaseMaker().open().close().hold())

    def test_roles(self):
        self.refuse("step 2: mori is no counsel", CaseMaker().open().review("mori"))
        self.refuse("step 2: sato is no counsel", CaseMaker().open().step(
            "notice", "sato", {"notice": "allowed", "reason": "x"}))
        self.refuse("step 4: hayashi is no approver", CaseMaker().scoped().approve("hayashi"))
        self.refuse("step 5: mori is no approver", CaseMaker().approved(emergency=True).confirm("mori"))
        self.refuse("step 4: abe is no approver", CaseMaker().open().hold().release(2).released(2, 3, "abe"))

    # Rules

    def test_order(self):
        for why, change in (("another tenant", {"tenant": "Acme"}), ("another tenant", {"order": "418"}),
                            ("another tenant", {"issuer": "Police"}), ("not requested by", {"requestedBy": "A. Mori"}),
                            ("without to", {"to": None}), ("without to", {"actors": None}),
                            ("had expired", {"expires": "2026-05-01"}), ("are the same", {"approvedBy": "H.  Hayashi"}),
                            ("no list", {"actors": []}), ("another name", {"x": 1})):
            self.refuse("step 3: .*" + why, CaseMaker().scoped(**change))
        for change in ({"actors": None, "from": "2026-05-01"}, {"actors": None, "services": ["files"]},
                       {"requestedBy": "h. \u200bHAYASHI"}, {"expires": "2026-06-01"}):
            maker = CaseMaker().scoped(**change)
            self.assertEqual(maker.document.encode(), maker.verify().scope_document)

    def test_approval(self):
        case = CaseMaker().approved().verify()
        self.assertEqual((case.steps[3].at, case.steps[3].at + DAY, False, False), (
            case.approval.at, case.approval.expires, case.approval.emergency, case.approval.confirmed))
        self.assertEqual("approved", CaseMaker().approved(lasts=90 * DAY).verify().state)
        self.refuse("step 4: an approval that expires", CaseMaker().approved(lasts=90 * DAY + 1))
        self.refuse("step 4: an approval that expires", CaseMaker().approved(lasts=0))
        self.refuse("step 4: an approval of another scope", CaseMaker().approved(scope="00" * 32))
        self.refuse("step 4: an approval by another person", CaseMaker().approved(who="ono"))
        maker = CaseMaker().approved()
        old = maker.scope_digest
        case = maker.scope(actors=["bob"]).verify()
        self.assertEqual(("scoped", None), (case.state, case.approval))
        self.refuse("step 6: an approval of another scope", maker.approve(scope=old))

    def test_approval_by_who_wrote_the_scope_or_exported(self):
        """Nor under another name, which the id cannot have."""
        maker = CaseMaker().enroll("hayashi", "H. Hayashi", ["operator", "approver"]).scoped(approvedBy="H. Yamada")
        maker.enroll("hayashi", "H. Yamada", ["approver"]).approve("hayashi")
        self.refuse("register, step 8: the name is that of another id, or the id that of another", maker)
        maker = CaseMaker().enroll("mori", "A. Mori", ["officer", "approver"]).approved().export("mori")
        maker.approve("sato").scope(approvedBy="A. Mori").approve("mori")
        self.refuse("step 8: an approval by who signed the scope, asked for a redaction, or exported", maker)

    def test_export(self):
        maker = CaseMaker().approved().export()
        self.assertEqual("exported", maker.export("mori", bundle="cc" * 32).verify().state)
        self.refuse("step 7: seals another bundle", maker.seal())
        self.refuse("step 5: an export of another scope", CaseMaker().approved().export(scope="00" * 32))
        self.refuse("step 5: an export of another scope", CaseMaker().approved().export(approval="00" * 32))
        self.refuse("step 5: an export by who approved", CaseMaker().approved().export("sato"))
        first = CaseMaker().approved()
        approval = first.approval
        self.refuse("step 6: an export of another scope or approval", first.approve().export(approval=approval))
        self.refuse("step 6: an export by who approved", CaseMaker().approved(emergency=True).confirm().export("ono"))
        for late, good in ((DAY - 1, True), (DAY, False), (DAY + 1, False)):
            maker = CaseMaker().approved()
            maker.export(at=maker.now + late)
            if good:
                self.assertEqual("exported", maker.verify().state)
            else:
                self.refuse("step 5: the approval had expired", maker)
        maker = CaseMaker().scoped(expires="2026-05-01T14:00:00Z").approve()
        self.refuse("step 5: the order had expired", maker.export(at=NOON + 2 * HOUR))

    def test_seal_and_handover(self):
        self.refuse("step 6: seals another bundle", CaseMaker().approved().export().seal(bundle="cc" * 32))
        self.refuse("step 7: hands over another", CaseMaker().approved().export().seal().hand_over("cc" * 32))
        self.refuse("step 8: hands over another", CaseMaker().approved().export().seal().seal(sealed="cc" * 32).hand_over())

    def test_emergency(self):
        maker = CaseMaker(CaseMaker.PERSONS + (("kato", "E. Kato", ["operator"]),)).scoped(approvedBy="E. Kato")
        maker.approve("kato", emergency=True).export()
        at = maker.now - SECOND
        case = maker.verify()
        self.assertEqual((True, False), (case.approval.emergency, case.approval.confirmed))
        steps, register, approval = list(maker.steps), list(maker.register), maker.approval

        def again():
            maker.steps, maker.register, maker.now, maker.approval = list(steps), list(register), at + SECOND, approval
            return maker
        case = again().confirm(at=at + DAY - 1).verify()
        self.assertEqual((True, True), (case.approval.emergency, case.approval.confirmed))
        self.refuse("step 6: an approval in an emergency was not confirmed", again().confirm(at=at + DAY))
        self.refuse("step 6: an approval in an emergency was not confirmed", again().hold(at=at + DAY))
        self.refuse("step 6: an approval in an emergency was not confirmed", again().close(at=at + DAY))
        self.assertEqual("exported", again().refusal(at=at + DAY).verify().state)
        self.refuse("step 7: an approval in an emergency was not", again().refusal(at=at + DAY).seal())
        self.refuse("step 6: .*while one in an emergency", again().approve("kato", emergency=True))
        self.refuse("step 6: .*while an approval in an emergency", again().close())
        self.refuse("step 6: confirms no approval", again().confirm(approval="00" * 32))
        self.refuse("step 7: confirms no approval", again().confirm().confirm("sato"))
        for who in ("kato", "hayashi"):
            full = {"kato": "E. Kato", "hayashi": "H. Hayashi"}[who]
            self.refuse("step 6: an approval that is confirmed by", again().enroll(who, full, ["approver"]).confirm(who))
        self.refuse("step 4: an approval that expires", CaseMaker().approved(emergency=True, lasts=DAY + 1))
        self.refuse("step 5: confirms no approval", CaseMaker().approved().confirm())

    def test_emergency_under_a_new_scope(self):
        """The approval ended with its scope; it has to be confirmed all the same."""
        maker = CaseMaker().approved(emergency=True).scope(actors=["bob"])
        old = list(maker.steps)
        self.refuse("step 6: .*while one in an emergency", maker.approve())
        maker.steps = old
        maker.approval = maker.digest(4)
        self.assertEqual("approved", maker.confirm().approve().verify().state)

    def test_export_by_time(self):
        def check(maker, time, why=None):
            if why is None:
                maker.verify().check_export_at(time)
            else:
                with self.assertRaisesRegex(ev.Refused, why):
                    maker.verify().check_export_at(time)
        check(CaseMaker().scoped(), NOON + HOUR, "not possible in a case that is scoped")
        maker = CaseMaker().approved(emergency=True)
        check(maker, maker.now)
        check(maker, maker.now - 1, "before the last step")
        check(maker, maker.now + DAY - 1)
        check(maker, maker.now + DAY, "not confirmed within 24 hours")
        maker.confirm()
        check(maker, maker.now)
        check(maker.export(), maker.now)
        check(maker.seal(), maker.now, "not possible in a case that is sealed")
        check(CaseMaker().approved().scope(), NOON + HOUR, "scoped")
        check(CaseMaker().open().close(), NOON + HOUR, "closed")
        maker = CaseMaker().scoped(expires="2026-05-01T14:00:00Z").approve()
        check(maker, NOON + 2 * HOUR - 1)
        check(maker, NOON + 2 * HOUR, "the order had expired")

    def test_holds(self):
        self.refuse("step 2: a hold as of a later time", CaseMaker().open().hold(as_of=1))
        self.refuse("step 2: a hold that does not end later", CaseMaker().open().hold(lasts=0))
        self.assertEqual("opened", CaseMaker().open().hold(lasts=3660 * DAY).verify().state)
        self.refuse("step 2: a hold that does not end", CaseMaker().open().hold(lasts=3660 * DAY + 1))
        self.refuse("step 3: a case that is closed while a hold", CaseMaker().open().hold().close())
        self.refuse("step 3: an extension that does not", CaseMaker().open().hold().extend(2, DAY - SECOND))
        self.refuse("step 3: a hold that does not end", CaseMaker().open().hold().extend(2, 3660 * DAY + 1))
        self.refuse("step 4: a case that is closed", CaseMaker().open().hold().extend(2, DAY).close(
            at=NOON + DAY + 9 * SECOND - 1))
        self.assertEqual("closed", CaseMaker().open().hold().extend(2, DAY).close(at=NOON + DAY + 9 * SECOND).verify().state)
        maker = CaseMaker().open().hold()
        self.assertEqual("closed", maker.close(at=maker.now + DAY).verify().state)
        released = CaseMaker().open().hold().release(2).released(2, 3)
        self.assertEqual("closed", released.close().verify().state)
        for step in (lambda m: m.extend(2, 2 * DAY), lambda m: m.release(2), lambda m: m.released(2, 3)):
            maker = CaseMaker().open().hold().release(2).released(2, 3)
            self.refuse("step 5: hold 2 is not in force", step(maker))
        self.refuse("step 3: hold 1 is not in force", CaseMaker().open().hold().release(1))
        self.refuse("step 3: step 2 does not ask", CaseMaker().open().hold().released(2, 2))
        self.refuse("step 5: step 4 does not ask", CaseMaker().open().hold().hold().release(3).released(2, 4))
        self.refuse("step 4: a hold that is released by who", CaseMaker().open().hold().release(2, "sato").released(2, 3))

    # Certificates

    def with_certificate(self, **options):
        return CaseMaker().enroll("ito", "C. Ito", ["counsel"], CertificateKey("ito", **options)).open()

    def test_certificates(self):
        for options in ({}, {"kind": "P-384"}, {"kind": "RSA"}, {"usage": 0x80}, {"usage": 0x40},
                        {"kind": "RSA", "usage": 0xC0}):
            maker = self.with_certificate(**options).review()
            self.assertEqual("reviewed", maker.verify().state)
            body, line = maker.steps[1].split("\n\n")
            name, data = line.rsplit(" ", 1)
            for at in (0, 4, 5, 20, -1):
                raw = bytearray(base64.b64decode(data))
                raw[at] ^= 1
                changed = "%s\n\n%s %s\n" % (body, name, base64.b64encode(raw).decode())
                maker.steps[1] = changed
                self.refuse("step 2: is not signed with the key of ito", maker)
            self.refuse("step 2: is not signed", self.with_certificate(**options).review(signer=person_key("ito")))

    def test_certificate_validity(self):
        for start, end, good in (("20260501120000Z", "20260501120100Z", True), ("20260501120008Z", "20260501120100Z", True),
                                 ("20260501120009Z", "20260501120100Z", True), ("20260501120010Z", "20260501120100Z", False),
                                 ("20260501000000Z", "20260501120009Z", True), ("20260501000000Z", "20260501120008Z", False)):
            maker = self.with_certificate(start=start, end=end)
            maker.review(at=NOON + 9 * SECOND)
            if good:
                self.assertEqual("reviewed", maker.verify().state)
            else:
                self.refuse("step 2: the certificate of ito was not valid then", maker)
        maker = self.with_certificate(end="20260501120009Z")
        self.refuse("step 2: the certificate", maker.review(at=NOON + 9 * SECOND + 1))

    def test_certificates_that_are_not_taken(self):
        for why, options in (("RSA key of a length", {"kind": "short RSA"}), ("neither RSA nor", {"kind": "secp256k1"}),
                             ("neither digitalSignature", {"usage": 0x20}), ("more than 16 KiB", {"padding": b"x" * 16300}),
                             ("that is no certificate", {"label": b"\xffevidencevault.dev/x509/v2\n"}),
                             ("that is no certificate", {"label": b"\xff"}),
                             ("exponent", {"kind": "RSA", "exponent": 2**521 - 1})):
            self.refuse("register, step 7: .*" + why, self.with_certificate(**options))
        self.assertEqual("opened", self.with_certificate(padding=b"x" * 16000).verify().state)
        key = CertificateKey("ito")
        for text in (key.text[:-4], key.text.replace("+" + key.id.hex(), "+00000000"), "ito", "ito+", "ito++",
                     "ito+00000000+"):
            self.assertRaises(ev.Refused, ev.parse_person_key, text, "ito")
        material = ev.X509_KEY + key.der
        for at in range(0, len(material), 7):
            with contextlib.suppress(ev.Refused):
                changed = bytearray(material)
                changed[at] ^= 0x15
                key_id = hashlib.sha256(b"ito\n" + changed).hexdigest()[:8]
                ev.parse_person_key("ito+%s+%s" % (key_id, base64.b64encode(changed).decode()), "ito")

    def test_certificates_of_one_key(self):
        """They are one key, so a person may have one after the other, and another person none of them."""
        maker = self.with_certificate().enroll("ito", "C. Ito", ["counsel"], CertificateKey("ito", serial=2))
        self.assertEqual("reviewed", maker.review().verify().state)
        other = CertificateKey("ito", serial=3)
        material = ev.X509_KEY + other.der
        other.text = "kato+%s+%s" % (hashlib.sha256(b"kato\n" + material).hexdigest()[:8],
                                     base64.b64encode(material).decode())
        self.refuse("register, step 8: the key is that of another id", self.with_certificate().enroll(
            "kato", "E. Kato", ["officer"], other))

    # The command

    def run_command(self, data, *arguments):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "case.json")
            with open(path, "wb") as stream:
                stream.write(data)
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = ev.main([path, *arguments])
            return code, out.getvalue().splitlines(), err.getvalue()

    def test_command(self):
        data = self.DATA["caseFile"].encode()
        code, lines, _ = self.run_command(data, "--key", self.DATA["verifierKey"])
        self.assertEqual((0, "PASSED", 13), (code, lines[-1], sum(", sha256 " in line for line in lines)))
        self.assertFalse(any("no key was given" in line for line in lines))
        code, lines, _ = self.run_command(data)
        self.assertTrue(code == 0 and any("no key was given" in line for line in lines))
        code, lines, _ = self.run_command(data, "--key", VAULT_KEY.text)
        self.assertTrue(code == 3 and lines[-1].startswith("FAILED: the case is not of the key"))
        code, lines, _ = self.run_command(self.with_notes(self.DATA["brokenCases"][-1]["steps"]))
        self.assertEqual((3, "FAILED: step 5: is not signed with the vault's key", 4),
                         (code, lines[-1], sum(", sha256 " in line for line in lines)))
        self.assertEqual(3, self.run_command(data[:-1])[0])
        for arguments in (("--signer-root", "x.pem"), ("--witness", WITNESS.text), ("--key", POST_QUANTUM_KEY.text),
                          ("--key", VAULT_KEY.text, "--key", self.DATA["verifierKey"])):
            code, lines, error = self.run_command(data, *arguments)
            self.assertEqual((2, []), (code, lines))
            self.assertIn("one --key", error)


class HostileInputTest(unittest.TestCase):
    def test_noise(self):
        """Whatever is refused is refused without another exception."""
        state = hashlib.shake_256(b"noise").digest(40000)
        for i in range(200):
            piece = state[200 * i:200 * i + 200]
            verify_bytes(piece)
            verify_bytes(piece + b"PK\x05\x06" + piece[:18])
            for parse in (ev.parse_json, ev.parse_note, ev.parse_checkpoint, ev.parse_header, ev.parse_manifest):
                with contextlib.suppress(ev.Refused):
                    parse(piece)

    def test_every_file_replaced(self):
        hostile = (b"", b"\n", b"null", b"[]", b"{}", b"\xff", b"[" * 5000, b'{"format":' + b"9" * 5000 + b"}",
                   b'"\\ud800"', b'{"seal":"\\ud800"}\n', b"\0" * 100, b"\n\n\n", b'{"salt":1,"seal":2}\n')
        for name in sorted(ev.ALL_FILES - {"README.txt", "bag-info.txt"}):
            for data in hostile:
                when = "late" if name in (ev.MANIFEST, ev.TAG_MANIFEST, ev.SIGNATURE) else "change"
                report = Maker(**{when: {name: lambda before, data=data: data}}).verify()
                self.assertEqual("failed", report.verdict(), (name, data[:20]))

    def test_findings_are_bounded(self):
        report = ev.Report()
        for i in range(1000):
            report.fail("records", "", "x")
        self.assertEqual(ev.MAX_FINDINGS, len(report.as_json()["findings"]))
        self.assertEqual(800, report.as_json()["findingsLeftOff"])


if __name__ == "__main__":
    unittest.main()
