import { checkCount, checkOptions } from '@nn/tensor';
import { type BatchSource, checkSource, countOf } from './batches.js';
import { type Callback, checkCallbacks } from './callback.js';

/** What one call of `fit` is to do. */
export interface TrainingOptions {
  /** Batches to learn from, gone through once an epoch. */
  readonly train: BatchSource;
  /** Batches to measure on after each epoch. Default: none. */
  readonly validation?: BatchSource;
  /** Epochs of this run. Default 1; with `maxSteps`, as many as it takes. */
  readonly epochs?: number;
  /** The most steps of this run. Default: no limit. */
  readonly maxSteps?: number;
  /** Told what happens, in this order. */
  readonly callbacks?: readonly Callback[];
  /** Ends the run after the step under way. */
  readonly signal?: AbortSignal;
  /** True to go on with the run that was interrupted, here or in the trainer whose state was loaded. Default false. */
  readonly resume?: boolean;
}

/** A run whose options are checked, and as long as they and the data say. */
export interface Run extends TrainingOptions {
  readonly epochs: number | undefined;
  readonly batches: number | undefined;
  /** Steps of the whole run, where that is known. */
  readonly steps: number | undefined;
  readonly callbacks: readonly Callback[];
}

/** Errors: options that do not exist, or make no sense. */
export function checkedRun(options: TrainingOptions): Run {
  checkOptions('fit', options, ['train', 'validation', 'epochs', 'maxSteps', 'callbacks', 'signal', 'resume']);
  const { train, validation, maxSteps, callbacks = [] } = options;
  checkSource('fit', 'train', train);
  if (validation !== undefined) checkSource('fit', 'validation', validation);
  checkCallbacks(callbacks);
  checkCount('fit', 'epochs', options.epochs);
  checkCount('fit', 'maxSteps', maxSteps);
  const epochs = options.epochs ?? (maxSteps === undefined ? 1 : undefined);
  const batches = countOf(train);
  const steps = Math.min(maxSteps ?? Infinity, (epochs ?? Infinity) * (batches ?? Infinity));
  return { ...options, epochs, batches, steps: Number.isFinite(steps) ? steps : undefined, callbacks };
}
