import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The file in a directory under one of the names that it goes by, or undefined. */
export function find(directory: string, file: string): string | undefined {
  const names = [file, `${file}.gz`, file.replace('-idx', '.idx')];
  return names.map((name) => join(directory, name)).find((path) => existsSync(path));
}

/**
 * Where downloads are kept: the environment's NN_DATA, else `nn` in XDG_CACHE_HOME, else `.cache/nn` in the home
 * directory.
 */
export function cacheDirectory(): string {
  const { NN_DATA, XDG_CACHE_HOME } = process.env;
  return NN_DATA || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'nn');
}
