import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataError } from '../data-error.js';

/**
 * Writes a file and the directories above it: whole or not at all, as it gets its name once it is complete. Nothing stays
 * behind where it fails, `signal` aborts it or Ctrl-C ends the process.
 * Errors: it cannot be written (DataError); the signal's reason.
 */
export async function writeWhole(
  path: string,
  bytes: Uint8Array,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`;
  const keep = removeAtSignals(partial);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, bytes, { flush: true, signal });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    signal?.throwIfAborted();
    throw new DataError(`${path} cannot be written (${(error as Error).message}); choose another directory.`);
  } finally {
    keep();
  }
}

/**
 * Removes a file before a signal such as Ctrl-C's ends the process, until the function that it gives is called. Signals
 * that the program handles itself are left to it.
 */
function removeAtSignals(path: string): () => void {
  const signals = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).filter((signal) => process.listenerCount(signal) === 0);
  const keep = () => {
    for (const signal of signals) process.off(signal, remove);
  };
  const remove = (signal: NodeJS.Signals) => {
    keep();
    rmSync(path, { force: true });
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, remove);
  return keep;
}
