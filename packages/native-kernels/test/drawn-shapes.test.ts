import { describe, expect, test } from 'vitest';
import { expectAllAsReference } from './agree.js';
import { drawnRows } from './drawn-rows.js';
import { addon } from './native.js';
import { seed } from './random.js';

const rows = addon ? drawnRows() : [];
const names = [...new Set(addon?.kernels().map(({ name }) => name))];

describe.runIf(addon)('on memory that begins anywhere, of sizes that a seed draws', () => {
  test.each(names)('%s computes what its reference says', (name) => {
    expectAllAsReference(
      rows.filter(({ kernel }) => kernel === name),
      seed,
    );
  });

  test('the sizes are of every kind', () => {
    const lengths = rows.flatMap(({ buffers }) => buffers.map(({ length }) => length));
    expect([0, 1].every((size) => lengths.includes(size))).toBe(true);
    expect(Math.max(...lengths)).toBeGreaterThan(65_536);
  });
});

test('there is something to draw where the library is', () => {
  expect(rows.length > 0).toBe(addon !== undefined);
});
