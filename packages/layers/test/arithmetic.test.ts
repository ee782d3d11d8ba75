import {
  backward,
  manualSeed,
  multiply,
  Parameter,
  ShapeError,
  sum,
  type Tensor,
  tensor,
  uniform,
  zeros,
} from '@nn/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import { Add, ArgMax, Concat, Divide, Graph, Multiply, OneHot, Permute, Subtract } from '../src/index.js';

beforeEach(() => manualSeed(4));

const leaf = (shape: readonly number[]) => new Parameter(uniform(shape, { low: 1, high: 2 }));

describe('trap: what was broadcast gets its gradient summed back to its own shape', () => {
  const shapes = [
    [2, 3, 4],
    [2, 1, 4],
    [3, 1],
  ];
  const layers = [new Add(), new Multiply()] as const;

  it.each(layers)('$kind of three, in any order', (layer) => {
    const inputs = shapes.map(leaf);
    const at = (x: Tensor, i: number, j: number, k: number) =>
      x === inputs[0] ? x.data[12 * i + 4 * j + k] : x === inputs[1] ? x.data[4 * i + k] : x.data[j];
    const expected = inputs.map((input) => new Float64Array(input.size));
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++)
        for (let k = 0; k < 4; k++)
          [12 * i + 4 * j + k, 4 * i + k, j].forEach((place, own) => {
            const others = inputs.filter((_, other) => other !== own).map((input) => at(input, i, j, k));
            expected[own][place] += layer instanceof Add ? 1 : others[0] * others[1];
          });
    for (const order of [inputs, inputs.toReversed()]) {
      const gradients = backward(sum(layer.run(...order)));
      inputs.forEach((input, i) => {
        expect(gradients.of(input).shape).toEqual(input.shape);
        gradients.of(input).data.forEach((value, element) => {
          expect(value).toBeCloseTo(expected[i][element], 4);
        });
      });
    }
  });

  it('Subtract, in this order', () => {
    const [a, b] = [leaf([2, 3]), leaf([2, 1])];
    const y = new Subtract().run(a, b);
    expect(y.data[5]).toBeCloseTo(a.data[5] - b.data[1], 6);
    const gradients = backward(sum(y));
    expect(gradients.of(a).toArray()).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    expect(gradients.of(b).toArray()).toEqual([[-3], [-3]]);
  });

  it('Divide, in this order', () => {
    const [a, b] = [leaf([2, 3]), leaf([2, 1])];
    const y = new Divide().run(a, b);
    expect(y.data[5]).toBeCloseTo(a.data[5] / b.data[1], 6);
    const gradients = backward(sum(y));
    expect(gradients.of(b).shape).toEqual([2, 1]);
    const row = a.data[3] + a.data[4] + a.data[5];
    expect(gradients.of(b).data[1]).toBeCloseTo(-row / b.data[1] ** 2, 5);
    expect(gradients.of(a).data[4]).toBeCloseTo(1 / b.data[1], 6);
  });

  it.each([new Add(), new Subtract(), new Multiply(), new Divide()])(
    '$kind refuses shapes that do not broadcast',
    (layer) => {
      const net = new Graph({
        inputs: { a: [3], b: [2] },
        nodes: { y: [layer, 'a', 'b'] },
        outputs: ['y'],
      });
      expect(() => net.run(zeros([1, 3]), zeros([1, 2]))).toThrow(ShapeError);
      expect(() => net.run(zeros([1, 3]), zeros([1, 2]))).toThrow('in layer "y" with a [1, 3], b [1, 2]');
    },
  );
});

describe('Concat', () => {
  it.each([1, 2, 3, -1, -2])(
    'trap: three inputs and more, along axis %i, keep their order and get their own gradients',
    (axis) => {
      const along = axis < 0 ? axis + 4 : axis;
      const sizes = [1, 3, 2, 1];
      const parts = sizes.map((size) => leaf([2, 2, 2, 2].map((full, i) => (i === along ? size : full))));
      const y = new Concat({ axis }).run(...parts);
      expect(y.shape[along]).toBe(7);
      const factors = uniform(y.shape);
      const gradients = backward(sum(multiply(y, factors)));
      const inner = [2, 2, 2, 2].slice(along + 1).reduce((product, size) => product * size, 1);
      const place = (i: number, start: number, size: number) =>
        Math.floor(i / (size * inner)) * 7 * inner + start * inner + (i % (size * inner));
      parts.forEach((part, n) => {
        const start = sizes.slice(0, n).reduce((total, size) => total + size, 0);
        part.data.forEach((value, i) => {
          expect(y.data[place(i, start, sizes[n])]).toBe(value);
          expect(gradients.of(part).data[i]).toBe(factors.data[place(i, start, sizes[n])]);
        });
      });
    },
  );
});

describe('Permute', () => {
  it('reorders all axes but the batch, and gradients back', () => {
    const x = leaf([2, 3, 4, 5]);
    const y = new Permute({ axes: [0, 3, 1, 2] }).run(x);
    expect(y.shape).toEqual([2, 5, 3, 4]);
    expect(y.data[((1 * 5 + 2) * 3 + 1) * 4 + 3]).toBe(x.data[((1 * 3 + 1) * 4 + 3) * 5 + 2]);
    expect(() => new Permute({ axes: [0, 2, 1] }).run(x)).toThrow('must name each of the 4 axes once');
  });
});

describe('OneHot encodes and ArgMax decodes', () => {
  const indices = tensor(Int32Array.from([3, 0, 1, 2]));

  it('there and back', () => {
    const codes = new OneHot({ classes: 4 }).run(indices);
    expect(codes.toArray()).toEqual([
      [0, 0, 0, 1],
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ]);
    expect([...new ArgMax().run(codes).data]).toEqual([3, 0, 1, 2]);
    expect([...new OneHot({ classes: 4 }).run(tensor(Uint8Array.from([3, 0, 1, 2]))).data]).toEqual([...codes.data]);
  });

  it.each([-1, 4])('OneHot throws at index %i, out of range', (index) => {
    const layer = new OneHot({ classes: 4 });
    expect(() => layer.run(tensor(Int32Array.from([0, index])))).toThrow(RangeError);
    expect(() => layer.run(tensor(Int32Array.from([0, index])))).toThrow(
      `index ${index} at position 1 is outside 0…3; correct the indices, or give the layer more classes.`,
    );
  });

  it('OneHot asks for whole indices', () => {
    expect(() => new OneHot({ classes: 4 }).run(zeros([2]))).toThrow(
      'indices must be i32, not f32; convert them with cast.',
    );
  });

  it('ArgMax gives no gradient', () => {
    const x = leaf([2, 3]);
    const y = new ArgMax().run(x);
    expect(y.dtype).toBe('i32');
    expect(y.requiresGrad).toBe(false);
    expect(() => backward(sum(y))).toThrow('depends on no tensor that requires a gradient');
  });
});
