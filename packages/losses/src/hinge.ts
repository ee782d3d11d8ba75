import { checkRange, multiply, relu, subtract, type Tensor } from '@nn/tensor';
import { Loss } from './loss.js';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';
import { matchingTarget } from './target.js';

const kind = 'Hinge';

export interface HingeOptions extends LossOptions {
  /** How far a score must be on the right side of 0 to cost nothing. Default 1. */
  readonly margin?: number;
}

/**
 * `mean(max(0, margin − t·x))` of scores x and sides t, −1 or 1: the loss of support vector machines.
 * Shapes: scores [...], target [...], equal → []. Source: Cortes & Vapnik 1995, "Support-Vector Networks".
 * Errors: unknown options, a margin below 0; shapes that differ.
 */
export function hinge(scores: Tensor, target: Tensor, options: HingeOptions = {}): Tensor {
  checkHingeOptions(options);
  const { margin = 1 } = options;
  return reduce(relu(subtract(margin, multiply(matchingTarget(kind, scores, target), scores))), options);
}

function checkHingeOptions(options: HingeOptions): void {
  checkLossOptions(kind, options, ['margin']);
  checkRange(kind, 'margin', options.margin);
}

/** The hinge loss of scores for two sides, `hinge`, for a Trainer. Errors: unknown options, a margin below 0. */
export class Hinge extends Loss<HingeOptions> {
  static override readonly kind: string = kind;

  constructor(options: HingeOptions = {}) {
    checkHingeOptions(options);
    super(options);
  }

  override run(scores: Tensor, target: Tensor): Tensor {
    return hinge(scores, target, this.options);
  }
}
