"""Tests of the second verifier. Standard library only:

    python3 -m unittest discover -s verifier

EVAULT_ALL=1 flips every byte of the small bundle instead of every seventh.
"""

import base64
import contextlib
import hashlib
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import evault_verify as ev  # noqa: E402

VECTORS = os.path.join(os.path.dirname(HERE), "docs", "formats", "vectors")
SMALL_BUNDLE = os.path.join(VECTORS, "small-bundle.zip")


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


def tag(name):
    return digest(b"tag", name.encode())[:16]


def time_of(day, second=0):
    return ev.parse_time("2026-05-%02dT12:00:%02d.000000000Z" % (day, second))


def event(day, actor="alice", behalf=None, service=None, privileged=False, **more):
    """A record to log. The member line, header and so on can be given to change what follows from it."""
    return dict(day=day, actor=actor, behalf=behalf, service=service, privileged=privileged, **more)


def gap(day, **more):
    return dict(day=day, gap=True, actor=None, behalf=None, service=None, privileged=False, **more)


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
        self.tree = ev.Tree()
        self.lines = {name: [] for name in (ev.SEGMENTS, ev.LEAVES, ev.RECORDS, ev.ORIGINALS)}
        self.counts = {}

    def line(self, item):
        seq = self.tree.size
        time = ev.format_time(time_of(item["day"]))
        members = {"v": 1, "seq": seq, "recordedAt": ev.format_time(time_of(10, seq))}
        if item.get("gap"):
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

    def add(self, item, shown_segment):
        seq = self.tree.size
        actors = [a for a in (item["actor"], item["behalf"]) if a]
        kind = ev.GAP if item.get("gap") else ev.EVENT
        line, salt = self.line(item), digest(b"salt%d" % seq)
        head = bytes((1, kind, item["privileged"], len(actors))) + bytes.fromhex(LOG_ID) + struct.pack(
            ">qqq", seq, time_of(10, seq), time_of(item["day"]))
        head += tag(item["service"]) if item["service"] else bytes(16)
        for actor in actors:
            count = self.counts.get(actor, -1) + 1 + item.get("jump", 0)
            self.counts[actor] = count
            head += tag(actor) + struct.pack(">q", count)
        head += ev.record_commitment(salt, line)
        head = item.get("header", lambda h: h)(head)
        asked = ev.asks_for(self.parsed, kind, time_of(item["day"]), item["privileged"], actors, item["service"],
                            self.parsed.actors or (), self.parsed.services or ())
        if shown_segment:
            leaf = {"header": head.hex()}
            if asked != item.get("wrong", False):
                leaf["salt"] = salt.hex()
                self.lines[ev.RECORDS].append(line + b"\n")
                if "original" in item:
                    self.lines[ev.ORIGINALS].append(item["original"].encode() + b"\n")
            self.lines[ev.LEAVES].append(ev.spell_json(leaf).encode() + b"\n")
        self.tree.append(ev.hash_leaf(head))

    def segment(self, number, items):
        first = self.tree.size
        days = [time_of(item["day"]) for item in items]
        inside = ev.is_in_time(self.parsed, min(days), max(days))
        before = ev.Tree()
        before.nodes, before.size = list(self.tree.nodes), first
        for item in items:
            self.add(item, inside)
        seq = self.tree.size
        self.events = getattr(self, "events", 0) + len(items)
        seal = {"segment": number, "firstSeq": first, "events": self.events, "occurredFrom": ev.format_time(min(days)),
                "occurredTo": ev.format_time(max(days))}
        if number > 1:
            seal["previousSeal"] = self.previous.hex()
        seal.update(fileHeader="00" * 32, blocks=["00" * 32], tree=[h.hex() for h in self.tree.range()], keys="00" * 32)
        seal.update(self.options.get("seal", {}).get(number, {}))
        members = {"v": 1, "seq": seq, "recordedAt": ev.format_time(time_of(10, seq)), "type": "seal", "seal": seal}
        members.update(self.options.get("sealHead", {}).get(number, {}))
        line, salt = ev.spell_json(members).encode(), digest(b"salt%d" % seq)
        entry = {"salt": salt.hex()}
        if not inside:
            entry["subtrees"] = self.subtrees(before, seq, items)
        entry["seal"] = line.decode()
        self.lines[ev.SEGMENTS].append(ev.spell_json(entry).encode() + b"\n")
        parsed = ev.SealRecord(members["seq"], ev.parse_time(members["recordedAt"]), *[None] * 7)
        self.previous = ev.hash_leaf(ev.seal_header(bytes.fromhex(LOG_ID), parsed, salt, line))
        self.tree.append(self.previous)

    def subtrees(self, before, end, items):
        """The compact range [before.size, end), from the leaves that were just hashed: rebuilt from scratch."""
        leaves, position, result = self.leaf_hashes(before, items), 0, []
        for level in ev.range_levels(before.size, end):
            tree = ev.Tree()
            for leaf in leaves[position:position + (1 << level)]:
                tree.append(leaf)
            position += 1 << level
            result.append(tree.root().hex())
        return result

    def leaf_hashes(self, before, items):
        again = Maker(order=self.order)
        again.tree.nodes, again.tree.size = list(before.nodes), before.size
        again.counts = self.counts_before
        hashes, append = [], again.tree.append
        again.tree.append = lambda leaf: (hashes.append(leaf), append(leaf))
        for item in items:
            again.add(item, False)
        return hashes

    def files(self):
        for number, items in enumerate(self.log, 1):
            self.counts_before = dict(self.counts)
            self.segment(number, items)
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
        self.sign(files)
        for name, change in self.options.get("late", {}).items():
            files[name] = change(files[name])
        return {name: data for name, data in files.items() if data is not None}

    def scope(self):
        scope = {"format": "evidence-vault-scope/%d" % (2 if self.pq else 1), "logId": LOG_ID}
        for name in ("actors", "services"):
            scope[name] = {n: tag(n).hex() for n in sorted(self.order.get(name, ()))}
        scope["verifierKey"] = VAULT_KEY.text
        if self.pq:
            scope["postQuantumKey"] = POST_QUANTUM_KEY.text
        scope.update(self.options.get("scope", {}))
        return ev.spell_json(scope).encode()

    def anchor(self, files):
        text = "%s%s\n%d\n%s\n" % (ev.LOG_ORIGIN, LOG_ID, self.tree.size, base64.b64encode(self.tree.root()).decode())
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
    def sign(files):
        files[ev.MANIFEST] = b"".join(
            b"%s  %s\n" % (digest(files[n]).hex().encode(), n.encode()) for n in sorted(ev.PAYLOAD))
        files[ev.TAG_MANIFEST] = b"".join(
            b"%s  %s\n" % (digest(files[n]).hex().encode(), n.encode())
            for n in sorted(files) if n not in ev.PAYLOAD and n != ev.TAG_MANIFEST)
        text = b"evidence-vault/bundle/v1\n%s\n" % digest(files[ev.TAG_MANIFEST]).hex().encode()
        files[ev.SIGNATURE] = text + b"\n" + VAULT_KEY.line(text)

    def verify(self, keys=(), witnesses=()):
        return verify_bytes(zip_bytes({"bag/" + n: d for n, d in self.files().items()}), keys, witnesses)


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
                     '["\t"]', '["\\x"]', '["\\ud800"]', '["\\udc00\\ud800"]', "['a']", '\ufeff{}', '[1]\x0c',
                     '[\u00a01]',
                     '', '{', '[', '"', '"\\', '"\\u12', '{"a"', '{"a":', 'nul', '[' * 201 + ']' * 201, '[' * 100000,
                     '{"' + "a" * 50001 + '":1}', '[1' + "0" * 1000 + ']', '["\\u00zz"]', '["\\ud800\\u0041"]'):
            self.refuse(ev.parse_json, text.encode())
        self.refuse(ev.parse_json, b'["\xff"]')
        self.refuse(ev.parse_json, b'["\xed\xa0\x80"]')
        self.assertEqual(["\U0001f4c4", 1, True, None, -5], ev.parse_json(b' ["\\ud83d\\udcc4", 1,true,\tnull\r\n,-5]'))
        self.assertIsInstance(ev.parse_json(b"[1.0]")[0], ev.RealNumber)
        ev.parse_json(b"[" * 200 + b"]" * 200)

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
        self.assertEqual(seal.tree, tree.range())

    def test_refused(self):
        for line in self.DATA["refusedLines"]:
            with self.assertRaises(ev.Refused, msg=line):
                ev.parse_record(line.encode())
        for case in self.DATA["refusedHeaders"]:
            with self.assertRaises(ev.Refused, msg=case["why"]):
                ev.parse_header(bytes.fromhex(case["header"]))

    def test_refused_seals(self):
        members = json.loads(self.DATA["seal"]["line"])
        changes = ({"x": 1}, {"tree": members["seal"]["tree"][:1]}, {"segment": True}, {"segment": -1}, {"events": "3"},
                   {"previousSeal": "00"}, {"keys": None}, {"blocks": "00"}, {"fileHeader": "AA" * 32},
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


class OrderTest(unittest.TestCase):
    DATA = vectors("order.json")

    def test_accepted(self):
        for case in self.DATA["accepted"]:
            order = ev.parse_order(case["text"].encode())
            self.assertEqual((case["from"], case["to"], case["expires"], case["privilegedOnly"]),
                             (order.start, order.end, order.expires, order.privileged_only))
            self.assertEqual((case["actors"], case["services"]), (order.actors or [], order.services or []))

    def test_refused(self):
        for case in self.DATA["refused"]:
            with self.assertRaises(ev.Refused, msg=case["why"]):
                ev.parse_order(case["text"].encode())

    def test_asks(self):
        order = ev.parse_order(self.DATA["asks"]["order"].encode())
        for case in self.DATA["asks"]["records"]:
            record = ev.parse_record(case["line"].encode())
            self.assertEqual(case["asked"], ev.asks_for(
                order, record.kind, record.occurred_at, record.privileged, record.actors, record.service,
                frozenset(order.actors), frozenset(order.services)), case["line"])

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
                         ("proof/1", "proof/2"), ('"nodePath":["b6', '"nodePath":["B6')):
            self.assertIn(old, text)
            with self.assertRaises(ev.Refused, msg=new):
                ev.parse_anchor_proof(text.replace(old, new).encode())

    def test_note_of_the_small_vault(self):
        key = ev.parse_verifier_key(json.loads(read(os.path.join(VECTORS, "small-vault", "vault.json")))["verifierKey"])
        note = ev.parse_note(read(os.path.join(VECTORS, "small-vault", "anchors", "checkpoint")))
        self.assertEqual(0, ev.verify_note_signature(note.text, note.signatures[0], key))


class BundleVectorsTest(unittest.TestCase):
    DATA = vectors("bundle.json")

    def test_lines(self):
        for case in self.DATA["leafLines"]:
            header, salt = ev.parse_leaf_line(case["line"].encode())
            self.assertEqual((case["header"], case["salt"]), (header.hex(), salt and salt.hex()))
            ev.parse_header(header)
        for case in self.DATA["segmentLines"]:
            segment = ev.parse_segment_line(case["line"].encode())
            self.assertEqual((case["salt"], case["seal"].encode()), (segment.salt.hex(), segment.line))
            self.assertEqual(case["subtrees"], segment.subtrees and [h.hex() for h in segment.subtrees])
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
        ev.parse_one_spelling(self.DATA["export"].encode(), ev.EXPORT_MEMBERS)

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


class SmallBundleTest(unittest.TestCase):
    DATA = read(SMALL_BUNDLE)
    KEY = ev.parse_verifier_key(
        json.loads(read(os.path.join(VECTORS, "small-vault", "vault.json")))["verifierKey"])

    def test_passes(self):
        report = verify_bytes(self.DATA, [self.KEY])
        self.assertEqual("passed", report.verdict(), report.findings)
        self.assertEqual(dict.fromkeys(ev.CLAIMS, "passed"), report.claims)
        self.assertEqual("passed", verify_bytes(self.DATA).verdict())

    def test_another_key(self):
        report = verify_bytes(self.DATA, [VAULT_KEY.public])
        self.assertEqual("failed", report.claims["signature"])

    def test_no_flipped_byte_passes(self):
        """The signature covers the content, and the spelling is determined: every byte counts."""
        step = 1 if os.environ.get("EVAULT_ALL") else 7
        for at in range(0, len(self.DATA), step):
            changed = bytearray(self.DATA)
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


class MadeBundleTest(unittest.TestCase):
    """Bundles that are made and signed here, so that what is wrong is not only in the digests."""

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

    def test_good(self):
        self.passes(Maker())
        self.passes(Maker(order={"actors": None}))
        self.passes(Maker(order={"actors": ["alice", "bob"], "services": ["mail", "files"]}))
        self.passes(Maker(order={"privilegedOnly": True}))
        self.passes(Maker(order={"from": None, "to": None}))
        self.passes(Maker(pq=True), [VAULT_KEY.public, POST_QUANTUM_KEY.public])

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
        for scope in ({"format": "evidence-vault-scope/2"}, {"postQuantumKey": POST_QUANTUM_KEY.text},
                      {"format": "evidence-vault-scope/2", "postQuantumKey": VAULT_KEY.text},
                      {"format": "evidence-vault-scope/2", "postQuantumKey": POST_QUANTUM_WITNESS.text},
                      {"verifierKey": POST_QUANTUM_KEY.text}, {"actors": {"b": "00" * 16, "a": "11" * 16}},
                      {"services": {"alice2": tag("alice").hex()}}, {"services": {"files": "00" * 16}}):
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

    def test_limits(self):
        self.assertEqual("failed", Maker(change={"README.txt": lambda d: bytes(2 << 20) + d}).verify().claims["files"])
        self.passes(Maker(change={"README.txt": lambda d: bytes(2 << 20)}))
        line = ev.LineReader(io.BufferedReader(io.BytesIO(b"12345\n123456\n")), "x", 5)
        self.assertEqual(b"12345", line.next())
        self.assertRaises(ev.Refused, line.next)
        self.assertRaises(ev.Refused, ev.LineReader(io.BufferedReader(io.BytesIO(b"1")), "x", 5).next)
        self.check(Maker(change={ev.LEAVES: lambda d: b"x" * 1001 + b"\n" + d}), "segments")
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

    def test_order(self):
        self.check(Maker(change={ev.ORDER: replacing('"acme"', '"acme","tenant":"acme"')}), "order")
        report = Maker(scope={"actors": {"alice": tag("alice").hex(), "bob": tag("bob").hex()}}).verify()
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
        for number, seal in ((1, {"segment": 2}), (2, {"firstSeq": 5}), (2, {"events": 7}),
                             (2, {"previousSeal": "00" * 32}),
                             (1, {"previousSeal": "00" * 32}), (2, {"occurredTo": "2026-05-07T12:00:00.000000000Z"}),
                             (2, {"tree": ["00" * 32, "00" * 32, "00" * 32]}), (2, {"x": 1}),
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
        self.check(Maker(order={"actors": ["alice", "carol"]}), "completeness", "indeterminate")
        self.check(Maker(order={"services": ["files", "none"]}), "completeness", "indeterminate")
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
        def other_tag(h):
            return h[:60] + tag("else") + bytes(8) + h[84:]
        log = [list(items) for items in DEFAULT_LOG]
        log[2].append(event(8, "operator", "alice", header=other_tag))
        self.check(Maker(log), "records")


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
