import { bytesOf, dtypeOf, sizeOf } from '@nn/tensor';
import type { Group } from 'h5wasm';
import { format, linkOf, storedTypes } from './format.js';
import { withHdf5 } from './hdf5.js';
import { toJson } from './json.js';
import type { StoredArray, StoredArrays } from './snapshot.js';

/** What one of our files holds. */
export interface Contents {
  /** What the file is: `model`, `trainer` or `state-dict`. */
  readonly kind: string;
  /** JSON values by name; each becomes a dataset of one string. */
  readonly documents: Readonly<Record<string, unknown>>;
  /** Arrays by the name of their group. */
  readonly groups: Readonly<Record<string, StoredArrays>>;
}

/** HDF5's own checksum, which h5py and every other reader verifies too. */
const checksum = { compression: 3, compression_opts: [] };
const chunkBytes = 1 << 22;

/**
 * The bytes of an HDF5 file: root attributes `format`, `format_version` and `content`, documents as strings, arrays in
 * groups under their names, one copy with hard links where the same array has several. For HDF5 1.10 and later.
 */
export const encode = ({ kind, documents, groups }: Contents): Promise<Uint8Array> =>
  withHdf5(undefined, ({ File }, name, memory) => {
    const file = new File(name, 'w', { track_order: true, libver: ['v110', 'v110'] });
    try {
      file.create_attribute('format', format.name);
      file.create_attribute('format_version', format.version, [], '<i');
      file.create_attribute('content', kind);
      for (const [title, value] of Object.entries(documents)) writeDocument(file, title, toJson(value));
      for (const [title, arrays] of Object.entries(groups)) writeArrays(file.create_group(title, true), arrays);
    } finally {
      file.close();
    }
    return memory.readFile(name);
  });

function writeDocument(group: Group, name: string, json: string): void {
  const dtype = `S${Buffer.byteLength(json)}`;
  group.create_dataset({ name, data: [json], shape: [1], dtype, chunks: [1], ...checksum });
}

function writeArrays(group: Group, arrays: StoredArrays): void {
  const written = new Map<StoredArray, string>();
  for (const [key, array] of arrays) {
    const name = linkOf(key);
    const first = written.get(array);
    if (first !== undefined) {
      group.create_hard_link(`${group.path}/${first}`, name);
      continue;
    }
    written.set(array, name);
    const { shape, data } = array;
    const [chunks, filter] = data.length > 0 && shape.length > 0 ? [chunksOf(array), checksum] : [null, {}];
    group.create_dataset({ name, data, shape: [...shape], dtype: storedTypes[dtypeOf(data)], chunks, ...filter });
  }
}

/** Whole rows of at most `chunkBytes`, at least one. */
function chunksOf({ shape: [rows, ...row], data }: StoredArray): number[] {
  const rowBytes = sizeOf(row) * bytesOf(dtypeOf(data));
  return [Math.min(rows, Math.max(1, Math.floor(chunkBytes / rowBytes))), ...row];
}
