import { backward, linear, type NestedArray, ShapeError, sum, type Tensor, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { Accuracy, ConfusionMatrix, MeanAbsoluteError, type Metric, TopK } from '../src/index.js';

const labels = (...values: number[]) => tensor(values, { dtype: 'i32' });
type Batch = readonly [prediction: Tensor, target: Tensor];

function over<S, R>(metric: Metric<S, R>, batches: readonly Batch[]): R {
  return metric.result(
    batches.reduce((state, [prediction, target]) => metric.update(state, prediction, target), metric.init()),
  );
}

const scores = [
  [0.1, 0.7, 0.2],
  [3, -1, 2],
  [0, 0, 0],
  [1, 2, 3],
  [-5, -4, -9],
];
const truths = [1, 2, 0, 2, 1];
/** The same rows as one batch, and as batches of 3, 1 and 1. */
const whole: Batch[] = [[tensor(scores), labels(...truths)]];
const parts: Batch[] = [
  [0, 3],
  [3, 4],
  [4, 5],
].map(([from, to]) => [tensor(scores.slice(from, to)), labels(...truths.slice(from, to))]);

describe.each([
  ['Accuracy', new Accuracy(), 4 / 5],
  ['TopK', new TopK({ k: 2 }), 1],
  [
    'ConfusionMatrix',
    new ConfusionMatrix(),
    [
      [1, 0, 0],
      [0, 2, 0],
      [1, 0, 1],
    ],
  ],
] as readonly (readonly [string, Metric<unknown, unknown>, unknown])[])('%s', (_, metric, expected) => {
  it('counts rows, whatever the batches', () => {
    expect(over(metric, whole)).toEqual(expected);
    expect(over(metric, parts)).toEqual(expected);
  });

  it('takes bytes and one-hot rows as targets', () => {
    const bytes: Batch[] = [[tensor(scores), tensor(truths, { dtype: 'u8' })]];
    const oneHot: Batch[] = [[tensor(scores), tensor(truths.map((t) => [0, 1, 2].map((c) => (c === t ? 1 : 0))))]];
    expect(over(metric, bytes)).toEqual(expected);
    expect(over(metric, oneHot)).toEqual(expected);
  });

  it('keeps a state that JSON can hold and go on from', () => {
    const [first, ...rest] = parts;
    const saved = JSON.parse(JSON.stringify(metric.update(metric.init(), ...first)));
    const end = rest.reduce((state, batch) => metric.update(state, ...batch), saved);
    expect(metric.result(end)).toEqual(expected);
  });

  it('starts each init afresh', () => {
    over(metric, whole);
    expect(over(metric, whole)).toEqual(expected);
  });

  it('explains targets and predictions that do not fit', () => {
    const update = (prediction: NestedArray, target: Tensor) => () =>
      metric.update(metric.init(), tensor(prediction), target);
    expect(update([[1, 2]], labels(2))).toThrow(/target 2 at row 0 is outside 0…1/);
    expect(update([[1, 2]], labels(-1))).toThrow(/target -1 at row 0/);
    expect(update([[1, 2]], labels(0, 1))).toThrow(ShapeError);
    expect(update([[1, 2]], tensor([0]))).toThrow(/must be i32 or u8/);
    expect(update([1, 2], labels(0, 1))).toThrow(/must be \[rows, classes\]/);
    expect(update([[1]], labels(0))).toThrow(/2 classes or more/);
  });

  it('refuses unknown options', () => {
    const Class = metric.constructor as new (options: object) => unknown;
    expect(() => new Class({ ...metric.options, average: true })).toThrow(/no option "average"/);
    expect(new Class({ ...metric.options, name: 'mine' })).toHaveProperty('name', 'mine');
  });
});

describe('NaN', () => {
  const broken: Batch[] = [
    [
      tensor([
        [Number.NaN, 1],
        [1, Number.NaN],
        [0, 1],
      ]),
      labels(0, 0, 1),
    ],
  ];

  it('is never right', () => {
    expect(over(new Accuracy(), broken)).toBe(1 / 3);
    expect(over(new TopK({ k: 2 }), broken)).toBe(1 / 3);
  });

  it('in prediction and target alike is wrong too', () => {
    const nothing = tensor([[Number.NaN, 1]]);
    expect(over(new Accuracy(), [[nothing, nothing]])).toBe(0);
    expect(over(new TopK({ k: 2 }), [[nothing, nothing]])).toBe(0);
  });

  it('is left out of the confusion matrix and spoils a mean', () => {
    expect(over(new ConfusionMatrix(), broken)).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(over(new MeanAbsoluteError(), [[tensor([Number.NaN]), tensor([0])]])).toBeNaN();
  });

  it('is the figure for nothing', () => {
    for (const metric of [new Accuracy(), new TopK({ k: 1 }), new MeanAbsoluteError()])
      expect(over<never, number>(metric as Metric<never>, [])).toBeNaN();
    expect(over(new ConfusionMatrix(), [])).toEqual([]);
  });
});

describe('MeanAbsoluteError', () => {
  it('is a mean over numbers, whatever the batches', () => {
    const batches: Batch[] = [
      [
        tensor([
          [1, 2],
          [3, 4],
        ]),
        tensor([
          [0, 2],
          [3, 8],
        ]),
      ],
      [tensor([[1, 1]]), tensor([[2, 2]], { dtype: 'i32' })],
    ];
    expect(over(new MeanAbsoluteError(), batches)).toBe((1 + 4 + 1 + 1) / 6);
  });

  it('refuses shapes that would broadcast', () => {
    expect(() => over(new MeanAbsoluteError(), [[tensor([[1], [2]]), tensor([1, 2])]])).toThrow(/reshape one of them/);
  });
});

it('TopK refuses a k that picks nothing or too much', () => {
  expect(() => new TopK({ k: 0 })).toThrow(/from 1, not 0/);
  expect(() => over(new TopK({ k: 4 }), whole)).toThrow(/k is 4, and the prediction has 3 classes/);
});

it('TopK with k = 1 is accuracy, ties included', () => {
  const ties: Batch[] = [
    [
      tensor([
        [1, 1],
        [1, 1],
      ]),
      labels(0, 1),
    ],
  ];
  expect(over(new TopK({ k: 1 }), ties)).toBe(over(new Accuracy(), ties));
});

it('ConfusionMatrix refuses batches of different numbers of classes', () => {
  const batches: Batch[] = [whole[0], [tensor([[1, 2]]), labels(0)]];
  expect(() => over(new ConfusionMatrix(), batches)).toThrow(/2 classes, the ones before had 3/);
});

it('metrics leave gradients alone', () => {
  const x = tensor(scores);
  const w = tensor(
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    { requiresGrad: true },
  );
  const y = linear(x, w, tensor([0, 0, 0]));
  const before = backward(sum(y)).of(w).toArray();
  over(new Accuracy(), [[y, labels(...truths)]]);
  expect(backward(sum(y)).of(w).toArray()).toEqual(before);
});
