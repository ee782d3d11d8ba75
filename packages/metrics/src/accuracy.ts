import type { Tensor } from '@nn/tensor';
import { checkOptions } from '@nn/tensor';
import { classificationOf } from './classification.js';
import type { Metric, Share } from './metric.js';

export interface AccuracyOptions {
  /** The name in reports. Default `accuracy`. */
  readonly name?: string;
}

/**
 * The share of rows whose highest score, the first of equals, is that of the true class. A row with NaN is wrong.
 * Shapes: prediction [..., classes]; target [...] class indices (i32 or u8), or [..., classes] one-hot or soft.
 * Errors: shapes or dtypes that do not fit; a class index out of range.
 */
export class Accuracy implements Metric<Share> {
  static readonly kind: string = 'Accuracy';
  readonly name: string;

  constructor(readonly options: AccuracyOptions = {}) {
    checkOptions('Accuracy', options, ['name']);
    this.name = options.name ?? 'accuracy';
  }

  init(): Share {
    return { correct: 0, count: 0 };
  }

  update(state: Share, prediction: Tensor, target: Tensor): Share {
    const { rows, predicted, truth } = classificationOf('Accuracy', prediction, target);
    for (let row = 0; row < rows; row++) {
      const guess = predicted(row);
      if (guess >= 0 && guess === truth(row)) state.correct++;
    }
    state.count += rows;
    return state;
  }

  result({ correct, count }: Share): number {
    return correct / count;
  }
}
