import {
  Adam,
  Conv2d,
  CosineSchedule,
  conv2d,
  DataLoader,
  fit,
  MeanSquaredError,
  normal,
  plotCurves,
  plotFilters,
  TensorDataset,
  tensor,
} from '@nn/nn';
import type { Example } from './runner/example.js';

const blur = [
  [1, 4, 6, 4, 1],
  [4, 16, 24, 16, 4],
  [6, 24, 36, 24, 6],
  [4, 16, 24, 16, 4],
  [1, 4, 6, 4, 1],
].map((row) => row.map((value) => value / 256));

const edges = [
  [-1, -2, 0, 2, 1],
  [-4, -8, 0, 8, 4],
  [-6, -12, 0, 12, 6],
  [-4, -8, 0, 8, 4],
  [-1, -2, 0, 2, 1],
].map((row) => row.map((value) => value / 48));

const ring = [
  [0, 0, -1, 0, 0],
  [0, -1, -2, -1, 0],
  [-1, -2, 16, -2, -1],
  [0, -1, -2, -1, 0],
  [0, 0, -1, 0, 0],
].map((row) => row.map((value) => value / 16));

/** A convolution sees images before and after filtering, and must find the filters. */
export const example: Example = {
  title: 'Three 5 × 5 kernels recovered from images and their filtered copies',
  wanted: { 'largest error of a kernel': { atMost: 1e-3 } },

  async run({ progress }) {
    const truth = tensor([[blur], [edges], [ring]]);
    const x = normal([200, 1, 20, 20]);
    const images = new TensorDataset({ x, y: conv2d(x, truth, 0) });

    const model = new Conv2d({ outChannels: 3, kernelSize: 5, bias: false }).build([1, 20, 20]);
    const history = await fit(model, {
      optimizer: new Adam({ learningRate: 0.03 }),
      losses: new MeanSquaredError(),
      schedule: new CosineSchedule(),
      train: new DataLoader(images, { batchSize: 20, shuffle: true }),
      epochs: 20,
      callbacks: [progress],
    });

    const found = model.weight;
    const error = Math.max(...found.data.map((value, i) => Math.abs(value - truth.data[i])));
    return {
      reached: { 'largest error of a kernel': error },
      pictures: {
        'true.svg': () => plotFilters(truth, { title: 'True kernels' }),
        'found.svg': () => plotFilters(found, { title: 'Kernels found' }),
        'curves.svg': () => plotCurves(history),
      },
    };
  },
};
