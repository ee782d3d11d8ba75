import { expect, test } from 'vitest';
import { add, conv2d, exp, expand, multiply, ones, Parameter, sum, tensor } from '../../src/index.js';
import { earlyConstants } from '../../src/passes/early-constants.js';
import { applied, expectSame, namesOf, programOf, randomProgram, seeds } from './programs.js';

test.each(seeds)('random program %d gives the same with its constants first', (seed) => {
  expectSame(earlyConstants, randomProgram(seed));
});

test('moves the zeros of a missing bias to the front', () => {
  const weights = new Parameter(ones([2, 1, 1, 1]));
  const program = programOf((x) => sum(conv2d(exp(x), weights, 0)), ones([1, 1, 2, 2]));
  expect(namesOf(program)).toEqual(['exp', 'copy', 'conv2d', 'sum']);
  expect(namesOf(applied(earlyConstants, program))).toEqual(['copy', 'exp', 'conv2d', 'sum']);
  expectSame(earlyConstants, program);
});

test('leaves where they are what a run changes, and what is large', () => {
  const parameter = new Parameter(ones([3]));
  const one = ones([1]);
  const program = programOf(
    (x) => {
      parameter.assign(exp(x));
      return add(multiply(parameter, 2), sum(expand(one, { shape: [5000] })));
    },
    tensor([1, 2, 3]),
  );
  expect(namesOf(applied(earlyConstants, program))).toEqual(namesOf(program));
});
