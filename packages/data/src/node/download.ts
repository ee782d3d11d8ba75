import { DataError } from '../data-error.js';
import { decode } from './read-idx.js';
import { sha256 } from './sha256.js';
import { Stall } from './stall.js';
import { writeWhole } from './write-whole.js';

/** How far the download of one file has come, in bytes. */
export interface DownloadProgress {
  /** The address it comes from. */
  readonly url: string;
  readonly received: number;
  /** Undefined when the server does not say. */
  readonly total: number | undefined;
}

export interface DownloadOptions {
  /** Called as bytes arrive. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Ends the download; the call then rejects with the signal's reason and leaves nothing behind. */
  readonly signal?: AbortSignal;
  /** Seconds of silence, before the answer or within it, after which the next server is asked. Default 20. */
  readonly patience?: number;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Gets a file, gzipped or not, from the first of `urls` that gives it with the right checksum, and writes it, unpacked,
 * to `path`: whole or not at all.
 *
 * @param checksum SHA-256 of the unpacked file
 *
 * Errors (DataError): no address gave the file (with each one's reason); `path` cannot be written.
 */
export async function download(
  urls: readonly string[],
  { path, checksum, ...options }: DownloadOptions & { readonly path: string; readonly checksum: string },
): Promise<void> {
  const reasons: string[] = [];
  for (const url of urls) {
    const bytes = await receive(url, checksum, options).catch((error: Error) => {
      options.signal?.throwIfAborted();
      reasons.push(`  ${url}: ${reasonOf(error)}`);
    });
    if (bytes) return writeWhole(path, bytes, options);
  }
  throw new DataError(`${path} could not be downloaded:\n${reasons.join('\n')}`);
}

async function receive(url: string, checksum: string, options: DownloadOptions): Promise<Uint8Array> {
  const bytes = await decode(await bodyOf(url, options), 'what came');
  const got = sha256(bytes);
  if (got !== checksum) throw new DataError(`its SHA-256 is ${got}, expected ${checksum}`);
  return bytes;
}

/** What a server sends. Errors: another answer than 200; silence; whatever `fetch` throws. */
async function bodyOf(
  url: string,
  { fetch = globalThis.fetch, signal, patience = 20, onProgress }: DownloadOptions,
): Promise<Uint8Array> {
  const stall = new Stall(patience, signal);
  try {
    const response = await fetch(url, { signal: stall.signal });
    if (!response.ok || !response.body) throw new DataError(`the server answered ${response.status}`);
    const total = Number(response.headers.get('content-length')) || undefined;
    const chunks: Uint8Array[] = [];
    let received = 0;
    for await (const chunk of response.body) {
      stall.heard();
      chunks.push(chunk);
      received += chunk.length;
      onProgress?.({ url, received, total });
      signal?.throwIfAborted();
    }
    return Buffer.concat(chunks);
  } finally {
    stall.stop();
  }
}

/** What `fetch` says of a failed connection lies in its cause, at times only as a code. */
function reasonOf({ message, cause }: Error): string {
  const { message: detail, code } = (cause ?? {}) as NodeJS.ErrnoException;
  return detail || code || message;
}
