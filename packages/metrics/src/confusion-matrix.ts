import type { Tensor } from '@nn/tensor';
import { checkOptions } from '@nn/tensor';
import { classificationOf } from './classification.js';
import type { Metric } from './metric.js';

export interface ConfusionMatrixOptions {
  /** The name in reports. Default `confusionMatrix`. */
  readonly name?: string;
}

/**
 * How often class i was taken for class j: `result[i][j]`, a row for each true class, a column for each predicted one; []
 * before the first batch. Rows with NaN predict nothing and are left out. Shapes as for `Accuracy`.
 * Errors: shapes or dtypes that do not fit; a class index out of range; batches with different numbers of classes.
 */
export class ConfusionMatrix implements Metric<number[][], number[][]> {
  static readonly kind: string = 'ConfusionMatrix';
  readonly name: string;

  constructor(readonly options: ConfusionMatrixOptions = {}) {
    checkOptions('ConfusionMatrix', options, ['name']);
    this.name = options.name ?? 'confusionMatrix';
  }

  init(): number[][] {
    return [];
  }

  update(state: number[][], prediction: Tensor, target: Tensor): number[][] {
    const { rows, classes, predicted, truth } = classificationOf('ConfusionMatrix', prediction, target);
    if (state.length > 0 && state.length !== classes) {
      throw new RangeError(
        `ConfusionMatrix: this batch has ${classes} classes, the ones before had ${state.length}; start anew with init().`,
      );
    }
    const counts = state.length > 0 ? state : Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
    for (let row = 0; row < rows; row++) {
      const [actual, guess] = [truth(row), predicted(row)];
      if (actual >= 0 && guess >= 0) counts[actual][guess]++;
    }
    return counts;
  }

  result(state: number[][]): number[][] {
    return state.map((row) => [...row]);
  }
}
