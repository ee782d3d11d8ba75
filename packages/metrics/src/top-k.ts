import type { Tensor } from '@nn/tensor';
import { checkOptions, inLayer } from '@nn/tensor';
import { classificationOf } from './classification.js';
import type { Metric, Share } from './metric.js';

export interface TopKOptions {
  /** How many guesses each row has. */
  readonly k: number;
  /** The name in reports. Default `top3` for k = 3. */
  readonly name?: string;
}

/**
 * The share of rows whose true class is among the k highest scores; of equal scores the first come first, so that k = 1 is
 * accuracy. A row with NaN is wrong. Shapes as for `Accuracy`.
 * Errors: a k that is no whole number from 1 to the number of classes; shapes or dtypes that do not fit.
 */
export class TopK implements Metric<Share> {
  static readonly kind: string = 'TopK';
  readonly name: string;

  constructor(readonly options: TopKOptions) {
    checkOptions('TopK', options, ['k', 'name']);
    const { k, name = `top${k}` } = options;
    if (!Number.isInteger(k) || k < 1) throw new RangeError(`TopK: k is a whole number from 1, not ${k}.`);
    this.name = name;
  }

  init(): Share {
    return { correct: 0, count: 0 };
  }

  update(state: Share, prediction: Tensor, target: Tensor): Share {
    const { k } = this.options;
    const { rows, classes, scores, predicted, truth } = classificationOf('TopK', prediction, target);
    if (k > classes)
      throw new RangeError(`TopK${inLayer()}: k is ${k}, and the prediction has ${classes} classes; use a smaller k.`);
    for (let row = 0; row < rows; row++) {
      const right = truth(row);
      if (predicted(row) < 0 || right < 0) continue;
      const score = scores[row * classes + right];
      let better = 0;
      for (let i = 0; i < classes; i++) {
        const other = scores[row * classes + i];
        if (other > score || (other === score && i < right)) better++;
      }
      if (better < k) state.correct++;
    }
    state.count += rows;
    return state;
  }

  result({ correct, count }: Share): number {
    return correct / count;
  }
}
