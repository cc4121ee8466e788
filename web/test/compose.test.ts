import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { asked, gateway, problem, type Answer, type Asked } from './gateway';
import { composeNew, composing, Draft, forward, openDraft, reply, signOutSafely, unsaved } from '../src/compose';
import { ask, identities, notice, question, stop } from '../src/mail';
import { leave, session } from '../src/session';

/** A mailbox of drafts that keeps what it is given; `first` may answer in its place. */
class Drafts {
  number = 0;
  readonly stored = new Map<string, any>();
  readonly keys = new Map<string, Answer>();
  readonly sent: string[] = [];
  first: (request: Asked) => Answer | 'lost-after' | undefined = () => undefined;

  readonly answer = (request: Asked): Answer => {
    const instead = this.first(request);
    if (instead !== undefined && instead !== 'lost-after') return instead;
    const key = request.headers.get('Idempotency-Key');
    const answer = (key && this.keys.get(key)) || this.does(request);
    if (key) this.keys.set(key, answer);
    return instead === 'lost-after' ? 'lost' : answer;
  };

  private does({ method, path, body, headers }: Asked): Answer {
    const id = path.split('/')[3]!;
    if (path === '/v1/mailboxes/drafts/messages' || path.endsWith('/reply') || path.endsWith('/forward')) return this.store(body);
    if (path.endsWith('/links')) return { body: { items: [] } };
    if (path.endsWith('/sessions/current')) return { status: 204 };
    const draft = this.stored.get(id);
    if (!draft) return problem(404, 'not-found');
    if (path.endsWith('/send')) {
      this.stored.delete(id);
      this.sent.push(draft.html);
      return { body: { recipients: [] } };
    }
    if (method === 'GET') return { body: this.message(id, draft), headers: { ETag: `"${id}"` } };
    if (headers.get('If-Match') !== null && headers.get('If-Match') !== `"${id}"`) return problem(412, 'precondition-failed');
    this.stored.delete(id);
    return method === 'DELETE' ? { status: 204 } : this.store(body);
  }

  store(body: any): Answer {
    const id = `d${++this.number}`;
    this.stored.set(id, body);
    return { status: 201, body: { id, mailboxId: 'drafts', size: 1 } };
  }

  private message(id: string, body: any): object {
    const attachments = (body.attachments ?? []).map((it: any, i: number) => ({ ...it, partId: `${i + 2}`, estimatedSize: 1 }));
    const html = { content: body.html, blockedRemoteContent: body.blocked ?? 0, truncated: body.truncated ?? false };
    return { from: [], to: [], cc: [], bcc: [], inReplyTo: [], references: [], replyTo: [], headers: [], ...body, id, attachments, html };
  }
}

let drafts: Drafts;
let text = '';

beforeEach(() => {
  drafts = new Drafts();
  gateway(drafts.answer);
  signedIn('ada');
});

afterEach(() => {
  composing.value = undefined;
  leave();
  stop();
});

function signedIn(username: string): void {
  session.value = { token: 't', account: { username, server: { host: 'h' } } } as never;
}

function begun(draft = new Draft({ to: 'bob@example.com' })): Draft {
  composing.value = draft;
  text = '';
  draft.begin(() => text);
  return draft;
}

async function questioned(): Promise<void> {
  for (let turns = 0; !question.value && turns < 1000; turns++) await new Promise((turn) => setImmediate(turn));
}

const wants = (method: string, end: string) => (it: Asked) => it.method === method && it.path.endsWith(end);
const storing = (it: Asked) => (it.method === 'PUT' || it.method === 'POST') && /\/(content|messages)$/.test(it.path);

function once(matches: (request: Asked) => boolean, answer: Answer | 'lost-after'): void {
  let done = false;
  drafts.first = (it) => {
    if (done || !matches(it)) return undefined;
    done = true;
    return answer;
  };
}

test('a save whose answer is lost is repeated as it was, and stores once', async () => {
  const draft = begun();
  once(wants('POST', '/messages'), 'lost-after');

  text = 'one';
  await draft.saveQuietly();
  assert.deepEqual([draft.status.value, draft.problem.value], ['unsaved', 'There is no connection.']);
  text = 'two';
  await draft.saveQuietly();
  assert.deepEqual([...drafts.stored.values()].map((it) => it.html), ['one']);
  await draft.saveQuietly();

  assert.deepEqual([...drafts.stored.values()].map((it) => it.html), ['two']);
  assert.equal(draft.problem.value, undefined);
});

test('a replacement whose answer is lost is not taken for a change elsewhere', async () => {
  const draft = begun();
  text = 'one';
  draft.add(new File(['x'], 'a.txt'));
  await draft.saveQuietly();
  once(wants('PUT', '/content'), 'lost-after');

  text = 'two';
  await draft.saveQuietly();
  await draft.saveQuietly();
  text = 'three';
  await draft.close();

  assert.deepEqual([...drafts.stored.values()].map((it) => it.html), ['three']);
  assert.equal(draft.problem.value, undefined);
});

test('what was stored is known although it could not be read back', async () => {
  const draft = begun();
  once((it) => it.method === 'GET', 'lost');

  text = 'one';
  await draft.saveQuietly();
  assert.equal(drafts.stored.size, 1);
  await draft.saveQuietly();

  assert.equal(asked.filter(storing).length, 1);
  assert.equal(draft.status.value, 'saved');
});

test('a draft that was removed elsewhere is stored anew with its files', async () => {
  const draft = begun();
  text = 'one';
  draft.add(new File(['x'], 'a.txt'));
  await draft.saveQuietly();
  drafts.stored.clear();

  text = 'two';
  await draft.saveQuietly();
  assert.match(draft.problem.value!, /changed or removed elsewhere/);
  await draft.saveQuietly();
  assert.deepEqual([draft.status.value, draft.problem.value], ['saved', undefined]);
  assert.match(draft.warning.value!, /changed or removed elsewhere/);

  const [stored] = drafts.stored.values();
  assert.equal(stored.html, 'two');
  assert.match(stored.attachments[0].part, /^file/);
});

test('what is written while it is saved is saved before it is closed', async () => {
  const draft = begun();
  text = 'one';
  const saving = draft.saveQuietly();
  text = 'two';
  const closed = draft.close();
  await saving;

  assert.equal(await closed, true);
  assert.deepEqual([...drafts.stored.values()].map((it) => it.html), ['two']);
});

test('a send whose answer is lost is repeated, and nothing is stored before it is answered', async () => {
  const draft = begun();
  text = 'one';
  once(wants('POST', '/send'), 'lost-after');

  assert.equal(await draft.send(), false);
  assert.equal(draft.status.value, 'unanswered');
  text = 'two';
  await draft.saveQuietly();
  assert.equal(drafts.stored.size, 0);
  assert.equal(await draft.send(), true);

  assert.deepEqual(drafts.sent, ['one']);
  assert.equal(drafts.stored.size, 0);
  assert.equal(notice.value?.text, 'Sent.');
});

test('while it is sent it is neither closed nor discarded nor sent again, and no other is begun', async () => {
  const draft = begun();
  text = 'one';
  const sending = draft.send();

  assert.equal(await draft.close(), false);
  assert.equal(await draft.send(), false);
  await draft.discard();
  await reply('m1', 'all');
  assert.equal(composing.value, draft);

  assert.equal(await sending, true);
  assert.deepEqual(drafts.sent, ['one']);
});

test('a refused send is told, and the next one is another request', async () => {
  const draft = begun();
  text = 'one';
  once(wants('POST', '/send'), problem(422, 'recipient-refused'));

  assert.equal(await draft.send(), false);
  assert.equal(draft.status.value, 'unsent');
  assert.match(notice.value!.text, /^Not sent: /);
  text = 'two';
  assert.equal(await draft.send(), true);

  const keys = asked.filter(wants('POST', '/send')).map((it) => it.headers.get('Idempotency-Key'));
  assert.equal(new Set(keys).size, 2);
  assert.deepEqual(drafts.sent, ['two']);
});

test('a second click makes no second reply, and neither does a lost answer', async () => {
  once(wants('POST', '/reply'), 'lost-after');
  await Promise.all([reply('m1', 'all'), reply('m1', 'all')]);
  assert.equal(composing.value, undefined);

  drafts.stored.set('m1', { html: '' });
  await reply('m1', 'all');

  assert.deepEqual([...drafts.stored.keys()], ['d1', 'm1']);
});

test('another account does not get what was written', () => {
  begun();
  leave();

  signedIn('bob');

  assert.equal(composing.value, undefined);
});

test('after the session has ended the same user goes on with what was written', async () => {
  const draft = begun();
  text = 'one';
  draft.rest();
  leave();
  signedIn('ada');
  assert.equal(composing.value, draft);
  assert.equal(draft.html, 'one');
  draft.begin(() => draft.html);

  assert.equal(unsaved(), true);
  await draft.saveQuietly();

  assert.deepEqual([...drafts.stored.values()].map((it) => it.html), ['one']);
  assert.equal(unsaved(), false);
});

test('signing out keeps what was written as a draft', async () => {
  begun();
  text = 'one';

  await signOutSafely();

  assert.deepEqual([...drafts.stored.values()].map((it) => it.html), ['one']);
  assert.deepEqual([composing.value, session.value], [undefined, undefined]);
});

test('a session that could not be ended goes on, and the user is told', async () => {
  drafts.first = (it) => (it.method === 'DELETE' ? problem(503, 'store-unavailable') : undefined);

  const leaving = signOutSafely();
  await questioned();
  assert.match(question.value!.text, /could not be ended/);
  question.value!.answer(false);
  await leaving;

  assert.notEqual(session.value, undefined);
});

test('a draft that is not shown whole is edited only when the user agrees', async () => {
  drafts.stored.set('d9', { html: 'x', blocked: 1 });

  const opening = openDraft('d9');
  await questioned();
  question.value!.answer(false);
  await opening;

  assert.equal(composing.value, undefined);
});

test('what was written before the editor is there is saved', async () => {
  composeNew();
  await new Promise((turn) => setImmediate(turn));
  const draft = composing.value!;
  draft.set('subject', 'early');

  assert.equal(unsaved(), true);
  draft.begin(() => '<p><br></p>');
  assert.equal(draft.dirty, true);
  assert.equal(await draft.close(), true);

  assert.deepEqual([...drafts.stored.values()].map((it) => it.subject), ['early']);
});

test('what was written is saved although the editor never came', async () => {
  const draft = new Draft({});
  draft.set('subject', 'early');

  assert.equal(await draft.send(), false);
  assert.match(draft.problem.value!, /not there yet/);
  assert.equal(await draft.close(), true);

  assert.deepEqual([...drafts.stored.values()].map((it) => it.subject), ['early']);
});

test('that the editor writes a text in its own way is no change', async () => {
  drafts.stored.set('d9', { html: '<p>x' });
  const draft = await Draft.read('d9', { forwards: 'm1' });

  draft.begin(() => '<p>x</p>');

  assert.equal(draft.dirty, false);
  await draft.close();
  assert.equal(drafts.stored.size, 0);
});

test('the draft that is written stays open when it is opened from the drafts', async () => {
  const draft = begun();
  text = 'one';
  await draft.saveQuietly();
  text = 'two';

  await openDraft('d1');
  assert.equal(composing.value, draft);
  await draft.saveQuietly();
  // The list does not know yet that it was replaced.
  await openDraft('d1');

  assert.equal(composing.value, draft);
  assert.deepEqual([...drafts.stored.values()].map((it) => it.html), ['two']);
});

test('only what somebody has written is worth a question before it is discarded', async () => {
  const fresh = begun();
  assert.equal(fresh.written, false);
  text = 'one';
  assert.equal(fresh.written, true);
  await fresh.saveQuietly();
  assert.equal(fresh.written, true);

  assert.equal((await Draft.read('d1')).written, true);
  assert.equal((await Draft.read('d1', { forwards: 'm1' })).written, false);
});

test('a session that ends while something is asked leaves the next one able to write', async () => {
  drafts.stored.set('d9', { html: 'x', blocked: 1 });
  const opening = openDraft('d9');
  await questioned();
  leave();
  stop();
  signedIn('ada');

  await opening;
  drafts.stored.set('m1', { html: '' });
  await reply('m1', 'all');

  assert.equal(question.value, undefined);
  assert.notEqual(composing.value, undefined);
});

test('a question in the place of another one answers that with no', async () => {
  const first = ask('One?', 'Yes');
  const earlier = question.value!;
  const second = ask('Two?', 'Yes');

  assert.equal(await first, false);
  earlier.answer(true);
  question.value!.answer(true);
  assert.equal(await second, true);
  assert.equal(question.value, undefined);
});

test('what is forwarded tells what is left out of it', async () => {
  drafts.first = (it) => (it.path.endsWith('/forward') ? drafts.store({ html: 'x', blocked: 2 }) : undefined);

  await forward('m1');

  assert.match(composing.value!.note!, /Pictures of other servers/);
});

test('an edited draft keeps where answers go and how important it is', async () => {
  const replyTo = [{ email: 'list@example.com' }];
  drafts.stored.set('d9', { html: 'x', replyTo, headers: [{ name: 'Importance', value: 'high' }, { name: 'Received', value: 'x' }] });
  const draft = begun(await Draft.read('d9'));

  text = 'y';
  await draft.saveQuietly();

  const [stored] = drafts.stored.values();
  assert.deepEqual([stored.replyTo, stored.headers], [replyTo, [{ name: 'Importance', value: 'high' }]]);
});

test('an answer to what is in another message marks nothing, which would be the other one', async () => {
  drafts.stored.set('m1', { html: 'x' });
  for (const [write, marked] of [
    [() => reply('m1', 'all', true), {}],
    [() => forward('m1', true), {}],
    [() => reply('m1', 'all'), { answers: 'm1' }],
    [() => forward('m1'), { forwards: 'm1' }],
  ] as const) {
    await write();
    const draft = composing.value!;
    draft.begin(() => 'x');
    draft.set('to', 'bob@example.com');
    assert.equal(await draft.send(), true);
    composing.value = undefined;

    assert.deepEqual(asked.filter((it) => it.path.endsWith('/send')).at(-1)!.body, marked);
  }
});

test('the sender that is shown is sent, also where the gateway knew of none', async () => {
  identities.value = [{ email: 'ada@example.com' }] as never;
  drafts.stored.set('d9', { html: 'x', to: [{ email: 'bob@example.com' }] });
  const draft = begun(await Draft.read('d9'));
  assert.equal(draft.dirty, false);

  assert.equal(await draft.send(), true);

  const [stored] = asked.filter((it) => it.method === 'PUT');
  assert.deepEqual(stored?.body.from, [{ email: 'ada@example.com' }]);
});
