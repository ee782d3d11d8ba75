import { empty } from '../create.js';
import { defineKernel } from '../kernel.js';
import { randomWords, toUnit } from '../philox.js';
import { stream } from '../random.js';
import { inLayer } from '../scope.js';
import type { Tensor } from '../tensor.js';
import { multiply } from './multiply.js';

const maskKernel = defineKernel({
  name: 'dropoutMask',
  buffers: { mask: 'write', state: { access: 'update', as: 'shared' } },
  over: 'whole',
  attrs: { probability: 'number' },
  flops: (_, { mask }) => 2 * mask,
  reference({ mask, state }, { probability }) {
    const kept = 1 / (1 - probability);
    randomWords(state as Int32Array, mask.length, (i, word) => {
      mask[i] = toUnit(word) < probability ? 0 : kept;
    });
  },
});

export interface DropoutOptions {
  /** The probability that an element is dropped, 0 to 1. */
  readonly probability: number;
}

/**
 * Drops elements at random, and scales the rest so that the expectation stays: `y = x · mask`, with mask 0 with the given
 * probability p and `1 / (1 − p)` otherwise, drawn anew from the dropout stream at each call. Shapes: x [...] → y [...].
 * Errors: a probability outside 0 to 1. Source: Srivastava et al. 2014, "Dropout", JMLR 15, §10 (inverted).
 */
export function dropout(x: Tensor, { probability }: DropoutOptions): Tensor {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`dropout${inLayer()}: a probability of ${probability} is not between 0 and 1.`);
  if (probability === 0) return x;
  const mask = empty(x.shape, x.dtype);
  maskKernel({ mask, state: stream('dropout') }, { probability });
  return multiply(x, mask);
}
