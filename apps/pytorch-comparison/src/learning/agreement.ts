import { cast, gatherRows, type Tensor, tensor } from '@nn/nn';
import { disagreement } from '../figures.js';
import { epochBatches, inBatches, splitOf } from './batches.js';
import type { Batches, Learner } from './learner.js';
import { lossTolerance } from './verdict.js';

/** How many losses are compared. */
export const comparedLosses = 100;

/** Samples and batches that are few and small enough for double precision, in which plain loops compute. */
export interface DoubleSamples {
  readonly arrays: ReadonlyMap<string, Tensor>;
  readonly batches: Batches;
}

/** The first training samples of `x` and `y` in double precision. */
export function doubleSamples(x: Tensor, y: Tensor): DoubleSamples {
  const size = 64;
  const rows = splitOf(0).train.slice(0, comparedLosses * size);
  const chosen = tensor(Int32Array.from(rows));
  return {
    arrays: new Map([
      ['x', cast(gatherRows(x, chosen), { dtype: 'f64' })],
      ['y', gatherRows(y, chosen)],
    ]),
    batches: inBatches(
      rows.map((_, i) => i),
      size,
    ),
  };
}

/** The first batches of training. */
export const firstBatches = (size: number): Batches =>
  epochBatches(splitOf(0).train, size, { seed: 0, epoch: 0 }).slice(0, comparedLosses);

/** The losses of steps on these batches, a list a learner; the learners are closed. */
export async function lossesOf(learners: readonly Learner[], batches: Batches): Promise<(readonly number[])[]> {
  const losses: (readonly number[])[] = [];
  for (const learner of learners) {
    losses.push((await learner.train(batches)).values);
    await learner.close();
  }
  return losses;
}

/** How many losses agree before the first that does not. */
export function agreeing(values: readonly number[], expected: readonly number[]): number {
  const parting = values.findIndex((value, i) => !(disagreement([value], [expected[i]]) <= lossTolerance));
  return parting < 0 ? values.length : parting;
}
