import { checkOptions, type Tensor } from '@nn/tensor';
import { checkAlike } from './alike.js';
import type { Metric } from './metric.js';

export interface MeanAbsoluteErrorOptions {
  /** The name in reports. Default `meanAbsoluteError`. */
  readonly name?: string;
}

/** The sum of distances and how many there were. */
export interface Distances {
  total: number;
  count: number;
}

/**
 * `mean(|prediction − target|)` over every number of every batch; NaN once a prediction is.
 * Shapes: prediction [...], target [...], equal. Errors: shapes that differ.
 */
export class MeanAbsoluteError implements Metric<Distances> {
  static readonly kind: string = 'MeanAbsoluteError';
  readonly name: string;

  constructor(readonly options: MeanAbsoluteErrorOptions = {}) {
    checkOptions('MeanAbsoluteError', options, ['name']);
    this.name = options.name ?? 'meanAbsoluteError';
  }

  init(): Distances {
    return { total: 0, count: 0 };
  }

  update(state: Distances, prediction: Tensor, target: Tensor): Distances {
    checkAlike('MeanAbsoluteError', prediction, target);
    const [guesses, truths] = [prediction.data, target.data];
    for (let i = 0; i < guesses.length; i++) state.total += Math.abs(guesses[i] - truths[i]);
    state.count += guesses.length;
    return state;
  }

  result({ total, count }: Distances): number {
    return total / count;
  }
}
