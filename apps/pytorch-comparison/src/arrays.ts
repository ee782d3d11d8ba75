import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Tensor, tensor } from '@nn/nn';
import { type Entry, readRawArrays } from './raw-arrays.js';

const dtypes = { f32: '<f4', f64: '<f8', i32: '<i4', u8: '|u1' } as const;

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
export const readArrays = (folder: string): Map<string, Tensor> =>
  new Map([...readRawArrays(folder)].map(([name, { data, shape }]) => [name, tensor(data, { shape })]));
