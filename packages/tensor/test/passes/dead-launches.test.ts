import { expect, test } from 'vitest';
import { add, exp, multiply, ones, Parameter, tensor } from '../../src/index.js';
import { deadLaunches } from '../../src/passes/dead-launches.js';
import { applied, expectSame, namesOf, programOf, randomProgram, seeds } from './programs.js';

test.each(seeds)('random program %d gives the same without its dead launches', (seed) => {
  expectSame(deadLaunches, randomProgram(seed));
});

test('takes out what nobody reads, and what only that needed', () => {
  const program = programOf(
    (x) => {
      multiply(exp(x), 2);
      return add(x, 1);
    },
    tensor([1, 2, 3]),
  );
  expect(namesOf(program)).toEqual(['exp', 'multiply', 'add']);
  expect(namesOf(applied(deadLaunches, program))).toEqual(['add']);
});

test('keeps what changes the world outside', () => {
  const parameter = new Parameter(ones([3]));
  const program = programOf(
    (x) => {
      parameter.assign(exp(x));
      return x;
    },
    tensor([1, 2, 3]),
  );
  expect(namesOf(applied(deadLaunches, program))).toEqual(['exp', 'cast']);
});

test('takes out an update of memory that is read no more', () => {
  const program = randomProgram(3);
  const unread = {
    ...program,
    results: [],
    buffers: program.buffers.map((b) => (b.kind === 'result' ? { ...b, kind: 'temporary' as const } : b)),
  };
  expect(applied(deadLaunches, unread).launches).toEqual([]);
});
