'use strict';

// How texts from the bundle are shown: as text and nothing else; what cannot be seen, or changes how other characters are
// seen, as its code. Nothing in this page turns a text into markup.

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;
const SHORT_CHARS = 160;

/** Returns a new element with a class and children: texts, or nodes. */
function element(name, className, ...children) {
  const result = document.createElement(name);
  if (className !== '') {
    result.className = className;
  }
  result.append(...children);
  return result;
}

function codeOf(character) {
  return 'U+' + character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
}

/** Returns nodes that show a text; lines are kept where it is shown as lines. */
function visible(text, keepLines = false) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (keepLines && match[0] === '\n') {
      continue;
    }
    nodes.push(text.slice(at, match.index), element('span', 'mark', codeOf(match[0])));
    at = match.index + match[0].length;
  }
  nodes.push(text.slice(at));
  return nodes;
}

/** Returns an element that shows a text, apart from the direction of the text around it. */
function isolated(text) {
  return element('bdi', '', ...visible(text));
}

/** As isolated, the beginning of a long text. */
function shortened(text) {
  if (text.length <= SHORT_CHARS) {
    return isolated(text);
  }
  return isolated(text.slice(0, SHORT_CHARS).replace(/[\ud800-\udbff]$/, '') + '…');
}

/** Returns an element that says a state in a word, with a sign. */
function stateOf(state, word) {
  return element('span', 'state ' + state, word);
}

/** Puts rows of a term and what shows it into a list. */
function fillFacts(list, facts) {
  list.replaceChildren(...facts.flatMap(([term, ...shown]) => [element('dt', '', term), element('dd', '', ...shown)]));
}
