import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadNativeBackend } from '@nn/native-kernels';
import { checkNumbers, skipPasses, startProfile, useBackend } from '@nn/tensor';

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

/** Errors: a value that the variable does not take. */
function profileSettings(): { table: boolean; file?: string } {
  const { NN_PROFILE: profile = '', NN_TRACE: trace } = process.env;
  if (profile === '' || profile === '0') return { table: false, file: trace };
  if (profile === '1') return { table: true, file: trace };
  if (profile.endsWith('.json')) return { table: true, file: profile };
  throw new RangeError(`NN_PROFILE=${profile} is not understood; use 1, or name a file.json for a timeline as well.`);
}

/**
 * Profiles the whole process: prints the table and writes the timeline, as asked for, when it ends.
 * Errors: a file that cannot be written.
 */
function profileProcess(): void {
  const { table, file } = profileSettings();
  if (!table && !file) return;
  const path = file && resolve(file);
  if (path) checkWritable(path);
  const profiling = startProfile();
  process.once('exit', () => {
    const profile = profiling.stop();
    if (table) console.error(`\n${profile.table()}`);
    if (path) writeFileSync(path, JSON.stringify(profile.trace()));
  });
}

/** Errors: a file that cannot be written. */
function checkWritable(path: string): void {
  try {
    appendFileSync(path, '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The timeline ${path} cannot be written (${reason}); name a file in a directory that is there.`);
  }
}

/**
 * Sets the process up as its environment asks:
 * `NN_BACKEND` native | reference (default: native where it loads) · `NN_THREADS` threads of the native kernels (read by
 * them) · `NN_CHECK=1` stops at the first NaN or infinity, naming kernel and layer · `NN_PROFILE=1` prints where the time
 * went when the process ends · `NN_TRACE=file.json` writes a timeline of launches for Perfetto, and so does
 * `NN_PROFILE=file.json`, which prints as well · `NN_SKIP_PASSES=name,name` compiles captured steps without these passes,
 * `all` without any.
 */
export function applyEnvironment(): void {
  chooseBackend();
  if (choice('NN_CHECK', ['0', '1']) === '1') checkNumbers();
  profileProcess();
  if (process.env.NN_SKIP_PASSES) skipPasses(process.env.NN_SKIP_PASSES.split(','));
}
