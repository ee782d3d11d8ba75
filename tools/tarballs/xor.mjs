import assert from 'node:assert/strict';
import { Adam, backward, capture, currentBackend, Linear, meanSquaredError, Sequential, tanh, tensor } from '@nn/nn';

const x = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const y = tensor([[0], [1], [1], [0]]);
const model = new Sequential([new Linear({ outFeatures: 8 }), tanh, new Linear({ outFeatures: 1 })], { input: [2] });
const optimizer = new Adam({ learningRate: 0.05 });
const step = capture(() => {
  const loss = meanSquaredError(model.run(x), y);
  optimizer.step(backward(loss));
  return loss;
});
for (let i = 0; i < 500; i++) step();

const answers = [...model.run(x).data];
assert.deepEqual(answers.map(Math.round), [0, 1, 1, 0]);
console.log(currentBackend().name);
