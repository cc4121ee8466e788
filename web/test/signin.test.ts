import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway, problem } from './gateway';
import { discover, Lookup } from '../src/session';

const server = (host: string) => ({ imap: { host } }) as never;

test('a name that is no address has no server', async () => {
  const lookup = new Lookup(async () => server('a.example'));

  await lookup.of('ada@a.example');

  assert.equal(await lookup.of('ada'), undefined);
});

test('one name is asked for once, also while it is looked up', async () => {
  let questions = 0;
  const lookup = new Lookup(async () => (questions++, server('a.example')));

  assert.deepEqual(await Promise.all([lookup.of('ada@a.example'), lookup.of('ada@a.example')]), [server('a.example'), server('a.example')]);
  assert.equal(questions, 1);
});

test('the server of another name is never the answer, also when a name could not be looked up', async () => {
  let down = true;
  const lookup = new Lookup(async (name) => {
    if (name === 'ada@b.example' && down) throw new Error('down');
    return server(name.replace(/.*@/, ''));
  });

  await lookup.of('ada@a.example');
  await assert.rejects(lookup.of('ada@b.example'), /down/);
  down = false;

  assert.deepEqual(await lookup.of('ada@b.example'), server('b.example'));
});

test('that nobody knows a server is an answer, and that the gateway cannot tell is none', async () => {
  gateway(() => problem(404, 'not-found'));
  assert.equal(await discover('ada@a.example'), undefined);

  gateway(() => problem(503, 'unavailable'));
  await assert.rejects(discover('ada@a.example'));
});
