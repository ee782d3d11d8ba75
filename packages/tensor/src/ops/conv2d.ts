import { defineOp, type Op, type Spec } from '../op.js';
import { formatShape, type Shape, ShapeError } from '../shape.js';
import { channelSum } from './channel-sum.js';
import {
  type Conv2dGeometry,
  conv2dInputGradientKernel,
  conv2dKernel,
  conv2dWeightGradientKernel,
} from './conv2d-kernels.js';
import { expand } from './expand.js';
import { sumTo } from './sum-to.js';
import { type WindowOptions, windowGeometry } from './window.js';

export interface Conv2dOptions extends Omit<WindowOptions, 'kernelSize' | 'ceilMode'> {
  /** Channels are split into so many groups, each with its own weights. Default 1. */
  readonly groups?: number;
}

/** The sizes of a convolution of x with w. Errors: shapes and options that do not fit. */
export function conv2dGeometry(x: Shape, w: Shape, options: Conv2dOptions): Conv2dGeometry {
  if (w.length !== 4) throw new ShapeError('w must be [out, in / groups, height, width].');
  const [outChannels, inGroup, ...kernelSize] = w;
  const windows = windowGeometry(x, { ...options, kernelSize: kernelSize as [number, number] });
  const [batch, inChannels] = x;
  const { groups = 1 } = options;
  if (!(Number.isInteger(groups) && groups > 0 && inChannels % groups === 0 && outChannels % groups === 0))
    throw new ShapeError(`groups ${groups} must divide the ${inChannels} input and ${outChannels} output channels.`);
  if (inGroup * groups !== inChannels)
    throw new ShapeError(
      `x has ${inChannels} channels, and w expects ${inGroup * groups}; change the layer's inChannels or the image.`,
    );
  return { batch, inChannels, outChannels, groups, ...windows };
}

/**
 * Two-dimensional convolution (cross-correlation, as in all frameworks):
 * `y[n, o, i, j] = b[o] + Σ over c, k, l of w[o, c, k, l] · x[n, c, i·stride + k·dilation − top, j·stride + l·dilation − left]`,
 * where x is 0 outside the image. Shapes: x [batch, in, H, W], w [out, in / groups, kernelHeight, kernelWidth],
 * b [out] or one number → y [batch, out, H', W'], `H' = ⌊(H + top + bottom − dilation·(kernelHeight − 1) − 1) / stride⌋ + 1`.
 * Errors: no batch dimension; channels, groups or sizes that do not fit; a window larger than the padded image.
 * Source: Dumoulin & Visin 2016, arXiv:1603.07285, §2; Goodfellow et al. 2016, "Deep Learning", §9.5.
 */
export const conv2d: Op<readonly ['x', 'w', 'b'], Conv2dOptions, Spec> = defineOp({
  name: 'conv2d',
  inputs: ['x', 'w', 'b'],
  attributes: ['stride', 'padding', 'dilation', 'groups'],
  infer({ x, w, b }, options: Conv2dOptions): Spec {
    const { batch, outChannels, outHeight, outWidth } = conv2dGeometry(x.shape, w.shape, options);
    if (b.shape.length > 0 && (b.shape.length > 1 || b.shape[0] !== outChannels))
      throw new ShapeError(`b must be ${formatShape([outChannels])}, to fit w.`);
    if (x.dtype !== w.dtype || x.dtype !== b.dtype)
      throw new ShapeError(`dtypes ${x.dtype}, ${w.dtype} and ${b.dtype} differ; convert with cast.`);
    return { shape: [batch, outChannels, outHeight, outWidth], dtype: x.dtype };
  },
  forward({ x, w, b, y }, options) {
    const bias = expand(b, { shape: [w.shape[0]] });
    conv2dKernel({ y, x, w, b: bias }, { ...conv2dGeometry(x.shape, w.shape, options), activation: 0 });
  },
  backward: {
    x: ({ w, dy, shapes }, options) => conv2dInputGradient(dy, w, { ...options, shape: shapes.x }),
    w: ({ x, dy, shapes }, options) => conv2dWeightGradient(x, dy, { ...options, shape: shapes.w }),
    b: ({ dy, shapes }) => sumTo(channelSum(dy), shapes.b),
  },
});

/** The options of the convolution whose gradient this is, and the shape of that gradient. */
type GradientOptions = Conv2dOptions & { readonly shape: Shape };

/** The gradient of `conv2d` by x: its adjoint, linear in dy and in w. Shapes: dy [batch, out, H', W'], w → dx, that of x. */
export const conv2dInputGradient: Op<readonly ['dOut', 'w'], GradientOptions, Spec> = defineOp({
  name: 'conv2dInputGradient',
  inputs: ['dOut', 'w'],
  infer: ({ dOut }, { shape }: GradientOptions): Spec => ({ shape, dtype: dOut.dtype }),
  forward: ({ dOut, w, y }, options) =>
    conv2dInputGradientKernel({ dx: y, dy: dOut, w }, conv2dGeometry(options.shape, w.shape, options)),
  backward: {
    dOut: ({ w, dy }, { shape: _, ...options }) => conv2d(dy, w, 0, options),
    w: ({ dOut, dy, shapes }, options) => conv2dWeightGradient(dy, dOut, { ...options, shape: shapes.w }),
  },
});

/** The gradient of `conv2d` by w, linear in x and in dy. Shapes: x [batch, in, H, W], dy [batch, out, H', W'] → dw, that of w. */
export const conv2dWeightGradient: Op<readonly ['x', 'dOut'], GradientOptions, Spec> = defineOp({
  name: 'conv2dWeightGradient',
  inputs: ['x', 'dOut'],
  infer: ({ x }, { shape }: GradientOptions): Spec => ({ shape, dtype: x.dtype }),
  forward: ({ x, dOut, y }, options) =>
    conv2dWeightGradientKernel({ dw: y, x, dy: dOut }, conv2dGeometry(x.shape, options.shape, options)),
  backward: {
    x: ({ dOut, dy, shapes }, options) => conv2dInputGradient(dOut, dy, { ...options, shape: shapes.x }),
    dOut: ({ x, dy }, { shape: _, ...options }) => conv2d(x, dy, 0, options),
  },
});
