'use strict';

// All checks that the page makes, and the worker that makes them.

const RECORDS = 'data/records/000001.jsonl';
const ORIGINALS = 'data/originals/000001.txt';
const ORDER = 'custody/order.json';
const EXPORT = 'custody/export.json';
const SCOPE = 'proofs/scope.json';
const SEGMENTS = 'proofs/segments.jsonl';
const LEAVES = 'proofs/leaves.jsonl';
const CHECKPOINT = 'proofs/checkpoint.txt';
const ANCHOR = 'proofs/anchor.json';
const NODE_CHECKPOINT = 'proofs/node-checkpoint.note';
const MANIFEST = 'manifest-sha256.txt';
const TAG_MANIFEST = 'tagmanifest-sha256.txt';
const SIGNATURE = 'signature.note';
const POST_QUANTUM_SIGNATURE = 'signature-ml-dsa.note';
/** The files that a bundle has, and its time stamps. All others are companions of the evidence: nothing is read of them. */
const EVIDENCE = [RECORDS, ORIGINALS, ORDER, EXPORT, SCOPE, SEGMENTS, LEAVES, CHECKPOINT, ANCHOR, NODE_CHECKPOINT, MANIFEST,
  TAG_MANIFEST, SIGNATURE, POST_QUANTUM_SIGNATURE, 'bagit.txt', 'bag-info.txt', 'README.txt', 'proofs/timestamp-1.tsr', 'proofs/timestamp-2.tsr'];
const SIGNED_LABEL = 'evidence-vault/bundle/v1';

/**
 * The check of what a page carries. Input: files, the small files of the bundle by name as lines of a data block;
 * records, leaves and segments, data blocks; whole, whether these are all; embeddedRecords, how many lines records has;
 * inventory, name and sha256 of each file of the bundle, as the page's maker found them.
 */
class Check {
  constructor(input) {
    this.input = input;
    this.report = new CheckReport();
    this.files = new Map();
    for (const json of input.files.split('\n')) {
      if (json !== '') {
        const file = JSON.parse(json);
        this.files.set(file.name, decodeLine(JSON.stringify(file.content)));
      }
    }
    this.total = input.totalLeaves + input.embeddedRecords;
    this.states = new Uint8Array(input.embeddedRecords);
  }

  /** Makes all checks. Yields progress as {done, total}. */
  async * run() {
    const scope = this.report.step('order', SCOPE, () => parseScope(this.text(SCOPE)));
    const order = this.report.step('order', ORDER, () => parseOrder(this.text(ORDER)));
    await this.checkBundleSignature(scope);
    this.checkOrder(scope, order);
    const anchored = await this.checkAnchor(scope);
    const walk = yield* this.walk(scope, order, anchored);
    this.checkExport(scope, order, walk);
    yield* this.checkDigests(walk);
    yield* this.conclude(scope, order, walk, anchored);
  }

  /** Returns the text of a small file. */
  text(name) {
    require_(this.files.has(name), 'absent');
    return textOf(this.files.get(name));
  }

  /** Says whether the bundle was not signed yet when the page was made. If one of these files is there, all have to be. */
  isUnsigned() {
    return [MANIFEST, TAG_MANIFEST, SIGNATURE, POST_QUANTUM_SIGNATURE].every((name) => !this.files.has(name));
  }

  async checkBundleSignature(scope) {
    if (this.isUnsigned()) {
      this.report.open('bundleSignature', 'openSignatureAbsent');
      return;
    }
    if (scope === null) {
      this.report.open('bundleSignature', 'openScope');
      return;
    }
    const signed = scope.postQuantumKey === null ? [TAG_MANIFEST] : [TAG_MANIFEST, POST_QUANTUM_SIGNATURE];
    const note = this.report.step('bundleSignature', SIGNATURE, () => this.signedNote(SIGNATURE, scope.key, signed));
    if (scope.postQuantumKey !== null) {
      this.report.step('bundleSignature', POST_QUANTUM_SIGNATURE,
        () => this.signedNote(POST_QUANTUM_SIGNATURE, scope.postQuantumKey, [TAG_MANIFEST]));
    } else if (this.files.has(POST_QUANTUM_SIGNATURE)) {
      this.report.fail('bundleSignature', POST_QUANTUM_SIGNATURE, 'signatureKey');
    }
    if (note !== null) {
      await this.checkSignature('bundleSignature', SIGNATURE, scope.key, note);
    }
  }

  /** A note over these files that has one signature, which says that it is of the key. */
  signedNote(name, key, signed) {
    const note = parseNote(this.text(name));
    require_(note.signatures.length === 1 && isOf(note.signatures[0], key), 'signatureKey');
    const lines = signed.filter((file) => this.files.has(file)).map((file) => toHex(sha256(this.files.get(file).bytes)));
    require_(note.text === [SIGNED_LABEL, ...lines].join('\n') + '\n', 'signatureText');
    return note;
  }

  /** Checks the first signature of a note, where the browser has its algorithm. */
  async checkSignature(id, where, key, note) {
    const good = await verifySignature(key, note.text, note.signatures[0].bytes);
    if (good === null) {
      this.report.open(id, 'openAlgorithm');
    } else if (good) {
      this.report.pass(id, key.text);
    } else {
      this.report.fail(id, where, 'signatureBad');
    }
  }

  /** Step 5. */
  checkOrder(scope, order) {
    if (scope === null || order === null) {
      return;
    }
    for (const [names, tags] of [[order.actors, scope.actors], [order.services, scope.services]]) {
      const same = (names ?? []).length === tags.size && (names ?? []).every((name) => tags.has(name));
      if (!same) {
        this.report.fail('order', SCOPE, 'scopeNames');
      }
    }
    if (scope.byIndex && order.actors === null && !order.privilegedOnly) {
      this.report.fail('completeness', SCOPE, 'notIndexed');
    }
    if (scope.byRange !== order.byRecording) {
      this.report.fail('completeness', SCOPE, 'rangeClock');
    }
  }

  /** Step 6, without what is not checked here. Returns the log's head and the anchor's time, or null for each. */
  async checkAnchor(scope) {
    if (scope === null) {
      this.report.open('anchor', 'openScope');
      this.report.open('nodeSignature', 'openScope');
      return {head: null, time: null};
    }
    const head = this.report.step('anchor', CHECKPOINT, () => {
      const parsed = parseCheckpoint(this.text(CHECKPOINT));
      require_(parsed.origin === LOG_ORIGIN + scope.logId, 'headOrigin');
      return parsed;
    });
    const note = this.report.step('nodeSignature', NODE_CHECKPOINT, () => this.nodeNote(scope));
    if (note !== null) {
      await this.checkSuccessions(scope);
      await this.checkSignature('nodeSignature', NODE_CHECKPOINT, keysOfCheckpoint(scope, note.head.size)[0], note);
    }
    this.leaveOpen(scope, note);
    const time = this.followAnchor(head, note);
    return {head, time};
  }

  /** Both sides signed each succession of keys; what is signed with ML-DSA-44 is not checked here. */
  async checkSuccessions(scope) {
    for (const {note, before, after} of scope.successions) {
      for (const [key, line] of [[before[0], 0], [after[0], before.length]]) {
        const good = await verifySignature(key, note.text, note.signatures[line].bytes);
        if (good === null) {
          this.report.open('nodeSignature', 'openAlgorithm');
        } else if (!good) {
          this.report.fail('nodeSignature', SCOPE, 'signatureBad');
        }
      }
    }
  }

  /** The node's signed checkpoint, whose first line is of the vault's key. */
  nodeNote(scope) {
    const note = parseNote(this.text(NODE_CHECKPOINT));
    note.head = parseCheckpoint(note.text);
    require_(note.head.origin === scope.key.name, 'nodeOrigin');
    const keys = keysOfCheckpoint(scope, note.head.size);
    require_(keys.every((key, i) => i < note.signatures.length && isOf(note.signatures[i], key)), 'nodeLines');
    const below = note.signatures.slice(keys.length);
    require_(!below.some((line) => keys.some((key) => isOf(line, key))), 'nodeLines');
    note.witnesses = below.length;
    return note;
  }

  followAnchor(head, note) {
    if (head === null || note === null) {
      this.report.open('anchor', 'openHead');
      return null;
    }
    return this.report.step('anchor', ANCHOR, () => {
      const proof = parseAnchorProof(this.text(ANCHOR));
      followAnchorProof(proof, head, note.head);
      this.report.pass('anchor', head.size, proof.index, formatTime(proof.time));
      return proof.time;
    });
  }

  /** What step 6 asks for besides and a page like this does not check. */
  leaveOpen(scope, note) {
    if (scope.postQuantumKey !== null) {
      this.report.open('postQuantum', 'openPostQuantum');
    }
    if (note !== null && note.witnesses > 0) {
      this.report.open('witnesses', 'openWitnesses', note.witnesses);
    }
    if (this.input.timeStamps > 0) {
      this.report.open('timeStamps', 'openTimeStamps', this.input.timeStamps);
    }
  }

  /** Steps 7 and 8, as far as the page carries what they need. */
  async * walk(scope, order, anchored) {
    if (scope === null || order === null) {
      for (const id of ['segments', 'records']) {
        this.report.open(id, 'openScope');
      }
      return null;
    }
    const {records, leaves, segments, embeddedRecords} = this.input;
    const redaction = this.files.has(REDACTION)
      ? this.report.step('redaction', REDACTION, () => new Redaction(this.text(REDACTION))) : null;
    const walk = new (scope.byRange ? RangeWalk : Walk)({
      records: new EmbeddedLines(records, RECORDS),
      leaves: new EmbeddedLines(leaves, LEAVES),
      segments: new EmbeddedLines(segments, SEGMENTS),
      embeddedRecords,
    }, scope, order, redaction, this.report);
    this.states = walk.records.states;
    const steps = this.input.whole ? walk.run(anchored.head) : checkRecordsAlone(walk);
    for (const done of steps) {
      yield {done, total: this.total};
    }
    this.concludeWalk(walk);
    this.concludeRedaction(redaction, walk);
    return walk;
  }

  concludeWalk(walk) {
    if (!this.input.whole) {
      this.report.open('segments', 'openPart', this.input.embeddedRecords, this.input.totalRecords);
      this.report.open('records', 'openPart', this.input.embeddedRecords, this.input.totalRecords);
    } else if (walk.finished) {
      this.report.pass('segments', walk.segments, walk.leaves, walk.tree.size);
      this.report.pass('records', walk.records.count);
    } else if (!this.report.failed('records')) {
      this.report.open('records', 'openWalk');
    }
  }

  /** Whether all that the rules withhold is withheld, and nothing else. That they were approved, evault verify says. */
  concludeRedaction(redaction, walk) {
    if (redaction === null) {
      return;
    }
    if (!this.input.whole) {
      this.report.open('redaction', 'openPart', this.input.embeddedRecords, this.input.totalRecords);
    } else if (!walk.finished) {
      this.report.open('redaction', 'openWalk');
    }
    const fields = redaction.counts.reduce((sum, count) => sum + count, 0);
    this.report.pass('redaction', fields, redaction.records, redaction.reasons());
  }

  /** Step 9. */
  checkExport(scope, order, walk) {
    const statement = this.report.step('order', EXPORT, () => parseExport(this.text(EXPORT)));
    this.notYetAnchored = statement === null ? null : statement.notYetAnchored;
    if (statement === null || scope === null || order === null) {
      return;
    }
    const same = statement.logId === scope.logId && NODE_ORIGIN + statement.vaultId === scope.key.name
      && statement.tenant === order.tenant;
    if (!same) {
      this.report.fail('order', EXPORT, 'exportNames');
    }
    if (order.expires !== null && statement.exportedAt >= order.expires) {
      this.report.fail('order', EXPORT, 'expired');
    }
    const found = walk !== null && walk.finished ? walk.records.count : this.input.totalRecords;
    if (statement.records !== found) {
      this.report.fail('order', EXPORT, 'exportRecords', statement.records, found);
    }
    this.report.pass('order', order.order, order.issuer);
  }

  /** Step 2: the files that the page carries have the digests that the manifests list. */
  async * checkDigests(walk) {
    if (this.isUnsigned()) {
      this.report.open('digests', 'openSignatureAbsent');
      return;
    }
    const listed = new Map();
    for (const name of [TAG_MANIFEST, MANIFEST]) {
      const digests = this.report.step('digests', name, () => parseManifest(this.text(name)));
      (digests ?? []).forEach((digest, file) => {
        listed.set(file, digest);
        if (file.startsWith('data/') !== (name === MANIFEST)) {
          this.report.fail('digests', file, 'misplaced');
        }
      });
    }
    const found = yield* this.digests(walk);
    let compared = 0;
    for (const [name, digest] of listed) {
      if (found.has(name)) {
        compared++;
        if (found.get(name) !== digest) {
          this.report.fail('digests', name, 'digest', digest, found.get(name));
        }
      }
    }
    const absent = [...listed.keys()].filter((name) => !found.has(name) && EVIDENCE.includes(name));
    const companions = this.compareCompanions(listed);
    for (const name of [...this.files.keys()].filter((file) => !listed.has(file))) {
      if (![TAG_MANIFEST, SIGNATURE, POST_QUANTUM_SIGNATURE].includes(name)) {
        this.report.fail('digests', name, 'unlisted');
      }
    }
    if (absent.length > 0) {
      this.report.open('digests', 'openDigests', compared, absent.join(', '));
    }
    if (companions > 0) {
      this.report.open('digests', 'openCompanions', compared, companions);
    }
    this.report.pass('digests', compared);
  }

  /** Compares what the page does not carry with what its maker found. Returns how many companions there are. */
  compareCompanions(listed) {
    const inventory = new Map(this.input.inventory.map(({name, sha256: digest}) => [name, digest]));
    const names = new Set([...listed.keys(), ...inventory.keys()].filter((name) => !EVIDENCE.includes(name)));
    for (const name of names) {
      if (!listed.has(name)) {
        this.report.fail('digests', name, 'unlisted');
      } else if (!inventory.has(name)) {
        this.report.fail('digests', name, 'notThere');
      } else if (listed.get(name) !== inventory.get(name)) {
        this.report.fail('digests', name, 'digestFound', listed.get(name), inventory.get(name));
      }
    }
    return names.size;
  }

  /** The digests of the files that the page carries whole. The originals follow from the records. */
  async * digests(walk) {
    const found = new Map();
    for (const [name, {bytes}] of this.files) {
      found.set(name, toHex(sha256(bytes)));
    }
    if (this.input.whole) {
      for (const [name, block] of [[SEGMENTS, 'segments'], [LEAVES, 'leaves'], [RECORDS, 'records']]) {
        found.set(name, yield* this.digestOfLines(this.input[block], block === 'records'));
      }
      if (walk !== null && walk.finished) {
        found.set(ORIGINALS, toHex(walk.records.originals.digest()));
      }
    }
    return found;
  }

  async * digestOfLines(block, counts) {
    const hash = new Sha256();
    const lines = new EmbeddedLines(block, '');
    for (let line = lines.next(); line !== null; line = lines.next()) {
      hash.update(line.bytes).update(LINE_FEED);
      if (counts && lines.number % PROGRESS_EVERY === 0) {
        yield {done: this.input.totalLeaves + lines.number, total: this.total};
      }
    }
    return toHex(hash.digest());
  }

  /** Steps 9 and 10: what leaves completeness undecided, and that names have their pseudonyms. */
  async * conclude(scope, order, walk, anchored) {
    const {report} = this;
    const sound = walk !== null && walk.finished && !report.failed('segments') && !report.failed('records');
    if (!sound) {
      report.open('completeness', this.input.whole || walk === null ? 'openDoubt' : 'openPartCompleteness');
    }
    if (this.notYetAnchored === null || this.notYetAnchored > 0) {
      report.open('completeness', 'openNotAnchored', this.notYetAnchored ?? '?');
    }
    if (scope !== null && scope.destroyed > 0) {
      report.open('completeness', 'openDestroyed', scope.destroyed);
    }
    if (order !== null && order.byRecording) {
      this.concludeRange(order, walk, anchored);
    } else if (order !== null && order.to !== null && (anchored.time === null || order.to > anchored.time)) {
      report.open('completeness', 'openEnd');
    }
    report.pass('completeness', walk?.last?.events ?? 0, walk?.records.count ?? 0);
    yield* this.checkPseudonyms(scope, walk, sound);
    for (const id of CHECKS.keys()) {
      report.absent(id);
    }
  }

  /** Step 10, with range: what came after the last seal is not covered, and a clock that was ahead is not believed. */
  concludeRange(order, walk, anchored) {
    const sealedAt = walk?.last?.recordedAt ?? null;
    if (order.to !== null && (sealedAt === null || order.to > sealedAt)) {
      this.report.open('completeness', 'openSealEnd');
    }
    if (sealedAt !== null && (anchored.time === null || sealedAt > anchored.time)) {
      this.report.open('completeness', 'openSealAhead');
    }
  }

  /** Step 10: names have their pseudonyms, under the key that the seals name. */
  async * checkPseudonyms(scope, walk, sound) {
    if (!sound && (scope === null || scope.proofs.length > 0)) {
      this.report.open('pseudonyms', 'openDoubt');
    }
    if (!sound || walk.last === null) {
      return;
    }
    for (const {label, name, tag, proof} of scope.proofs) {
      if (!isProvenTag(walk.last.tagKey, label, name, tag, proof)) {
        this.report.fail('pseudonyms', SCOPE, 'pseudonym', name);
      }
      yield {done: this.total, total: this.total};
    }
    if (scope.proofs.length > 0) {
      this.report.pass('pseudonyms', scope.proofs.length);
    }
  }
}

/** Returns what a check found, as values that a message between threads can carry. */
function findingsOf(check) {
  return {checks: [...check.report.checks].map(([id, found]) => ({id, claim: CHECKS.get(id), ...found})),
    states: check.states};
}

/** Formats a time as records spell it. */
function formatTime(time) {
  const nanos = BigInt.asUintN(64, (time % 1000000000n + 1000000000n) % 1000000000n);
  const seconds = Number((time - nanos) / 1000000000n);
  return new Date(1000 * seconds).toISOString().slice(0, 19) + '.' + String(nanos).padStart(9, '0') + 'Z';
}

/** In a worker: checks what the page sends, tells how far it is, and in the end what it found. */
async function checkInWorker(message) {
  try {
    const check = new Check(message.data);
    for await (const progress of check.run()) {
      globalThis.postMessage({progress});
    }
    globalThis.postMessage({result: findingsOf(check)});
  } catch (problem) {
    globalThis.postMessage({problem: String(problem)});
  }
}

if (typeof WorkerGlobalScope !== 'undefined') {
  globalThis.onmessage = checkInWorker;
}
