import type { Tensor } from '@nn/tensor';
import type { LossOptions } from './reduction.js';

/**
 * How far a prediction is from its target, or what is wrong with a prediction by itself. Stateless; what may be set is in
 * `options`, which are plain JSON.
 *
 * ```ts
 * class Squared extends Loss {
 *   static override readonly kind = 'Squared';
 *   run(prediction: Tensor, target: Tensor) { return mean(square(subtract(prediction, target))); }
 * }
 * ```
 */
export abstract class Loss<O extends object = LossOptions> {
  /** The name in files and drawings. */
  static readonly kind: string;
  /** False for a loss of predictions alone: data then needs no target for it. */
  readonly takesTarget: boolean = true;
  readonly options: Readonly<O>;

  constructor(options: O) {
    this.options = Object.freeze({ ...options });
  }

  /** The name in files, drawings and reports. */
  get name(): string {
    return (this.constructor as typeof Loss).kind;
  }

  /**
   * The loss: one number, unless the option `reduction` is `none`. Most take a prediction and a target; further
   * predictions come before the targets.
   */
  abstract run(prediction: Tensor, ...others: (Tensor | undefined)[]): Tensor;
}
