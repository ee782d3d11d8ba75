import { add, backward, capture, Linear, matmul, meanSquaredError, normal, SGD, tensor } from '@nn/nn';
import type { Example } from './runner/example.js';

/** The plain loop: a step is a function, gradients are returned, and `capture` makes it fast. */
export const example: Example = {
  title: 'Linear regression by a plain training loop',
  wanted: { 'largest error of a weight': { atMost: 0.02 } },

  async run({ print }) {
    const truth = { weight: tensor([[3], [-2]]), bias: 0.5 };
    const x = normal([1000, 2]);
    const noise = normal([1000, 1], { deviation: 0.1 });
    const y = add(add(matmul(x, truth.weight), truth.bias), noise);

    const model = new Linear({ outFeatures: 1 }).build([2]);
    const optimizer = new SGD({ learningRate: 0.1 });
    const step = capture(() => {
      const loss = meanSquaredError(model.run(x), y);
      optimizer.step(backward(loss));
      return loss;
    });
    for (let i = 1; i <= 100; i++) {
      const loss = step().item();
      if (i % 20 === 0) print(`step ${i}  loss ${loss.toFixed(5)}`);
    }

    const found = [...model.weight.data, ...model.bias!.data];
    const errors = [3, -2, 0.5].map((value, i) => Math.abs(found[i] - value));
    print(`y = ${found[0].toFixed(3)}·x₁ + ${found[1].toFixed(3)}·x₂ + ${found[2].toFixed(3)}`);
    return { reached: { 'largest error of a weight': Math.max(...errors) } };
  },
};
