'use strict';

// How the page carries files of the bundle: each line of a file is a line of a data block, as a JSON text or, where it is
// no UTF-8, as {"base64":…}.

const LINE_FEED = Uint8Array.of(10);

/** A line of a file: its bytes, and its text or null where it is no UTF-8. */
function decodeLine(json) {
  const value = JSON.parse(json);
  if (typeof value === 'string') {
    return {text: value, bytes: utf8(value)};
  }
  return {text: null, bytes: Uint8Array.from(atob(value.base64), (c) => c.charCodeAt(0))};
}

/** The lines of a file, one after the other. */
class EmbeddedLines {
  constructor(block, name) {
    this.block = block;
    this.name = name;
    this.at = 0;
    this.number = 0;
    this.kept = [];
  }

  /** Returns the next line, or null at the end. */
  next() {
    if (this.kept.length > 0) {
      this.number++;
      return this.kept.pop();
    }
    while (this.at < this.block.length) {
      const end = this.block.indexOf('\n', this.at);
      const json = this.block.slice(this.at, end < 0 ? this.block.length : end);
      this.at += json.length + 1;
      if (json !== '') {
        this.number++;
        return decodeLine(json);
      }
    }
    return null;
  }

  /** Puts the line back that was taken last. */
  keep(line) {
    this.kept.push(line);
    this.number--;
  }

  where() {
    return this.name + ' ' + this.number;
  }
}

/** Returns the text of a line; a line that is no UTF-8 is refused. */
function textOf(line) {
  require_(line.text !== null, 'utf8');
  return line.text;
}
