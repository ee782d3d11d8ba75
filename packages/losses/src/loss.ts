import type { Tensor } from '@nn/tensor';
import type { LossOptions } from './reduction.js';

/**
 * How far a prediction is from its target. Stateless; what may be set is in `options`, which are plain JSON.
 *
 * ```ts
 * class Squared extends Loss {
 *   static override readonly kind = 'Squared';
 *   run(prediction: Tensor, target: Tensor) { return mean(square(subtract(prediction, target))); }
 * }
 * ```
 */
export abstract class Loss<O extends LossOptions = LossOptions> {
  /** The name in files and drawings. */
  static readonly kind: string;
  readonly options: Readonly<O>;

  constructor(options: O) {
    this.options = Object.freeze({ ...options });
  }

  /** The name in files, drawings and reports. */
  get name(): string {
    return (this.constructor as typeof Loss).kind;
  }

  /** The loss: one number, unless the option `reduction` is `none`. Losses of a prediction alone ignore `target`. */
  abstract run(prediction: Tensor, target?: Tensor): Tensor;
}
