import { bytesOf } from '../dtype.js';
import type { Program } from '../program.js';

/** Places of temporaries in one arena. */
export interface MemoryPlan {
  /** Size of the arena. */
  readonly bytes: number;
  /** Byte offset of each buffer; -1 for those that are not temporary, or that no launch uses. */
  readonly offsets: readonly number[];
}

const alignment = 64;

/** The first and the last moment that touches each buffer: a launch, or a region of launches that run at the same time. */
function lifetimes({ buffers, launches }: Program): { first: number; last: number }[] {
  const spans = buffers.map(() => ({ first: Infinity, last: -1 }));
  let moment = 0;
  launches.forEach(({ buffers: own, tiling }, i) => {
    if (tiling === undefined || tiling.region !== launches[i - 1]?.tiling?.region) moment++;
    for (const buffer of own) {
      spans[buffer].first = Math.min(spans[buffer].first, moment);
      spans[buffer].last = moment;
    }
  });
  return spans;
}

/**
 * Gives every temporary a place in one arena, so that two which live at the same time never overlap: largest first, each
 * at the lowest offset that is free through its life. Source: Pisarchyk & Lee 2020, arXiv:2001.03288, §5 (greedy by size).
 */
export function planMemory(program: Program): MemoryPlan {
  const spans = lifetimes(program);
  const sizeOf = (i: number) =>
    Math.ceil((program.buffers[i].length * bytesOf(program.buffers[i].dtype)) / alignment) * alignment;
  const temporaries = program.buffers
    .flatMap(({ kind }, i) => (kind === 'temporary' && spans[i].last > 0 ? [i] : []))
    .sort((a, b) => sizeOf(b) - sizeOf(a) || a - b);

  const offsets = program.buffers.map(() => -1);
  const placed: number[] = [];
  let bytes = 0;
  for (const buffer of temporaries) {
    const rivals = placed
      .filter((other) => spans[other].first <= spans[buffer].last && spans[buffer].first <= spans[other].last)
      .sort((a, b) => offsets[a] - offsets[b]);
    let offset = 0;
    for (const rival of rivals) {
      if (offset + sizeOf(buffer) <= offsets[rival]) break;
      offset = Math.max(offset, offsets[rival] + sizeOf(rival));
    }
    offsets[buffer] = offset;
    placed.push(buffer);
    bytes = Math.max(bytes, offset + sizeOf(buffer));
  }
  return { bytes, offsets };
}
