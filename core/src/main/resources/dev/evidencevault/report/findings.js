'use strict';

// What the checks of the page find.

const FINDINGS_MAX = 10;

/** The checks, in the order in which they are shown, and the claim of a bundle that each belongs to. */
const CHECKS = new Map([
  ['digests', 'manifest'],
  ['bundleSignature', 'signature'],
  ['order', 'order'],
  ['anchor', 'anchors'],
  ['nodeSignature', 'anchors'],
  ['postQuantum', 'anchors'],
  ['witnesses', 'anchors'],
  ['timeStamps', 'time'],
  ['segments', 'segments'],
  ['records', 'records'],
  ['redaction', 'redaction'],
  ['completeness', 'completeness'],
  ['pseudonyms', 'completeness'],
]);

/**
 * What was found by each check: passed, failed, open, which is not checked here, or absent, as there is nothing to check.
 * Failed outweighs open, open passed.
 */
class CheckReport {
  constructor() {
    this.checks = new Map([...CHECKS.keys()].map((id) => [id, {state: null, failures: 0, findings: [], facts: []}]));
  }

  fail(id, where, code, ...values) {
    const check = this.checks.get(id);
    check.state = 'failed';
    check.failures++;
    if (check.findings.length < FINDINGS_MAX) {
      check.findings.push({where, code, values: values.map(String)});
    }
  }

  /** Says that something of a check cannot be decided here, and why. */
  open(id, code, ...values) {
    const check = this.checks.get(id);
    check.state = check.state === 'failed' ? 'failed' : 'open';
    check.findings.push({where: '', code, values: values.map(String)});
  }

  /** Says that a check was made to its end. Changes nothing if something was found. */
  pass(id, ...facts) {
    const check = this.checks.get(id);
    check.state ??= 'passed';
    check.facts = facts.map(String);
  }

  /** Says that there was nothing to check, if nothing was said of a check. */
  absent(id) {
    this.checks.get(id).state ??= 'absent';
  }

  failed(id) {
    return this.checks.get(id).state === 'failed';
  }

  /** Runs a step; what it refuses is a failure of the check. Returns what it returns, or null. */
  step(id, where, action) {
    try {
      return action();
    } catch (refused) {
      if (!(refused instanceof Refused)) {
        throw refused;
      }
      this.fail(id, where, refused.code, ...refused.values);
      return null;
    }
  }
}
