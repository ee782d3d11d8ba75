import { setThreads, threads } from '@nn/native-kernels';
import {
  add,
  backward,
  capture,
  conv2d,
  convTranspose2d,
  manualSeed,
  maxPool2d,
  multiply,
  Parameter,
  relu,
  skipPasses,
  sum,
  type Tensor,
  tanh,
  uniform,
  withBackend,
} from '@nn/tensor';
import { Generator } from '@nn/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { backends } from './backends.js';

type Layer = (xs: readonly Tensor[]) => Tensor;

/** Layers drawn from what runs by blocks of samples and what does not, over all tensors so far; the last is the newest. */
function drawn(seed: number): { layers: Layer[]; parameters: Parameter[] } {
  const numbers = new Generator(seed);
  /** A whole number from 0 to `below` − 1. */
  const next = (below: number) => Math.floor(numbers.take(1)[0] * below);
  const parameters: Parameter[] = [];
  const parameter = (shape: number[]) => {
    parameters.push(new Parameter(uniform(shape, { low: -0.4, high: 0.4 })));
    return parameters[parameters.length - 1];
  };
  const newest = (xs: readonly Tensor[]) => xs[xs.length - 1];
  const layers: Layer[] = [];
  let channels = 2;
  let size = 12;
  const convolution = () => {
    const out = 1 + next(6);
    const [w, b] = [parameter([out, channels, 3, 3]), parameter([out])];
    const stride = size >= 8 && next(3) === 0 ? 2 : 1;
    if (stride === 2) size = Math.ceil(size / 2);
    channels = out;
    return (xs: readonly Tensor[]) => conv2d(newest(xs), w, b, { padding: 1, stride });
  };
  const growing = () => {
    const out = 1 + next(4);
    const w = parameter([channels, out, 4, 4]);
    size *= 2;
    channels = out;
    return (xs: readonly Tensor[]) => convTranspose2d(newest(xs), w, 0, { padding: 1, stride: 2 });
  };
  const pooling = () => {
    size /= 2;
    return (xs: readonly Tensor[]) => maxPool2d(newest(xs), { kernelSize: 2 });
  };
  /** The sum with an earlier tensor of the same shape, or with itself. */
  const residual = (from: number) => (xs: readonly Tensor[]) => {
    const alike = xs.filter(({ shape }) => String(shape) === String(newest(xs).shape));
    return add(newest(xs), alike[from % alike.length]);
  };
  for (let i = 0; i < 7; i++) {
    const kind = next(8);
    if (kind === 0) layers.push((xs) => relu(newest(xs)));
    else if (kind === 1) layers.push((xs) => tanh(newest(xs)));
    else if (kind === 2) layers.push(residual(next(3)));
    else if (kind === 3 && size % 2 === 0 && size >= 4) layers.push(pooling());
    else if (kind === 4 && size <= 6) layers.push(growing());
    else if (kind === 5) layers.push((xs) => multiply(newest(xs), newest(xs)));
    else layers.push(convolution());
  }
  return { layers, parameters };
}

const before = threads();
afterEach(() => void setThreads(before));

describe.each(backends.flat())('samples by blocks on $name', (backend) => {
  test.each(Array.from({ length: 24 }, (_, seed) => seed))('network %d captured equals it eager', (seed) => {
    withBackend(backend, () => {
      manualSeed(seed);
      const { layers, parameters } = drawn(seed);
      const run = (x: Tensor) => {
        const xs = [x];
        for (const layer of layers) xs.push(layer(xs));
        const gradients = backward(sum(multiply(xs[xs.length - 1], 0.5)));
        return [xs[xs.length - 1], ...parameters.flatMap((p) => gradients.get(p) ?? [])].map((t) => t.detach());
      };
      const x = uniform([[16, 32, 48, 80][seed % 4], 2, 12, 12], { low: -1, high: 1 });
      const eager = run(x);
      const captured = capture(run);
      for (const count of [1, 1, 2, 3, 8]) {
        setThreads(count);
        for (const [i, tensor] of captured(x).entries()) expect([...tensor.data]).toEqual([...eager[i].data]);
      }
    });
  });
  test.each(Array.from({ length: 40 }, (_, i) => i))(
    'network %d with sums that nobody reads captured equals it eager',
    (seed) => {
      withBackend(backend, () => {
        manualSeed(seed);
        const { layers } = drawn(seed);
        const first = new Parameter(uniform([32, 2, 12, 12], { low: -1, high: 1 }));
        const run = (x: Tensor) => {
          const xs = [add(first, x)];
          for (const layer of layers) xs.push(layer(xs));
          const gradients = backward(sum(multiply(xs[xs.length - 1], xs[xs.length - 1])));
          return [gradients.get(first) as Tensor].map((t) => t.detach());
        };
        const x = uniform([32, 2, 12, 12], { low: -1, high: 1 });
        const eager = run(x);
        skipPasses(['dead-launches']);
        try {
          const captured = capture(run);
          for (let call = 0; call < 3; call++)
            for (const [i, tensor] of captured(x).entries()) expect([...tensor.data]).toEqual([...eager[i].data]);
        } finally {
          skipPasses([]);
        }
      });
    },
  );
});
