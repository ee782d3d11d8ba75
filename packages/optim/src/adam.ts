import { checkRange, type Parameter, type Tensor } from '@nn/tensor';
import { adamUpdate } from './adam-update.js';
import { type Memory, Optimizer, type OptimizerOptions, type StepSettings } from './optimizer.js';

export interface AdamOptions extends OptimizerOptions {
  /** How slowly the mean of gradients forgets, below 1. Default 0.9. */
  readonly beta1?: number;
  /** How slowly the mean of squared gradients forgets, below 1. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the squares, against division by 0. Default 1e-8. */
  readonly epsilon?: number;
}

type Moments = 'mean' | 'meanSquare';

/**
 * Adam: each number's step is scaled by running means of its gradient and its square.
 * Weight decay, default 0, is added to the gradient. Source: Kingma & Ba 2014, arXiv:1412.6980, algorithm 1.
 * Errors: unknown options; values out of range.
 */
export class Adam extends Optimizer<AdamOptions, Moments> {
  static override readonly kind: string = 'Adam';
  protected override readonly moments = ['mean', 'meanSquare'] as const;
  /** True where weight decay shrinks the parameter itself, not by way of the gradient. */
  protected readonly decoupled: boolean = false;

  constructor(options: AdamOptions = {}, defaults: { readonly weightDecay: number } = { weightDecay: 0 }) {
    super(options, ['beta1', 'beta2', 'epsilon'], defaults);
    checkRange(this.kind, 'beta1', options.beta1, { below: 1 });
    checkRange(this.kind, 'beta2', options.beta2, { below: 1 });
    checkRange(this.kind, 'epsilon', options.epsilon);
  }

  protected override update(
    w: Parameter,
    g: Tensor,
    { mean, meanSquare }: Memory<Moments>,
    { rate, number, weightDecay }: StepSettings,
  ): void {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = this.options;
    adamUpdate(
      { w, m: mean, v: meanSquare, g, learningRate: rate, step: number },
      { beta1, beta2, epsilon, weightDecay, decoupled: this.decoupled ? 1 : 0 },
    );
  }
}
