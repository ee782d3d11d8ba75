import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from './failure.js';

/**
 * Makes sure, before any work is done, that files can be written to a directory; makes it if need be.
 * Errors (Failure): it cannot be made or written to, or a directory has the name of one of `files`.
 */
export async function prepareOutput(directory: string, files: readonly string[]): Promise<void> {
  const trial = join(directory, `.trial-${process.pid}`);
  try {
    await make(directory);
    await writeFile(trial, '');
    await rm(trial);
  } catch (error) {
    throw new Failure(`Nothing can be written to ${directory} (${(error as Error).message}); choose another --out.`);
  }
  for (const file of files) {
    const entry = await stat(join(directory, file)).catch(() => undefined);
    if (entry?.isDirectory())
      throw new Failure(`${join(directory, file)} is a directory, where a file must go; choose another --out.`);
  }
}

/** Makes a directory and those above it. `recursive: true` would try for ever where nothing can be made, as in /proc. */
async function make(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(directory) === directory) throw error;
    await make(dirname(directory));
    await mkdir(directory);
  }
}
