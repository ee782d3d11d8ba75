import { describe, expect, it } from 'vitest';
import { circles, moons, regression, spirals, squares, xor } from '../src/index.js';

/** Points by class. */
function points({ x, y }: ReturnType<typeof moons>): [number, number][][] {
  const classes: [number, number][][] = [[], []];
  for (let i = 0; i < y.size; i++) classes[y.data[i]].push([x.data[2 * i], x.data[2 * i + 1]]);
  return classes;
}

/** What minimises the squared error of x·w + b, by the normal equations, and the root of the mean squared error. */
function leastSquares(x: ArrayLike<number>, y: ArrayLike<number>, features: number) {
  const size = features + 1;
  const row = (i: number) => [...Array.from({ length: features }, (_, j) => x[i * features + j]), 1];
  const system = Array.from({ length: size }, () => new Float64Array(size + 1));
  for (let i = 0; i < y.length; i++) {
    const values = row(i);
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++) system[j][k] += values[j] * values[k];
      system[j][size] += values[j] * y[i];
    }
  }
  for (let j = 0; j < size; j++)
    for (let k = 0; k < size; k++) {
      const factor = k === j ? 0 : system[k][j] / system[j][j];
      for (let column = j; factor !== 0 && column <= size; column++) system[k][column] -= factor * system[j][column];
    }
  const solution = system.map((equation, j) => equation[size] / equation[j]);
  let squares = 0;
  for (let i = 0; i < y.length; i++)
    squares += (row(i).reduce((sum, value, j) => sum + value * solution[j], 0) - y[i]) ** 2;
  return { weights: solution.slice(0, features), bias: solution[features], residual: Math.sqrt(squares / y.length) };
}

describe('toy sets', () => {
  it('xor', () => {
    const { x, y } = xor();
    expect([x.toArray(), y.dtype]).toEqual([
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      'i32',
    ]);
    for (let i = 0; i < 4; i++) expect(y.data[i]).toBe(x.data[2 * i] ^ x.data[2 * i + 1]);
    expect(xor({ target: 'value' }).y.toArray()).toEqual([[0], [1], [1], [0]]);
  });

  it('moons without noise lie on two half circles, ends included', () => {
    const [outer, inner] = points(moons({ samples: 101, noise: 0 }));
    expect([outer.length, inner.length]).toEqual([50, 51]);
    for (const [a, b] of outer) expect(Math.hypot(a, b)).toBeCloseTo(1, 6);
    for (const [a, b] of inner) expect(Math.hypot(a - 1, b - 0.5)).toBeCloseTo(1, 6);
    expect(outer.at(-1)?.[0]).toBeCloseTo(-1, 6);
    expect(outer.every(([, b]) => b >= -1e-6) && inner.every(([, b]) => b <= 0.5 + 1e-6)).toBe(true);
  });

  it('circles without noise lie on two circles, evenly', () => {
    const [outer, inner] = points(circles({ samples: 80, noise: 0, factor: 0.3 }));
    for (const [a, b] of outer) expect(Math.hypot(a, b)).toBeCloseTo(1, 6);
    for (const [a, b] of inner) expect(Math.hypot(a, b)).toBeCloseTo(0.3, 6);
    const gap = Math.hypot(outer[0][0] - outer[39][0], outer[0][1] - outer[39][1]);
    expect(gap).toBeCloseTo(2 * Math.sin(Math.PI / 40), 6);
  });

  it('squares without noise lie on two squares, evenly', () => {
    const [outer, inner] = points(squares({ samples: 80, noise: 0, factor: 0.25 }));
    for (const [a, b] of outer) expect(Math.max(Math.abs(a), Math.abs(b))).toBeCloseTo(1, 6);
    for (const [a, b] of inner) expect(Math.max(Math.abs(a), Math.abs(b))).toBeCloseTo(0.25, 6);
    outer.forEach(([a, b], i) => {
      const [c, d] = outer[(i + 1) % 40];
      expect(Math.abs(a - c) + Math.abs(b - d)).toBeCloseTo(8 / 40, 6);
    });
  });

  it('spirals without noise wind about each other', () => {
    const [first, second] = points(spirals({ samples: 200, noise: 0, turns: 2 }));
    first.forEach(([a, b], i) => {
      const [radius, angle] = [0.1 + (0.9 * i) / 99, (4 * Math.PI * i) / 99];
      expect(a).toBeCloseTo(radius * Math.cos(angle), 6);
      expect(b).toBeCloseTo(radius * Math.sin(angle), 6);
      expect([second[i][0] + a, second[i][1] + b]).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)]);
    });
  });

  it('regression has 45 features, ten of which tell the target but for its noise', () => {
    const { x, y } = regression({ samples: 4000, noise: 0.2, seed: 1 });
    expect([x.shape, y.shape]).toEqual([
      [4000, 45],
      [4000, 1],
    ]);
    const { weights, bias, residual } = leastSquares(x.data, y.data, 45);
    const { y: exact } = regression({ samples: 4000, noise: 0, seed: 1 });
    const fitted = leastSquares(x.data, exact.data, 45);
    expect(fitted.residual).toBeLessThan(1e-5);
    expect(Math.abs(residual - 0.2)).toBeLessThan(0.01);
    expect(bias).toBeCloseTo(fitted.bias, 1);
    weights.forEach((w, j) => {
      expect(Math.abs(w - fitted.weights[j])).toBeLessThan(0.02);
      if (j >= 10) expect(Math.abs(fitted.weights[j])).toBeLessThan(1e-5);
      else expect(Math.abs(fitted.weights[j])).toBeGreaterThan(1e-3);
    });
    expect(regression({ samples: 10, seed: 1 }).x.data).toEqual(x.data.slice(0, 450));
    expect(regression({ samples: 10, seed: 2 }).x.data).not.toEqual(x.data.slice(0, 450));
  });

  it('noise has the deviation asked for, and is a function of the seed', () => {
    const clean = moons({ samples: 5000, noise: 0 }).x.data;
    const noisy = moons({ samples: 5000, noise: 0.2, seed: 3 }).x.data;
    const shifts = Array.from(noisy, (value, i) => value - clean[i]);
    const mean = shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length;
    const variance = shifts.reduce((sum, shift) => sum + (shift - mean) ** 2, 0) / shifts.length;
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.sqrt(variance)).toBeCloseTo(0.2, 2);
    expect(moons({ samples: 5000, noise: 0.2, seed: 3 }).x.data).toEqual(noisy);
    expect(moons({ samples: 5000, noise: 0.2, seed: 4 }).x.data).not.toEqual(noisy);
  });

  it('refuse sizes that make no sense', () => {
    expect(() => moons({ samples: 1 })).toThrow('whole number from 2 up');
    expect(() => circles({ factor: 1 })).toThrow('factor 1 is not between 0 and 1');
    expect(() => squares({ factor: 0 })).toThrow('factor 0 is not between 0 and 1');
    expect(() => spirals({ turns: -1 })).toThrow('-1 turns; use a number above 0');
    expect(() => circles({ radius: 1 } as object)).toThrow(
      'circles has no option "radius"; it has samples, noise, seed, target, factor',
    );
    expect(() => moons({ target: 'label' as 'class' })).toThrow(`target is 'class' or 'value', not "label"`);
    expect(() => moons({ noise: -1 })).toThrow('noise is a finite number, 0 or more');
    expect(() => regression({ features: 0 })).toThrow('features is a whole number from 1');
    expect(() => regression({ features: 3, informative: 4 })).toThrow('informative is a number from 0 to 3');
  });
});
