import { oneHot, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { Accuracy, type Average, F1Score, measure, Precision, Recall } from '../src/index.js';

const labels = (...values: number[]) => tensor(values, { dtype: 'i32' });
const predicted = (...classes: number[]) => oneHot(labels(...classes), { classes: 4 });

/** Right, falsely and missed of the classes: 0: 1, 1, 1; 1: 2, 0, 2; 2: 1, 2, 0; 3: never. */
const guesses = predicted(0, 0, 1, 1, 2, 2, 2);
const truths = labels(0, 1, 1, 1, 2, 1, 0);

describe.each([
  [Precision, { macro: (1 / 2 + 1 + 1 / 3) / 3, micro: 4 / 7 }],
  [Recall, { macro: (1 / 2 + 2 / 4 + 1) / 3, micro: 4 / 7 }],
  [F1Score, { macro: (2 / 4 + 4 / 6 + 2 / 4) / 3, micro: 8 / 14 }],
])('%s', (Class, expected) => {
  it('is what one counts by hand; classes that never occur are left out', () => {
    expect(measure(new Class(), guesses, truths)).toBeCloseTo(expected.macro, 12);
    expect(measure(new Class({ average: 'macro' }), guesses, truths)).toBeCloseTo(expected.macro, 12);
    expect(measure(new Class({ average: 'micro' }), guesses, truths)).toBeCloseTo(expected.micro, 12);
  });

  it('is accuracy where all counts are added up', () => {
    expect(measure(new Class({ average: 'micro' }), guesses, truths)).toBe(measure(new Accuracy(), guesses, truths));
  });

  it('is NaN of nothing, and what zeroDivision says of 0/0', () => {
    for (const average of ['macro', 'micro', 'binary'] as const) {
      const metric = new Class({ average });
      expect(metric.result(metric.init())).toBeNaN();
    }
    const [none, no] = [tensor([0.1, 0.2]), tensor([0, 0])];
    expect(measure(new Class({ average: 'binary' }), none, no)).toBe(0);
    expect(measure(new Class({ average: 'binary', zeroDivision: 1 }), none, no)).toBe(1);
  });

  it('refuses options that make no sense', () => {
    expect(() => new Class({ average: 'weighted' as Average })).toThrow(/average is 'macro', 'micro' or 'binary'/);
    expect(() => new Class({ threshold: 0 })).toThrow(/give average: 'binary' as well/);
    expect(() => new Class({ average: 'binary', threshold: Number.NaN })).toThrow(/threshold/);
    expect(() => new Class({ zeroDivision: 2 })).toThrow(/zeroDivision is a number from 0 to 1/);
    const strict = new Class({ average: 'binary', threshold: 0.3 });
    expect(() => measure(strict, tensor([[1, 2]]), labels(0))).toThrow(/leave threshold out/);
  });

  it('refuses batches of different numbers of classes', () => {
    const metric = new Class();
    const state = metric.update(metric.init(), guesses, truths);
    expect(() => metric.update(state, tensor([[1, 2]]), labels(0))).toThrow(/2 classes, the ones before had 4/);
  });

  it('says what judges a single output', () => {
    expect(() => measure(new Class(), tensor([0.1]), tensor([0]))).toThrow(/average: 'binary'/);
  });
});

it('a class that is never predicted has the precision zeroDivision, one that is never true that recall', () => {
  const [guess, truth] = [predicted(0, 0, 1), labels(0, 2, 0)];
  expect(measure(new Precision(), guess, truth)).toBeCloseTo((1 / 2 + 0 + 0) / 3, 12);
  expect(measure(new Precision({ zeroDivision: 1 }), guess, truth)).toBeCloseTo((1 / 2 + 0 + 1) / 3, 12);
  expect(measure(new Recall({ zeroDivision: 1 }), guess, truth)).toBeCloseTo((1 / 2 + 1 + 0) / 3, 12);
});

it('a row with NaN misses its class, and is taken for none', () => {
  const broken = tensor([
    [Number.NaN, 0],
    [1, 0],
  ]);
  expect(measure(new Recall(), broken, labels(0, 0))).toBe(1 / 2);
  expect(measure(new Precision(), broken, labels(0, 0))).toBe(1);
});

it('rows may have several axes, as sequences do', () => {
  const sequence = tensor([
    [
      [3, 1],
      [0, 2],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ]);
  const target = tensor(
    [
      [0, 1],
      [1, 1],
    ],
    { dtype: 'i32' },
  );
  expect(measure(new Accuracy(), sequence, target)).toBe(3 / 4);
  expect(measure(new Recall(), sequence, target)).toBeCloseTo((1 + 2 / 3) / 2, 12);
});
