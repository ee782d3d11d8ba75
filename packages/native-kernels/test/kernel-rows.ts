import { randomWords, toUnit } from '@nn/tensor';
import { noise, unwritten } from './native.js';
import { type Row, sizes } from './rows.js';

const times = (count: number, f: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => f(i));
const indices = (count: number, below: number, seed: number) =>
  Int32Array.from(noise(count, seed), (value) => Math.floor(((value + 1) / 2) * below));

const matrices = [
  [0, 4],
  [1, 1],
  [5, 10],
  [3, 17],
  [700, 33],
  [2, 20_000],
];

/** Probabilities, their logarithms and their sum a row, in double precision. */
function softmaxOf(x: ArrayLike<number>, rows: number, size: number) {
  const logarithms = new Float64Array(rows * size);
  for (let r = 0; r < rows; r++) {
    const row = Array.from({ length: size }, (_, i) => x[r * size + i]);
    const largest = row.reduce((a, b) => Math.max(a, b));
    const total = row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
    row.forEach((value, i) => {
      logarithms[r * size + i] = value - largest - Math.log(total);
    });
  }
  return { logarithms, probabilities: logarithms.map(Math.exp) };
}

export function softmaxRows(shapes: readonly (readonly number[])[] = matrices): Row[] {
  return shapes.flatMap(([rows, size]) => {
    const count = rows * size;
    const x = noise(count, 6).map((value) => 8 * value);
    const dy = noise(count, 7);
    const dRow = noise(rows, 8);
    const target = indices(rows, size, 9);
    const { logarithms, probabilities } = softmaxOf(x, rows, size);
    const [p, logP] = [Float32Array.from(probabilities), Float32Array.from(logarithms)];
    const rowSum = (r: number, f: (at: number) => number) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += f(r * size + i);
      return sum;
    };
    const rowOf = (i: number) => Math.floor(i / size);
    const dots = times(rows, (r) => rowSum(r, (at) => p[at] * dy[at]));
    const totals = times(rows, (r) => rowSum(r, (at) => dy[at]));
    const attributes = [rows, size];
    return [
      { kernel: 'softmax', attributes, buffers: [unwritten(count), x], expected: [probabilities] },
      { kernel: 'logSoftmax', attributes, buffers: [unwritten(count), x], expected: [logarithms] },
      {
        kernel: 'softmaxGradient',
        attributes,
        buffers: [unwritten(count), p, dy],
        expected: [times(count, (i) => p[i] * (dy[i] - dots[rowOf(i)]))],
      },
      {
        kernel: 'logSoftmaxGradient',
        attributes,
        buffers: [unwritten(count), logP, dy],
        expected: [times(count, (i) => dy[i] - Math.exp(logP[i]) * totals[rowOf(i)])],
      },
      {
        kernel: 'crossEntropy',
        attributes,
        buffers: [unwritten(rows), unwritten(count), x, target],
        expected: [times(rows, (r) => -logarithms[r * size + target[r]]), probabilities],
      },
      {
        kernel: 'crossEntropyGradient',
        attributes,
        buffers: [unwritten(count), p, target, dRow],
        expected: [times(count, (i) => dRow[rowOf(i)] * (p[i] - Number(i % size === target[rowOf(i)])))],
      },
    ];
  });
}

const images = [
  [1, 3, 4],
  [128, 64, 1],
  [33, 13, 1],
  [3, 131, 1],
  [300, 1, 1],
  [2, 3, 101],
  [5, 6, 49],
  [64, 3, 784],
  [2, 0, 3],
];

export function batchNormRows(shapes: readonly (readonly number[])[] = images): Row[] {
  const epsilon = 1e-5;
  return shapes.flatMap(([batch, channels, size]) => {
    const count = batch * channels * size;
    const n = batch * size;
    const x = noise(count, 10).map((value) => 2 * value + 1);
    const dy = noise(count, 11);
    const [scale, shift, given] = [noise(channels, 12), noise(channels, 13), noise(channels, 14)];
    const spread = noise(channels, 15).map((value) => Math.abs(value) + 0.1);
    const channelOf = (i: number) => Math.floor(i / size) % channels;
    const perChannel = (f: (i: number) => number) => {
      const sums = new Float64Array(channels);
      for (let i = 0; i < count; i++) sums[channelOf(i)] += f(i);
      return sums;
    };
    const mean = perChannel((i) => x[i]).map((sum) => sum / n);
    const variance = perChannel((i) => (x[i] - mean[channelOf(i)]) ** 2).map((sum) => sum / n);
    const normalized = (means: ArrayLike<number>, variances: ArrayLike<number>) =>
      times(count, (i) => (x[i] - means[channelOf(i)]) / Math.sqrt(variances[channelOf(i)] + epsilon));
    const affine = (values: Float64Array) =>
      values.map((value, i) => value * scale[channelOf(i)] + shift[channelOf(i)]);
    const normal = normalized(given, spread);
    const dshift = perChannel((i) => dy[i]);
    const dscale = perChannel((i) => dy[i] * normal[i]);
    const dx = times(count, (i) => {
      const c = channelOf(i);
      return (scale[c] / Math.sqrt(spread[c] + epsilon)) * (dy[i] - dshift[c] / n - (normal[i] * dscale[c]) / n);
    });
    const each = () => unwritten(channels);
    const attributes = [batch, channels, size, epsilon];
    return [
      {
        kernel: 'batchNorm',
        attributes,
        buffers: [unwritten(count), each(), each(), x, scale, shift],
        expected: [affine(normalized(mean, variance)), mean, variance],
      },
      {
        kernel: 'batchNormGradient',
        attributes,
        buffers: [unwritten(count), each(), each(), x, scale, given, spread, dy],
        expected: [dx, dscale, dshift],
      },
      {
        kernel: 'normalize',
        attributes,
        buffers: [unwritten(count), x, given, spread, scale, shift],
        expected: [affine(normal)],
      },
    ];
  });
}

export function preluRows(shapes: readonly (readonly number[])[] = images): Row[] {
  return shapes.flatMap(([batch, channels, plane]) => {
    const count = batch * channels * plane;
    const [x, dy, w] = [noise(count, 48), noise(count, 49), noise(channels, 50)];
    const slopeAt = (i: number) => (x[i] > 0 ? 1 : w[Math.floor(i / plane) % channels]);
    const attributes = [batch, channels, plane];
    return [
      {
        kernel: 'prelu',
        attributes,
        buffers: [unwritten(count), x, w],
        expected: [times(count, (i) => x[i] * slopeAt(i))],
      },
      {
        kernel: 'preluGradient',
        attributes,
        buffers: [unwritten(count), x, w, dy],
        expected: [times(count, (i) => dy[i] * slopeAt(i))],
      },
    ];
  });
}

/** The numbers that a generator in this state draws, and the state after. */
function drawn(state: Int32Array, count: number, use: (unit: number) => number) {
  const [after, values] = [state.slice(), new Float64Array(count)];
  randomWords(after, count, (i, word) => {
    values[i] = use(toUnit(word));
  });
  return [values, after];
}

export function randomRows(lengths: readonly number[] = sizes): Row[] {
  const states = [Int32Array.of(42, 2, 0, 0), Int32Array.of(-7, 3, -3, 5)];
  return states.flatMap((state) =>
    lengths.flatMap((size) => [
      {
        kernel: 'randomUniform',
        attributes: [-0.3, 1.7],
        buffers: [unwritten(size), state.slice()],
        expected: drawn(state, size, (unit) => Math.fround(-0.3 + 2 * unit)),
      },
      {
        kernel: 'dropoutMask',
        attributes: [0.2],
        buffers: [unwritten(size), state.slice()],
        expected: drawn(state, size, (unit) => (unit < 0.2 ? 0 : Math.fround(1 / 0.8))),
      },
    ]),
  );
}

const sgdSettings = [
  [0, 0, 0, 0],
  [0.9, 0, 0, 0.01],
  [0.9, 0, 1, 0.01],
  [0.8, 0.1, 0, 0],
];

export function optimizerRows(lengths: readonly number[] = sizes): Row[] {
  return lengths.flatMap((size) => {
    const [w, velocity, g] = [noise(size, 16), noise(size, 17), noise(size, 18)];
    const squares = noise(size, 19).map((value) => value * value);
    const rate = 0.05;
    const lr = Math.fround(rate);
    const sgd = (step: number) =>
      sgdSettings.map((attributes) => {
        const [momentum, dampening, nesterov, decay] = attributes;
        const gradient = times(size, (i) => g[i] + decay * w[i]);
        const moved = gradient.map((value, i) =>
          step === 0 ? value : momentum * velocity[i] + (1 - dampening) * value,
        );
        const v = momentum === 0 ? velocity : moved;
        const step_ = (i: number) => {
          if (momentum === 0) return gradient[i];
          return nesterov ? gradient[i] + momentum * moved[i] : moved[i];
        };
        return {
          kernel: 'sgdUpdate',
          attributes,
          buffers: [w.slice(), velocity.slice(), g, Float32Array.of(rate), Float32Array.of(step)],
          expected: [times(size, (i) => w[i] - Math.fround(rate) * step_(i)), v],
        };
      });
    const adam = [0, 1].map((decoupled) => {
      const [beta1, beta2, epsilon, decay, t] = [0.9, 0.999, 1e-8, 0.02, 3];
      const gradient = times(size, (i) => (decoupled ? g[i] : g[i] + decay * w[i]));
      const m = gradient.map((value, i) => beta1 * velocity[i] + (1 - beta1) * value);
      const v = gradient.map((value, i) => beta2 * squares[i] + (1 - beta2) * value * value);
      const root = (i: number) => Math.sqrt(v[i]) / Math.sqrt(1 - beta2 ** t) + epsilon;
      const kept = decoupled ? 1 - lr * decay : 1;
      return {
        kernel: 'adamUpdate',
        attributes: [beta1, beta2, epsilon, decay, decoupled],
        buffers: [w.slice(), velocity.slice(), squares.slice(), g, Float32Array.of(rate), Float32Array.of(t)],
        expected: [times(size, (i) => kept * w[i] - ((lr / (1 - beta1 ** t)) * m[i]) / root(i)), m, v],
      };
    });
    const settings = (...values: number[]) => values.map((value) => Float32Array.of(value));
    const nadam = [0, 1].map((decoupled) => {
      const [beta1, beta2, epsilon, momentumDecay, decay, t] = [0.9, 0.999, 1e-8, 0.004, 0.02, 3];
      const before = Math.fround(0.2);
      const factor = (step: number) => beta1 * (1 - 0.96 ** (step * momentumDecay) / 2);
      const gradient = times(size, (i) => (decoupled ? g[i] : g[i] + decay * w[i]));
      const m = gradient.map((value, i) => beta1 * velocity[i] + (1 - beta1) * value);
      const v = gradient.map((value, i) => beta2 * squares[i] + (1 - beta2) * value * value);
      const product = before * factor(t);
      const step = (i: number) =>
        ((1 - factor(t)) / (1 - product)) * gradient[i] + (factor(t + 1) / (1 - product * factor(t + 1))) * m[i];
      const root = (i: number) => Math.sqrt(v[i] / (1 - beta2 ** t)) + epsilon;
      return {
        kernel: 'nadamUpdate',
        attributes: [beta1, beta2, epsilon, momentumDecay, decay, decoupled],
        buffers: [w.slice(), velocity.slice(), squares.slice(), g, ...settings(rate, t, before)],
        expected: [times(size, (i) => (decoupled ? 1 - lr * decay : 1) * w[i] - (lr * step(i)) / root(i)), m, v],
      };
    });
    const steps = Float32Array.from({ length: size }, (_, i) => 1 + (i % 1000));
    const momentum = {
      kernel: 'nadamMomentum',
      attributes: [0.9, 0.004],
      buffers: [squares.slice(), steps],
      expected: [times(size, (i) => squares[i] * 0.9 * (1 - 0.96 ** (steps[i] * 0.004) / 2))],
    };
    /** Above what mean² comes to, so that the variance does not nearly vanish, which would magnify rounding. */
    const wide = squares.map((value) => value + 1.5);
    const rmsprop = [
      [0, 0, 0.02],
      [0.9, 0, 0.02],
      [0.9, 1, 0],
    ].map(([momentum, centered, decay]) => {
      const [alpha, epsilon] = [0.99, 1e-8];
      const gradient = times(size, (i) => g[i] + decay * w[i]);
      const v = gradient.map((value, i) => alpha * wide[i] + (1 - alpha) * value * value);
      const mean = gradient.map((value, i) => alpha * velocity[i] + (1 - alpha) * value);
      const root = (i: number) => Math.sqrt(centered ? v[i] - mean[i] ** 2 : v[i]) + epsilon;
      const step = times(size, (i) => (momentum ? momentum * velocity[i] : 0) + gradient[i] / root(i));
      return {
        kernel: 'rmspropUpdate',
        attributes: [alpha, epsilon, momentum, centered, decay],
        buffers: [w.slice(), wide.slice(), velocity.slice(), velocity.slice(), g, ...settings(rate)],
        expected: [times(size, (i) => w[i] - lr * step[i]), v, centered ? mean : velocity, momentum ? step : velocity],
      };
    });
    const decayed = times(size, (i) => g[i] + 0.02 * w[i]);
    const sum = decayed.map((value, i) => squares[i] + value * value);
    const adagrad = {
      kernel: 'adagradUpdate',
      attributes: [0.1, 1e-10, 0.02],
      buffers: [w.slice(), squares.slice(), g, ...settings(rate, 5)],
      expected: [times(size, (i) => w[i] - ((lr / 1.4) * decayed[i]) / (Math.sqrt(sum[i]) + 1e-10)), sum],
    };
    const meanSquare = decayed.map((value, i) => 0.9 * squares[i] + 0.1 * value * value);
    const change = decayed.map((value, i) => Math.sqrt((wide[i] + 1e-6) / (meanSquare[i] + 1e-6)) * value);
    const adadelta = {
      kernel: 'adadeltaUpdate',
      attributes: [0.9, 1e-6, 0.02],
      buffers: [w.slice(), squares.slice(), wide.slice(), g, ...settings(rate)],
      expected: [
        times(size, (i) => w[i] - lr * change[i]),
        meanSquare,
        change.map((value, i) => 0.9 * wide[i] + 0.1 * value * value),
      ],
    };
    const lion = {
      kernel: 'lionUpdate',
      attributes: [0.9, 0.99, 0.02],
      buffers: [w.slice(), velocity.slice(), g, ...settings(rate)],
      expected: [
        times(size, (i) => (1 - lr * 0.02) * w[i] - lr * Math.sign(0.9 * velocity[i] + 0.1 * g[i])),
        times(size, (i) => 0.99 * velocity[i] + 0.01 * g[i]),
      ],
    };
    const average = {
      kernel: 'movingAverage',
      attributes: [0.1, 1.25],
      buffers: [w.slice(), velocity],
      expected: [times(size, (i) => w[i] + 0.1 * (velocity[i] * 1.25 - w[i]))],
    };
    return [...sgd(0), ...sgd(4), ...adam, ...nadam, momentum, ...rmsprop, adagrad, adadelta, lion, average];
  });
}
