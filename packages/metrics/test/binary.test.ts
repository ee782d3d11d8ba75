import { sigmoid, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { BinaryAccuracy, F1Score, measure, Precision, Recall } from '../src/index.js';

const probabilities = tensor([0.9, 0.6, 0.5, 0.2, 0.7, 0.1]);
const truths = tensor([1, 0, 1, 0, 1, 1], { dtype: 'u8' });
// Yes is predicted of 0.9, 0.6 and 0.7: two are right, one is not, and two are missed.

describe('between no and yes', () => {
  it('counts by hand', () => {
    expect(measure(new BinaryAccuracy(), probabilities, truths)).toBe(3 / 6);
    expect(measure(new Precision({ average: 'binary' }), probabilities, truths)).toBe(2 / 3);
    expect(measure(new Recall({ average: 'binary' }), probabilities, truths)).toBe(2 / 4);
    expect(measure(new F1Score({ average: 'binary' }), probabilities, truths)).toBe(4 / 7);
  });

  it('takes a threshold, which a prediction must exceed', () => {
    expect(measure(new BinaryAccuracy({ threshold: 0.4 }), probabilities, truths)).toBe(4 / 6);
    expect(measure(new Recall({ average: 'binary', threshold: 0 }), probabilities, truths)).toBe(1);
    const exact = tensor([0.25]);
    expect(measure(new BinaryAccuracy({ threshold: 0.25 }), exact, tensor([1]))).toBe(0);
  });

  it('judges logits at 0 as their probabilities at a half, and refuses to take them for probabilities', () => {
    const logits = tensor([2, 0.3, -0.1, -4, 1, -2]);
    const asProbabilities = measure(new BinaryAccuracy(), sigmoid(logits), truths);
    expect(measure(new BinaryAccuracy({ threshold: 0 }), logits, truths)).toBe(asProbabilities);
    expect(() => measure(new BinaryAccuracy(), logits, truths)).toThrow(
      /prediction 2 at position 0 is no probability; give threshold: 0 for logits/,
    );
    expect(() => measure(new F1Score({ average: 'binary' }), logits, truths)).toThrow(/F1Score: prediction 2/);
  });

  it('takes any shape, and two classes with class indices', () => {
    const rows = tensor([
      [0.9, 0.6, 0.5],
      [0.2, 0.7, 0.1],
    ]);
    const targets = tensor([
      [1, 0, 1],
      [0, 1, 1],
    ]);
    expect(measure(new F1Score({ average: 'binary' }), rows, targets)).toBe(4 / 7);
    const scores = tensor([...probabilities.data].map((p) => [1 - p, p - 1e-3]));
    const indices = tensor([...truths.data], { dtype: 'i32' });
    expect(measure(new F1Score({ average: 'binary' }), scores, indices)).toBe(4 / 7);
    expect(measure(new Precision({ average: 'binary' }), scores, indices)).toBe(2 / 3);
  });

  it('takes NaN for wrong', () => {
    const broken = tensor([Number.NaN, Number.NaN, 0.9]);
    const target = tensor([1, 0, 1]);
    expect(measure(new BinaryAccuracy(), broken, target)).toBe(1 / 3);
    expect(measure(new Recall({ average: 'binary' }), broken, target)).toBe(1 / 2);
    expect(measure(new Precision({ average: 'binary' }), broken, target)).toBe(1);
  });

  it('explains targets and shapes that do not fit', () => {
    const update = (prediction: number[] | number[][], target: number[]) => () =>
      measure(new BinaryAccuracy(), tensor(prediction), tensor(target));
    expect(update([0.1, 0.2], [0, 0.5])).toThrow(/target 0.5 at position 1 is neither 0, for no, nor 1, for yes/);
    expect(update([[0.1], [0.2]], [0, 1])).toThrow(/prediction is \[2, 1\], the target \[2\]; reshape one of them/);
    const binary = new Recall({ average: 'binary' });
    expect(() => measure(binary, tensor([[0.1], [0.2]]), tensor([0, 1]))).toThrow(/reshape one of them/);
    expect(() => measure(binary, tensor([[1, 2, 3]]), tensor([0], { dtype: 'i32' }))).toThrow(
      /'binary' is for 2 classes, and the prediction has 3; use 'macro'/,
    );
  });
});
