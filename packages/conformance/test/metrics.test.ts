import { Flatten, Sequential } from '@nn/layers';
import type { Metric } from '@nn/metrics';
import * as metrics from '@nn/metrics';
import { attach, concat, multiply, slice, type Tensor } from '@nn/tensor';
import { type DrawSpec, drawInputs } from '@nn/testing';
import { evaluate } from '@nn/train';
import { describe, expect, test } from 'vitest';

const {
  Accuracy,
  BinaryAccuracy,
  ConfusionMatrix,
  F1Score,
  MeanAbsoluteError,
  measure,
  Perplexity,
  Precision,
  R2Score,
  Recall,
  RootMeanSquaredError,
  TopK,
} = metrics;

interface Row {
  readonly metric: Metric<unknown, unknown>;
  readonly prediction: DrawSpec;
  readonly target: DrawSpec;
}

const scores: DrawSpec = { shape: [9, 5] };
const classes: DrawSpec = { shape: [9], dtype: 'i32', high: 5 };
const probabilities: DrawSpec = { shape: [9], low: 0, high: 1 };
const decisions: DrawSpec = { shape: [9], dtype: 'u8', high: 2 };
const numbers: DrawSpec = { shape: [9, 5] };

/** One row or more for every metric of @nn/metrics. */
const rows: readonly Row[] = [
  { metric: new Accuracy(), prediction: scores, target: classes },
  { metric: new TopK({ k: 3 }), prediction: scores, target: classes },
  { metric: new ConfusionMatrix(), prediction: scores, target: classes },
  { metric: new Perplexity(), prediction: scores, target: classes },
  { metric: new Perplexity({ ignoredIndex: 1, name: 'perplexity of some' }), prediction: scores, target: classes },
  ...[Precision, Recall, F1Score].flatMap((Class): Row[] => [
    { metric: new Class({ name: `macro ${Class.kind}` }), prediction: scores, target: classes },
    { metric: new Class({ average: 'micro', name: `micro ${Class.kind}` }), prediction: scores, target: classes },
    {
      metric: new Class({ average: 'binary', name: `binary ${Class.kind}` }),
      prediction: probabilities,
      target: decisions,
    },
  ]),
  { metric: new BinaryAccuracy(), prediction: probabilities, target: decisions },
  { metric: new BinaryAccuracy({ threshold: 0, name: 'of logits' }), prediction: { shape: [9] }, target: decisions },
  { metric: new MeanAbsoluteError(), prediction: numbers, target: numbers },
  { metric: new RootMeanSquaredError(), prediction: numbers, target: numbers },
  { metric: new R2Score(), prediction: numbers, target: numbers },
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

  test('batches of 3, 5 and 1 equal one batch of 9 to the bit, with the state in a file between them', () => {
    const whole = figure(metric, x, y, []);
    expect(whole).not.toBeNaN();
    expect(figure(metric, x, y, [3, 8])).toEqual(whole);
    expect(figure(metric, x, y, [1, 2, 7])).toEqual(whole);
  });

  test('has no gradients: it launches nothing, and takes predictions with a tape', () => {
    const outputs = multiply(x, 1);
    expect(outputs.requiresGrad).toBe(true);
    const whole = figure(metric, x, y, []);
    const launched: string[] = [];
    const detach = attach(({ kernel }, run) => {
      launched.push(kernel.name);
      run();
    });
    try {
      expect(measure(metric, outputs, y)).toEqual(whole);
      expect(launched).toEqual([]);
    } finally {
      detach();
    }
  });

  test('refuses options that it does not know, and says which it has', () => {
    const remake = (more: object) => () => Reflect.construct(metric.constructor, [{ ...metric.options, ...more }]);
    expect(remake({})().options).toEqual(metric.options);
    expect(remake({ nonsense: 1 })).toThrow(/no option "nonsense"; it has/);
  });

  test('counts samples, not batches', () => {
    const repeated = figure(metric, concat([x, x]), concat([y, y]), [3, 7, 14]);
    const once = figure(metric, x, y, []);
    if (typeof once === 'number') expect(repeated).toBeCloseTo(once, 12);
    else expect(repeated).toEqual((once as number[][]).map((line) => line.map((count) => 2 * count)));
  });

  test('depends on what was predicted', () => {
    const [other] = drawInputs([prediction], 10, 'f32');
    expect(figure(metric, other, y, [])).not.toEqual(figure(metric, x, y, []));
  });
});

test('several at once over batches of 3, 5 and 1 are what each is over one batch of 9', async () => {
  const together = rows.filter(({ prediction, target }) => prediction === scores && target === classes);
  const [x, y] = drawInputs([scores, classes], 9, 'f32');
  const bounds = [
    { start: 0, end: 3 },
    { start: 3, end: 8 },
    { start: 8, end: 9 },
  ];
  const data = bounds.map((part) => ({ x: slice(x, part), y: slice(y, part) }));
  const model = new Sequential([new Flatten()], { input: [5] });
  const found = await evaluate(model, { data, metrics: together.map(({ metric }) => metric as Metric) });
  expect(together.length).toBeGreaterThan(5);
  expect(found.metrics).toEqual(Object.fromEntries(together.map(({ metric }) => [metric.name, measure(metric, x, y)])));
});

test('every metric has a row, and is known by the name under which it is exported', () => {
  const tested = new Set<unknown>(rows.map(({ metric }) => metric.constructor));
  const all = Object.entries(metrics).filter(
    ([, value]) => typeof value === 'function' && 'update' in (value.prototype ?? {}),
  );
  const missing = all.flatMap(([name, value]) => (tested.has(value) ? [] : [name]));
  for (const [name, value] of all) expect(Reflect.get(value, 'kind')).toBe(name);
  expect(missing, 'metrics without a row in packages/conformance/test/metrics.test.ts').toEqual([]);
});
