import { ShapeError, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { type Metric, measure, Perplexity, R2Score, RootMeanSquaredError } from '../src/index.js';

const over = <S>(metric: Metric<S>, batches: readonly (readonly [number[], number[]])[]) =>
  metric.result(batches.reduce((state, [x, y]) => metric.update(state, tensor(x), tensor(y)), metric.init()));

describe('RootMeanSquaredError', () => {
  it('is the root of the mean over all numbers, not a mean of roots', () => {
    expect(measure(new RootMeanSquaredError(), tensor([1, 2, 3]), tensor([1, 4, 7]))).toBeCloseTo(
      Math.sqrt(20 / 3),
      12,
    );
    const batches = [
      [[1], [5]],
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
    ] as const;
    expect(
      over(
        new RootMeanSquaredError(),
        batches.map(([x, y]) => [[...x], [...y]] as const),
      ),
    ).toBe(2);
  });

  it('is NaN of nothing and of NaN, and refuses shapes that would broadcast', () => {
    expect(over(new RootMeanSquaredError(), [])).toBeNaN();
    expect(over(new RootMeanSquaredError(), [[[Number.NaN], [1]]])).toBeNaN();
    expect(() => measure(new RootMeanSquaredError(), tensor([[1], [2]]), tensor([1, 2]))).toThrow(ShapeError);
  });
});

describe('R2Score', () => {
  it('is 1 of the truth, 0 of its mean, and less than 0 of worse', () => {
    const y = [3, -0.5, 2, 7];
    expect(over(new R2Score(), [[y, y]])).toBe(1);
    expect(over(new R2Score(), [[[2.875, 2.875, 2.875, 2.875], y]])).toBe(0);
    expect(over(new R2Score(), [[[2.5, 0, 2, 8], y]])).toBeCloseTo(1 - 1.5 / 29.1875, 12);
    expect(over(new R2Score(), [[[7, 2, -0.5, 3], y]])).toBeLessThan(0);
  });

  it('is a mean over outputs', () => {
    const prediction = tensor([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    const target = tensor([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
    expect(measure(new R2Score(), prediction, target)).toBe((1 + 0) / 2);
  });

  it('of targets without variance is 1 where the prediction is exact, else 0', () => {
    const third = 1 / 3;
    expect(
      over(new R2Score(), [
        [
          [5, 5, 5],
          [5, 5, 5],
        ],
      ]),
    ).toBe(1);
    expect(
      over(new R2Score(), [
        [
          [5, 5, 6],
          [5, 5, 5],
        ],
      ]),
    ).toBe(0);
    const many = new Array<number>(1000).fill(third);
    expect(over(new R2Score(), [[many, many]])).toBe(1);
    expect(
      over(new R2Score(), [
        [
          [Number.NaN, 5],
          [5, 5],
        ],
      ]),
    ).toBeNaN();
  });

  it('of fewer than two rows is NaN', () => {
    expect(over(new R2Score(), [])).toBeNaN();
    expect(over(new R2Score(), [[[1], [1]]])).toBeNaN();
    expect(
      over(new R2Score(), [
        [[1], [1]],
        [[2], [2]],
      ]),
    ).toBe(1);
  });

  it('loses nothing where targets are far from 0', () => {
    const near = [1, 2, 3, 4];
    const far = near.map((value) => value + 2 ** 20);
    const guess = [1.5, 2, 3, 4];
    expect(over(new R2Score(), [[guess.map((value) => value + 2 ** 20), far]])).toBeCloseTo(
      over(new R2Score(), [[guess, near]]),
      9,
    );
  });

  it('refuses what has no rows, and batches of different numbers of outputs', () => {
    expect(() => measure(new R2Score(), tensor(1), tensor(1))).toThrow(/must be \[rows, ...\], not \[\]/);
    const metric = new R2Score();
    const state = metric.update(metric.init(), tensor([1, 2]), tensor([1, 2]));
    expect(() => metric.update(state, tensor([[1, 2]]), tensor([[1, 2]]))).toThrow(/2 outputs, the ones before had 1/);
  });
});

describe('Perplexity', () => {
  const labels = (...values: number[]) => tensor(values, { dtype: 'i32' });

  it('is the number of classes where all are equally likely, and 1 where the right one is certain', () => {
    expect(measure(new Perplexity(), tensor([[0, 0, 0, 0, 0]]), labels(3))).toBeCloseTo(5, 12);
    expect(
      measure(
        new Perplexity(),
        tensor([
          [1000, 0],
          [-1000, 1000],
        ]),
        labels(0, 1),
      ),
    ).toBe(1);
    expect(measure(new Perplexity(), tensor([[1000, -1000]]), labels(1))).toBe(Infinity);
  });

  it('is the exponential of a mean over rows, those of the ignored index left out', () => {
    const logits = tensor([
      [Math.log(3), 0],
      [Math.log(3), 0],
      [9, 9],
    ]);
    expect(measure(new Perplexity({ ignoredIndex: -1 }), logits, labels(0, 1, -1))).toBeCloseTo(
      Math.exp((Math.log(4 / 3) + Math.log(4)) / 2),
      6,
    );
    expect(() => measure(new Perplexity(), logits, labels(0, 1, -1))).toThrow(/target -1 at row 2 is outside 0…1/);
    expect(measure(new Perplexity({ ignoredIndex: 0 }), tensor([[1, 2]]), labels(0))).toBeNaN();
  });

  it('takes sequences, [batch, time, classes]', () => {
    const logits = tensor([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [0, 0],
        [1, 0],
      ],
    ]);
    const target = tensor(
      [
        [0, 1],
        [1, 1],
      ],
      { dtype: 'i32' },
    );
    const flat = measure(
      new Perplexity(),
      tensor([
        [1, 2],
        [3, 4],
        [0, 0],
        [1, 0],
      ]),
      labels(0, 1, 1, 1),
    );
    expect(measure(new Perplexity(), logits, target)).toBe(flat);
  });

  it('refuses targets that are no class indices, and options that make no sense', () => {
    expect(() => measure(new Perplexity(), tensor([[1, 2]]), tensor([[0, 1]]))).toThrow(/take argmax of it/);
    expect(() => new Perplexity({ ignoredIndex: 0.5 })).toThrow(/ignoredIndex is a whole number/);
    expect(measure(new Perplexity(), tensor([[Number.NaN, 2]]), labels(0))).toBeNaN();
  });
});
