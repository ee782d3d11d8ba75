import type { Data } from './dtype.js';
import type { Compiled, Program } from './program.js';

/** One run of a compiled program. */
export interface TimedRun {
  readonly program: Program;
  /** For each launch of the program when it began, on the clock of `performance.now()`, and how long it took; in ns. */
  readonly times: Float64Array;
  /** True for a run off the event loop, during which other launches may pass the door. */
  readonly asynchronous: boolean;
}

type Listener = (run: TimedRun) => void;

const listeners = new Set<Listener>();

/** Has every run of a compiled program timed, launch by launch, for `listener`; the result ends it. */
export function timeRuns(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** True while somebody wants to know the times of launches. */
export const timing = (): boolean => listeners.size > 0;

const tell = (run: TimedRun): void => {
  for (const listener of listeners) listener(run);
};

const timesOf = ({ launches }: Program): Float64Array => new Float64Array(2 * launches.length);

/** Runs a compiled program, timed while somebody listens. */
export function runTimed(compiled: Compiled, inputs: readonly Data[], results: readonly Data[]): void {
  const { program } = compiled;
  const times = timing() && program ? timesOf(program) : undefined;
  compiled.run(inputs, results, times);
  if (program && times) tell({ program, times, asynchronous: false });
}

/** A compiled program that can run off the event loop. */
export type CompiledAsync = Compiled & Required<Pick<Compiled, 'runAsync'>>;

export const canRunAsync = (compiled: Compiled): compiled is CompiledAsync => compiled.runAsync !== undefined;

/** The same off the event loop. */
export async function runTimedAsync(
  compiled: CompiledAsync,
  inputs: readonly Data[],
  results: readonly Data[],
): Promise<void> {
  const { program } = compiled;
  const times = timing() && program ? timesOf(program) : undefined;
  await compiled.runAsync(inputs, results, times);
  if (program && times) tell({ program, times, asynchronous: true });
}
