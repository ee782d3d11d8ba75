import {
  checkCount,
  conv2d,
  OptionError,
  type Padding2d,
  type Parameter,
  type Shape,
  type Size2d,
  type Tensor,
} from '@nn/tensor';
import { checkImages } from './check-inputs.js';
import { checkConvolutionPadding, checkWindow } from './check-window.js';
import type { InputSpec } from './input-spec.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';
import { checkWeightOptions, makeWeights, type WeightOptions, weightOptions } from './weights.js';

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
    const { outChannels, inChannels, groups = 1 } = options;
    checkRequired(this.kind, options, 'outChannels', 'kernelSize');
    checkCount(this.kind, 'outChannels', outChannels);
    checkCount(this.kind, 'groups', groups);
    checkWindow(this.kind, options);
    checkConvolutionPadding(this.kind, options);
    checkCount(this.kind, 'inChannels', inChannels);
    if (outChannels % groups !== 0 || (inChannels ?? 0) % groups !== 0)
      throw new OptionError(`${this.kind}: groups ${groups} must divide the input and output channels.`);
    checkWeightOptions(this.kind, options);
  }

  /** The smallest image that holds a window, where the channels are given. */
  protected override declaredInputs(): readonly InputSpec[] | undefined {
    const { inChannels, kernelSize, dilation = 1 } = this.options;
    const extent = (axis: number) => both(dilation)[axis] * (both(kernelSize)[axis] - 1) + 1;
    return inChannels === undefined ? undefined : [[inChannels, extent(0), extent(1)]];
  }

  protected override setup(x: Shape): void {
    checkImages(this.kind, x);
    const { outChannels, kernelSize, inChannels = x[1], groups = 1 } = this.options;
    if (inChannels % groups !== 0)
      throw new OptionError(`${this.kind}: groups ${groups} must divide the ${inChannels} channels of the input.`);
    Object.assign(this, makeWeights([outChannels, inChannels / groups, ...both(kernelSize)], this.options));
  }

  protected forward(x: Tensor): Tensor {
    const { stride, padding, dilation, groups } = this.options;
    return conv2d(x, this.weight, this.bias ?? 0, { stride, padding, dilation, groups });
  }
}

const both = (size: Size2d): readonly [vertical: number, horizontal: number] =>
  typeof size === 'number' ? [size, size] : size;
