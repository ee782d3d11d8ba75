import type { Data, DType } from '@nn/tensor';
import { type Addon, loadAddon } from '../src/addon.js';

const loaded = loadAddon();

/** The library, or undefined where there is no binary. */
export const addon: Addon | undefined = 'addon' in loaded ? loaded.addon : undefined;

/** The library, in tests that only run where there is one. */
export function native(): Addon {
  if (!addon) throw new Error('there is no native library here');
  return addon;
}

export type Attributes = readonly (number | readonly number[])[];

const dtypeOf = (data: Data): DType => {
  if (data instanceof Float32Array) return 'f32';
  if (data instanceof Float64Array) return 'f64';
  return data instanceof Int32Array ? 'i32' : 'u8';
};

const numbers = new Map(
  addon?.kernels().map(({ name, buffers }, i) => [`${name} of ${buffers.map(({ dtype }) => dtype).join()}`, i]),
);

/** The number of the kernel of this name that takes these buffers. */
function kernelNumber(name: string, buffers: readonly Data[]): number {
  const wanted = `${name} of ${buffers.map(dtypeOf).join()}`;
  const number = numbers.get(wanted);
  if (number === undefined) throw new Error(`there is no kernel ${wanted}`);
  return number;
}

/** Launches a kernel by name. */
export function launch(name: string, buffers: readonly Data[], attributes: Attributes = []): void {
  const encoded = attributes.flatMap((value) => (typeof value === 'number' ? [value] : [value.length, ...value]));
  native().attributes.set(encoded);
  native().launch(kernelNumber(name, buffers), ...buffers);
}

/** Numbers that look random, the same every time, from −1 to 1. */
export function noise(length: number, seed = 1): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) | 0;
    return ((state >>> 8) / 2 ** 24) * 2 - 1;
  });
}

/** Memory as a kernel that writes all of it may find it. */
export const unwritten = (length: number): Float32Array => new Float32Array(length).fill(Number.NaN);
