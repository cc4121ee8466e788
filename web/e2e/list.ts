// A mailbox of 100,000 messages, of a gateway that is made up here: what the list does with it, frame by frame.
//   POSTERN_URL=http://localhost:8080 node --import tsx --test e2e/list.ts
// It prints times and does not judge them: they are the machine's. FRAMES is how many it scrolls, 200 when not given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { launch, newPage } from './browser';

const URL_ = process.env['POSTERN_URL'] ?? 'http://localhost:8080';
const FRAMES = Number(process.env['FRAMES'] ?? 200);
const SIZE = 100_000;

function message(order: number): object {
  return {
    id: `m${order}`, mailboxId: 'in', order, keywords: order % 3 ? { $seen: true } : {}, subject: `Message ${order} of many`,
    from: [{ name: `Writer ${order % 97}`, email: `w${order % 97}@example.com` }], to: [{ email: 'me@example.org' }],
    receivedAt: new Date(1.7e12 + order * 6e4).toISOString(), hasAttachment: order % 7 === 0, preview: `The beginning of the text number ${order}`,
  };
}

async function answer(route: Route): Promise<void> {
  const url = new URL(route.request().url());
  const json = (body: unknown, status = 200) => route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
  if (url.pathname.endsWith('/sessions')) return json({ token: 't', expiresAt: '2099-01-01T00:00:00Z', scopes: [], account: { username: 'me', server: {} } }, 201);
  if (url.pathname.endsWith('/account')) return json({ identities: [{ email: 'me@example.org' }] });
  if (url.pathname.endsWith('/mailboxes')) {
    return json({ items: [{ id: 'in', name: 'INBOX', path: 'INBOX', role: 'inbox', selectable: true, totalMessages: SIZE, unreadMessages: 3, namespace: 'personal' }] });
  }
  if (url.pathname.endsWith('/messages')) {
    const from = Number(url.searchParams.get('cursor') ?? SIZE);
    const many = Math.min(from, Number(url.searchParams.get('limit')));
    const ids = url.searchParams.get('fields') === 'id';
    const items = Array.from({ length: many }, (_, i) => (ids ? { id: `m${from - i}`, mailboxId: 'in', order: from - i } : message(from - i)));
    return json({ items, ...(from > many && { nextCursor: String(from - many) }), state: 'S' });
  }
  if (url.pathname.endsWith('/messages/get')) {
    const { ids } = route.request().postDataJSON() as { ids: string[] };
    return json({ items: ids.map((id) => message(Number(id.slice(1)))), notFound: [] });
  }
  // Streams of events: none.
  return json({ status: 422, code: 'not-possible', title: 'No events', retryable: false }, 422);
}

async function heap(page: Page): Promise<number> {
  const debug = await page.context().newCDPSession(page);
  await debug.send('HeapProfiler.collectGarbage');
  const used = await page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
  await debug.detach();
  return Math.round(used / 1e5) / 10;
}

/** Scrolls by so much in each frame, there and back, and answers how long the frames took. */
function scroll(page: Page, frames: number, by: number): Promise<number[]> {
  return page.evaluate(
    ([many, step]) =>
      new Promise<number[]>((done) => {
        const pane = document.querySelector('.rows')!;
        const times: number[] = [];
        let last = 0;
        let direction = 1;
        const frame = (now: number) => {
          if (last > 0) times.push(now - last);
          last = now;
          if (pane.scrollTop + pane.clientHeight >= pane.scrollHeight - 1) direction = -1;
          if (pane.scrollTop <= 0) direction = 1;
          pane.scrollTop += direction * step!;
          if (times.length < many!) requestAnimationFrame(frame);
          else done(times);
        };
        requestAnimationFrame(frame);
      }),
    [frames, by] as const,
  );
}

function described(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))]!.toFixed(1);
  return `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms, of ${times.length} frames`;
}

test('a list of 100,000 messages', async (t) => {
  const browser = await launch();
  try {
    const { page } = await newPage(browser, { viewport: { width: 1280, height: 900 } });
    await page.route('**/v1/**', answer);
    await page.goto(`${URL_}/inbox`);
    await page.fill('[name=username]', 'me');
    await page.fill('[name=password]', 'x');
    const listed = page.waitForResponse((it) => it.url().includes('/messages?'));
    await page.keyboard.press('Enter');
    await (await listed).finished();
    const answered = Date.now();
    await page.waitForSelector('.row .subject');
    t.diagnostic(`first rows ${Date.now() - answered} ms after the answer`);

    t.diagnostic(`reading on: ${described(await scroll(page, FRAMES, 60))}`);
    // The end of the list: the ids of everything come, and the rows that are shown.
    await page.evaluate(() => document.querySelector('.rows')!.scrollTo(0, 1e9));
    await page.locator('.row .subject', { hasText: /^Message 1 of many$/ }).waitFor();
    assert.equal(await page.locator('.row').last().getAttribute('aria-posinset'), String(SIZE));
    const before = await heap(page);
    t.diagnostic(`in any direction: ${described(await scroll(page, FRAMES, 900))}`);
    const after = await heap(page);
    t.diagnostic(`memory ${before} MB before, ${after} MB after`);

    assert.ok((await page.locator('.row').count()) < 60, 'only what is near the screen is in the page');
    assert.ok(after < before * 1.5 + 10, `${before} MB became ${after} MB`);
    await page.evaluate(() => document.querySelector('.rows')!.scrollTo(0, 50_000 * 82));
    await page.locator('.row .subject', { hasText: /^Message 50000 of many$/ }).waitFor();
  } finally {
    await browser.close();
  }
});
