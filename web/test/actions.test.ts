import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { asked, gateway, problem, type Answer, type Asked } from './gateway';
import { mark, moveTo, remove, targets } from '../src/actions';
import {
  allSelected, at, closeMessage, list, mailboxes, notice, open, openMessage, place, question, selected, selectShown, stop,
} from '../src/mail';
import { threadSource } from '../src/sources';
import { ListWindow, type Row } from '../src/window';

const BOXES = [['in', 'inbox'], ['bin', 'trash'], ['out', 'sent']].map(([id, role]) => ({ id, role, name: role, path: role, selectable: true }));

function row(id: string, mailboxId = 'in', messageIds = [id], size = messageIds.length): Row {
  return { id, mailboxId, order: Number(id.replace(/\D/g, '')) || 1, keywords: {}, from: [], to: [], hasAttachment: false, messageIds, size };
}

async function listed(mailboxId: string, rows: Row[], threads = false): Promise<ListWindow> {
  const window = new ListWindow({ page: async () => ({ rows, total: rows.length }) }, () => {}, (error) => assert.fail(String(error)));
  await window.begin();
  mailboxes.value = BOXES as never;
  place.value = { kind: 'mailbox', mailboxId, threads };
  list.value = window;
  return window;
}

/** Does what is asked to each message, except to those that are named. */
function does(failing: Record<string, Answer & object> = {}): (request: Asked) => Answer {
  return ({ body }) => {
    const results = (body.ids as string[]).map((id) => {
      const failed = failing[id];
      return failed ? { id, status: failed.status, problem: failed.body } : { id, status: 200, ...(!body.keywords && { newId: `${id}'` }) };
    });
    return { body: { results, succeeded: 0, failed: 0 } };
  };
}

const batches = () => asked.filter((it) => it.path === '/v1/messages/batch').map((it) => it.body);
const ids = (window: ListWindow) => window.entries.map((it) => it.id);

afterEach(stop);

test('a conversation in a list has its messages of that mailbox alone', async () => {
  gateway(() => ({ body: { items: [] } }));

  await threadSource('bin').page(undefined);

  assert.equal(asked[0]?.query.get('scope'), 'mailbox');
});

test('of a long conversation only what is in the mailbox of the list is deleted for good', async () => {
  await listed('bin', [row('t1', 'bin', ['b1', 'b3'], 3)], true);
  const thread = { messages: [['b1', 'bin'], ['i2', 'in'], ['s2', 'out'], ['b2', 'bin'], ['b3', 'bin']].map(([id, mailboxId]) => ({ message: { id, mailboxId } })) };
  gateway((it) => (it.path === '/v1/threads/t1' ? { body: thread } : does()(it)));

  const removing = remove([row('t1', 'bin', ['b1', 'b3'], 3)]);
  question.value?.answer(true);
  await removing;

  assert.deepEqual(batches(), [{ ids: ['b1', 'b2', 'b3'], delete: 'permanent' }]);
});

test('a conversation that cannot be read whole is left alone', async () => {
  const window = await listed('in', [row('t1', 'in', ['m1', 'm3'], 3)], true);
  gateway(() => ({ body: { messages: [{ message: { id: 'm1', mailboxId: 'in' } }, { message: { id: 'm2', mailboxId: 'out' } }] } }));

  await moveTo([row('t1', 'in', ['m1', 'm3'], 3)], 'bin', 'Trash');

  assert.deepEqual(batches(), []);
  assert.deepEqual(ids(window), ['t1']);
  assert.match(notice.value!.text, /not listed whole/);
});

test('what is not in the trash goes there, and back to where each came from', async () => {
  const rows = [row('m2', 'in'), row('m1', 'out')];
  await listed('in', rows);
  gateway(does());

  await remove(rows);
  await notice.value!.undo!();

  assert.deepEqual(batches(), [
    { ids: ['m2', 'm1'], delete: 'trash' },
    { ids: ["m2'"], moveTo: 'in' },
    { ids: ["m1'"], moveTo: 'out' },
  ]);
});

test('what could not be moved is back in the list, and what is gone is not', async () => {
  const rows = [row('m4'), row('m3'), row('m2'), row('m1')];
  const window = await listed('in', rows);
  gateway(does({ m3: problem(403, 'read-only') as never, m2: problem(404, 'not-found') as never }));

  await moveTo(rows, 'bin', 'Trash');

  assert.deepEqual(ids(window), ['m3']);
  assert.equal(notice.value!.text, '2 messages moved to Trash, 1 was gone, 1 could not be: Read-only.');
});

test('of more than one request takes, what was done stays done and can be undone', async () => {
  const rows = Array.from({ length: 1500 }, (_, i) => row(`m${1500 - i}`));
  const window = await listed('in', rows);
  let requests = 0;
  gateway((it) => (++requests === 2 ? 'lost' : does()(it)));

  await moveTo(rows, 'bin', 'Trash');
  assert.equal(window.entries.length, 500);
  await notice.value!.undo!();

  assert.equal(batches()[2].ids.length, 1000);
  assert.equal(notice.value!.text, 'Undone.');
});

test('a mark that is refused goes from the rows that it was refused for', async () => {
  const rows = [row('m2'), row('m1')];
  const window = await listed('in', rows);
  gateway(does({ m1: problem(403, 'read-only') as never }));

  await mark(rows, '$flagged', true);

  assert.deepEqual([window.byId('m2')?.keywords, window.byId('m1')?.keywords], [{ $flagged: true }, {}]);
});

test('undo tells what did not come back', async () => {
  await listed('in', [row('m1')]);
  gateway((it) => (it.body.moveTo === 'in' ? does({ "m1'": problem(403, 'read-only') as never })(it) : does()(it)));

  await remove([row('m1')]);
  await notice.value!.undo!();

  assert.equal(notice.value!.text, 'Read-only.');
});

test('a message that is opened is what keys are about, and a selection made after that', async () => {
  const rows = [row('m3'), row('m2'), row('m1')];
  await listed('in', rows);
  selected.value = new Set(['m3', 'm2']);

  openMessage(rows[2]!);
  assert.deepEqual(targets(), [rows[2]]);
  selected.value = new Set(['m3']);
  assert.deepEqual(targets(), [rows[0]]);
});

test('everything is meant by the bar of a selection and its keys alone, which say what it becomes', async () => {
  const rows = [row('m2'), row('m1')];
  await listed('in', rows);
  gateway((it) => (it.body.dryRun ? { body: { results: [{ id: 'm2' }, { id: 'm1' }, { id: 'm0' }], failed: 0 } } : does()(it)));
  selectShown();
  allSelected.value = true;

  await mark([rows[0]!], '$flagged', true, true);
  assert.deepEqual(batches(), [{ ids: ['m2'], keywords: { $flagged: true } }]);
  const raised = () => question.value;
  assert.equal(raised(), undefined);

  const marking = mark(targets(), '$seen', true);
  while (!raised()) await new Promise(setImmediate);
  assert.equal(raised()!.text, 'Mark 3 messages as read?');
  raised()!.answer(true);
  await marking;
  assert.equal(notice.value!.text, '3 messages marked as read.');
});

test('what is selected and not held is marked too, and is held no more than before', async () => {
  const window = await listed('in', [row('m1')]);
  window.insert({ ...row('m0'), order: 0, bare: true });
  const refuses = does({ m0: problem(403, 'read-only') as never });
  gateway((it) => (it.path === '/v1/messages/get' ? { body: { items: [] } } : refuses(it)));
  selected.value = new Set(['m1', 'm0']);

  await mark(targets(), '$seen', true);
  assert.deepEqual(batches()[0].ids, ['m1', 'm0']);
  await moveTo(targets(), 'bin', 'Trash');

  assert.deepEqual(ids(window), ['m0']);
  assert.equal(window.byId('m0'), undefined);
});

test('what was gone before is not said to be moved or marked', async () => {
  const gone = problem(404, 'not-found') as never;
  const rows = [row('m3'), row('m2'), row('m1')];
  await listed('in', rows);
  gateway(does({ m2: gone }));

  await mark(rows, '$flagged', true);
  assert.equal(notice.value!.text, '2 messages flagged, 1 was gone.');
  await moveTo(rows, 'bin', 'Trash');
  assert.equal(notice.value!.text, '2 messages moved to Trash, 1 was gone.');
  await moveTo([row('m2')], 'bin', 'Trash');
  assert.equal(notice.value!.text, 'The message was gone.');
  assert.equal(notice.value!.undo, undefined);
});

test('a message in a message is not acted on, and closing it shows the one that contains it', async () => {
  const outer = row('m1');
  const window = await listed('in', [outer]);
  at.value = 'm1';
  openMessage(outer);
  openMessage({ ...row('inner', ''), within: outer });

  assert.deepEqual(targets(), []);
  closeMessage();
  assert.equal(open.value?.id, 'm1');

  gateway(does({ inner: problem(422, 'not-possible') as never }));
  await moveTo([row('inner', '')], 'bin', 'Trash');
  assert.deepEqual(ids(window), ['m1']);
});

/** A dry run that finds these, and a gateway that does what is asked to all of them but the failing. */
function finding(found: string[], matched = found.length, failing: Parameters<typeof does>[0] = {}): (request: Asked) => Answer {
  return (it) => (it.body?.dryRun ? { body: { results: found.map((id) => ({ id, status: 200 })), matched, failed: 0 } } : does(failing)(it));
}

async function agreed(doing: Promise<void>): Promise<string> {
  while (!question.value) await new Promise(setImmediate);
  const { text } = question.value;
  question.value.answer(true);
  await doing;
  return text;
}

test('everything is marked but what is so already, and undo gives back that alone to which it was done', async () => {
  await listed('in', [row('m1')]);
  gateway(finding(['m3', 'm2', 'm1'], 3, { m2: problem(404, 'not-found') as never }));

  assert.equal(await agreed(mark('all', '$seen', true)), 'Mark 3 messages as read?');
  await notice.value!.undo!();

  assert.deepEqual(batches(), [
    { mailboxId: 'in', filter: { notKeyword: '$seen' }, limit: 10_000, dryRun: true, keywords: { $seen: true } },
    { ids: ['m3', 'm2', 'm1'], keywords: { $seen: true } },
    { ids: ['m3', 'm1'], keywords: { $seen: null } },
  ]);
  assert.equal(notice.value!.text, 'Undone.');
});

test('of a search in a mailbox what it finds is meant, and comes back', async () => {
  await listed('in', [row('m1')]);
  place.value = { kind: 'search', text: 'from:ada', mailboxId: 'in' };
  gateway(finding(['m2', 'm1']));

  await agreed(mark('all', '$flagged', false));
  await agreed(moveTo('all', 'bin', 'Trash'));
  await notice.value!.undo!();

  const asked = batches();
  assert.deepEqual(asked[0].filter, { and: [{ from: 'ada' }, { hasKeyword: '$flagged' }] });
  assert.deepEqual(asked[2].filter, { from: 'ada' });
  assert.deepEqual(asked.at(-1), { ids: ["m2'", "m1'"], moveTo: 'in' });
});

test('where nothing would change nothing is asked', async () => {
  await listed('in', [row('m1')]);
  gateway(finding([]));

  await mark('all', '$seen', true);

  assert.equal(question.value, undefined);
  assert.equal(notice.value!.text, 'All of them are so already.');
  assert.equal(batches().length, 1);
});

test('what is too much for undo is said before, and then all of it is done, without what came meanwhile', async () => {
  await listed('in', [row('m1')]);
  const found = Array.from({ length: 10_000 }, (_, i) => `m${12_000 - i}`);
  const rest = Array.from({ length: 2_000 }, (_, i) => ({ id: `m${2_000 - i}` }));
  gateway((it) => {
    if (it.method === 'POST') return finding(found, 12_000)(it);
    return { body: it.query.get('cursor') ? { items: rest } : { items: found.map((id) => ({ id })), nextCursor: 'c' } };
  });

  const text = await agreed(mark('all', '$seen', true));

  assert.match(text, /^Mark 12,000 messages as read\? They are too many for undo\.$/);
  assert.deepEqual(batches().slice(1).flatMap((it) => it.ids).length, 12_000);
  assert.equal(notice.value!.text, '12,000 messages marked as read.');
  assert.equal(notice.value!.undo, undefined);
});

test('of a search that finds more than can be undone the newest are meant, which is said before', async () => {
  await listed('in', [row('m1')]);
  place.value = { kind: 'search', text: 'from:ada', mailboxId: 'in' };
  gateway(finding(Array.from({ length: 10_000 }, (_, i) => `m${i}`), 12_000));

  assert.equal(await agreed(moveTo('all', 'bin', 'Trash')), 'Move the newest 10,000 messages to Trash?');
  assert.equal(typeof notice.value!.undo, 'function');
});

test('of a conversation and of what is not held, what was marked before stays so when it is undone', async () => {
  const window = await listed('in', [row('t1', 'in', ['m1', 'm2'])], true);
  const keywords: Record<string, object> = { m1: { $flagged: true }, m2: {} };
  gateway((it) => {
    if (it.path !== '/v1/messages/get') return does()(it);
    return { body: { items: it.body.ids.map((id: string) => ({ id, keywords: keywords[id] })) } };
  });

  await mark([window.byId('t1')!], '$flagged', true);
  await notice.value!.undo!();

  assert.deepEqual(batches(), [
    { ids: ['m2'], keywords: { $flagged: true } },
    { ids: ['m2'], keywords: { $flagged: null } },
  ]);
});
