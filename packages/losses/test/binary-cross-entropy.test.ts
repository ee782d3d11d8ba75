import { backward, fill, sigmoid, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { binaryCrossEntropy, binaryCrossEntropyWithLogits } from '../src/index.js';
import { input } from './golden.js';

describe('binary cross-entropy of probabilities', () => {
  const slope = (x: number, t: number) => {
    const p = tensor([x], { dtype: 'f64', requiresGrad: true });
    return backward(binaryCrossEntropy(p, tensor([t])))
      .of(p)
      .item();
  };

  it('trap: its gradient is (x − t) / (x·(1 − x)), and not the x − t of logits', () => {
    expect(slope(0.2, 1)).toBeCloseTo(-5, 12);
    expect(slope(0.2, 0)).toBeCloseTo(1.25, 12);
    expect(slope(0.9, 0)).toBeCloseTo(10, 12);
  });

  it('trap: behind a sigmoid, it gives logits the gradient that the loss of logits gives them', () => {
    const [x, t] = [input('prediction', true), input('bits')];
    const ofLogits = backward(binaryCrossEntropyWithLogits(x, t)).of(x).data;
    const ofProbabilities = backward(binaryCrossEntropy(sigmoid(x), t)).of(x).data;
    ofProbabilities.forEach((value, i) => {
      expect(value).toBeCloseTo(ofLogits[i], 12);
    });
  });

  it('is finite, with a finite slope, where a wrong answer is sure', () => {
    const x = tensor([0, 1, 0, 1], { requiresGrad: true });
    const y = binaryCrossEntropy(x, tensor([1, 0, 0, 1]), { reduction: 'none' });
    expect(Array.from(y.data, Math.abs)).toEqual([100, 100, 0, 0]);
    const gradient = backward(y, { seed: fill([4], 1) }).of(x).data;
    expect(gradient[0]).toBeCloseTo(-1e12, -6);
    expect(gradient[1]).toBeCloseTo(1e12, -6);
    expect([...gradient.slice(2)]).toEqual([1, -1]);
  });
});
