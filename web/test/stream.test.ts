import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LatestStream } from '../src/stream';

interface Source {
  closed: boolean;
  close(): void;
}

function source(): Source {
  return {
    closed: false,
    close() {
      this.closed = true;
    },
  };
}

const turn = () => new Promise((done) => setImmediate(done));
const never = (error: unknown) => assert.fail(String(error));

test('of two streams that are asked for, the older one is closed, whichever comes first', async () => {
  const stream = new LatestStream();
  const [older, newer] = [source(), source()];
  const opened: Source[] = [];
  let answer: (it: Source) => void = () => {};

  stream.open(() => new Promise<Source>((resolve) => (answer = resolve)), (it) => opened.push(it), never);
  stream.open(async () => newer, (it) => opened.push(it), never);
  await turn();
  answer(older);
  await turn();

  assert.deepEqual([older.closed, newer.closed], [true, false]);
  assert.deepEqual(opened, [newer]);
});

test('after the end nothing is opened, and no failure is told', async () => {
  const stream = new LatestStream();
  const late = source();

  stream.open(async () => late, () => assert.fail('opened'), never);
  stream.close();
  stream.open(() => Promise.reject(new Error('late')), () => assert.fail('opened'), never);
  stream.close();
  await turn();

  assert.equal(late.closed, true);
});
