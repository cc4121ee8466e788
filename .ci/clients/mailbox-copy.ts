// Drives examples/mailbox-copy.ts: whatever happens to a mailbox, and however often the stream of events is cut, the
// copy comes to be what the list is. What was moved to another mailbox that has a copy too is known there.
import { MailboxCopy, moves, type Row } from './example';

const base = `${process.env['POSTERN_URL']!}/v1`;
const seed = Number(process.env['COPY_SEED'] ?? 1);
const steps = Number(process.env['COPY_STEPS'] ?? 40);

/** Numbers that are the same for the same seed (mulberry32). */
let state = seed;
function random(below: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}

let token = '';
async function call(method: string, path: string, body?: unknown): Promise<any> {
  const answer = await plainFetch(base + path, {
    method,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
      ...(method === 'PATCH' && { 'If-Match': '*' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`mailbox-copy: ${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

// Streams of events end after some octets, in the middle of an event too.
const plainFetch = globalThis.fetch;
let streams = 0;
globalThis.fetch = async (input: any, init?: any) => {
  const answer = await plainFetch(input, init);
  if (!String(input).includes('/events?') || !answer.ok) return answer;
  streams++;
  // What changed together may be longer than a short stream: it needs a longer one now and then.
  let left = streams % 3 === 0 ? 100_000 : 200 + random(4000);
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, out) {
      out.enqueue(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) out.error(new Error('cut'));
    },
  });
  return new Response(answer.body!.pipeThrough(cut), { status: answer.status, headers: answer.headers });
};

async function list(mailboxId: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '500', fields: 'id', ...(cursor && { cursor }) });
    const page = await call('GET', `/mailboxes/${mailboxId}/messages?${query}`);
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return rows;
}

function shown(rows: Row[]): string {
  return rows.map((row) => `${row.order} ${row.id} ${Object.keys(row.keywords).sort()}`).join('\n');
}

let number = 0;
let failure: unknown;
async function settled(copy: MailboxCopy, mailboxId: string, step: number): Promise<void> {
  const end = Date.now() + 60_000;
  for (let tries = 1; ; tries++) {
    // Mail servers without CONDSTORE report no keywords; new mail makes the gateway look.
    if (tries % 60 === 0) await deliver();
    if (failure) throw failure;
    const there = shown(await list(mailboxId));
    if (shown(copy.newestFirst()) === there) return;
    if (Date.now() > end)
      throw new Error(
        `mailbox-copy: COPY_SEED=${seed} step ${step}: the copy is\n${shown(copy.newestFirst())}\ninstead of\n${there}`,
      );
    await new Promise((done) => setTimeout(done, 50));
  }
}

token = (await call('POST', '/sessions', { username: 'demo', password: 'demo' })).token;
const place = await call('POST', '/mailboxes', { name: `Copied ${Date.now()}` });
const elsewhere = await call('POST', '/mailboxes', { name: `Elsewhere ${Date.now()}` });
const deliver = () => call('POST', `/mailboxes/${place.id}/messages`, { subject: `number ${++number}`, text: 'x' });
for (let i = 0; i < 5; i++) await deliver();

const copy = new MailboxCopy(base, place.id, token);
const other = new MailboxCopy(base, elsewhere.id, token);
const gone: Row[] = [];
const come: Row[] = [];
copy.onChange = ({ removed }) => gone.push(...removed);
other.onChange = ({ added }) => come.push(...added);
const moved = new Map<string, string>();
const stop = new AbortController();
const running = Promise.all([copy, other].map((it) => it.run(stop.signal).catch((e: unknown) => (failure = e))));
await settled(copy, place.id, 0);
for (let step = 1; step <= steps; step++) {
  const rows = await list(place.id);
  const one = rows[random(rows.length || 1)];
  const what = random(5);
  if (!one || what < 2) await deliver();
  else if (what === 2)
    await call('PATCH', `/messages/${one.id}`, { keywords: { $flagged: !one.keywords['$flagged'] } });
  else if (what === 3) await call('DELETE', `/messages/${one.id}?permanent=true`);
  else moved.set(one.id, (await call('PATCH', `/messages/${one.id}`, { mailboxId: elsewhere.id })).id);
  if (random(6) === 0) await settled(copy, place.id, step);
  if (failure) throw failure;
}
await settled(copy, place.id, steps);
await settled(other, elsewhere.id, steps);
const pairs = moves(gone, come).map(([before, now]) => `${before.id} ${now.id}`);
// The copy never had a message that came and went while its stream was cut.
const known = [...moved].filter(([before]) => gone.some((row) => row.id === before));
const wanted = known.map(([before, now]) => `${before} ${now}`);
if (wanted.length === 0 || pairs.sort().join('\n') !== wanted.sort().join('\n'))
  throw new Error(`mailbox-copy: COPY_SEED=${seed}: the moves are\n${pairs.join('\n')}\ninstead of\n${wanted.join('\n')}`);
if (streams < 2) throw new Error(`mailbox-copy: no stream was cut, of ${streams}`);
await call('DELETE', '/sessions/current');
await Promise.race([
  running,
  new Promise((_, fail) => setTimeout(() => fail(new Error('mailbox-copy: it goes on after the session')), 60_000)),
]);
console.log(`mailbox-copy: ${number} messages, ${pairs.length} moves, ${streams} streams, COPY_SEED=${seed}`);
