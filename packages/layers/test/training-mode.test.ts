import { backward, capture, manualSeed, ones, Parameter, ShapeError, sum, type Tensor, uniform } from '@nn/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import { BatchNorm1d, BatchNorm2d, Dropout, Sequential } from '../src/index.js';

beforeEach(() => manualSeed(9));

describe('Dropout', () => {
  it('drops with dropProbability, not keeps, and leaves the expectation', () => {
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

describe('BatchNorm', () => {
  it.each([
    [new BatchNorm1d(), [1, 3]],
    [new BatchNorm1d(), [1, 3, 1]],
    [new BatchNorm2d(), [1, 3, 1, 1]],
  ])('refuses one value a channel in training, not in evaluation', (layer, shape) => {
    const model = new Sequential([layer]);
    const run = () => model.run(uniform(shape));
    expect(run).toThrow(ShapeError);
    expect(run).toThrow('training needs more than one value a channel; use a larger batch, or eval().');
    model.eval();
    expect(run().shape).toEqual(shape);
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
