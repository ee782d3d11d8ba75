import { checkRange, fill, type Parameter, type Tensor } from '@nn/tensor';
import { nadamMomentum, nadamUpdate } from './nadam-update.js';
import { type Memory, Optimizer, type OptimizerOptions, type StepSettings } from './optimizer.js';

export interface NAdamOptions extends OptimizerOptions {
  /** How slowly the mean of gradients forgets, below 1. Default 0.9. */
  readonly beta1?: number;
  /** How slowly the mean of squared gradients forgets, below 1. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the squares, against division by 0. Default 1e-8. */
  readonly epsilon?: number;
  /** How fast the momentum rises from β₁/2 to β₁; 0 for a momentum that stays. Default 0.004. */
  readonly momentumDecay?: number;
  /** True to shrink parameters themselves, as AdamW does. Default false: decay is added to the gradient. */
  readonly decoupledWeightDecay?: boolean;
}

type Moments = 'mean' | 'meanSquare' | 'momentumProduct';

/**
 * Adam that looks ahead by its momentum, as Nesterov's does. Learning rate 0.002 and weight decay 0 by default.
 * Source: Dozat 2016, "Incorporating Nesterov momentum into Adam", algorithm 2. Errors: unknown options; values out of range.
 */
export class NAdam extends Optimizer<NAdamOptions, Moments> {
  static override readonly kind = 'NAdam';
  protected override readonly moments = ['mean', 'meanSquare', 'momentumProduct'] as const;

  constructor(options: NAdamOptions = {}) {
    super(options, ['beta1', 'beta2', 'epsilon', 'momentumDecay', 'decoupledWeightDecay'], {
      learningRate: 2e-3,
      weightDecay: 0,
    });
    checkRange('NAdam', 'beta1', options.beta1, { below: 1 });
    checkRange('NAdam', 'beta2', options.beta2, { below: 1 });
    checkRange('NAdam', 'epsilon', options.epsilon);
    checkRange('NAdam', 'momentumDecay', options.momentumDecay);
  }

  /** The product of the momentum's factors is one number. */
  protected override beginning(w: Parameter): Record<Moments, Tensor> {
    return { ...super.beginning(w), momentumProduct: fill([1], 1) };
  }

  protected override update(
    w: Parameter,
    g: Tensor,
    { mean, meanSquare, momentumProduct }: Memory<Moments>,
    { rate, number, weightDecay }: StepSettings,
  ): void {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, momentumDecay = 4e-3 } = this.options;
    nadamUpdate(
      { w, m: mean, v: meanSquare, g, learningRate: rate, step: number, momentumProduct },
      { beta1, beta2, epsilon, momentumDecay, weightDecay, decoupled: this.options.decoupledWeightDecay ? 1 : 0 },
    );
  }

  protected override finish({ momentumProduct }: Memory<Moments>, number: Tensor): void {
    const { beta1 = 0.9, momentumDecay = 4e-3 } = this.options;
    nadamMomentum({ momentumProduct, step: number }, { beta1, momentumDecay });
  }
}
