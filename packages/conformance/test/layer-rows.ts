import {
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  Add,
  ArgMax,
  AvgPool1d,
  AvgPool2d,
  AvgPool3d,
  BatchNorm1d,
  BatchNorm2d,
  Concat,
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose2d,
  Divide,
  Dropout,
  Dropout2d,
  ELU,
  Embedding,
  Flatten,
  GELU,
  GlobalAveragePool1d,
  GlobalAveragePool2d,
  GlobalAveragePool3d,
  Graph,
  GroupNorm,
  HardTanh,
  Inception,
  Lambda,
  LayerNorm,
  LeakyReLU,
  Linear,
  LogSoftmax,
  MaxPool1d,
  MaxPool2d,
  MaxPool3d,
  Multiply,
  OneHot,
  Permute,
  PReLU,
  ReLU,
  Reshape,
  Residual,
  RMSNorm,
  Sequential,
  Sigmoid,
  SiLU,
  Softmax,
  Softplus,
  Subtract,
  Tanh,
  Upsample,
  ZeroPad2d,
} from '@nn/layers';
import { relu, tanh } from '@nn/tensor';
import { type LayerCase, layerCase } from '@nn/testing';

/** The activations, which are tested at ±1000 too. */
export const activations: readonly LayerCase[] = [
  layerCase(() => new ReLU(), [3, 4], { avoid: [0] }),
  layerCase(() => new LeakyReLU({ slope: 0.2 }), [3, 4], { avoid: [0] }),
  layerCase(() => new PReLU(), [3, 4], { avoid: [0] }),
  layerCase(() => new PReLU({ perChannel: true, slope: -0.2 }), [3, 4, 2], { avoid: [0] }),
  layerCase(() => new ELU({ alpha: 0.5 }), [3, 4], { avoid: [0] }),
  layerCase(() => new GELU(), [3, 4]),
  layerCase(() => new SiLU(), [3, 4]),
  layerCase(() => new Softplus(), [3, 4]),
  layerCase(() => new Sigmoid(), [3, 4]),
  layerCase(() => new Tanh(), [3, 4]),
  layerCase(() => new HardTanh(), [3, 4], { avoid: [-1, 1] }),
  layerCase(() => new HardTanh({ low: -0.5, high: 1.5 }), [3, 4], { avoid: [-0.5, 1.5] }),
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
  layerCase(() => new Conv1d({ outChannels: 4, kernelSize: 3, padding: 'same' }), [2, 3, 7]),
  layerCase(
    () =>
      new Conv1d({ outChannels: 4, kernelSize: 3, stride: 2, padding: [2, 1], dilation: 2, groups: 2, bias: false }),
    [2, 2, 8],
  ),
  layerCase(() => new Conv3d({ outChannels: 2, kernelSize: [2, 3, 2] }), [2, 2, 3, 4, 3]),
  layerCase(
    () =>
      new Conv3d({
        outChannels: 2,
        kernelSize: 2,
        stride: [1, 2, 3],
        padding: [1, 0, 0, 1, 2, 1],
        dilation: [2, 1, 1],
        groups: 2,
      }),
    [1, 2, 3, 4, 5],
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
  layerCase(() => new MaxPool1d({ kernelSize: 3, stride: 2, padding: 1 }), [2, 3, 7]),
  layerCase(() => new MaxPool3d({ kernelSize: [2, 3, 2], stride: [1, 2, 2] }), [1, 2, 4, 5, 4]),
  layerCase(() => new AvgPool1d({ kernelSize: 3, stride: 2, padding: 1 }), [2, 3, 7]),
  layerCase(
    () => new AvgPool3d({ kernelSize: 2, padding: [1, 0, 1], ceilMode: true, countPadding: false }),
    [1, 2, 3, 5, 4],
  ),
  layerCase(() => new GlobalAveragePool1d(), [2, 3, 5]),
  layerCase(() => new GlobalAveragePool2d(), [2, 3, 4, 5]),
  layerCase(() => new GlobalAveragePool3d({ keepDims: true }), [2, 3, 2, 3, 4]),
  layerCase(() => new AdaptiveAvgPool1d({ outputSize: 3 }), [2, 3, 7]),
  layerCase(() => new AdaptiveAvgPool2d({ outputSize: [2, 3] }), [2, 3, 4, 5]),
];

const normalizations: LayerCase[] = [
  layerCase(() => new BatchNorm1d(), [5, 3]),
  layerCase(() => new BatchNorm1d({ momentum: 0.3, epsilon: 1e-3 }), [4, 3, 2]),
  layerCase(() => new BatchNorm1d({ affine: false }), [5, 3], { float: 'f32' }),
  layerCase(() => new BatchNorm2d(), [3, 2, 3, 4]),
  layerCase(() => new LayerNorm(), [3, 4]),
  layerCase(() => new LayerNorm({ shape: [2, 4], bias: false }), [3, 2, 4]),
  layerCase(() => new GroupNorm({ groups: 2 }), [3, 4, 2, 3]),
  layerCase(() => new GroupNorm({ groups: 3, channels: 6, epsilon: 1e-3, bias: false }), [2, 6]),
  layerCase(() => new RMSNorm(), [3, 4]),
  layerCase(() => new RMSNorm({ shape: [2, 4], epsilon: 1e-3 }), [3, 2, 4]),
  layerCase(() => new Dropout({ dropProbability: 0.4 }), [4, 5]),
  layerCase(() => new Dropout2d({ dropProbability: 0.4 }), [3, 4, 2, 3]),
];

const shapes: LayerCase[] = [
  layerCase(() => new Flatten(), [2, 3, 4]),
  layerCase(() => new Reshape({ shape: [2, -1] }), [3, 4]),
  layerCase(() => new Concat(), [2, 3], [2, 1], [2, 4]),
  layerCase(() => new Concat({ axis: 2 }), [2, 3, 1], [2, 3, 2]),
  layerCase(() => new Permute({ axes: [0, 3, 1, 2] }), [2, 3, 4, 5]),
  layerCase(() => new ZeroPad2d({ padding: [1, 2, 3, 0] }), [2, 3, 2, 3]),
  layerCase(() => new Upsample({ scaleFactor: 2 }), [2, 3, 3, 4]),
  layerCase(() => new Upsample({ size: [3, 7], mode: 'bilinear' }), [2, 2, 4, 5]),
  layerCase(() => new Add(), [2, 3], [2, 3], [2, 3]),
  layerCase(() => new Add(), [2, 3, 4], [2, 3, 1], [2, 1, 4]),
  layerCase(() => new Subtract(), [2, 3, 1], [2, 1, 4]),
  layerCase(() => new Multiply(), [2, 3, 4], [2, 3, 1], [2, 1, 4]),
  layerCase(() => new Divide(), [2, 3, 1], [2, 1, 4], { avoid: [0], margin: 0.3 }),
  layerCase(() => new OneHot({ classes: 4 }), { shape: [3, 2], dtype: 'i32', high: 4 }, { differentiable: false }),
  layerCase(() => new ArgMax(), [3, 4], { differentiable: false }),
  layerCase(() => new ArgMax({ axis: 1 }), [3, 4, 2], { differentiable: false }),
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
      new Inception({
        branches: [
          new Conv2d({ outChannels: 2, kernelSize: 1 }),
          new Sequential([new Conv2d({ outChannels: 3, kernelSize: 3, padding: 1 }), tanh]),
          new MaxPool2d({ kernelSize: 3, stride: 1, padding: 1 }),
        ],
      }),
    [2, 2, 4, 5],
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
