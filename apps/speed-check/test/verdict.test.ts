import { readFileSync } from 'node:fs';
import { workloads } from '@nn/pytorch-comparison/src/workloads.js';
import { describe, expect, it } from 'vitest';
import { isSlower, verdictOf } from '../src/verdict.js';

describe('the verdict on a relative time', () => {
  it('allows 20 % more than was recorded, and any less', () => {
    expect([0.1, 1, 1.19].map((time) => isSlower(time, 1))).toEqual([false, false, false]);
    expect(isSlower(1.21, 1)).toBe(true);
    expect(isSlower(1, undefined)).toBe(false);
  });

  it('says by how much the time has changed', () => {
    expect(verdictOf('lenet 32', 0.5, 0.4)).toEqual({
      holds: false,
      text: 'lenet 32                0.500 products, recorded 0.400: +25 %',
    });
    expect(verdictOf('xor', 0.0018, 0.002)).toEqual({
      holds: true,
      text: 'xor                   0.00180 products, recorded 0.00200: -10 %',
    });
  });

  it('fails where nothing was recorded, with the remedy', () => {
    const { holds, text } = verdictOf('cnn 64', 20, undefined);
    expect(holds).toBe(false);
    expect(text).toMatch(/not recorded: npm run bench:check -- --record$/);
  });
});

it('there are records of every workload, and of none that is gone', () => {
  const records = JSON.parse(readFileSync(new URL('../records.json', import.meta.url), 'utf8')) as object;
  expect(Object.keys(records).length).toBeGreaterThan(0);
  for (const { relativeTimes } of Object.values(records))
    expect(Object.keys(relativeTimes).sort()).toEqual(workloads.map(({ name }) => name).sort());
});
