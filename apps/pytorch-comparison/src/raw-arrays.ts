import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const arrayTypes = { '<f4': Float32Array, '<f8': Float64Array, '<i4': Int32Array, '|u1': Uint8Array } as const;

/** An array in the manifest of a folder of arrays. */
export interface Entry {
  readonly name: string;
  readonly file: string;
  /** As NumPy writes it. */
  readonly dtype: keyof typeof arrayTypes;
  readonly shape: readonly number[];
}

/** Numbers in row-major order, and their shape. */
export interface RawArray {
  readonly data: InstanceType<(typeof arrayTypes)[keyof typeof arrayTypes]>;
  readonly shape: readonly number[];
}

/** The arrays that `writeArrays` wrote, by name, for those who have no tensors of this framework. */
export function readRawArrays(folder: string): Map<string, RawArray> {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as readonly Entry[];
  return new Map(
    manifest.map(({ name, file, dtype, shape }) => {
      const { buffer, byteOffset, byteLength } = readFileSync(join(folder, file));
      const Numbers = arrayTypes[dtype];
      return [name, { data: new Numbers(buffer, byteOffset, byteLength / Numbers.BYTES_PER_ELEMENT), shape }];
    }),
  );
}
