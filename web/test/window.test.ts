import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HELD, ListWindow, type Row, type Source } from '../src/window';

function row(order: number): Row {
  return {
    id: `m${order}`, mailboxId: 'inbox', order, keywords: {}, from: [], to: [], hasAttachment: false, messageIds: [`m${order}`], size: 1,
  };
}

/** A mailbox of so many messages, the newest first; the cursor is the order of the next one. */
function mailbox(size: number): Source & { asked: string[] } {
  const asked: string[] = [];
  const cut = (from: number, many: number) => {
    const rows: Row[] = [];
    for (let order = from; order > Math.max(0, from - many); order--) rows.push(row(order));
    const next = from - many;
    return { rows, cursor: next > 0 ? String(next) : undefined };
  };
  return {
    asked,
    async page(cursor) {
      asked.push(`page ${cursor ?? ''}`.trim());
      return { ...cut(cursor === undefined ? size : Number(cursor), cursor === undefined ? 50 : 200), state: 'S1', total: size };
    },
    async entries(cursor) {
      asked.push(`entries ${cursor}`);
      const { rows, cursor: next } = cut(Number(cursor), 10_000);
      return { entries: rows, cursor: next };
    },
    async rows(ids) {
      asked.push(`rows ${ids.length}`);
      return ids.map((id) => row(Number(id.slice(1))));
    },
  };
}

async function begun(source: Source): Promise<ListWindow> {
  const window = new ListWindow(source, () => {}, (error) => assert.fail(String(error)));
  await window.begin();
  return window;
}

test('the first page is shown without further requests', async () => {
  const source = mailbox(100_000);
  const window = await begun(source);

  window.show(0, 20);
  await window.settled();

  assert.deepEqual(source.asked, ['page']);
  assert.equal(window.length, 100_000);
  assert.equal(window.row(0)?.id, 'm100000');
  assert.equal(window.state, 'S1');
});

test('what is shown before the first page has come is not read twice', async () => {
  const source = mailbox(1000);
  const window = new ListWindow(source, () => {}, (error) => assert.fail(String(error)));

  const beginning = window.begin();
  window.show(0, 20);
  await beginning;
  await window.settled();

  assert.deepEqual(source.asked, ['page']);
});

test('scrolling on reads the next page by its cursor', async () => {
  const source = mailbox(1000);
  const window = await begun(source);

  window.show(40, 60);
  await window.settled();

  assert.deepEqual(source.asked, ['page', 'page 950']);
  assert.equal(window.row(60)?.order, 940);
});

test('a jump far away reads ids alone, and the rows that are shown', async () => {
  const source = mailbox(100_000);
  const window = await begun(source);

  window.show(99_000, 99_020);
  await window.settled();

  assert.equal(window.row(99_010)?.order, 990);
  assert.equal(source.asked.filter((it) => it.startsWith('entries')).length, 10);
  assert.ok(source.asked.length <= 13, source.asked.join(', '));
});

test('a hundred thousand rows that pass the screen do not fill the memory', async () => {
  const window = await begun(mailbox(100_000));

  for (let i = 0; i < 100_000; i += 500) {
    window.show(i, i + 30);
    await window.settled();
    assert.ok(window.row(i), `row ${i}`);
  }

  assert.ok(window.heldRows <= HELD + 400, String(window.heldRows));
});

test('rows that were dropped are read again', async () => {
  const window = await begun(mailbox(20_000));
  window.show(0, 20);
  for (let i = 0; i < 20_000; i += 200) {
    window.show(i, i + 30);
    await window.settled();
  }
  assert.equal(window.row(60), undefined);

  window.show(50, 80);
  await window.settled();

  assert.equal(window.row(60)?.order, 19_940);
});

test('new mail is put where its order says, and once', async () => {
  const window = await begun(mailbox(10));

  window.apply({ added: [row(12), row(11)], updated: [], removed: [] }, 'S2');
  window.apply({ added: [row(11)], updated: [], removed: [] }, 'S3');

  assert.deepEqual(window.entries.slice(0, 3).map((it) => it.order), [12, 11, 10]);
  assert.equal(window.entries.length, 12);
  assert.equal(window.state, 'S3');
});

test('what an event told before its page came is not there twice', async () => {
  const window = await begun(mailbox(300));
  window.apply({ added: [row(240)], updated: [], removed: [] });

  window.show(60, 80);
  await window.settled();

  assert.equal(window.entries.filter((it) => it.id === 'm240').length, 1);
});

test('removed messages close the gap, and keywords are replaced', async () => {
  const window = await begun(mailbox(10));

  window.apply({ added: [], updated: [{ id: 'm9', keywords: { $flagged: true } }, { id: 'unknown', keywords: {} }], removed: ['m10', 'unknown'] }, 'S2');

  assert.equal(window.row(0)?.id, 'm9');
  assert.deepEqual(window.row(0)?.keywords, { $flagged: true });
  assert.equal(window.length, 9);
});

test('a row that is gone when it is read is not asked for again and again', async () => {
  const source = mailbox(5_000);
  const read = source.rows!;
  source.rows = async (ids) => (await read(ids)).filter((it) => it.order !== 1000);
  const window = await begun(source);

  window.show(3_990, 4_010);
  await window.settled();
  window.show(3_991, 4_011);
  await window.settled();

  assert.equal(window.row(4_000), undefined);
  assert.ok(source.asked.length < 8, source.asked.join(', '));
});

test('a list that was left reads nothing more', async () => {
  const source = mailbox(1000);
  const window = await begun(source);
  window.end();

  window.show(40, 300);
  await window.settled();

  assert.deepEqual(source.asked, ['page']);
});

test('a failure is told once, and the next scrolling tries again', async () => {
  const source = mailbox(1000);
  const page = source.page;
  let fails = true;
  source.page = (cursor) => (cursor && fails ? Promise.reject(new TypeError('no answer')) : page(cursor));
  const failures: unknown[] = [];
  const window = new ListWindow(source, () => {}, (error) => failures.push(error));
  await window.begin();

  window.show(40, 60);
  await window.settled();
  fails = false;
  window.show(41, 61);
  await window.settled();

  assert.equal(failures.length, 1);
  assert.ok(window.row(60));
});

test('a page that was asked for before a row came does not take it out of the count', async () => {
  let answer: () => void = () => {};
  const source = mailbox(300);
  const { page } = source;
  source.page = async (cursor) => {
    if (cursor !== undefined) await new Promise<void>((resolve) => (answer = resolve));
    return page(cursor);
  };
  const window = await begun(source);

  window.show(40, 60);
  window.insert(row(301));
  answer();
  await window.settled();

  assert.equal(window.length, 301);
});
