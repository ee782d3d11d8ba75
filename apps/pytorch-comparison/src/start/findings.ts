import type { Task } from '../contestant.js';

/** What a new process shows from its start to its first steps. */
export interface Findings {
  /** Seconds to import the framework. */
  readonly importSeconds: number;
  /** Bytes of memory that the process holds after the import. */
  readonly importBytes: number;
  /** Milliseconds of each of the first three steps, in which steps are recorded or compiled. */
  readonly firstSteps: readonly number[];
  /** Bytes by which memory rose above that, at most, up to the end of `steps` steps. */
  readonly risenBytes: number;
}

/** What a probe is given, as JSON on its command line. */
export interface Assignment extends Pick<Task, 'folder'> {
  /** The workload's name, and its network for those who do not know it. */
  readonly workload: string;
  readonly network: Task['workload']['network'];
  readonly task: Task['workload']['task'];
  readonly threads: number;
  /** Steps in all, more than three. */
  readonly steps: number;
  /** The rows of each batch. */
  readonly batches: readonly (readonly number[])[];
  /** In which of the framework's ways to work. */
  readonly way: string;
}
