import { describe, expect, it } from 'vitest';
import { circles, moons, xor } from '../src/index.js';

/** Points by class. */
function points({ x, y }: ReturnType<typeof moons>): [number, number][][] {
  const classes: [number, number][][] = [[], []];
  for (let i = 0; i < y.size; i++) classes[y.data[i]].push([x.data[2 * i], x.data[2 * i + 1]]);
  return classes;
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
  });
});
