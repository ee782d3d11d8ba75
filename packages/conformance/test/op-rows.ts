import {
  abs,
  adaptiveAveragePool2d,
  add,
  argmax,
  averagePool1d,
  averagePool2d,
  averagePool3d,
  batchNorm,
  cast,
  channelSum,
  clamp,
  concat,
  conv1d,
  conv2d,
  conv3d,
  convTranspose2d,
  cos,
  ctcLogLikelihood,
  divide,
  dropout,
  elu,
  equal,
  exp,
  expand,
  flatten,
  gatherBytes,
  gatherRows,
  gelu,
  greater,
  greaterEqual,
  hardTanh,
  interpolate2d,
  leakyRelu,
  less,
  lessEqual,
  linear,
  log,
  logSoftmax,
  matmul,
  max,
  maximum,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  mean,
  min,
  minimum,
  movingAverage,
  multiply,
  negate,
  normal,
  normalize,
  notEqual,
  oneHot,
  pad,
  permute,
  power,
  prelu,
  reciprocal,
  relu,
  reshape,
  sigmoid,
  sign,
  silu,
  sin,
  slice,
  softmax,
  softmaxCrossEntropy,
  softplus,
  sqrt,
  square,
  stack,
  subtract,
  sum,
  sumTo,
  tanh,
  transpose,
  uniform,
  variance,
  where,
} from '@nn/tensor';
import { type DrawSpec, type OpCase, opCase } from '@nn/testing';

const integers = (shape: readonly number[], high: number): DrawSpec => ({ shape, dtype: 'i32', high });
const bytes = (shape: readonly number[], high = 2): DrawSpec => ({ shape, dtype: 'u8', high });

/** Element by element. */
const unary: OpCase[] = [
  opCase(abs, [3, 4], { avoid: [0] }),
  opCase(clamp, [3, 4], { attrs: { low: -0.5, high: 1 }, avoid: [-0.5, 1] }),
  opCase(clamp, [5], { attrs: { low: 0 }, avoid: [0] }),
  opCase(cos, [3, 4]),
  opCase(elu, [3, 4], { avoid: [0] }),
  opCase(elu, [3, 4], { attrs: { alpha: 0.5 }, avoid: [0] }),
  opCase(exp, [3, 4]),
  opCase(gelu, [3, 4]),
  opCase(hardTanh, [3, 4], { avoid: [-1, 1] }),
  opCase(hardTanh, [3, 4], { attrs: { low: -0.5, high: 1.5 }, avoid: [-0.5, 1.5] }),
  opCase(leakyRelu, [3, 4], { avoid: [0] }),
  opCase(leakyRelu, [3, 4], { attrs: { slope: 0.2 }, avoid: [0] }),
  opCase(log, [3, 4], { low: 0.2, high: 3 }),
  opCase(negate, [3, 4]),
  opCase(prelu, [3, 4], [1], { avoid: [0] }),
  opCase(prelu, [2, 3, 2], [3], {
    avoid: [0],
    shapes: [
      [[0, 3, 2], [3]],
      [[5, 1, 7], [1]],
      [[33, 65, 17], [65]],
    ],
  }),
  opCase(reciprocal, [3, 4], { avoid: [0], margin: 0.3 }),
  opCase(relu, [3, 4], { avoid: [0] }),
  opCase(sigmoid, [3, 4]),
  opCase(sign, [3, 4], { avoid: [0] }),
  opCase(silu, [3, 4]),
  opCase(sin, [3, 4]),
  opCase(softplus, [3, 4]),
  opCase(sqrt, [3, 4], { low: 0.2, high: 3 }),
  opCase(square, [3, 4]),
  opCase(tanh, [3, 4]),
  opCase(cast, [3, 4], { attrs: { dtype: 'f64' } }),
  opCase(cast, [3, 4], { attrs: { dtype: 'i32' }, differentiable: false }),
  opCase(cast, integers([3, 4], 300), { attrs: { dtype: 'u8' }, differentiable: false }),
  opCase(cast, bytes([3, 4], 256), { attrs: { dtype: 'f32' }, differentiable: false }),
];

/** Ways in which two operands broadcast: equal, a scalar, a row, a column, new leading axes, both ways at once. */
const broadcasts: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [3, 4],
    [3, 4],
  ],
  [[3, 4], []],
  [[], [3, 4]],
  [[3, 4], [4]],
  [
    [3, 1],
    [1, 4],
  ],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [
    [2, 1, 4, 1],
    [3, 1, 5],
  ],
];

const broadcast = (op: typeof add, options: { low?: number; avoid?: number[]; margin?: number } = {}) =>
  broadcasts.map(([a, b]) => opCase(op, a, b, options));

const binary: OpCase[] = [
  ...broadcast(add),
  ...broadcast(subtract),
  ...broadcast(multiply),
  ...broadcast(divide, { avoid: [0], margin: 0.3 }),
  ...broadcast(maximum),
  ...broadcast(minimum),
  ...broadcast(power, { low: 0.3 }),
  opCase(add, integers([3, 4], 9), integers([4], 9), { differentiable: false }),
  ...[equal, notEqual, greater, greaterEqual, less, lessEqual].flatMap((op) => [
    opCase(op, [3, 4], [3, 4], { differentiable: false }),
    opCase(op, [3, 1], [4], { differentiable: false }),
    opCase(op, integers([3, 4], 3), integers([4], 3), { differentiable: false }),
  ]),
  opCase(where, bytes([3, 4]), [3, 4], [3, 4]),
  opCase(where, bytes([4]), [3, 1], []),
  opCase(sumTo, [2, 3, 4], { run: (x) => sumTo(x, [3, 1]), shapes: [[[2, 3, 7]], [[0, 3, 4]], [[65, 3, 129]]] }),
];

/** Along axes. */
const reductions: OpCase[] = [
  ...[sum, mean, max, min].flatMap((op) => [
    opCase(op, [2, 3, 4]),
    opCase(op, []),
    opCase(op, [2, 3, 4], { attrs: { axis: 1 } }),
    opCase(op, [2, 3, 4], { attrs: { axis: [0, -1], keepDims: true } }),
  ]),
  opCase(sum, integers([3, 4], 9), { attrs: { axis: 0 }, differentiable: false }),
  opCase(sum, bytes([3, 400], 256), { note: 'beyond a byte', differentiable: false }),
  opCase(sum, bytes([3, 4, 50], 256), { attrs: { axis: [0, 2] }, differentiable: false }),
  opCase(channelSum, [2, 3, 2, 4]),
  opCase(channelSum, [5, 3]),
  opCase(variance, [2, 3, 4], { attrs: { axis: [0, 2] } }),
  opCase(variance, [3, 4], { attrs: { axis: -1, correction: 1, keepDims: true } }),
  opCase(argmax, [2, 3, 4], { differentiable: false }),
  opCase(argmax, [2, 3, 4], { attrs: { axis: 1 }, differentiable: false }),
  opCase(softmax, [3, 4]),
  opCase(softmax, [2, 3, 4]),
  opCase(logSoftmax, [3, 4]),
  opCase(logSoftmax, [2, 3, 4]),
  opCase(softmaxCrossEntropy, [3, 4], integers([3], 4), {
    run: (logits, target) => softmaxCrossEntropy(logits, target)[0],
    shapes: [
      [[0, 4], [0]],
      [[1, 4], [1]],
      [[7, 5], [7]],
      [[129, 10], [129]],
    ],
  }),
  opCase(
    ctcLogLikelihood,
    [3, 5, 4],
    { ...integers([3, 2], 4), low: 1 },
    { ...integers([3], 6), low: 3 },
    integers([3], 3),
    {
      shapes: [
        [[0, 5, 4], [0, 2], [0], [0]],
        [[1, 5, 4], [1, 2], [1], [1]],
        [[17, 9, 5], [17, 3], [17], [17]],
      ],
    },
  ),
  opCase(
    ctcLogLikelihood,
    [2, 6, 3],
    integers([2, 3], 2),
    { ...integers([2], 7), low: 6 },
    { ...integers([2], 4), low: 2 },
    {
      attrs: { blank: 2 },
      note: 'labels that repeat',
      shapes: [[[9, 8, 3], [9, 4], [9], [9]]],
    },
  ),
];

const products: OpCase[] = [
  opCase(matmul, [3, 4], [4, 2]),
  opCase(matmul, [4, 3], [4, 2], { attrs: { transposeA: true } }),
  opCase(matmul, [3, 4], [2, 4], { attrs: { transposeB: true } }),
  opCase(matmul, [4, 3], [2, 4], { attrs: { transposeA: true, transposeB: true } }),
  opCase(matmul, [3, 4], [4, 2], {
    note: 'sizes that are split among threads and panels',
    shapes: [
      [
        [200, 190],
        [190, 210],
      ],
      [
        [1, 999],
        [999, 301],
      ],
      [
        [301, 999],
        [999, 1],
      ],
      [
        [1024, 9],
        [9, 65],
      ],
    ],
  }),
  opCase(matmul, [5, 3, 4], [5, 4, 2]),
  opCase(matmul, [5, 3, 4], [4, 2], { note: 'one right operand for all' }),
  opCase(matmul, [2, 1, 3, 4], [5, 4, 3], { note: 'leading axes broadcast both ways' }),
  opCase(linear, [3, 4], [2, 4], [2]),
  opCase(linear, [5, 3, 4], [2, 4], [2]),
  opCase(linear, [3, 4], [2, 4], [2], {
    note: 'the layers of a network',
    shapes: [
      [[128, 784], [128, 784], [128]],
      [[128, 400], [120, 400], [120]],
      [[33, 84], [10, 84], [10]],
    ],
  }),
];

const vector = (size: number): readonly number[] => [size];

/** Images, weights and biases of a convolution from `size` × `size` images. */
const convolution = (
  batch: number,
  inChannels: number,
  size: number,
  outChannels: number,
  kernel: number,
  groups = 1,
) =>
  [[batch, inChannels, size, size], [outChannels, inChannels / groups, kernel, kernel], vector(outChannels)] as const;

const convolutions: OpCase[] = [
  opCase(conv2d, [2, 3, 6, 5], [4, 3, 3, 2], [4], {
    shapes: [
      [[0, 3, 6, 5], [4, 3, 3, 2], [4]],
      [[1, 1, 3, 2], [1, 1, 3, 2], [1]],
      [[3, 2, 17, 9], [5, 2, 3, 2], [5]],
      convolution(20, 1, 28, 6, 5),
      convolution(20, 6, 14, 16, 5),
      convolution(9, 17, 8, 33, 3),
      convolution(5, 9, 13, 7, 1),
    ],
  }),
  opCase(conv2d, [2, 3, 6, 5], [4, 3, 3, 2], [], { note: 'one bias for all', shapes: [] }),
  opCase(conv2d, [2, 2, 7, 6], [3, 2, 3, 2], [3], {
    attrs: { stride: [2, 1], padding: [1, 2], dilation: [1, 2] },
    shapes: [[[5, 2, 20, 13], [3, 2, 3, 2], [3]]],
  }),
  opCase(conv2d, [2, 2, 7, 6], [3, 2, 2, 3], [3], {
    attrs: { stride: [3, 2], padding: [0, 1, 2, 1] },
    shapes: [[[5, 2, 20, 13], [3, 2, 2, 3], [3]]],
  }),
  opCase(conv2d, [2, 2, 5, 4], [3, 2, 4, 3], [3], {
    attrs: { padding: 'same', dilation: [1, 2] },
    shapes: [convolution(7, 2, 28, 6, 5), convolution(3, 5, 9, 4, 2)],
  }),
  opCase(conv2d, [2, 4, 5, 4], [6, 2, 3, 2], [6], {
    attrs: { groups: 2 },
    shapes: [convolution(4, 8, 11, 12, 3, 2)],
  }),
  opCase(conv2d, [2, 4, 5, 4], [4, 1, 3, 3], [4], {
    attrs: { groups: 4, padding: 1 },
    note: 'a filter a channel',
    shapes: [[[4, 4, 30, 30], [4, 1, 3, 3], [4]]],
  }),
  opCase(conv2d, [2, 2, 6, 7], [3, 2, 3, 2], [3], {
    attrs: { padding: [1, -2, 0, -1] },
    note: 'last rows and columns left out',
    shapes: [[[20, 6, 14, 13], [16, 6, 5, 5], [16]]],
  }),
];

/** Transposed: inputs and outputs change places in w. */
const transposed: OpCase[] = [
  opCase(convTranspose2d, [2, 3, 4, 5], [3, 4, 3, 2], [4], {
    shapes: [
      [[0, 3, 4, 5], [3, 4, 3, 2], [4]],
      [[1, 1, 1, 1], [1, 1, 3, 2], [1]],
      [[3, 5, 17, 9], [5, 2, 3, 2], [2]],
      [[20, 16, 10, 10], [16, 6, 5, 5], [6]],
      [[9, 33, 6, 6], [33, 17, 3, 3], [17]],
    ],
  }),
  opCase(convTranspose2d, [2, 3, 4, 5], [3, 4, 3, 2], [], { note: 'one bias for all', shapes: [] }),
  opCase(convTranspose2d, [2, 3, 4, 3], [3, 2, 3, 3], [2], {
    attrs: { stride: 2, padding: 1, outputPadding: 1 },
    shapes: [
      [[19, 32, 7, 7], [32, 16, 3, 3], [16]],
      [[9, 16, 14, 14], [16, 1, 3, 3], [1]],
    ],
  }),
  opCase(convTranspose2d, [2, 2, 3, 4], [2, 3, 3, 2], [3], {
    attrs: { stride: [3, 1], padding: [1, 0, 2, 1], outputPadding: [2, 1], dilation: [1, 2] },
    note: 'everything on one side',
    shapes: [[[5, 2, 9, 13], [2, 3, 3, 2], [3]]],
  }),
  opCase(convTranspose2d, [2, 2, 3, 4], [2, 3, 2, 3], [3], {
    attrs: { outputPadding: [2, 0], dilation: [3, 1], padding: 'same' },
    shapes: [[[5, 2, 9, 13], [2, 3, 2, 3], [3]]],
  }),
  opCase(convTranspose2d, [2, 4, 3, 4], [4, 3, 3, 2], [6], {
    attrs: { groups: 2, stride: 2 },
    shapes: [[[4, 12, 7, 7], [12, 4, 3, 3], [8]]],
  }),
];

/** Over sequences and volumes. */
const otherConvolutions: OpCase[] = [
  opCase(conv1d, [2, 3, 7], [4, 3, 3], [4], {
    shapes: [
      [[0, 3, 7], [4, 3, 3], [4]],
      [[9, 17, 65], [33, 17, 3], [33]],
    ],
  }),
  opCase(conv1d, [2, 4, 9], [6, 2, 3], [6], {
    attrs: { stride: 2, padding: [2, 1], dilation: 2, groups: 2 },
    shapes: [[[5, 4, 40], [6, 2, 3], [6]]],
  }),
  opCase(conv1d, [2, 2, 5], [3, 2, 4], [], { attrs: { padding: 'same' }, note: 'one bias for all', shapes: [] }),
  opCase(conv3d, [2, 2, 4, 4, 3], [3, 2, 2, 3, 2], [3], {
    shapes: [
      [[0, 2, 4, 4, 3], [3, 2, 2, 3, 2], [3]],
      [[3, 5, 7, 9, 8], [6, 5, 3, 3, 3], [6]],
    ],
  }),
  opCase(conv3d, [1, 4, 4, 5, 3], [4, 2, 2, 2, 2], [4], {
    attrs: { stride: [1, 2, 3], padding: [1, 0, 0, 1, 2, 1], dilation: [2, 1, 2], groups: 2 },
    note: 'another size in each direction',
    shapes: [[[3, 4, 9, 8, 11], [4, 2, 2, 2, 2], [4]]],
  }),
  opCase(conv3d, [1, 2, 3, 3, 2], [2, 2, 3, 2, 1], [], { attrs: { padding: 'same' }, shapes: [] }),
];

/** Images that fit any small window. */
const images = [[[0, 2, 6, 5]], [[1, 1, 3, 3]], [[20, 6, 28, 28]], [[3, 17, 13, 9]]];

const poolings: OpCase[] = [
  ...[maxPool2d, averagePool2d].flatMap((op) => [
    opCase(op, [2, 3, 6, 4], { attrs: { kernelSize: 2 }, shapes: images }),
    opCase(op, [2, 2, 6, 5], { attrs: { kernelSize: [3, 2], stride: 1 }, note: 'overlapping', shapes: images }),
    opCase(op, [2, 2, 6, 5], { attrs: { kernelSize: 3, stride: 2, padding: 1 }, shapes: images }),
    opCase(op, [2, 2, 6, 5], { attrs: { kernelSize: [2, 3], padding: [1, 0], ceilMode: true }, shapes: images }),
  ]),
  opCase(maxPool2d, [2, 2, 7, 6], {
    attrs: { kernelSize: 2, dilation: [2, 3], stride: 1 },
    shapes: [[[5, 3, 20, 21]]],
  }),
  opCase(averagePool2d, [2, 2, 6, 5], {
    attrs: { kernelSize: 3, stride: 2, padding: 1, countPadding: false },
    shapes: images,
  }),
  opCase(averagePool2d, [2, 2, 5, 4], {
    run: (x) => square(averagePool2d(x, { kernelSize: 2, stride: 1 })),
    note: 'squared, so that its gradient has one',
    shapes: images,
  }),
];

const sequences = [[[0, 2, 9]], [[1, 1, 3]], [[20, 6, 129]]];
const volumes = [[[0, 2, 4, 5, 6]], [[1, 1, 3, 3, 3]], [[5, 3, 9, 10, 11]]];

/** Over sequences and volumes, and to other sizes. */
const otherPoolings: OpCase[] = [
  ...[maxPool1d, averagePool1d].flatMap((op) => [
    opCase(op, [2, 3, 9], { attrs: { kernelSize: 2 }, shapes: sequences }),
    opCase(op, [2, 3, 8], { attrs: { kernelSize: 3, stride: 2, padding: 1, ceilMode: true }, shapes: sequences }),
  ]),
  opCase(maxPool1d, [2, 2, 9], { attrs: { kernelSize: 3, dilation: 2, stride: 1 }, shapes: [[[5, 3, 21]]] }),
  opCase(averagePool1d, [2, 2, 9], { attrs: { kernelSize: 3, padding: 1, countPadding: false }, shapes: sequences }),
  ...[maxPool3d, averagePool3d].flatMap((op) => [
    opCase(op, [2, 2, 4, 5, 4], { attrs: { kernelSize: 2 }, shapes: volumes }),
    opCase(op, [1, 2, 5, 4, 5], {
      attrs: { kernelSize: [3, 2, 3], stride: [1, 2, 2], padding: [1, 0, 1], ceilMode: true },
      shapes: volumes,
    }),
  ]),
  opCase(maxPool3d, [1, 2, 5, 4, 3], { attrs: { kernelSize: 2, dilation: [3, 2, 1], stride: 1 }, shapes: [] }),
  opCase(averagePool3d, [1, 2, 4, 5, 3], {
    attrs: { kernelSize: 3, stride: 2, padding: 1, countPadding: false },
    shapes: volumes,
  }),
  opCase(adaptiveAveragePool2d, [2, 3, 6, 4], { attrs: { outputSize: [3, 2] }, shapes: images }),
  opCase(adaptiveAveragePool2d, [2, 2, 5, 7], { attrs: { outputSize: [3, 4] }, note: 'overlapping', shapes: images }),
  opCase(adaptiveAveragePool2d, [2, 2, 3, 2], { attrs: { outputSize: 4 }, note: 'enlarging', shapes: images }),
  opCase(interpolate2d, [2, 3, 3, 4], { attrs: { scaleFactor: 2 }, shapes: images }),
  opCase(interpolate2d, [2, 2, 5, 4], { attrs: { size: [3, 7] }, shapes: images }),
  ...[{ scaleFactor: 2 }, { scaleFactor: [1.5, 0.6] }, { size: [7, 3] }, { size: [1, 5], alignCorners: true }].map(
    (attrs) => opCase(interpolate2d, [2, 2, 4, 5], { attrs: { ...attrs, mode: 'bilinear' }, shapes: images }),
  ),
];

const normalizations: OpCase[] = [
  ...[
    [4, 3],
    [4, 3, 5],
    [4, 3, 2, 5],
  ].map((shape) => opCase(batchNorm, shape, [3], [3], { run: (x, scale, shift) => batchNorm(x, scale, shift)[0] })),
  opCase(batchNorm, [4, 3], [3], [3], {
    attrs: { epsilon: 0.1 },
    run: (x, scale, shift) => batchNorm(x, scale, shift, { epsilon: 0.1 })[0],
  }),
  ...[
    [4, 3],
    [4, 3, 2, 5],
  ].map((shape) => opCase(normalize, shape, [3], { shape: [3], low: 0.5, high: 3 }, [3], [3])),
  opCase(movingAverage, [3, 4], [3, 4], {
    run(start, value) {
      const average = negate(start).detach();
      movingAverage(average, value, { momentum: 0.1, factor: 1.5 });
      return average;
    },
    differentiable: false,
  }),
];

const random: OpCase[] = [
  opCase(uniform, [3, 5], {
    run: ({ shape }) => uniform(shape, { low: -1, high: 3 }),
    differentiable: false,
    special: [],
  }),
  opCase(normal, [3, 5], {
    run: ({ shape }) => normal(shape, { mean: 1, bound: 2 }),
    differentiable: false,
    special: [],
  }),
  opCase(dropout, [3, 4], { attrs: { probability: 0.4 } }),
  opCase(dropout, [5, 7], { attrs: { probability: 1 }, note: 'nothing left', twice: false }),
];

/** The same numbers elsewhere. */
const moves: OpCase[] = [
  opCase(reshape, [3, 4], { run: (x) => reshape(x, [2, -1]), launches: false, shapes: [[[2, 6]], [[6, 0]]] }),
  opCase(flatten, [2, 3, 4], { launches: false }),
  opCase(expand, [3, 1], { attrs: { shape: [2, 3, 4] }, shapes: [[[1]], [[3, 4]], [[2, 3, 1]]] }),
  opCase(permute, [2, 3, 4], { attrs: { axes: [2, 0, 1] } }),
  opCase(permute, bytes([2, 3, 4], 256), { attrs: { axes: [0, 2, 1] }, differentiable: false }),
  opCase(permute, integers([2, 3, 4], 99), { attrs: { axes: [1, 0, 2] }, differentiable: false }),
  opCase(transpose, [3, 4]),
  opCase(transpose, [2, 3, 4]),
  opCase(slice, [5, 4], { attrs: { start: 1, end: 3 }, shapes: [[[3, 1]], [[3, 0]], [[100, 257]]] }),
  opCase(slice, [3, 5], { attrs: { axis: -1, start: 2 }, shapes: [[[1, 2]], [[0, 4]], [[100, 257]]] }),
  opCase(pad, [3, 4], { attrs: { axis: 1, before: 2, after: 1 } }),
  opCase(pad, [3, 4], { attrs: { axis: 0, before: 0, after: 3 } }),
  opCase(concat, [2, 3], [4, 3], { run: (a, b) => concat([a, b]) }),
  opCase(concat, [2, 3], [2, 1], [2, 4], { run: (...parts) => concat(parts, { axis: -1 }), note: 'three parts' }),
  opCase(stack, [2, 3], [2, 3], [2, 3], { run: (...parts) => stack(parts, { axis: 1 }) }),
  opCase(gatherRows, [5, 3], integers([4], 5), {
    shapes: [
      [[5, 3], [0]],
      [[5, 0], [4]],
      [[5, 1], [1]],
      [[5, 257], [300]],
    ],
  }),
  opCase(gatherRows, [5, 2, 3], integers([2, 2], 5), {
    note: 'rows of two axes, an index of two',
    shapes: [
      [
        [5, 1, 7],
        [9, 3],
      ],
    ],
  }),
  opCase(gatherRows, bytes([5, 3], 256), integers([4], 5), { differentiable: false, shapes: [[[5, 784], [128]]] }),
  opCase(gatherBytes, bytes([5, 2, 3], 256), integers([4], 5), [256, 2], {
    note: 'a table for each channel',
    shapes: [
      [[5, 2, 0], [4], [256, 2]],
      [[5, 0, 3], [4], [256, 0]],
      [[5, 3, 257], [0], [256, 3]],
      [[7, 3, 11, 13], [30], [256, 3]],
    ],
  }),
  opCase(gatherBytes, bytes([5, 4], 256), integers([2, 3], 5), [256, 1], {
    note: 'one table, an index of two axes',
    shapes: [
      [[5], [7], [256, 1]],
      [
        [9, 1, 28, 28],
        [64, 2],
        [256, 1],
      ],
    ],
  }),
  opCase(gatherBytes, bytes([5], 256), integers([4], 5), integers([256, 1], 256), {
    note: 'labels',
    differentiable: false,
    shapes: [[[1000], [128], [256, 1]]],
  }),
  opCase(oneHot, integers([3, 2], 4), { attrs: { classes: 4 }, differentiable: false }),
];

/** One row or more for every op of @nn/tensor. */
export const opRows: readonly OpCase[] = [
  ...unary,
  ...binary,
  ...reductions,
  ...products,
  ...convolutions,
  ...transposed,
  ...otherConvolutions,
  ...poolings,
  ...otherPoolings,
  ...normalizations,
  ...random,
  ...moves,
];
