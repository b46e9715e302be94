'use strict';

// Production orders (docs/formats/order.md).

const ORDER_TEXTS = ['order', 'issuer', 'legalBasis', 'tenant', 'requestedBy', 'approvedBy'];
const ORDER_OTHERS = ['actors', 'privilegedOnly', 'services', 'clock', 'from', 'to', 'expires'];
const ORDER_BYTES_MAX = 1 << 20;

/** Parses an order; actors, services and times are null where it names none. */
function parseOrder(text) {
  require_(utf8(text).length <= ORDER_BYTES_MAX, 'order');
  const members = parseJsonObject(text);
  for (const name of members.keys()) {
    require_(ORDER_TEXTS.includes(name) || ORDER_OTHERS.includes(name), 'order');
  }
  require_(['occurred', 'recorded', undefined].includes(members.get('clock')), 'order');
  const order = {
    privilegedOnly: members.get('privilegedOnly') ?? false,
    byRecording: members.get('clock') === 'recorded',
  };
  require_(typeof order.privilegedOnly === 'boolean' && members.get('privilegedOnly') !== null, 'order');
  for (const name of ORDER_TEXTS) {
    order[name] = requireOrderText(members.get(name));
  }
  for (const name of ['actors', 'services']) {
    order[name] = members.has(name) ? requireNames(members.get(name)) : null;
  }
  for (const name of ['from', 'to', 'expires']) {
    order[name] = members.has(name) ? parseLooseTime(requireText(members.get(name), name)) : null;
  }
  require_(order.from === null || order.to === null || order.from < order.to, 'order');
  require_(person(order.requestedBy) !== person(order.approvedBy), 'order');
  return order;
}

function requireOrderText(value) {
  const text = requireText(value, 'order');
  require_(text.length >= 1 && text.length <= 1000 && !/^\p{White_Space}*$/u.test(text), 'order');
  require_(!/[\u0000-\u001f\u007f-\u009f]/.test(text), 'order');
  return text;
}

function requireNames(names) {
  require_(Array.isArray(names) && names.length >= 1 && names.length <= 1000, 'order');
  for (const name of names) {
    const length = requireText(name, 'order').length;
    require_(length >= 1 && length <= 8192, 'order');
  }
  require_(new Set(names).size === names.length, 'order');
  return names;
}

/** Returns how the names of two people are compared. */
function person(name) {
  return name.normalize('NFKC').replace(/\p{Cf}/gu, '').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Says whether any time from the first to the last, both included, is between the order's bounds. */
function isInTime(order, first, last) {
  return (order.from === null || last >= order.from) && (order.to === null || first < order.to);
}

/** Says whether the order asks for a leaf; the tags in question stand for the order's names. */
function asksFor(order, header, actorTags, serviceTags) {
  const time = order.byRecording ? header.recordedAt : header.occurredAt;
  if (!isInTime(order, time, time)) {
    return false;
  }
  if (header.kind === GAP || header.kind === CHANGE) {
    return true;
  }
  return (header.privileged || !order.privilegedOnly)
    && (order.actors === null || header.actors.some(({tag}) => actorTags.has(tag)))
    && (order.services === null || serviceTags.has(header.service));
}
