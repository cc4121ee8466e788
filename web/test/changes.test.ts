import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChangeCollector } from '../src/changes';
import type { Changes } from '../src/window';

function collected(): { told: [Changes, string][]; collector: ChangeCollector } {
  const told: [Changes, string][] = [];
  return { told, collector: new ChangeCollector((changes, state) => told.push([changes, state])) };
}

test('what changed together is applied when its state comes', () => {
  const { told, collector } = collected();

  collector.take({ removed: ['a'] });
  assert.equal(told.length, 0);
  collector.take({ updated: [{ id: 'b', keywords: {} }], state: 'S2' });

  assert.deepEqual(told, [[{ added: [], updated: [{ id: 'b', keywords: {} }], removed: ['a'] }, 'S2']]);
});

test('what a cut stream did not complete is dropped', () => {
  const { told, collector } = collected();

  collector.take({ removed: ['a'] });
  collector.cut();
  collector.take({ removed: ['b'], state: 'S2' });

  assert.deepEqual(told[0]?.[0].removed, ['b']);
});
