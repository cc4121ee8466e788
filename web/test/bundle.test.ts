import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const BUILT = '../src/main/resources/postern/web/inbox';

test('what a browser loads is less than 60 kB', () => {
  const files = ['index.html', ...readdirSync(`${BUILT}/assets`).map((it) => `assets/${it}`)];

  const size = files.reduce((sum, it) => sum + gzipSync(readFileSync(`${BUILT}/${it}`)).length, 0);

  assert.ok(files.length >= 4, files.join(', '));
  assert.ok(size < 60_000, `${size} octets`);
});
