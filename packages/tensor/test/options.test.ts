import { describe, expect, test } from 'vitest';
import { checkCount, checkOptions, checkRange, OptionError } from '../src/index.js';

describe('checkOptions', () => {
  const check = (options: unknown) => () => checkOptions('Adam', options as object, ['learningRate', 'beta1']);

  test('takes plain objects, with or without a prototype', () => {
    for (const options of [{}, { beta1: 0.9 }, Object.assign(Object.create(null), { beta1: 0.9 })])
      expect(check(options)).not.toThrow();
  });

  test('names what is not one, and gives an example', () => {
    const cases = [
      [0.01, 'a number'],
      ['fast', 'a string'],
      [undefined, 'undefined'],
      [null, 'null'],
      [[0.01], 'an array'],
      [() => 0.01, 'a function'],
      [new Map(), 'an instance of Map'],
    ] as const;
    for (const [options, what] of cases) {
      expect(check(options)).toThrow(OptionError);
      expect(check(options)).toThrow(`Adam takes one object of options, such as { learningRate: … }, not ${what}.`);
    }
  });

  test('names an unknown option and the known ones', () => {
    expect(check({ momentum: 0.9 })).toThrow('Adam has no option "momentum"; it has learningRate, beta1.');
  });
});

describe('checkRange', () => {
  test.each([
    [0, {}],
    [undefined, {}],
    [1, { to: 1 }],
    [0.999, { below: 1 }],
    [-5, { from: -Infinity }],
  ])('%s passes %o', (value, range) => {
    expect(() => checkRange('Adam', 'epsilon', value, range)).not.toThrow();
  });

  test.each([
    [-1, {}, 'a finite number, 0 or more, and was given as -1.'],
    [NaN, {}, 'a finite number, 0 or more, and was given as NaN.'],
    [Infinity, { from: -Infinity }, 'a finite number, and was given as Infinity.'],
    [1.5, { to: 1 }, 'a number from 0 to 1, and was given as 1.5.'],
    [1, { below: 1 }, 'a number from 0 up to, but not, 1, and was given as 1.'],
    ['1' as unknown as number, {}, 'a finite number, 0 or more, and was given as "1".'],
  ])('%s is refused by %o', (value, range, message) => {
    expect(() => checkRange('Adam', 'epsilon', value, range)).toThrow(`Adam: epsilon is ${message}`);
  });
});

test('checkCount refuses anything but whole numbers from its start', () => {
  expect(() => checkCount('DataLoader', 'batchSize', 0)).toThrow('batchSize is a whole number from 1');
  expect(() => checkCount('DataLoader', 'workers', 0, 0)).not.toThrow();
});
