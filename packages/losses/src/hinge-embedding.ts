import { add, checkRange, notEqual, relu, subtract, type Tensor, where } from '@nn/tensor';
import { Loss } from './loss.js';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';
import { matchingTarget } from './target.js';

const kind = 'HingeEmbedding';

export interface HingeEmbeddingOptions extends LossOptions {
  /** The distance from which on unlike pairs cost nothing. Default 1. */
  readonly margin?: number;
}

/**
 * The mean of what distances x of pairs cost: x itself where t is 1 (alike), `max(0, margin − x)` where t is −1 (unlike).
 * Shapes: distances [...], target [...], equal → []. Errors: unknown options, a margin below 0; shapes that differ.
 */
export function hingeEmbedding(distances: Tensor, target: Tensor, options: HingeEmbeddingOptions = {}): Tensor {
  checkHingeEmbeddingOptions(options);
  const { margin = 1 } = options;
  const t = matchingTarget(kind, distances, target);
  const alike = where(notEqual(t, -1), distances, 0);
  const unlike = where(notEqual(t, 1), relu(subtract(margin, distances)), 0);
  return reduce(add(alike, unlike), options);
}

function checkHingeEmbeddingOptions(options: HingeEmbeddingOptions): void {
  checkLossOptions(kind, options, ['margin']);
  checkRange(kind, 'margin', options.margin);
}

/** What distances of like and unlike pairs cost, `hingeEmbedding`, for a Trainer. Errors: unknown options, a margin below 0. */
export class HingeEmbedding extends Loss<HingeEmbeddingOptions> {
  static override readonly kind: string = kind;

  constructor(options: HingeEmbeddingOptions = {}) {
    checkHingeEmbeddingOptions(options);
    super(options);
  }

  override run(distances: Tensor, target: Tensor): Tensor {
    return hingeEmbedding(distances, target, this.options);
  }
}
