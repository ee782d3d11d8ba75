import { Accuracy, Adam, CrossEntropy, DataLoader, Linear, moons, plotCurves, relu, Sequential, Trainer } from '@nn/nn';
import type { Example } from './runner/example.js';

/** The shortest whole program: data, model, trainer, test. */
export const example: Example = {
  title: 'Moons: two half circles that reach into each other',
  wanted: { accuracy: { atLeast: 0.97 } },

  async run({ progress }) {
    const train = new DataLoader(moons({ samples: 500, noise: 0.15, seed: 1 }), { batchSize: 32, shuffle: true });
    const test = new DataLoader(moons({ samples: 1000, noise: 0.15, seed: 2 }), { batchSize: 'all' });

    const model = new Sequential(
      [new Linear({ outFeatures: 32 }), relu, new Linear({ outFeatures: 32 }), relu, new Linear({ outFeatures: 2 })],
      { input: [2] },
    );
    const trainer = new Trainer(model, {
      optimizer: new Adam({ learningRate: 0.01 }),
      losses: new CrossEntropy(),
      metrics: [new Accuracy()],
    });
    const history = await trainer.fit({ train, epochs: 40, callbacks: [progress] });

    const { metrics } = await trainer.evaluate(test);
    return {
      reached: { accuracy: metrics.accuracy },
      pictures: { 'curves.svg': () => plotCurves(history) },
    };
  },
};
