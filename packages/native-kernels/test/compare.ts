import type { Data } from '@nn/tensor';
import { expect } from 'vitest';
import { type Attributes, launch, native, unwritten } from './native.js';

/** A copy that starts one element past an aligned address. */
export function unaligned(x: Float32Array): Float32Array {
  const copy = new Float32Array(x.length + 1).subarray(1);
  copy.set(x);
  return copy;
}

/**
 * Launches a kernel that writes one f32 buffer, its first: with 1, 2 and 3 threads the same bits, and those numbers that
 * `expected` holds, NaN and infinities included. `terms` is how many products an element adds up.
 */
export function expectKernel(
  name: string,
  inputs: readonly Data[],
  attributes: Attributes,
  expected: Float64Array,
  terms: number,
): void {
  const before = native().setThreads();
  const [y, ...others] = [1, 2, 3].map((threads) => {
    native().setThreads(threads);
    const out = unaligned(unwritten(expected.length));
    launch(name, [out, ...inputs], attributes);
    return out;
  });
  native().setThreads(before);
  const what = `${name} ${attributes.join(' ')}`;
  for (const other of others)
    expect(Buffer.from(other.slice().buffer).equals(Buffer.from(y.slice().buffer)), what).toBe(true);
  for (let i = 0; i < expected.length; i++) {
    const tolerance = 2e-6 * Math.sqrt(terms + 1) + 1e-6 * Math.abs(expected[i]);
    if (!(Math.abs(y[i] - expected[i]) <= tolerance) && !Object.is(y[i], Math.fround(expected[i])))
      expect.fail(`${what}: element ${i} of ${y.length} is ${y[i]} instead of ${expected[i]}`);
  }
}

/** Every buffer is refused when it is one element short. */
export function expectLengthsChecked(name: string, buffers: readonly Data[], attributes: Attributes): void {
  for (let b = 0; b < buffers.length; b++) {
    const short = buffers.map((buffer, i) => (i === b ? buffer.slice(1) : buffer));
    expect(() => launch(name, short, attributes), `${name}, buffer ${b}`).toThrow(new RegExp(`^${name}: .*\\d`));
  }
}

/** An infinity, a NaN and a zero among the numbers. */
export function spoiled(x: Float32Array): Float32Array {
  if (x.length > 0) x[Math.floor(x.length / 3)] = Number.POSITIVE_INFINITY;
  if (x.length > 1) x[Math.floor(x.length / 2)] = Number.NaN;
  if (x.length > 2) x[0] = 0;
  return x;
}
