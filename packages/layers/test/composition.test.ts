import {
  backward,
  fill,
  manualSeed,
  multiply,
  Parameter,
  relu,
  ShapeError,
  sum,
  type Tensor,
  uniform,
  zeros,
} from '@nn/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import * as layers from '../src/index.js';
import {
  Add,
  Concat,
  Conv2d,
  clone,
  fromTopology,
  Graph,
  Linear,
  Residual,
  Sequential,
  toTopology,
} from '../src/index.js';

beforeEach(() => manualSeed(2));

describe('Concat', () => {
  it('joins three inputs along any axis and splits their gradients', () => {
    const parts = [1, 2, 3].map((size) => new Parameter(uniform([2, size, 2])));
    const y = new Concat().run(...parts);
    expect(y.shape).toEqual([2, 6, 2]);
    const factors = uniform([2, 6, 2]);
    const gradients = backward(sum(multiply(y, factors)));
    const rows = (tensor: Tensor) => tensor.toArray() as number[][][];
    parts.forEach((part, i) => {
      const start = [0, 1, 3][i];
      expect(rows(y).map((row) => row.slice(start, start + i + 1))).toEqual(rows(part));
      expect(rows(factors).map((row) => row.slice(start, start + i + 1))).toEqual(rows(gradients.of(part)));
    });
    expect(new Concat({ axis: -1 }).run(zeros([1, 2, 3]), zeros([1, 2, 4]), zeros([1, 2, 1])).shape).toEqual([1, 2, 8]);
  });

  it('says which inputs do not fit', () => {
    const net = new Graph({
      inputs: { a: [2, 3], b: [2, 4] },
      nodes: { both: [new Concat(), 'a', 'b'] },
      outputs: ['both'],
    });
    expect(() => net.run(zeros([1, 2, 3]), zeros([1, 2, 4]))).toThrow(ShapeError);
    expect(() => net.run(zeros([1, 2, 3]), zeros([1, 2, 4]))).toThrow(
      'Concat in layer "both" of [1, 2, 3], [1, 2, 4] along axis 1',
    );
  });
});

describe('Add', () => {
  it('adds any number of inputs, and sums gradients back to shapes that were broadcast', () => {
    const [a, b, c] = [[2, 3], [2, 1], [3]].map((shape) => new Parameter(uniform(shape)));
    const y = new Add().run(a, b, c);
    expect(y.shape).toEqual([2, 3]);
    expect(y.data[5]).toBeCloseTo(a.data[5] + b.data[1] + c.data[2], 6);
    const gradients = backward(sum(y));
    expect(gradients.of(b).toArray()).toEqual([[3], [3]]);
    expect(gradients.of(c).toArray()).toEqual([2, 2, 2]);
  });
});

describe('Residual', () => {
  const start = { init: { name: 'constant', value: 0.5 }, bias: false } as const;

  it('adds the body to its input', () => {
    const layer = new Residual({ body: new Sequential([new Linear({ outFeatures: 2, ...start }), relu]) });
    expect(layer.run(fill([1, 2], 3)).toArray()).toEqual([[6, 6]]);
    expect([...layer.stateDict().keys()]).toEqual(['body.0.weight']);
  });

  it('takes a shortcut where shapes differ, and says so where it lacks one', () => {
    const body = new Conv2d({ outChannels: 4, kernelSize: 3, stride: 2, padding: 1 });
    const shortcut = new Conv2d({ outChannels: 4, kernelSize: 1, stride: 2 });
    const layer = new Residual({ body, shortcut }).build([2, 8, 8]);
    expect(layer.run(zeros([3, 2, 8, 8])).shape).toEqual([3, 4, 4, 4]);
    expect([...layer.stateDict().keys()]).toEqual(['body.weight', 'body.bias', 'shortcut.weight', 'shortcut.bias']);
    expect(() => new Residual({ body }).run(zeros([3, 2, 8, 8]))).toThrow(
      'Residual: the body gives [3, 4, 4, 4], the shortcut [3, 2, 8, 8]; give a shortcut',
    );
  });
});

describe('one layer in two places', () => {
  it('trap: shared activations: sums the gradients of both, and does not mix up what they computed', () => {
    const shared = new Linear({ outFeatures: 2, inFeatures: 2, bias: false }).build();
    const net = new Graph({
      inputs: { a: [2], b: [2] },
      nodes: {
        left: [new Sequential([shared, relu]), 'a'],
        right: [new Sequential([shared, relu]), 'b'],
        both: [new Add(), 'left', 'right'],
      },
      outputs: ['both'],
    });
    const [a, b] = [uniform([3, 2]), uniform([3, 2])];
    const together = backward(sum(net.run(a, b))).of(shared.weight);
    const alone = [a, b].map((x) => backward(sum(relu(shared.run(x)))).of(shared.weight).data);
    together.data.forEach((value, i) => {
      expect(value).toBeCloseTo(alone[0][i] + alone[1][i], 5);
    });
    expect(net.parameters()).toEqual([shared.weight]);
  });

  it('may be a whole network: it gives what it gives alone, and has its parameters once', () => {
    const tower = new Sequential([new Linear({ outFeatures: 4 }), relu, new Linear({ outFeatures: 2 })]);
    const net = new Graph({
      inputs: { a: [3], b: [3] },
      nodes: { left: [tower, 'a'], right: [tower, 'b'], both: [new Add(), 'left', 'right'] },
      outputs: ['left', 'right', 'both'],
    });
    const [a, b] = [uniform([5, 3]), uniform([5, 3])];
    const { left, right, both } = net.run(a, b);
    expect([left.toArray(), right.toArray()]).toEqual([tower.run(a).toArray(), tower.run(b).toArray()]);
    expect(net.parameters()).toEqual(tower.parameters());
    const together = backward(sum(both));
    const alone = [a, b].map((x) => backward(sum(tower.run(x))));
    for (const w of tower.parameters())
      together.of(w).data.forEach((value, i) => {
        expect(value).toBeCloseTo(alone[0].of(w).data[i] + alone[1].of(w).data[i], 4);
      });
    const apart = clone(net);
    expect(apart.parameters()).toHaveLength(4);
    apart.parameters()[0].assign(zeros(apart.parameters()[0].shape));
    expect(tower.run(a).toArray()).toEqual(left.toArray());
  });
});

describe('every layer can be written down and read back', () => {
  const everything = () =>
    new Sequential(
      [
        new Conv2d({ outChannels: 4, kernelSize: [3, 2], padding: [1, 0, 1, 0], init: 'orthogonal' }),
        new layers.BatchNorm2d({ momentum: 0.2 }),
        new layers.LeakyReLU({ slope: 0.2 }),
        new layers.PReLU({ perChannel: true, slope: 0.1 }),
        new layers.HardTanh({ low: -2 }),
        new layers.Permute({ axes: [0, 1, 3, 2] }),
        new layers.Permute({ axes: [0, 1, 3, 2] }),
        new layers.Inception({ branches: [new layers.ReLU(), new Sequential([new layers.Tanh()])] }),
        new Conv2d({ outChannels: 4, kernelSize: 1, init: 'auto' }),
        new layers.MaxPool2d({ kernelSize: 2, stride: 1 }),
        new Residual({ body: new Conv2d({ outChannels: 4, kernelSize: 3, padding: 'same' }) }),
        new layers.AvgPool2d({ kernelSize: 2, ceilMode: true }),
        new layers.ConvTranspose2d({ outChannels: 4, kernelSize: 3, stride: 2, padding: 1, outputPadding: [1, 0] }),
        new layers.Flatten(),
        new layers.Reshape({ shape: [4, -1] }),
        new layers.LayerNorm(),
        new layers.ELU({ alpha: 0.5 }),
        new layers.BatchNorm1d(),
        new layers.Softmax({ axis: 1 }),
        new layers.Flatten(),
        new Linear({ outFeatures: 6, init: { name: 'kaimingUniform', slope: 0.2 } }),
        new layers.GELU(),
        new layers.Dropout({ dropProbability: 0.3 }),
        new layers.SiLU(),
        new layers.Softplus(),
        new layers.Tanh(),
        new layers.Sigmoid(),
        new layers.ReLU(),
        new layers.LogSoftmax(),
      ],
      { input: [2, 6, 5] },
    );

  it('through JSON, with the same numbers', () => {
    const model = everything();
    model.run(uniform([4, 2, 6, 5]));
    const x = uniform([3, 2, 6, 5]);
    const written = JSON.parse(JSON.stringify(toTopology(model)));
    const read = fromTopology(written, layers).loadStateDict(model.stateDict()) as Sequential;
    expect([...read.eval().run(x).data]).toEqual([...model.eval().run(x).data]);
    expect(JSON.parse(JSON.stringify(toTopology(read)))).toEqual(written);
  });

  it('as an independent copy', () => {
    const model = everything().build();
    const copy = clone(model);
    const [theirs, ours] = [copy.parameters(), model.parameters()];
    expect(theirs.length).toBe(ours.length);
    theirs[0].assign(zeros(theirs[0].shape));
    expect(ours[0].data.some((value) => value !== 0)).toBe(true);
  });
});

it('a clone keeps what is trained inside a model that never ran', () => {
  const trunk = new Sequential([new Linear({ outFeatures: 3 })], { input: [4] }).build().freeze();
  const copy = clone(new Sequential([trunk, new Linear({ outFeatures: 2 })]));
  const [[, copied]] = copy.children();
  expect([...copied.stateDict().values()].map((w) => w.toArray())).toEqual(
    [...trunk.stateDict().values()].map((w) => w.toArray()),
  );
  expect(copied.parameters().map(({ trainable }) => trainable)).toEqual([false, false]);
});
