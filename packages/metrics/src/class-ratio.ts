import { checkOptions, checkRange, type Tensor } from '@nn/tensor';
import { classificationOf } from './classification.js';
import { checkThreshold, type DecisionOptions, decisionsOf } from './decision.js';
import type { Metric } from './metric.js';

/**
 * How classes come together in one figure.
 * `macro`: the mean of each class's figure, over the classes that were true or predicted at least once.
 * `micro`: the figure of all counts added up.
 * `binary`: the figure of yes alone, or of class 1 of two.
 */
export type Average = 'macro' | 'micro' | 'binary';

export interface ClassRatioOptions extends DecisionOptions {
  /** How classes come together. Default `macro`. */
  readonly average?: Average;
  /** The figure of a class where it would be 0/0, as nothing was predicted or nothing was true. Default 0. */
  readonly zeroDivision?: number;
  /** The name in reports. Default: what the metric is called. */
  readonly name?: string;
}

/** How often a class was taken for itself, others were taken for it, and it was taken for others. */
export interface ClassCounts {
  right: number;
  falsely: number;
  missed: number;
}

/** Rows so far, and the counts of each class, or of yes alone. */
export interface ClassRatioState {
  rows: number;
  readonly classes: ClassCounts[];
}

/**
 * A figure of classes, a ratio of how often each was found, taken for another and missed. A row with NaN predicts nothing,
 * so that its class was missed.
 *
 * Shapes: prediction [..., classes], target [...] class indices or [..., classes] one-hot or soft. With `average: 'binary'`:
 * prediction [...] and target [...] of 0 and 1, equal; or [..., 2] and [...] class indices.
 * Errors: unknown options, values out of range; shapes, dtypes or targets that do not fit; batches with different numbers
 * of classes.
 */
export abstract class ClassRatio implements Metric<ClassRatioState> {
  static readonly kind: string;
  readonly name: string;

  constructor(
    readonly options: ClassRatioOptions,
    name: string,
  ) {
    const { kind } = this;
    checkOptions(kind, options, ['average', 'threshold', 'zeroDivision', 'name']);
    const { average = 'macro', threshold } = options;
    if (average !== 'macro' && average !== 'micro' && average !== 'binary')
      throw new TypeError(`${kind}: average is 'macro', 'micro' or 'binary', not ${JSON.stringify(average)}.`);
    if (threshold !== undefined && average !== 'binary')
      throw new TypeError(`${kind}: a threshold decides between no and yes; give average: 'binary' as well.`);
    checkThreshold(kind, options);
    checkRange(kind, 'zeroDivision', options.zeroDivision, { to: 1 });
    this.name = options.name ?? name;
  }

  get kind(): string {
    return (this.constructor as typeof ClassRatio).kind;
  }

  /** What the figure of a class divides, and by what. */
  protected abstract ratio(counts: ClassCounts): readonly [part: number, whole: number];

  init(): ClassRatioState {
    return { rows: 0, classes: [] };
  }

  update(state: ClassRatioState, prediction: Tensor, target: Tensor): ClassRatioState {
    const { average } = this.options;
    const ofClasses = target.shape.length === prediction.shape.length - 1 && (prediction.shape.at(-1) ?? 0) > 1;
    if (average === 'binary' && !ofClasses) this.#countYes(state, prediction, target);
    else this.#countClasses(state, prediction, target);
    return state;
  }

  #countYes(state: ClassRatioState, prediction: Tensor, target: Tensor): void {
    const { count, predicted, truth } = decisionsOf(this.kind, prediction, target, this.options);
    const [yes] = countsOf(this.kind, state, 1);
    for (let i = 0; i < count; i++) {
      if (truth(i) === 1 && predicted(i) === 1) yes.right++;
      else if (truth(i) === 1) yes.missed++;
      else if (predicted(i) === 1) yes.falsely++;
    }
    state.rows += count;
  }

  #countClasses(state: ClassRatioState, prediction: Tensor, target: Tensor): void {
    const { average, threshold } = this.options;
    const { rows, classes, predicted, truth } = classificationOf(this.kind, prediction, target);
    if (average === 'binary' && classes !== 2)
      throw new RangeError(
        `${this.kind}: average 'binary' is for 2 classes, and the prediction has ${classes}; use 'macro' or 'micro'.`,
      );
    if (threshold !== undefined)
      throw new RangeError(`${this.kind}: of ${classes} classes the largest score decides; leave threshold out.`);
    const counts = countsOf(this.kind, state, classes);
    for (let row = 0; row < rows; row++) {
      const [actual, guess] = [truth(row), predicted(row)];
      if (actual >= 0 && actual === guess) {
        counts[actual].right++;
        continue;
      }
      if (actual >= 0) counts[actual].missed++;
      if (guess >= 0) counts[guess].falsely++;
    }
    state.rows += rows;
  }

  result({ rows, classes }: ClassRatioState): number {
    const { average = 'macro' } = this.options;
    if (rows === 0) return Number.NaN;
    if (average === 'binary') return this.#figureOf(classes[classes.length - 1]);
    if (average === 'micro') return this.#figureOf(classes.reduce(added));
    const seen = classes.filter(({ right, falsely, missed }) => right + falsely + missed > 0);
    return seen.reduce((total, counts) => total + this.#figureOf(counts), 0) / seen.length;
  }

  #figureOf(counts: ClassCounts): number {
    const [part, whole] = this.ratio(counts);
    return whole === 0 ? (this.options.zeroDivision ?? 0) : part / whole;
  }
}

const added = (a: ClassCounts, b: ClassCounts): ClassCounts => ({
  right: a.right + b.right,
  falsely: a.falsely + b.falsely,
  missed: a.missed + b.missed,
});

/** The counts to go on with. Errors: those before were of another number of classes. */
function countsOf(owner: string, { classes }: ClassRatioState, count: number): ClassCounts[] {
  if (classes.length === 0) for (let i = 0; i < count; i++) classes.push({ right: 0, falsely: 0, missed: 0 });
  if (classes.length === count) return classes;
  throw new RangeError(
    `${owner}: this batch has ${count} classes, the ones before had ${classes.length}; start anew with init().`,
  );
}
