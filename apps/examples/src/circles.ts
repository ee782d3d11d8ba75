import {
  Accuracy,
  Adam,
  CrossEntropy,
  circles,
  DataLoader,
  Linear,
  plotCurves,
  plotDecisionBoundary,
  Sequential,
  Trainer,
  tanh,
} from '@nn/nn';
import type { Example } from './runner/example.js';

/** Two noisy rings: the best possible rule, a circle between them, has about 88 % right. */
export const example: Example = {
  title: 'Circles: a ring within a ring, and what the network makes of the plane',
  wanted: { accuracy: { atLeast: 0.86 } },

  async run({ progress }) {
    const train = circles({ samples: 1000, noise: 0.2, seed: 1 });
    const test = circles({ samples: 2000, noise: 0.2, seed: 2 });

    const model = new Sequential([new Linear({ outFeatures: 16 }), tanh, new Linear({ outFeatures: 2 })], {
      input: [2],
    });
    const trainer = new Trainer(model, {
      optimizer: new Adam({ learningRate: 0.02 }),
      losses: new CrossEntropy(),
      metrics: [new Accuracy()],
    });
    const history = await trainer.fit({
      train: new DataLoader(train, { batchSize: 50, shuffle: true }),
      epochs: 40,
      callbacks: [progress],
    });

    const { metrics } = await trainer.evaluate(new DataLoader(test, { batchSize: 'all' }));
    return {
      reached: { accuracy: metrics.accuracy },
      pictures: {
        'boundary.svg': () => plotDecisionBoundary(model, test, { title: 'Circles' }),
        'curves.svg': () => plotCurves(history),
      },
    };
  },
};
