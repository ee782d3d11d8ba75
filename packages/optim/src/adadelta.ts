import { checkRange, type Parameter, type Tensor } from '@nn/tensor';
import { adadeltaUpdate } from './adadelta-update.js';
import { type Memory, Optimizer, type OptimizerOptions, type StepSettings } from './optimizer.js';

export interface AdadeltaOptions extends OptimizerOptions {
  /** How slowly the means of squares forget, below 1. Default 0.9. */
  readonly rho?: number;
  /** Added under both roots; it also gives the first step its size. Default 1e-6. */
  readonly epsilon?: number;
}

type Moments = 'meanSquare' | 'meanSquareStep';

/**
 * Steps as large as recent ones were, in the proportion of the gradient to its recent size. Learning rate 1 and weight decay
 * 0, which is added to the gradient, by default. Source: Zeiler 2012, arXiv:1212.5701, algorithm 1.
 * Errors: unknown options; values out of range.
 */
export class Adadelta extends Optimizer<AdadeltaOptions, Moments> {
  static override readonly kind = 'Adadelta';
  protected override readonly moments = ['meanSquare', 'meanSquareStep'] as const;

  constructor(options: AdadeltaOptions = {}) {
    super(options, ['rho', 'epsilon'], { learningRate: 1, weightDecay: 0 });
    checkRange('Adadelta', 'rho', options.rho, { below: 1 });
    checkRange('Adadelta', 'epsilon', options.epsilon);
  }

  protected override update(
    w: Parameter,
    g: Tensor,
    { meanSquare, meanSquareStep }: Memory<Moments>,
    { rate, weightDecay }: StepSettings,
  ): void {
    const { rho = 0.9, epsilon = 1e-6 } = this.options;
    adadeltaUpdate({ w, v: meanSquare, u: meanSquareStep, g, learningRate: rate }, { rho, epsilon, weightDecay });
  }
}
