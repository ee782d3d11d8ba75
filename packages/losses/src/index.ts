export { ActivityPenalty, type ActivityPenaltyOptions, activityPenalty } from './activity-penalty.js';
export { BinaryCrossEntropy, binaryCrossEntropy } from './binary-cross-entropy.js';
export {
  BinaryCrossEntropyWithLogits,
  binaryCrossEntropyWithLogits,
} from './binary-cross-entropy-with-logits.js';
export type { ClassIndexOptions } from './class-indices.js';
export { CosineEmbedding, type CosineEmbeddingOptions, cosineEmbedding } from './cosine-embedding.js';
export { CrossEntropy, type CrossEntropyOptions, crossEntropy } from './cross-entropy.js';
export { CTC, type CTCOptions, ctc, type SequenceLengths } from './ctc.js';
export { Hinge, type HingeOptions, hinge } from './hinge.js';
export { HingeEmbedding, type HingeEmbeddingOptions, hingeEmbedding } from './hinge-embedding.js';
export { Huber, type HuberOptions, huber } from './huber.js';
export { KLDivergence, type KLDivergenceOptions, klDivergence } from './kl-divergence.js';
export { Loss } from './loss.js';
export { MeanAbsoluteError, meanAbsoluteError } from './mean-absolute-error.js';
export { MeanSquaredError, meanSquaredError } from './mean-squared-error.js';
export { MultiMargin, type MultiMarginOptions, multiMargin } from './multi-margin.js';
export { NegativeLogLikelihood, negativeLogLikelihood } from './negative-log-likelihood.js';
export type { LossOptions, Reduction } from './reduction.js';
export { SmoothL1, type SmoothL1Options, smoothL1 } from './smooth-l1.js';
