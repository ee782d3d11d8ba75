import {
  backward,
  drawing,
  imageGrid,
  Linear,
  mean,
  plotConfusionMatrix,
  plotCurves,
  plotDecisionBoundary,
  plotFeatureMaps,
  plotFilters,
  plotWeights,
  relu,
  Sequential,
  tensor,
  zeros,
} from '@nn/nn';
import type { Mistake } from './mistake.js';

const model = (input = 2) => new Sequential([new Linear({ outFeatures: 1 }), relu], { input: [input] }).build();
const record = (epoch: number) => {
  const train = { loss: 1, losses: {}, metrics: { accuracy: 0.5 } };
  return { epoch, step: epoch, train, learningRate: 0.1, seconds: 1 };
};

export const drawings: readonly Mistake[] = [
  {
    mistake: 'A drawing is asked for in a format that is not made.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => drawing(model(), { format: 'pdf' }),
    says: [/drawing writes/, /svg, png, dot, not "pdf"/],
  },
  {
    mistake: 'A theme does not exist.',
    // @ts-expect-error: the compiler says so too.
    attempt: () => drawing(model(), { theme: 'solarized' }),
    says: [/no theme "solarized"/, /there are light and dark/],
  },
  {
    mistake: 'The gradients of another network colour a drawing.',
    attempt: () => drawing(model(), { gradients: backward(mean(model().run(zeros([1, 2])))) }),
    says: [/drawing: no parameter of this model has one of these gradients/, /pass what backward gave/],
  },
  {
    mistake: 'Something else than a network is drawn.',
    attempt: () => drawing([new Linear({ outFeatures: 1 })] as never),
    says: [/drawing takes/, /a model, a trainer, or what explain gives/],
  },
  {
    mistake: 'A figure is plotted that was not measured.',
    attempt: () => plotCurves({ epochs: [record(1), record(2)] }, { figures: ['acc'] }),
    says: [/plotCurves: the history has no acc/, /it has loss, accuracy/],
  },
  {
    mistake: 'A history without an epoch is plotted.',
    attempt: () => plotCurves({ epochs: [] }),
    says: [/plotCurves: the history has no epoch with a number to plot/, /train for one or more/],
  },
  {
    mistake: 'There are fewer names than classes.',
    attempt: () =>
      plotConfusionMatrix(
        [
          [5, 1],
          [2, 8],
        ],
        { labels: ['cat'] },
      ),
    says: [/plotConfusionMatrix: 1 labels for 2 classes/, /give one each/],
  },
  {
    mistake: 'A table of counts is not square.',
    attempt: () =>
      plotConfusionMatrix([
        [5, 1, 0],
        [2, 8, 1],
      ]),
    says: [/plotConfusionMatrix: 2 rows/, /need 2 columns each/],
  },
  {
    mistake: 'The boundary of three features is drawn.',
    attempt: () => plotDecisionBoundary(model(3), { x: zeros([4, 3]), y: zeros([4], { dtype: 'i32' }) }),
    says: [/plotDecisionBoundary: x must be \[samples, 2\].*not \[4, 3\]/, /only two features can be drawn/],
  },
  {
    mistake: 'The boundary of a regression is drawn.',
    attempt: () => plotDecisionBoundary(model(), { x: zeros([4, 2]), y: tensor([0, 0.5, 1, 1.5]) }),
    says: [/plotDecisionBoundary: y has classes/, /whole numbers from 0, not 0.5/],
  },
  {
    mistake: 'The filters of a layer without any are plotted.',
    attempt: () => plotFilters(zeros([10, 64])),
    says: [/plotFilters: weight must be \[out, in, kH, kW\]/, /not \[10, 64\]/],
  },
  {
    mistake: 'Weights are plotted of a network that has none.',
    attempt: () => plotWeights(new Sequential([relu], { input: [2] })),
    says: [/plotWeights: the model has no parameters/, /give one with layers that learn/],
  },
  {
    mistake: 'Feature maps are plotted of a layer that is not there.',
    attempt: () => plotFeatureMaps(model(), zeros([1, 2]), { layer: 'conv1' }),
    says: [/plotFeatureMaps: the model has no layer "conv1"/, /it has 0, 1/],
  },
  {
    mistake: 'Rows of features are shown as images.',
    attempt: () => imageGrid([{ image: zeros([784]), caption: 'seven' }]),
    says: [/imageGrid: an image is .* not \[784\]/, /\[height, width\]/],
  },
];
