import type { Tensor } from '@nn/tensor';
import type { Metric } from './metric.js';

/**
 * What a metric gives for one prediction and its target, in one call.
 *
 * ```ts
 * measure(new Accuracy(), await predict(model, test.x), test.y);
 * ```
 * Errors: those of the metric.
 */
export const measure = <S, R>(metric: Metric<S, R>, prediction: Tensor, target: Tensor): R =>
  metric.result(metric.update(metric.init(), prediction, target));
