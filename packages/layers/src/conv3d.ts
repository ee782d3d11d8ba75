import { conv3d, type Padding3d, type Size3d } from '@nn/tensor';
import { Convolution, type ConvolutionOptions } from './convolution.js';

/** Sizes are one number or [depth, vertical, horizontal]; the padding of each side is [front, back, top, bottom, left, right]. */
export type Conv3dLayerOptions = ConvolutionOptions<Size3d, Padding3d>;

/**
 * Three-dimensional convolution, computed as one of images over windows of planes. Shapes: x [batch, in, D, H, W] →
 * y [batch, out, D', H', W'] with `D' = ⌊(D + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`, H' and W' likewise; weight
 * [out, in / groups, kD, kH, kW], bias [out]. Weight and bias start evenly from ±1/√(in / groups · kD · kH · kW).
 * Parity: torch.nn.Conv3d, keys `weight` and `bias`. Errors: unknown options; an input without batch dimension or with
 * other channels; a window larger than the padded volume.
 * Source: Ji et al. 2013, "3D convolutional neural networks for human action recognition", §2.1.
 */
export class Conv3d extends Convolution<Size3d, Padding3d> {
  static override readonly kind = 'Conv3d';
  protected override readonly convolve = conv3d;

  constructor(options: Conv3dLayerOptions) {
    super(options, 3);
  }
}
