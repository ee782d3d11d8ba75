import {
  backward,
  capture,
  manualSeed,
  ones,
  Parameter,
  reshape,
  ShapeError,
  sum,
  type Tensor,
  tensor,
  uniform,
} from '@nn/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import { BatchNorm1d, BatchNorm2d, Dropout, Dropout2d, Sequential } from '../src/index.js';

beforeEach(() => manualSeed(9));

describe('Dropout', () => {
  it('trap: keep against drop: drops with dropProbability, and leaves the expectation', () => {
    const y = new Dropout({ dropProbability: 0.2 }).run(ones([100, 100])).data;
    const dropped = y.filter((value) => value === 0).length / y.length;
    expect(Math.abs(dropped - 0.2)).toBeLessThan(0.015);
    expect(new Set(y)).toEqual(new Set([0, Math.fround(1.25)]));
  });

  it('drops all at 1 and nothing at 0', () => {
    expect(new Set(new Dropout({ dropProbability: 1 }).run(ones([50])).data)).toEqual(new Set([0]));
    expect(new Set(new Dropout({ dropProbability: 0 }).run(ones([50])).data)).toEqual(new Set([1]));
  });

  it('is the identity in evaluation', () => {
    const x = uniform([4, 3]);
    const layer = new Dropout().eval();
    expect(layer.run(x)).toBe(x);
    expect(layer.train().run(x)).not.toBe(x);
  });

  it('gives gradients to what it kept', () => {
    const x = new Parameter(ones([200]));
    const y = new Dropout().run(x);
    expect([...backward(sum(y)).of(x).data]).toEqual([...y.data]);
  });

  it('drops anew in every replay, as it would eagerly', () => {
    const layer = new Dropout();
    const x = ones([40]);
    const step = capture((x: Tensor) => layer.run(x));
    const replayed = Array.from({ length: 5 }, () => [...step(x).data]);
    manualSeed(9);
    const eager = Array.from({ length: 5 }, () => [...layer.run(x).data]);
    expect(replayed).toEqual(eager);
    expect(replayed[4]).not.toEqual(replayed[3]);
  });

  it('stops dropping in a captured step after eval()', () => {
    const layer = new Dropout();
    const x = ones([40]);
    const step = capture((x: Tensor) => layer.run(x));
    for (let i = 0; i < 3; i++) expect(step(x).data).toContain(0);
    layer.eval();
    expect([...step(x).data]).toEqual([...x.data]);
  });
});

describe('Dropout2d', () => {
  /** The values in each channel of each image of 3 × 4. */
  const channels = (y: Tensor) =>
    Array.from({ length: y.shape[0] * y.shape[1] }, (_, i) => new Set(y.data.slice(i * 12, (i + 1) * 12)));

  it('drops or keeps whole channels, each image its own', () => {
    const sets = channels(new Dropout2d().run(ones([50, 8, 3, 4])));
    expect(sets.every(({ size }) => size === 1)).toBe(true);
    expect(new Set(sets.flatMap((set) => [...set]))).toEqual(new Set([0, 2]));
    const images = Array.from({ length: 50 }, (_, n) =>
      sets
        .slice(8 * n, 8 * n + 8)
        .map((set) => [...set][0])
        .join(),
    );
    expect(new Set(images).size).toBeGreaterThan(30);
  });

  it('trap: keep against drop: drops with dropProbability, and leaves the expectation', () => {
    const sets = channels(new Dropout2d({ dropProbability: 0.2 }).run(ones([100, 100, 3, 4])));
    const dropped = sets.filter((set) => set.has(0)).length / sets.length;
    expect(Math.abs(dropped - 0.2)).toBeLessThan(0.015);
    expect(new Set(sets.flatMap((set) => [...set]))).toEqual(new Set([0, Math.fround(1.25)]));
  });

  it('is the identity in evaluation', () => {
    const x = uniform([4, 3, 2, 2]);
    expect(new Dropout2d().eval().run(x)).toBe(x);
  });
});

describe('BatchNorm', () => {
  it.each([
    [new BatchNorm1d(), [1, 3]],
    [new BatchNorm1d(), [1, 3, 1]],
    [new BatchNorm2d(), [1, 3, 1, 1]],
  ])('trap: one sample in training mode throws: one value a channel, not in evaluation', (layer, shape) => {
    const model = new Sequential([layer]);
    const run = () => model.run(uniform(shape));
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('training needs more than one value a channel; use a larger batch, or eval().');
    model.eval();
    expect(run().shape).toEqual(shape);
  });

  it.each([
    ['BatchNorm1d', new BatchNorm1d(), [4, 1]],
    ['BatchNorm1d', new BatchNorm1d(), [2, 1, 2]],
    ['BatchNorm2d', new BatchNorm2d(), [1, 1, 2, 2]],
  ])('trap: one variance for both: %s normalises by the biased one and keeps the unbiased one', (_, layer, shape) => {
    const y = layer.run(reshape(tensor([0, 2, 4, 6]), shape));
    const biased = 5;
    const unbiased = 20 / 3;
    [-3, -1, 1, 3].forEach((centered, i) => {
      expect(y.data[i]).toBeCloseTo(centered / Math.sqrt(biased + 1e-5), 5);
    });
    expect(layer.runningMean.data[0]).toBeCloseTo(0.1 * 3, 6);
    expect(layer.runningVar.data[0]).toBeCloseTo(0.9 + 0.1 * unbiased, 6);
  });

  it('normalises each channel of the batch', () => {
    const y = new BatchNorm2d().run(uniform([6, 2, 5, 5], { low: 3, high: 9 })).data;
    for (const channel of [0, 1]) {
      const values = [...y].filter((_, i) => Math.floor(i / 25) % 2 === channel);
      const mean = values.reduce((total, value) => total + value, 0) / values.length;
      const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
      expect(mean).toBeCloseTo(0, 5);
      expect(variance).toBeCloseTo(1, 4);
    }
  });

  it('leaves its statistics alone in evaluation', () => {
    const layer = new BatchNorm1d().build([3]);
    const before = [...layer.runningMean.data, ...layer.runningVar.data];
    layer.eval().run(uniform([8, 3]));
    expect([...layer.runningMean.data, ...layer.runningVar.data]).toEqual(before);
    layer.train().run(uniform([8, 3]));
    expect([...layer.runningMean.data, ...layer.runningVar.data]).not.toEqual(before);
    expect(layer.numBatchesTracked.item()).toBe(1);
  });

  it('gives the same bits and statistics when captured', () => {
    const batches = Array.from({ length: 5 }, () => uniform([4, 3]));
    const train = (captured: boolean) => {
      const layer = new BatchNorm1d();
      const plain = (x: Tensor) => {
        const y = layer.run(x);
        return { y, gradient: backward(sum(y)).of(layer.weight as Parameter) };
      };
      const step = captured ? capture(plain) : plain;
      const outputs = batches.map((x) => step(x)).map(({ y, gradient }) => [...y.data, ...gradient.data]);
      return { outputs, state: [...layer.stateDict()].map(([key, value]) => [key, [...value.data]]) };
    };
    expect(train(true)).toEqual(train(false));
  });
});
