// Each link and picture of the site is there, and so is each heading that a link names: check.mjs FOLDER
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const site = process.argv[2];
const pages = readdirSync(site, { recursive: true }).filter(
  (name) => name.endsWith('.html') && !name.startsWith('examples/browser'),
);
const anchors = new Map();

function anchorsOf(file) {
  if (!anchors.has(file)) {
    const ids = [...readFileSync(file, 'utf8').matchAll(/ (?:id|name)="([^"]*)"/g)].map((it) => it[1]);
    anchors.set(file, new Set(ids));
  }
  return anchors.get(file);
}

function fault(page, link) {
  const [path, fragment] = decodeURI(link.replaceAll('&amp;', '&')).split('#');
  const file = path ? join(site, dirname(page), path) : join(site, page);
  if (relative(site, file).startsWith('..') || !existsSync(file)) return 'no such file';
  if (statSync(file).isDirectory()) return 'a folder without a page';
  if (fragment && file.endsWith('.html') && !anchorsOf(file).has(fragment)) return 'no such heading';
  return undefined;
}

let links = 0;
let faults = 0;
for (const page of pages) {
  const html = readFileSync(join(site, page), 'utf8');
  for (const [, link] of html.matchAll(/<[a-z]+ [^>]*?(?:href|src|spec-url)="([^"]*)"/g)) {
    if (/^(https?|mailto|data):/.test(link)) continue;
    links++;
    const what = fault(page, link);
    if (what) {
      faults++;
      console.error(`${page}: ${link}: ${what}`);
    }
  }
}
if (pages.length < 50 || links < 1000) throw new Error(`only ${pages.length} pages with ${links} links were found`);
console.log(`${pages.length} pages, ${links} links, ${faults} dead`);
process.exit(faults ? 1 : 0);
