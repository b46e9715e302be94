'use strict';

// One record with everything that is known of it, and how its hashes come about.

const LONG_CHARS = 10000;

class RecordDetail {
  /** rowAt returns the row at a place of what is selected; leaves are those of the records; close gets the last place. */
  constructor(words, stateOfRow, rowAt, closed) {
    Object.assign(this, {words, stateOfRow, rowAt, place: 0, leaves: []});
    this.dialog = document.getElementById('detail');
    this.heading = document.getElementById('detail-heading');
    this.body = document.getElementById('detail-body');
    this.on('previous', () => this.open(this.place - 1));
    this.on('next', () => this.open(this.place + 1));
    this.on('close', () => this.dialog.close());
    this.dialog.addEventListener('close', () => closed(this.place));
  }

  on(name, action) {
    document.getElementById('detail-' + name).addEventListener('click', action);
  }

  open(place) {
    this.place = place;
    this.render();
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
    this.dialog.scrollTop = 0;
  }

  /** Draws the record anew, if one is open. */
  render() {
    const row = this.rowAt(this.place);
    if (row === undefined) {
      return;
    }
    document.getElementById('detail-previous').disabled = this.rowAt(this.place - 1) === undefined;
    document.getElementById('detail-next').disabled = this.rowAt(this.place + 1) === undefined;
    this.heading.textContent = this.words.say('detailHeading', row.seq);
    const record = row.kind === 'unreadable' ? {} : JSON.parse(row.line.text);
    this.body.replaceChildren(
      this.verdict(row),
      this.list(this.fields(record)),
      element('h3', '', this.words.get('detailLine')),
      ...this.verbatim(row.line.text ?? toHex(row.line.bytes)),
      ...this.original(record),
      element('p', 'note', this.words.get('detailMarks')),
      element('h3', '', this.words.get('detailCheck')),
      this.list(this.hashes(row)));
  }

  verdict(row) {
    const state = this.stateOfRow(row.index);
    const text = {good: 'detailGood', alone: 'detailAlone', failed: 'detailFailed', unreached: 'detailUnreached'}[state];
    return element('p', '', stateOf(state, this.words.get('state.' + state)), ' ',
      this.words.get(text ?? 'detailWaiting'));
  }

  list(facts) {
    const list = element('dl', 'facts');
    fillFacts(list, facts);
    return list;
  }

  /** The members of the record that have a meaning of their own; all others stand in the line. */
  fields(record) {
    const actor = isObject(record.actor) ? record.actor : {};
    const side = textIn(actor, 'side');
    const targets = targetsOf(record);
    const facts = [
      ['field.kind', textIn(record, 'type')],
      ['field.occurredAt', this.time(record, 'occurredAt')],
      ['field.recordedAt', this.time(record, 'recordedAt')],
      ['field.action', textIn(record, 'action')],
      ['field.outcome', textIn(record, 'outcome')],
      ['field.reason', textIn(record, 'reason')],
      ['field.actor', textIn(actor, 'id')],
      ['field.side', this.words.has('side.' + side) ? this.words.get('side.' + side) : side],
      ['field.onBehalfOf', textIn(actor, 'onBehalfOf')],
      ['field.privilege', this.privilege(record, actor)],
      ['field.service', textIn(record, 'service')],
      ['field.targets', targets.map((target) => typeof target === 'string' ? target
        : [textIn(target, 'type'), textIn(target, 'id')].join(' ')).join(', ')],
      ['field.source', textIn(record.source, 'ip')],
      ['field.id', textIn(record, 'id')],
    ];
    return facts.filter(([, text]) => text !== '').map(([key, text]) => [this.words.get(key), isolated(text)]);
  }

  privilege(record, actor) {
    const texts = ['role', 'ticket', 'approval', 'justification'].map((name) => textIn(record.privilege, name));
    return [actor.privileged === true ? this.words.get('yes') : '', ...texts].filter((text) => text !== '').join(' · ');
  }

  /** A time in the zone that is chosen, and as it stands in the record. */
  time(record, name) {
    const text = textIn(record, name);
    const millis = Date.parse(text.slice(0, 19) + 'Z');
    return Number.isNaN(millis) ? text : this.words.time(millis, text.slice(20, 29));
  }

  verbatim(text) {
    const shown = element('pre', 'verbatim', ...visible(text.slice(0, LONG_CHARS)));
    if (text.length <= LONG_CHARS) {
      return [shown];
    }
    const button = element('button', '', this.words.say('detailAll', this.words.number(text.length)));
    button.type = 'button';
    button.addEventListener('click', () => {
      // One by one: a call takes only so many arguments.
      shown.replaceChildren();
      visible(text).forEach((node) => shown.append(node));
      button.remove();
    });
    return [shown, button];
  }

  original(record) {
    return typeof record.original === 'string'
      ? [element('h3', '', this.words.get('detailOriginal')), ...this.verbatim(record.original)] : [];
  }

  /** How the record's hashes come about. */
  hashes(row) {
    const place = [this.words.get('detailPlace'), String(row.index + 1)];
    const leaf = this.leaves.find((candidate) => candidate !== null && this.isOf(candidate, row));
    if (leaf === undefined) {
      return [place, [this.words.get('detailLeaf'), this.words.get('detailNoLeaf')]];
    }
    const computed = this.computed(leaf, row);
    const stated = leaf.hex.slice(-64);
    const agree = computed === stated ? 'passed' : 'failed';
    return [
      place,
      ['detailSalt', leaf.salt ?? leaf.fields.join(' ')],
      [leaf.header.byFields ? 'detailComputedFields' : 'detailComputed', computed, agree],
      ['detailCommitment', stated],
      ['detailHeader', leaf.hex],
      ['detailLeaf', toHex(hashLeaf(fromHex(leaf.hex)))],
    ].map(([key, text, state]) => [this.words.get(key), element('span', 'code', text),
      ...(state === undefined ? [] : [' ', stateOf(state, this.words.get(state))])]);
  }

  /** What the line opens with the leaf, in digits; nothing if it does not fit it. */
  computed(leaf, row) {
    try {
      return toHex(openedCommitment(leaf.header, leaf, row.line.bytes));
    } catch (refused) {
      if (!(refused instanceof Refused)) {
        throw refused;
      }
      return '';
    }
  }

  /** Says whether a leaf is that of a row, by the number in both. */
  isOf(leaf, row) {
    return parseInt(leaf.hex.slice(40, 56), 16) === Number(row.seq);
  }
}
