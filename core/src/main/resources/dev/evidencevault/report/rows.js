'use strict';

// The records as rows: what of each line is looked at for the table, the filters and the timeline.

const ROWS_AT_ONCE = 2000;

/** Lets the browser do something else. */
function pause() {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}

/** Returns a member that is a text, or an empty text. */
function textIn(object, name) {
  const value = isObject(object) ? object[name] : undefined;
  return typeof value === 'string' ? value : '';
}

/** Returns a member that is a number, or zero. */
function numberIn(object, name) {
  const value = isObject(object) ? object[name] : undefined;
  return typeof value === 'number' ? value : 0;
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseOrNull(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Returns the row of a line. A line that is no record has a row as well. */
function rowOf(line, index) {
  const record = line.text === null ? null : parseOrNull(line.text);
  const known = isObject(record) && ['event', 'gap', 'change'].includes(record.type);
  const row = {index, line, kind: known ? record.type : 'unreadable', seq: '?', millis: NaN, fraction: '',
    action: '', actor: '', onBehalfOf: '', target: '', outcome: '', privileged: false};
  if (known) {
    const time = textIn(record, 'occurredAt');
    row.seq = typeof record.seq === 'number' ? String(record.seq) : '?';
    row.millis = Date.parse(time.slice(0, 19) + 'Z');
    row.fraction = /^\.\d{9}Z$/.test(time.slice(19)) ? time.slice(20, 29) : '';
    fillRow(row, record);
  }
  return row;
}

function fillRow(row, record) {
  if (record.type === 'gap') {
    row.action = String(['rate', 'bytes', 'queue'].reduce((sum, name) => sum + numberIn(record.gap, name), 0));
  } else if (record.type === 'change') {
    row.action = textIn(record.change, 'what');
  } else {
    row.action = textIn(record, 'action');
    row.actor = textIn(record.actor, 'id');
    row.onBehalfOf = textIn(record.actor, 'onBehalfOf');
    row.privileged = record.actor?.privileged === true;
    row.outcome = textIn(record, 'outcome');
    row.target = targetsOf(record).map((target) => typeof target === 'string' ? target : textIn(target, 'id')).join(', ');
  }
}

/** Reads the rows of a data block, some at a time; tells how many there are so far. */
async function readRows(data, progress) {
  const rows = [];
  const lines = new EmbeddedLines(data, RECORDS);
  for (let line = lines.next(); line !== null; line = lines.next()) {
    rows.push(rowOf(line, rows.length));
    if (rows.length % ROWS_AT_ONCE === 0) {
      progress(rows.length);
      await pause();
    }
  }
  return rows;
}

/** Returns the targets of a record; a text where one, or all of them, are withheld. */
function targetsOf(record) {
  return Array.isArray(record.targets) ? record.targets : typeof record.targets === 'string' ? [record.targets] : [];
}

/** Returns the leaves of the records, in their order: those that have a salt, or salts of their pieces. */
function leavesWithSalt(data) {
  return data.split('\n').filter((line) => line.includes('salt') || line.includes('fields')).map((json) => {
    try {
      const leaf = parseLeafLine(decodeLine(json).text ?? '');
      return {...leaf, header: parseHeader(leaf.hex)};
    } catch (refused) {
      if (!(refused instanceof Refused)) {
        throw refused;
      }
      return null;
    }
  });
}
