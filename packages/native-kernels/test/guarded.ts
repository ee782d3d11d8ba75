import { type Data, dtypeOf, viewOf } from '@nn/tensor';
import { expect } from 'vitest';
import { native } from './native.js';

const line = 64;

/** A copy of numbers in memory of its own. */
export interface Guarded {
  readonly data: Data;
  /** Refuses memory around the numbers that has changed. */
  expectIntact(): void;
}

/**
 * A copy that begins `elements` after a multiple of 64 bytes, between bytes that are all ones: NaN for whoever reads too far.
 */
export function guarded(values: Data, elements = 1): Guarded {
  const room = new Uint8Array(values.byteLength + 4 * line).fill(0xff);
  const start = line + (line - native().misalignment(room)) + elements * values.BYTES_PER_ELEMENT;
  room.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  const outside = [room.subarray(0, start), room.subarray(start + values.byteLength)];
  return {
    data: viewOf(dtypeOf(values), room.buffer, start, values.length),
    expectIntact() {
      for (const bytes of outside)
        expect(
          bytes.every((byte) => byte === 0xff),
          'memory beside a buffer',
        ).toBe(true);
    },
  };
}
