import { conv1d, type Padding1d } from '@nn/tensor';
import { Convolution, type ConvolutionOptions } from './convolution.js';

/** Sizes are numbers; the padding of each end is [before, after]. */
export type Conv1dLayerOptions = ConvolutionOptions<number, Padding1d>;

/**
 * One-dimensional convolution, over the last dimension. Shapes: x [batch, in, L] → y [batch, out, L'] with
 * `L' = ⌊(L + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`; weight [out, in / groups, kernel], bias [out].
 * Weight and bias start evenly from ±1/√(in / groups · kernel). Parity: torch.nn.Conv1d, keys `weight` and `bias`.
 * Errors: unknown options; an input without batch dimension or with other channels; a window longer than the padded input.
 * Source: Waibel et al. 1989, "Phoneme recognition using time-delay neural networks".
 */
export class Conv1d extends Convolution<number, Padding1d> {
  static override readonly kind = 'Conv1d';
  protected override readonly convolve = conv1d;

  constructor(options: Conv1dLayerOptions) {
    super(options, 1);
  }
}
