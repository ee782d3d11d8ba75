import { describe, expect, it } from 'vitest';
import {
  attach,
  type ConvTranspose2dOptions,
  conv2d,
  convTranspose2d,
  dispatch,
  type Launch,
  multiply,
  normal,
  relu,
  sigmoid,
  sum,
  tanh,
  zeros,
} from '../src/index.js';

const f64 = (...shape: number[]) => normal(shape, { dtype: 'f64' });

describe('convTranspose2d', () => {
  it.each<ConvTranspose2dOptions>([
    {},
    { stride: 2, padding: 1 },
    { stride: [3, 2], padding: [1, 0, 2, 1], dilation: [1, 2] },
    { groups: 2 },
  ])('is the adjoint of conv2d, %o: ⟨conv(x), y⟩ = ⟨x, convTranspose(y)⟩', (options) => {
    const [x, w] = [f64(2, 4, 8, 11), f64(6, 4 / (options.groups ?? 1), 3, 2)];
    const convolved = conv2d(x, w, 0, options);
    const y = f64(...convolved.shape);
    const outputPadding = [0, 1].map(
      (axis) => x.shape[2 + axis] - convTranspose2d(y, w, 0, options).shape[2 + axis],
    ) as unknown as readonly [number, number];
    const spread = convTranspose2d(y, w, 0, { ...options, outputPadding });
    expect(sum(multiply(x, spread)).item()).toBeCloseTo(sum(multiply(convolved, y)).item(), 9);
  });

  it('spreads each pixel over a window, starting from the bias', () => {
    const [x, w] = [f64(1, 1, 2, 2), f64(1, 1, 2, 2)];
    const [[a, b, c, d], [k, l, m, n]] = [[...x.data], [...w.data]];
    const y = convTranspose2d(x, w, 10, { stride: 2, outputPadding: [0, 1] });
    const rows = [
      [a * k, a * l, b * k, b * l, 0],
      [a * m, a * n, b * m, b * n, 0],
      [c * k, c * l, d * k, d * l, 0],
      [c * m, c * n, d * m, d * n, 0],
    ];
    expect(y.shape).toEqual([1, 1, 4, 5]);
    rows.flat().forEach((value, i) => {
      expect(y.data[i]).toBeCloseTo(value + 10, 12);
    });
  });

  it.each([relu, tanh, sigmoid])('its kernel ends with an activation to the bit of $opName', (activation) => {
    const inputs = [normal([2, 3, 4, 4]), normal([3, 2, 3, 3]), normal([2])] as const;
    const launches: Launch[] = [];
    const detach = attach((launch, run) => {
      launches.push(launch);
      run();
    });
    const y = convTranspose2d(...inputs, { stride: 2 });
    detach();
    const expected = activation(y);
    const [launch] = launches.filter(({ kernel }) => kernel.name === 'convTranspose2d');
    dispatch({ ...launch, attrs: { ...launch.attrs, activation: [relu, tanh, sigmoid].indexOf(activation) + 1 } });
    expect(y.data).toEqual(expected.data);
  });

  it('takes an output padding that only the dilation exceeds', () => {
    const y = convTranspose2d(zeros([1, 2, 3, 3]), zeros([2, 1, 2, 2]), 0, { dilation: 3, outputPadding: 2 });
    expect(y.shape).toEqual([1, 1, 8, 8]);
  });
});
