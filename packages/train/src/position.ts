import type { EpochRecord } from './figures.js';
import type { Sums } from './tally.js';

/** Where a trainer is, plain JSON. Epochs and steps are counted from 0 and over all its runs. */
export interface Position {
  /** Epochs that are done. */
  epoch: number;
  /** Batches of the present epoch that are done. */
  batch: number;
  /** Steps that are done. */
  step: number;
  /** Where the present run began. */
  start: { readonly epoch: number; readonly step: number };
  /** Seconds that the present epoch has taken. */
  seconds: number;
  /** What was measured in the present epoch; undefined before its first batch. */
  sums?: Sums;
  /** The epochs of the present run that are done. */
  history: EpochRecord[];
}

/** Before everything. */
export const beginning = (): Position => ({
  epoch: 0,
  batch: 0,
  step: 0,
  start: { epoch: 0, step: 0 },
  seconds: 0,
  history: [],
});

/** The same place as the start of another run. An epoch that was interrupted is not gone on with. */
export function anotherRun({ epoch, batch, step }: Position): Position {
  const next = batch > 0 ? epoch + 1 : epoch;
  return { ...beginning(), epoch: next, step, start: { epoch: next, step } };
}
