import { equal, exp, log, multiply, subtract, type Tensor, where } from '@nn/tensor';
import { Loss } from './loss.js';
import { checkLossOptions, type Reduction, reduce, reductions } from './reduction.js';
import { matchingTarget } from './target.js';

const kind = 'KLDivergence';

export interface KLDivergenceOptions {
  /**
   * `batchMean`, the sum divided by the size of the first dimension, is the divergence as mathematics has it; `mean`, over
   * every number, is the default, as in PyTorch.
   */
  readonly reduction?: Reduction | 'batchMean';
  /** True where the target holds logarithms too. Default false. */
  readonly logTarget?: boolean;
}

/**
 * The Kullback–Leibler divergence of distributions t from predicted ones, `t·(ln t − x)` a number, 0 where t is 0. x are
 * logarithms of probabilities, as `logSoftmax` gives them. Shapes: logProbabilities [...], target [...], equal → [].
 * Source: Kullback & Leibler 1951, "On Information and Sufficiency", §2. Errors: unknown options; shapes that differ.
 */
export function klDivergence(logProbabilities: Tensor, target: Tensor, options: KLDivergenceOptions = {}): Tensor {
  checkKLDivergenceOptions(options);
  const t = matchingTarget(kind, logProbabilities, target);
  const losses = options.logTarget
    ? multiply(exp(t), subtract(t, logProbabilities))
    : againstProbabilities(logProbabilities, t);
  const { reduction } = options;
  if (reduction !== 'batchMean') return reduce(losses, { reduction });
  return multiply(reduce(losses, { reduction: 'sum' }), 1 / losses.shape[0]);
}

function againstProbabilities(x: Tensor, t: Tensor): Tensor {
  const zero = equal(t, 0);
  return where(zero, 0, multiply(t, subtract(log(where(zero, 1, t)), x)));
}

function checkKLDivergenceOptions(options: KLDivergenceOptions): void {
  checkLossOptions(kind, options, ['logTarget'], ['batchMean', ...reductions]);
}

/** The Kullback–Leibler divergence, `klDivergence`, for a Trainer. Errors: unknown options. */
export class KLDivergence extends Loss<KLDivergenceOptions> {
  static override readonly kind: string = kind;

  constructor(options: KLDivergenceOptions = {}) {
    checkKLDivergenceOptions(options);
    super(options);
  }

  override run(logProbabilities: Tensor, target: Tensor): Tensor {
    return klDivergence(logProbabilities, target, this.options);
  }
}
