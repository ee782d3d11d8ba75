import { conv2d, type Padding2d, type Size2d } from '@nn/tensor';
import { Convolution, type ConvolutionOptions } from './convolution.js';

/** Sizes are one number or [vertical, horizontal]; the padding of each side is [top, bottom, left, right]. */
export type Conv2dLayerOptions = ConvolutionOptions<Size2d, Padding2d>;

/**
 * Two-dimensional convolution. Shapes: x [batch, in, H, W] → y [batch, out, H', W'] with
 * `H' = ⌊(H + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`; weight [out, in / groups, kH, kW], bias [out].
 * Weight and bias start evenly from ±1/√(in / groups · kH · kW). Parity: torch.nn.Conv2d, keys `weight` and `bias`.
 * Errors: unknown options; an input without batch dimension or with other channels; a window larger than the padded image.
 * Source: LeCun et al. 1998, "Gradient-based learning applied to document recognition", §II.
 */
export class Conv2d extends Convolution<Size2d, Padding2d> {
  static override readonly kind = 'Conv2d';
  protected override readonly convolve = conv2d;

  constructor(options: Conv2dLayerOptions) {
    super(options, 2);
  }
}
