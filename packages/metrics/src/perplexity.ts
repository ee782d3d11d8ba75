import { checkOptions, formatShape, inLayer, ShapeError, sameShape, type Tensor } from '@nn/tensor';
import { classificationOf } from './classification.js';
import type { Metric } from './metric.js';

export interface PerplexityOptions {
  /** Rows with this class index count for nothing, such as padding. Default: none is ignored. */
  readonly ignoredIndex?: number;
  /** The name in reports. Default `perplexity`. */
  readonly name?: string;
}

/** The sum of `−ln` of the true classes' probabilities, and of how many rows. */
export interface Surprise {
  total: number;
  count: number;
}

/**
 * Among how many equally likely classes one would be as unsure: `exp(mean(−ln softmax(logits)[target]))` over every row of
 * every batch, so the exponential of cross-entropy; 1 is certain and right. NaN once a logit is.
 * Shapes: logits [..., classes], target [...] class indices (i32 or u8).
 * Errors: unknown options; shapes or dtypes that do not fit; a class index out of range.
 * Source: Jelinek et al. 1977, J. Acoust. Soc. Am. 62 (S1).
 */
export class Perplexity implements Metric<Surprise> {
  static readonly kind: string = 'Perplexity';
  readonly name: string;

  constructor(readonly options: PerplexityOptions = {}) {
    checkOptions('Perplexity', options, ['ignoredIndex', 'name']);
    const { ignoredIndex = 0, name = 'perplexity' } = options;
    if (!Number.isInteger(ignoredIndex))
      throw new RangeError(`Perplexity: ignoredIndex is a whole number, not ${ignoredIndex}.`);
    this.name = name;
  }

  init(): Surprise {
    return { total: 0, count: 0 };
  }

  update(state: Surprise, prediction: Tensor, target: Tensor): Surprise {
    const { ignoredIndex } = this.options;
    if (sameShape(prediction.shape, target.shape))
      throw new ShapeError(
        `Perplexity${inLayer()} takes class indices as target, and was given ${formatShape(target.shape)}; take argmax of it.`,
      );
    const { rows, classes, scores, truth } = classificationOf('Perplexity', prediction, target, ignoredIndex);
    for (let row = 0; row < rows; row++) {
      if (truth(row) === ignoredIndex) continue;
      const [start, end] = [row * classes, (row + 1) * classes];
      let largest = scores[start];
      for (let i = start; i < end; i++) largest = Math.max(largest, scores[i]);
      let sum = 0;
      for (let i = start; i < end; i++) sum += Math.exp(scores[i] - largest);
      state.total += largest + Math.log(sum) - scores[start + truth(row)];
      state.count++;
    }
    return state;
  }

  result({ total, count }: Surprise): number {
    return Math.exp(total / count);
  }
}
