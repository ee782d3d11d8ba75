import {
  add,
  batchNorm,
  checkCount,
  checkRange,
  formatShape,
  inLayer,
  movingAverage,
  normalize,
  ones,
  Parameter,
  type Shape,
  ShapeError,
  type Tensor,
  zeros,
} from '@nn/tensor';
import type { InputSpec } from './input-spec.js';
import { Module } from './module.js';

export interface BatchNormOptions {
  /** Channels. Default: those of the input. */
  readonly features?: number;
  /** Added to the variance before the root is taken. Default 1e-5. */
  readonly epsilon?: number;
  /** The weight of the newest batch in the running statistics. Default 0.1. */
  readonly momentum?: number;
  /** False for no learned scale and shift. Default true. */
  readonly affine?: boolean;
}

/** What BatchNorm1d and BatchNorm2d share; they differ in the dimensions they take. */
export abstract class BatchNorm extends Module<BatchNormOptions> {
  weight?: Parameter;
  bias?: Parameter;
  runningMean!: Tensor;
  runningVar!: Tensor;
  numBatchesTracked!: Tensor;
  /** Scale and shift where none are learned. */
  #ones!: Tensor;
  #zeros!: Tensor;

  /** Shapes that the layer takes, with the batch first. */
  protected abstract readonly forms: readonly (readonly string[])[];

  constructor(options: BatchNormOptions = {}) {
    super(options, ['features', 'epsilon', 'momentum', 'affine']);
    checkCount(this.kind, 'features', options.features);
    checkRange(this.kind, 'epsilon', options.epsilon);
    checkRange(this.kind, 'momentum', options.momentum, { to: 1 });
  }

  protected override declaredInputs(): readonly InputSpec[] | undefined {
    const { features } = this.options;
    return features === undefined ? undefined : [[features, ...this.forms[0].slice(2).map(() => -1)]];
  }

  protected override setup(x: Shape): void {
    this.#check(x);
    const { features = x[1], affine = true } = this.options;
    this.#ones = ones([features]);
    this.#zeros = zeros([features]);
    if (affine) {
      this.weight = new Parameter(ones([features]), { decay: false });
      this.bias = new Parameter(zeros([features]), { decay: false });
    }
    this.runningMean = zeros([features]);
    this.runningVar = ones([features]);
    this.numBatchesTracked = zeros([]);
  }

  protected forward(x: Tensor): Tensor {
    this.#check(x.shape);
    const { epsilon = 1e-5, momentum = 0.1 } = this.options;
    const scale = this.weight ?? this.#ones;
    const shift = this.bias ?? this.#zeros;
    if (!this.training) return normalize(x, this.runningMean, this.runningVar, scale, shift, { epsilon });

    const count = x.size / x.shape[1];
    if (!(count > 1))
      throw new ShapeError(
        `${this.kind}${inLayer()} with x ${formatShape(x.shape)}: training needs more than one value a channel; ` +
          'use a larger batch, or eval().',
      );
    const [y, mean, variance] = batchNorm(x, scale, shift, { epsilon });
    movingAverage(this.runningMean, mean, { momentum });
    movingAverage(this.runningVar, variance, { momentum, factor: count / (count - 1) });
    this.numBatchesTracked.assign(add(this.numBatchesTracked, 1));
    return y;
  }

  #check(x: Shape): void {
    if (this.forms.some((form) => form.length === x.length)) return;
    const forms = this.forms.map((form) => `[${form.join(', ')}]`).join(' or ');
    throw new ShapeError(
      `${this.kind}${inLayer()} takes ${forms} and was given ${formatShape(x)}; a batch dimension is required: reshape it.`,
    );
  }
}
