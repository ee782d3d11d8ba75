import { defineKernel } from '../kernel.js';
import { defineOp, type Op, type Spec } from '../op.js';
import { formatShape, type Shape, ShapeError } from '../shape.js';
import { activate } from './activation.js';
import { add } from './add.js';
import { channelSum } from './channel-sum.js';
import { type Conv2dOptions, conv2d, conv2dGeometry, conv2dInputGradient, conv2dWeightGradient } from './conv2d.js';
import { conv2dAdjoint, conv2dAttributes, conv2dFlops } from './conv2d-kernels.js';
import { expand } from './expand.js';
import { reshape } from './reshape.js';
import { sumTo } from './sum-to.js';
import { both, checkImages, type Pair, paddingOf, type Size2d } from './window.js';

export interface ConvTranspose2dOptions extends Conv2dOptions {
  /** Rows and columns added to y at the bottom and on the right: fewer than the stride or the dilation. Default 0. */
  readonly outputPadding?: Size2d;
}

/**
 * y = activation(adjoint of the convolution that the attributes describe, applied to x, + b), the sum rounded first. So
 * x is [batch, outChannels, outHeight, outWidth], y [batch, inChannels, height, width], b [inChannels].
 */
const kernel = defineKernel({
  name: 'convTranspose2d',
  buffers: { y: 'write', x: 'read', w: { access: 'read', as: 'shared' }, b: { access: 'read', as: 'shared' } },
  over: 'row',
  attrs: conv2dAttributes,
  product: true,
  flops: conv2dFlops,
  reference({ y, x, w, b }, { activation, ...g }) {
    conv2dAdjoint(y, x, w, b, g);
    for (let i = 0; i < y.length; i++) y[i] = activate(y[i], activation);
  },
});

/** The shape of y, and the convolution from y to x whose adjoint this is: `outputPadding` is padding that it lacks. */
interface Adjoint {
  readonly shape: Shape;
  readonly convolution: Conv2dOptions;
}

function adjointOf(x: Shape, w: Shape, { outputPadding = 0, groups = 1, ...options }: ConvTranspose2dOptions): Adjoint {
  checkImages(x);
  if (w.length !== 4) throw new ShapeError('w must be [in, out / groups, height, width].');
  const [batch, channels, ...size] = x;
  const [inChannels, outGroup, ...kernelSize] = w;
  if (!(Number.isInteger(groups) && groups > 0 && inChannels % groups === 0))
    throw new ShapeError(`groups ${groups} must divide the ${inChannels} input channels.`);
  if (channels !== inChannels)
    throw new ShapeError(
      `x has ${channels} channels, and w expects ${inChannels}; change the layer's inChannels or the image.`,
    );
  const stride = both('stride', options.stride ?? 1, 1);
  const dilation = both('dilation', options.dilation ?? 1, 1);
  const added = both('outputPadding', outputPadding, 0);
  const [top, bottom, left, right] = paddingOf(options.padding ?? 0, kernelSize as unknown as Pair, stride, dilation);
  const padding = [top, bottom - added[0], left, right - added[1]] as const;
  const sizes = size.map((n, axis) => {
    if (added[axis] >= Math.max(stride[axis], dilation[axis]))
      throw new ShapeError(
        `outputPadding ${added[axis]} must be less than the stride ${stride[axis]} or the dilation ${dilation[axis]}.`,
      );
    return (
      (n - 1) * stride[axis] + dilation[axis] * (kernelSize[axis] - 1) + 1 - padding[2 * axis] - padding[2 * axis + 1]
    );
  });
  if (Math.min(...size, ...sizes) < 1)
    throw new ShapeError(`y would be ${formatShape(sizes)} pixels; use less padding or a larger image.`);
  return { shape: [batch, outGroup * groups, ...sizes], convolution: { stride, dilation, padding, groups } };
}

/**
 * Transposed two-dimensional convolution, the adjoint of `conv2d` in x: it spreads each pixel of x over a window of y,
 * `y[n, o, i·stride + k·dilation − top, j·stride + l·dilation − left] += w[c, o, k, l] · x[n, c, i, j]` over all c, k, l, i, j,
 * starting from b[o]. Shapes: x [batch, in, H, W], w [in, out / groups, kernelHeight, kernelWidth], b [out] or one number
 * → y [batch, out, H', W'], `H' = (H − 1)·stride − top − bottom + dilation·(kernelHeight − 1) + outputPadding + 1`.
 * Errors: no batch dimension; channels, groups or sizes that do not fit; an output padding of at least both stride and
 * dilation; more padding than there is image. Parity: torch.nn.functional.conv_transpose2d.
 * Source: Dumoulin & Visin 2016, arXiv:1603.07285, §4; Zeiler et al. 2010, "Deconvolutional networks".
 */
export const convTranspose2d: Op<readonly ['x', 'w', 'b'], ConvTranspose2dOptions, Spec> = defineOp({
  name: 'convTranspose2d',
  inputs: ['x', 'w', 'b'],
  attributes: ['stride', 'padding', 'outputPadding', 'dilation', 'groups'],
  infer({ x, w, b }, options: ConvTranspose2dOptions): Spec {
    const { shape } = adjointOf(x.shape, w.shape, options);
    if (b.shape.length > 0 && (b.shape.length > 1 || b.shape[0] !== shape[1]))
      throw new ShapeError(`b must be ${formatShape([shape[1]])}, to fit w.`);
    if (x.dtype !== w.dtype || x.dtype !== b.dtype)
      throw new ShapeError(`dtypes ${x.dtype}, ${w.dtype} and ${b.dtype} differ; convert with cast.`);
    return { shape, dtype: x.dtype };
  },
  forward({ x, w, b, y }, options) {
    const { shape, convolution } = adjointOf(x.shape, w.shape, options);
    const bias = expand(b, { shape: [shape[1]] });
    kernel({ y, x, w, b: bias }, { ...conv2dGeometry(shape, w.shape, convolution), activation: 0 });
  },
  backward: {
    x: ({ w, dy, shapes }, options) => conv2d(dy, w, 0, adjointOf(shapes.x, shapes.w, options).convolution),
    w: ({ x, dy, shapes }, options) =>
      conv2dWeightGradient(dy, x, { ...adjointOf(shapes.x, shapes.w, options).convolution, shape: shapes.w }),
    b: ({ dy, shapes }) => sumTo(channelSum(dy), shapes.b),
  },
  meaning(x, w, b, options) {
    const { shape, convolution } = adjointOf(x.shape, w.shape, options);
    const bias = reshape(expand(b, { shape: [shape[1]] }), [shape[1], 1, 1]);
    return add(conv2dInputGradient(x, w, { ...convolution, shape }), bias);
  },
});
