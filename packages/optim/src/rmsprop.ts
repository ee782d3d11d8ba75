import { checkRange, type Parameter, type Tensor } from '@nn/tensor';
import { type Memory, Optimizer, type OptimizerOptions, type StepSettings } from './optimizer.js';
import { rmspropUpdate } from './rmsprop-update.js';

export interface RMSpropOptions extends OptimizerOptions {
  /** How slowly the mean of squared gradients forgets, below 1. Default 0.99. */
  readonly alpha?: number;
  /** Added to the root of the squares, against division by 0. Default 1e-8. */
  readonly epsilon?: number;
  /** The share of the last step's direction that is kept, below 1. Default 0. */
  readonly momentum?: number;
  /** True to divide by the gradient's standard deviation, not by the root of its mean square. Default false. */
  readonly centered?: boolean;
}

type Moments = 'meanSquare' | 'mean' | 'velocity';

/**
 * Gradients divided by the root of the running mean of their squares. Learning rate 0.01 and weight decay 0, which is added
 * to the gradient, by default. Source: Tieleman & Hinton 2012, lecture 6e. Errors: unknown options; values out of range.
 */
export class RMSprop extends Optimizer<RMSpropOptions, Moments> {
  static override readonly kind = 'RMSprop';
  protected override readonly moments = ['meanSquare', 'mean', 'velocity'] as const;

  constructor(options: RMSpropOptions = {}) {
    super(options, ['alpha', 'epsilon', 'momentum', 'centered'], { learningRate: 1e-2, weightDecay: 0 });
    checkRange('RMSprop', 'alpha', options.alpha, { below: 1 });
    checkRange('RMSprop', 'epsilon', options.epsilon);
    checkRange('RMSprop', 'momentum', options.momentum, { below: 1 });
  }

  protected override update(
    w: Parameter,
    g: Tensor,
    { meanSquare, mean, velocity }: Memory<Moments>,
    { rate, weightDecay }: StepSettings,
  ): void {
    const { alpha = 0.99, epsilon = 1e-8, momentum = 0, centered = false } = this.options;
    rmspropUpdate(
      { w, v: meanSquare, mean, velocity, g, learningRate: rate },
      { alpha, epsilon, momentum, centered: centered ? 1 : 0, weightDecay },
    );
  }
}
