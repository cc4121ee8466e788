// The inbox in a real browser, against a gateway with the demo mailbox, and beside a second mail program. IMAP_PORT is where
// that one reaches the mail server, if not where the gateway does.
//   POSTERN_URL=http://localhost:8080 node --import tsx --test e2e/inbox.ts
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { mkdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { accessible, launch, line, newPage, signIn, until } from './browser';
import { ImapClient } from './imap';

const URL_ = process.env['POSTERN_URL'] ?? 'http://localhost:8080';
const SHOTS = process.env['SHOTS'] ?? '../target/inbox';
const RUN = Date.now().toString(36);
mkdirSync(SHOTS, { recursive: true });

test('the inbox', async (t: TestContext) => {
  const hits: string[] = [];
  const tracker = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.setHeader('Content-Type', request.url === '/witness' ? 'text/html' : 'image/png').end('<body>');
  });
  await new Promise<void>((listening) => tracker.listen(0, '127.0.0.1', listening));
  tracker.unref();
  const spy = `http://127.0.0.1:${(tracker.address() as AddressInfo).port}`;
  const { server } = (await (
    await fetch(`${URL_}/v1/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"username": "demo", "password": "demo"}',
    })
  ).json().then((it: unknown) => (it as { account: { server: { port: number } } }).account));
  const imapPort = Number(process.env['IMAP_PORT'] ?? server.port);
  const other = await ImapClient.login(imapPort, 'demo', 'demo');
  // Never selects a mailbox: GreenMail may end a connection when messages went from the one that is selected (its issue 343).
  const sender = await ImapClient.login(imapPort, 'demo', 'demo');
  const browser = await launch();
  const { page, complaints } = await newPage(browser, { viewport: { width: 1440, height: 900 } });
  // A step that fails makes those after it pointless.
  let broken = false;
  const step = async (name: string, body: () => Promise<void>) => {
    if (broken) return;
    await t.test(name, async () => {
      try {
        await body();
      } catch (error) {
        broken = true;
        await page.screenshot({ path: `${SHOTS}/failed.png` }).catch(() => {});
        throw error;
      }
    });
  };
  const deliver = (subject: string, body = 'Hello.') =>
    sender.deliver(
      `From: Ada Byron <ada@example.com>\nTo: Alex Demo <demo@example.org>\nSubject: ${subject}\nMessage-ID: <${subject.replace(/\W/g, '')}@example.com>\nDate: ${new Date().toUTCString()}\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n${body}`,
    );
  const text = page.frameLocator('iframe.message');
  const discard = async () => {
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.locator('dialog', { hasText: 'for good' }).getByRole('button', { name: 'Discard' }).click();
  };

  try {
    await step('a wrong password is told, and the right one opens the inbox', async () => {
      await page.goto(`${URL_}/inbox`);
      await accessible(page, 'signing in');
      await page.fill('[name=username]', 'demo');
      await page.fill('[name=password]', 'wrong');
      await page.keyboard.press('Enter');
      await page.locator('[role=alert]', { hasText: 'does not accept' }).waitFor();
      complaints.splice(0, complaints.length, ...complaints.filter((it) => !it.includes('401')));
      await signIn(page, URL_);
      assert.equal(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie])), '[{},{},""]');
      await accessible(page, 'the list');
    });

    await step('a message that another program delivers appears without a reload', async () => {
      await deliver(
        `Hostile ${RUN}`,
        `<body onload="fetch('${spy}/onload')"><script>top.pwned = 1; fetch('${spy}/script')</script>
         <p>Dear reader</p><img src="x" onerror="top.pwned = 1; fetch('${spy}/onerror')">
         <img src="${spy}/pixel.png" width="1" height="1"><a href="javascript:top.pwned=1">here</a>
         <div style="background: url(${spy}/background)">x</div><iframe src="${spy}/frame"></iframe>
         <link rel="stylesheet" href="${spy}/style.css"><form action="${spy}/form"><input name="pin"></form></body>`,
      );
      await line(page, `Hostile ${RUN}`).waitFor();
      assert.equal(await page.locator('.row').first().locator('.subject').innerText(), `Hostile ${RUN}`);
    });

    await step('nothing in a hostile message runs, and nothing is asked for', async () => {
      await line(page, `Hostile ${RUN}`).locator('.line').click();
      await text.getByText('Dear reader').waitFor();
      await text.getByText('here').click();
      // A page that may load anything, beside this one: when its picture has come, those of the message would have come too.
      const witness = await browser.newPage();
      await witness.goto(`${spy}/witness`);
      await witness.evaluate((url) => {
        document.body.append(Object.assign(new Image(), { src: url }));
      }, `${spy}/sentinel.png`);
      await until('the picture of the witness is asked for', () => hits.includes('/sentinel.png'));
      await witness.close();
      hits.splice(0, hits.length, ...hits.filter((it) => !['/witness', '/sentinel.png', '/favicon.ico'].includes(it)));
      assert.deepEqual(hits, []);
      assert.equal(await page.evaluate(() => (window as unknown as { pwned?: number }).pwned), undefined);
      assert.equal(await text.locator('script, iframe, form, link').count(), 0);
      await accessible(page, 'reading');
    });

    await step('one click loads the pictures, and nothing else', async () => {
      await page.getByRole('button', { name: 'Load pictures' }).click();
      await text.locator(`img[src="${spy}/pixel.png"]`).waitFor({ state: 'attached' });
      await until('the picture is asked for', () => hits.includes('/pixel.png'));
      assert.deepEqual([...new Set(hits)].filter((it) => !['/pixel.png', '/background'].includes(it)), []);
      assert.equal(await page.evaluate(() => (window as unknown as { pwned?: number }).pwned), undefined);
    });

    await step('a reply with a file is saved by itself, sent, and among the sent messages', async () => {
      await page.keyboard.press('r');
      const editor = page.frameLocator('iframe.editor').locator('body');
      await editor.waitFor();
      await editor.click({ position: { x: 40, y: 24 } });
      await page.keyboard.type(`An answer of ${RUN}`);
      const octets = Buffer.from(`figures of ${RUN}\r\n\0\xff`, 'latin1');
      await page.setInputFiles('.compose input[multiple]', { name: 'figures.bin', mimeType: 'application/octet-stream', buffer: octets });
      await page.locator('.compose .status', { hasText: /^Saved/ }).waitFor();
      await accessible(page, 'writing');
      await page.screenshot({ path: `${SHOTS}/writing.png` });
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.locator('.toast', { hasText: 'Sent.' }).waitFor();
      await page.locator('.mailbox', { hasText: 'Sent' }).click();
      await line(page, `Re: Hostile ${RUN}`).locator('.line').click();
      await text.getByText(`An answer of ${RUN}`).waitFor();
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download figures.bin' }).click();
      const file = await (await downloading).path();
      assert.deepEqual(readFileSync(file), octets);
    });

    await step('a flag that is set here is seen there, and one that is set there is seen here', async () => {
      await page.locator('.mailbox', { hasText: 'Inbox' }).click();
      const row = line(page, `Hostile ${RUN}`);
      await row.hover();
      await row.locator('.flag').click();
      const [uid] = await other.find(`Hostile ${RUN}`);
      await until('the flag is there', async () => /\\Flagged/.test(await other.command(`UID FETCH ${uid} (FLAGS)`)));
      // Without CONDSTORE a flag that comes and goes between two looks is as if it had never been: one look is awaited.
      await deliver(`Look ${RUN}`);
      await line(page, `Look ${RUN}`).waitFor();
      await other.command(`UID STORE ${uid} -FLAGS (\\Flagged)`);
      // A mail server without CONDSTORE may not report keywords; new mail makes the gateway look.
      await deliver(`Nudge ${RUN}`);
      await row.locator('.flag[aria-pressed=false]').waitFor({ state: 'attached' });
    });

    await step('a search tells where it found the words', async () => {
      await page.keyboard.press('/');
      await page.keyboard.type('subject:invoice');
      await page.keyboard.press('Enter');
      await page.locator('h1', { hasText: 'Results' }).waitFor();
      await page.locator('.row .matched', { hasText: 'in subject' }).first().waitFor();
      await accessible(page, 'results');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'End the search' }).click();
      await line(page, `Hostile ${RUN}`).waitFor();
    });

    await step('results follow what others do, and what is read stays where it is', async () => {
      const row = (name: string) => line(page, `${name} quest ${RUN}`);
      for (const name of ['First', 'Second']) await deliver(`${name} quest ${RUN}`);
      await page.keyboard.press('/');
      await page.keyboard.type(`subject:"quest ${RUN}"`);
      await page.keyboard.press('Enter');
      await page.locator('h1', { hasText: 'Results' }).waitFor();
      await row('First').locator('.line').click();
      await text.getByText('Hello.').waitFor();
      await row('Second').locator('.pick').click();
      const [uid] = await other.find(`Second quest ${RUN}`);
      await other.command(`UID STORE ${uid} +FLAGS (\\Flagged)`);
      await deliver(`Third quest ${RUN}`);
      await row('Third').waitFor();
      await row('Second').locator('.flag[aria-pressed=true]').waitFor({ state: 'attached' });
      assert.equal(await page.locator('.batch h1').innerText(), '1 selected');
      assert.equal(await page.locator('.conversation h1').innerText(), `First quest ${RUN}`);
      await other.remove(`Second quest ${RUN}`);
      await row('Second').waitFor({ state: 'detached' });
      await page.locator('.batch').waitFor({ state: 'detached' });
      await page.fill('[name=search]', 'since:2020-01-01');
      await page.keyboard.press('Enter');
      const rows = page.locator('.rows');
      const height = () => rows.locator('ul').evaluate((it) => it.clientHeight);
      const seen = () =>
        rows.evaluate((it) => {
          const { left, top } = it.getBoundingClientRect();
          const [row] = document.elementsFromPoint(left + 40, top + 20).filter((found) => found.matches('.row'));
          return row && `${row.textContent} ${Math.round(row.getBoundingClientRect().top - top)}`;
        });
      await until('many results', async () => (await height()) > 8_000);
      // Its total is of a later time than the first one, which may count what was expunged a moment before.
      const next = page.waitForResponse((it) => it.url().endsWith('/v1/search') && it.request().postData()!.includes('"cursor"'));
      await rows.evaluate((it) => it.scrollTo(0, 3_000));
      await (await next).finished();
      await until('rows are there', async () => /\w/.test((await seen()) ?? ''));
      const [before, much] = [await seen(), await height()];
      await deliver(`Fourth quest ${RUN}`);
      await until('a result is added', async () => (await height()) > much);
      assert.equal(await seen(), before);
      await page.getByRole('button', { name: 'End the search' }).click();
      await line(page, `Hostile ${RUN}`).waitFor();
    });

    await step('a conversation is deleted from the trash alone', async () => {
      await deliver(`Talk ${RUN}`);
      await sender.deliver(
        `From: Ada <ada@example.com>\nTo: demo@example.org\nSubject: Re: Talk ${RUN}\nMessage-ID: <again${RUN}@example.com>\nIn-Reply-To: <Talk${RUN}@example.com>\nReferences: <Talk${RUN}@example.com>\nDate: ${new Date().toUTCString()}\n\nGone.`,
        'Trash',
      );
      await page.locator('.mailbox', { hasText: 'Trash' }).click();
      await line(page, `Talk ${RUN}`).waitFor();
      await page.getByRole('button', { name: 'Conversations' }).click();
      await page.getByRole('button', { name: 'Conversations', pressed: true }).waitFor();
      await line(page, `Talk ${RUN}`).locator('.pick').click();
      await page.getByRole('toolbar', { name: 'Selected messages' }).getByRole('button', { name: 'Delete' }).click();
      await page.locator('dialog', { hasText: 'this message for good' }).getByRole('button', { name: 'Delete' }).click();
      await page.locator('.toast', { hasText: 'Message deleted' }).waitFor();
      await until('it is gone from the trash', async () => (await other.find(`Talk ${RUN}`, 'Trash')).length === 0);
      assert.equal((await other.find(`Talk ${RUN}`)).length, 1);
      await page.getByRole('button', { name: 'Conversations' }).click();
      await page.locator('.mailbox', { hasText: 'Inbox' }).click();
      await line(page, `Talk ${RUN}`).waitFor();
    });

    await step('several are archived at once, and come back when it is undone', async () => {
      for (const i of [1, 2, 3]) await deliver(`Batch ${i} ${RUN}`);
      for (const i of [1, 2, 3]) await line(page, `Batch ${i} ${RUN}`).waitFor();
      for (const i of [1, 2, 3]) await line(page, `Batch ${i} ${RUN}`).locator('.pick').click();
      await page.locator('.batch h1', { hasText: '3 selected' }).waitFor();
      await accessible(page, 'a selection');
      await page.getByRole('toolbar', { name: 'Selected messages' }).getByRole('button', { name: 'Archive' }).click();
      await page.locator('.toast', { hasText: '3 messages moved to Archive' }).waitFor();
      assert.equal(await line(page, `Batch 1 ${RUN}`).count(), 0);
      await page.keyboard.press('z');
      for (const i of [1, 2, 3]) await line(page, `Batch ${i} ${RUN}`).waitFor();
    });

    await step('all that a search finds is flagged at once, and undo leaves alone what was flagged before', async () => {
      const [uid] = await other.find(`Batch 2 ${RUN}`);
      await other.command(`UID STORE ${uid} +FLAGS (\\Flagged)`);
      const flagged = async () => /^\* SEARCH.*$/m.exec(await other.command('UID SEARCH FLAGGED'))![0];
      const before = await flagged();
      await page.fill('[name=search]', 'since:2020-01-01');
      await page.keyboard.press('Enter');
      await page.locator('h1', { hasText: 'Results' }).waitFor();
      await page.getByRole('button', { name: 'Select', exact: true }).click();
      await page.getByRole('button', { name: /^Select all/ }).click();
      await page.locator('.batch h1', { hasText: /^All .* selected/ }).waitFor();
      await accessible(page, 'everything selected');
      await page.keyboard.press('s');
      const question = page.locator('dialog.confirm');
      const [asked] = /[\d,]+ messages/.exec(await question.innerText())!;
      await question.getByRole('button', { name: 'Go on' }).click();
      await page.locator('.toast', { hasText: `${asked} flagged.` }).waitFor();
      // the connection of the other program may hear of it a command later
      await until('all are flagged there', async () => (await flagged()) !== before);
      await page.keyboard.press('z');
      await page.locator('.toast', { hasText: 'Undone.' }).waitFor();
      await until('it is there as before', async () => (await flagged()) === before);
      await other.command(`UID STORE ${uid} -FLAGS (\\Flagged)`);
      await page.getByRole('button', { name: 'End the search' }).click();
      await line(page, `Hostile ${RUN}`).waitFor();
    });

    await step('a PDF and a picture are shown', async () => {
      await line(page, 'Your invoice 2026-1108').first().locator('.line').click();
      await page.getByRole('button', { name: /^Invoice 2026-1108.pdf/ }).click();
      await page.locator('dialog iframe[src^="blob:"]').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      await line(page, 'Greetings from the beach').locator('.line').click();
      await page.getByRole('button', { name: /^Forêt/ }).click();
      await page.locator('dialog img').evaluate((it: HTMLImageElement) => it.decode());
      await page.locator('dialog').getByRole('button', { name: 'Close' }).click();
      await page.locator('dialog').waitFor({ state: 'detached' });
      await page.locator('.rows').evaluate((it) => it.scrollTo(0, 0));
    });

    await step('keys go through the list, delete, and undo', async () => {
      await line(page, `Batch 3 ${RUN}`).locator('.line').click();
      await text.getByText('Hello.').waitFor();
      await page.keyboard.press('j');
      await page.locator('.conversation h1', { hasText: `Batch 2 ${RUN}` }).waitFor();
      await page.keyboard.press('#');
      await page.locator('.toast', { hasText: 'Message deleted' }).waitFor();
      assert.equal(await line(page, `Batch 2 ${RUN}`).count(), 0);
      await page.keyboard.press('z');
      await line(page, `Batch 2 ${RUN}`).waitFor();
      await page.keyboard.press('u');
      await page.keyboard.press('j');
      const focused = page.locator('.row.at .line:focus');
      await focused.waitFor();
      await page.keyboard.press('?');
      await page.locator('dialog.help').waitFor();
      await accessible(page, 'the keys');
      await page.keyboard.press('Escape');
      await page.locator('dialog.help').waitFor({ state: 'detached' });
      await focused.waitFor();
      await page.keyboard.press('c');
      await page.locator('.compose [name=to]:focus').waitFor();
      await page.keyboard.press('Escape');
      await focused.waitFor();
      await page.keyboard.press('k');
      await page.keyboard.press('x');
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await page.keyboard.press('s');
      await page.locator('.toast', { hasText: '2 messages flagged' }).waitFor();
      await page.keyboard.press('z');
      await until('no more is flagged', async () => (await page.locator('.row.chosen .flag[aria-pressed=false]').count()) === 2);
      await page.keyboard.press('Escape');
    });

    await step('what is typed after c, or before a reply is there, is written and does nothing else', async () => {
      await line(page, `Batch 3 ${RUN}`).locator('.line').click();
      await text.getByText('Hello.').waitFor();
      await page.keyboard.press('c');
      await page.keyboard.type('eve@example.org');
      assert.equal(await page.inputValue('.compose [name=to]'), 'eve@example.org');
      await discard();
      await page.locator('.compose').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Write', exact: true }).click();
      await page.keyboard.type('eve');
      assert.equal(await page.inputValue('.compose [name=to]'), 'eve');
      await page.locator('.list h1').click();
      await page.keyboard.type('e#');
      await discard();
      await page.locator('.compose').waitFor({ state: 'detached' });
      await page.keyboard.type('re#');
      await page.frameLocator('iframe.editor').locator('body').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.compose').waitFor({ state: 'detached' });
      assert.equal(await line(page, `Batch 3 ${RUN}`).count(), 1);
      assert.equal(await page.locator('.conversation h1').innerText(), `Batch 3 ${RUN}`);
    });

    await step('a text that could not be loaded is loaded when it can be, and what was written meanwhile is kept', async () => {
      await page.context().route('**/inbox/frame', (it) => it.abort());
      await page.keyboard.press('c');
      await page.locator('.compose .problem', { hasText: 'could not be loaded' }).waitFor();
      await page.keyboard.press('Tab');
      await page.fill('.compose [name=subject]', `Early ${RUN}`);
      await page.keyboard.press('Escape');
      await page.locator('.compose').waitFor({ state: 'detached' });
      await page.locator('.mailbox', { hasText: 'Drafts' }).click();
      await line(page, `Early ${RUN}`).locator('.line').click();
      await page.locator('.compose .problem', { hasText: 'could not be loaded' }).waitFor();
      await page.context().unroute('**/inbox/frame');
      const editor = page.frameLocator('iframe.editor').locator('body[contenteditable=true]');
      await editor.waitFor();
      await page.locator('.compose .problem').waitFor({ state: 'detached' });
      assert.equal(await page.inputValue('.compose [name=subject]'), `Early ${RUN}`);
      await discard();
      await line(page, `Early ${RUN}`).waitFor({ state: 'detached' });
      await page.locator('.mailbox', { hasText: 'Inbox' }).click();
      complaints.splice(0, complaints.length, ...complaints.filter((it) => !it.includes('ERR_FAILED')));
    });

    await step('after a send that was refused the next keys go on with the text', async () => {
      await page.context().route('**/send', (it) =>
        it.fulfill({ status: 422, contentType: 'application/problem+json', body: '{"status": 422, "code": "recipient-refused", "title": "refused"}' }),
      );
      await page.keyboard.press('c');
      await page.keyboard.type('maya@example.com');
      await page.fill('.compose [name=subject]', `Refused ${RUN}`);
      const editor = page.frameLocator('iframe.editor').locator('body');
      await editor.click();
      await page.keyboard.type('one three');
      for (let i = 0; i < 'three'.length; i++) await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Control+Enter');
      await page.locator('.compose .status', { hasText: 'Not sent' }).waitFor();
      await page.keyboard.type('two ');
      assert.equal((await editor.innerText()).trim(), 'one two three');
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.locator('.compose .status', { hasText: 'Not sent' }).waitFor();
      await page.keyboard.type('and ');
      assert.equal((await editor.innerText()).trim(), 'one two and three');
      await page.context().unroute('**/send');
      await discard();
      await page.locator('.compose').waitFor({ state: 'detached' });
      complaints.splice(0, complaints.length, ...complaints.filter((it) => !it.includes('422')));
    });

    await step('a file that is dropped on the text is attached, and one that is dropped elsewhere goes nowhere', async () => {
      const drop = (body: HTMLElement) =>
        ['dragover', 'drop'].map((type) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(['x'], 'dropped.txt'));
          return body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
        });
      await line(page, `Batch 3 ${RUN}`).locator('.line').click();
      await text.getByText('Hello.').waitFor();
      await page.keyboard.press('c');
      const editor = page.frameLocator('iframe.editor').locator('body[contenteditable]');
      assert.deepEqual(await editor.evaluate(drop), [false, false]);
      await page.locator('.compose .file', { hasText: 'dropped.txt' }).waitFor();
      assert.deepEqual(await page.locator('.rows').evaluate(drop), [false, false]);
      assert.deepEqual(await text.locator('body').evaluate(drop), [false, false]);
      assert.equal(await page.locator('.compose .file').count(), 1);
      await discard();
      await page.locator('.compose').waitFor({ state: 'detached' });
    });

    await step('the bar of a message acts on that message, and opening it ends a selection', async () => {
      await line(page, `Batch 1 ${RUN}`).locator('.pick').click();
      await line(page, `Batch 2 ${RUN}`).locator('.line').click();
      await page.locator('.conversation h1', { hasText: `Batch 2 ${RUN}` }).waitFor();
      assert.equal(await page.locator('.batch').count(), 0);
      await line(page, `Batch 1 ${RUN}`).locator('.pick').click();
      const bar = page.getByRole('toolbar', { name: 'This message' });
      await bar.getByRole('button', { name: 'Archive' }).click();
      await page.locator('.toast', { hasText: 'Message moved to Archive' }).waitFor();
      assert.deepEqual([await line(page, `Batch 1 ${RUN}`).count(), await line(page, `Batch 2 ${RUN}`).count()], [1, 0]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('z');
      await line(page, `Batch 2 ${RUN}`).waitFor();
    });

    await step('a message is moved by a choice and not by an arrow', async () => {
      await line(page, `Batch 2 ${RUN}`).locator('.line').click();
      await page.getByRole('toolbar', { name: 'This message' }).getByRole('button', { name: 'Move to' }).press('Enter');
      const choice = page.getByRole('dialog', { name: 'Move to' });
      await choice.waitFor();
      await accessible(page, 'where to move');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowUp');
      assert.equal(await line(page, `Batch 2 ${RUN}`).count(), 1);
      await choice.getByRole('button', { name: 'Archive' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('.toast', { hasText: 'Message moved to Archive' }).waitFor();
      await page.keyboard.press('z');
      await line(page, `Batch 2 ${RUN}`).waitFor();
    });

    await step('a long message is read by keyboard, and the highlighted row is the one that opens', async () => {
      const subject = `Long ${RUN} ${'words without end '.repeat(300)}`.trim();
      await deliver(subject, `<div style="min-height: calc(100vh + 40px)">${'<p><a href="https://example.com">Line</a></p>'.repeat(150)}</div>`);
      await line(page, `Long ${RUN}`).locator('.line').click();
      await text.getByText('Line').first().waitFor();
      const heading = page.locator('.conversation h1');
      assert.ok((await heading.evaluate((it) => it.clientHeight)) < 120);
      await page.getByRole('button', { name: 'Show the whole subject' }).click();
      await until('the subject is whole', async () => (await heading.evaluate((it) => it.clientHeight)) > 200);
      assert.ok((await page.locator('iframe.message').evaluate((it) => it.clientHeight)) < 20_000);
      await page.keyboard.press('u');
      await page.locator('.row.at .line:focus', { hasText: `Long ${RUN}` }).waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.locator('.reader:focus').waitFor();
      // It came back last.
      await heading.filter({ hasText: `Batch 2 ${RUN}` }).waitFor();
      await page.keyboard.press('k');
      await text.getByText('Line').first().waitFor();
      const top = () => page.locator('.reader').evaluate((it) => it.scrollTop);
      // Again and again, as a browser that still scrolls may take no key.
      const scrolls = (key: string, where: (top: number) => boolean) =>
        until(`${key} scrolls`, async () => {
          await page.keyboard.press(key);
          return where(await top());
        });
      await scrolls('Space', (it) => it > 200);
      await scrolls('End', (it) => it > 2_000);
      await scrolls('Home', (it) => it === 0);
      await scrolls('ArrowDown', (it) => it > 0);
      assert.equal(await heading.filter({ hasText: `Long ${RUN}` }).count(), 1);
      // In the text of the message, too.
      await text.getByText('Line').first().focus();
      await scrolls('End', (it) => it > 2_000);
      await page.keyboard.press('ArrowDown');
      assert.equal(await heading.filter({ hasText: `Long ${RUN}` }).count(), 1);
      await page.keyboard.press('u');
      await page.locator('.row.at .line:focus', { hasText: `Long ${RUN}` }).waitFor();
    });

    await step('a message in a message can be read, answered, and left, and nothing else', async () => {
      await sender.deliver(
        `From: Ada <ada@example.com>\nTo: demo@example.org\nSubject: Outer ${RUN}\nMessage-ID: <outer${RUN}@example.com>\nDate: ${new Date().toUTCString()}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the file.\n--b\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename=message.eml\n\nFrom: Bo <bo@example.com>\nSubject: Inner ${RUN}\n\nI am inside.\n\n--b--\n`,
      );
      await line(page, `Outer ${RUN}`).locator('.line').click();
      await page.locator('.file-open', { hasText: 'message.eml' }).click();
      await text.getByText('I am inside.').waitFor();
      const bar = page.getByRole('toolbar', { name: 'This message' });
      assert.equal(await bar.getByRole('button').count(), 1);
      await page.keyboard.press('e');
      await page.keyboard.press('#');
      assert.deepEqual([await line(page, 'message.eml').count(), await line(page, `Outer ${RUN}`).count()], [0, 1]);
      await page.keyboard.press('r');
      await page.frameLocator('iframe.editor').locator('body[contenteditable]').waitFor();
      assert.match(await page.inputValue('.compose [name=to]'), /bo@example\.com/);
      assert.equal(await page.inputValue('.compose [name=subject]'), `Re: Inner ${RUN}`);
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.locator('.toast', { hasText: 'Sent.' }).waitFor();
      const [uid] = await other.find(`Outer ${RUN}`);
      assert.doesNotMatch(await other.command(`UID FETCH ${uid} (FLAGS)`), /Answered/);
      await bar.getByRole('button', { name: 'Back to the message' }).click();
      await text.getByText('See the file.').waitFor();
    });

    await step('a message that goes while it is read is said to be gone', async () => {
      await page.locator('.file-open', { hasText: 'message.eml' }).click();
      await text.getByText('I am inside.').waitFor();
      await other.remove(`Outer ${RUN}`);
      await page.locator('.reader .gone').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Reply' }).count(), 0);
      await page.keyboard.press('u');
      await text.getByText('See the file.').waitFor();
      await page.locator('.reader .gone').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Reply' }).count(), 0);
      await accessible(page, 'what is gone');
      await page.keyboard.press('u');
      await page.locator('.reader .gone').waitFor({ state: 'detached' });
    });

    await step('a draft is kept, opened again, and discarded', async () => {
      await page.keyboard.press('c');
      await page.fill('.compose [name=to]', 'maya@example.com');
      await page.fill('.compose [name=subject]', `Draft ${RUN}`);
      await page.frameLocator('iframe.editor').locator('body').click();
      await page.keyboard.type('half a sentence');
      await page.locator('.compose .status', { hasText: /^Saved/ }).waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.compose').waitFor({ state: 'detached' });
      await page.locator('.mailbox', { hasText: 'Drafts' }).click();
      await line(page, `Draft ${RUN}`).locator('.line').click();
      await page.frameLocator('iframe.editor').getByText('half a sentence').waitFor();
      assert.equal(await page.inputValue('.compose [name=to]'), 'maya@example.com');
      await page.getByRole('button', { name: 'Discard' }).click();
      await page.locator('dialog', { hasText: 'for good' }).waitFor();
      await accessible(page, 'a question');
      await page.keyboard.press('Enter');
      await page.locator('dialog').waitFor({ state: 'detached' });
      assert.equal(await page.inputValue('.compose [name=to]'), 'maya@example.com');
      await discard();
      await line(page, `Draft ${RUN}`).waitFor({ state: 'detached' });
      await page.locator('.mailbox', { hasText: 'Inbox' }).click();
    });

    await step('a conversation has what was sent, too', async () => {
      await page.getByRole('button', { name: 'Conversations' }).click();
      await line(page, 'Where to moor').first().locator('.people .size').waitFor();
      await line(page, 'Where to moor').first().locator('.line').click();
      await page.locator('.letter').first().waitFor();
      assert.ok((await page.locator('.letter, .folded').count()) > 1);
      await accessible(page, 'a conversation');
      await page.screenshot({ path: `${SHOTS}/conversation.png` });
      // What comes while it is read is there when it is closed.
      const count = page.locator('.mailbox', { hasText: 'Inbox' }).locator('.count');
      const before = await count.innerText();
      await deliver(`During ${RUN}`);
      await until('it is counted', async () => (await count.innerText()) !== before);
      assert.equal(await line(page, `During ${RUN}`).count(), 0);
      await page.keyboard.press('u');
      await line(page, `During ${RUN}`).waitFor();
      await page.getByRole('button', { name: 'Conversations' }).click();
      await line(page, `Batch 3 ${RUN}`).waitFor();
    });

    await step('what was seen stays readable without a connection, and what came meanwhile appears after it', async () => {
      await page.context().setOffline(true);
      await page.locator('.offline').waitFor();
      await line(page, `Hostile ${RUN}`).locator('.line').click();
      await text.getByText('Dear reader').waitFor();
      await line(page, `Batch 1 ${RUN}`).locator('.line').click();
      await page.getByText('was not opened before').waitFor();
      await deliver(`Meanwhile ${RUN}`);
      await page.context().setOffline(false);
      await line(page, `Meanwhile ${RUN}`).waitFor();
      await page.locator('.offline').waitFor({ state: 'detached' });
      complaints.splice(0, complaints.length, ...complaints.filter((it) => !it.includes('ERR_INTERNET_DISCONNECTED')));
    });

    await step('light and dark', async () => {
      await other.remove(RUN);
      for (const scheme of ['light', 'dark'] as const) {
        const fresh = await newPage(browser, { viewport: { width: 1280, height: 800 }, colorScheme: scheme, deviceScaleFactor: 1.5 });
        await signIn(fresh.page, URL_);
        await line(fresh.page, 'Greetings from the beach').locator('.line').click();
        const picture = fresh.page.frameLocator('iframe.message').locator('img').first();
        await picture.evaluate((it: HTMLImageElement) => it.decode());
        await fresh.page.locator('.attachments').waitFor();
        await accessible(fresh.page, scheme);
        await fresh.page.mouse.move(0, 0);
        await fresh.page.screenshot({ path: `${SHOTS}/inbox-${scheme}.png` });
        assert.deepEqual(fresh.complaints, []);
        await fresh.page.context().close();
      }
    });

    await step('on a narrow screen, and from right to left', async () => {
      const narrow = await newPage(browser, { viewport: { width: 360, height: 740 }, reducedMotion: 'reduce', hasTouch: true });
      const small = narrow.page;
      await signIn(small, URL_);
      await accessible(small, 'the list on a narrow screen');
      await small.screenshot({ path: `${SHOTS}/narrow-list.png` });
      await small.getByRole('button', { name: 'Select', exact: true }).click();
      await small.getByRole('button', { name: /^Select all/ }).waitFor();
      const tools = small.getByRole('toolbar', { name: 'Selected messages' }).getByRole('button');
      for (const it of await tools.all()) {
        const { x, width } = (await it.boundingBox())!;
        assert.ok(x >= 0 && x + width <= 360, 'every button is on the screen');
      }
      await small.screenshot({ path: `${SHOTS}/narrow-selection.png` });
      await small.keyboard.press('Escape');
      await small.getByRole('button', { name: 'Mailboxes' }).click();
      await small.locator('.sidebar.open').waitFor();
      await accessible(small, 'the mailboxes on a narrow screen');
      await small.locator('.mailbox', { hasText: 'Inbox' }).click();
      await line(small, 'Invitation: Roadmap').locator('.line').click();
      await small.getByLabel('Event').waitFor();
      await accessible(small, 'reading on a narrow screen');
      await small.screenshot({ path: `${SHOTS}/narrow-reading.png` });
      assert.equal(await small.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      await small.getByRole('button', { name: 'Back to the list' }).click();
      await small.evaluate(() => (document.documentElement.dir = 'rtl'));
      await small.screenshot({ path: `${SHOTS}/narrow-rtl.png` });
      assert.equal(await small.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      assert.deepEqual(narrow.complaints, []);
      await small.context().close();
    });

    await step('signing out ends the session', async () => {
      const ending = page.waitForResponse((it) => it.request().method() === 'DELETE' && it.url().endsWith('/v1/sessions/current'));
      await page.getByRole('button', { name: 'Sign out' }).click();
      assert.equal((await ending).status(), 204);
      await page.locator('[name=password]').waitFor();
      await page.reload();
      await page.locator('[name=password]').waitFor();
      assert.equal(await page.locator('.row').count(), 0);
    });

    await step('the browser had nothing to complain about', async () => {
      assert.deepEqual(complaints, []);
    });
  } finally {
    await browser.close();
    tracker.close();
    for (const mailbox of ['INBOX', 'Sent', 'Trash', 'Archive', 'Drafts']) await other.remove(RUN, mailbox).catch(() => {});
    other.end();
    sender.end();
  }
});
