import {
  Accuracy,
  Adam,
  CrossEntropy,
  DataLoader,
  Linear,
  plotCurves,
  plotDecisionBoundary,
  Sequential,
  squares,
  Trainer,
  tanh,
} from '@nn/nn';
import type { Example } from './runner/example.js';

/** A square within a square: corners make the boundary harder than that of circles, so there are two hidden layers. */
export const example: Example = {
  title: 'Squares: a square within a square',
  wanted: { accuracy: { atLeast: 0.93 } },

  async run({ progress }) {
    const train = squares({ samples: 1000, noise: 0.1, seed: 1 });
    const test = squares({ samples: 2000, noise: 0.1, seed: 2 });

    const model = new Sequential(
      [new Linear({ outFeatures: 16 }), tanh, new Linear({ outFeatures: 16 }), tanh, new Linear({ outFeatures: 2 })],
      { input: [2] },
    );
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
        'boundary.svg': () => plotDecisionBoundary(model, test, { title: 'Squares' }),
        'curves.svg': () => plotCurves(history),
      },
    };
  },
};
