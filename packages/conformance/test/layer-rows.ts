import {
  Add,
  AvgPool2d,
  BatchNorm1d,
  BatchNorm2d,
  Concat,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  ELU,
  Embedding,
  Flatten,
  GELU,
  GlobalAveragePool2d,
  Graph,
  Lambda,
  LayerNorm,
  LeakyReLU,
  Linear,
  LogSoftmax,
  MaxPool2d,
  ReLU,
  Reshape,
  Residual,
  Sequential,
  Sigmoid,
  SiLU,
  Softmax,
  Softplus,
  Tanh,
} from '@nn/layers';
import { relu, tanh } from '@nn/tensor';
import { type LayerCase, layerCase } from '@nn/testing';

const activations: LayerCase[] = [
  layerCase(() => new ReLU(), [3, 4], { avoid: [0] }),
  layerCase(() => new LeakyReLU({ slope: 0.2 }), [3, 4], { avoid: [0] }),
  layerCase(() => new ELU({ alpha: 0.5 }), [3, 4], { avoid: [0] }),
  layerCase(() => new GELU(), [3, 4]),
  layerCase(() => new SiLU(), [3, 4]),
  layerCase(() => new Softplus(), [3, 4]),
  layerCase(() => new Sigmoid(), [3, 4]),
  layerCase(() => new Tanh(), [3, 4]),
  layerCase(() => new Softmax(), [3, 4]),
  layerCase(() => new LogSoftmax(), [3, 4]),
];

const weighted: LayerCase[] = [
  layerCase(() => new Linear({ outFeatures: 3 }), [4, 5]),
  layerCase(() => new Linear({ outFeatures: 3, bias: false }), [4, 5]),
  layerCase(() => new Linear({ outFeatures: 2 }), [3, 2, 4], { note: 'steps in time' }),
  layerCase(() => new Conv2d({ outChannels: 4, kernelSize: 3 }), [2, 3, 6, 5]),
  layerCase(() => new Conv2d({ outChannels: 2, kernelSize: [3, 2], padding: 'same', bias: false }), [2, 3, 4, 5]),
  layerCase(
    () =>
      new Conv2d({ outChannels: 4, kernelSize: [2, 3], stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2 }),
    [2, 2, 5, 7],
  ),
  layerCase(
    () => new ConvTranspose2d({ outChannels: 2, kernelSize: 3, stride: 2, padding: 1, outputPadding: 1 }),
    [2, 3, 3, 4],
  ),
  layerCase(() => new ConvTranspose2d({ outChannels: 4, kernelSize: [2, 3], groups: 2, bias: false }), [2, 4, 3, 3]),
  layerCase(() => new Embedding({ entries: 7, features: 3 }), { shape: [4], dtype: 'i32', high: 7 }),
  layerCase(() => new Embedding({ entries: 7, features: 3 }), { shape: [4, 2], dtype: 'i32', high: 7 }),
];

const poolings: LayerCase[] = [
  layerCase(() => new MaxPool2d({ kernelSize: 2 }), [2, 3, 6, 4]),
  layerCase(() => new MaxPool2d({ kernelSize: 3, stride: 2, padding: 1 }), [2, 3, 6, 5]),
  layerCase(() => new AvgPool2d({ kernelSize: 2 }), [2, 3, 6, 4]),
  layerCase(() => new AvgPool2d({ kernelSize: 3, stride: 2, padding: 1 }), [2, 3, 6, 5]),
  layerCase(() => new GlobalAveragePool2d(), [2, 3, 4, 5]),
];

const normalizations: LayerCase[] = [
  layerCase(() => new BatchNorm1d(), [5, 3]),
  layerCase(() => new BatchNorm1d({ momentum: 0.3, epsilon: 1e-3 }), [4, 3, 2]),
  layerCase(() => new BatchNorm1d({ affine: false }), [5, 3], { float: 'f32' }),
  layerCase(() => new BatchNorm2d(), [3, 2, 3, 4]),
  layerCase(() => new LayerNorm(), [3, 4]),
  layerCase(() => new LayerNorm({ shape: [2, 4], bias: false }), [3, 2, 4]),
  layerCase(() => new Dropout({ dropProbability: 0.4 }), [4, 5]),
];

const shapes: LayerCase[] = [
  layerCase(() => new Flatten(), [2, 3, 4]),
  layerCase(() => new Reshape({ shape: [2, -1] }), [3, 4]),
  layerCase(() => new Concat(), [2, 3], [2, 1], [2, 4]),
  layerCase(() => new Concat({ axis: 2 }), [2, 3, 1], [2, 3, 2]),
  layerCase(() => new Add(), [2, 3], [2, 3], [2, 3]),
];

const shared = () => {
  const layer = new Linear({ outFeatures: 3 });
  return new Sequential([layer, tanh, layer]);
};

const compositions: LayerCase[] = [
  layerCase(() => new Lambda({ function: tanh }), [3, 4]),
  layerCase(
    () => new Sequential([new Linear({ outFeatures: 4 }), tanh, new BatchNorm1d(), new Linear({ outFeatures: 2 })]),
    [5, 3],
  ),
  layerCase(shared, [4, 3], { note: 'one layer twice' }),
  layerCase(() => new Residual({ body: new Sequential([new Linear({ outFeatures: 3 }), tanh]) }), [4, 3]),
  layerCase(
    () => new Residual({ body: new Linear({ outFeatures: 2 }), shortcut: new Linear({ outFeatures: 2, bias: false }) }),
    [4, 3],
  ),
  layerCase(
    () =>
      new Sequential([
        new Conv2d({ outChannels: 2, kernelSize: 3 }),
        relu,
        new MaxPool2d({ kernelSize: 2 }),
        new Flatten(),
        new Dropout({ dropProbability: 0.3 }),
        new Linear({ outFeatures: 3 }),
      ]),
    [2, 1, 6, 6],
    { note: 'a small convolutional network' },
  ),
  layerCase(
    () => {
      const twin = new Linear({ outFeatures: 3 });
      return new Graph({
        inputs: { left: [4], right: [4] },
        nodes: {
          a: [twin, 'left'],
          b: [twin, 'right'],
          both: [new Concat(), 'a', 'b'],
          sum: [new Add(), 'a', 'b'],
          score: [new Linear({ outFeatures: 2 }), 'both'],
        },
        outputs: ['score', 'sum'],
      });
    },
    [3, 4],
    [3, 4],
    { note: 'twins, two outputs' },
  ),
];

/** One row or more for every layer of @nn/layers. */
export const layerRows: readonly LayerCase[] = [
  ...activations,
  ...weighted,
  ...poolings,
  ...normalizations,
  ...shapes,
  ...compositions,
];
