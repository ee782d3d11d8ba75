import type { Result } from '../contestant.js';
import type { Network } from '../networks.js';
import { type RawArray, readRawArrays } from '../raw-arrays.js';
import type { PeerAssignment } from '../rivals/peer.js';

/** Samples, their targets unless they are their own, and weights by their state keys, without PyTorch's count of batches. */
export interface Given {
  readonly x: RawArray;
  readonly y: RawArray | undefined;
  readonly weights: ReadonlyMap<string, RawArray>;
}

/** Errors: there are no samples. */
export function givenOf({ folder }: PeerAssignment): Given {
  const arrays = readRawArrays(folder);
  const [x, y] = [arrays.get('x'), arrays.get('y')];
  if (!x) throw new RangeError(`There are no samples x in ${folder}.`);
  return { x, y, weights: new Map([...arrays].filter(([key]) => !/^[xy]$|num_batches_tracked$/.test(key))) };
}

/** The array under the state key. Errors: there is none. */
export function arrayOf({ weights }: Pick<Given, 'weights'>, key: string): RawArray {
  const found = weights.get(key);
  if (!found) throw new RangeError(`There are no weights ${key}.`);
  return found;
}

/** Does steps on batches in a cycle, and measures them. */
export async function timed<B, R>(
  batches: readonly B[],
  steps: number,
  step: (batch: B) => R | Promise<R>,
): Promise<{ readonly seconds: Result['seconds']; readonly results: readonly R[] }> {
  const results: R[] = [];
  const start = performance.now();
  for (let i = 0; i < steps; i++) results.push(await step(batches[i % batches.length]));
  return { seconds: (performance.now() - start) / 1000, results };
}

/** The mean of squares, the value of a step of inference. */
export const meanSquare = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + value * value, 0) / values.length;

/** True for what is not trained. */
export const isStatistic = (key: string): boolean => /running_(mean|var)$/.test(key);

/** Of PyTorch's batch normalisation: added to the variance, and the share of a batch in the running statistics. */
export const batchNorm = { epsilon: 1e-5, momentum: 0.1 } as const;

/** Errors: the optimizer decays weights. */
export function withoutDecay({ optimizer }: Network): Network['optimizer'] {
  if (optimizer.kind === 'adam' && optimizer.weightDecay > 0)
    throw new RangeError('this comparison gives it no decay of weights');
  return optimizer;
}
