import { checkRange, type Parameter, type Tensor } from '@nn/tensor';
import { lionUpdate } from './lion-update.js';
import { type Memory, Optimizer, type OptimizerOptions, type StepSettings } from './optimizer.js';

export interface LionOptions extends OptimizerOptions {
  /** The share of the running mean in the direction of a step, below 1. Default 0.9. */
  readonly beta1?: number;
  /** How slowly the running mean of gradients forgets, below 1. Default 0.99. */
  readonly beta2?: number;
}

/**
 * Every number moves by the same step, in the direction of a mean of gradients. Learning rate 0.0001 by default, as steps do
 * not get smaller near a minimum. Weight decay, default 0, shrinks the parameter itself, as AdamW's does.
 * Source: Chen et al. 2023, arXiv:2302.06675, algorithm 2. Errors: unknown options; values out of range.
 */
export class Lion extends Optimizer<LionOptions, 'mean'> {
  static override readonly kind = 'Lion';
  protected override readonly moments = ['mean'] as const;

  constructor(options: LionOptions = {}) {
    super(options, ['beta1', 'beta2'], { learningRate: 1e-4, weightDecay: 0 });
    checkRange('Lion', 'beta1', options.beta1, { below: 1 });
    checkRange('Lion', 'beta2', options.beta2, { below: 1 });
  }

  protected override update(
    w: Parameter,
    g: Tensor,
    { mean }: Memory<'mean'>,
    { rate, weightDecay }: StepSettings,
  ): void {
    const { beta1 = 0.9, beta2 = 0.99 } = this.options;
    lionUpdate({ w, m: mean, g, learningRate: rate }, { beta1, beta2, weightDecay });
  }
}
