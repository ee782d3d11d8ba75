export { Accuracy, type AccuracyOptions } from './accuracy.js';
export { ConfusionMatrix, type ConfusionMatrixOptions } from './confusion-matrix.js';
export { type Distances, MeanAbsoluteError, type MeanAbsoluteErrorOptions } from './mean-absolute-error.js';
export { measure } from './measure.js';
export type { Metric, Share } from './metric.js';
export { TopK, type TopKOptions } from './top-k.js';
