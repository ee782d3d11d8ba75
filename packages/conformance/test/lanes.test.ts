import {
  backward,
  capture,
  conv2d,
  manualSeed,
  maxPool2d,
  Parameter,
  relu,
  sum,
  type Tensor,
  tanh,
  uniform,
  withBackend,
} from '@nn/tensor';
import { describe, expect, test } from 'vitest';
import { backends } from './backends.js';

/** Padded convolutions of whole vectors of samples, which programs of the native backend hand each other in lanes. */
const step = (w: Tensor, b: Tensor) => (x: Tensor) => {
  const first = tanh(conv2d(x, w, b, { padding: 1 }));
  const second = relu(conv2d(maxPool2d(first, { kernelSize: 2 }), w, b, { padding: 1 }));
  const gradients = backward(sum(conv2d(second, w, b, { padding: 1, stride: 2 })));
  return [second, gradients.get(w), gradients.get(b)].map((tensor) => (tensor as Tensor).detach());
};

describe.each(backends.flat())('samples in lanes on $name', (backend) => {
  for (const special of [0, Infinity, -Infinity, Number.NaN]) {
    test.each([16, 32, 48])(`captured equals eager with a weight of ${special} and %d samples`, (batch) => {
      withBackend(backend, () => {
        manualSeed(batch);
        const [w, b] = [new Parameter(uniform([3, 3, 3, 3])), new Parameter(uniform([3]))];
        const x = uniform([batch, 3, 9, 8]);
        w.data[5] = special;
        x.data[100] = special;
        const eager = step(w, b)(x);
        const captured = capture(step(w, b));
        for (let call = 0; call < 4; call++)
          for (const [i, tensor] of captured(x).entries()) expect([...tensor.data]).toEqual([...eager[i].data]);
      });
    });
  }
});
