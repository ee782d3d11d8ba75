import {
  Accuracy,
  AdamW,
  Conv2d,
  CosineSchedule,
  CrossEntropy,
  DataLoader,
  drawing,
  Flatten,
  Graph,
  Linear,
  MaxPool2d,
  mnist,
  plotCurves,
  relu,
  Sequential,
  TensorDataset,
  Trainer,
  tensor,
} from '@nn/nn';
import type { Example } from './runner/example.js';

/** One trunk, two heads: which digit, and whether it is odd. The loss of the second counts less. */
export const example: Example = {
  title: 'Two outputs with weighted losses',
  wanted: { 'accuracy of digits': { atLeast: 0.98 }, 'accuracy of parity': { atLeast: 0.985 } },

  async run({ progress }) {
    const trunk = new Sequential([
      new Conv2d({ outChannels: 12, kernelSize: 5 }),
      relu,
      new MaxPool2d({ kernelSize: 2 }),
      new Conv2d({ outChannels: 24, kernelSize: 5 }),
      relu,
      new MaxPool2d({ kernelSize: 2 }),
      new Flatten(),
      new Linear({ outFeatures: 64 }),
      relu,
    ]);
    const model = new Graph({
      inputs: { image: [1, 28, 28] },
      nodes: {
        trunk: [trunk, 'image'],
        digit: [new Linear({ outFeatures: 10 }), 'trunk'],
        odd: [new Linear({ outFeatures: 2 }), 'trunk'],
      },
      outputs: ['digit', 'odd'],
    });
    const trainer = new Trainer(model, {
      optimizer: new AdamW({ learningRate: 2e-3, weightDecay: 0.05 }),
      losses: { digit: new CrossEntropy(), odd: { loss: new CrossEntropy(), weight: 0.3 } },
      metrics: { digit: [new Accuracy()], odd: [new Accuracy()] },
      schedule: new CosineSchedule(),
    });
    const history = await trainer.fit({
      train: new DataLoader(await labelledTwice('train'), { batchSize: 128, shuffle: true }),
      epochs: 3,
      callbacks: [progress],
    });

    const { metrics } = await trainer.evaluate(new DataLoader(await labelledTwice('test'), { batchSize: 500 }));
    return {
      reached: {
        'accuracy of digits': metrics['digit.accuracy'],
        'accuracy of parity': metrics['odd.accuracy'],
      },
      pictures: { 'network.svg': () => drawing(trainer), 'curves.svg': () => plotCurves(history) },
    };
  },
};

async function labelledTwice(split: 'train' | 'test') {
  const { x, y } = await mnist({ split });
  const odd = tensor(Int32Array.from(y.data, (digit) => digit % 2));
  return new TensorDataset({ x: { image: x }, y: { digit: y, odd } });
}
