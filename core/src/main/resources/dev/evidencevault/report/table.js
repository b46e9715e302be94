'use strict';

// The table of records. Only the rows in view are in the document, since browsers cannot lay out a hundred thousand.

const ROW_PIXELS = 36;
const ROWS_BEYOND = 10;
const VIEW_PIXELS_MIN = 600;
const ROWS_PRINTED_MAX = 2000;

class RecordTable {
  /** open is called with the place of the row that the reader wants to see. */
  constructor(words, stateOfRow, open) {
    Object.assign(this, {words, stateOfRow, open});
    this.scroll = document.getElementById('scroll');
    this.table = document.getElementById('records');
    this.body = document.getElementById('rows');
    this.rows = [];
    this.shown = null;
    this.scroll.addEventListener('scroll', () => requestAnimationFrame(() => this.render()));
    this.body.addEventListener('click', (event) => this.clicked(event));
    this.body.addEventListener('keydown', (event) => this.pressed(event));
    addEventListener('resize', () => this.render());
    addEventListener('beforeprint', () => this.renderForPrint());
    addEventListener('afterprint', () => this.refresh());
  }

  show(rows) {
    this.rows = rows;
    this.table.setAttribute('aria-rowcount', String(rows.length + 1));
    this.refresh();
  }

  /** Draws the rows in view anew. */
  refresh() {
    this.shown = null;
    this.render();
  }

  render() {
    const first = Math.max(0, Math.floor(this.scroll.scrollTop / ROW_PIXELS) - ROWS_BEYOND);
    const inView = Math.ceil(Math.max(this.scroll.clientHeight, VIEW_PIXELS_MIN) / ROW_PIXELS);
    const from = Math.min(first, Math.max(0, this.rows.length - 1));
    const to = Math.min(this.rows.length, from + inView + 2 * ROWS_BEYOND);
    if (this.shown !== null && this.shown.from === from && this.shown.to === to) {
      return;
    }
    this.shown = {from, to};
    this.draw(from, to);
  }

  draw(from, to) {
    const focused = document.activeElement?.dataset?.place;
    const drawn = this.rows.slice(from, to).map((row, i) => this.rowElement(row, from + i));
    this.body.replaceChildren(this.space(from), ...drawn, this.space(this.rows.length - to));
    if (focused !== undefined) {
      this.focus(Number(focused));
    }
  }

  space(rows) {
    const row = element('tr', 'space', element('td', ''));
    row.setAttribute('aria-hidden', 'true');
    row.firstChild.colSpan = 8;
    row.firstChild.style.height = rows * ROW_PIXELS + 'px';
    return row;
  }

  rowElement(row, place) {
    const state = this.stateOfRow(row.index);
    const className = state === 'failed' ? 'failed-row' : row.kind === 'event' ? '' : 'notice-row';
    const button = element('button', '', row.seq);
    button.type = 'button';
    button.dataset.place = String(place);
    button.setAttribute('aria-label', this.words.say('detailHeading', row.seq));
    const actor = [isolated(row.actor)];
    if (row.onBehalfOf !== '') {
      actor.push(' ', isolated(this.words.say('onBehalfOf', row.onBehalfOf)));
    }
    const result = element('tr', className,
      element('td', 'seq', button),
      element('td', 'time', this.words.clock(row.millis, row.fraction.slice(0, 3))),
      element('td', 'action', shortened(this.actionOf(row))),
      element('td', 'privilege', ...this.mark(row)),
      element('td', 'actor', ...actor),
      element('td', 'target', shortened(row.target)),
      element('td', 'outcome', isolated(row.outcome)),
      element('td', 'check', stateOf(state, this.words.get('state.' + state))));
    result.setAttribute('aria-rowindex', String(place + 2));
    return result;
  }

  mark(row) {
    return row.privileged ? [element('span', 'badge', this.words.get('privilegedMark'))] : [];
  }

  actionOf(row) {
    return row.kind === 'event' ? row.action : this.words.say('kind.' + row.kind, row.action);
  }

  clicked(event) {
    const button = event.target.closest('button');
    if (button !== null) {
      this.open(Number(button.dataset.place));
    }
  }

  /** Up and down go from row to row. */
  pressed(event) {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    const place = Number(event.target.dataset?.place) + step;
    if (step !== undefined && place >= 0 && place < this.rows.length) {
      event.preventDefault();
      this.bringIntoView(place);
      this.focus(place);
    }
  }

  bringIntoView(place) {
    const head = this.table.tHead.offsetHeight;
    const start = place * ROW_PIXELS;
    const room = this.scroll.clientHeight - head - ROW_PIXELS;
    if (start < this.scroll.scrollTop) {
      this.scroll.scrollTop = start;
    } else if (start > this.scroll.scrollTop + room) {
      this.scroll.scrollTop = start - room;
    }
    this.render();
  }

  /** Moves the focus to a row, or to the table if the row is out of view. */
  focus(place) {
    const button = this.body.querySelector('button[data-place="' + place + '"]');
    (button ?? this.scroll).focus({preventScroll: true});
  }

  renderForPrint() {
    const printed = Math.min(this.rows.length, ROWS_PRINTED_MAX);
    const limit = document.getElementById('print-limit');
    limit.textContent = printed === this.rows.length
      ? '' : this.words.say('printLimit', this.words.number(printed), this.words.number(this.rows.length));
    this.body.replaceChildren(...this.rows.slice(0, printed).map((row, i) => this.rowElement(row, i)));
  }
}
