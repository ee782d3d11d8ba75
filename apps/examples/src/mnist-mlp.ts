import {
  Accuracy,
  AdamW,
  CosineSchedule,
  CrossEntropy,
  DataLoader,
  Flatten,
  Linear,
  mnist,
  plotCurves,
  relu,
  Sequential,
  splitDataset,
  Trainer,
} from '@nn/nn';
import type { Example } from './runner/example.js';

/** The network that everyone trains first; 5 000 training images are held out to watch it by. */
export const example: Example = {
  title: 'MNIST by a multilayer perceptron',
  wanted: { accuracy: { atLeast: 0.975 } },

  async run({ progress }) {
    const [train, validation] = splitDataset(await mnist({ split: 'train' }), [55_000, 5_000]);
    const test = await mnist({ split: 'test' });

    const model = new Sequential(
      [
        new Flatten(),
        new Linear({ outFeatures: 128 }),
        relu,
        new Linear({ outFeatures: 64 }),
        relu,
        new Linear({ outFeatures: 10 }),
      ],
      { input: [1, 28, 28] },
    );
    const trainer = new Trainer(model, {
      optimizer: new AdamW({ learningRate: 2e-3, weightDecay: 0.05 }),
      losses: new CrossEntropy(),
      metrics: [new Accuracy()],
      schedule: new CosineSchedule(),
    });
    const history = await trainer.fit({
      train: new DataLoader(train, { batchSize: 128, shuffle: true }),
      validation: new DataLoader(validation, { batchSize: 500 }),
      epochs: 8,
      callbacks: [progress],
    });

    const { metrics } = await trainer.evaluate(new DataLoader(test, { batchSize: 500 }));
    return {
      reached: { accuracy: metrics.accuracy },
      pictures: { 'curves.svg': () => plotCurves(history) },
    };
  },
};
