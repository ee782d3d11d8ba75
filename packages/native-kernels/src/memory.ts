import { markAsUntransferable } from 'node:worker_threads';
import { bytesOf, type Data, type DType, viewOf } from '@nn/tensor';
import type { Addon } from './addon.js';

const cacheLine = 64;
const slabBytes = 16_384;
const largestInSlab = 1024;
/** The least distance between arrays in a slab, in bytes. */
const grain = 16;

/**
 * Makes arrays of any content. Large ones begin on a cache line, so that few vectors straddle two. Small ones are cut from
 * slabs: V8 makes a separate buffer for an array only when C++ first sees it, which costs more than a small kernel.
 */
export function allocatorOf({ misalignment }: Addon): (dtype: DType, length: number) => Data {
  let slab = new ArrayBuffer(0);
  let used = Number.POSITIVE_INFINITY;
  return (dtype, length) => {
    const bytes = length * bytesOf(dtype);
    if (bytes > largestInSlab) {
      const room = Buffer.allocUnsafeSlow(bytes + cacheLine);
      return viewOf(dtype, room.buffer, (cacheLine - misalignment(room)) % cacheLine, length);
    }
    if (used + bytes > slabBytes) {
      slab = new ArrayBuffer(slabBytes);
      markAsUntransferable(slab);
      used = 0;
    }
    const offset = used;
    used += Math.ceil(bytes / grain) * grain;
    return viewOf(dtype, slab, offset, length);
  };
}
