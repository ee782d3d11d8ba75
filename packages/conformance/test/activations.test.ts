import { backward, manualSeed, type Tensor, tensor, withBackend } from '@nn/tensor';
import { configurations, drawLike } from '@nn/testing';
import { describe, expect, it } from 'vitest';
import { backends } from './backends.js';
import { activations } from './layer-rows.js';

/** Rows with every magnitude up to 1000 on both sides, beside numbers of all the others. */
const steep = [-1000, 1000, -100, 100, -30, 30, 0, 0.5, -0.5, 1000, -1000, 1];

describe.each(backends.flatMap(configurations))('$name', (backend) => {
  it.each(activations)('$name is finite at ±1000, and so is its gradient', ({ make, inputs: [{ shape }] }) => {
    withBackend(backend, () => {
      manualSeed(3);
      const [, channels, ...rest] = shape;
      const values = Float32Array.from(
        { length: steep.length * channels * Math.max(rest[0] ?? 1, 1) },
        (_, i) => steep[i % steep.length],
      );
      const x = tensor(values, { shape: [steep.length, channels, ...rest], requiresGrad: true });
      const layer = make();
      const y = layer.run(x) as Tensor;
      const gradients = backward(y, { seed: drawLike(y, 1) });
      for (const [name, { data }] of [
        ['y', y],
        ['dx', gradients.of(x)],
      ] as const)
        expect([...data].every(Number.isFinite), name).toBe(true);
      for (const w of layer.parameters()) expect([...gradients.of(w).data].every(Number.isFinite)).toBe(true);
    });
  });
});
