'use strict';

// The walk through the log (docs/formats/bundle.md, What a verifier must check, steps 7 and 8): from the first leaf to the
// last, out of what is shown and of the subtrees that stand for what is not.

const PROGRESS_EVERY = 500;

// States of records; 0 is one that was not reached.
const RECORD_GOOD = 1;
const RECORD_FAILED = 2;

/** Thrown where the walk cannot go on. */
class WalkEnds extends Error {
  constructor(check, where, code, values = []) {
    super(code);
    Object.assign(this, {check, where, code, values});
  }
}

/** Names and tags that belong together everywhere in a bundle, one to one. */
class NameTable {
  constructor(names) {
    this.tags = new Map(names);
    this.names = new Map([...names].map(([name, tag]) => [tag, name]));
  }

  agree(name, tag) {
    if (!this.tags.has(name) && !this.names.has(tag)) {
      this.tags.set(name, tag);
      this.names.set(tag, name);
    }
    return this.tags.get(name) === tag && this.names.get(tag) === name;
  }
}

/** Compares the records that the page shows with their leaf headers. */
class RecordCheck {
  constructor(sources, scope, order, redaction, report) {
    this.lines = sources.records;
    this.redaction = redaction;
    this.report = report;
    this.order = order;
    this.actors = new NameTable(scope.actors);
    this.services = new NameTable(scope.services);
    this.states = new Uint8Array(sources.embeddedRecords);
    this.originals = new Sha256();
    this.count = 0;
  }

  /** Takes the record of a header: the next line. A line of a later record means that this one is missing. */
  take(header, leaf) {
    for (;;) {
      const line = this.lines.next();
      if (line === null) {
        throw new WalkEnds('records', this.lines.name, 'recordMissing', [header.seq]);
      }
      const {record, refused} = this.parse(line);
      if (record !== null && record.seq > header.seq && this.isFollowedBySeqBeyond(record.seq)) {
        this.lines.keep(line);
        this.report.fail('records', this.lines.name, 'recordMissing', header.seq);
        return;
      }
      if (record === null || record.seq >= header.seq) {
        this.compare(header, leaf, line, record, refused);
        return;
      }
      this.mark(RECORD_FAILED);
      this.report.fail('records', this.lines.where(), 'recordExtra', record.seq);
    }
  }

  /** Says whether the line after this one goes on from a number: otherwise it is the number that was changed. */
  isFollowedBySeqBeyond(seq) {
    const line = this.lines.next();
    if (line === null) {
      return true;
    }
    this.lines.keep(line);
    const {record} = this.parse(line);
    return record !== null && record.seq > seq;
  }

  /** Returns the record of a line, or why it is none. */
  parse(line) {
    try {
      return {record: parseRecord(textOf(line)), refused: null};
    } catch (refused) {
      if (!(refused instanceof Refused)) {
        throw refused;
      }
      return {record: null, refused};
    }
  }

  compare(header, leaf, line, record, refused) {
    this.count++;
    this.mark(RECORD_GOOD);
    if (refused !== null) {
      this.failHere(refused.code, ...refused.values);
    }
    if (this.opened(header, leaf, line.bytes) !== header.commitment) {
      this.failHere('commitment', header.seq);
    }
    const withheld = this.withheld(header, leaf, line.bytes);
    if (record !== null) {
      this.differences(header, record, withheld).forEach((code) => this.failHere(code, header.seq));
    }
    if (record !== null && record.original !== null && !withheld.has('original')) {
      this.originals.update(utf8(record.original)).update(LINE_FEED);
    }
  }

  /** Returns the commitment that a line opens, in digits; nothing if it does not fit the leaf. */
  opened(header, leaf, bytes) {
    try {
      return toHex(openedCommitment(header, leaf, bytes));
    } catch (refused) {
      if (!(refused instanceof Refused)) {
        throw refused;
      }
      return '';
    }
  }

  /** Compares what is withheld with the rules. Returns where it stands. */
  withheld(header, {fields}, bytes) {
    if (header.kind !== EVENT || fields === null && this.redaction === null) {
      return new Set();
    }
    try {
      const line = new LineFields(bytes);
      const isWithheld = (piece) => fields !== null && fields[piece]?.length === 64;
      require_(this.redaction !== null, 'withheldRule', header.seq);
      this.redaction.take(header.seq, line, isWithheld);
      return new Set(line.values.map((_, i) => i + 1).filter(isWithheld).map((piece) => line.path(piece).join('/')));
    } catch (refused) {
      if (!(refused instanceof Refused)) {
        throw refused;
      }
      this.mark(RECORD_FAILED);
      this.report.fail('redaction', this.lines.where(), refused.code, ...refused.values);
      return new Set();
    }
  }

  /** What of a record is not as its header, the order and the rest of the bundle say. */
  differences(header, record, withheld) {
    const service = record.service === null
      ? header.service === NO_TAG
      : header.service !== NO_TAG && (withheld.has('service') || this.services.agree(record.service, header.service));
    const actors = this.areActors(header.actors, record.actors, withheld);
    const head = record.kind === header.kind && record.seq === header.seq && record.recordedAt === header.recordedAt
      && record.occurredAt === header.occurredAt && record.privileged === header.privileged;
    return [
      ...(head ? [] : ['headerDiffers']),
      ...(record.tenant === this.order.tenant ? [] : ['tenant']),
      ...(actors ? [] : ['actorTag']),
      ...(service ? [] : ['serviceTag']),
    ];
  }

  /** Compares the names of who acted, and on whose behalf, with the pseudonyms; of what is withheld only that it is there. */
  areActors(tags, names, withheld) {
    const shown = names.map((name, i) => withheld.has(i === 0 ? 'actor/id' : 'actor/onBehalfOf') ? null : name);
    const same = shown.length === 2 && (shown.includes(null) || shown[0] === shown[1]);
    const other = shown.length !== 2 || shown.includes(null) || shown[0] !== shown[1];
    if (!(tags.length === shown.length && other || tags.length === 1 && same)) {
      return false;
    }
    return shown.every((name, i) => name === null || this.actors.agree(name, tags[Math.min(i, tags.length - 1)].tag));
  }

  failHere(code, ...values) {
    this.mark(RECORD_FAILED);
    this.report.fail('records', this.lines.where(), code, ...values);
  }

  mark(state) {
    this.states[this.lines.number - 1] = state;
  }

  /** Requires that no line is left. */
  finish() {
    for (let line = this.lines.next(); line !== null; line = this.lines.next()) {
      this.mark(RECORD_FAILED);
      this.report.fail('records', this.lines.where(), 'recordLeft');
    }
  }
}

/** The walk. What it finds goes into the report; finished says whether it came to its end. */
class Walk {
  constructor(sources, scope, order, redaction, report) {
    Object.assign(this, {scope, order, report, segmentLines: sources.segments, leafLines: sources.leaves});
    this.records = new RecordCheck(sources, scope, order, redaction, report);
    this.tree = new Tree();
    this.last = null;
    this.recordedAt = null;
    this.skipped = 0;
    this.counts = new Map();
    this.actorTags = new Set(scope.actors.values());
    this.serviceTags = new Set(scope.services.values());
    this.tagsOfOrder = order.actors !== null ? this.actorTags : [PRIVILEGED_TAG];
    this.segments = 0;
    this.leaves = 0;
    this.finished = false;
  }

  /** Walks to the head of the log. Yields how many leaf lines were read, from time to time. */
  * run(head) {
    try {
      for (let line = this.segmentLines.next(); line !== null; line = this.segmentLines.next()) {
        yield* this.segment(line);
      }
      this.finish(head);
    } catch (ends) {
      if (!(ends instanceof WalkEnds)) {
        throw ends;
      }
      this.report.fail(ends.check, ends.where, ends.code, ...ends.values);
    }
  }

  /** Reads a line of a file with what parses it. What is refused ends the walk. */
  parse(lines, action) {
    try {
      return action();
    } catch (refused) {
      if (!(refused instanceof Refused)) {
        throw refused;
      }
      throw new WalkEnds('segments', lines.where(), refused.code, refused.values);
    }
  }

  /** A condition without which the walk does not go on. */
  require(good, lines, code, ...values) {
    if (!good) {
      throw new WalkEnds('segments', lines.where(), code, values);
    }
  }

  /** Steps 7.1, 7.2, 7.3 and 7.6, for one line of segments.jsonl. */
  * segment(line) {
    const where = this.segmentLines;
    const {segment, seal} = this.parseSegment(line);
    this.requireNextSeal(seal, this.tree.size);
    const outside = seal.seq < this.scope.destroyed || !isInTime(this.order, seal.occurredFrom, seal.occurredTo);
    this.require(outside === (segment.subtrees !== null), where, 'segmentShown', seal.segment);
    this.require((segment.index !== null) === (this.scope.byIndex && !outside), where, 'indexShown', seal.segment);
    if (outside) {
      this.parse(where, () => this.tree.appendRange(seal.seq, segment.subtrees));
      this.skipped++;
    } else {
      yield* this.takeLeaves(seal, segment.index);
    }
    this.takeSeal(segment, seal);
  }

  /** Reads a line of segments.jsonl and the seal in it. */
  parseSegment(line) {
    const segment = this.parse(this.segmentLines, () => parseSegmentLine(textOf(line)));
    return {segment, seal: this.parse(this.segmentLines, () => parseSeal(segment.line))};
  }

  /** Step 7.6: the tree is that of the seal, whose leaf is the next. */
  takeSeal(segment, seal) {
    const where = this.segmentLines;
    this.require(this.recordedAt === null || seal.recordedAt >= this.recordedAt, where, 'sealTime', seal.segment);
    this.require(toHex(this.tree.root()) === seal.tree, where, 'sealTree', seal.segment);
    const leaf = hashLeaf(sealHeader(this.scope.logId, seal, segment.salt, utf8(segment.line)));
    this.tree.append(leaf);
    this.last = {...seal, leaf: toHex(leaf)};
    this.recordedAt = seal.recordedAt;
    this.segments++;
  }

  /** Step 7.1: a seal follows on the seal before, behind which the tree had this size. */
  requireNextSeal(seal, size) {
    const last = this.last ?? {segment: 0, events: 0, leaf: null};
    this.require(seal.segment === last.segment + 1, this.segmentLines, 'sealNumber', last.segment + 1, seal.segment);
    this.require(seal.firstSeq === size && seal.seq > size, this.segmentLines, 'sealSeq', seal.segment);
    this.require(seal.previousSeal === last.leaf, this.segmentLines, 'sealChain', seal.segment);
    this.require(seal.events === last.events + seal.seq - size, this.segmentLines, 'sealEvents', seal.segment);
    this.requireSameLog(seal);
  }

  /** Step 7.1: a seal has the key of the first, and is not dated before the one before it. */
  requireSameLog(seal) {
    const last = this.last ?? seal;
    this.require(seal.recordedAt >= last.recordedAt, this.segmentLines, 'sealTime', seal.segment);
    this.require(seal.tagKey === last.tagKey, this.segmentLines, 'sealTagKey', seal.segment);
    const isPoint = this.last !== null || decodePoint(fromHex(seal.tagKey)) !== null;
    this.require(isPoint, this.segmentLines, 'sealTagKey', seal.segment);
  }

  /** Step 7.3: headers and runs until the tree has the seal's seq. */
  * takeLeaves(seal, index) {
    const built = new IndexBuilder(this.scope.byIndex ? this.tagsInQuestion(seal) : null);
    const times = {earliest: null, latest: null};
    let afterRun = false;
    while (this.tree.size < seal.seq) {
      const leaf = this.nextLeaf(seal);
      if (leaf.run !== undefined) {
        this.takeRun(leaf.run, seal, afterRun);
      } else {
        this.takeLeaf(leaf, built, times);
      }
      afterRun = leaf.run !== undefined;
      if (this.leafLines.number % PROGRESS_EVERY === 0) {
        yield this.leafLines.number;
      }
    }
    if (this.scope.byIndex) {
      this.compareWithIndex(seal, index, built, times);
    } else {
      this.compareWithSeal(seal, built, times);
    }
  }

  nextLeaf(seal) {
    const line = this.leafLines.next();
    this.require(line !== null, this.leafLines, 'leavesEnd', seal.segment);
    return this.parse(this.leafLines, () => parseLeafLine(textOf(line)));
  }

  takeRun(run, seal, afterRun) {
    const fits = this.scope.byIndex && !afterRun && run.end > this.tree.size && run.end <= seal.seq;
    this.require(fits, this.leafLines, 'run');
    this.parse(this.leafLines, () => this.tree.appendRange(run.end, run.subtrees));
  }

  /** Takes a header that is shown, and the record of it if that is; returns the header. */
  takeLeaf(shown, built, times) {
    const {hex} = shown;
    const header = this.parse(this.leafLines, () => headerOf(shown));
    this.requireNextHeader(header);
    times.earliest = times.earliest === null || header.occurredAt < times.earliest ? header.occurredAt : times.earliest;
    times.latest = times.latest === null || header.occurredAt > times.latest ? header.occurredAt : times.latest;
    const leaf = hashLeaf(fromHex(hex));
    if (!built.add(header, leaf) && this.scope.byIndex) {
      this.report.fail('completeness', this.leafLines.where(), 'needless', header.seq);
    }
    checkDisclosure(this, header, shown);
    if (isShown(shown)) {
      this.records.take(header, shown);
    }
    this.tree.append(leaf);
    this.leaves++;
    return header;
  }

  /** Step 7.3: log, kind, seq, time and counts of a header. */
  requireNextHeader(header) {
    this.require(header.logId === this.scope.logId, this.leafLines, 'headerLog', header.seq);
    this.require(header.kind !== SEAL, this.leafLines, 'headerSeal', header.seq);
    this.require(header.seq === this.tree.size, this.leafLines, 'headerSeq', this.tree.size, header.seq);
    this.require(this.recordedAt === null || header.recordedAt >= this.recordedAt, this.leafLines, 'headerTime',
      header.seq);
    this.recordedAt = header.recordedAt;
    for (const {tag, count} of header.actors) {
      if (!this.scope.byIndex || this.actorTags.has(tag)) {
        this.checkCount(header, tag, count);
      }
    }
  }

  /** Step 7.3: one more than the last of that tag, or 0; higher only if a segment was skipped in between. */
  checkCount(header, tag, count) {
    const last = this.counts.get(tag) ?? {count: -1, skipped: 0};
    const good = count === last.count + 1 || count > last.count && this.skipped > last.skipped;
    if (!good && this.scope.byIndex) {
      this.report.fail('completeness', this.leafLines.where(), 'count', header.seq);
    } else {
      this.require(good, this.leafLines, 'count', header.seq);
    }
    this.counts.set(tag, {count, skipped: this.skipped});
  }

  /** Step 7.3 with all headers: times, gaps and changes, and the index of actors are those of the seal. */
  compareWithSeal(seal, built, times) {
    const sameTimes = times.earliest === seal.occurredFrom && times.latest === seal.occurredTo;
    this.require(sameTimes, this.segmentLines, 'sealTimes', seal.segment);
    const sameIndex = built.entries.size === seal.indexSize && toHex(built.root()) === seal.indexRoot;
    this.require(sameIndex, this.segmentLines, 'sealIndex', seal.segment);
    this.require(seal.notices === built.count(NOTICES_TAG), this.segmentLines, 'sealNotices', seal.segment);
  }

  /** Step 7.3 with indexes: the leaves under each tag in question are what the index says. */
  compareWithIndex(seal, index, built, times) {
    const where = this.segmentLines.where();
    if (times.earliest !== null && (times.earliest < seal.occurredFrom || times.latest > seal.occurredTo)) {
      this.report.fail('completeness', where, 'sealTimes', seal.segment);
    }
    let entries;
    try {
      entries = openIndex(index, seal.indexSize, seal.indexRoot, this.tagsInQuestion(seal));
    } catch (refused) {
      if (!(refused instanceof Refused)) {
        throw refused;
      }
      this.report.fail('completeness', where, refused.code, ...refused.values);
      return;
    }
    for (const tag of this.tagsInQuestion(seal)) {
      if (!built.agrees(tag, entries.get(tag))) {
        this.report.fail('completeness', where, 'indexDiffers', tag);
      }
    }
    if (seal.notices !== (entries.get(NOTICES_TAG)?.count ?? 0)) {
      this.report.fail('completeness', where, 'sealNotices', seal.segment);
    }
  }

  /** The bag, index: the order's, and that of gaps and changes if the seal counts any. */
  tagsInQuestion(seal) {
    const tags = new Set(this.tagsOfOrder);
    return seal.notices > 0 ? tags.add(NOTICES_TAG) : tags;
  }

  /** Step 8: no line is left, and the tree is that of the head. */
  finish(head) {
    this.require(this.leafLines.next() === null, this.leafLines, 'leavesLeft');
    this.records.finish();
    if (head === null) {
      this.report.open('segments', 'openHead');
    } else {
      this.require(this.tree.size === head.size && sameBytes(this.tree.root(), head.root), this.segmentLines,
        'headDiffers', head.size, this.tree.size);
    }
    this.finished = true;
  }
}

/** Says whether a leaf shows its record, whole or in part. */
function isShown({salt, fields}) {
  return salt !== null || fields !== null;
}

/** Returns the header of a leaf. Only a record that is committed to by fields can be shown in part. */
function headerOf({hex, fields}) {
  const header = parseHeader(hex);
  require_(fields === null || header.byFields, 'header');
  return header;
}

/** Step 7.4: a record is shown if and only if the order asks for the leaf. */
function checkDisclosure(walk, header, shown) {
  const asked = asksFor(walk.order, header, walk.actorTags, walk.serviceTags);
  if (asked !== isShown(shown)) {
    walk.report.fail('completeness', walk.leafLines.where(), asked ? 'withheld' : 'notAsked', header.seq);
  }
}

/** Where the page has only the first records, each with its leaf: compares these, and nothing else. */
function* checkRecordsAlone(walk) {
  const {leafLines, records, report} = walk;
  for (let line = leafLines.next(); line !== null; line = leafLines.next()) {
    try {
      const shown = parseLeafLine(textOf(line));
      require_(shown.run === undefined, 'header');
      const header = headerOf(shown);
      require_(isShown(shown) && header.logId === walk.scope.logId, 'header');
      checkDisclosure(walk, header, shown);
      records.take(header, shown);
      walk.leaves++;
    } catch (problem) {
      if (!(problem instanceof Refused) && !(problem instanceof WalkEnds)) {
        throw problem;
      }
      report.fail('records', problem.where ?? leafLines.where(), problem.code, ...problem.values);
    }
    if (leafLines.number % PROGRESS_EVERY === 0) {
      yield leafLines.number;
    }
  }
  records.finish();
}
