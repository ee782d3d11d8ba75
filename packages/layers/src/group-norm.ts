import {
  add,
  checkCount,
  checkRange,
  formatShape,
  inLayer,
  multiply,
  OptionError,
  ones,
  Parameter,
  reshape,
  type Shape,
  ShapeError,
  type Tensor,
  zeros,
} from '@nn/tensor';
import type { InputSpec } from './input-spec.js';
import { Module } from './module.js';
import { checkRequired } from './options.js';
import { standardize } from './standardize.js';

export interface GroupNormOptions {
  /** Into how many groups of neighbours the channels are divided: 1 for all together, as many as channels for each alone. */
  readonly groups: number;
  /** Default: those of the input. */
  readonly channels?: number;
  /** Added to the variance before the root is taken. Default 1e-5. */
  readonly epsilon?: number;
  /** False for no learned scale and shift. Default true. */
  readonly affine?: boolean;
  /** False for a learned scale without a shift. Default true. */
  readonly bias?: boolean;
}

/**
 * Group normalisation: each sample's groups of channels get mean 0 and (biased) variance 1, then
 * `y = (x − mean) / √(variance + ε) · weight + bias`, a scale and a shift a channel; the same in training and evaluation.
 * Shapes: x [batch, channels, ...] → y as x; weight and bias [channels]; weight decay spares both.
 * Parity: torch.nn.GroupNorm. Errors: unknown options; groups that do not divide the channels; an x without channels.
 * Source: Wu & He 2018, arXiv:1803.08494, §3.1.
 */
export class GroupNorm extends Module<GroupNormOptions> {
  static override readonly kind = 'GroupNorm';
  weight?: Parameter;
  bias?: Parameter;

  constructor(options: GroupNormOptions) {
    super(options, ['groups', 'channels', 'epsilon', 'affine', 'bias']);
    checkRequired(this.kind, options, 'groups');
    checkCount(this.kind, 'groups', options.groups);
    checkCount(this.kind, 'channels', options.channels);
    checkRange(this.kind, 'epsilon', options.epsilon);
    if (options.channels !== undefined) this.#checkGroups(options.channels);
  }

  protected override declaredInputs(): readonly InputSpec[] | undefined {
    const { channels } = this.options;
    return channels === undefined ? undefined : [[channels]];
  }

  protected override setup(x: Shape): void {
    this.#check(x);
    const { channels = x[1], affine = true, bias = true } = this.options;
    if (affine) this.weight = new Parameter(ones([channels]), { decay: false });
    if (affine && bias) this.bias = new Parameter(zeros([channels]), { decay: false });
  }

  protected forward(x: Tensor): Tensor {
    this.#check(x.shape);
    const { groups, epsilon = 1e-5 } = this.options;
    const [batch, channels, ...places] = x.shape;
    const perChannel = (values: Tensor) => reshape(values, [channels, ...places.map(() => 1)]);
    const grouped = reshape(x, [batch, groups, channels / groups, ...places]);
    const y = reshape(standardize(grouped, 2, epsilon), x.shape);
    const scaled = this.weight ? multiply(y, perChannel(this.weight)) : y;
    return this.bias ? add(scaled, perChannel(this.bias)) : scaled;
  }

  #check(x: Shape): void {
    const { channels = this.weight?.size ?? x[1] } = this.options;
    if (x.length < 2 || x[1] !== channels)
      throw new ShapeError(
        `${this.kind}${inLayer()} takes [batch, ${channels ?? 'channels'}, ...] and was given ${formatShape(x)}; reshape it.`,
      );
    this.#checkGroups(channels);
  }

  #checkGroups(channels: number): void {
    const { groups } = this.options;
    if (channels % groups !== 0)
      throw new OptionError(`${this.kind}${inLayer()}: groups ${groups} must divide the ${channels} channels.`);
  }
}
