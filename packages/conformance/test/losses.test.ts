import * as losses from '@nn/losses';
import { Loss } from '@nn/losses';
import { opSuite } from '@nn/testing';
import { describe, expect, test } from 'vitest';
import { backends } from './backends.js';
import { lossRows } from './loss-rows.js';

for (const { case: c } of lossRows)
  describe(c.name, () => {
    for (const { name, run } of opSuite(c, backends)) test(name, run);
  });

test('every loss has a row', () => {
  const tested = new Set<unknown>(lossRows.map(({ loss }) => loss.constructor));
  const missing = Object.entries(losses).flatMap(([name, value]) =>
    typeof value === 'function' && value.prototype instanceof Loss && !tested.has(value) ? [name] : [],
  );
  expect(missing, 'losses without a row in packages/conformance/test/loss-rows.ts').toEqual([]);
});
