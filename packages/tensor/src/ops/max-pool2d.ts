import { empty } from '../create.js';
import { defineKernel } from '../kernel.js';
import { defineOp, type Op, type Spec } from '../op.js';
import type { Shape } from '../shape.js';
import { type PoolOptions, poolAttributes, poolGeometry } from './pool.js';
import type { Size2d } from './window.js';

export interface MaxPool2dOptions extends PoolOptions {
  /** Distance between the elements of a window. Default 1. */
  readonly dilation?: Size2d;
}

/** y, index = the largest value of each window, NaN above all, and where the first such lies in its plane (−1: nowhere). */
export const maxPool2dKernel = defineKernel({
  name: 'maxPool2d',
  buffers: { y: 'write', index: 'write', x: 'read' },
  over: 'row',
  attrs: poolAttributes,
  flops: ({ kernelHeight, kernelWidth }, { y }) => kernelHeight * kernelWidth * y,
  reference({ y, index, x }, g) {
    const { height, width, kernelHeight, kernelWidth, dilationHeight, dilationWidth } = g;
    let yi = 0;
    for (let p = 0; p < g.batch * g.channels; p++) {
      const start = p * height * width;
      for (let oh = 0; oh < g.outHeight; oh++) {
        for (let ow = 0; ow < g.outWidth; ow++, yi++) {
          let largest = -Infinity;
          let at = -1;
          for (let kh = 0; kh < kernelHeight; kh++) {
            const h = oh * g.strideHeight - g.padTop + kh * dilationHeight;
            if (h < 0 || h >= height) continue;
            for (let kw = 0; kw < kernelWidth; kw++) {
              const w = ow * g.strideWidth - g.padLeft + kw * dilationWidth;
              if (w < 0 || w >= width) continue;
              const value = x[start + h * width + w];
              if (at < 0 || value > largest || (Number.isNaN(value) && !Number.isNaN(largest))) {
                largest = value;
                at = h * width + w;
              }
            }
          }
          y[yi] = largest;
          index[yi] = at;
        }
      }
    }
  },
});

const gradientKernel = defineKernel({
  name: 'maxPool2dGradient',
  buffers: { dx: 'write', index: 'read', dy: 'read' },
  over: 'row',
  attrs: poolAttributes,
  flops: (_, { dy }) => dy,
  reference({ dx, index, dy }, { batch, channels, height, width, outHeight, outWidth }) {
    dx.fill(0);
    const outPlane = outHeight * outWidth;
    for (let p = 0; p < batch * channels; p++)
      for (let i = p * outPlane; i < (p + 1) * outPlane; i++)
        if (index[i] >= 0) dx[p * height * width + index[i]] += dy[i];
  },
});

const pickKernel = defineKernel({
  name: 'maxPool2dPick',
  buffers: { y: 'write', x: 'read', index: 'read' },
  over: 'row',
  attrs: poolAttributes,
  reference({ y, x, index }, { batch, channels, height, width, outHeight, outWidth }) {
    const outPlane = outHeight * outWidth;
    for (let p = 0; p < batch * channels; p++)
      for (let i = p * outPlane; i < (p + 1) * outPlane; i++)
        y[i] = index[i] >= 0 ? x[p * height * width + index[i]] : 0;
  },
});

/** The options of the pooling, and the shape of the images it pooled. */
type PickedOptions = MaxPool2dOptions & { readonly shape: Shape };

/** The gradient of `maxPool2d`: dy goes to where the maxima were; overlapping windows add. */
const maxPool2dGradient: Op<readonly ['dOut', 'index'], PickedOptions, Spec> = defineOp({
  name: 'maxPool2dGradient',
  inputs: ['dOut', 'index'],
  infer: ({ dOut }, { shape }: PickedOptions): Spec => ({ shape, dtype: dOut.dtype }),
  forward: ({ dOut, index, y }, options) =>
    gradientKernel({ dx: y, index, dy: dOut }, poolGeometry(options.shape, options)),
  backward: { dOut: ({ index, dy }, options) => maxPool2dPick(dy, index, options) },
});

/** The adjoint of that gradient: the values of x where the maxima were. */
const maxPool2dPick: Op<readonly ['x', 'index'], PickedOptions, Spec> = defineOp({
  name: 'maxPool2dPick',
  inputs: ['x', 'index'],
  infer: ({ x, index }, _: PickedOptions): Spec => ({ shape: index.shape, dtype: x.dtype }),
  forward: ({ x, index, y }, options) => pickKernel({ y, x, index }, poolGeometry(options.shape, options)),
  backward: { x: ({ index, dy }, options) => maxPool2dGradient(dy, index, options) },
});

/**
 * The largest value of each window; padding never wins, NaN does, and the first of equals takes the gradient.
 * Shapes: x [batch, channels, H, W] → y [batch, channels, H', W'], with `H' = ⌊(H + 2·padding − dilation·(kernel − 1) − 1) /
 * stride⌋ + 1` (⌈⌉ in ceil mode). Errors: no batch dimension; a window larger than the padded image, or wholly in the padding.
 */
export const maxPool2d = defineOp({
  name: 'maxPool2d',
  inputs: ['x'],
  attributes: ['kernelSize', 'stride', 'padding', 'dilation', 'ceilMode'],
  infer({ x }, options: MaxPool2dOptions): Spec {
    const { batch, channels, outHeight, outWidth } = poolGeometry(x.shape, options);
    return { shape: [batch, channels, outHeight, outWidth], dtype: x.dtype };
  },
  forward({ x, y }, options) {
    const index = empty(y.shape, 'i32');
    maxPool2dKernel({ y, index, x }, poolGeometry(x.shape, options));
    return { index };
  },
  backward: { x: ({ index, dy, shapes }, options) => maxPool2dGradient(dy, index, { ...options, shape: shapes.x }) },
});
