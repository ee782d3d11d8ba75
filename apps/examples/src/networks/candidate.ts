import {
  Accuracy,
  Adam,
  CrossEntropy,
  DataLoader,
  fit,
  type Job,
  Linear,
  Sequential,
  type Tensor,
  TensorDataset,
  tanh,
} from '@nn/nn';

export interface Candidate {
  readonly width: number;
  readonly learningRate: number;
}

/** Points [n, 2] and their classes [n]. */
export interface Points {
  readonly x: Tensor;
  readonly y: Tensor;
}

export interface Trained {
  /** On validation data. */
  readonly loss: number;
  readonly weights: ReadonlyMap<string, Tensor>;
}

export const network = (width: number) =>
  new Sequential([new Linear({ outFeatures: width }), tanh, new Linear({ outFeatures: 2 })], { input: [2] });

/** Trains one network of a search. */
export default async function train(
  { width, learningRate }: Candidate,
  { data, signal, progress }: Job<{ readonly train: Points; readonly validation: Points }>,
): Promise<Trained> {
  const model = network(width);
  const { epochs } = await fit(model, {
    optimizer: new Adam({ learningRate }),
    losses: new CrossEntropy(),
    metrics: [new Accuracy()],
    train: new DataLoader(new TensorDataset(data.train), { batchSize: 50, shuffle: true }),
    validation: new DataLoader(new TensorDataset(data.validation), { batchSize: 'all' }),
    epochs: 20,
    callbacks: [progress],
    signal,
  });
  return { loss: epochs.at(-1)?.validation?.loss ?? NaN, weights: model.stateDict() };
}
