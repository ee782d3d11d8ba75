import { expect, test } from 'vitest';
import type { Timing } from '../src/contest.js';
import { lineOf, speedTable, summary } from '../src/speed/report.js';
import { objections, rowOf } from '../src/speed/row.js';
import { workloads } from '../src/workloads.js';
import { fake } from './fakes.js';

const workload = workloads[1];
const bound = { milliseconds: 0.5, flops: 1e6, bytes: 1e3 };

const timing = (framework: string, variant: string, rounds: readonly number[], values = [1, 2]): Timing => ({
  contestant: fake({ framework, variant }),
  firstStep: 9,
  ...{ rounds, values },
});

const ours = [timing('nn', 'captured 1', [2, 2, 2]), timing('nn', 'captured 2', [1, 2, 4])];
const theirs = [timing('PyTorch', 'eager 2', [9, 9, 9]), timing('PyTorch', 'fused 2', [2, 8, 12])];

test("ratios are those of single rounds, against PyTorch's fastest variant", () => {
  const timings = [...ours, ...theirs];
  const row = rowOf(workload, timings, { compared: timings, bound });
  expect(row.best).toBe('PyTorch fused 2');
  expect(row.speedup).toEqual({ first: 2.5, median: 3, third: 3.5 });
  expect(row.bound.share).toBe(0.25);
  expect(objections(row)).toEqual([]);
  expect(lineOf(row)).toBe('mlp 32: nn 2.00 ms, 3.00 × PyTorch fused 2');
});

test('without PyTorch, ours alone are there', () => {
  const row = rowOf(workload, ours, { compared: ours, bound });
  expect(row.speedup).toBeUndefined();
  expect(summary([row])).toBe('');
  expect(speedTable([row], 'train')).toContain('captured 2');
});

test('values that differ by more than the tolerance, or are no numbers, are objected to', () => {
  for (const value of [2.001, NaN]) {
    const timings = [...ours, timing('PyTorch', 'eager 2', [3, 3, 3], [1, value])];
    const [objection, ...others] = objections(rowOf(workload, timings, { compared: timings, bound }));
    expect(objection).toMatch(/^mlp 32: the values of PyTorch eager 2 differ by .*more than 1e-5\.$/);
    expect(others).toEqual([]);
  }
});

test('the mean leaves xor out, and says what it is with it', () => {
  const rowFor = (name: string, times: number) => {
    const timings = [timing('nn', 'captured 2', [1]), timing('PyTorch', 'eager 2', [times])];
    return rowOf({ ...workload, name }, timings, { compared: timings, bound });
  };
  expect(summary([rowFor('xor', 64), rowFor('a', 2), rowFor('b', 8)])).toBe(
    "Training, geometric mean: 4.00 times faster than PyTorch's best, 10.1 with xor.",
  );
});

test('the table marks the best variant and lines its columns up', () => {
  const row = rowOf(workload, [...ours, ...theirs], { compared: [], bound });
  const [frameworks, variants, rule, line] = speedTable([row], 'train').split('\n');
  expect(frameworks).toMatch(/^training +nn +PyTorch +times faster than/);
  expect(variants).toMatch(/^ms a step +captured 1 +captured 2 +eager 2 +fused 2/);
  expect(rule).toMatch(/^─+$/);
  expect(line).toMatch(/^mlp 32 +2\.00 +2\.00 +9\.00 +\*8\.00 +3\.00 +2\.50–3\.50 +25 %$/);
  expect(speedTable([row], 'infer')).toBe('');
});
