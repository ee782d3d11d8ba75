import { checkPosition, type Dataset } from './dataset.js';

/** Positions from `start` (default 0) up to, not including, `end` (default the end); an `end` past the end stops there. */
export interface PositionRange {
  readonly start?: number;
  readonly end?: number;
}

/**
 * Some samples of a dataset, in the order given: a list of positions, or a range.
 * Errors: a position outside the dataset.
 *
 * ```ts
 * const first = subset(images, { end: 1000 });
 * ```
 */
export function subset<S, B>(dataset: Dataset<S, B>, which: ArrayLike<number> | PositionRange): Dataset<S, B> {
  const positions = 'length' in which ? Int32Array.from(which) : range(which, dataset.length);
  for (let i = 0; i < positions.length; i++) {
    checkPosition('length' in which ? which[i] : positions[i], dataset);
  }
  const batch = dataset.batch?.bind(dataset);
  return {
    length: positions.length,
    get(i) {
      checkPosition(i, positions);
      return dataset.get(positions[i]);
    },
    batch: batch && ((indices) => batch(indices.map((i) => positions[i]))),
  };
}

function range({ start = 0, end = Infinity }: PositionRange, length: number): Int32Array {
  const last = Math.min(end, length);
  if (!(start >= 0 && start <= last))
    throw new RangeError(
      `subset: ${start}…${end} is no range of ${length} samples; start and end go from 0 to ${length}, start first.`,
    );
  return Int32Array.from({ length: last - start }, (_, i) => start + i);
}
