'use strict';

// The walk through a range of the log (docs/formats/bundle.md, What a verifier must check, step 7, with range): the headers
// of what was recorded in the order's time, its two brackets, and at most two runs beside them.

/** The walk of a bundle that answers an order by time of recording. */
class RangeWalk extends Walk {
  constructor(sources, scope, order, redaction, report) {
    super(sources, scope, order, redaction, report);
    this.hasHeader = false;
    this.isBehindDestroyed = false;
    this.hasLateBracket = false;
    this.hasSecondRun = false;
  }

  /** With range, 1 to 4, for one line of segments.jsonl. */
  * segment(line) {
    const where = this.segmentLines;
    const {segment, seal} = this.parseSegment(line);
    this.require(segment.subtrees === null && segment.index === null, where, 'rangeSegment', seal.segment);
    this.require(!this.hasLateBracket && !this.hasSecondRun, where, 'rangeSeal', seal.segment);
    const size = this.tree.size;
    const built = new IndexBuilder(null);
    const times = {earliest: null, latest: null};
    const isWhole = yield* this.takeRange(seal, built, times);
    if (isWhole) {
      this.requireNextSeal(seal, size);
      this.compareWithSeal(seal, built, times);
    } else {
      this.requireLaterSeal(seal, size);
    }
    this.takeSeal(segment, seal);
  }

  /** With range, 2. Returns whether no run was among the leaves: then they are all of the segment. */
  * takeRange(seal, built, times) {
    let isWhole = true;
    while (this.tree.size < seal.seq) {
      const leaf = this.nextLeaf(seal);
      if (leaf.run !== undefined) {
        isWhole = false;
        this.takeOuterRun(leaf.run, seal);
      } else {
        this.checkBracket(this.takeLeaf(leaf, built, times));
      }
      if (this.leafLines.number % PROGRESS_EVERY === 0) {
        yield this.leafLines.number;
      }
    }
    return isWhole;
  }

  /** With range, 2 and 5: the first run begins the log and ends before the seal, the second ends with the seal. */
  takeOuterRun(run, seal) {
    if (this.tree.size === 0) {
      this.require(run.end < seal.seq, this.leafLines, 'rangeRun');
      this.skipped++;
      this.isBehindDestroyed = run.end === this.scope.destroyed;
    } else {
      this.require(run.end === seal.seq, this.leafLines, 'rangeRun');
      if (!this.hasLateBracket) {
        this.report.fail('completeness', this.leafLines.where(), 'rangeAfter');
      }
      this.hasSecondRun = true;
    }
    this.parse(this.leafLines, () => this.tree.appendRange(run.end, run.subtrees));
  }

  /** With range, 5: one header from before the order's time, the first of all; one from after it, the last. */
  checkBracket(header) {
    const {from, to} = this.order;
    const early = from !== null && header.recordedAt < from;
    if (early ? this.hasHeader : !this.hasHeader && this.skipped > 0 && !this.isBehindDestroyed) {
      this.report.fail('completeness', this.leafLines.where(), 'rangeBefore', header.seq);
    }
    if (this.hasLateBracket) {
      this.report.fail('completeness', this.leafLines.where(), 'rangeBeyond', header.seq);
    }
    this.hasHeader = true;
    this.hasLateBracket ||= to !== null && header.recordedAt >= to;
  }

  /** With range, 3, where a run was taken: the seal is a later one of this log. */
  requireLaterSeal(seal, size) {
    const last = this.last ?? {segment: 0, events: 0};
    this.require(seal.segment > last.segment, this.segmentLines, 'sealNumber', last.segment + 1, seal.segment);
    this.require(seal.firstSeq >= size && seal.firstSeq < seal.seq, this.segmentLines, 'sealSeq', seal.segment);
    this.require(seal.events > last.events, this.segmentLines, 'sealEvents', seal.segment);
    this.requireSameLog(seal);
  }
}
