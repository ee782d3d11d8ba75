import { expect, test } from 'vitest';
import { add, exp, planMemory, tanh, tensor } from '../../src/index.js';
import { reuseMemory } from '../../src/passes/reuse-memory.js';
import { applied, expectSame, programOf, randomProgram, seeds } from './programs.js';

test.each(seeds)('random program %d gives the same with its memory reused', (seed) => {
  expectSame(reuseMemory, randomProgram(seed));
});

test('a chain of elementwise launches runs in one place', () => {
  const program = programOf((x) => exp(tanh(exp(tanh(exp(x))))), tensor(new Float32Array(1000)));
  expect(planMemory(program).bytes).toBeGreaterThan(8000);
  expect(planMemory(applied(reuseMemory, program)).bytes).toBeLessThan(4100);
});

test('what is read later stays', () => {
  const program = programOf(
    (x) => {
      const y = exp(x);
      return add(exp(tanh(y)), y);
    },
    tensor([1, 2]),
  );
  const [first, second] = applied(reuseMemory, program).launches;
  expect(second.buffers[0]).not.toBe(first.buffers[0]);
});

test('an argument is never written over', () => {
  const program = programOf((x) => add(exp(exp(x)), 1), tensor([1, 2]));
  const [first] = applied(reuseMemory, program).launches;
  expect(first.buffers[0]).not.toBe(first.buffers[1]);
});
