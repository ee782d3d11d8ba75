import {
  Adam,
  BatchNorm1d,
  CrossEntropy,
  DataLoader,
  Dropout,
  fit,
  Linear,
  relu,
  Sequential,
  TensorDataset,
} from '@nn/nn';

/** @typedef {{ width: number, learningRate: number, epochs?: number }} Config */
/** @typedef {{ x: import('@nn/nn').Tensor, y: import('@nn/nn').Tensor }} Data */

/**
 * A network on points [n, 2] with labels: its history without times, and its weights.
 * @type {import('@nn/nn').TrainOne<Config, object, Data>}
 */
export default async ({ width, learningRate, epochs = 3 }, { data, signal, progress }) => {
  const layers = [new Linear({ outFeatures: width }), new BatchNorm1d(), relu, new Dropout({ dropProbability: 0.2 })];
  const model = new Sequential([...layers, new Linear({ outFeatures: 2 })], { input: [2] });
  const { epochs: records, end } = await fit(model, {
    optimizer: new Adam({ learningRate }),
    losses: new CrossEntropy(),
    train: new DataLoader(new TensorDataset(data), { batchSize: 32, shuffle: true }),
    epochs,
    signal,
    callbacks: [progress],
  });
  return { losses: records.map(({ train }) => train.loss), end, weights: model.stateDict() };
};
