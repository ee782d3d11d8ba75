import {
  Accuracy,
  AdamW,
  Conv2d,
  CosineSchedule,
  CrossEntropy,
  DataLoader,
  Dropout,
  Flatten,
  fashionMnist,
  Linear,
  MaxPool2d,
  plotCurves,
  relu,
  Sequential,
  splitDataset,
  Trainer,
} from '@nn/nn';
import type { Example } from './runner/example.js';

/** A convolutional network with dropout; three minutes on two cores are the limit. */
export const example: Example = {
  title: 'Fashion-MNIST by a convolutional network',
  wanted: { accuracy: { atLeast: 0.91 }, 'seconds of training': { atMost: 180 } },

  async run({ progress }) {
    const [train, validation] = splitDataset(await fashionMnist({ split: 'train', normalize: true }), [55_000, 5_000]);
    const test = await fashionMnist({ split: 'test', normalize: true });

    const model = new Sequential(
      [
        new Conv2d({ outChannels: 32, kernelSize: 3, padding: 'same' }),
        relu,
        new MaxPool2d({ kernelSize: 2 }),
        new Conv2d({ outChannels: 64, kernelSize: 3, padding: 'same' }),
        relu,
        new MaxPool2d({ kernelSize: 2 }),
        new Flatten(),
        new Dropout({ dropProbability: 0.3 }),
        new Linear({ outFeatures: 128 }),
        relu,
        new Dropout({ dropProbability: 0.3 }),
        new Linear({ outFeatures: 10 }),
      ],
      { input: [1, 28, 28] },
    );
    const trainer = new Trainer(model, {
      optimizer: new AdamW({ learningRate: 1e-3, weightDecay: 0.05 }),
      losses: new CrossEntropy(),
      metrics: [new Accuracy()],
      schedule: new CosineSchedule(),
    });
    const history = await trainer.fit({
      train: new DataLoader(train, { batchSize: 64, shuffle: true }),
      validation: new DataLoader(validation, { batchSize: 500 }),
      epochs: 7,
      callbacks: [progress],
    });

    const { metrics } = await trainer.evaluate(new DataLoader(test, { batchSize: 500 }));
    return {
      reached: {
        accuracy: metrics.accuracy,
        'seconds of training': history.epochs.reduce((sum, { seconds }) => sum + seconds, 0),
      },
      pictures: { 'curves.svg': () => plotCurves(history) },
    };
  },
};
