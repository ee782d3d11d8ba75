/** A layer as data, so that every side builds its own from the same words. `from` and `to` count features or channels. */
export type Layer =
  | { readonly kind: 'linear'; readonly from: number; readonly to: number; readonly bias: boolean }
  | ({ readonly kind: 'convolution'; readonly from: number; readonly to: number } & Window)
  | ({
      readonly kind: 'transposed';
      readonly from: number;
      readonly to: number;
      readonly outputPadding: number;
    } & Window)
  | { readonly kind: 'batchNorm'; readonly features: number }
  | { readonly kind: 'dropout'; readonly probability: number }
  | { readonly kind: 'maxPool'; readonly size: number }
  | { readonly kind: 'flatten' | 'relu' | 'tanh' | 'sigmoid' };

interface Window {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

interface AdamSettings {
  readonly kind: 'adam';
  readonly learningRate: number;
  /** Added to the gradient of every parameter, biases included. */
  readonly weightDecay: number;
  readonly epsilon: number;
}

interface SgdSettings {
  readonly kind: 'sgd';
  readonly learningRate: number;
  readonly momentum: number;
}

/** A network, and how it is trained. */
export interface Network {
  /** Shape of one sample. */
  readonly input: readonly number[];
  readonly layers: readonly Layer[];
  readonly loss: 'crossEntropy' | 'meanSquaredError';
  readonly optimizer: AdamSettings | SgdSettings;
  /** What it learns from: the four corners of XOR, images with labels, or images as their own targets. */
  readonly samples: 'xor' | 'labelled' | 'images';
}

const relu: Layer = { kind: 'relu' };
const tanh: Layer = { kind: 'tanh' };
const sigmoid: Layer = { kind: 'sigmoid' };
const flatten: Layer = { kind: 'flatten' };
const pool: Layer = { kind: 'maxPool', size: 2 };
const dropout = (probability: number): Layer => ({ kind: 'dropout', probability });
const linear = (from: number, to: number, { bias = true } = {}): Layer => ({ kind: 'linear', from, to, bias });
const convolution = (from: number, to: number, { size = 3, stride = 1, padding = 0 }: Partial<Window> = {}): Layer => ({
  kind: 'convolution',
  ...{ from, to, size, stride, padding },
});
const transposed = (from: number, to: number): Layer => ({
  kind: 'transposed',
  ...{ from, to, size: 3, stride: 2, padding: 1, outputPadding: 1 },
});

/** Linear, batch normalisation, ReLU and dropout, the hidden layer of the networks that have all four. */
const regularized = (from: number, to: number, options?: { readonly bias: boolean }): Layer[] => [
  linear(from, to, options),
  { kind: 'batchNorm', features: to },
  relu,
  dropout(0.2),
];

const adam: AdamSettings = { kind: 'adam', learningRate: 1e-3, weightDecay: 0, epsilon: 1e-8 };

export const networks = {
  xor: {
    input: [2],
    layers: [linear(2, 8), tanh, linear(8, 1), sigmoid],
    loss: 'meanSquaredError',
    optimizer: { kind: 'sgd', learningRate: 0.5, momentum: 0 },
    samples: 'xor',
  },
  mlp: {
    input: [784],
    layers: [linear(784, 128), relu, linear(128, 64), relu, linear(64, 10)],
    loss: 'crossEntropy',
    optimizer: adam,
    samples: 'labelled',
  },
  mlp_bn: {
    input: [784],
    layers: [...regularized(784, 128), ...regularized(128, 64), linear(64, 10)],
    loss: 'crossEntropy',
    optimizer: adam,
    samples: 'labelled',
  },
  lenet: {
    input: [1, 28, 28],
    layers: [
      ...[convolution(1, 6, { size: 5, padding: 2 }), tanh, pool],
      ...[convolution(6, 16, { size: 5 }), tanh, pool, flatten],
      ...[linear(400, 120), tanh, linear(120, 84), tanh, linear(84, 10)],
    ],
    loss: 'crossEntropy',
    optimizer: { kind: 'sgd', learningRate: 0.01, momentum: 0.9 },
    samples: 'labelled',
  },
  cnn: {
    input: [1, 28, 28],
    layers: [
      ...[convolution(1, 32), relu, convolution(32, 64), relu, pool, dropout(0.25), flatten],
      ...[linear(9216, 128), relu, dropout(0.5), linear(128, 10)],
    ],
    loss: 'crossEntropy',
    optimizer: adam,
    samples: 'labelled',
  },
  autoencoder: {
    input: [1, 28, 28],
    layers: [
      ...[convolution(1, 16, { stride: 2, padding: 1 }), relu, convolution(16, 32, { stride: 2, padding: 1 }), relu],
      ...[transposed(32, 16), relu, transposed(16, 1), sigmoid],
    ],
    loss: 'meanSquaredError',
    optimizer: adam,
    samples: 'images',
  },
} as const satisfies Record<string, Network>;

const biasless = { bias: false };

/** The network that learns Fashion-MNIST. Batch normalisation would take any bias before it away again. */
export const classifier: Network = {
  input: [784],
  layers: [
    ...[...regularized(784, 512, biasless), ...regularized(512, 256, biasless), ...regularized(256, 128, biasless)],
    linear(128, 10),
  ],
  loss: 'crossEntropy',
  optimizer: { ...adam, weightDecay: 1e-4 },
  samples: 'labelled',
};

/** The network with every dropout at 0. */
export const withoutDropout = (network: Network): Network => ({
  ...network,
  layers: network.layers.map((layer) => (layer.kind === 'dropout' ? dropout(0) : layer)),
});

/**
 * The network so that the first losses of different sides agree in single precision: without dropout, of which each draws
 * masks of its own, and with Adam's ε at 1e-4. At 1e-8 a gradient that is nothing but rounding, as that of a bias before
 * batch normalisation, is divided by its own size: a step of full length in a random direction.
 */
export const comparable = (network: Network): Network => {
  const { optimizer } = network;
  return {
    ...withoutDropout(network),
    optimizer: optimizer.kind === 'adam' ? { ...optimizer, epsilon: 1e-4 } : optimizer,
  };
};

/** True when no two sides compute the same losses, as each draws masks of its own. */
export const hasDropout = ({ layers }: Network): boolean =>
  layers.some((layer) => layer.kind === 'dropout' && layer.probability > 0);
