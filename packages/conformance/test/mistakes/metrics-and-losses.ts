import {
  Accuracy,
  ActivityPenalty,
  BinaryAccuracy,
  ConfusionMatrix,
  CosineEmbedding,
  CrossEntropy,
  F1Score,
  fit,
  Graph,
  Linear,
  MeanSquaredError,
  type Metrics,
  measure,
  Perplexity,
  Precision,
  R2Score,
  Sequential,
  SGD,
  softmax,
  TopK,
  Trainer,
  type TrainerOptions,
  tensor,
  zeros,
} from '@nn/nn';
import type { Mistake } from './mistake.js';

const i32 = { dtype: 'i32' } as const;
const x = zeros([3, 4]);
const optimizer = () => new SGD();

const classifier = () => new Sequential([new Linear({ outFeatures: 10 })], { input: [4] });
const judged = (metrics: Metrics) =>
  fit(classifier(), {
    optimizer: optimizer(),
    losses: new CrossEntropy(),
    metrics,
    train: [{ x, y: zeros([3], i32) }],
  });

/** Classifies a digit, and estimates its width. */
const twoHeads = () =>
  new Graph({
    inputs: { x: [4] },
    nodes: { digit: [new Linear({ outFeatures: 10 }), 'x'], width: [new Linear({ outFeatures: 1 }), 'x'] },
    outputs: ['digit', 'width'],
  });
const bothLosses = { digit: new CrossEntropy(), width: new MeanSquaredError() };
const both = (options: Partial<TrainerOptions>) =>
  fit(twoHeads(), {
    optimizer: optimizer(),
    losses: bothLosses,
    ...options,
    train: [{ x, y: { digit: zeros([3], i32), width: zeros([3, 1]) } }],
  });

export const metricsAndLosses: readonly Mistake[] = [
  {
    mistake: 'A metric of classes judges the output that is a number.',
    attempt: () => both({ metrics: { width: [new Accuracy()] } }),
    says: [/Accuracy in layer "metrics.width" with prediction \[3, 1\]/, /judged by BinaryAccuracy/],
  },
  {
    mistake: 'A metric of numbers judges the output that is classes.',
    attempt: () => both({ metrics: { digit: [new R2Score()] } }),
    says: [/R2Score in layer "metrics.digit".*the prediction is \[3, 10\], the target \[3\]/, /reshape one of them/],
  },
  {
    mistake: 'Metrics do not say which of two outputs they judge.',
    attempt: () => both({ metrics: [new Accuracy()] }),
    says: [/The model has the outputs digit, width/, /give losses and metrics by name: \{ digit: …, width: … \}/],
  },
  {
    mistake: 'A metric judges an output that is not there.',
    attempt: () => both({ metrics: { digits: [new Accuracy()] } }),
    says: [/The model has no output "digits"/, /it has digit, width/],
  },
  {
    mistake: 'A loss judges an output that is not there.',
    attempt: () => both({ losses: { digit: new CrossEntropy(), size: new MeanSquaredError() } }),
    says: [/The model has no output "size"/, /\{ loss, of: 'digit' \}/],
  },
  {
    mistake: 'A loss has a name of an output, and the model has one without a name.',
    attempt: () =>
      fit(classifier(), {
        optimizer: optimizer(),
        losses: { digit: new CrossEntropy() },
        train: [{ x, y: zeros([3], i32) }],
      }),
    says: [/The model's only output has no name, and a loss or metric asks for "digit"/, /give it without a name/],
  },
  {
    mistake: 'A metric is given without an array.',
    attempt: () => judged(new Accuracy() as never),
    says: [/Metrics are given in an array, .* not as an object of Accuracy/, /such as \[new Accuracy\(\)\]/],
  },
  {
    mistake: 'A metric is named by a string.',
    attempt: () => judged(['accuracy' as never]),
    says: [/Metrics .* not as "accuracy"/, /such as \[new Accuracy\(\)\]/],
  },
  {
    mistake: 'Two metrics have one name.',
    attempt: () => judged([new TopK({ k: 3 }), new TopK({ k: 3 })]),
    says: [/Two metrics are called top3|Two metrics are called/, /give one of them the option name/],
  },
  {
    mistake: 'Two losses of one output have one name.',
    attempt: () =>
      new Trainer(classifier(), { optimizer: optimizer(), losses: [new MeanSquaredError(), new MeanSquaredError()] }),
    says: [/Two losses are called MeanSquaredError/, /give one of them a name: \{ loss, name: '…' \}/],
  },
  {
    mistake: 'The loss of each sample is kept, and training needs one number.',
    attempt: () =>
      new Trainer(classifier(), { optimizer: optimizer(), losses: new CrossEntropy({ reduction: 'none' }) }),
    says: [/The loss CrossEntropy has reduction 'none'/, /use 'mean' or 'sum'/],
  },
  {
    mistake: 'The weight of a loss is not a number.',
    attempt: () =>
      new Trainer(classifier(), { optimizer: optimizer(), losses: [{ loss: new CrossEntropy(), weight: 1 / 0 }] }),
    says: [/The weight of the loss CrossEntropy is Infinity/, /use a finite number/],
  },
  {
    mistake: 'A reduction has the name of another framework.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new MeanSquaredError({ reduction: 'average' }),
    says: [/MeanSquaredError: reduction/, /'mean', 'sum' or 'none', not "average"/],
  },
  {
    mistake: 'Labels are smoothed by percent.',
    attempt: () => new CrossEntropy({ labelSmoothing: 10 }),
    says: [/CrossEntropy: labelSmoothing/, /a share from 0 to 1, not 10/],
  },
  {
    mistake: 'More classes may be right than there are.',
    attempt: () => judged([new TopK({ k: 12 })]),
    says: [/TopK: k is 12, and the prediction has 10 classes/, /use a smaller k/],
  },
  {
    mistake: 'Logits are judged as probabilities.',
    attempt: () => measure(new BinaryAccuracy(), tensor([2.5, -1]), tensor([1, 0])),
    says: [
      /BinaryAccuracy: prediction 2.5 at position 0 is no probability/,
      /give threshold: 0 for logits, or apply sigmoid/,
    ],
  },
  {
    mistake: 'The precision of ten classes is taken as if there were two.',
    attempt: () => measure(new Precision({ average: 'binary' }), zeros([3, 10]), zeros([3], i32)),
    says: [/Precision: average 'binary' is for 2 classes, and the prediction has 10/, /use 'macro' or 'micro'/],
  },
  {
    mistake: 'An average has a name that does not exist.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => new F1Score({ average: 'weighted' }),
    says: [/F1Score: average/, /'macro', 'micro' or 'binary', not "weighted"/],
  },
  {
    mistake: 'Perplexity is given probabilities as target.',
    attempt: () => measure(new Perplexity(), zeros([3, 10]), softmax(zeros([3, 10]))),
    says: [/Perplexity takes class indices as target, and was given \[3, 10\]/, /take argmax of it/],
  },
  {
    mistake: 'One confusion matrix counts for two networks.',
    attempt: () => {
      const metric = new ConfusionMatrix();
      const counts = metric.update(metric.init(), zeros([3, 10]), zeros([3], i32));
      return metric.update(counts, zeros([3, 4]), zeros([3], i32));
    },
    says: [/ConfusionMatrix: this batch has 4 classes, the ones before had 10/, /start anew with init\(\)/],
  },
  {
    mistake: 'Pairs of vectors have a likeness for each number.',
    attempt: () => new CosineEmbedding().run(zeros([3, 8]), zeros([3, 8]), zeros([3, 8])),
    says: [/CosineEmbedding of \[3, 8\] needs a likeness/, /for each row: \[3\], not \[3, 8\]/],
  },
  {
    mistake: 'A penalty costs nothing.',
    attempt: () => new ActivityPenalty({ l1: 0 }),
    says: [/ActivityPenalty with l1 and l2 both 0 costs nothing/, /give one, such as \{ l1: 1e-4 \}/],
  },
];
