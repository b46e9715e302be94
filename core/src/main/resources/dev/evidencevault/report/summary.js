'use strict';

// What stands above the records: the order, what was delivered, what is proven, whose key it is, the files.

const CLAIMS = ['files', 'manifest', 'signature', 'order', 'anchors', 'time', 'segments', 'records', 'redaction',
  'completeness'];
const VERDICTS = ['failed', 'indeterminate', 'passed'];

/** Returns what an action returns, or null where what it reads is not as the formats say. */
function orNull(action) {
  try {
    return action();
  } catch (refused) {
    if (refused instanceof Refused || refused instanceof SyntaxError) {
      return null;
    }
    throw refused;
  }
}

/** What the page carries besides records and proofs. */
class PageContent {
  constructor() {
    this.summary = JSON.parse(block('summary'));
    this.verification = JSON.parse(block('verification'));
    this.files = new Map();
    for (const json of block('files').split('\n').filter((line) => line !== '')) {
      const file = JSON.parse(json);
      this.files.set(file.name, decodeLine(JSON.stringify(file.content)).text);
    }
    this.order = this.read(ORDER, parseOrder);
    this.scope = this.read(SCOPE, parseScope);
    this.statement = this.read(EXPORT, parseExport);
    this.head = this.read(CHECKPOINT, parseCheckpoint);
    this.anchor = this.read(ANCHOR, parseAnchorProof);
  }

  read(name, parse) {
    const text = this.files.get(name) ?? null;
    return text === null ? null : orNull(() => parse(text));
  }

  /** The bounds of the order in milliseconds, or null for each. */
  period() {
    if (this.order?.byRecording) {
      // The times of what is shown are those at which it happened: bounds by another clock have no place among them.
      return {from: null, to: null};
    }
    const millis = (time) => time === null || time === undefined ? null : Number(time / 1000000n);
    return {from: millis(this.order?.from), to: millis(this.order?.to)};
  }
}

class Summary {
  constructor(words, content) {
    Object.assign(this, {words, content});
  }

  render(rows) {
    this.title();
    this.notices();
    this.verifyVerdict();
    this.orderFacts();
    this.deliveredFacts(rows);
    this.findings();
    this.notProven();
    this.inventory();
  }

  put(id, ...children) {
    document.getElementById(id).replaceChildren(...children);
  }

  title() {
    const {order} = this.content;
    if (order === null) {
      this.put('title', this.words.get('titleUnknown'));
      this.put('subtitle');
    } else {
      this.put('title', ...visible(this.words.say('title', order.order)));
      this.put('subtitle', ...visible(this.words.say('subtitle', order.issuer, order.tenant)));
    }
    document.title = this.words.get('pageTitle') + ' · ' + document.getElementById('title').textContent;
  }

  notices() {
    const {summary} = this.content;
    const part = document.getElementById('part');
    part.hidden = summary.recordsEmbedded === summary.records && summary.whole;
    part.textContent = this.words.say('partNotice', this.words.number(summary.recordsEmbedded),
      this.words.number(summary.records));
    const unreadable = document.getElementById('unreadable');
    unreadable.hidden = summary.unreadable.length === 0;
    const reasons = summary.unreadable.map(({name, reason}) => name + ' (' + reason + ')').join('; ');
    unreadable.replaceChildren(...visible(this.words.say('unreadableNotice', reasons)));
  }

  /** A page that lies in a bundle was made before that was signed: instead of a verdict it has the command that gives it. */
  verifyVerdict() {
    const {verification} = this.content;
    const inside = verification.findings.length === 0;
    document.getElementById('verify-box').hidden = inside;
    document.getElementById('inside-box').hidden = !inside;
    document.getElementById('inside').hidden = !inside;
    document.getElementById('claims-table').classList.toggle('inside', inside);
    this.put('verify-verdict', stateOf(verification.verdict, this.words.get(verification.verdict)));
  }

  orderFacts() {
    const {order, files} = this.content;
    this.put('order-text', ...visible(files.get(ORDER) ?? this.words.get('unknown'), true));
    if (order === null) {
      this.put('order', element('dt', '', this.words.get('orderNumber')), element('dd', '', this.words.get('unknown')));
      return;
    }
    const names = (list) => list === null ? [this.words.get('all')]
      : list.flatMap((name, i) => [...(i === 0 ? [] : [', ']), isolated(name)]);
    fillFacts(document.getElementById('order'), [
      [this.words.get('orderNumber'), isolated(order.order)],
      [this.words.get('orderIssuer'), isolated(order.issuer)],
      [this.words.get('orderBasis'), isolated(order.legalBasis)],
      [this.words.get('orderTenant'), isolated(order.tenant)],
      [this.words.get('orderActors'), ...names(order.actors)],
      [this.words.get('orderServices'), ...names(order.services)],
      [this.words.get('orderPrivileged'), this.words.get(order.privilegedOnly ? 'yes' : 'no')],
      [this.words.get('orderPeriod'), this.periodText(order)],
      [this.words.get('orderClock'), order.byRecording ? this.words.get('clockRecorded') : this.words.get('clockOccurred')],
      [this.words.get('orderRequested'), isolated(order.requestedBy)],
      [this.words.get('orderApproved'), isolated(order.approvedBy)],
      [this.words.get('orderExpires'), order.expires === null ? this.words.get('never') : this.words.nanos(order.expires)],
    ]);
  }

  periodText(order) {
    const from = order.from === null ? '' : this.words.say('periodFrom', this.words.nanos(order.from));
    const to = order.to === null ? '' : this.words.say('periodTo', this.words.nanos(order.to));
    return [from, to].filter((text) => text !== '').join(' ') || this.words.get('noBound');
  }

  deliveredFacts(rows) {
    const {summary, statement, scope, head, anchor} = this.content;
    const facts = [[this.words.get('deliveredRecords'), this.words.number(summary.records)]];
    if (rows.length > 0) {
      facts.push([this.words.get('deliveredKinds'), this.kinds(rows)]);
    }
    const span = spanOf(rows);
    if (span !== null) {
      facts.push([this.words.get('deliveredSpan'),
        this.words.say('deliveredSpanValue', this.words.time(span.from), this.words.time(span.to))]);
    }
    if (head !== null && anchor !== null) {
      facts.push([this.words.get('deliveredAnchor'),
        this.words.say('deliveredAnchorValue', this.words.number(head.size), this.words.nanos(anchor.time))]);
    }
    if (scope !== null) {
      facts.push([this.words.get('deliveredCompleteness'), this.howComplete(scope)]);
    }
    if (statement !== null) {
      facts.push(...this.statementFacts(statement));
    }
    fillFacts(document.getElementById('delivered'), facts);
  }

  kinds(rows) {
    const count = (condition) => this.words.number(rows.filter(condition).length);
    return this.words.say('deliveredKindsValue', count(({kind}) => kind === 'event'),
      count(({privileged}) => privileged), count(({kind}) => kind === 'gap'), count(({kind}) => kind === 'change'));
  }

  statementFacts(statement) {
    const facts = [
      [this.words.get('deliveredExported'), this.words.nanos(statement.exportedAt)],
      [this.words.get('deliveredSoftware'), isolated(statement.software)],
      [this.words.get('deliveredLog'), element('span', 'code', statement.logId)],
      [this.words.get('deliveredVault'), element('span', 'code', statement.vaultId)],
    ];
    if (statement.notYetAnchored > 0) {
      facts.push([this.words.get('deliveredMissing'),
        this.words.say('deliveredMissingValue', this.words.number(statement.notYetAnchored))]);
    }
    return facts;
  }

  /** The claims, each with both verdicts; checks are those of the page, or null before they are made. */
  claims(checks) {
    const columns = [this.words.get('verifyColumn'), this.words.get('pageColumn')];
    this.put('claims', ...CLAIMS.filter((claim) => this.isShown(claim, checks)).map((claim) => {
      const row = element('tr', '',
        element('td', '', element('span', 'name', this.words.get('claim.' + claim)),
          element('span', 'means', this.words.get('claim.' + claim + '.text'))),
        element('td', '', this.verdictOf(claim)),
        element('td', '', this.checksOf(claim, checks)));
      row.dataset.claim = claim;
      columns.forEach((column, i) => {
        row.children[i + 1].dataset.column = column;
      });
      return row;
    }));
  }

  /** Time stamps are a claim only where there are some, and a redaction where something may be withheld. */
  isShown(claim, checks) {
    return !['time', 'redaction'].includes(claim) || claim === 'time' && this.content.summary.timeStamps > 0
      || this.content.verification.findings.some((finding) => finding.claim === claim)
      || checks !== null && checks.some((check) => check.claim === claim && check.state !== 'absent');
  }

  verdictOf(claim) {
    const found = this.content.verification.findings.filter((finding) => finding.claim === claim);
    const verdict = VERDICTS.find((candidate) => found.some((finding) => finding.verdict === candidate));
    return verdict === undefined
      ? stateOf('absent', this.words.get('notJudged')) : stateOf(verdict, this.words.get(verdict));
  }

  checksOf(claim, checks) {
    if (claim === 'files') {
      return element('ul', '', element('li', '', stateOf('open', this.words.get('open')),
        element('span', 'what', this.words.get('notOfPage'))));
    }
    if (checks === null) {
      return stateOf('checking', this.words.get('checking'));
    }
    const own = checks.filter((check) => check.claim === claim && check.state !== 'absent');
    return element('ul', '', ...own.map((check) => this.checkItem(check)));
  }

  checkItem(check) {
    const item = element('li', '', stateOf(check.state, this.words.get('check.' + check.id)));
    item.dataset.check = check.id;
    item.dataset.state = check.state;
    if (check.state === 'passed') {
      const facts = check.facts.map((fact) => TIME.test(fact) ? this.words.nanos(parseTime(fact)) : fact);
      item.append(element('span', 'what', this.words.say('check.' + check.id + '.passed', ...facts)));
    } else {
      item.append(element('span', 'what', this.words.get(check.state)));
    }
    const kind = check.state === 'failed' ? 'finding' : 'what';
    item.append(...check.findings.map((finding) => element('span', kind, ...this.findingText(finding))));
    if (check.failures > check.findings.length) {
      item.append(element('span', kind, this.words.say('moreFindings', this.words.number(check.failures))));
    }
    return item;
  }

  findingText({where, code, values}) {
    const text = this.words.say('finding.' + code, ...values);
    const line = /^(.*) (\d+)$/.exec(where);
    const place = line === null ? where : this.words.say('where', line[1], line[2]);
    return visible(place === '' ? text : place + ': ' + text);
  }

  findings() {
    this.put('findings', ...this.content.verification.findings.map(({verdict, claim, where, reason}) => {
      const line = element('p', '', stateOf(verdict, this.words.get(verdict)), ' ',
        ...visible(claim + ' · ' + where + ': ' + reason));
      line.lang = 'en';
      return line;
    }));
  }

  howComplete(scope) {
    if (scope.byRange) {
      return this.words.get('byRange');
    }
    return scope.byIndex ? this.words.get('byIndex') : this.words.get('byHeaders');
  }

  notProven() {
    const texts = [...this.words.get('notProven')];
    if (this.content.scope?.byIndex) {
      texts.push(this.words.get('indexNotProven'));
    }
    if (this.content.scope?.byRange) {
      texts.push(this.words.get('rangeNotProven'));
    }
    this.put('not-proven', ...texts.map((text) => element('li', '', text)));
  }

  inventory() {
    const {summary} = this.content;
    const signed = summary.files.find(({name}) => name === TAG_MANIFEST);
    const whole = [['containerDigest', summary.sha256], ['tagDigest', signed?.sha256]];
    fillFacts(document.getElementById('digests'), whole.filter(([, digest]) => digest !== undefined)
      .map(([key, digest]) => [this.words.get(key), element('span', 'code', digest)]));
    this.put('files', ...summary.files.map(({name, bytes, sha256: digest}) => element('tr', '',
      element('td', '', ...visible(name)),
      element('td', 'number', this.words.number(bytes)),
      element('td', 'digest', digest))));
  }
}
