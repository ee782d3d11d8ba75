import { checkRange, fill, type Parameter, type Tensor } from '@nn/tensor';
import { adagradUpdate } from './adagrad-update.js';
import { type Memory, Optimizer, type OptimizerOptions, type StepSettings } from './optimizer.js';

export interface AdagradOptions extends OptimizerOptions {
  /** How fast the learning rate falls: step t has `learningRate/(1 + (t − 1)·learningRateDecay)`. Default 0. */
  readonly learningRateDecay?: number;
  /** What the sums of squares start with. Default 0. */
  readonly initialAccumulatorValue?: number;
  /** Added to the root of the squares, against division by 0. Default 1e-10. */
  readonly epsilon?: number;
}

/**
 * Gradients divided by the root of the sum of all their squares so far. Learning rate 0.01 and weight decay 0, which is
 * added to the gradient, by default. Source: Duchi, Hazan & Singer 2011, JMLR 12, figure 1.
 * Errors: unknown options; values out of range.
 */
export class Adagrad extends Optimizer<AdagradOptions, 'sum'> {
  static override readonly kind = 'Adagrad';
  protected override readonly moments = ['sum'] as const;

  constructor(options: AdagradOptions = {}) {
    super(options, ['learningRateDecay', 'initialAccumulatorValue', 'epsilon'], { learningRate: 1e-2, weightDecay: 0 });
    checkRange('Adagrad', 'learningRateDecay', options.learningRateDecay);
    checkRange('Adagrad', 'initialAccumulatorValue', options.initialAccumulatorValue);
    checkRange('Adagrad', 'epsilon', options.epsilon);
  }

  protected override beginning({ shape, dtype }: Parameter): Record<'sum', Tensor> {
    return { sum: fill(shape, this.options.initialAccumulatorValue ?? 0, dtype) };
  }

  protected override update(
    w: Parameter,
    g: Tensor,
    { sum }: Memory<'sum'>,
    { rate, number, weightDecay }: StepSettings,
  ): void {
    const { learningRateDecay = 0, epsilon = 1e-10 } = this.options;
    adagradUpdate({ w, sum, g, learningRate: rate, step: number }, { learningRateDecay, epsilon, weightDecay });
  }
}
