import { defineKernel } from '../kernel.js';
import { defineOp } from '../op.js';
import type { Tensor } from '../tensor.js';
import { mean as meanOver } from './mean.js';
import { multiply } from './multiply.js';
import {
  axesBesideChannels,
  channelSizes,
  checkChannels,
  inverseDeviation,
  type NormalizationOptions,
  normalize,
  overChannels,
} from './normalize.js';
import { square } from './square.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

const attrs = { batch: 'number', channels: 'number', size: 'number', epsilon: 'number' } as const;

const kernel = defineKernel({
  name: 'batchNorm',
  buffers: { y: 'write', mean: 'write', variance: 'write', x: 'read', scale: 'read', shift: 'read' },
  over: 'whole',
  attrs,
  flops: (_, { y }) => 7 * y,
  reference({ y, mean, variance, x, scale, shift }, { batch, channels, size, epsilon }) {
    const count = batch * size;
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let n = 0; n < batch; n++) {
        const start = (n * channels + c) * size;
        for (let i = start; i < start + size; i++) sum += x[i];
      }
      const center = sum / count;
      let squares = 0;
      for (let n = 0; n < batch; n++) {
        const start = (n * channels + c) * size;
        for (let i = start; i < start + size; i++) squares += (x[i] - center) ** 2;
      }
      mean[c] = center;
      variance[c] = squares / count;
      const factor = scale[c] / Math.sqrt(squares / count + epsilon);
      for (let n = 0; n < batch; n++) {
        const start = (n * channels + c) * size;
        for (let i = start; i < start + size; i++) y[i] = (x[i] - center) * factor + shift[c];
      }
    }
  },
});

const gradientKernel = defineKernel({
  name: 'batchNormGradient',
  buffers: {
    dx: 'write',
    dscale: 'write',
    dshift: 'write',
    x: 'read',
    scale: 'read',
    mean: 'read',
    variance: 'read',
    dy: 'read',
  },
  over: 'whole',
  attrs,
  flops: (_, { dx }) => 11 * dx,
  reference({ dx, dscale, dshift, x, scale, mean, variance, dy }, { batch, channels, size, epsilon }) {
    const count = batch * size;
    for (let c = 0; c < channels; c++) {
      const inverse = 1 / Math.sqrt(variance[c] + epsilon);
      let sum = 0;
      let product = 0;
      for (let n = 0; n < batch; n++) {
        const start = (n * channels + c) * size;
        for (let i = start; i < start + size; i++) {
          sum += dy[i];
          product += dy[i] * (x[i] - mean[c]) * inverse;
        }
      }
      dshift[c] = sum;
      dscale[c] = product;
      for (let n = 0; n < batch; n++) {
        const start = (n * channels + c) * size;
        for (let i = start; i < start + size; i++) {
          const normal = (x[i] - mean[c]) * inverse;
          dx[i] = scale[c] * inverse * (dy[i] - sum / count - (normal * product) / count);
        }
      }
    }
  },
});

/** Mean and biased variance of each channel of x. */
function statisticsOf(x: Tensor) {
  const axis = axesBesideChannels(x.shape);
  const mean = meanOver(x, { axis });
  return { axis, mean, variance: meanOver(square(subtract(x, overChannels(mean, x.shape))), { axis }) };
}

/** The gradients of `batchNorm` by x, scale and shift. In simpler ops the statistics are those of x, and depend on it. */
const batchNormGradient = defineOp({
  name: 'batchNormGradient',
  inputs: ['x', 'scale', 'mean', 'variance', 'dOut'],
  infer: ({ x, scale }, _: Required<NormalizationOptions>) => [x, scale, scale] as const,
  forward: ({ x, scale, mean, variance, dOut, y: [dx, dscale, dshift] }, { epsilon }) =>
    gradientKernel({ dx, dscale, dshift, x, scale, mean, variance, dy: dOut }, { ...channelSizes(x.shape), epsilon }),
  meaning(x, scale, _mean, _variance, dOut, { epsilon }) {
    const { axis, mean, variance } = statisticsOf(x);
    const spread = (values: Tensor) => overChannels(values, x.shape);
    const inverse = inverseDeviation(variance, epsilon);
    const normal = multiply(subtract(x, spread(mean)), spread(inverse));
    const product = multiply(dOut, normal);
    const rest = subtract(
      subtract(dOut, spread(meanOver(dOut, { axis }))),
      multiply(normal, spread(meanOver(product, { axis }))),
    );
    return [multiply(spread(multiply(scale, inverse)), rest), sum(product, { axis }), sum(dOut, { axis })];
  },
});

/**
 * Batch normalisation with the batch's own statistics: `y = (x − mean) / √(variance + ε) · scale + shift`, with mean and
 * biased variance over the batch and all positions of each channel.
 * Shapes: x [batch, channels, ...], scale [channels], shift [channels] → y as x, mean [channels], variance [channels].
 * Only y is differentiable. Errors: x without channels; numbers that are not one a channel.
 * Source: Ioffe & Szegedy 2015, arXiv:1502.03167, algorithm 1.
 */
export const batchNorm = defineOp({
  name: 'batchNorm',
  inputs: ['x', 'scale', 'shift'],
  attributes: ['epsilon'],
  infer({ x, scale, shift }, _: NormalizationOptions) {
    checkChannels(x, { scale, shift });
    return [x, scale, scale] as const;
  },
  forward({ x, scale, shift, y: [y, mean, variance] }, { epsilon = 1e-5 }) {
    kernel({ y, mean, variance, x, scale, shift }, { ...channelSizes(x.shape), epsilon });
  },
  backward({ x, scale, y: [, mean, variance], dy: [dOut] }, { epsilon = 1e-5 }) {
    const [dx, dscale, dshift] = batchNormGradient(x, scale, mean, variance, dOut, { epsilon });
    return { x: dx, scale: dscale, shift: dshift };
  },
  meaning(x, scale, shift, options) {
    const { mean, variance } = statisticsOf(x);
    return [normalize(x, mean, variance, scale, shift, options), mean.detach(), variance.detach()];
  },
});
