import { allocate, type Data, type DType } from '@nn/tensor';
import type { File, Group } from 'h5wasm';
import { FileError } from './file-error.js';
import { format, keyOf, storedTypes } from './format.js';
import { type H5wasm, hdf5Reason, withHdf5 } from './hdf5.js';
import { fromJson } from './json.js';
import type { StoredArray, StoredArrays } from './snapshot.js';

/** One of our files, open for reading. */
export interface Source {
  /** What the file is: `model`, `trainer` or `state-dict`. */
  readonly kind: string;
  /** The JSON value of a document. */
  document(name: string): unknown;
  /** The arrays of a group, by key. */
  arrays(group: string): StoredArrays;
}

const signature = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * Reads the bytes of one of our files; `path` is for messages. Errors, as FileError: empty, not HDF5, truncated or
 * damaged, HDF5 from elsewhere, a layout newer than this code, parts that are missing or of a type that tensors lack.
 * Whatever `read` itself throws passes through.
 */
export async function decode<T>(path: string, bytes: Uint8Array, read: (source: Source) => T): Promise<T> {
  if (bytes.length === 0) throw new FileError(path, 'the file is empty; copy or save it again.');
  if (signature.some((byte, i) => bytes[i] !== byte))
    throw new FileError(path, 'this is not an HDF5 file; give one that save has written.');
  return withHdf5(bytes, (library, name) => {
    const file = intact(path, () => new library.File(name, 'r'));
    try {
      return read(new Hdf5Source(path, file, library));
    } finally {
      intact(path, () => file.close());
    }
  });
}

/** What the HDF5 library gives. Errors: FileError for damage, which is why the library throws when it reads. */
function intact<T>(path: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    throw new FileError(
      path,
      `the file is truncated or damaged (HDF5 says: ${hdf5Reason(error)}); copy or save it again.`,
      error,
    );
  }
}

class Hdf5Source implements Source {
  readonly kind: string;
  readonly #path: string;
  readonly #file: File;
  readonly #library: H5wasm;

  constructor(path: string, file: File, library: H5wasm) {
    const attribute = (name: string) => intact(path, () => file.attrs[name]?.value);
    if (attribute('format') !== format.name)
      throw new FileError(path, 'this HDF5 file was not written by save or saveStateDict.');
    const version = attribute('format_version');
    if (!(Number(version) <= format.version)) {
      const known = format.version;
      throw new FileError(path, `the file has layout ${version}, and this code reads up to ${known}; update @nn/io.`);
    }
    this.kind = String(attribute('content'));
    this.#path = path;
    this.#file = file;
    this.#library = library;
  }

  document(name: string): unknown {
    const dataset = this.#part(name);
    const value = dataset instanceof this.#library.Dataset ? this.#intact(() => dataset.value) : undefined;
    const text = [value].flat()[0];
    if (typeof text !== 'string') throw new FileError(this.#path, `the file lacks "${name}", a dataset of one string.`);
    try {
      return fromJson(text);
    } catch (error) {
      throw new FileError(this.#path, `"${name}" is not JSON: ${(error as Error).message}.`, error);
    }
  }

  arrays(name: string): StoredArrays {
    const group = this.#part(name);
    if (!(group instanceof this.#library.Group)) throw new FileError(this.#path, `the file lacks the group "${name}".`);
    return new Map(this.#intact(() => group.keys()).map((link) => [keyOf(link), this.#array(group, link)]));
  }

  #part(name: string) {
    return this.#intact(() => (this.#file.keys().includes(name) ? this.#file.get(name) : null));
  }

  #intact<T>(ask: () => T): T {
    return intact(this.#path, ask);
  }

  #array(group: Group, link: string): StoredArray {
    const place = `${group.path}/${link}`;
    const dataset = this.#intact(() => group.get(link));
    if (!(dataset instanceof this.#library.Dataset)) throw new FileError(this.#path, `${place} is not a dataset.`);
    const { stored, shape, value } = this.#intact(() => ({
      stored: dataset.dtype,
      shape: dataset.shape,
      value: dataset.value,
    }));
    const dtype = (Object.keys(storedTypes) as DType[]).find((name) => storedTypes[name] === stored);
    if (!dtype || !shape) {
      const fault = `${place} has the type ${JSON.stringify(stored)}, which tensors lack`;
      throw new FileError(this.#path, `${fault}; convert it to float32, float64, int32 or uint8.`);
    }
    return { shape, data: typeof value === 'number' ? allocate(dtype, 1).fill(value) : (value as Data) };
  }
}
