import { backward, capture, fill, logSoftmax, ShapeError, softmax, type Tensor, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import {
  CrossEntropy,
  crossEntropy,
  KLDivergence,
  klDivergence,
  NegativeLogLikelihood,
  negativeLogLikelihood,
} from '../src/index.js';

describe('cross-entropy', () => {
  const logits = tensor([
    [0.5, -1, 2],
    [1, 1, 0],
    [-3, 0, 3],
  ]);

  it('takes class indices as bytes, and one-hot rows as the same thing', () => {
    const expected = crossEntropy(logits, tensor([2, 0, 1], { dtype: 'i32' })).item();
    expect(crossEntropy(logits, tensor([2, 0, 1], { dtype: 'u8' })).item()).toBe(expected);
    const oneHot = tensor(
      [
        [0, 0, 1],
        [1, 0, 0],
        [0, 1, 0],
      ],
      { dtype: 'u8' },
    );
    expect(crossEntropy(logits, oneHot).item()).toBeCloseTo(expected, 6);
  });

  it('stays finite where a wrong answer is sure', () => {
    const x = tensor([[1000, -1000]], { requiresGrad: true });
    const loss = crossEntropy(x, tensor([1], { dtype: 'i32' }));
    expect(loss.item()).toBe(2000);
    expect(backward(loss).of(x).toArray()).toEqual([[1, -1]]);
  });

  it('gives ignored rows no gradient', () => {
    const x = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { requiresGrad: true },
    );
    const loss = crossEntropy(x, tensor([-100, 0], { dtype: 'i32' }), { ignoredIndex: -100 });
    expect(Array.from(backward(loss).of(x).data.slice(0, 2), Math.abs)).toEqual([0, 0]);
  });

  it('replays in a captured step with the same bits', () => {
    const loss = new CrossEntropy({ labelSmoothing: 0.1, classWeights: [1, 2, 3], ignoredIndex: 0 });
    const step = capture((x: Tensor, target: Tensor) => loss.run(x, target), { verify: true });
    const target = tensor([2, 0, 1], { dtype: 'i32' });
    const eager = loss.run(logits, target).item();
    for (let i = 0; i < 4; i++) expect(step(logits, target).item()).toBe(eager);
  });

  it.each([
    ['logits of one dimension', [3], [3], 'i32', /\[rows, classes\]/],
    ['a target a row too short', [3, 4], [2], 'i32', /must be \[3\] class indices or \[3, 4\] probabilities/],
    ['a target with a dimension too many', [3, 4], [3, 1], 'i32', /target \[3, 1\]/],
    ['class indices as floats', [3, 4], [3], 'f32', /cast\(target, \{ dtype: 'i32' \}\)/],
  ] as const)('refuses %s', (_, x, t, dtype, message) => {
    const call = () => crossEntropy(fill(x, 1), fill(t, 0, dtype));
    expect(call).toThrow(ShapeError);
    expect(call).toThrow(message);
  });

  it('names a class index out of range', () => {
    expect(() => crossEntropy(logits, tensor([0, 3, 1], { dtype: 'i32' }))).toThrow(/target 3 at row 1 is outside 0…2/);
  });

  it('refuses options that do not fit', () => {
    expect(() => new CrossEntropy({ smoothing: 0.1 } as object)).toThrow(/no option "smoothing".*labelSmoothing/);
    expect(() => new CrossEntropy({ labelSmoothing: 1.5 })).toThrow(/0 to 1, not 1.5/);
    expect(() => new CrossEntropy({ labelSmoothing: Number.NaN })).toThrow(/not NaN/);
    expect(() => new CrossEntropy({ classWeights: [1, -1] })).toThrow(/0 or more/);
    expect(() => new CrossEntropy({ ignoredIndex: 0.5 })).toThrow(/whole number/);
    expect(() => new CrossEntropy({ reduction: 'average' as 'mean' })).toThrow(/'none', not "average"/);
    const target = tensor([2, 0, 1], { dtype: 'i32' });
    expect(() => new CrossEntropy({ classWeights: [1, 1] }).run(logits, target)).toThrow(/2 weights for 3 classes/);
    expect(() => crossEntropy(logits, logits, { ignoredIndex: 1 })).toThrow(/needs class indices/);
  });
});

describe('losses of logarithms of probabilities', () => {
  const logits = tensor([
    [0.5, -1, 2],
    [1, 1, 0],
  ]);

  it('are cross-entropy when given the logSoftmax of logits', () => {
    const target = tensor([2, 0], { dtype: 'u8' });
    const options = { classWeights: [1, 2, 3] };
    const expected = crossEntropy(logits, target, options).item();
    expect(negativeLogLikelihood(logSoftmax(logits), target, options).item()).toBeCloseTo(expected, 6);
  });

  it('take −∞ for what is impossible and not asked for', () => {
    const certain = tensor([[0, -Infinity]]);
    expect(negativeLogLikelihood(certain, tensor([0], { dtype: 'i32' })).item()).toBeCloseTo(0, 12);
    expect(negativeLogLikelihood(certain, tensor([1], { dtype: 'i32' })).item()).toBe(Infinity);
    expect(klDivergence(certain, tensor([[1, 0]])).item()).toBeCloseTo(0, 12);
  });

  it('KL is 0 for equal distributions, and divides by the rows where batchMean is asked for', () => {
    const p = softmax(logits);
    expect(klDivergence(logSoftmax(logits), p).item()).toBeCloseTo(0, 6);
    const sum = klDivergence(
      logSoftmax(logits),
      tensor([
        [1, 0, 0],
        [0, 1, 0],
      ]),
      { reduction: 'sum' },
    ).item();
    const mean = klDivergence(
      logSoftmax(logits),
      tensor([
        [1, 0, 0],
        [0, 1, 0],
      ]),
      { reduction: 'batchMean' },
    ).item();
    expect(mean).toBeCloseTo(sum / 2, 6);
    expect(() => new KLDivergence({ reduction: 'average' as 'mean' })).toThrow(
      /'batchMean', 'mean', 'sum' or 'none', not/,
    );
  });

  it('name a class out of range, and refuse what does not fit', () => {
    const call =
      (target: Tensor, options = {}) =>
      () =>
        negativeLogLikelihood(logits, target, options);
    expect(call(tensor([0, 3], { dtype: 'i32' }))).toThrow(/index 3 at position 1 is outside 0…2/);
    expect(call(tensor([0, 1]))).toThrow(/NegativeLogLikelihood.*i32 or u8/);
    expect(call(fill([2, 3], 0, 'i32'))).toThrow(/the target must be \[2\] class indices\./);
    expect(call(tensor([0, 1], { dtype: 'i32' }), { labelSmoothing: 0.1 })).toThrow(/no option "labelSmoothing"/);
    expect(() => new NegativeLogLikelihood({ classWeights: [-1] })).toThrow(/0 or more/);
  });
});
