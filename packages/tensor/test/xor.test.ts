import { expect, test } from 'vitest';
import {
  backward,
  capture,
  linear,
  manualSeed,
  mean,
  multiply,
  noGrad,
  Parameter,
  sigmoid,
  square,
  subtract,
  type Tensor,
  tanh,
  tensor,
  uniform,
  zeros,
} from '../src/index.js';

const x = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const y = tensor([[0], [1], [1], [0]]);

/** A network 2-8-1 trained by plain gradient descent, written with nothing but ops. */
function learn(captured: boolean): { losses: number[]; answers: number[]; weights: number[] } {
  manualSeed(1);
  const w1 = new Parameter(uniform([8, 2], { low: -1, high: 1 }));
  const b1 = new Parameter(zeros([8]));
  const w2 = new Parameter(uniform([1, 8], { low: -1, high: 1 }));
  const b2 = new Parameter(zeros([1]));
  const predict = (inputs: Tensor) => sigmoid(linear(tanh(linear(inputs, w1, b1)), w2, b2));
  const plain = (inputs: Tensor, targets: Tensor) => {
    const loss = mean(square(subtract(predict(inputs), targets)));
    const gradients = backward(loss);
    noGrad(() => {
      for (const [w, dw] of gradients) w.assign(subtract(w, multiply(dw, 2)));
    });
    return loss.detach();
  };
  const step = captured ? capture(plain) : plain;
  const losses = Array.from({ length: 600 }, () => step(x, y).item());
  return { losses, answers: [...predict(x).data], weights: [w1, b1, w2, b2].flatMap((w) => [...w.data]) };
}

test('XOR is learned on the reference kernels, eager and captured alike to the bit', () => {
  const [eager, captured] = [learn(false), learn(true)];
  expect(eager.losses[0]).toBeGreaterThan(0.2);
  expect(eager.losses[599]).toBeLessThan(0.01);
  expect(eager.answers.map(Math.round)).toEqual([0, 1, 1, 0]);
  expect(captured).toEqual(eager);
});
