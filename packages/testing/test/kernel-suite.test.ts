import { defineKernel, fillKernel, referenceBackend } from '@nn/tensor';
import { describe, expect, test } from 'vitest';
import { kernelCase, kernelSuite, runChecks } from '../src/index.js';

const shifted = defineKernel({
  name: 'faulty/shifted',
  buffers: { y: 'write', x: 'read' },
  over: 'element',
  reference({ y, x }) {
    for (let i = 0; i < y.length; i++) y[i] = x[Math.max(0, i - 1)];
  },
});

const steps = defineKernel({
  name: 'faulty/steps',
  buffers: { w: 'update', rate: 'read' },
  over: 'element',
  reference({ w, rate }) {
    for (let i = 0; i < w.length; i++) w[i] -= rate[0];
  },
});

describe('kernelSuite', () => {
  test('finds no fault in a kernel of this framework', () => {
    expect(runChecks(kernelSuite(kernelCase(fillKernel, { y: [9] }, { value: 2 }), [referenceBackend]))).toBe(2);
  });

  test('finds a kernel that says it goes over elements and does not', () => {
    const checks = kernelSuite(kernelCase(shifted, { y: [9], x: [9] }), []);
    expect(() => runChecks(checks)).toThrow(/y of faulty\/shifted in two parts: element 3 .* over: 'element'\?/);
  });

  test('finds a buffer that every part needs whole', () => {
    const checks = kernelSuite(kernelCase(steps, { w: [9], rate: [1] }), []);
    expect(() => runChecks(checks)).toThrow("declare those that every part sees whole as 'shared'");
  });

  test('asks for every buffer', () => {
    expect(() => kernelCase(shifted, { y: [9] })).toThrow('faulty/shifted needs a shape for its buffer x');
  });
});
