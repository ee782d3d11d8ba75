import {
  Accuracy,
  ArgMax,
  BinaryAccuracy,
  BinaryCrossEntropyWithLogits,
  CrossEntropy,
  checkLabels,
  crossEntropy,
  ctc,
  evaluate,
  Flatten,
  fit,
  Graph,
  Linear,
  type Losses,
  MeanSquaredError,
  meanSquaredError,
  measure,
  OneHot,
  ones,
  Sequential,
  SGD,
  TensorDataset,
  tensor,
  zeros,
} from '@nn/nn';
import type { Mistake } from './mistake.js';

const i32 = { dtype: 'i32' } as const;
const classifier = (classes: number) => new Sequential([new Linear({ outFeatures: classes })], { input: [4] });
const twoHeads = () =>
  new Graph({
    inputs: { x: [4] },
    nodes: { digit: [new Linear({ outFeatures: 10 }), 'x'], odd: [new Linear({ outFeatures: 2 }), 'x'] },
    outputs: ['digit', 'odd'],
  });
const bothLosses: Losses = { digit: new CrossEntropy(), odd: new CrossEntropy() };
const training = { optimizer: new SGD(), losses: new CrossEntropy() };
const x = zeros([3, 4]);

export const labelsAndTargets: readonly Mistake[] = [
  {
    mistake: 'Classes are counted from 1.',
    attempt: () => fit(classifier(3), { ...training, train: [{ x, y: tensor([1, 2, 3], i32) }] }),
    says: [
      /target 3 at row 2 is outside 0…2 \(in "loss"\), at step 1 \(epoch 1, batch 1 of 1\)/,
      /from 0 to 2: correct the labels/,
    ],
  },
  {
    mistake: 'Class indices are floats.',
    attempt: () => crossEntropy(zeros([3, 10]), tensor([0, 1, 2])),
    says: [/CrossEntropy with a prediction \[3, 10\] and target \[3\] f32/, /cast\(target, \{ dtype: 'i32' \}\)/],
  },
  {
    mistake: 'Class indices stand in a column.',
    attempt: () => crossEntropy(zeros([3, 10]), zeros([3, 1], i32)),
    says: [
      /CrossEntropy with a prediction \[3, 10\] and target \[3, 1\] i32/,
      /the target must be \[3\] class indices/,
    ],
  },
  {
    mistake: 'A column is compared with a row, which would broadcast to a square.',
    attempt: () => meanSquaredError(zeros([3, 1]), zeros([3])),
    says: [/MeanSquaredError compares number by number.*\[3, 1\].*\[3\]/, /reshape one of them/],
  },
  {
    mistake: 'A yes or no is given two numbers.',
    attempt: () => new BinaryCrossEntropyWithLogits().run(zeros([3, 1]), zeros([3, 2])),
    says: [/BinaryCrossEntropyWithLogits compares number by number.*\[3, 2\]/, /reshape one of them/],
  },
  {
    mistake: 'A target is an array of numbers.',
    attempt: () => meanSquaredError(zeros([3]), [0, 1, 2] as never),
    says: [/MeanSquaredError: the target is no tensor/, /make it one, with tensor\(…\)/],
  },
  {
    mistake: 'Batches have no targets.',
    attempt: () => fit(classifier(3), { ...training, train: [{ x }] }),
    says: [/CrossEntropy in layer "loss" needs a target/, /give batches \{ x, y \}/],
  },
  {
    mistake: 'Data to evaluate have no targets.',
    attempt: () => evaluate(classifier(3), { data: [{ x }], metrics: [new Accuracy()] }),
    says: [/The metric accuracy has no target/, /give batches \{ x, y \}/],
  },
  {
    mistake: 'The loss is given the class that the model chose.',
    attempt: () => {
      const model = new Sequential([new Linear({ outFeatures: 10 }), new ArgMax()]);
      return crossEntropy(model.run(x), zeros([3], i32));
    },
    says: [/CrossEntropy: the prediction is i32, as ArgMax gives/, /give the loss the scores before it/],
  },
  {
    mistake: 'A network of two outputs is given one target.',
    attempt: () => fit(twoHeads(), { optimizer: new SGD(), losses: bothLosses, train: [{ x, y: zeros([3], i32) }] }),
    says: [/The data gives one target for the outputs digit, odd/, /give targets by name/],
  },
  {
    mistake: 'A target has another name than its output.',
    attempt: () =>
      fit(twoHeads(), {
        optimizer: new SGD(),
        losses: bothLosses,
        train: [{ x, y: { digit: zeros([3], i32), parity: zeros([3], i32) } }],
      }),
    says: [/The data gives no target "odd"/, /it gives digit, parity/],
  },
  {
    mistake: 'A network of one output is given targets by name.',
    attempt: () => fit(classifier(3), { ...training, train: [{ x, y: { digit: zeros([3], i32) } }] }),
    says: [/The data gives targets by name \(digit\), and the model has one output/, /give one tensor/],
  },
  {
    mistake: 'A file of labels has a byte that is no class.',
    attempt: () => checkLabels(tensor(Uint8Array.of(3, 255, 7)), { classes: 10, name: 'train-labels' }),
    says: [/train-labels: label 255 at position 1 is outside 0…9/, /correct it, or leave that sample out/],
  },
  {
    mistake: 'A dataset has a label for which there is no class.',
    attempt: () => new TensorDataset({ x, y: tensor([0, 1, -1], i32), classes: 2 }),
    says: [/y: label -1 at position 2 is outside 0…1/, /correct it, or leave that sample out/],
  },
  {
    mistake: 'Classes have fewer weights than there are.',
    attempt: () => crossEntropy(zeros([3, 10]), zeros([3], i32), { classWeights: [1, 2] }),
    says: [/CrossEntropy.*classWeights has 2 weights for 10 classes/, /give one for each/],
  },
  {
    mistake: 'A class to encode does not exist.',
    attempt: () => new Sequential([new OneHot({ classes: 3 }), new Flatten()]).run(tensor([[0, 3]], i32)),
    says: [/OneHot in layer "0".*index 3 at position 1 is outside 0…2/, /give the layer more classes/],
  },
  {
    mistake: 'Words to be heard are given one label each.',
    attempt: () => ctc(zeros([2, 20, 5]), ones([2], i32)),
    says: [/ctcLogLikelihood|CTC/, /the target must be \[2, labels\] class indices as i32; pad short rows/],
  },
  {
    mistake: 'Answers of yes and no are 1 and −1.',
    attempt: () => measure(new BinaryAccuracy(), tensor([0.9, 0.2]), tensor([1, -1])),
    says: [/BinaryAccuracy: target -1 at position 1/, /0, for no, nor 1, for yes/],
  },
  {
    mistake: 'A whole number that no byte holds is made a byte.',
    attempt: () => tensor([0, 128, 256], { dtype: 'u8' }),
    says: [/tensor: 256 at index 2 does not fit u8/, /make a float tensor and round or clamp it first/],
  },
  {
    mistake: 'Targets of a regression are texts.',
    attempt: () => new TensorDataset({ x, y: tensor(['1.5', '2.5', '3.5'] as never) }),
    says: [/tensor: takes numbers/, /not a string; convert what is none first/],
  },
  {
    mistake: 'A regression of three numbers is given one for each sample.',
    attempt: () =>
      fit(classifier(3), { optimizer: new SGD(), losses: new MeanSquaredError(), train: [{ x, y: zeros([3]) }] }),
    says: [/MeanSquaredError in layer "loss".*the prediction is \[3, 3\], the target \[3\]/, /reshape one of them/],
  },
];
