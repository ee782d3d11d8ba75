import type { Backend } from '@nn/tensor';
import { loadAddon } from './addon.js';
import { createBackend } from './backend.js';

let backend: Backend | undefined;

/**
 * The C++ backend, for `useBackend`; undefined where there is no binary for this platform (`nativeUnavailable` says why).
 * Kernels that C++ does not have run on their references.
 * Errors: a binary that is there and does not load; NN_THREADS or NN_ISA with a value that they do not take.
 */
export function loadNativeBackend(): Backend | undefined {
  const loaded = loadAddon();
  if ('addon' in loaded) backend ??= createBackend(loaded.addon);
  return backend;
}

/** Why there is no native backend here; undefined where there is one. */
export function nativeUnavailable(): string | undefined {
  const loaded = loadAddon();
  return 'reason' in loaded ? loaded.reason : undefined;
}

/**
 * Spreads the work of native kernels over `count` threads (1 to 256), for the whole process, and returns the number in
 * force: 1 where there is no native backend. Results are the same to the bit for any number. The default is NN_THREADS, or
 * the processor cores at hand. Errors: a number out of range.
 */
export function setThreads(count: number): number {
  if (!(Number.isInteger(count) && count >= 1 && count <= 256))
    throw new RangeError(`setThreads: ${count} is not a whole number from 1 to 256.`);
  const loaded = loadAddon();
  return 'addon' in loaded ? loaded.addon.setThreads(count) : 1;
}

/** The number of threads that native kernels use; 1 where there is no native backend. */
export function threads(): number {
  const loaded = loadAddon();
  return 'addon' in loaded ? loaded.addon.setThreads() : 1;
}

/** The instruction set that native kernels use: `baseline`, `avx2` or `avx512`; undefined where there is no native backend. */
export function instructionSet(): string | undefined {
  const loaded = loadAddon();
  return 'addon' in loaded ? loaded.addon.instructionSet : undefined;
}
