import type { Limits } from '@nn/tensor';
import type { Addon } from './addon.js';

/** What the machine can do at most, measured once for each number of threads. */
export function limitsOf(addon: Addon): () => Limits {
  const known = new Map<number, Limits>();
  return () => {
    const threads = addon.setThreads();
    const limits = known.get(threads) ?? decode(addon.limits());
    known.set(threads, limits);
    return limits;
  };
}

const decode = ([flops, ...memory]: Float64Array): Limits => ({
  flops,
  memory: memory.flatMap((bytes, i) => (i % 2 === 0 ? [{ bytes, bandwidth: memory[i + 1] }] : [])),
});
