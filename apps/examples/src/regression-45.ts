import {
  Adam,
  DataLoader,
  EarlyStopping,
  Linear,
  MeanSquaredError,
  metrics,
  plotCurves,
  regression,
  splitDataset,
  Trainer,
} from '@nn/nn';
import type { Example } from './runner/example.js';

/**
 * Of 45 features 10 tell something. Validation data say when to stop, and the best weights come back. The noise, of
 * deviation 0.1, is a mean error of 0.08, which no model can undercut.
 */
export const example: Example = {
  title: 'Regression with 45 features, stopped early',
  wanted: { 'mean absolute error': { atMost: 0.09 } },

  async run({ progress, print }) {
    const [train, validation, test] = splitDataset(regression({ samples: 2000, features: 45 }), [1000, 500, 500]);

    const model = new Linear({ outFeatures: 1 }).build([45]);
    const trainer = new Trainer(model, {
      optimizer: new Adam({ learningRate: 0.01 }),
      losses: new MeanSquaredError(),
      metrics: [new metrics.MeanAbsoluteError()],
    });
    const stopping = new EarlyStopping({ patience: 5 });
    const history = await trainer.fit({
      train: new DataLoader(train, { batchSize: 50, shuffle: true }),
      validation: new DataLoader(validation, { batchSize: 'all' }),
      epochs: 100,
      callbacks: [progress, stopping],
    });
    print(`stopped after ${history.epochs.length} epochs; the best was epoch ${stopping.best?.epoch}`);

    const found = await trainer.evaluate(new DataLoader(test, { batchSize: 'all' }));
    return {
      reached: { 'mean absolute error': found.metrics.meanAbsoluteError },
      pictures: { 'curves.svg': () => plotCurves(history) },
    };
  },
};
