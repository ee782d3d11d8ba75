import { conv2d, type Padding2d, type Parameter, type Shape, type Size2d, type Tensor } from '@nn/tensor';
import { checkConvolution, inputChannels } from './check-convolution.js';
import { both } from './check-window.js';
import type { InputSpec } from './input-spec.js';
import { Module } from './module.js';
import { makeWeights, type WeightOptions, weightOptions } from './weights.js';

export interface Conv2dLayerOptions extends WeightOptions {
  readonly outChannels: number;
  /** Size of the window; every size here is one number or [vertical, horizontal]. */
  readonly kernelSize: Size2d;
  /** Default: the input's channels. */
  readonly inChannels?: number;
  /** Steps between windows. Default 1. */
  readonly stride?: Size2d;
  /** Zeros around the image: 'valid' (none, the default), 'same' (stride 1 only), numbers, or [top, bottom, left, right]. */
  readonly padding?: Padding2d;
  /** Distance between the elements of a window. Default 1. */
  readonly dilation?: Size2d;
  /** Groups of channels that do not see each other. Default 1. */
  readonly groups?: number;
}

/**
 * Two-dimensional convolution. Shapes: x [batch, in, H, W] → y [batch, out, H', W'] with
 * `H' = ⌊(H + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`; weight [out, in / groups, kH, kW], bias [out].
 * Weight and bias start evenly from ±1/√(in / groups · kH · kW). Parity: torch.nn.Conv2d, keys `weight` and `bias`.
 * Errors: unknown options; an input without batch dimension or with other channels; a window larger than the padded image.
 * Source: LeCun et al. 1998, "Gradient-based learning applied to document recognition", §II.
 */
export class Conv2d extends Module<Conv2dLayerOptions> {
  static override readonly kind = 'Conv2d';
  weight!: Parameter;
  bias?: Parameter;

  constructor(options: Conv2dLayerOptions) {
    const own = ['outChannels', 'kernelSize', 'inChannels', 'stride', 'padding', 'dilation', 'groups'] as const;
    super(options, [...own, ...weightOptions]);
    checkConvolution(this.kind, options);
  }

  /** The smallest image that holds a window, where the channels are given. */
  protected override declaredInputs(): readonly InputSpec[] | undefined {
    const { inChannels, kernelSize, dilation = 1 } = this.options;
    const extent = (axis: number) => both(dilation)[axis] * (both(kernelSize)[axis] - 1) + 1;
    return inChannels === undefined ? undefined : [[inChannels, extent(0), extent(1)]];
  }

  protected override setup(x: Shape): void {
    const { outChannels, kernelSize, groups = 1 } = this.options;
    const inGroup = inputChannels(this.kind, x, this.options) / groups;
    Object.assign(this, makeWeights([outChannels, inGroup, ...both(kernelSize)], this.options));
  }

  protected forward(x: Tensor): Tensor {
    const { stride, padding, dilation, groups } = this.options;
    return conv2d(x, this.weight, this.bias ?? 0, { stride, padding, dilation, groups });
  }
}
