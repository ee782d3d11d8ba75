import {
  Accuracy,
  ConfusionMatrix,
  Conv2d,
  CosineSchedule,
  CrossEntropy,
  DataLoader,
  Flatten,
  fit,
  Linear,
  MaxPool2d,
  measure,
  mnist,
  plotConfusionMatrix,
  plotCurves,
  predict,
  Sequential,
  SGD,
  subset,
  tanh,
} from '@nn/nn';
import type { Example } from './runner/example.js';

/**
 * LeNet-5, LeCun et al. 1998, with max pooling. Learning rate and weight decay were chosen by the accuracy on training
 * images that are not among the 10 000.
 */
export const example: Example = {
  title: 'LeNet-5 on 10 000 MNIST images',
  wanted: { accuracy: { atLeast: 0.98 } },

  async run({ progress }) {
    const train = subset(await mnist({ split: 'train' }), { end: 10_000 });
    const test = await mnist({ split: 'test' });

    const model = new Sequential(
      [
        new Conv2d({ outChannels: 6, kernelSize: 5, padding: 2 }),
        tanh,
        new MaxPool2d({ kernelSize: 2 }),
        new Conv2d({ outChannels: 16, kernelSize: 5 }),
        tanh,
        new MaxPool2d({ kernelSize: 2 }),
        new Flatten(),
        new Linear({ outFeatures: 120 }),
        tanh,
        new Linear({ outFeatures: 84 }),
        tanh,
        new Linear({ outFeatures: 10 }),
      ],
      { input: [1, 28, 28] },
    );
    const history = await fit(model, {
      optimizer: new SGD({ learningRate: 0.2, momentum: 0.9, weightDecay: 1e-3 }),
      losses: new CrossEntropy(),
      metrics: [new Accuracy()],
      schedule: new CosineSchedule(),
      train: new DataLoader(train, { batchSize: 64, shuffle: true }),
      epochs: 15,
      callbacks: [progress],
    });

    const scores = await predict(model, new DataLoader(test, { batchSize: 500 }));
    const confusion = measure(new ConfusionMatrix(), scores, test.y);
    return {
      reached: { accuracy: measure(new Accuracy(), scores, test.y) },
      pictures: {
        'curves.svg': () => plotCurves(history),
        'confusion.svg': () => plotConfusionMatrix(confusion, { title: 'Test images' }),
      },
    };
  },
};
