import { add, capture, inScope, matmul, normal, profile, relu, sum, withBackend } from '@nn/tensor';
import { expect, test } from 'vitest';
import { loadNativeBackend, setThreads, threads } from '../src/index.js';

const backend = loadNativeBackend();

test.runIf(backend)('the machine has limits, and nearer memory comes first', () => {
  const limits = backend?.limits?.();
  if (!limits) throw new Error('the native backend has limits');
  const { flops, memory } = limits;
  expect(flops).toBeGreaterThan(1e9);
  expect(flops).toBeLessThan(1e14);
  expect(memory.map(({ bytes }) => bytes)).toEqual(memory.map(({ bytes }) => bytes).sort((a, b) => a - b));
  for (const { bandwidth } of memory) expect(bandwidth).toBeGreaterThan(1e7);
  expect(backend?.limits?.()).toBe(limits);
  const before = threads();
  setThreads(before + 1);
  expect(backend?.limits?.()).not.toBe(limits);
  setThreads(before);
  expect(backend?.limits?.()).toBe(limits);
});

test.runIf(backend)('a profile sees compiled steps and eager ones', () => {
  withBackend(backend as NonNullable<typeof backend>, () => {
    const w = normal([256, 256]);
    const step = (x: typeof w) => inScope('hidden', () => sum(relu(add(matmul(x, w), 1))));
    const captured = capture(step);
    const x = normal([256, 256]);
    for (const work of [() => step(x), () => captured(x)]) {
      const found = profile(work, { repeats: 5 });
      expect(found.backend).toBe('native');
      const product = { kernel: 'matmul', path: 'hidden', calls: 5, flops: 2 * 256 ** 3 };
      expect(found.launches).toContainEqual(expect.objectContaining(product));
      expect(found.total.milliseconds).toBeLessThan(found.milliseconds);
      for (const { ofLimit } of found.by('launch')) expect(ofLimit).toBeGreaterThan(0);
    }
  });
});
