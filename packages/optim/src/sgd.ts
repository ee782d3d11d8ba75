import { checkRange, type Parameter, type Tensor } from '@nn/tensor';
import { type Memory, Optimizer, type OptimizerOptions, type StepSettings } from './optimizer.js';
import { sgdUpdate } from './sgd-update.js';

export interface SGDOptions extends OptimizerOptions {
  /** The share of the last step's direction that is kept, below 1. Default 0. */
  readonly momentum?: number;
  /** True to look ahead by the momentum. Default false. Sutskever et al. 2013, §2. */
  readonly nesterov?: boolean;
  /** The share of each gradient that does not enter the momentum. Default 0. */
  readonly dampening?: number;
}

/**
 * Stochastic gradient descent, with momentum as in PyTorch: `v ← momentum·v + (1 − dampening)·g`, `w ← w − learningRate·v`.
 * Weight decay, default 0, is added to the gradient. Errors: unknown options; values out of range.
 */
export class SGD extends Optimizer<SGDOptions, 'velocity'> {
  static override readonly kind = 'SGD';
  protected override readonly moments = ['velocity'] as const;

  constructor(options: SGDOptions = {}) {
    super(options, ['momentum', 'nesterov', 'dampening'], { weightDecay: 0 });
    const { momentum = 0, dampening = 0, nesterov = false } = options;
    checkRange('SGD', 'momentum', momentum, { below: 1 });
    checkRange('SGD', 'dampening', dampening);
    if (nesterov && (momentum === 0 || dampening !== 0))
      throw new RangeError('SGD: nesterov needs a momentum above 0 and no dampening.');
  }

  protected override update(
    w: Parameter,
    g: Tensor,
    { velocity, step }: Memory<'velocity'>,
    { rate, weightDecay }: StepSettings,
  ): void {
    const { momentum = 0, dampening = 0, nesterov = false } = this.options;
    sgdUpdate(
      { w, velocity, g, learningRate: rate, step },
      { momentum, dampening, nesterov: nesterov ? 1 : 0, weightDecay },
    );
  }
}
