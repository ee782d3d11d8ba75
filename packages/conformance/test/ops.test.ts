import { opSuite } from '@nn/testing';
import { describe, expect, test } from 'vitest';
import * as ops from '../../tensor/src/ops/index.js';
import { backends } from './backends.js';
import { opRows } from './op-rows.js';

for (const row of opRows)
  describe(row.name, () => {
    for (const { name, run } of opSuite(row, backends)) test(name, run);
  });

test('every op has a row', () => {
  const tested = new Set<unknown>(opRows.map(({ op }) => op));
  const missing = Object.entries(ops).flatMap(([name, op]) => (tested.has(op) ? [] : [name]));
  expect(missing, 'ops without a row in packages/conformance/test/op-rows.ts').toEqual([]);
});
