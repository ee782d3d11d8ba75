import { add, checkOptions, multiply, type Tensor } from '@nn/tensor';
import { channelNumbers, checkNormalization, type Normalization, normalizer } from '../normalization.js';
import type { Transform } from './transform.js';

/**
 * `y = (x − mean) / deviation`, as the last of a loader's transforms. Its options are plain JSON: write them beside a model,
 * and make it again of what was read.
 *
 * ```ts
 * const normalize = new Normalize(statistics(train, { per: 'channel' }));
 * await writeFile('normalization.json', JSON.stringify(normalize.options));
 * ```
 *
 * Errors: a deviation of 0; NaN; as many numbers as x has no channels.
 */
export class Normalize implements Transform {
  constructor(readonly options: Normalization) {
    checkOptions('Normalize', options, ['mean', 'deviation']);
    checkNormalization(options);
  }

  apply(x: Tensor): Tensor {
    return normalizer(this.options, x)(x);
  }

  /** `x = y · deviation + mean`: what was normalised, as it was. */
  invert(y: Tensor): Tensor {
    const { mean, deviation } = channelNumbers(this.options, y);
    return add(multiply(y, deviation), mean);
  }
}
