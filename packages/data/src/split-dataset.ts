import { checkOptions, permutation, Tensor } from '@nn/tensor';
import type { Dataset } from './dataset.js';

import { subset } from './subset.js';

export interface SplitOptions {
  /**
   * Decides who goes where, whatever `manualSeed` says, so that validation samples stay the same from run to run. Default 0.
   */
  readonly seed?: number;
  /**
   * The label of each sample: every part then has each label in the same proportion as the whole, to within one sample.
   * Default: labels are not looked at.
   */
  readonly stratify?: Tensor | ArrayLike<number>;
}

/**
 * Parts of a dataset that share no sample, each drawn at random: whole numbers are counts, others are fractions of the
 * dataset. What the parts do not cover is left out.
 *
 * ```ts
 * const [train, validation] = splitDataset(images, [0.9, 0.1], { stratify: images.y });
 * ```
 *
 * Errors (RangeError): more than there is; a part that would be empty; not one label for each sample; a label that has fewer
 * samples than there are parts.
 */
export function splitDataset<S, B>(
  dataset: Dataset<S, B>,
  parts: readonly number[],
  options: SplitOptions = {},
): Dataset<S, B>[] {
  checkOptions('splitDataset', options, ['seed', 'stratify']);
  const { seed = 0, stratify } = options;
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
  const shuffled = permutation(length, -1, { seed });
  const order = stratify ? interleaved(shuffled, labelsOf(stratify), parts.length) : shuffled;
  return ends.map((end, i) => {
    const start = ends[i - 1] ?? 0;
    if (!(end > start))
      throw new RangeError(`splitDataset: part ${i} of ${list} of ${length} samples would be empty; make it larger.`);
    return subset(dataset, order.subarray(start, end));
  });
}

const labelsOf = (labels: Tensor | ArrayLike<number>): ArrayLike<number> =>
  labels instanceof Tensor ? labels.data : labels;

/**
 * The same positions with every label spread evenly: of a label's m samples the i-th stands at (i + ½) / m of the whole.
 */
function interleaved(shuffled: Int32Array, labels: ArrayLike<number>, parts: number): Int32Array {
  if (labels.length !== shuffled.length)
    throw new RangeError(`splitDataset: ${labels.length} labels for ${shuffled.length} samples; give one for each.`);
  const members = new Map<number, number[]>();
  for (const position of shuffled) {
    const known = members.get(labels[position]);
    if (known) known.push(position);
    else members.set(labels[position], [position]);
  }
  const places = new Float64Array(shuffled.length);
  for (const [label, positions] of members) {
    if (positions.length < parts) {
      const remedy = 'leave that label out with subset, or split without stratify';
      throw new RangeError(
        `splitDataset: label ${label} has ${positions.length} samples, too few for ${parts} parts; ${remedy}.`,
      );
    }
    positions.forEach((position, i) => {
      places[position] = (i + 0.5) / positions.length;
    });
  }
  return shuffled.toSorted((a, b) => places[a] - places[b]);
}
