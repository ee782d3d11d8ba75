import { Adam, Conv2d, Flatten, Linear, MaxPool2d, type Optimizer, relu, Sequential, SGD, tanh } from '@nn/nn';

/** A network to train on batches of MNIST images, the same on both sides. */
export interface Workload {
  readonly name: string;
  /** The network's name on the Python side. */
  readonly network: 'mlp' | 'lenet';
  readonly batch: number;
  /** Shape of one image. */
  readonly input: readonly number[];
  /** Multiplications and additions of one step, in millions. */
  readonly megaflops: number;
  readonly optimizer: 'adam' | 'sgd';
  model(): Sequential;
}

const mlp = () =>
  new Sequential(
    [new Linear({ outFeatures: 128 }), relu, new Linear({ outFeatures: 64 }), relu, new Linear({ outFeatures: 10 })],
    { input: [784] },
  );

const lenet = () =>
  new Sequential(
    [
      new Conv2d({ outChannels: 6, kernelSize: 5, padding: 2 }),
      tanh,
      new MaxPool2d({ kernelSize: 2 }),
      new Conv2d({ outChannels: 16, kernelSize: 5 }),
      tanh,
      new MaxPool2d({ kernelSize: 2 }),
      new Flatten({}),
      new Linear({ outFeatures: 120 }),
      tanh,
      new Linear({ outFeatures: 84 }),
      tanh,
      new Linear({ outFeatures: 10 }),
    ],
    { input: [1, 28, 28] },
  );

const onMlp = { network: 'mlp', input: [784], optimizer: 'adam', model: mlp } as const;
const onLenet = { network: 'lenet', input: [1, 28, 28], optimizer: 'sgd', model: lenet } as const;

export const workloads: readonly Workload[] = [
  { name: 'mlp 32', batch: 32, megaflops: 14.5, ...onMlp },
  { name: 'mlp 128', batch: 128, megaflops: 58, ...onMlp },
  { name: 'mlp 512', batch: 512, megaflops: 233, ...onMlp },
  { name: 'lenet 32', batch: 32, megaflops: 72, ...onLenet },
  { name: 'lenet 128', batch: 128, megaflops: 290, ...onLenet },
];

/** The optimizer of a workload, with the settings that the Python side uses too. */
export const optimizerOf = ({ optimizer }: Workload): Optimizer =>
  optimizer === 'adam' ? new Adam({ learningRate: 1e-3 }) : new SGD({ learningRate: 0.01, momentum: 0.9 });
