import { arange, fill } from '../create.js';
import type { Tensor } from '../tensor.js';
import { add } from './add.js';
import { equal, less, notEqual } from './compare.js';
import { concat, stack } from './concat.js';
import { exp } from './exp.js';
import { log } from './log.js';
import { matmul } from './matmul.js';
import { max } from './max.js';
import { multiply } from './multiply.js';
import { oneHot } from './one-hot.js';
import { reshape } from './reshape.js';
import { pad, slice } from './slice.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';
import { where } from './where.js';

/** The logarithm of next to no chance; finite, so that its gradient is too. */
const never = -1e30;

/** The logarithm of a sum along axis 0. */
function logSum(x: Tensor): Tensor {
  const largest = max(x, { axis: 0 }).detach();
  return add(largest, log(sum(exp(subtract(x, largest)), { axis: 0 })));
}

/** What `ctcLogLikelihood` computes, a step of time after the other, for all samples and states at once. */
export function ctcMeaning(
  x: Tensor,
  target: Tensor,
  inputLengths: Tensor,
  targetLengths: Tensor,
  { blank = 0 }: { readonly blank?: number },
): Tensor {
  const [batch, time, classes] = x.shape;
  const [, labels] = target.shape;
  const states = 2 * labels + 1;
  const { dtype } = x;
  const ofLength = less(arange(labels, { dtype: 'i32' }), reshape(targetLengths, [batch, 1]));
  const said = where(ofLength, target, blank);
  const pairs = reshape(stack([fill([batch, labels], blank, 'i32'), said], { axis: 2 }), [batch, 2 * labels]);
  /** The class seen in each state, and what x says of it: [batch, states] and [batch, time, states]. */
  const seen = concat([pairs, fill([batch, 1], blank, 'i32')], { axis: 1 });
  const emitted = matmul(x, oneHot(seen, { classes, dtype }), { transposeB: true });
  const differ = notEqual(slice(seen, { axis: 1, start: 2 }), slice(seen, { axis: 1, end: states - 2 }));
  const skips = concat([fill([batch, 2], 0, 'u8'), differ], { axis: 1 });

  const state = arange(states, { dtype: 'i32' });
  const shifted = (alpha: Tensor, by: number) => {
    const kept = slice(alpha, { axis: 1, end: states - by });
    return where(less(state, by), never, pad(kept, { axis: 1, before: by, after: 0 }));
  };
  let alpha = add(where(equal(state, 0), fill([states], 0, dtype), never), fill([batch, 1], 0, dtype));
  for (let t = 0; t < time; t++) {
    const ways = stack([alpha, shifted(alpha, 1), where(skips, shifted(alpha, 2), never)]);
    const seenNow = reshape(slice(emitted, { axis: 1, start: t, end: t + 1 }), [batch, states]);
    const running = less(fill([1], t, 'i32'), reshape(inputLengths, [batch, 1]));
    alpha = where(running, add(logSum(ways), seenNow), alpha);
  }
  const last = multiply(reshape(targetLengths, [batch, 1]), fill([1], 2, 'i32'));
  const at = (end: Tensor) => sum(where(equal(state, end), alpha, 0), { axis: 1 });
  const atLabel = where(equal(targetLengths, 0), never, at(subtract(last, fill([1], 1, 'i32'))));
  const result = logSum(stack([at(last), atLabel]));
  return where(less(result, never / 10), -Infinity, result);
}
