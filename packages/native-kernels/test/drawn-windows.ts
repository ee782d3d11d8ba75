import { noise, unwritten } from './native.js';
import type { Draw } from './random.js';
import type { Launched } from './rows.js';

/** A window's way along one direction. */
interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  readonly dilation: number;
  readonly out: number;
}

/** Samples on both sides of a whole number of vectors, channels of tiles and of vectors. */
const batches = [0, 1, 2, 3, 5, 8, 9, 16, 17, 33];
const channels = [0, 1, 1, 2, 3, 4, 5, 7, 8, 11, 16, 17, 33];
const sizes = [0, 1, 2, 3, 5, 7, 8, 9, 13, 15, 16, 17, 19, 31, 33, 67];
/** Multiplications of a convolution that the reference has time for. */
const most = 400_000;

function drawAxis(draw: Draw, plain: boolean, kernel: number): Axis {
  const size = draw.pick(sizes);
  const stride = plain ? 1 : draw.pick([1, 1, 2, 3, 4]);
  const dilation = plain ? 1 : draw.pick([1, 1, 2, 3]);
  const [pad, trailing] = plain ? [1, 1] : [draw.pick([0, 0, 1, 2, 7]), draw.pick([0, 0, 1, 3])];
  const out = Math.floor((size + pad + trailing - dilation * (kernel - 1) - 1) / stride) + 1;
  return { size, kernel, stride, pad, dilation, out: Math.max(out, 0) };
}

/** Two directions; `plain` is what tiles of 3 × 3 taps and vectors of samples are for. */
function drawAxes(draw: Draw, plain: boolean): [Axis, Axis] {
  const kernels = plain ? [3, 3] : [draw.pick([1, 2, 3, 4, 5]), draw.pick([1, 2, 3, 4, 7])];
  return [drawAxis(draw, plain, kernels[0]), drawAxis(draw, plain, kernels[1])];
}

const both = (axes: readonly Axis[], name: keyof Axis) => axes.map((axis) => axis[name]);

/** A convolution, its gradients, its adjoint and it with pooling behind it, all of one drawn geometry. */
export function convolutionRows(draw: Draw): Launched[] {
  const axes = drawAxes(draw, draw.below(2) === 0);
  const groups = draw.pick([1, 1, 1, 2, 3]);
  const [batch, inGroup, outGroup] = [draw.pick(batches), draw.pick(channels), draw.pick(channels)];
  const [inputs, outputs] = [groups * inGroup, groups * outGroup];
  const [plane, taps, outPlane] = ['size', 'kernel', 'out'].map((name) => {
    const [height, width] = both(axes, name as keyof Axis);
    return height * width;
  });
  if (batch * outputs * outPlane * inGroup * taps > most) return convolutionRows(draw);
  const windows = (['kernel', 'stride', 'pad', 'dilation'] as const).flatMap((name) => both(axes, name));
  const attributes = [batch, inputs, ...both(axes, 'size'), outputs, ...windows, groups, ...both(axes, 'out')];
  const [x, w] = [noise(batch * inputs * plane, 1), noise(outputs * inGroup * taps, 2)];
  const [y, bias, biasOfInputs] = [noise(batch * outputs * outPlane, 3), noise(outputs, 4), noise(inputs, 5)];
  const [outHeight, outWidth] = both(axes, 'out').map((out) => Math.floor(out / 2));
  const pooled = batch * outputs * outHeight * outWidth;
  const activated = [...attributes, draw.below(4)];
  return [
    { kernel: 'conv2d', attributes: activated, buffers: [unwritten(y.length), x, w, bias] },
    { kernel: 'conv2dInputGradient', attributes, buffers: [unwritten(x.length), y, w] },
    { kernel: 'conv2dWeightGradient', attributes, buffers: [unwritten(w.length), x, y] },
    { kernel: 'convTranspose2d', attributes: activated, buffers: [unwritten(x.length), y, w, biasOfInputs] },
    {
      kernel: 'conv2dMaxPool',
      attributes: activated,
      buffers: [unwritten(pooled), new Int32Array(pooled).fill(-9), x, w, bias],
    },
  ];
}

/** Pooling and its gradients, all of one drawn geometry. */
export function poolingRows(draw: Draw): Launched[] {
  const pairs = draw.below(3) === 0;
  const axes = drawAxes(draw, false).map((axis): Axis => {
    if (pairs) return { ...axis, kernel: 2, stride: 2, pad: 0, dilation: 1, out: Math.floor(axis.size / 2) };
    const pad = Math.min(axis.pad, axis.kernel - 1);
    const out = Math.floor((axis.size + 2 * pad - axis.dilation * (axis.kernel - 1) - 1) / axis.stride) + 1;
    return { ...axis, pad, out: Math.max(out, 0) };
  });
  const [batch, planes] = [draw.pick(batches), draw.pick(channels)];
  const [height, width] = both(axes, 'size');
  const [outHeight, outWidth] = both(axes, 'out');
  const [count, outPlane] = [batch * planes * height * width, outHeight * outWidth];
  const windows = (['kernel', 'stride', 'pad', 'dilation'] as const).flatMap((name) => both(axes, name));
  const attributes = [batch, planes, height, width, ...windows, outHeight, outWidth];
  const x = noise(count, 1).map((value) => Math.round(value * 8) / 8);
  const outputs = batch * planes * outPlane;
  const [y, dy] = [noise(outputs, 2), noise(outputs, 3)];
  const index = places(axes, batch * planes);
  const fresh = () => unwritten(outputs);
  const apart = axes.every(({ kernel, dilation, stride }) => stride > (kernel - 1) * dilation);
  const plainWindows = axes.every(({ dilation }) => dilation === 1);
  return [
    { kernel: 'maxPool2d', attributes, buffers: [fresh(), new Int32Array(outputs).fill(-9), x] },
    { kernel: 'maxPool2dGradient', attributes, buffers: [unwritten(count), index, dy] },
    ...(plainWindows
      ? [0, 1].flatMap((countPadding) => [
          { kernel: 'averagePool2d', attributes: [...attributes, countPadding], buffers: [fresh(), x] },
          {
            kernel: 'averagePool2dGradient',
            attributes: [...attributes, countPadding],
            buffers: [unwritten(count), dy],
          },
        ])
      : []),
    ...(apart
      ? [
          {
            kernel: 'maxPoolActivationGradient',
            attributes: [...attributes, draw.below(4)],
            buffers: [unwritten(count), index, dy, y],
          },
        ]
      : []),
  ];
}

/** For each window of each plane the last of its positions inside, −1 where there is none. */
function places(axes: readonly Axis[], planes: number): Int32Array {
  const [rows, columns] = axes.map(({ size, kernel, stride, pad, dilation, out }) =>
    Array.from({ length: out }, (_, o) => {
      const inside = Array.from({ length: kernel }, (_, k) => o * stride - pad + k * dilation);
      return inside.filter((at) => at >= 0 && at < size).at(-1) ?? -1;
    }),
  );
  const plane = rows.flatMap((row) =>
    columns.map((column) => (row < 0 || column < 0 ? -1 : row * axes[1].size + column)),
  );
  return Int32Array.from({ length: planes * plane.length }, (_, i) => plane[i % plane.length]);
}
