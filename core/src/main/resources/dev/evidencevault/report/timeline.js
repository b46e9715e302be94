'use strict';

// The picture of the records over time, drawn as SVG: bars for all of them, and a lane each for privileged acts, gaps and
// changes, which differ in place, form and colour.

const SVG = 'http://www.w3.org/2000/svg';
const TIMELINE = {narrow: 300, paper: 660, wide: 1060, left: 8, right: 8, top: 22, bars: 120, lane: 38, axis: 26};
const LANES = ['privileged', 'gap', 'change'];
const INTERVALS = [1, 2, 5, 10, 30, 60, 300, 900, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 2592000, 31536000];
const BAR_PIXELS = 7;

function svg(name, attributes, ...children) {
  const result = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    result.setAttribute(key, String(value));
  }
  result.append(...children);
  return result;
}

/** Returns the first and the last time, in milliseconds, of the rows that have one; or null. */
function spanOf(rows) {
  let from = Infinity;
  let to = -Infinity;
  for (const {millis} of rows) {
    if (Number.isFinite(millis)) {
      from = Math.min(from, millis);
      to = Math.max(to, millis);
    }
  }
  return from <= to ? {from, to} : null;
}

class Timeline {
  constructor(words) {
    this.words = words;
    this.place = document.getElementById('timeline');
  }

  /** Draws rows; period has the milliseconds of the order's bounds, selection those of the reader's, or null for each. */
  show(rows, period, selection, wanted = this.place.clientWidth) {
    const span = spanOf(rows);
    if (span === null) {
      this.place.replaceChildren(element('p', '', this.words.get('timelineNone')));
      return;
    }
    const width = Math.max(TIMELINE.narrow, Math.min(TIMELINE.wide, wanted || TIMELINE.wide));
    const drawing = new TimelineDrawing(this.words, rows, this.domain(span, period, selection), width, period);
    this.place.replaceChildren(drawing.draw(span));
  }

  /** Within the bounds that the reader gave, or else the order, where there are any. */
  domain(span, period, selection) {
    const from = selection.from ?? period.from ?? span.from;
    const to = selection.to ?? period.to ?? span.to + 1;
    return {from: Math.min(from, span.from), to: Math.max(to, span.to + 1, from + 1000)};
  }
}

class TimelineDrawing {
  constructor(words, rows, domain, width, period) {
    Object.assign(this, {words, rows, domain, width, period});
    const least = (domain.to - domain.from) / ((width - TIMELINE.left - TIMELINE.right) / BAR_PIXELS) / 1000;
    this.seconds = INTERVALS.find((seconds) => seconds >= least) ?? INTERVALS.at(-1);
    this.bins = this.count();
    this.most = Math.max(1, ...this.bins.records);
    this.base = TIMELINE.top + TIMELINE.bars;
    this.height = this.base + TIMELINE.axis + LANES.length * TIMELINE.lane;
  }

  /** Counts the records of each kind in each interval. */
  count() {
    const size = Math.ceil((this.domain.to - this.domain.from) / 1000 / this.seconds) + 1;
    const bins = {records: new Uint32Array(size), privileged: new Uint32Array(size), gap: new Uint32Array(size),
      change: new Uint32Array(size)};
    for (const row of this.rows) {
      if (Number.isFinite(row.millis)) {
        const bin = Math.floor((row.millis - this.domain.from) / 1000 / this.seconds);
        bins.records[bin]++;
        if (row.privileged) {
          bins.privileged[bin]++;
        }
        if (row.kind === 'gap' || row.kind === 'change') {
          bins[row.kind][bin]++;
        }
      }
    }
    return bins;
  }

  x(millis) {
    const room = this.width - TIMELINE.left - TIMELINE.right;
    const share = (millis - this.domain.from) / (this.domain.to - this.domain.from);
    return TIMELINE.left + room * Math.max(0, Math.min(1, share));
  }

  xOfBin(bin) {
    return this.x(this.domain.from + bin * this.seconds * 1000);
  }

  total(lane) {
    return this.bins[lane].reduce((sum, count) => sum + count, 0);
  }

  draw(span) {
    const counts = LANES.map((lane) => this.words.number(this.total(lane)));
    const label = this.words.say('timelineLabel', this.words.number(this.total('records')),
      this.words.time(span.from), this.words.time(span.to), ...counts);
    return svg('svg', {viewBox: '0 0 ' + this.width + ' ' + this.height, role: 'img', 'aria-label': label},
      ...this.shade(), ...this.caption(), ...this.bars(), ...this.axis(), ...LANES.flatMap((lane, i) =>
        this.lane(lane, this.base + TIMELINE.axis + i * TIMELINE.lane)));
  }

  /** The period of the order. */
  shade() {
    if (this.period.from === null && this.period.to === null) {
      return [];
    }
    const from = this.period.from === null ? TIMELINE.left : this.x(this.period.from);
    const to = this.period.to === null ? this.width - TIMELINE.right : this.x(this.period.to);
    return [svg('rect', {class: 'period', x: from, y: TIMELINE.top, width: Math.max(1, to - from),
      height: this.height - TIMELINE.top})];
  }

  caption() {
    const interval = this.interval();
    return [
      svg('text', {x: TIMELINE.left, y: 12}, this.laneLabel('records')),
      svg('text', {x: this.width - TIMELINE.right, y: 12, 'text-anchor': 'end'},
        this.words.say('timelineMost', this.words.number(this.most), interval)),
    ];
  }

  interval() {
    const [unit, size] = [['days', 86400], ['hours', 3600], ['minutes', 60], ['seconds', 1]]
      .find(([, seconds]) => this.seconds % seconds === 0);
    return this.words.say(unit, this.words.number(this.seconds / size));
  }

  laneLabel(lane) {
    return this.words.say('laneCount', this.words.get('lane.' + lane), this.words.number(this.total(lane)));
  }

  bars() {
    const bars = [];
    this.bins.records.forEach((count, bin) => {
      if (count > 0) {
        const height = Math.max(2, TIMELINE.bars * count / this.most);
        const width = Math.max(1.5, this.xOfBin(bin + 1) - this.xOfBin(bin) - 1);
        bars.push(svg('rect', {class: 'bar', x: this.xOfBin(bin), y: this.base - height, width, height}));
      }
    });
    return bars;
  }

  axis() {
    const end = this.width - TIMELINE.right;
    const y = this.base + 16;
    return [
      svg('line', {class: 'axis', x1: TIMELINE.left, x2: end, y1: this.base, y2: this.base}),
      svg('text', {x: TIMELINE.left, y}, this.words.time(this.domain.from)),
      svg('text', {x: end, y, 'text-anchor': 'end'}, this.words.time(this.domain.to)),
    ];
  }

  lane(lane, y) {
    const marks = [];
    this.bins[lane].forEach((count, bin) => {
      if (count > 0) {
        marks.push(this.sign(lane, (this.xOfBin(bin) + this.xOfBin(bin + 1)) / 2, y + 25));
      }
    });
    return [
      svg('line', {class: 'grid', x1: TIMELINE.left, x2: this.width - TIMELINE.right, y1: y + 35, y2: y + 35}),
      svg('text', {x: TIMELINE.left, y: y + 12}, this.laneLabel(lane)), ...marks];
  }

  /** A triangle, a cross or a diamond. */
  sign(lane, x, y) {
    const points = {
      privileged: [[0, -6], [5, 4], [-5, 4]],
      gap: [[-5, -5], [-2, -5], [0, -2], [2, -5], [5, -5], [2, 0], [5, 5], [2, 5], [0, 2], [-2, 5], [-5, 5], [-2, 0]],
      change: [[0, -6], [5, 0], [0, 6], [-5, 0]],
    }[lane];
    return svg('polygon', {class: lane, points: points.map(([dx, dy]) => (x + dx) + ',' + (y + dy)).join(' ')});
  }
}
