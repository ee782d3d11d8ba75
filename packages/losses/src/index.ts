export {
  BinaryCrossEntropyWithLogits,
  binaryCrossEntropyWithLogits,
} from './binary-cross-entropy-with-logits.js';
export { CrossEntropy, type CrossEntropyOptions, crossEntropy } from './cross-entropy.js';
export { Loss } from './loss.js';
export { MeanAbsoluteError, meanAbsoluteError } from './mean-absolute-error.js';
export { MeanSquaredError, meanSquaredError } from './mean-squared-error.js';
export type { LossOptions, Reduction } from './reduction.js';
