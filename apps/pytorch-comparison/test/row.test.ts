import { expect, test } from 'vitest';
import type { Outcome, Timing } from '../src/contest.js';
import { speedPlot } from '../src/speed/plot.js';
import { lineOf, refusalText, speedTable, summary } from '../src/speed/report.js';
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

const of = (timings: readonly Timing[], refusals: Outcome['refusals'] = []): Outcome => ({ timings, refusals });

const ours = [timing('nn', 'captured 1', [2, 2, 2]), timing('nn', 'captured 2', [1, 2, 4])];
const theirs = [timing('PyTorch', 'eager 2', [9, 9, 9]), timing('PyTorch', 'fused 2', [2, 8, 12])];

test("ratios are those of single rounds, against PyTorch's fastest variant", () => {
  const timings = [...ours, ...theirs];
  const row = rowOf(workload, of(timings), { compared: of(timings), bound });
  expect(row.best).toBe('PyTorch fused 2');
  expect(row.speedup).toEqual({ first: 2.5, median: 3, third: 3.5 });
  expect(row.bound.share).toBe(0.25);
  expect(objections(row)).toEqual([]);
  expect(lineOf(row)).toBe('mlp 32: nn 2.00 ms, 3.00 × PyTorch fused 2');
});

test('without PyTorch, ours alone are there', () => {
  const row = rowOf(workload, of(ours), { compared: of(ours), bound });
  expect(row.speedup).toBeUndefined();
  expect(summary([row])).toBe('');
  expect(speedTable([row], 'train')).toContain('captured 2');
});

test('values that differ by more than the tolerance, or are no numbers, are objected to', () => {
  for (const value of [2.001, NaN]) {
    const timings = [...ours, timing('PyTorch', 'eager 2', [3, 3, 3], [1, value])];
    const [objection, ...others] = objections(rowOf(workload, of(timings), { compared: of(timings), bound }));
    expect(objection).toMatch(/^mlp 32: the values of PyTorch eager 2 differ by .*more than 1e-5\.$/);
    expect(others).toEqual([]);
  }
});

test('the mean leaves xor out, and says what it is with it', () => {
  const rowFor = (name: string, times: number) => {
    const timings = [timing('nn', 'captured 2', [1]), timing('PyTorch', 'eager 2', [times])];
    return rowOf({ ...workload, name }, of(timings), { compared: of(timings), bound });
  };
  expect(summary([rowFor('xor', 64), rowFor('a', 2), rowFor('b', 8)])).toBe(
    "Training, geometric mean: 4.00 times faster than PyTorch's best, 10.1 with xor.",
  );
});

test('the table marks the best variant and lines its columns up', () => {
  const row = rowOf(workload, of([...ours, ...theirs]), { compared: of([]), bound });
  const [frameworks, variants, rule, line] = speedTable([row], 'train').split('\n');
  expect(frameworks).toMatch(/^training +nn +PyTorch +times faster than/);
  expect(variants).toMatch(/^ms a step +captured 1 +captured 2 +eager 2 +fused 2/);
  expect(rule).toMatch(/^─+$/);
  expect(line).toMatch(/^mlp 32 +2\.00 +2\.00 +9\.00 +\*8\.00 +3\.00 +2\.50–3\.50 +25 %$/);
  expect(speedTable([row], 'infer')).toBe('');
});

const refusal = { framework: 'Other', variant: 'wasm 1', reason: 'no such kernel' };

test('who cannot do a workload has a cell that says so, and a line that says why', () => {
  const able = of([...ours, timing('Other', 'wasm 1', [20])]);
  const unable = of(ours, [refusal]);
  const rows = ['a', 'b', 'c'].map((name) => {
    const outcome = name === 'a' ? able : unable;
    return rowOf({ ...workload, name }, outcome, { compared: outcome, bound });
  });
  const lines = speedTable(rows, 'train').split('\n').slice(3);
  expect(lines[0]).toMatch(/^a +2\.00 +2\.00 +20\.0 +– /);
  expect(lines[1]).toMatch(/^b +2\.00 +2\.00 +cannot +– /);
  expect(refusalText(rows)).toBe('Other wasm 1 cannot do b, c: no such kernel');
  expect(refusalText(rows.slice(0, 1))).toBe('');
});

test('who cannot do only what is compared is told of, too', () => {
  const row = rowOf(workload, of(ours), { compared: of(ours, [refusal]), bound });
  expect(row.refusals).toEqual([refusal]);
});

test("other rivals neither count as PyTorch's best nor escape the comparison of values", () => {
  const timings = of([...ours, ...theirs, timing('Other', 'wasm 1', [0.1], [1, 3])]);
  const row = rowOf(workload, timings, { compared: timings, bound });
  expect(row.best).toBe('PyTorch fused 2');
  expect(objections(row)).toEqual([expect.stringContaining('Other wasm 1')]);
});

test('the plot shows times where others than PyTorch were measured, and is left out where nobody was', async () => {
  const plotOf = (outcome: Outcome) =>
    speedPlot([rowOf(workload, outcome, { compared: outcome, bound })], { title: 'here' });
  expect(await plotOf(of(ours))).toBeUndefined();
  expect(await plotOf(of([...ours, ...theirs]))).not.toContain('Other');
  expect(await plotOf(of([...ours, timing('Other', 'wasm 1', [20])]))).toContain('Other');
});
