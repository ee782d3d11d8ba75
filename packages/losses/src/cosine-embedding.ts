import {
  add,
  cast,
  checkRange,
  divide,
  equal,
  formatShape,
  inLayer,
  multiply,
  relu,
  ShapeError,
  sameShape,
  sqrt,
  square,
  subtract,
  sum,
  type Tensor,
  where,
} from '@nn/tensor';
import { Loss } from './loss.js';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';
import { matchingTarget } from './target.js';

const kind = 'CosineEmbedding';

export interface CosineEmbeddingOptions extends LossOptions {
  /** The cosine, −1 to 1, down to which unlike pairs cost something. Default 0. */
  readonly margin?: number;
}

/**
 * The mean of what the angles between rows of a and of b cost: `1 − cos(a, b)` for like pairs, `max(0, cos(a, b) − margin)`
 * for unlike ones. `cos(a, b) = a·b / √((a·a + ε)(b·b + ε))` with ε = 10⁻¹², so rows of zeros are at a right angle to all.
 * Shapes: a [..., features], b [..., features], equal; likeness [...], 1 or −1, by default all 1 → [].
 * Errors: unknown options, a margin outside −1…1; shapes that do not fit.
 */
export function cosineEmbedding(a: Tensor, b: Tensor, likeness?: Tensor, options: CosineEmbeddingOptions = {}): Tensor {
  checkCosineEmbeddingOptions(options);
  const { margin = 0 } = options;
  const cos = cosine(a, matchingTarget(kind, a, b));
  const alike = subtract(1, cos);
  if (!likeness) return reduce(alike, options);
  if (!sameShape(likeness.shape, cos.shape))
    throw new ShapeError(
      `${kind}${inLayer()} of ${formatShape(a.shape)} needs a likeness, 1 or −1, for each row: ${formatShape(cos.shape)}, ` +
        `not ${formatShape(likeness.shape)}; reshape it.`,
    );
  const t = cast(likeness, { dtype: a.dtype });
  const unlike = relu(subtract(cos, margin));
  return reduce(where(equal(t, 1), alike, where(equal(t, -1), unlike, 0)), options);
}

/** Shapes: a [..., features], b [..., features] → [...]. */
function cosine(a: Tensor, b: Tensor): Tensor {
  const lengthSquared = (x: Tensor) => add(sum(square(x), { axis: -1 }), 1e-12);
  return divide(sum(multiply(a, b), { axis: -1 }), sqrt(multiply(lengthSquared(a), lengthSquared(b))));
}

function checkCosineEmbeddingOptions(options: CosineEmbeddingOptions): void {
  checkLossOptions(kind, options, ['margin']);
  checkRange(kind, 'margin', options.margin, { from: -1, to: 1 });
}

/**
 * What the angles between vectors cost, `cosineEmbedding`, for a Trainer: between predictions and targets, or, with
 * `{ loss: new CosineEmbedding(), of: ['left', 'right'] }`, between two outputs, whose target is their likeness.
 * Errors: unknown options, a margin outside −1…1.
 */
export class CosineEmbedding extends Loss<CosineEmbeddingOptions> {
  static override readonly kind: string = kind;

  constructor(options: CosineEmbeddingOptions = {}) {
    checkCosineEmbeddingOptions(options);
    super(options);
  }

  override run(a: Tensor, b: Tensor, likeness?: Tensor): Tensor {
    return cosineEmbedding(a, b, likeness, this.options);
  }
}
