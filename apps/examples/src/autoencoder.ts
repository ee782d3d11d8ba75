import {
  Adam,
  Conv2d,
  ConvTranspose2d,
  CosineSchedule,
  cast,
  DataLoader,
  divide,
  imageGrid,
  MeanSquaredError,
  mnist,
  plotCurves,
  predict,
  relu,
  reshape,
  Sequential,
  sigmoid,
  slice,
  type Tensor,
  TensorDataset,
  Trainer,
} from '@nn/nn';
import type { Example } from './runner/example.js';

/**
 * Images are their own targets. Strides halve them and transposed convolutions undo it: 27 → 13 → 6 → 13 → 27, without
 * padding, so that 729 pixels pass through 144 numbers.
 */
export const example: Example = {
  title: 'A convolutional autoencoder of 27 × 27 images',
  wanted: { 'mean squared error': { atMost: 0.004 } },

  async run({ progress }) {
    const train = await digits('train', 20_000);
    const test = await digits('test', 10_000);

    const encoder = new Sequential([
      new Conv2d({ outChannels: 16, kernelSize: 3, stride: 2 }),
      relu,
      new Conv2d({ outChannels: 4, kernelSize: 3, stride: 2 }),
    ]);
    const decoder = new Sequential([
      new ConvTranspose2d({ outChannels: 16, kernelSize: 3, stride: 2 }),
      relu,
      new ConvTranspose2d({ outChannels: 1, kernelSize: 3, stride: 2 }),
      sigmoid,
    ]);
    const model = new Sequential([encoder, decoder], { input: [1, 27, 27] });
    const trainer = new Trainer(model, {
      optimizer: new Adam({ learningRate: 3e-3 }),
      losses: new MeanSquaredError(),
      schedule: new CosineSchedule(),
    });
    const history = await trainer.fit({
      train: new DataLoader(train, { batchSize: 64, shuffle: true }),
      epochs: 6,
      callbacks: [progress],
    });

    const { loss } = await trainer.evaluate(new DataLoader(test, { batchSize: 500 }));
    return {
      reached: { 'mean squared error': loss },
      pictures: {
        'curves.svg': () => plotCurves(history),
        'images.svg': async () => {
          const x = slice(test.x, { end: 10 });
          const copies = await predict(model, x);
          return imageGrid([...images(x, 'image'), ...images(copies, 'from its code')], { columns: 10 });
        },
      },
    };
  },
};

/** MNIST's first images without their last row and column, f32 [n, 1, 27, 27] from 0 to 1. */
async function digits(split: 'train' | 'test', count: number): Promise<TensorDataset> {
  const bytes = slice((await mnist({ split })).x, { end: count });
  const cropped = slice(slice(bytes, { axis: 2, end: 27 }), { axis: 3, end: 27 });
  const x = divide(cast(cropped, { dtype: 'f32' }), 255);
  return new TensorDataset({ x, y: x });
}

/** A batch [n, 1, height, width] as pictures of a grid. */
const images = (x: Tensor, caption: string) =>
  Array.from({ length: x.shape[0] }, (_, i) => ({
    image: reshape(slice(x, { start: i, end: i + 1 }), x.shape.slice(2)),
    caption,
  }));
