import { capture, matmul, multiply, Parameter, relu, tensor, zeros } from '@nn/nn';
import { expect, test } from 'vitest';
import { boundOf, programNeeds } from '../src/bound.js';

test('what a step needs: the flops of products, and each number outside once', () => {
  const w = new Parameter(zeros([4, 5]));
  const table = zeros([100, 3]);
  const step = capture((x: typeof table) => {
    w.assign(multiply(w.detach(), 0.5));
    const y = relu(matmul(x, w.detach()));
    return multiply(y, matmul(table, zeros([3, 1])).shape.length);
  });
  for (let i = 0; i < 2; i++) step(tensor([[1, 2, 3, 4]]));
  const share = (storage: typeof table.storage) => (storage === table.storage ? 0.1 : 1);
  const { flops, bytes } = programNeeds(step.programs[0], share);
  expect(flops).toBe(2 * 4 * 5 + 2 * 100 * 3);
  const [input, weights, tabled, result] = [4, 2 * 20, 0.1 * 300, 5];
  expect(bytes).toBeGreaterThanOrEqual(4 * (input + weights + tabled + result));
  expect(bytes).toBeLessThan(4 * (input + weights + tabled + result) + 32);
});

test('the roofline is the slower of computing and moving', () => {
  const limits = { flops: 100, bandwidth: () => 10 };
  expect(boundOf({ flops: 400, bytes: 10 }, limits)).toBe(4);
  expect(boundOf({ flops: 400, bytes: 50 }, limits)).toBe(5);
});
