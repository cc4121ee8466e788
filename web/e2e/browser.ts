import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((it) => `/usr/bin/${it}`);

export function launch(): Promise<Browser> {
  const executablePath = process.env['BROWSER'] ?? NAMES.find((it) => existsSync(it));
  if (executablePath === undefined) throw new Error('there is no Chromium: apt-get install chromium');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--enable-precise-memory-info'] });
}

/**
 * Of the answers that are no success, all of which the browser tells: 410 `state-expired`, after which the inbox lists anew
 * (GreenMail tells the next UID before its message is there), and a message that the other program has just removed.
 */
const foreseen = (text: string, path: string): boolean =>
  text.includes('a status of 410 (Gone)') || (text.includes('a status of 404 (Not Found)') && path.startsWith('/v1/messages/'));

/** A page that notes everything it complains about. */
export async function newPage(browser: Browser, options: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
  const page = await context.newPage();
  // The gateway may look every 30 seconds only at a mailbox that has just become the one that is listened to.
  page.setDefaultTimeout(45_000);
  // tsx names functions by a helper of its own, which functions that go to the page lack there.
  await page.addInitScript('globalThis.__name = (it) => it');
  const complaints: string[] = [];
  page.on('console', (it) => {
    const path = new URL(it.location().url || 'about:blank').pathname;
    if ((it.type() === 'error' || it.type() === 'warning') && !foreseen(it.text(), path)) complaints.push(`${it.text()} ${path}`);
  });
  page.on('pageerror', (it) => complaints.push(String(it.stack)));
  return { page, complaints };
}

/** What a screen reader stumbles over, by axe-core. The frames of messages belong to their senders. */
export async function accessible(page: Page, what: string): Promise<void> {
  // By the debugger and not by a script element, which the policy of the page forbids.
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } }).axe;
    return (await axe.run({ iframes: false })).violations;
  });
  const said = found.map((it) => `${it.id}: ${it.help}\n${it.nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`).join('\n')}`);
  assert.equal(said.join('\n'), '', `axe: ${what}`);
}

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

export async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/inbox`);
  await page.fill('[name=username]', 'demo');
  await page.fill('[name=password]', 'demo');
  await page.click('button:has-text("Sign in")');
  await page.waitForSelector('.row .subject');
}

export const line = (page: Page, subject: string) => page.locator('.row', { has: page.locator('.subject', { hasText: subject }) });

/** Looks again and again, for as long as a page may take. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 45_000; !(await holds()); ) {
    if (Date.now() > end) throw new Error(`it did not come about: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
