import {
  Adam,
  BatchNorm1d,
  Conv2d,
  ConvTranspose2d,
  crossEntropy,
  Dropout,
  Flatten,
  Linear,
  MaxPool2d,
  meanSquaredError,
  type Optimizer,
  relu,
  Sequential,
  SGD,
  sigmoid,
  type Tensor,
  tanh,
} from '@nn/nn';
import type { Layer, Network } from './networks.js';

type LayerLike = ConstructorParameters<typeof Sequential>[0][number];

function layerOf(layer: Layer): LayerLike {
  switch (layer.kind) {
    case 'linear':
      return new Linear({ inFeatures: layer.from, outFeatures: layer.to, bias: layer.bias });
    case 'convolution':
      return new Conv2d(windowOf(layer));
    case 'transposed':
      return new ConvTranspose2d({ ...windowOf(layer), outputPadding: layer.outputPadding });
    case 'batchNorm':
      return new BatchNorm1d({ features: layer.features });
    case 'dropout':
      return new Dropout({ dropProbability: layer.probability });
    case 'maxPool':
      return new MaxPool2d({ kernelSize: layer.size });
    case 'flatten':
      return new Flatten();
    default:
      return { relu, tanh, sigmoid }[layer.kind];
  }
}

const windowOf = ({ from, to, size, stride, padding }: Extract<Layer, { readonly stride: number }>) => ({
  ...{ inChannels: from, outChannels: to, kernelSize: size, stride, padding },
});

/** The network as this framework builds it, with fresh weights. */
export const modelOf = ({ layers, input }: Network): Sequential => {
  const model = new Sequential(layers.map(layerOf), { input });
  model.build();
  return model;
};

/** The network's loss. */
export const lossOf = ({ loss }: Network): ((prediction: Tensor, target: Tensor) => Tensor) =>
  loss === 'crossEntropy' ? crossEntropy : meanSquaredError;

/** The network's optimizer. */
export function optimizerOf({ optimizer }: Network): Optimizer {
  const { kind, ...settings } = optimizer;
  return kind === 'adam' ? new Adam({ ...settings, decay: 'all' }) : new SGD(settings);
}
