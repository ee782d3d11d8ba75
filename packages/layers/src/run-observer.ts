import type { Tensor } from '@nn/tensor';
import type { AnyModule } from './module.js';

/** Sees every run of a module from outside, and runs it by calling `run`. */
export type RunObserver = <T>(module: AnyModule, inputs: readonly Tensor[], run: () => T) => T;

let observer: RunObserver | undefined;

export const currentObserver = (): RunObserver | undefined => observer;

/** Calls `work` with `observe` around every run of a module in it. */
export function observeRuns<T>(observe: RunObserver, work: () => T): T {
  const outer = observer;
  observer = observe;
  try {
    return work();
  } finally {
    observer = outer;
  }
}
