import { backward, fill, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import {
  CosineEmbedding,
  cosineEmbedding,
  Hinge,
  hinge,
  hingeEmbedding,
  MultiMargin,
  multiMargin,
} from '../src/index.js';

describe('margins', () => {
  it('hinge costs nothing from the margin on', () => {
    const scores = tensor([2, 0.25, -3], { requiresGrad: true });
    const loss = hinge(scores, tensor([1, 1, 1], { dtype: 'i32' }), { reduction: 'sum' });
    expect(loss.item()).toBe(0 + 0.75 + 4);
    expect(Array.from(backward(loss).of(scores).data, Math.abs)).toEqual([0, 1, 1]);
  });

  it('multiMargin compares with every other class', () => {
    const target = tensor([1], { dtype: 'i32' });
    expect(multiMargin(tensor([[0.5, 1, -1]]), target).item()).toBeCloseTo(0.5 / 3, 6);
    expect(multiMargin(tensor([[0.5, 1, -1]]), target, { power: 2 }).item()).toBeCloseTo(0.25 / 3, 6);
  });

  it('hingeEmbedding takes distances of like and unlike pairs', () => {
    const t = tensor([1, -1, -1]);
    expect(hingeEmbedding(tensor([0.5, 0.25, 4]), t, { reduction: 'none' }).toArray()).toEqual([0.5, 0.75, 0]);
  });

  it('are numbers in range', () => {
    expect(() => new Hinge({ margin: -1 })).toThrow(/Hinge: margin is a finite number, 0 or more/);
    expect(() => new MultiMargin({ power: 3 as 2 })).toThrow(/power is 1 or 2, not 3/);
    expect(() => new MultiMargin({ ignoredIndex: 1 } as object)).toThrow(/no option "ignoredIndex"/);
    expect(() => new CosineEmbedding({ margin: 2 })).toThrow(/margin is a number from -1 to 1/);
  });
});

describe('cosine embedding', () => {
  it('looks at angles alone, and takes all pairs as alike where nothing is said', () => {
    const [a, b] = [
      tensor([
        [3, 0],
        [0, 2],
        [1, 0],
      ]),
      tensor([
        [0.1, 0],
        [0, -5],
        [0, 1],
      ]),
    ];
    const losses = cosineEmbedding(a, b, undefined, { reduction: 'none' }).toArray() as number[];
    [0, 2, 1].forEach((expected, i) => {
      expect(losses[i]).toBeCloseTo(expected, 5);
    });
  });

  it('is finite for rows of zeros', () => {
    const a = tensor([[0, 0]], { requiresGrad: true });
    const loss = cosineEmbedding(a, tensor([[1, 0]]));
    expect(loss.item()).toBe(1);
    expect(backward(loss).of(a).data.every(Number.isFinite)).toBe(true);
  });

  it('wants a likeness for each row', () => {
    const a = fill([3, 4], 1);
    expect(() => cosineEmbedding(a, a, fill([4], 1))).toThrow(/likeness, 1 or −1, for each row: \[3\], not \[4\]/);
  });
});
