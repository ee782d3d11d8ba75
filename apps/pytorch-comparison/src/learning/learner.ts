import type { Network } from '../networks.js';

/** Mean loss and share of right answers over some samples, in evaluation mode. */
export interface Score {
  readonly loss: number;
  readonly accuracy: number;
}

/** Rows of the data, a list a batch. */
export type Batches = readonly (readonly number[])[];

/** One side that trains a network. */
export interface Learner {
  readonly framework: string;
  /** A step on each batch; the losses of the steps, and the seconds they took. */
  train(batches: Batches): Promise<{ readonly seconds: number; readonly values: readonly number[] }>;
  evaluate(batches: Batches): Promise<Score>;
  close(): Promise<void>;
}

/** What learners start from. */
export interface Lesson {
  readonly network: Network;
  /** The folder of the initial weights. */
  readonly weights: string;
  /** The folder of the samples: x [rows, 784] and y [rows]. */
  readonly samples: string;
  readonly threads: number;
  /** Decided the initial weights, and decides the masks of dropout. */
  readonly seed: number;
}
