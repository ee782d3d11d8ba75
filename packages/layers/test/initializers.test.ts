import { manualSeed, type Shape, ShapeError } from '@nn/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  Conv2d,
  ConvTranspose2d,
  Embedding,
  type Initializer,
  initialize,
  LayerNorm,
  Linear,
  OptionError,
} from '../src/index.js';

beforeEach(() => manualSeed(5));

const statistics = (data: ArrayLike<number>) => {
  const values = Array.from(data);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { mean, deviation, largest: Math.max(...values.map(Math.abs)) };
};

/** 300 outputs of 20 channels seen through 2×5 windows: fan in 200, fan out 3000. */
const shape: Shape = [300, 20, 2, 5];
const [fanIn, fanOut] = [200, 3000];

describe('uniform ones fill their range, normal ones have their deviation', () => {
  const even: [Initializer, number][] = [
    [{ name: 'uniform', low: -2, high: 2 }, 2],
    ['xavierUniform', Math.sqrt(6 / (fanIn + fanOut))],
    [{ name: 'xavierUniform', gain: 'tanh' }, (5 / 3) * Math.sqrt(6 / (fanIn + fanOut))],
    ['kaimingUniform', Math.sqrt(6 / fanIn)],
    [{ name: 'kaimingUniform', fan: 'out', slope: 0.5 }, Math.sqrt(6 / 1.25 / fanOut)],
    ['lecunUniform', Math.sqrt(3 / fanIn)],
  ];
  it.each(even)('%o', (initializer, bound) => {
    const { mean, deviation, largest } = statistics(initialize(shape, initializer).data);
    expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
    expect(largest).toBeGreaterThan(bound * 0.999);
    expect(Math.abs(mean)).toBeLessThan(bound * 0.02);
    expect(Math.abs(deviation / (bound / Math.sqrt(3)) - 1)).toBeLessThan(0.02);
  });

  const normals: [Initializer, number][] = [
    [{ name: 'normal', mean: 0, deviation: 0.3 }, 0.3],
    ['normal', 1],
    ['xavierNormal', Math.sqrt(2 / (fanIn + fanOut))],
    [{ name: 'kaimingNormal', fan: 'out' }, Math.sqrt(2 / fanOut)],
    [{ name: 'kaimingNormal', gain: 'linear' }, Math.sqrt(1 / fanIn)],
    [{ name: 'kaimingNormal', slope: 0.5 }, Math.sqrt(2 / 1.25 / fanIn)],
    [{ name: 'kaimingNormal', gain: { leakyRelu: 0.5 } }, Math.sqrt(2 / 1.25 / fanIn)],
    [{ name: 'xavierNormal', gain: { leakyRelu: 0.5 } }, Math.sqrt(((2 / 1.25) * 2) / (fanIn + fanOut))],
    [{ name: 'xavierNormal', gain: 'leakyRelu' }, Math.sqrt(((2 / 1.0001) * 2) / (fanIn + fanOut))],
    [{ name: 'xavierNormal', gain: 'selu' }, 0.75 * Math.sqrt(2 / (fanIn + fanOut))],
    ['lecunNormal', Math.sqrt(1 / fanIn)],
  ];
  it.each(normals)('%o', (initializer, expected) => {
    const { mean, deviation, largest } = statistics(initialize(shape, initializer).data);
    expect(Math.abs(mean)).toBeLessThan(expected * 0.02);
    expect(Math.abs(deviation / expected - 1)).toBeLessThan(0.02);
    expect(largest).toBeGreaterThan(expected * 3);
  });

  it('a truncated normal stays within its bound', () => {
    expect(statistics(initialize(shape, 'truncatedNormal').data).largest).toBeLessThanOrEqual(2);
    const narrow = initialize(shape, { name: 'truncatedNormal', mean: 1, deviation: 0.1, bound: 1 }).data;
    expect(Math.max(...narrow)).toBeLessThanOrEqual(1.1 + 1e-6);
    expect(Math.max(...narrow)).toBeGreaterThan(1.099);
  });

  it('constants are what they say', () => {
    expect(new Set(initialize([3, 2], 'zeros').data)).toEqual(new Set([0]));
    expect(new Set(initialize([3, 2], 'ones').data)).toEqual(new Set([1]));
    expect(new Set(initialize([3, 2], { name: 'constant', value: 0.5 }).data)).toEqual(new Set([0.5]));
  });
});

describe('orthogonal', () => {
  it.each([[[6, 4]], [[4, 6]], [[3, 2, 2, 2]]])('%o: the shorter side is orthonormal', (size) => {
    const gain = 2;
    const w = initialize(size, { name: 'orthogonal', gain }).data;
    const [rows, columns] = [size[0], w.length / size[0]];
    const wide = rows <= columns;
    const at = (vector: number, i: number) => (wide ? w[vector * columns + i] : w[i * columns + vector]);
    const [count, length] = wide ? [rows, columns] : [columns, rows];
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        let dot = 0;
        for (let i = 0; i < length; i++) dot += at(a, i) * at(b, i);
        expect(dot).toBeCloseTo(a === b ? gain * gain : 0, 5);
      }
    }
  });
});

describe('layers', () => {
  it('start as in PyTorch: weight and bias evenly from ±1/√(inputs of one output)', () => {
    const linear = new Linear({ outFeatures: 400, inFeatures: 100 }).build();
    const conv = new Conv2d({ outChannels: 200, kernelSize: [2, 5], groups: 2 }).build([20, 5, 5]);
    const transposed = new ConvTranspose2d({ outChannels: 20, kernelSize: [2, 5], groups: 2 }).build([200, 5, 5]);
    for (const { weight, bias } of [linear, conv, transposed]) {
      const { largest } = statistics(weight.data);
      expect(largest).toBeLessThanOrEqual(0.1);
      expect(largest).toBeGreaterThan(0.0999);
      const ofBias = statistics(bias?.data ?? []);
      expect(ofBias.largest).toBeLessThanOrEqual(0.1);
      expect(ofBias.largest).toBeGreaterThan(0.09);
    }
    expect(statistics(new Embedding({ entries: 100, features: 30 }).build().weight.data).deviation).toBeCloseTo(1, 1);
  });

  it('take other starts for weight and bias', () => {
    const options = { outFeatures: 3, init: 'ones', biasInit: { name: 'constant', value: 2 } } as const;
    const { weight, bias } = new Linear(options).build([2]);
    expect([...weight.data]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...(bias?.data ?? [])]).toEqual([2, 2, 2]);
  });

  it('draw the same weights from the same seed', () => {
    const draw = () => [...new Linear({ outFeatures: 4, init: 'kaimingNormal' }).build([3]).weight.data];
    const first = draw();
    expect(draw()).not.toEqual(first);
    manualSeed(5);
    expect(draw()).toEqual(first);
  });

  it('mark biases and normalisation as spared by weight decay', () => {
    const { weight, bias } = new Linear({ outFeatures: 3 }).build([2]);
    expect([weight.decay, bias?.decay]).toEqual([true, false]);
    expect(
      new LayerNorm()
        .build([2])
        .parameters()
        .map(({ decay }) => decay),
    ).toEqual([false, false]);
  });
});

describe('what does not exist is named, when the layer is made', () => {
  it.each([
    ['glorot', 'Linear: init "glorot" is no initialiser; there are zeros, ones, constant, uniform'],
    [{ name: 'normal', std: 1 }, 'Linear: init normal has no option "std"; it has mean, deviation.'],
    [{ name: 'zeros', value: 1 }, 'Linear: init zeros has no option "value"; it has none.'],
    [
      { name: 'xavierNormal', gain: 'relu6' },
      'Linear: init xavierNormal knows no gain "relu6"; give a number, { leakyRelu: slope } or linear',
    ],
    [
      { name: 'orthogonal', gain: { leakyRelu: 'steep' } },
      'Linear: init orthogonal knows no gain {"leakyRelu":"steep"}',
    ],
    ['glorotUniform', 'Linear: init "glorotUniform" is no initialiser; it is called xavierUniform here.'],
    ['heNormal', 'Linear: init "heNormal" is no initialiser; it is called kaimingNormal here.'],
    ['constant', 'Linear: init constant needs a value'],
    ['toString', 'Linear: init "toString" is no initialiser'],
  ])('%o', (init, message) => {
    const make = () => new Linear({ outFeatures: 3, init: init as Initializer });
    expect(make).toThrow(OptionError);
    expect(make).toThrow(message);
  });

  it('a bias has no fans', () => {
    const layer = new Linear({ outFeatures: 3, biasInit: 'xavierNormal' });
    expect(() => layer.build([2])).toThrow(ShapeError);
    expect(() => layer.build([2])).toThrow('needs a weight of two dimensions or more, not [3]');
  });
});
