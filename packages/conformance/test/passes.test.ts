import {
  BatchNorm1d,
  Conv2d,
  ConvTranspose2d,
  clone,
  Dropout,
  Flatten,
  Linear,
  MaxPool2d,
  type Module,
  Sequential,
} from '@nn/layers';
import { Adam, clipByNorm, SGD } from '@nn/optim';
import {
  backward,
  capture,
  manualSeed,
  mean,
  multiply,
  normal,
  passes,
  relu,
  sigmoid,
  skipPasses,
  softmaxCrossEntropy,
  square,
  subtract,
  type Tensor,
  tanh,
  tensor,
  withBackend,
} from '@nn/tensor';
import { afterEach, describe, expect, test } from 'vitest';
import { backends } from './backends.js';

type Model = Module<object, [Tensor], Tensor>;

interface Network {
  readonly name: string;
  readonly model: Model;
  readonly input: readonly number[];
  readonly optimizer: () => Adam | SGD;
  readonly loss: (y: Tensor, x: Tensor, labels: Tensor) => Tensor;
}

const byClass = (y: Tensor, _: Tensor, labels: Tensor) => mean(softmaxCrossEntropy(y, labels)[0]);
const likeInput = (y: Tensor, x: Tensor) => mean(multiply(square(subtract(y, x)), 0.5));

const networks: readonly Network[] = [
  {
    name: 'convolutions, tanh and pooling',
    model: new Sequential([
      new Conv2d({ outChannels: 6, kernelSize: 5, padding: 2 }),
      tanh,
      new MaxPool2d({ kernelSize: 2 }),
      new Conv2d({ outChannels: 16, kernelSize: 3 }),
      relu,
      new MaxPool2d({ kernelSize: 2 }),
      new Flatten({}),
      new Linear({ outFeatures: 10 }),
      tanh,
      new Linear({ outFeatures: 4 }),
    ]),
    input: [19, 1, 14, 15],
    optimizer: () => new SGD({ learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 }),
    loss: byClass,
  },
  {
    name: 'convolutions that hand each other samples in lanes',
    model: new Sequential([
      new Conv2d({ outChannels: 5, kernelSize: 3, stride: 2, padding: 1 }),
      relu,
      new Conv2d({ outChannels: 6, kernelSize: [3, 2], padding: 1, groups: 1 }),
      tanh,
      new MaxPool2d({ kernelSize: 2 }),
      new ConvTranspose2d({ outChannels: 4, kernelSize: 3, stride: 2, padding: 1, outputPadding: 1 }),
      sigmoid,
      new Conv2d({ outChannels: 1, kernelSize: 5, padding: 2 }),
      new Flatten({}),
      new Linear({ outFeatures: 4 }),
    ]),
    input: [32, 1, 15, 14],
    optimizer: () => new SGD({ learningRate: 0.05, momentum: 0.9 }),
    loss: byClass,
  },
  {
    name: 'batch normalisation and dropout',
    model: new Sequential([
      new Linear({ outFeatures: 37 }),
      new BatchNorm1d({}),
      relu,
      new Dropout({ dropProbability: 0.3 }),
      new Linear({ outFeatures: 33 }),
      sigmoid,
      new Dropout({ dropProbability: 0.3 }),
      new Linear({ outFeatures: 4 }),
    ]),
    input: [40, 61],
    optimizer: () => new Adam({ learningRate: 0.01 }),
    loss: byClass,
  },
  {
    name: 'an autoencoder',
    model: new Sequential([
      new Conv2d({ outChannels: 5, kernelSize: 3, stride: 2, padding: 1 }),
      relu,
      new ConvTranspose2d({ outChannels: 1, kernelSize: 3, stride: 2, padding: 1, outputPadding: 1 }),
      sigmoid,
    ]),
    input: [9, 1, 12, 12],
    optimizer: () => new Adam({ learningRate: 0.01 }),
    loss: likeInput,
  },
];

/** The losses of five steps, and all numbers of the model behind them, as bits. */
function train({ model, input, optimizer: make, loss }: Network, captured: boolean): number[][] {
  manualSeed(5);
  const own = clone(model);
  const optimizer = make();
  const step = (x: Tensor, labels: Tensor): Tensor => {
    const value = loss(own.run(x), x, labels);
    optimizer.step(clipByNorm(backward(value), 1));
    return value;
  };
  const run = captured ? capture(step) : step;
  const labels = tensor(Int32Array.from({ length: input[0] }, (_, i) => i % 4));
  const losses = Array.from({ length: 5 }, () => run(normal(input), labels).data.slice());
  return [...losses, ...[...own.stateDict().values()].map(({ data }) => data)].map((data) => [
    ...new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);
}

afterEach(() => skipPasses([]));

const alone = backends.flat();

describe.each(networks)('$name', (network) => {
  network.model.build(network.input.slice(1));
  for (const backend of alone) {
    test(`${backend.name}: captured equals eager, with all passes and with any left out`, () => {
      withBackend(backend, () => {
        const expected = train(network, false);
        for (const left of [[], ...passes.map(({ name }) => [name]), ['all']]) {
          skipPasses(left);
          expect(train(network, true), `without ${left}`).toEqual(expected);
        }
      });
    });
  }
});

test('a pass that does not exist is refused', () => {
  expect(() => skipPasses(['fold-everything'])).toThrow(/no pass fold-everything; there are dead-launches,/);
});
