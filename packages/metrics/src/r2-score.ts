import { checkOptions, formatShape, inLayer, ShapeError, type Tensor } from '@nn/tensor';
import { checkAlike } from './alike.js';
import type { Metric } from './metric.js';

export interface R2ScoreOptions {
  /** The name in reports. Default `r2Score`. */
  readonly name?: string;
}

/** Of one output: the running mean of its targets, the sum of their squared distances from it, and of those from predictions. */
export interface Variation {
  mean: number;
  spread: number;
  residual: number;
}

export interface R2ScoreState {
  rows: number;
  readonly outputs: Variation[];
}

/**
 * The share of the targets' variance that the prediction explains, `1 − Σ(y − ŷ)² / Σ(y − mean y)²`, a mean over outputs.
 * Where all targets of an output are equal, it is 1 if the prediction is exact, else 0. NaN for fewer than 2 rows, which have
 * no variance, and once a prediction is. Means and variances go on from batch to batch as in Welford 1962, Technometrics 4,
 * so that targets far from 0 lose nothing.
 * Shapes: prediction [rows, ...], target [rows, ...], equal. Errors: unknown options; shapes that differ, or have no rows;
 * batches with different numbers of outputs.
 */
export class R2Score implements Metric<R2ScoreState> {
  static readonly kind: string = 'R2Score';
  readonly name: string;

  constructor(readonly options: R2ScoreOptions = {}) {
    checkOptions('R2Score', options, ['name']);
    this.name = options.name ?? 'r2Score';
  }

  init(): R2ScoreState {
    return { rows: 0, outputs: [] };
  }

  update(state: R2ScoreState, prediction: Tensor, target: Tensor): R2ScoreState {
    checkAlike('R2Score', prediction, target);
    const [rows, ...shape] = prediction.shape;
    if (rows === undefined)
      throw new ShapeError(
        `R2Score${inLayer()}: the prediction must be [rows, ...], not ${formatShape(prediction.shape)}.`,
      );
    const count = shape.reduce((product, size) => product * size, 1);
    const { outputs } = state;
    if (state.rows > 0 && outputs.length !== count)
      throw new RangeError(
        `R2Score: this batch has ${count} outputs, the ones before had ${outputs.length}; start anew with init().`,
      );
    while (outputs.length < count) outputs.push({ mean: 0, spread: 0, residual: 0 });
    const [guesses, truths] = [prediction.data, target.data];
    for (let row = 0; row < rows; row++) {
      state.rows++;
      outputs.forEach((output, i) => {
        const at = row * count + i;
        const distance = truths[at] - output.mean;
        output.mean += distance / state.rows;
        output.spread += distance * (truths[at] - output.mean);
        output.residual += (truths[at] - guesses[at]) ** 2;
      });
    }
    return state;
  }

  result({ rows, outputs }: R2ScoreState): number {
    if (rows < 2) return Number.NaN;
    const scores = outputs.map(({ spread, residual }) => {
      if (spread > 0 || Number.isNaN(residual)) return 1 - residual / spread;
      return residual === 0 ? 1 : 0;
    });
    return scores.reduce((total, score) => total + score, 0) / scores.length;
  }
}
