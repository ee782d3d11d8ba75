import { permutation } from '@nn/tensor';
import type { Dataset } from './dataset.js';

import { subset } from './subset.js';

/**
 * Parts of a dataset that share no sample, each drawn at random: whole numbers are counts, others are fractions of the
 * dataset. What the parts do not cover is left out.
 *
 * ```ts
 * const [train, validation] = splitDataset(images, [0.9, 0.1]);
 * ```
 *
 * @param seed decides who goes where, whatever `manualSeed` says, so that validation samples stay the same from run to
 *   run. Default 0.
 *
 * Errors (RangeError): more than there is; a part that would be empty.
 */
export function splitDataset<S, B>(
  dataset: Dataset<S, B>,
  parts: readonly number[],
  { seed = 0 }: { readonly seed?: number } = {},
): Dataset<S, B>[] {
  const { length } = dataset;
  const fractions = parts.some((part) => !Number.isInteger(part));
  let sum = 0;
  const ends = parts.map((part) => {
    sum += part;
    return fractions ? Math.round(sum * length) : sum;
  });
  const list = `[${parts.join(', ')}]`;
  if (!(sum <= (fractions ? 1 + 1e-9 : length))) {
    const most = fractions ? 'fractions add up to 1 at most' : `there are ${length} samples`;
    throw new RangeError(`splitDataset: ${list} is more than there is; ${most}.`);
  }
  const order = permutation(length, -1, { seed });
  return ends.map((end, i) => {
    const start = ends[i - 1] ?? 0;
    if (!(end > start))
      throw new RangeError(`splitDataset: part ${i} of ${list} of ${length} samples would be empty; make it larger.`);
    return subset(dataset, order.subarray(start, end));
  });
}
