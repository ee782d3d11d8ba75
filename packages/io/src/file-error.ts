/** A file that cannot be written or read, or is not what it should be. The message names the file and what to do. */
export class FileError extends Error {
  override readonly name = 'FileError';
  /** The file. */
  readonly path: string;

  /** The message becomes `path: problem`. */
  constructor(path: string, problem: string, cause?: unknown) {
    super(`${path}: ${problem}`, cause === undefined ? undefined : { cause });
    this.path = path;
  }
}

const remedies: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory; check the path.',
  EACCES: 'permission denied; check the rights on it and its directory.',
  EPERM: 'permission denied; check the rights on it and its directory.',
  EROFS: 'the file system is read-only; choose another directory.',
  ENOSPC: 'the disk is full; free some space or choose another directory.',
  EDQUOT: 'the disk quota is used up; free some space or choose another directory.',
  EFBIG: 'the file would be larger than this process may write.',
  EISDIR: 'it is a directory, where a file is needed.',
  ENOTDIR: 'a part of the path is a file, where a directory is needed.',
};

/** What the operating system refused, in words. `action` says what was tried: `cannot be read`. */
export function refused(path: string, action: string, error: unknown): FileError {
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  return new FileError(path, `${action}: ${remedies[code] ?? message}`, error);
}
