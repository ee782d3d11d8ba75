import { defineKernel } from '../kernel.js';
import { defineOp, type Spec } from '../op.js';
import { formatShape, type Shape, ShapeError, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { add } from './add.js';
import { divide } from './divide.js';
import { multiply } from './multiply.js';
import { reshape } from './reshape.js';
import { sqrt } from './sqrt.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

export interface NormalizationOptions {
  /** Added to the variance before the root is taken. Default 1e-5. */
  readonly epsilon?: number;
}

const kernel = defineKernel({
  name: 'normalize',
  buffers: {
    y: 'write',
    x: 'read',
    mean: { access: 'read', as: 'shared' },
    variance: { access: 'read', as: 'shared' },
    scale: { access: 'read', as: 'shared' },
    shift: { access: 'read', as: 'shared' },
  },
  over: 'row',
  attrs: { batch: 'number', channels: 'number', size: 'number', epsilon: 'number' },
  flops: (_, { y }) => 3 * y,
  reference({ y, x, mean, variance, scale, shift }, { batch, channels, size, epsilon }) {
    for (let row = 0; row < batch * channels; row++) {
      const c = row % channels;
      const factor = scale[c] / Math.sqrt(variance[c] + epsilon);
      for (let i = row * size; i < (row + 1) * size; i++) y[i] = (x[i] - mean[c]) * factor + shift[c];
    }
  },
});

/** Sizes of [batch, channels, ...]: all that follows the channels is one size. */
export const channelSizes = ([batch, channels, ...rest]: Shape) => ({ batch, channels, size: sizeOf(rest) });

/** Errors: x without channels, or values that are not one a channel. */
export function checkChannels(x: Spec, perChannel: Readonly<Record<string, Spec>>): void {
  if (x.shape.length < 2)
    throw new ShapeError(`x must be [batch, channels, ...]; reshape it to ${formatShape([1, ...x.shape])}.`);
  for (const [name, { shape, dtype }] of Object.entries(perChannel)) {
    if (shape.length !== 1 || shape[0] !== x.shape[1])
      throw new ShapeError(`${name} must be ${formatShape([x.shape[1]])}: a number a channel of x.`);
    if (dtype !== x.dtype) throw new ShapeError(`dtypes ${x.dtype} of x and ${dtype} of ${name} differ; use cast.`);
  }
}

/** A value a channel, shaped to broadcast over x: [channels, 1, ...]. */
export const overChannels = (values: Tensor, x: Shape): Tensor => reshape(values, [x[1], ...x.slice(2).map(() => 1)]);

/** The axes of [batch, channels, ...] but that of the channels. */
export const axesBesideChannels = (x: Shape): number[] => x.flatMap((_, i) => (i === 1 ? [] : [i]));

const perChannel = (x: Tensor) => sum(x, { axis: axesBesideChannels(x.shape) });

/** `1 / √(variance + ε)`, a number a channel. */
export const inverseDeviation = (variance: Tensor, epsilon: number) => divide(1, sqrt(add(variance, epsilon)));

/**
 * Normalisation by given statistics, as batch normalisation does in evaluation:
 * `y = (x − mean) / √(variance + ε) · scale + shift`.
 * Shapes: x [batch, channels, ...], the others [channels] → y as x. Errors: numbers that are not one a channel.
 * Source: Ioffe & Szegedy 2015, arXiv:1502.03167, algorithm 2.
 */
export const normalize = defineOp({
  name: 'normalize',
  inputs: ['x', 'mean', 'variance', 'scale', 'shift'],
  attributes: ['epsilon'],
  infer({ x, ...rest }, _: NormalizationOptions): Spec {
    const { mean, variance, scale, shift } = rest;
    checkChannels(x, { mean, variance, scale, shift });
    return { shape: x.shape, dtype: x.dtype };
  },
  forward: ({ x, mean, variance, scale, shift, y }, { epsilon = 1e-5 }) =>
    kernel({ y, x, mean, variance, scale, shift }, { ...channelSizes(x.shape), epsilon }),
  backward: {
    x: ({ variance, scale, dy }, { epsilon = 1e-5 }) =>
      multiply(dy, overChannels(multiply(scale, inverseDeviation(variance, epsilon)), dy.shape)),
    mean: ({ variance, scale, dy }, { epsilon = 1e-5 }) =>
      multiply(multiply(perChannel(dy), -1), multiply(scale, inverseDeviation(variance, epsilon))),
    variance({ x, mean, variance, scale, dy }, { epsilon = 1e-5 }) {
      const product = perChannel(multiply(dy, subtract(x, overChannels(mean, x.shape))));
      const slope = divide(inverseDeviation(variance, epsilon), multiply(add(variance, epsilon), -2));
      return multiply(multiply(product, scale), slope);
    },
    scale: ({ x, mean, variance, dy }, { epsilon = 1e-5 }) =>
      multiply(perChannel(multiply(dy, subtract(x, overChannels(mean, x.shape)))), inverseDeviation(variance, epsilon)),
    shift: ({ dy }) => perChannel(dy),
  },
  meaning(x, mean, variance, scale, shift, { epsilon = 1e-5 }) {
    const factor = multiply(scale, inverseDeviation(variance, epsilon));
    const centered = subtract(x, overChannels(mean, x.shape));
    return add(multiply(centered, overChannels(factor, x.shape)), overChannels(shift, x.shape));
  },
});
