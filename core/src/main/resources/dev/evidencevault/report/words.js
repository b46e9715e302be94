'use strict';

// The texts of the page in the reader's language, and times in the reader's zone.

const LANGUAGES = ['en', 'ja'];
const ZONES = new Map([['zoneUtc', 0], ['zoneJst', 9]]);
const HOUR = 3600000;

/** Returns the text of a data block. */
function block(id) {
  return document.getElementById('data-' + id).textContent;
}

/** Texts by key in one language at a time; {0}, {1} … stand for values. */
class Words {
  constructor() {
    this.messages = new Map(LANGUAGES.map((language) => [language, JSON.parse(block('messages-' + language))]));
    const wanted = location.hash.slice(1) || navigator.language.slice(0, 2);
    this.language = LANGUAGES.includes(wanted) ? wanted : LANGUAGES[0];
    this.zone = this.language === 'ja' ? 'zoneJst' : 'zoneUtc';
  }

  has(key) {
    return key in this.messages.get(this.language);
  }

  get(key) {
    return this.messages.get(this.language)[key] ?? key;
  }

  say(key, ...values) {
    return this.get(key).replace(/\{(\d)\}/g, (_, index) => values[index] ?? '');
  }

  number(value) {
    return new Intl.NumberFormat(this.language).format(value);
  }

  /** Formats a time in milliseconds with the digits of its second that a record has, in the zone that is chosen. */
  time(millis, fraction = '') {
    const text = this.clock(millis, fraction);
    return text === '' ? '' : text + (this.zone === 'zoneUtc' ? ' UTC' : ' +09:00');
  }

  /** As time, without the zone. */
  clock(millis, fraction = '') {
    if (!Number.isFinite(millis)) {
      return '';
    }
    const text = new Date(millis + ZONES.get(this.zone) * HOUR).toISOString().slice(0, 19).replace('T', ' ');
    const digits = fraction.replace(/0+$/, '');
    return text + (digits === '' ? '' : '.' + digits);
  }

  /** Formats a time in nanoseconds. */
  nanos(time) {
    const text = formatTime(time);
    return this.time(Date.parse(text.slice(0, 19) + 'Z'), text.slice(20, 29));
  }

  /** Returns the milliseconds of what a field for a date and a time of day holds, or null. */
  parseField(value) {
    const millis = Date.parse(value + 'Z');
    return Number.isNaN(millis) ? null : millis - ZONES.get(this.zone) * HOUR;
  }

  /** Puts the texts into a document. */
  translate() {
    document.documentElement.lang = this.language;
    for (const element of document.querySelectorAll('[data-text]')) {
      element.textContent = this.get(element.dataset.text);
    }
    for (const element of document.querySelectorAll('[data-label]')) {
      element.setAttribute('aria-label', this.get(element.dataset.label));
    }
  }
}
