import type { Differentiable } from './tape.js';
import type { Tensor } from './tensor.js';

/** Sees each call of an op once it has run: what it took and what it gave. */
export type OpWatcher = (
  op: Differentiable,
  inputs: readonly Tensor[],
  attrs: object,
  outputs: readonly Tensor[],
) => void;

let watcher: OpWatcher | undefined;

/** Who watches ops now, if anyone. */
export const opWatcher = (): OpWatcher | undefined => watcher;

/** Runs `work`, and tells `watch` of each op called in it. */
export function watchingOps<T>(watch: OpWatcher, work: () => T): T {
  const outer = watcher;
  watcher = watch;
  try {
    return work();
  } finally {
    watcher = outer;
  }
}
