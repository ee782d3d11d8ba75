import { defineKernel } from '../kernel.js';
import { defineOp, type Spec } from '../op.js';
import { type Shape, ShapeError, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { channelSum } from './channel-sum.js';
import { greater } from './compare.js';
import { minimum } from './minimum.js';
import { multiply } from './multiply.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';
import { where } from './where.js';

const attrs = { batch: 'number', channels: 'number', plane: 'number' } as const;

const kernel = defineKernel({
  name: 'prelu',
  buffers: { y: 'write', x: 'read', w: { access: 'read', as: 'shared' } },
  over: 'row',
  attrs,
  flops: (_, { y }) => y,
  reference({ y, x, w }, { channels, plane }) {
    for (let i = 0; i < y.length; i++) y[i] = x[i] > 0 ? x[i] : w[Math.floor(i / plane) % channels] * x[i];
  },
});

const gradientKernel = defineKernel({
  name: 'preluGradient',
  buffers: { dx: 'write', x: 'read', w: { access: 'read', as: 'shared' }, dy: 'read' },
  over: 'row',
  attrs,
  flops: (_, { dx }) => dx,
  reference({ dx, x, w, dy }, { channels, plane }) {
    for (let i = 0; i < dx.length; i++) dx[i] = x[i] > 0 ? dy[i] : w[Math.floor(i / plane) % channels] * dy[i];
  },
});

/** One slope for all is that of a single channel. */
function sizes(x: Shape, slopes: number) {
  if (slopes === 1) return { batch: 1, channels: 1, plane: sizeOf(x) };
  const [batch, channels, ...plane] = x;
  return { batch, channels, plane: sizeOf(plane) };
}

/** The slopes in a shape that broadcasts over x. */
const spread = (w: Tensor, x: Shape) =>
  w.size === 1 ? reshape(w, []) : reshape(w, [w.size, ...x.slice(2).map(() => 1)]);

const preluGradient = defineOp({
  name: 'preluGradient',
  inputs: ['x', 'w', 'dy'],
  infer: ({ x }) => x,
  forward: ({ x, w, dy, y }) => gradientKernel({ dx: y, x, w, dy }, sizes(x.shape, w.size)),
  meaning: (x, w, dy) => where(greater(x, 0), dy, multiply(dy, spread(w, x.shape))),
});

/**
 * `y = x` above 0, `w·x` below, with one slope w for all or one a channel (axis 1). Shapes: x [batch, channels, ...],
 * w [1] or [channels] → y as x. Parity: torch.nn.functional.prelu. Errors: another number of slopes.
 * Source: He et al. 2015, arXiv:1502.01852, §2.1.
 */
export const prelu = defineOp({
  name: 'prelu',
  inputs: ['x', 'w'],
  infer({ x, w }): Spec {
    const [, channels = 1] = x.shape;
    const [slopes] = w.shape;
    if (w.shape.length !== 1 || (slopes !== 1 && slopes !== channels))
      throw new ShapeError(`w must be [1] or [${channels}], a slope a channel.`);
    if (w.dtype !== x.dtype) throw new ShapeError(`dtypes ${x.dtype} and ${w.dtype} differ; convert one with cast.`);
    return x;
  },
  forward: ({ x, w, y }) => kernel({ y, x, w }, sizes(x.shape, w.size)),
  backward: {
    x: ({ x, w, dy }) => preluGradient(x, w, dy),
    w({ x, dy, shapes }) {
      const below = multiply(minimum(x, 0), dy);
      return shapes.w[0] === 1 ? reshape(sum(below), [1]) : channelSum(below);
    },
  },
  meaning: (x, w) => where(greater(x, 0), x, multiply(x, spread(w, x.shape))),
});
