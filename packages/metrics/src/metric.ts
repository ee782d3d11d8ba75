import type { Tensor } from '@nn/tensor';

/**
 * A figure gathered batch by batch, exact for batches of different sizes. Metrics read values, so they stand outside
 * captured steps and have no gradients. The state `S` is plain numbers and arrays, which JSON can hold.
 *
 * ```ts
 * let state = metric.init();
 * for (const { x, y } of batches) state = metric.update(state, model.run(x), y);
 * metric.result(state);
 * ```
 */
export interface Metric<S = unknown, R = number> {
  /** The name in reports; unlike every other metric's of the same output. */
  readonly name: string;
  /** What it was made with, plain JSON. */
  readonly options: object;
  /** The state before the first batch. */
  init(): S;
  /** The state after one more batch; may change and return `state`. */
  update(state: S, prediction: Tensor, target: Tensor): S;
  /** The figure over every batch so far; NaN when there was nothing to count. */
  result(state: S): R;
}

/** Right answers among all. */
export interface Share {
  correct: number;
  count: number;
}
