import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { refused } from './file-error.js';
import { holdSignals } from './hold-signals.js';

/**
 * Writes a file whole or not at all: to a temporary file beside it, flushed to the disk, then renamed. Whatever fails, an
 * older file stays as it was and nothing half-written remains; Ctrl-C waits until the file is in place.
 * Errors: FileError for a directory that is missing or not writable, a full disk, a directory in the file's place.
 */
export function writeFileAtomically(path: string, data: string | Uint8Array): Promise<void> {
  return holdSignals(() => {
    let temporary: string | undefined;
    try {
      const target = fs.existsSync(path) ? fs.realpathSync(path) : path;
      temporary = join(dirname(target), `.${basename(target)}.${process.pid}-${threadId}.tmp`);
      writeFlushed(temporary, data);
      fs.renameSync(temporary, target);
      flushDirectory(dirname(target));
    } catch (error) {
      if (temporary && fs.existsSync(temporary)) fs.rmSync(temporary);
      throw refused(path, 'cannot be written', error);
    }
  });
}

function writeFlushed(path: string, data: string | Uint8Array): void {
  const descriptor = fs.openSync(path, 'w');
  try {
    fs.writeFileSync(descriptor, data);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Makes a rename last; where directories cannot be flushed, the system does it in its own time. */
function flushDirectory(directory: string): void {
  try {
    const descriptor = fs.openSync(directory, 'r');
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  } catch {}
}
