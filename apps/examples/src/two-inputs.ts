import {
  Accuracy,
  AdamW,
  Concat,
  Conv2d,
  CosineSchedule,
  CrossEntropy,
  DataLoader,
  drawing,
  Flatten,
  Graph,
  gatherRows,
  Linear,
  MaxPool2d,
  mnist,
  permutation,
  plotCurves,
  relu,
  Sequential,
  TensorDataset,
  Trainer,
  tensor,
} from '@nn/nn';
import type { Example } from './runner/example.js';

/** The same layers, with the same weights, look at both images; what they see is joined and compared. */
export const example: Example = {
  title: 'Two inputs: is the digit on the right the larger one?',
  wanted: { accuracy: { atLeast: 0.96 } },

  async run({ progress }) {
    const eye = new Sequential([
      new Conv2d({ outChannels: 12, kernelSize: 5 }),
      relu,
      new MaxPool2d({ kernelSize: 2 }),
      new Conv2d({ outChannels: 24, kernelSize: 5 }),
      relu,
      new MaxPool2d({ kernelSize: 2 }),
      new Flatten(),
      new Linear({ outFeatures: 32 }),
      relu,
    ]);
    const model = new Graph({
      inputs: { left: [1, 28, 28], right: [1, 28, 28] },
      nodes: {
        seenLeft: [eye, 'left'],
        seenRight: [eye, 'right'],
        both: [new Concat(), 'seenLeft', 'seenRight'],
        hidden: [new Sequential([new Linear({ outFeatures: 64 }), relu]), 'both'],
        larger: [new Linear({ outFeatures: 2 }), 'hidden'],
      },
      outputs: ['larger'],
    });
    const trainer = new Trainer(model, {
      optimizer: new AdamW({ learningRate: 2e-3, weightDecay: 0.05 }),
      losses: new CrossEntropy(),
      metrics: [new Accuracy()],
      schedule: new CosineSchedule(),
    });
    const history = await trainer.fit({
      train: new DataLoader(await pairs('train'), { batchSize: 128, shuffle: true }),
      epochs: 3,
      callbacks: [progress],
    });

    const { metrics } = await trainer.evaluate(new DataLoader(await pairs('test'), { batchSize: 500 }));
    return {
      reached: { accuracy: metrics.accuracy },
      pictures: { 'network.svg': () => drawing(trainer), 'curves.svg': () => plotCurves(history) },
    };
  },
};

/** Each image of MNIST beside another, drawn at random; of class 1 where the right one shows the larger digit. */
async function pairs(split: 'train' | 'test') {
  const { x, y } = await mnist({ split });
  const partner = permutation(x.shape[0], 0);
  return new TensorDataset({
    x: { left: x, right: gatherRows(x, tensor(partner)) },
    y: tensor(Int32Array.from(partner, (other, i) => (y.data[other] > y.data[i] ? 1 : 0))),
  });
}
