import assert from 'node:assert/strict';
import { test } from 'node:test';
import { briefly, initials, octets, parseAddresses, writeAddresses } from '../src/format';
import { mayPass, Refused, said, Unreachable } from '../src/api';
import { parseQuery } from '../src/query';
import { span } from '../src/ui/cards';

test('addresses are read as people type them', () => {
  assert.deepEqual(parseAddresses('a@example.org, "O\'Neil, Pat" <pat@example.net>; Maya <maya@example.com>,'), [
    { email: 'a@example.org' },
    { name: "O'Neil, Pat", email: 'pat@example.net' },
    { name: 'Maya', email: 'maya@example.com' },
  ]);
  assert.deepEqual(parseAddresses(' '), []);
});

test('written addresses are read as they were', () => {
  const addresses = [{ name: 'Smith, "Al" \\ Co', email: 'al@example.org' }, { email: 'b@example.org' }, { name: 'Zoë', email: 'z@example.org' }];

  assert.deepEqual(parseAddresses(writeAddresses(addresses)), addresses);
});

test('a search has words and conditions', () => {
  assert.deepEqual(parseQuery('invoice'), { text: 'invoice' });
  assert.deepEqual(parseQuery('from:maya is:unread "spring update" has:file since:2026-01-31'), {
    and: [{ from: 'maya' }, { unseen: true }, { text: 'spring update' }, { hasAttachment: true }, { since: '2026-01-31' }],
  });
});

test('what is no condition is searched as it was typed', () => {
  assert.deepEqual(parseQuery('re:lunch'), { text: 're:lunch' });
  assert.deepEqual(parseQuery('is:nice'), { text: 'is:nice' });
  assert.deepEqual(parseQuery('since:yesterday'), { text: 'since:yesterday' });
});

test('empty words are not searched', () => {
  assert.deepEqual(['""', '" " from:""', ' '].map(parseQuery), [undefined, undefined, undefined]);
  assert.deepEqual(parseQuery('"" lunch'), { text: 'lunch' });
});

test('the gateway is asked again after what may pass, also when a proxy answers for it', () => {
  assert.deepEqual([500, 502, 503, 429].map((status) => mayPass(new Refused(status, undefined))), [true, true, true, true]);
  assert.deepEqual([401, 403, 422].map((status) => mayPass(new Refused(status, { retryable: false }))), [false, false, false]);
  assert.equal(mayPass(new Unreachable()), true);
});

test('what only programs understand is said in other words', () => {
  assert.equal(said(new Refused(422, { detail: 'The body has more than 500 recipients.' })), 'A message can have no more than 500 recipients.');
});

test('sizes, names and dates are short', () => {
  assert.deepEqual([0, 999, 1500, 45_000, 2_300_000, 5e9].map(octets), ['0 B', '999 B', '1.5 kB', '45 kB', '2.3 MB', '5.0 GB']);
  assert.equal(initials('Maya Lindqvist'), 'ML');
  assert.equal(initials('🏖️'), '?');
  assert.equal(initials('王芳'), '王');
  assert.equal(briefly(undefined), '');
  const now = new Date(2026, 10, 30, 12, 0);
  assert.match(briefly(new Date(2026, 10, 30, 8, 5).toISOString(), now), /8:05|08:05/);
  assert.match(briefly(new Date(2024, 1, 2).toISOString(), now), /2024/);
});

test('an event of whole days ends on its last day', () => {
  assert.equal(span({ date: '2026-12-24' }, { date: '2026-12-25' }), span({ date: '2026-12-24' }, undefined));
  assert.match(span({ date: '2026-12-24' }, { date: '2026-12-27' }), / – .*26/);
  assert.match(span({ date: '2026-12-24', time: '09:00:00', timeZone: 'Nowhere/Else' }, undefined), /09:00:00 \(Nowhere\/Else\)/);
});
