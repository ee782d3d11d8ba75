import {
  ActivityPenalty,
  BinaryCrossEntropy,
  BinaryCrossEntropyWithLogits,
  CosineEmbedding,
  CrossEntropy,
  CTC,
  Hinge,
  HingeEmbedding,
  Huber,
  KLDivergence,
  type Loss,
  MeanAbsoluteError,
  MeanSquaredError,
  MultiMargin,
  NegativeLogLikelihood,
  SmoothL1,
} from '@nn/losses';
import { type DrawSpec, type OpCaseOptions, opCase } from '@nn/testing';

const probabilities = (shape: readonly number[]): DrawSpec => ({ shape, low: 0, high: 1 });
const classes = (rows: number, count: number): DrawSpec => ({ shape: [rows], dtype: 'i32', high: count });
/** Whole numbers from `low` up to, but without, `high`. */
const integers = (shape: readonly number[], low: number, high: number): DrawSpec => ({
  shape,
  dtype: 'i32',
  low,
  high,
});
/** Away from the ends, where logarithms are too steep for differences. */
const chances = (shape: readonly number[]): DrawSpec => ({ shape, low: 0.1, high: 0.9 });
const ofClasses = [
  [[1, 4], [1]],
  [[7, 4], [7]],
  [[129, 4], [129]],
];

const row = (loss: Loss<object>, ...inputs: (readonly number[] | DrawSpec | OpCaseOptions)[]) => {
  const run = Object.assign(loss.run.bind(loss), { opName: `${loss.name} ${JSON.stringify(loss.options)}` });
  return { loss, case: opCase(run, ...(inputs as (readonly number[])[])) };
};

/** One row or more for every loss of @nn/losses: a loss is held to what an op is held to. */
export const lossRows = [
  row(new MeanSquaredError(), [3, 4], [3, 4]),
  row(new MeanSquaredError({ reduction: 'none' }), [3, 4], [3, 4]),
  row(new MeanAbsoluteError(), [3, 4], [3, 4]),
  row(new BinaryCrossEntropyWithLogits(), [3, 4], probabilities([3, 4])),
  row(new BinaryCrossEntropyWithLogits({ reduction: 'sum' }), [5], probabilities([5])),
  row(new CrossEntropy(), [3, 4], classes(3, 4), { shapes: ofClasses }),
  row(new CrossEntropy(), [3, 4], probabilities([3, 4])),
  row(new CrossEntropy({ labelSmoothing: 0.1 }), [3, 4], classes(3, 4), { shapes: ofClasses }),
  row(new CrossEntropy({ classWeights: [1, 2, 0, 0.5] }), [5, 4], classes(5, 4), { shapes: ofClasses }),
  row(new CrossEntropy({ ignoredIndex: 2, labelSmoothing: 0.2 }), [6, 4], classes(6, 4), { shapes: ofClasses }),
  row(new NegativeLogLikelihood(), [3, 4], classes(3, 4), { shapes: ofClasses }),
  row(new NegativeLogLikelihood({ classWeights: [1, 2, 0.1, 0.5], ignoredIndex: 1 }), [5, 4], classes(5, 4), {
    shapes: ofClasses,
  }),
  row(new MultiMargin(), [3, 4], classes(3, 4), { shapes: ofClasses }),
  row(new MultiMargin({ power: 2, margin: 0.5, classWeights: [1, 2, 0, 0.5] }), [5, 4], classes(5, 4), {
    shapes: ofClasses,
  }),
  row(new Huber({ delta: 0.7 }), [3, 4], [3, 4]),
  row(new SmoothL1({ beta: 0.7 }), [3, 4], [3, 4]),
  row(new SmoothL1({ beta: 0 }), [3, 4], [3, 4]),
  row(new BinaryCrossEntropy(), chances([3, 4]), chances([3, 4])),
  row(new KLDivergence(), [3, 4], chances([3, 4])),
  row(new KLDivergence({ logTarget: true, reduction: 'batchMean' }), [3, 4], [3, 4]),
  row(new Hinge(), [3, 4], [3, 4]),
  row(new HingeEmbedding(), [3, 4], integers([3, 4], -1, 2)),
  row(new CosineEmbedding(), [3, 4], [3, 4]),
  row(new CosineEmbedding({ margin: 0.1 }), [7, 4], [7, 4], integers([7], -1, 2)),
  row(new CTC(), [2, 6, 4], integers([2, 3], 1, 4), {
    shapes: [
      [
        [0, 6, 4],
        [0, 3],
      ],
      [
        [9, 11, 5],
        [9, 4],
      ],
    ],
  }),
  row(new CTC({ zeroInfinity: true }), [3, 5, 4], integers([3, 4], 1, 4), integers([3], 2, 6), integers([3], 0, 5), {
    shapes: [[[1, 5, 4], [1, 4], [1], [1]]],
  }),
  row(new ActivityPenalty({ l1: 0.5 }), [3, 4], { avoid: [0] }),
  row(new ActivityPenalty({ l1: 0.1, l2: 0.3, reduction: 'sum' }), [3, 2, 4], { avoid: [0] }),
];
