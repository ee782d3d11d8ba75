import { describe, expect, test } from 'vitest';
import { addon, launch } from './native.js';

/** Every 997th single-precision number between two bit patterns, of both signs if asked. */
function numbers(low: number, high: number, bothSigns: boolean): Float32Array {
  const bits = new Uint32Array(new Float32Array([low, high]).buffer);
  const positive = Uint32Array.from({ length: Math.ceil((bits[1] - bits[0]) / 997) }, (_, i) => bits[0] + i * 997);
  const values = new Float32Array(positive.buffer);
  return bothSigns ? Float32Array.from([...values, ...values.map((value) => -value)]) : values;
}

/** Distance between neighbouring single-precision numbers at |x|. */
function spacing(x: number): number {
  const magnitude = Math.max(Math.abs(x), 2 ** -126);
  return 2 ** (Math.floor(Math.log2(magnitude)) - 23);
}

function worstError(name: string, exact: (x: number) => number, x: Float32Array) {
  const y = new Float32Array(x.length).fill(Number.NaN);
  launch(name, [y, x]);
  let worst = { ulps: 0, at: 0 };
  for (let i = 0; i < x.length; i++) {
    const expected = exact(x[i]);
    const rounded = Math.fround(expected);
    if (!Number.isFinite(rounded) || !Number.isFinite(y[i])) {
      if (!Object.is(rounded, y[i])) worst = { ulps: Number.POSITIVE_INFINITY, at: x[i] };
      continue;
    }
    const ulps = Math.abs(y[i] - expected) / spacing(expected);
    if (ulps > worst.ulps) worst = { ulps, at: x[i] };
  }
  return worst;
}

const [tiny, largest] = [2 ** -149, 3.4e38];

if (addon) {
  describe.each([
    ['exp', Math.exp, numbers(tiny, 120, true), 1.1],
    ['tanh', Math.tanh, numbers(tiny, largest, true), 1.5],
    ['log', Math.log, numbers(tiny, largest, false), 1.2],
    ['sigmoid', (x: number) => 1 / (1 + Math.exp(-x)), numbers(tiny, 87, true), 2.5],
    ['softplus', (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), numbers(tiny, 80, true), 3],
    ['sqrt', Math.sqrt, numbers(tiny, largest, false), 0.5],
    ['reciprocal', (x: number) => 1 / x, numbers(2 ** -126, 2 ** 126, true), 0.5],
    ['sin', Math.sin, numbers(tiny, 1e6, true), 1],
    ['cos', Math.cos, numbers(tiny, 1e6, true), 1],
  ] as const)('%s', (name, exact, x, bound) => {
    test(`is within ${bound} units in the last place`, () => {
      const { ulps, at } = worstError(name, exact, x);
      expect(ulps, `at ${at}`).toBeLessThanOrEqual(bound);
    });
  });

  test.each([
    [
      'exp',
      [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN, 1000, -1000],
      [0, Infinity, NaN, Infinity, 0],
    ],
    ['log', [0, -1, Infinity, NaN, 1], [-Infinity, NaN, Infinity, NaN, 0]],
    ['tanh', [-Infinity, Infinity, NaN, 1000, -1000], [-1, 1, NaN, 1, -1]],
    ['sigmoid', [-Infinity, Infinity, NaN, 1000, -1000], [0, 1, NaN, 1, 0]],
    ['softplus', [-1000, 1000, NaN, 0], [0, 1000, NaN, Math.fround(Math.LN2)]],
    ['relu', [-1, 0, 2, NaN, Infinity], [0, 0, 2, NaN, Infinity]],
    ['gelu', [-1000, 1000, NaN, 1e30], [-0, 1000, NaN, Math.fround(1e30)]],
    ['silu', [-1000, 1000, NaN], [-0, 1000, NaN]],
    ['sign', [-3, -0, 0, 5, NaN], [-1, -0, 0, 1, NaN]],
  ])('%s at its limits', (name, x, expected) => {
    const y = new Float32Array(x.length);
    launch(name, [y, Float32Array.from(x)]);
    expect([...y]).toEqual(expected);
  });

  test('tanh is monotone', () => {
    const x = numbers(2 ** -20, 12, false);
    const y = new Float32Array(x.length);
    launch('tanh', [y, x]);
    expect(y.every((value, i) => i === 0 || value >= y[i - 1])).toBe(true);
  });

  test('an element has the same bits wherever it lies', () => {
    const x = Float32Array.from({ length: 64 }, (_, i) => (i - 32) / 7);
    for (const name of ['exp', 'log', 'tanh', 'sigmoid', 'gelu', 'silu', 'softplus']) {
      const all = new Float32Array(64);
      launch(name, [all, x]);
      for (let i = 0; i < 64; i++) {
        const one = new Float32Array(1);
        launch(name, [one, x.subarray(i, i + 1)]);
        expect(one[0], `${name} of ${x[i]}`).toBe(all[i]);
      }
    }
  });
} else {
  test('there is no library to measure here', () => expect(addon).toBeUndefined());
}
