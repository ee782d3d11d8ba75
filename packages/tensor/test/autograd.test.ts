import { describe, expect, test } from 'vitest';
import {
  add,
  assignKernel,
  attach,
  backward,
  batchNorm,
  concat,
  defineKernel,
  defineOp,
  elu,
  exp,
  fill,
  gelu,
  inScope,
  leakyRelu,
  logSoftmax,
  multiply,
  noGrad,
  ones,
  Parameter,
  power,
  relu,
  reshape,
  ShapeError,
  sigmoid,
  silu,
  softmax,
  softmaxCrossEntropy,
  softplus,
  square,
  sum,
  type Tensor,
  tanh,
  tensor,
  zeros,
} from '../src/index.js';

const leaf = (values: number | number[]) => tensor(values, { dtype: 'f64', requiresGrad: true });

describe('backward', () => {
  test('adds the gradients of every use', () => {
    const x = leaf([1, 2, 3]);
    const y = sum(add(multiply(x, x), multiply(x, 5)));
    expect(backward(y).of(x).toArray()).toEqual([7, 9, 11]);
  });

  test('adds them through a deep chain of shared results without taking each path apart', () => {
    const x = leaf(1);
    let y = multiply(x, 1);
    for (let i = 0; i < 40; i++) y = add(y, y);
    expect(backward(y).of(x).item()).toBe(2 ** 40);
  });

  test('goes through a chain of any depth', () => {
    const x = leaf(1);
    let y = add(x, 0);
    for (let i = 0; i < 5_000; i++) y = add(y, 0);
    expect(backward(y).of(x).item()).toBe(1);
  });

  test('goes through reshape, which shares memory', () => {
    const x = leaf([1, 2, 3, 4]);
    const y = reshape(multiply(reshape(x, [2, 2]), 3), [4]);
    expect(
      backward(sum(square(y)))
        .of(x)
        .toArray(),
    ).toEqual([18, 36, 54, 72]);
  });

  test('sums what was broadcast back to its shape', () => {
    const [a, b] = [leaf([1, 2]), reshape(leaf([1, 2, 3]), [3, 1])];
    const gradients = backward(sum(multiply(a, b)), { of: [a, b] });
    expect(gradients.of(a).toArray()).toEqual([6, 6]);
    expect(gradients.of(b).toArray()).toEqual([[3], [3], [3]]);
  });

  test('gives every leaf its gradient, and nothing else', () => {
    const [x, w, unused] = [leaf([1, 2]), new Parameter(leaf([3, 4])), leaf([1])];
    const fixed = tensor([1, 1], { dtype: 'f64' });
    const gradients = backward(sum(multiply(add(x, fixed), w)));
    expect(new Set([...gradients].map(([t]) => t))).toEqual(new Set([x, w]));
    expect(gradients.get(unused)).toBeUndefined();
    expect(gradients.get(fixed)).toBeUndefined();
    expect(() => gradients.of(unused)).toThrow(
      'The loss does not depend on this tensor [1]: it has no gradient; use it',
    );
  });

  test('stores nothing: it can be called again, and on parts', () => {
    const x = leaf([1, 2]);
    const y = square(x);
    const loss = sum(y);
    const [first, second] = [backward(loss), backward(loss)];
    expect(second.of(x).toArray()).toEqual(first.of(x).toArray());
    expect(
      backward(sum(multiply(y, 3)))
        .of(x)
        .toArray(),
    ).toEqual([6, 12]);
  });

  test('differentiates by what it is asked for, results between included', () => {
    const x = leaf([2]);
    const y = square(x);
    const loss = sum(square(y));
    const gradients = backward(loss, { of: [y] });
    expect(gradients.of(y).toArray()).toEqual([8]);
    expect(gradients.get(x)).toBeUndefined();
    expect(
      backward(loss, { of: [y, x] })
        .of(x)
        .toArray(),
    ).toEqual([32]);
    expect(
      backward(loss, { of: [loss] })
        .of(loss)
        .item(),
    ).toBe(1);
  });

  test('starts at a seed', () => {
    const x = leaf([1, 2]);
    expect(
      backward(square(x), { seed: tensor([10, 1], { dtype: 'f64' }) })
        .of(x)
        .toArray(),
    ).toEqual([20, 4]);
    expect(() => backward(square(x))).toThrow(
      'backward starts at one number, and the loss is [2]; reduce it with sum or mean, or pass seed.',
    );
    expect(() => backward(square(x), { seed: ones([3]) })).toThrow(ShapeError);
  });

  test('starts at a leaf, too', () => {
    const x = leaf(3);
    expect(backward(x).of(x).item()).toBe(1);
  });

  test('refuses a loss that depends on nothing', () => {
    expect(() => backward(sum(tensor([1])))).toThrow('depends on no tensor that requires a gradient');
    expect(() => backward(sum(leaf([1]).detach()))).toThrow('depends on no tensor');
    expect(() => backward(noGrad(() => sum(leaf([1]))))).toThrow('depends on no tensor');
  });

  test('passes frozen parameters by', () => {
    const [w, frozen] = [new Parameter(ones([2])), new Parameter(ones([2]))];
    frozen.trainable = false;
    const gradients = backward(sum(multiply(w, frozen)));
    expect([gradients.get(frozen), gradients.of(w).toArray()]).toEqual([undefined, [1, 1]]);
  });

  test('noGrad leaves no tape and ends with its work, even by an error', () => {
    const x = leaf([1]);
    expect(noGrad(() => square(x)).requiresGrad).toBe(false);
    expect(() => noGrad(() => add(x, leaf([1, 2, 3, 4])) && add(zeros([2]), zeros([3])))).toThrow();
    expect(square(x).requiresGrad).toBe(true);
  });

  test('works in f32 and f64 at once where they are cast', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    expect(backward(sum(square(x))).of(x).dtype).toBe('f32');
  });

  test('launches under the path of the forward pass', () => {
    const x = leaf([1, 2]);
    const loss = sum(inScope('trunk', () => inScope('0', () => square(x))));
    const paths: string[] = [];
    const detach = attach(({ kernel, path }, run) => {
      paths.push(`${kernel.name} in "${path}"`);
      run();
    });
    backward(loss);
    detach();
    expect(paths).toContain('multiply in "trunk.0 (backward)"');
    expect(paths).toContain('copy in ""');
  });
});

describe('what was changed in place since the forward pass', () => {
  test('is refused where the derivative needs it, naming the op and the layer', () => {
    const x = leaf([1, 2]);
    const y = inScope('trunk', () => square(x));
    x.assign(tensor([5, 5]));
    expect(() => backward(sum(y))).toThrow(
      'The derivative of square in layer "trunk" needs a tensor that was changed in place after the forward pass.',
    );
  });

  test('is refused for saved results', () => {
    const x = leaf([1, 2]);
    const y = exp(x);
    y.assign(tensor([5, 5]));
    expect(() => backward(sum(y))).toThrow('The derivative of exp needs');
  });

  test('is refused through a reshape, which shares the memory', () => {
    const x = leaf([1, 2]);
    const y = square(x);
    reshape(x, [2, 1]).assign(tensor([[5], [5]]));
    expect(() => backward(sum(y))).toThrow('changed in place');
  });

  test('does not matter where the derivative does not need it', () => {
    const x = leaf([1, 2]);
    const y = add(x, x);
    x.assign(tensor([5, 5]));
    expect(backward(sum(y)).of(x).toArray()).toEqual([2, 2]);
  });
});

describe('gradients of gradients', () => {
  test('of a power', () => {
    const x = leaf(2);
    let y = power(x, 4);
    const derivatives = [32, 48, 48, 24];
    for (const expected of derivatives) {
      y = backward(y, { createGraph: true }).of(x);
      expect(y.item()).toBeCloseTo(expected, 9);
    }
  });

  test('of an activation', () => {
    const x = leaf(0.3);
    const slope = backward(tanh(x), { createGraph: true }).of(x);
    const t = Math.tanh(0.3);
    expect(slope.item()).toBeCloseTo(1 - t * t, 12);
    expect(backward(slope).of(x).item()).toBeCloseTo(-2 * t * (1 - t * t), 12);
  });

  /** Those of relu and leakyRelu have none. */
  const activations = { elu, gelu, leakyRelu, logSoftmax, relu, sigmoid, silu, softmax, softplus, tanh };
  test.each(Object.entries(activations))('of %s: the first is as without, and all are finite', (_, activation) => {
    const x = tensor([0, 1, -1, 12, -12, 50, -50, 100, -100, 1000, -1000], { requiresGrad: true });
    const seed = tensor([1, -2, 3, 1, 2, -1, 1, 2, 1, -3, 1]);
    const kept = backward(activation(x), { seed, createGraph: true }).of(x);
    expect(kept.toArray()).toEqual(backward(activation(x), { seed }).of(x).toArray());
    const second = backward(kept, { seed }).get(x)?.data ?? [];
    expect([...kept.data, ...second].every(Number.isFinite)).toBe(true);
  });

  test('of a batch and of a loss are as without', () => {
    const x = tensor(
      [
        [1000, -1000, 0],
        [3, 50, -2],
      ],
      { requiresGrad: true },
    );
    const [scale, shift] = [tensor([1, 2, 3], { requiresGrad: true }), tensor([0, 0, 1], { requiresGrad: true })];
    const seed = tensor([
      [1, 2, 3],
      [-1, 0, 2],
    ]);
    const [y] = batchNorm(x, scale, shift);
    const [loss] = softmaxCrossEntropy(x, tensor([1, 2], { dtype: 'i32' }));
    for (const [result, given] of [
      [y, seed],
      [loss, tensor([1, 2])],
    ] as const) {
      const kept = backward(result, { seed: given, createGraph: true });
      for (const [input, gradient] of backward(result, { seed: given }))
        expect(kept.of(input).toArray()).toEqual(gradient.toArray());
    }
  });

  test('go through the meaning of an op that has no backward, as first ones do', () => {
    const cube = defineOp({
      name: 'test/cube',
      inputs: ['x'],
      infer: ({ x }) => x,
      forward: ({ x, y }) => void y.assign(power(x, 3)),
      meaning: (x) => power(x, 3),
    });
    const x = leaf(2);
    expect(backward(cube(x)).of(x).requiresGrad).toBe(false);
    let y = cube(x);
    for (const expected of [12, 12, 6]) {
      y = backward(y, { createGraph: true }).of(x);
      expect(y.item()).toBeCloseTo(expected, 9);
    }
  });

  test('as a penalty on the slope', () => {
    const [x, w] = [leaf([1, 2]), leaf([3, 4])];
    const slope = backward(sum(multiply(square(x), w)), { of: [x], createGraph: true }).of(x);
    const penalty = backward(sum(square(slope)));
    expect(penalty.of(w).toArray()).toEqual([2 * 6 * 2, 2 * 16 * 4]);
    expect(penalty.of(x).toArray()).toEqual([2 * 6 * 6, 2 * 16 * 8]);
  });

  test('are not there unless asked for', () => {
    const x = leaf(2);
    expect(backward(square(x)).of(x).requiresGrad).toBe(false);
    expect(backward(square(x), { createGraph: true }).of(x).requiresGrad).toBe(true);
  });
});

describe('an op with several results', () => {
  const split = defineOp({
    name: 'test/split',
    inputs: ['x'],
    infer: ({ x }) => [x, x] as const,
    forward({ x, y: [a, b] }) {
      assignKernel({ y: a, x: multiply(x, 2) });
      assignKernel({ y: b, x: square(x) });
    },
    backward: { x: ({ x, dy: [da, db] }) => add(multiply(da, 2), multiply(db, multiply(x, 2))) },
  });

  test('takes the gradients of those that were used', () => {
    const x = leaf([1, 3]);
    const [a, b] = split(x);
    expect([a.toArray(), b.toArray()]).toEqual([
      [2, 6],
      [1, 9],
    ]);
    expect(backward(sum(a)).of(x).toArray()).toEqual([2, 2]);
    expect(backward(sum(b)).of(x).toArray()).toEqual([2, 6]);
    expect(
      backward(sum(concat([a, b])))
        .of(x)
        .toArray(),
    ).toEqual([4, 8]);
  });
});

describe('known gradients', () => {
  test('of relu at 0 and below', () => {
    const x = leaf([-1, 0, 2]);
    expect(
      backward(sum(relu(x)))
        .of(x)
        .toArray(),
    ).toEqual([0, 0, 1]);
  });

  test('of softmax', () => {
    const x = leaf([0, 0]);
    const gradient = backward(sum(multiply(softmax(x), tensor([1, 0], { dtype: 'f64' })))).of(x);
    expect(gradient.toArray()).toEqual([0.25, -0.25]);
  });

  test('of nothing', () => {
    const x = fill([0, 3], 1, 'f64', { requiresGrad: true });
    expect(backward(sum(square(x))).of(x).shape).toEqual([0, 3]);
  });
});

describe('a gradient computed by an op without derivative', () => {
  const tripleCube = defineKernel({
    name: 'test/cubeGradient',
    buffers: { dx: 'write', x: 'read', dy: 'read' },
    over: 'element',
    reference({ dx, x, dy }) {
      for (let i = 0; i < dx.length; i++) dx[i] = 3 * x[i] ** 2 * dy[i];
    },
  });
  const cubeGradient = defineOp({
    name: 'test/cubeGradient',
    inputs: ['x', 'dOut'],
    infer: ({ x }) => x,
    forward: ({ x, dOut, y }) => tripleCube({ dx: y, x, dy: dOut }),
  });
  const cubeOf = (rest: object = {}) =>
    defineOp({
      name: 'test/cube',
      inputs: ['x'],
      infer: ({ x }) => x,
      forward: ({ x, y }) => void y.assign(multiply(x, square(x))),
      backward: { x: ({ x, dy }) => cubeGradient(x, dy) },
      ...rest,
    });

  test('is differentiated again through the meaning', () => {
    const x = tensor(2, { dtype: 'f64', requiresGrad: true });
    const cube = cubeOf({ meaning: (x: Tensor) => multiply(x, square(x)) });
    const first = backward(cube(x), { createGraph: true }).of(x);
    expect(first.item()).toBe(12);
    expect(backward(first).of(x).item()).toBe(12);
  });

  test('is an error where there is no meaning, not a derivative of 0', () => {
    const x = tensor(2, { dtype: 'f64', requiresGrad: true });
    expect(backward(cubeOf()(x)).of(x).item()).toBe(12);
    expect(() => backward(cubeOf()(x), { createGraph: true })).toThrow(/"test\/cubeGradient", which computes it/);
  });
});
