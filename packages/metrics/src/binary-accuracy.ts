import { checkOptions, type Tensor } from '@nn/tensor';
import { checkThreshold, type DecisionOptions, decisionsOf } from './decision.js';
import type { Metric, Share } from './metric.js';

export interface BinaryAccuracyOptions extends DecisionOptions {
  /** The name in reports. Default `binaryAccuracy`. */
  readonly name?: string;
}

/**
 * The share of right decisions between no and yes. A prediction that is NaN is wrong.
 * Shapes: prediction [...], target [...] of 0 and 1, equal.
 * Errors: unknown options; shapes that differ; targets that are neither 0 nor 1; predictions that are no probabilities
 * where no threshold is given.
 */
export class BinaryAccuracy implements Metric<Share> {
  static readonly kind: string = 'BinaryAccuracy';
  readonly name: string;

  constructor(readonly options: BinaryAccuracyOptions = {}) {
    checkOptions('BinaryAccuracy', options, ['threshold', 'name']);
    checkThreshold('BinaryAccuracy', options);
    this.name = options.name ?? 'binaryAccuracy';
  }

  init(): Share {
    return { correct: 0, count: 0 };
  }

  update(state: Share, prediction: Tensor, target: Tensor): Share {
    const { count, predicted, truth } = decisionsOf('BinaryAccuracy', prediction, target, this.options);
    for (let i = 0; i < count; i++) if (predicted(i) === truth(i)) state.correct++;
    state.count += count;
    return state;
  }

  result({ correct, count }: Share): number {
    return correct / count;
  }
}
