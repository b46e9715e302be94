'use strict';

// Which rows are shown.

/** What the fields of the form ask for. Texts are compared without regard to case. */
class Filters {
  constructor(form, words) {
    this.form = form;
    this.words = words;
  }

  /** Returns the rows that are asked for; states are those of the page's check. */
  select(rows, states) {
    const wanted = this.read();
    return rows.filter((row) => this.matches(wanted, row, states[row.index]));
  }

  read() {
    const value = (name) => this.form.elements[name].value;
    return {
      text: value('text').toLowerCase(),
      actor: value('actor').toLowerCase(),
      action: value('action').toLowerCase(),
      kind: value('kind'),
      from: this.words.parseField(value('from')),
      to: this.words.parseField(value('to')),
    };
  }

  matches(wanted, row, state) {
    return this.isOfKind(wanted.kind, row, state)
      && (wanted.from === null || row.millis >= wanted.from)
      && (wanted.to === null || row.millis < wanted.to)
      && (wanted.action === '' || row.action.toLowerCase().includes(wanted.action))
      && (wanted.actor === '' || row.actor.toLowerCase().includes(wanted.actor)
        || row.onBehalfOf.toLowerCase().includes(wanted.actor))
      && (wanted.text === '' || (row.line.text ?? '').toLowerCase().includes(wanted.text));
  }

  isOfKind(kind, row, state) {
    switch (kind) {
      case 'privileged': return row.privileged;
      case 'notice': return row.kind === 'gap' || row.kind === 'change';
      case 'failed': return state === RECORD_FAILED;
      default: return true;
    }
  }
}
