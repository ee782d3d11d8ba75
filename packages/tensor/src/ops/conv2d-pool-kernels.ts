import { allocate, dtypeOf } from '../dtype.js';
import { defineKernel } from '../kernel.js';
import { activationGradient } from './activation.js';
import { type Conv2dGeometry, conv2dAttributes, conv2dFlops, conv2dKernel } from './conv2d-kernels.js';
import { maxPool2dKernel } from './max-pool2d.js';
import { type PoolGeometry, poolAttributes } from './pool.js';

/** The pooling of a convolution's result: windows of 2 × 2 that do not overlap; an odd last row or column is left out. */
const poolingOf = ({ batch, outChannels, outHeight, outWidth }: Conv2dGeometry): PoolGeometry => ({
  batch,
  channels: outChannels,
  height: outHeight,
  width: outWidth,
  kernelHeight: 2,
  kernelWidth: 2,
  strideHeight: 2,
  strideWidth: 2,
  padTop: 0,
  padLeft: 0,
  dilationHeight: 1,
  dilationWidth: 1,
  outHeight: Math.floor(outHeight / 2),
  outWidth: Math.floor(outWidth / 2),
});

/**
 * y, index = maxPool2d(activation(conv2d(x, w, b))) with windows of 2 × 2, to the bit. Shapes: x [batch, in, H, W],
 * w [out, in / groups, kernelHeight, kernelWidth], b [out] → y and index [batch, out, ⌊outHeight / 2⌋, ⌊outWidth / 2⌋]; an
 * index is a place in the plane [outHeight, outWidth] of the convolution. `activation` as `activate` numbers them.
 */
export const conv2dMaxPoolKernel = defineKernel({
  name: 'conv2dMaxPool',
  buffers: {
    y: 'write',
    index: 'write',
    x: 'read',
    w: { access: 'read', as: 'shared' },
    b: { access: 'read', as: 'shared' },
  },
  over: 'row',
  attrs: conv2dAttributes,
  product: true,
  flops: conv2dFlops,
  reference({ y, index, x, w, b }, attrs) {
    const { batch, outChannels, outHeight, outWidth } = attrs;
    const convolved = allocate(dtypeOf(y), batch * outChannels * outHeight * outWidth);
    conv2dKernel.kernel.reference([convolved, x, w, b], attrs);
    maxPool2dKernel.kernel.reference([y, index, convolved], poolingOf(attrs));
  },
});

/**
 * The gradient before an activation whose result was max-pooled in windows that do not overlap: where a window's maximum y
 * was, dx = activation′(y) · dy, elsewhere 0. Shapes: index, dy, y [batch, channels, outHeight, outWidth] → dx [batch,
 * channels, height, width]. For finite numbers the same to the bit as the gradients of pooling and activation in turn.
 */
export const maxPoolActivationGradientKernel = defineKernel({
  name: 'maxPoolActivationGradient',
  buffers: { dx: 'write', index: 'read', dy: 'read', y: 'read' },
  over: 'row',
  attrs: { ...poolAttributes, activation: 'number' },
  flops: (_, { y }) => 4 * y,
  reference({ dx, index, dy, y }, { batch, channels, height, width, outHeight, outWidth, activation }) {
    dx.fill(0);
    const outPlane = outHeight * outWidth;
    for (let p = 0; p < batch * channels; p++)
      for (let i = p * outPlane; i < (p + 1) * outPlane; i++)
        if (index[i] >= 0) dx[p * height * width + index[i]] = activationGradient(y[i], dy[i] + 0, activation);
  },
});
