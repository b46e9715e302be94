'use strict';

// What is withheld from records, and why (docs/formats/bundle.md, Redaction).

const REDACTION = 'custody/redaction.json';
const REDACTION_TEXT_MAX = 1000;
const RULES_MAX = 50;
const RULE_RECORDS_MAX = 1000;
const REDACTABLE = new Set(['service', 'action', 'reason', 'actor', 'privilege', 'targets', 'source', 'sharedEventId',
  'assumed', 'details', 'original']);
const WITHHELD = /^"withheld by redaction ([1-9][0-9]{0,2})"$/;

function requireRedactionText(value) {
  requireText(value, 'redaction');
  require_(value.length >= 1 && value.length <= REDACTION_TEXT_MAX && value.trim() !== ''
    && !/[\u0000-\u001f\u007f-\u009f]/.test(value), 'redaction');
  return value;
}

/** Returns the names of a JSON Pointer (RFC 6901) to what can be withheld. */
function parseFieldPath(value) {
  requireRedactionText(value);
  require_(value.startsWith('/') && !/~(?![01])/.test(value), 'redaction');
  const path = value.slice(1).split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  require_(path.length <= 2 && REDACTABLE.has(path[0]), 'redaction');
  require_(path[0] !== 'actor' || !ALWAYS_SHOWN_OF_ACTOR.has(path[1]), 'redaction');
  return path;
}

function parseRule(value) {
  requireMembers(value, ['path', 'records', 'reason', 'requestedBy']);
  let records = value.get('records');
  if (records !== 'all') {
    require_(Array.isArray(records) && records.length >= 1 && records.length <= RULE_RECORDS_MAX, 'redaction');
    records = records.map((seq) => requireCount(seq, 'records'));
    require_(records.every((seq, i) => i === 0 || records[i - 1] < seq), 'redaction');
  }
  requireRedactionText(value.get('requestedBy'));
  return {
    pointer: value.get('path'),
    path: parseFieldPath(value.get('path')),
    records: records === 'all' ? null : new Set(records),
    reason: requireRedactionText(value.get('reason')),
  };
}

/** The rules, known by their numbers from 1, and how much is withheld under each. */
class Redaction {
  constructor(text) {
    const members = parseSpelled(text, ['format', 'approvedBy', 'rules']);
    require_(members.get('format') === 'evidence-vault-redaction/1', 'redaction');
    this.approvedBy = requireRedactionText(members.get('approvedBy'));
    const rules = members.get('rules');
    require_(Array.isArray(rules) && rules.length >= 1 && rules.length <= RULES_MAX, 'redaction');
    this.rules = rules.map(parseRule);
    this.counts = rules.map(() => 0);
    this.records = 0;
  }

  /** Says whether a rule is for what stands at a path or is in it or, if that is asked for, for what may be within it. */
  isFor(number, seq, path, within) {
    const rule = this.rules[number - 1];
    if (rule === undefined || rule.records !== null && !rule.records.has(seq)) {
      return false;
    }
    const common = Math.min(rule.path.length, path.length);
    return (within || rule.path.length <= path.length) && rule.path.slice(0, common).every((name, i) => name === path[i]);
  }

  /** Returns the number of the first such rule; 0 if there is none. */
  first(seq, path, within) {
    return this.rules.findIndex((_, i) => this.isFor(i + 1, seq, path, within)) + 1;
  }

  /** Takes an event that is shown. Refuses what is withheld without a rule or shown against one. */
  take(seq, line, isWithheld) {
    const found = [];
    let original = 0;
    let any = false;
    for (let i = 1; i < line.count; i++) {
      any = any || isWithheld(i);
    }
    for (let i = 1; i < line.count; i++) {
      const path = line.path(i);
      const isOriginal = path.length === 1 && path[0] === 'original';
      const covering = this.first(seq, path, false);
      if (!isWithheld(i)) {
        const shown = covering > 0 || line.isUnopened(i) && this.first(seq, path, true) > 0 || isOriginal && any;
        require_(!shown, 'notWithheld', seq);
        continue;
      }
      const match = WITHHELD.exec(new TextDecoder().decode(line.piece(i)));
      require_(match !== null, 'withheldText', seq);
      const number = Number(match[1]);
      if (isOriginal && covering === 0) {
        original = number;
      } else {
        require_(this.isFor(number, seq, path, true) && (covering === 0 || number <= covering), 'withheldRule', seq);
        found.push(number);
      }
    }
    if (original > 0) {
      require_(found.length > 0 && original === Math.min(...found), 'withheldRule', seq);
      found.push(original);
    }
    found.forEach((number) => this.counts[number - 1]++);
    this.records += found.length > 0 ? 1 : 0;
  }

  /** Says how much is withheld under each rule, and why. */
  reasons() {
    return this.rules.map(({pointer, reason}, i) => (i + 1) + '. ' + pointer + ' (' + this.counts[i] + '): ' + reason)
      .join('; ');
  }
}
