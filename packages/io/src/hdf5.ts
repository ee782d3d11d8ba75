/** The HDF5 library, once loaded. */
export type H5wasm = typeof import('h5wasm');

/** The part of the library's file system in memory that we use; its own types lack it. */
interface MemoryFiles {
  writeFile(name: string, bytes: Uint8Array): void;
  readFile(name: string): Uint8Array;
  unlink(name: string): void;
  analyzePath(name: string): { readonly exists: boolean };
}

let files = 0;

/**
 * Runs `work` with the HDF5 library and the name of a file in its memory, holding `bytes` if any are given. The library
 * never touches the real file system, so that writing stays atomic and every refusal is Node's own.
 */
export async function withHdf5<T>(
  bytes: Uint8Array | undefined,
  work: (library: H5wasm, name: string, memory: MemoryFiles) => T,
): Promise<T> {
  const library = await import('h5wasm');
  const module = await library.ready;
  module.activate_throwing_error_handler();
  const memory = module.FS as unknown as MemoryFiles;
  const name = `/${files++}.h5`;
  if (bytes) memory.writeFile(name, bytes);
  try {
    return work(library, name, memory);
  } finally {
    if (memory.analyzePath(name).exists) memory.unlink(name);
  }
}

/** HDF5's innermost words in one of the library's stack traces. */
export function hdf5Reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const frames = [...message.matchAll(/in \w+\(\): (.+)/g)];
  return frames.at(-1)?.[1] ?? message.split('\n')[0];
}
