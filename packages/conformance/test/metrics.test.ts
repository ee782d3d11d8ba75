import type { Metric } from '@nn/metrics';
import * as metrics from '@nn/metrics';
import { concat, slice, type Tensor } from '@nn/tensor';
import { type DrawSpec, drawInputs } from '@nn/testing';
import { describe, expect, test } from 'vitest';

const { Accuracy, ConfusionMatrix, MeanAbsoluteError, TopK } = metrics;

interface Row {
  readonly metric: Metric<unknown, unknown>;
  readonly prediction: DrawSpec;
  readonly target: DrawSpec;
}

const scores: DrawSpec = { shape: [12, 5] };
const classes: DrawSpec = { shape: [12], dtype: 'i32', high: 5 };

/** One row or more for every metric of @nn/metrics. */
const rows: readonly Row[] = [
  { metric: new Accuracy(), prediction: scores, target: classes },
  { metric: new TopK({ k: 3 }), prediction: scores, target: classes },
  { metric: new ConfusionMatrix(), prediction: scores, target: classes },
  { metric: new MeanAbsoluteError(), prediction: scores, target: { shape: [12, 5] } },
];

/** The figure of rows cut at some places into batches, with the state saved and loaded between them. */
function figure(
  metric: Metric<unknown, unknown>,
  prediction: Tensor,
  target: Tensor,
  cuts: readonly number[],
): unknown {
  const bounds = [0, ...cuts, prediction.shape[0]];
  let state = metric.init();
  for (let i = 0; i + 1 < bounds.length; i++) {
    const [start, end] = [bounds[i], bounds[i + 1]];
    state = JSON.parse(JSON.stringify(state));
    state = metric.update(state, slice(prediction, { start, end }), slice(target, { start, end }));
  }
  return metric.result(state);
}

describe.each(rows)('$metric.name', ({ metric, prediction, target }) => {
  const [x, y] = drawInputs([prediction, target], 9, 'f32');

  test('is the same over batches of any size, with its state in a file between them', () => {
    const whole = figure(metric, x, y, []);
    expect(figure(metric, x, y, [5])).toEqual(whole);
    expect(figure(metric, x, y, [1, 2, 11])).toEqual(whole);
  });

  test('counts samples, not batches', () => {
    const repeated = figure(metric, concat([x, x]), concat([y, y]), [3, 7, 20]);
    const once = figure(metric, x, y, []);
    if (typeof once === 'number') expect(repeated).toBeCloseTo(once, 12);
    else expect(repeated).toEqual((once as number[][]).map((line) => line.map((count) => 2 * count)));
  });

  test('depends on what was predicted', () => {
    const [other] = drawInputs([prediction], 10, 'f32');
    expect(figure(metric, other, y, [])).not.toEqual(figure(metric, x, y, []));
  });
});

test('every metric has a row', () => {
  const tested = new Set<unknown>(rows.map(({ metric }) => metric.constructor));
  const missing = Object.entries(metrics).flatMap(([name, value]) =>
    typeof value === 'function' && 'update' in value.prototype && !tested.has(value) ? [name] : [],
  );
  expect(missing, 'metrics without a row in packages/conformance/test/metrics.test.ts').toEqual([]);
});
