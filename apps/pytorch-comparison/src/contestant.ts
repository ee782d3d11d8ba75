import type { Workload } from './workloads.js';

/** Steps to do: step i on batch i of `batches`, in a cycle. A batch is the rows of the data that make it up. */
export interface Work {
  readonly batches: readonly (readonly number[])[];
  readonly steps: number;
}

export interface Result {
  readonly seconds: number;
  /** The loss of each step; in inference the mean square of its output. */
  readonly values: readonly number[];
}

/** One way to do the work, ready to run. */
export interface Contestant {
  readonly framework: string;
  /** Which of the framework's ways, and on how many threads, such as `fused 2`. */
  readonly variant: string;
  /** Seconds of steps after which it has done enough, for those who are slow; undefined: as many as the others do. */
  readonly patience?: number;
  /** Errors (CannotError): it cannot do this work. */
  run(work: Work): Promise<Result>;
  close(): Promise<void>;
}

/** A framework cannot do some work; the message says why. */
export class CannotError extends Error {}

/** That a contestant cannot do a workload, and why. */
export interface Refusal extends Pick<Contestant, 'framework' | 'variant'> {
  readonly reason: string;
}

/** What every side starts from. */
export interface Task {
  readonly workload: Workload;
  /** Where `writeArrays` put the samples `x` and their targets `y`, and the initial weights under their state keys. */
  readonly folder: string;
  /** The numbers of threads to run on; the comparison is about the last. */
  readonly threads: readonly number[];
  /** True to leave out what takes long to start. */
  readonly quick: boolean;
}

/** A framework that takes part. */
export interface Rival {
  readonly framework: string;
  /** Opens each of its ways to do the work; none where it cannot. */
  open(task: Task): Promise<readonly Contestant[]>;
  /** Ends what it started. */
  close(): void;
}

/** How a contestant is called in reports. */
export const nameOf = ({ framework, variant }: Pick<Contestant, 'framework' | 'variant'>): string =>
  `${framework} ${variant}`;
