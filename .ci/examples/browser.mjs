// Drives examples/browser in Chromium: browser.mjs PAGE FILE
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { chromium } from 'playwright-core';

const [address, file] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.BROWSER, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(address);
  await page.fill('[name=username]', 'demo');
  await page.fill('[name=password]', 'demo');
  await page.click('#login button');
  await page.waitForSelector('#inbox li');
  await page.fill('[name=from]', 'demo@example.org');
  await page.fill('[name=to]', 'demo@example.org');
  await page.fill('[name=subject]', 'Hello from a browser');
  await page.setInputFiles('[name=file]', file);
  // The answers to all five tries are lost: the second click of the first ones finds the form disabled.
  await page.dblclick('#compose button');
  await page.waitForFunction(() => document.getElementById('status').textContent.includes('connection was lost'));
  await fetch(new URL('/lose-no-more', address));
  await page.click('#compose button');
  await page.waitForFunction(() => document.getElementById('status').textContent === 'sent');
  // The event that tells of it is cut, and the stream is refused when EventSource connects again.
  const button = page.getByRole('button', { name: basename(file) });
  await button.waitFor();
  const [saved] = await Promise.all([page.waitForEvent('download'), button.click()]);
  if (!(await readFile(await saved.path())).equals(await readFile(file))) throw new Error('another file was saved');
  console.log(await page.textContent('#status'));
} finally {
  await browser.close();
}
