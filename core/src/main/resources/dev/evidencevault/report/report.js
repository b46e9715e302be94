'use strict';

// The page: puts its parts together, runs the check, and follows what the reader does.

const SEARCH_PAUSE_MILLIS = 150;

/** The checks in the order in which a failure of them is told: what fails in many ways is told by the nearest. */
const WEIGHTIEST = ['records', 'redaction', 'segments', 'completeness', 'pseudonyms', 'order', 'anchor', 'nodeSignature',
  'bundleSignature', 'digests'];

/** Runs the check in a worker or, where the browser allows none, in the page, and calls back with progress and result. */
class CheckRun {
  constructor(input, progress) {
    Object.assign(this, {input, progress});
  }

  async result() {
    try {
      return await this.inWorker();
    } catch {
      return this.inPage();
    }
  }

  inWorker() {
    const source = Array.from(document.querySelectorAll('script[data-part="check"]'), (part) => part.textContent);
    const url = URL.createObjectURL(new Blob(source.map((part) => part + '\n'), {type: 'text/javascript'}));
    const policy = globalThis.trustedTypes?.createPolicy('evidence-vault-worker', {createScriptURL: () => url});
    return new Promise((resolve, reject) => {
      const worker = new Worker(policy === undefined ? url : policy.createScriptURL(''));
      worker.onerror = reject;
      worker.onmessage = ({data}) => {
        if (data.progress !== undefined) {
          this.progress(data.progress);
        } else if (data.problem !== undefined) {
          reject(new Error(data.problem));
        } else {
          worker.terminate();
          URL.revokeObjectURL(url);
          resolve(data.result);
        }
      };
      worker.postMessage(this.input);
    });
  }

  async inPage() {
    const check = new Check(this.input);
    for await (const progress of check.run()) {
      this.progress(progress);
      await pause();
    }
    return findingsOf(check);
  }
}

class Page {
  constructor() {
    this.words = new Words();
    this.content = new PageContent();
    this.summary = new Summary(this.words, this.content);
    this.timeline = new Timeline(this.words);
    this.rows = [];
    this.selected = [];
    this.found = null;
    this.problem = null;
    const stateOfRow = (index) => this.stateOfRow(index);
    this.table = new RecordTable(this.words, stateOfRow, (place) => this.detail.open(place));
    this.detail = new RecordDetail(this.words, stateOfRow, (place) => this.selected[place], (place) => this.closed(place));
    this.filters = new Filters(document.getElementById('filters'), this.words);
    this.key = document.getElementById('key');
  }

  async start() {
    this.choices('languages', LANGUAGES, (language) => this.words.messages.get(language).lang, 'language');
    this.choices('zones', [...ZONES.keys()], (zone) => this.words.get(zone), 'zone');
    this.listen();
    document.getElementById('page').hidden = false;
    this.render();
    const check = this.check();
    this.rows = await readRows(block('records'), (count) => this.reading(count));
    this.detail.leaves = leavesWithSalt(block('leaves'));
    this.render();
    await check;
  }

  /** Makes buttons of which one is pressed. */
  choices(id, values, label, property) {
    const group = document.getElementById(id);
    group.append(...values.map((value) => {
      const button = element('button', '', label(value));
      button.type = 'button';
      button.dataset.value = value;
      button.addEventListener('click', () => {
        this.words[property] = value;
        this.render();
      });
      return button;
    }));
    this.pressed = [...this.pressed ?? [], {group, label, property}];
  }

  listen() {
    const form = document.getElementById('filters');
    form.addEventListener('input', () => {
      clearTimeout(this.searching);
      this.searching = setTimeout(() => this.select(), SEARCH_PAUSE_MILLIS);
    });
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('reset', () => setTimeout(() => this.select()));
    this.key.addEventListener('input', () => this.renderVerdict());
    addEventListener('resize', () => this.drawTimeline());
    addEventListener('beforeprint', () => this.drawTimeline(TIMELINE.paper));
    addEventListener('afterprint', () => this.drawTimeline());
    addEventListener('error', (event) => this.fails(event.message));
    addEventListener('unhandledrejection', (event) => this.fails(String(event.reason)));
  }

  async check() {
    const {summary} = this.content;
    const run = new CheckRun({
      files: block('files'),
      records: block('records'),
      leaves: block('leaves'),
      segments: block('segments'),
      whole: summary.whole,
      embeddedRecords: summary.recordsEmbedded,
      totalRecords: summary.records,
      totalLeaves: summary.leavesEmbedded,
      timeStamps: summary.timeStamps,
      inventory: summary.files,
    }, ({done, total}) => {
      document.getElementById('progress').value = total === 0 ? 100 : 100 * done / total;
    });
    this.found = await run.result();
    this.render();
  }

  fails(problem) {
    this.problem = problem;
    this.renderVerdict();
  }

  reading(count) {
    document.getElementById('count').textContent = this.words.say('loading',
      this.words.number(count), this.words.number(this.content.summary.recordsEmbedded));
  }

  /** Draws everything anew. */
  render() {
    this.words.translate();
    for (const {group, label, property} of this.pressed) {
      for (const button of group.children) {
        button.textContent = label(button.dataset.value);
        button.setAttribute('aria-pressed', String(button.dataset.value === this.words[property]));
      }
    }
    document.getElementById('time-zone').textContent = this.words.get(this.words.zone + 'Short');
    this.summary.render(this.rows);
    this.summary.claims(this.found === null ? null : this.found.checks);
    this.renderVerdict();
    this.select();
    if (this.detail.dialog.open) {
      this.detail.render();
    }
  }

  select() {
    this.selected = this.filters.select(this.rows, this.found?.states ?? []);
    this.table.show(this.selected);
    this.drawTimeline();
    document.getElementById('count').textContent = this.words.say('filtered',
      this.words.number(this.selected.length), this.words.number(this.rows.length));
  }

  drawTimeline(width) {
    this.timeline.show(this.selected, this.content.period(), this.filters.read(), width);
  }

  closed(place) {
    this.table.bringIntoView(place);
    this.table.focus(place);
  }

  /** How the check of a record ended. It is unchanged if its leaf is part of the signed log, too. */
  stateOfRow(index) {
    if (this.found === null) {
      return 'waiting';
    }
    switch (this.found.states[index]) {
      case RECORD_GOOD: return this.isLogProven() ? 'good' : 'alone';
      case RECORD_FAILED: return 'failed';
      default: return 'unreached';
    }
  }

  isLogProven() {
    return ['segments', 'anchor', 'nodeSignature'].every((id) => this.stateOf(id) === 'passed');
  }

  stateOf(id) {
    return this.found.checks.find((check) => check.id === id).state;
  }

  /** The verdict of this page over all. */
  renderVerdict() {
    const verdict = this.verdict();
    document.getElementById('page-verdict').replaceChildren(stateOf(verdict, this.words.get(verdict)));
    document.getElementById('progress').hidden = verdict !== 'checking';
    document.getElementById('page-sentence').replaceChildren(...visible(this.sentence(verdict)));
    document.documentElement.dataset.verdict = verdict;
    this.renderKey();
  }

  verdict() {
    if (this.problem !== null) {
      return 'indeterminate';
    }
    if (this.found === null) {
      return 'checking';
    }
    const failed = this.found.checks.some(({state}) => state === 'failed') || this.keyState() === 'failed';
    const part = WEIGHTIEST.some((id) => this.stateOf(id) === 'open' && !this.isBeside(id));
    return failed ? 'failed' : part ? 'indeterminate' : 'passed';
  }

  /**
   * Says whether a check is open for nothing but what a page does not carry: manifests and signature, which come later
   * where the page is inside of the bundle, and the companions of the evidence.
   */
  isBeside(id) {
    return this.found.checks.find((check) => check.id === id).findings
      .every(({code}) => ['openSignatureAbsent', 'openCompanions'].includes(code));
  }

  sentence(verdict) {
    if (this.problem !== null) {
      return this.words.say('pageError', this.problem);
    }
    if (verdict === 'checking') {
      return this.words.get('pageChecking');
    }
    if (verdict === 'failed') {
      return this.words.get('pageFailed') + ' ' + this.words.say('pageFailedAt', this.firstFailure());
    }
    const {records, recordsEmbedded, whole} = this.content.summary;
    const open = this.found.checks.filter(({state}) => state === 'open').map(({id}) => this.words.get('check.' + id));
    return this.words.say(whole ? 'pagePassed' : 'pagePassedPart', this.words.number(recordsEmbedded),
      this.words.number(records)) + (open.length === 0 ? '' : ' ' + this.words.say('notCheckedHere', open.join('; ')));
  }

  firstFailure() {
    const check = WEIGHTIEST.map((id) => this.found.checks.find((candidate) => candidate.id === id))
      .find(({state}) => state === 'failed');
    if (check === undefined) {
      return this.words.get('keyOther');
    }
    const text = this.summary.findingText(check.findings[0]).map((part) => part.textContent ?? part).join('');
    return this.words.get('check.' + check.id) + ': ' + text;
  }

  /** Compares the key of the bundle with the one that the reader gives. */
  keyState() {
    const given = this.key.value.trim();
    if (given === '') {
      return 'open';
    }
    const {scope} = this.content;
    const keys = scope === null ? [] : [...vaultKeys(scope), ...scope.successions.flatMap(({before}) => before)];
    return keys.some((key) => key.text === given) ? 'passed' : 'failed';
  }

  renderKey() {
    const {scope} = this.content;
    document.getElementById('key-of-bundle').replaceChildren(
      ...visible(scope === null ? this.words.get('unknown') : scope.key.text));
    const state = this.keyState();
    const malformed = state === 'failed' && orNull(() => parseVerifierKey(this.key.value.trim())) === null;
    const text = {open: 'keyNone', passed: 'keySame', failed: malformed ? 'keyMalformed' : 'keyOther'}[state];
    document.getElementById('key-result').replaceChildren(stateOf(state, this.words.get(text)));
  }
}

/** Starts the page. Where its own parts are damaged, it says that, in both languages, and nothing else. */
async function startPage() {
  try {
    await new Page().start();
  } catch {
    document.getElementById('page').hidden = true;
    document.getElementById('damaged').hidden = false;
    document.documentElement.dataset.verdict = 'failed';
  }
}

startPage();
