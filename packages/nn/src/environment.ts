import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadNativeBackend } from '@nn/native-kernels';
import { checkNumbers, skipPasses, startTrace, useBackend } from '@nn/tensor';

/** Errors: a value that the variable does not take. */
function choice<T extends string>(variable: string, values: readonly T[]): T | undefined {
  const value = process.env[variable];
  if (value === undefined || value === '') return undefined;
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw new RangeError(`${variable}=${value} is not understood; use ${values.join(' or ')}.`);
  return found;
}

/** Uses the native kernels where they load, unless NN_BACKEND says otherwise. */
function chooseBackend(): void {
  const wanted = choice('NN_BACKEND', ['native', 'reference']);
  if (wanted === 'reference') return;
  const native = loadNativeBackend();
  if (native) useBackend(native);
  else if (wanted === 'native')
    throw new Error('NN_BACKEND=native, but there is no binary of @nn/native-kernels here.');
}

/** Writes every launch of the process to a file when it ends. Errors: a file that cannot be written. */
function traceTo(file: string): void {
  const path = resolve(file);
  try {
    appendFileSync(path, '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`NN_TRACE=${file} cannot be written (${reason}); name a file in a directory that is there.`);
  }
  const trace = startTrace();
  process.once('exit', () => {
    trace.stop();
    writeFileSync(path, JSON.stringify({ traceEvents: trace.events }));
  });
}

/**
 * Sets the process up as its environment asks:
 * `NN_BACKEND` native | reference (default: native where it loads) · `NN_THREADS` threads of the native kernels (read by
 * them) · `NN_CHECK=1` stops at the first NaN or infinity, naming kernel and layer · `NN_TRACE=file.json` writes a
 * timeline of all launches for chrome://tracing or Perfetto · `NN_SKIP_PASSES=name,name` compiles captured steps without
 * these passes, `all` without any.
 */
export function applyEnvironment(): void {
  chooseBackend();
  if (choice('NN_CHECK', ['0', '1']) === '1') checkNumbers();
  if (process.env.NN_TRACE) traceTo(process.env.NN_TRACE);
  if (process.env.NN_SKIP_PASSES) skipPasses(process.env.NN_SKIP_PASSES.split(','));
}
