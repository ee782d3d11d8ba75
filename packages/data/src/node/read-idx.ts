import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Tensor } from '@nn/tensor';
import { DataError } from '../data-error.js';
import { parseIdx } from '../idx.js';

/**
 * The tensor in an IDX file, gzipped or not; see `parseIdx`.
 * Errors (DataError): the file is missing or cannot be read; it is damaged or no IDX file.
 */
export async function readIdx(path: string): Promise<Tensor> {
  return parseIdx(await readDecoded(path), { name: path });
}

/** The bytes of a file, unpacked if it is gzipped. Errors (DataError): it is missing, unreadable or damaged. */
export async function readDecoded(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reason = reasons[error.code ?? ''] ?? `cannot be read (${error.message})`;
    throw new DataError(`${path} ${reason}.`);
  });
  return decode(bytes, path);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; check the path',
  EACCES: 'cannot be read: permission is denied; change its permissions',
  EISDIR: 'is a directory; name a file in it',
};

/** `bytes`, unpacked if they are gzipped. Errors (DataError): damaged bytes, called `name`. */
export async function decode(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return promisify(gunzip)(bytes).catch((error: Error) => {
    throw new DataError(`${name} is a damaged gzip file (${error.message}). Replace it with the original.`);
  });
}
