import { convTranspose2d, type Parameter, type Shape, type Size2d, type Tensor } from '@nn/tensor';
import { checkConvolution, inputChannels } from './check-convolution.js';
import { checkOutputPadding, perDirection } from './check-window.js';
import type { Conv2dLayerOptions } from './conv2d.js';
import type { InputSpec } from './input-spec.js';
import { Module } from './module.js';
import { makeWeights, weightOptions } from './weights.js';

/** Those of `Conv2d`, said of the convolution from output to input: its padding is cut off here. */
export interface ConvTranspose2dLayerOptions extends Conv2dLayerOptions {
  /** Rows and columns added to the output at the bottom and on the right: fewer than stride or dilation. Default 0. */
  readonly outputPadding?: Size2d;
}

/**
 * Transposed two-dimensional convolution, the adjoint of `Conv2d`: it enlarges images. Shapes: x [batch, in, H, W] →
 * y [batch, out, H', W'] with `H' = (H − 1)·stride − padding + dilation·(kernel − 1) + outputPadding + 1`, where padding
 * counts both sides; weight [in, out / groups, kH, kW], bias [out].
 * Weight and bias start evenly from ±1/√(out / groups · kH · kW). Parity: torch.nn.ConvTranspose2d, keys `weight` and `bias`.
 * Errors: unknown options; an output padding of at least both stride and dilation; an input without batch dimension or with
 * other channels; more padding than there is image.
 * Source: Dumoulin & Visin 2016, arXiv:1603.07285, §4; Zeiler et al. 2010, "Deconvolutional networks".
 */
export class ConvTranspose2d extends Module<ConvTranspose2dLayerOptions> {
  static override readonly kind = 'ConvTranspose2d';
  weight!: Parameter;
  bias?: Parameter;

  constructor(options: ConvTranspose2dLayerOptions) {
    const window = ['kernelSize', 'stride', 'padding', 'outputPadding', 'dilation'] as const;
    super(options, ['outChannels', 'inChannels', 'groups', ...window, ...weightOptions]);
    checkConvolution(this.kind, options);
    checkOutputPadding(this.kind, options);
  }

  /** An image that is larger than the padding, where the channels are given. */
  protected override declaredInputs(): readonly InputSpec[] | undefined {
    const { inChannels, padding = 0 } = this.options;
    const size = 1 + (typeof padding === 'string' ? 0 : 2 * Math.max(...[padding].flat()));
    return inChannels === undefined ? undefined : [[inChannels, size, size]];
  }

  protected override setup(x: Shape): void {
    const { outChannels, kernelSize, groups = 1 } = this.options;
    const inChannels = inputChannels(this.kind, x, this.options);
    const shape = [inChannels, outChannels / groups, ...perDirection(kernelSize, 2)];
    Object.assign(this, makeWeights(shape, this.options, outChannels));
  }

  protected forward(x: Tensor): Tensor {
    const { stride, padding, outputPadding, dilation, groups } = this.options;
    return convTranspose2d(x, this.weight, this.bias ?? 0, { stride, padding, outputPadding, dilation, groups });
  }
}
