import { checkOptions, type Tensor } from '@nn/tensor';
import { checkAlike } from './alike.js';
import type { Distances } from './mean-absolute-error.js';
import type { Metric } from './metric.js';

export interface RootMeanSquaredErrorOptions {
  /** The name in reports. Default `rootMeanSquaredError`. */
  readonly name?: string;
}

/**
 * `√mean((prediction − target)²)` over every number of every batch, not a mean of the batches' roots; NaN once a prediction
 * is. Shapes: prediction [...], target [...], equal. Errors: unknown options; shapes that differ.
 */
export class RootMeanSquaredError implements Metric<Distances> {
  static readonly kind: string = 'RootMeanSquaredError';
  readonly name: string;

  constructor(readonly options: RootMeanSquaredErrorOptions = {}) {
    checkOptions('RootMeanSquaredError', options, ['name']);
    this.name = options.name ?? 'rootMeanSquaredError';
  }

  init(): Distances {
    return { total: 0, count: 0 };
  }

  update(state: Distances, prediction: Tensor, target: Tensor): Distances {
    checkAlike('RootMeanSquaredError', prediction, target);
    const [guesses, truths] = [prediction.data, target.data];
    for (let i = 0; i < guesses.length; i++) state.total += (guesses[i] - truths[i]) ** 2;
    state.count += guesses.length;
    return state;
  }

  result({ total, count }: Distances): number {
    return Math.sqrt(total / count);
  }
}
