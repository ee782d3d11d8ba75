import { bytesOf, type DType } from '../dtype.js';
import type { Attributes, Kernel } from '../kernel.js';

/** What a launch has to do, however it is done. */
export interface Cost {
  /** Floating-point operations, a multiply-add counting as two and an elementary function as one. */
  readonly flops: number;
  /** Bytes read and written: each buffer once, and twice what is updated. */
  readonly bytes: number;
}

/** What a machine can do at most. */
export interface Limits {
  /** Floating-point operations a second, in single precision. */
  readonly flops: number;
  /** Bytes a second, by how many bytes are touched again and again, smallest first: what fits a near cache moves faster. */
  readonly memory: readonly { readonly bytes: number; readonly bandwidth: number }[];
}

interface Extent {
  readonly dtype: DType;
  /** Number of elements. */
  readonly length: number;
}

/** What a launch of `kernel` on buffers of these sizes costs. */
export function costOf(
  { kernel, attrs }: { readonly kernel: Kernel; readonly attrs: Attributes },
  buffers: readonly Extent[],
): Cost {
  const touched = kernel.touches?.(attrs) ?? {};
  let bytes = 0;
  buffers.forEach(({ dtype, length }, i) => {
    const elements = Math.min(touched[kernel.bufferNames[i]] ?? length, length);
    bytes += elements * bytesOf(dtype) * (kernel.accesses[i] === 'update' ? 2 : 1);
  });
  const lengths = buffers.map(({ length }) => length);
  return { flops: kernel.flops?.(attrs, lengths) ?? 0, bytes };
}

/** The seconds below which no launch of this cost can get: the longer of computing and moving memory. */
export function shortestTime({ flops, bytes }: Cost, { flops: peak, memory }: Limits): number {
  const nearest = memory.findLast((level) => level.bytes <= bytes) ?? memory[0];
  return Math.max(flops / peak, bytes / nearest.bandwidth);
}
