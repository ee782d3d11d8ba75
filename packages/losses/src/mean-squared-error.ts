import { square, subtract, type Tensor } from '@nn/tensor';
import { Loss } from './loss.js';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';
import { matchingTarget } from './target.js';

const kind = 'MeanSquaredError';

/**
 * `mean((prediction − target)²)`, over every number. Shapes: prediction [...], target [...], equal → [].
 * Errors: unknown options; shapes that differ.
 */
export function meanSquaredError(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkLossOptions(kind, options);
  return reduce(square(subtract(prediction, matchingTarget(kind, prediction, target))), options);
}

/** The mean of squared differences, `meanSquaredError`, for a Trainer. Errors: unknown options. */
export class MeanSquaredError extends Loss {
  static override readonly kind: string = kind;

  constructor(options: LossOptions = {}) {
    checkLossOptions(kind, options);
    super(options);
  }

  override run(prediction: Tensor, target: Tensor): Tensor {
    return meanSquaredError(prediction, target, this.options);
  }
}
