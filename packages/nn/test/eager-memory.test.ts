import {
  backward,
  Conv2d,
  crossEntropy,
  Flatten,
  Linear,
  MaxPool2d,
  Sequential,
  SGD,
  tanh,
  tensor,
  uniform,
} from '@nn/nn';
import { expect, test } from 'vitest';

const lenet = new Sequential([
  new Conv2d({ outChannels: 6, kernelSize: 5, padding: 2 }),
  tanh,
  new MaxPool2d({ kernelSize: 2 }),
  new Conv2d({ outChannels: 16, kernelSize: 5 }),
  tanh,
  new MaxPool2d({ kernelSize: 2 }),
  new Flatten({}),
  new Linear({ outFeatures: 84 }),
  tanh,
  new Linear({ outFeatures: 10 }),
]);

const mebibytes = () => process.memoryUsage.rss() / 2 ** 20;

test('resident memory is flat over thousands of eager steps, each of which leaves a mebibyte behind', () => {
  const optimizer = new SGD({ momentum: 0.9 });
  const [x, y] = [uniform([4, 1, 28, 28]), tensor(Int32Array.of(1, 2, 3, 4))];
  const train = (steps: number) => {
    for (let i = 0; i < steps; i++) optimizer.step(backward(crossEntropy(lenet.run(x), y)));
  };
  train(500);
  const before = mebibytes();
  train(2000);
  expect(mebibytes() - before).toBeLessThan(48);
});
