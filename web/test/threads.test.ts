import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { asked, gateway, streams } from './gateway';
import { at, closeMessage, list, open, openMessage, show, start, stop } from '../src/mail';

const INBOX = { id: 'in', role: 'inbox', name: 'in', path: 'in', selectable: true };

let threads: object[] = [];

function thread(id: string): object {
  return { id, keywords: {}, participants: [], messageIds: [`${id}m`], totalMessages: 1, hasAttachment: false };
}

const lists = () => asked.filter((it) => it.path === '/v1/mailboxes/in/threads').length;
const shown = () => list.value!.entries.map((it) => it.id);

async function later(): Promise<void> {
  mock.timers.tick(1_000);
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}

beforeEach(async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  streams.length = 0;
  threads = [thread('t1')];
  gateway(({ path }) => {
    if (path === '/v1/mailboxes') return { body: { items: [INBOX] } };
    if (path === '/v1/events/links') return { body: { url: '/v1/events?link=x' } };
    return { body: { identities: [], items: path.endsWith('/threads') ? threads : [] } };
  });
  await start();
  await show({ kind: 'mailbox', mailboxId: 'in', threads: true });
});
afterEach(() => {
  stop();
  mock.timers.reset();
});

test('conversations are read anew when their mailbox has changed, and the highlight stays', async () => {
  at.value = 't1';
  threads = [thread('t2'), thread('t1')];

  streams[0]!.tell('mailbox.changed', {});
  await later();

  assert.deepEqual(shown(), ['t2', 't1']);
  assert.equal(at.value, 't1');
});

test('while a conversation is read its list stays, and is read anew when that is closed', async () => {
  openMessage(list.value!.byId('t1')!);
  threads = [thread('t2'), thread('t1')];

  streams[0]!.tell('mailbox.changed', {});
  await later();
  assert.equal(lists(), 1);
  assert.equal(open.value?.id, 't1');
  closeMessage();
  await later();

  assert.deepEqual(shown(), ['t2', 't1']);
});
