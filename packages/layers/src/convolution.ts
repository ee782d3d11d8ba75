import type { Parameter, Shape, Tensor } from '@nn/tensor';
import { checkConvolution, inputChannels } from './check-convolution.js';
import { type Directions, perDirection, type Size } from './check-window.js';
import type { InputSpec } from './input-spec.js';
import { Module } from './module.js';
import { makeWeights, type WeightOptions, weightOptions } from './weights.js';

/** `S` is a size: one number, or one a direction; `P` a padding. */
export interface ConvolutionOptions<S extends Size = Size, P = 'valid' | 'same' | Size> extends WeightOptions {
  readonly outChannels: number;
  /** Size of the window; every size here is one number, or one a direction: [depth, vertical, horizontal] or the last of them. */
  readonly kernelSize: S;
  /** Default: the input's channels. */
  readonly inChannels?: number;
  /** Steps between windows. Default 1. */
  readonly stride?: S;
  /**
   * Zeros around the input: 'valid' (none, the default), 'same' (stride 1 only), numbers, or a number for each side:
   * [front, back, top, bottom, left, right] or the last of them, [before, after] for sequences.
   */
  readonly padding?: P;
  /** Distance between the elements of a window. Default 1. */
  readonly dilation?: S;
  /** Groups of channels that do not see each other. Default 1. */
  readonly groups?: number;
}

/** What Conv1d, Conv2d and Conv3d share; they differ in the op. */
export abstract class Convolution<S extends Size, P extends 'valid' | 'same' | Size> extends Module<
  ConvolutionOptions<S, P>
> {
  weight!: Parameter;
  bias?: Parameter;
  readonly #directions: Directions;

  /** The op that does the work. */
  protected abstract readonly convolve: (
    x: Tensor,
    w: Tensor,
    b: Tensor | number,
    options: Pick<ConvolutionOptions<S, P>, 'stride' | 'padding' | 'dilation' | 'groups'>,
  ) => Tensor;

  constructor(options: ConvolutionOptions<S, P>, directions: Directions) {
    const own = ['outChannels', 'kernelSize', 'inChannels', 'stride', 'padding', 'dilation', 'groups'] as const;
    super(options, [...own, ...weightOptions]);
    checkConvolution(this.kind, options, directions);
    this.#directions = directions;
  }

  /** The smallest input that holds a window, where the channels are given. */
  protected override declaredInputs(): readonly InputSpec[] | undefined {
    const { inChannels, kernelSize, dilation = 1 } = this.options;
    const distances = perDirection(dilation, this.#directions);
    const extents = perDirection(kernelSize, this.#directions).map((size, i) => distances[i] * (size - 1) + 1);
    return inChannels === undefined ? undefined : [[inChannels, ...extents]];
  }

  protected override setup(x: Shape): void {
    const { outChannels, kernelSize, groups = 1 } = this.options;
    const inGroup = inputChannels(this.kind, x, this.options, this.#directions) / groups;
    const window = perDirection(kernelSize, this.#directions);
    Object.assign(this, makeWeights([outChannels, inGroup, ...window], this.options));
  }

  protected forward(x: Tensor): Tensor {
    const { stride, padding, dilation, groups } = this.options;
    return this.convolve(x, this.weight, this.bias ?? 0, { stride, padding, dilation, groups });
  }
}
