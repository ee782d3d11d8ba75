import type { Data } from '@nn/tensor';
import { type Attributes, noise, unwritten } from './native.js';

/** A launch of the kernel of this name. */
export interface Launched {
  readonly kernel: string;
  readonly buffers: readonly Data[];
  readonly attributes?: Attributes;
}

/** A launch, and what each of its first buffers must hold afterwards, computed in double precision. */
export interface Row extends Launched {
  readonly expected: readonly ArrayLike<number>[];
}

/** Sizes around the vector width, and one that several threads share. */
export const sizes = [0, 1, 7, 8, 9, 33, 1000, 100_003];

const unary: Record<string, (x: number) => number> = {
  negate: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  exp: Math.exp,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
  sigmoid: (x) => sigmoid(x),
  gelu: (x) => (x / 2) * (1 + Math.tanh(geluInner(x))),
  silu: (x) => x * sigmoid(x),
  softplus: (x) => Math.log1p(Math.exp(x)),
};

const parametric: Record<string, [parameters: readonly number[], f: (x: number) => number]> = {
  clamp: [[-0.5, 0.25], (x) => Math.min(Math.max(x, -0.5), 0.25)],
  leakyRelu: [[0.1], (x) => (x > 0 ? x : 0.1 * x)],
  elu: [[1.5], (x) => (x > 0 ? x : 1.5 * Math.expm1(x))],
};

const gradients: Record<string, [parameters: readonly number[], f: (v: number, dy: number) => number]> = {
  tanhGradient: [[], (y, dy) => dy * (1 - y * y)],
  sigmoidGradient: [[], (y, dy) => dy * y * (1 - y)],
  reluGradient: [[], (y, dy) => (y > 0 ? dy : 0)],
  geluGradient: [[], (x, dy) => dy * geluSlope(x)],
  siluGradient: [[], (x, dy) => dy * sigmoid(x) * (1 + x * (1 - sigmoid(x)))],
  softplusGradient: [[], (x, dy) => dy * sigmoid(x)],
  leakyReluGradient: [[0.1], (x, dy) => (x > 0 ? dy : 0.1 * dy)],
  eluGradient: [[1.5], (x, dy) => (x > 0 ? dy : dy * 1.5 * Math.exp(x))],
};

const binary: Record<string, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  power: (a, b) => a ** b,
};

const comparisons: Record<string, (a: number, b: number) => boolean> = {
  equal: (a, b) => a === b,
  notEqual: (a, b) => a !== b,
  greater: (a, b) => a > b,
  greaterEqual: (a, b) => a >= b,
  less: (a, b) => a < b,
  lessEqual: (a, b) => a <= b,
};

const reductions: Record<string, (values: readonly number[]) => number> = {
  sum: (values) => values.reduce((a, b) => a + b, 0),
  maximumOf: (values) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  minimumOf: (values) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
};

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const geluInner = (x: number) => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
const geluSlope = (x: number) => {
  const t = Math.tanh(geluInner(x));
  return (1 + t) / 2 + (x / 2) * (1 - t * t) * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
};

const positive = (x: Float32Array) => x.map((value) => Math.abs(value) + 0.01);
const times = (count: number, f: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => f(i));

export function elementRows(lengths: readonly number[] = sizes): Row[] {
  return lengths.flatMap((size) => {
    const x = noise(size, 1).map((value) => 3 * value);
    const b = noise(size, 2);
    return [
      ...Object.entries(unary).map(([kernel, f]) => {
        const input = kernel === 'log' || kernel === 'sqrt' ? positive(x) : x;
        return { kernel, buffers: [unwritten(size), input], expected: [times(size, (i) => f(input[i]))] };
      }),
      ...Object.entries(parametric).map(([kernel, [attributes, f]]) => ({
        kernel,
        attributes,
        buffers: [unwritten(size), x],
        expected: [times(size, (i) => f(x[i]))],
      })),
      ...Object.entries(gradients).map(([kernel, [attributes, f]]) => ({
        kernel,
        attributes,
        buffers: [unwritten(size), x, b],
        expected: [times(size, (i) => f(x[i], b[i]))],
      })),
    ];
  });
}

/** A shape with the strides of both operands. */
export type Broadcast = readonly [shape: number[], a: number[], b: number[]];

/** Equal, scalar, row, column, and one of rank 4 with gaps. */
const broadcasts: readonly Broadcast[] = [
  ...sizes.map((size): Broadcast => [[size], [1], [1]]),
  [[1003], [1], [0]],
  [[1003], [0], [1]],
  [
    [37, 19],
    [19, 1],
    [0, 1],
  ],
  [
    [37, 19],
    [1, 0],
    [19, 1],
  ],
  [
    [300, 401],
    [401, 1],
    [1, 0],
  ],
  [
    [2, 70_001],
    [70_001, 1],
    [0, 1],
  ],
  [
    [3, 4, 5, 9],
    [1, 3, 0, 12],
    [0, 9, 36, 1],
  ],
  [
    [3, 0, 5],
    [0, 5, 1],
    [5, 0, 1],
  ],
];

const extent = (shape: number[], strides: number[]) =>
  shape.includes(0) ? 0 : shape.reduce((last, size, i) => last + (size - 1) * strides[i], 0) + 1;
const product = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

/** Where element i of a shape lies in an operand. */
function position(i: number, shape: number[], strides: number[]): number {
  let [rest, at] = [i, 0];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    at += (rest % shape[axis]) * strides[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return at;
}

export function binaryRows(
  shapes: readonly Broadcast[] = broadcasts,
  lengths: readonly number[] = [1, 37, 40_001],
): Row[] {
  const walked = shapes.flatMap(([shape, aStrides, bStrides]) =>
    binaryRowsOf(shape, aStrides, bStrides, [shape, aStrides, bStrides]),
  );
  const direct = lengths.flatMap((size) =>
    [
      [1, 1],
      [1, 0],
      [0, 1],
    ].flatMap(([a, b]) => binaryRowsOf([size], [a], [b], [[], [], []])),
  );
  return [...walked, ...direct, ...binaryRowsOf([0], [1], [1], [[], [], []])];
}

/** Rows of kernels y = f(a, b) over a shape walked by strides; `attributes` as the kernels take them. */
function binaryRowsOf(shape: number[], aStrides: number[], bStrides: number[], attributes: number[][]): Row[] {
  const size = product(shape);
  const [a, b] = [noise(extent(shape, aStrides), 3), noise(extent(shape, bStrides), 4)];
  const [few, others] = [a, b].map((values) => Int32Array.from(values, (value) => Math.round(3 * value)));
  const of = (f: (a: number, b: number) => number, left: ArrayLike<number>, right: ArrayLike<number>) => [
    times(size, (i) => f(left[position(i, shape, aStrides)], right[position(i, shape, bStrides)])),
  ];
  return [
    ...Object.entries(binary).map(([kernel, f]) => {
      const base = kernel === 'power' ? positive(a) : a;
      return { kernel, attributes, buffers: [unwritten(size), base, b], expected: of(f, base, b) };
    }),
    ...Object.entries(comparisons).flatMap(([kernel, holds]) => {
      const f = (left: number, right: number) => Number(holds(left, right));
      const coarse = [few, others].map((values) => Float32Array.from(values));
      return [
        { kernel, attributes, buffers: [new Uint8Array(size).fill(9), few, others], expected: of(f, few, others) },
        { kernel, attributes, buffers: [new Uint8Array(size).fill(9), ...coarse], expected: of(f, few, others) },
      ];
    }),
  ];
}

const reduced = [
  ...sizes.map((size) => [1, size, 1]),
  ...sizes.map((size) => [size, 3, 1]),
  [7, 10, 1],
  [3, 20_000, 1],
  [1, 128, 10],
  [1, 128, 784],
  [1, 3000, 5],
  [4, 1300, 70],
  [5, 3, 9],
  [0, 3, 2],
  [3, 0, 2],
];

export function reductionRows(shapes: readonly (readonly number[])[] = reduced): Row[] {
  return shapes.flatMap(([outer, size, inner]) => {
    const x = noise(outer * size * inner, 5).map((value) => Math.round(value * 64) / 64);
    const along = (o: number, i: number) => Array.from({ length: size }, (_, k) => x[(o * size + k) * inner + i]);
    const each = (f: (values: readonly number[]) => number) => [
      times(outer * inner, (i) => f(along(Math.floor(i / inner), i % inner))),
    ];
    const attributes = [outer, size, inner];
    const largest = (values: readonly number[]) => Math.max(values.indexOf(reductions.maximumOf(values)), 0);
    return [
      ...Object.entries(reductions).map(([kernel, f]) => ({
        kernel,
        attributes,
        buffers: [unwritten(outer * inner), x],
        expected: each(f),
      })),
      { kernel: 'argmax', attributes, buffers: [new Int32Array(outer * inner).fill(-1), x], expected: each(largest) },
      {
        kernel: 'channelSum',
        attributes,
        buffers: [unwritten(size), x],
        expected: [
          times(size, (k) =>
            times(outer * inner, (j) => x[(Math.floor(j / inner) * size + k) * inner + (j % inner)]).reduce(
              (a, b) => a + b,
              0,
            ),
          ),
        ],
      },
    ];
  });
}
