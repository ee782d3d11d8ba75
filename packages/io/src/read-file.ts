import fs from 'node:fs/promises';
import { decode, type Source } from './decode.js';
import { refused } from './file-error.js';

/** Reads one of our files. Errors: FileError; see `decode`. */
export async function readFile<T>(path: string, read: (source: Source) => T): Promise<T> {
  const bytes = await fs.readFile(path).catch((error: unknown) => {
    throw refused(path, 'cannot be read', error);
  });
  return decode(path, bytes, read);
}
