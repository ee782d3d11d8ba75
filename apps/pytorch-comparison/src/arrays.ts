import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Tensor, tensor } from '@nn/nn';

const dtypes = { f32: '<f4', f64: '<f8', i32: '<i4', u8: '|u1' } as const;
const arrayTypes = { '<f4': Float32Array, '<f8': Float64Array, '<i4': Int32Array, '|u1': Uint8Array } as const;

interface Entry {
  readonly name: string;
  readonly file: string;
  /** As NumPy writes it. */
  readonly dtype: (typeof dtypes)[keyof typeof dtypes];
  readonly shape: readonly number[];
}

/** Writes arrays for every side to read: raw little-endian numbers, and a manifest that says what they are. */
export function writeArrays(folder: string, arrays: ReadonlyMap<string, Tensor>): void {
  mkdirSync(folder, { recursive: true });
  const manifest = [...arrays].map(([name, { dtype, shape, data }], i): Entry => {
    const file = `${i}.bin`;
    writeFileSync(join(folder, file), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return { name, file, dtype: dtypes[dtype], shape };
  });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

/** The arrays that `writeArrays` wrote, by name. */
export function readArrays(folder: string): Map<string, Tensor> {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as readonly Entry[];
  return new Map(
    manifest.map(({ name, file, dtype, shape }) => {
      const { buffer, byteOffset, byteLength } = readFileSync(join(folder, file));
      const Numbers = arrayTypes[dtype];
      const numbers = new Numbers(buffer, byteOffset, byteLength / Numbers.BYTES_PER_ELEMENT);
      return [name, tensor(numbers, { shape })];
    }),
  );
}
