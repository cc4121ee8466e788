import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { asked, gateway, problem, streams, type Answer, type FakeEvents } from './gateway';
import { list, mailboxes, open, openMessage, selected, show, start, stop, toggle } from '../src/mail';

const BOXES = [['in', 'inbox'], ['sent', 'sent'], ['bin', 'trash'], ...Array.from({ length: 10 }, (_, i) => [`other${i}`, undefined])].map(
  ([id, role]) => ({ id, role, name: id, path: id, selectable: true, totalMessages: 1 }),
);

/** What the gateway finds, the newest first. */
let matching: { id: string; mailboxId: string; keywords: Record<string, boolean>; receivedAt: string; order: number }[] = [];
function message(number: number, keywords: Record<string, boolean> = {}, mailboxId = 'in') {
  return { id: `m${number}`, mailboxId, keywords, receivedAt: new Date(number * 1000).toISOString(), order: number };
}

function answers({ path, body }: { path: string; body: any }): Answer {
  if (path === '/v1/events/links') return { body: { url: '/v1/events?link=x' } };
  if (path === '/v1/mailboxes') return { body: { items: BOXES } };
  if (path === '/v1/account') return { body: { identities: [] } };
  if (path !== '/v1/search') return { body: { items: [] } };
  const from = Number(body.cursor ?? 0);
  const items = matching.slice(from, from + body.limit);
  const next = from + items.length;
  return { body: { items, total: matching.length, ...(next < matching.length && { nextCursor: String(next) }) } };
}

const turn = () => new Promise(setImmediate);
const searches = () => asked.filter((it) => it.path === '/v1/search').map((it) => it.body);
const shown = () => list.value!.entries.map((it) => it.id);

/** As long as nothing new can come of what was asked. */
async function later(ms = 1_000): Promise<void> {
  mock.timers.tick(ms);
  for (let i = 0; i < 20; i++) await turn();
}

async function searching(text: string, mailboxId?: string): Promise<FakeEvents> {
  mailboxes.value = BOXES as never;
  gateway(answers);
  await show({ kind: 'search', text, ...(mailboxId !== undefined && { mailboxId }) });
  await turn();
  return streams.at(-1)!;
}

beforeEach(() => {
  streams.length = 0;
  mock.timers.enable({ apis: ['setTimeout'] });
});
afterEach(() => {
  stop();
  mock.timers.reset();
});

test('what others mark and remove is so at once in results, without a search', async () => {
  matching = [message(3), message(2), message(1)];
  const events = await searching('lunch', 'in');

  events.tell('message.updated', { updated: [{ id: 'm3', keywords: { $flagged: true } }] });
  events.tell('message.removed', { removed: ['m2'] });
  await later(60_000);

  assert.deepEqual(shown(), ['m3', 'm1']);
  assert.deepEqual(list.value!.byId('m3')?.keywords, { $flagged: true });
  assert.equal(searches().length, 1);
});

test('events are asked for before the search, so that nothing is missed between the two', async () => {
  matching = [];
  await searching('lunch', 'in');

  assert.deepEqual(asked.map((it) => it.path), ['/v1/events/links', '/v1/search']);
});

test('what is added is searched for once, however much it is, and comes to its place', async () => {
  matching = [message(5), message(3), message(1)];
  const events = await searching('lunch', 'in');
  const window = list.value;
  selected.value = new Set(['m1']);

  matching = [message(6), message(5), message(4), message(3), message(1)];
  for (const id of ['m6', 'm4', 'x']) events.tell('message.added', { added: [{ id, mailboxId: 'in', order: 9 }] });
  assert.deepEqual(shown(), ['m5', 'm3', 'm1']);
  await later();

  assert.deepEqual(shown(), ['m6', 'm5', 'm4', 'm3', 'm1']);
  assert.equal(searches().length, 2);
  assert.equal(list.value, window);
  assert.deepEqual([...selected.value], ['m1']);
});

test('what somebody else has read is no result of a search for unread messages any more, unless it is looked at', async () => {
  matching = [message(4), message(3), message(2), message(1)];
  const events = await searching('is:unread', 'in');
  openMessage(list.value!.byId('m4')!);
  toggle('m3');

  matching = [message(1)];
  for (const id of ['m4', 'm3', 'm2']) events.tell('message.updated', { updated: [{ id, keywords: { $seen: true } }] });
  await later();

  assert.deepEqual(shown(), ['m4', 'm3', 'm1']);
  assert.equal(open.value?.keywords['$seen'], true);
});

test('what the user has read stays among the unread messages that were found', async () => {
  matching = [message(2), message(1)];
  const events = await searching('is:unread', 'in');

  list.value!.mark('m2', { $seen: true });
  matching = [message(3), message(1)];
  events.tell('message.updated', { updated: [{ id: 'm2', keywords: { $seen: true } }] });
  events.tell('message.added', { added: [{ id: 'm3', mailboxId: 'in', order: 3 }] });
  await later();

  assert.deepEqual(shown(), ['m3', 'm2', 'm1']);
});

test('what somebody flags becomes a result of a search for flagged messages', async () => {
  matching = [message(1, { $flagged: true })];
  const events = await searching('is:flagged', 'in');

  matching = [message(2, { $flagged: true }), ...matching];
  events.tell('message.updated', { updated: [{ id: 'm2', keywords: { $flagged: true } }] });
  await later();

  assert.deepEqual(shown(), ['m2', 'm1']);
});

test('a search everywhere follows ten mailboxes, without trash and junk, and asks again when another one changes', async () => {
  matching = [message(3), message(2, {}, 'other9'), message(1)];
  gateway(answers);
  await start();
  await turn();
  const account = streams[0]!;
  await searching('lunch');
  const followed = asked[0]!.body.mailboxes.map((it: { mailboxId: string }) => it.mailboxId);
  assert.equal(followed.length, 10);
  assert.deepEqual(followed.slice(0, 2), ['in', 'sent']);
  assert.ok(!followed.includes('bin') && !followed.includes('other9'));

  account.tell('mailbox.changed', { mailboxId: 'in' });
  account.tell('mailbox.changed', { mailboxId: 'bin' });
  await later();
  assert.equal(searches().length, 1);
  matching = [message(4, {}, 'other9'), message(1)];
  account.tell('mailbox.changed', { mailboxId: 'other9' });
  await later();

  // What is missing from a mailbox that is followed would have been told.
  assert.deepEqual(shown(), ['m4', 'm3', 'm1']);
});

test('after a lost stream the search tells what is gone and what is new', async () => {
  matching = [message(3), message(2), message(1)];
  const events = await searching('lunch', 'in');

  matching = [message(4), message(2)];
  events.close();
  events.onerror();
  await later(3_000);
  await later();

  assert.equal(streams.length, 2);
  assert.deepEqual(shown(), ['m4', 'm2']);
});

test('what was removed while it was searched for does not come back', async () => {
  matching = [message(2), message(1)];
  const events = await searching('lunch', 'in');
  let answer: (it: Answer) => void = () => {};
  gateway((it) => (it.path === '/v1/search' ? new Promise((resolve) => (answer = resolve)) : answers(it)));

  events.tell('message.added', { added: [{ id: 'm3', mailboxId: 'in', order: 3 }] });
  await later();
  events.tell('message.removed', { removed: ['m2'] });
  answer({ body: { items: [message(3), message(2), message(1)], total: 3 } });
  await later(0);

  assert.deepEqual(shown(), ['m3', 'm1']);
});

test('a search that fails is repeated later and later, and not where it is refused', async () => {
  matching = [message(1)];
  const events = await searching('lunch', 'in');
  gateway((it) => (it.path === '/v1/search' ? problem(503, 'busy') : answers(it)));
  events.tell('message.added', { added: [{ id: 'm2', mailboxId: 'in', order: 2 }] });

  await later(1_000);
  await later(1_000);
  assert.equal(searches().length, 1);
  await later(1_000);
  assert.equal(searches().length, 2);

  gateway((it) => (it.path === '/v1/search' ? problem(403, 'forbidden') : answers(it)));
  await later(4_000);
  await later(60_000);
  assert.equal(searches().length, 1);
  assert.deepEqual(shown(), ['m1']);
});

test('of many results the beginning is read again, and the rest stays as it is', async () => {
  matching = Array.from({ length: 1000 }, (_, i) => message(1000 - i));
  const events = await searching('lunch', 'in');
  const window = list.value!;
  while (window.entries.length < 850) {
    window.show(window.entries.length, window.entries.length + 10);
    await window.settled();
  }
  const rest = shown();

  matching = [message(1001), ...matching];
  events.tell('message.added', { added: [{ id: 'm1001', mailboxId: 'in', order: 1001 }] });
  await later();

  assert.equal(searches().at(-1)!.limit, 500);
  assert.deepEqual(shown(), ['m1001', ...rest]);
});

test('where more is new than was read, the results begin anew', async () => {
  matching = [message(1)];
  const events = await searching('lunch', 'in');

  matching = Array.from({ length: 200 }, (_, i) => message(201 - i));
  events.tell('message.added', { added: [{ id: 'm9', mailboxId: 'in', order: 9 }] });
  await later();
  list.value!.show(0, 199);
  await list.value!.settled();

  assert.deepEqual(shown(), matching.map((it) => it.id));
});
