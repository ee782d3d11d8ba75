import { backward } from '../autograd.js';
import { empty } from '../create.js';
import { defineKernel } from '../kernel.js';
import { defineOp, type Spec } from '../op.js';
import { formatShape, type Shape, ShapeError, sameShape } from '../shape.js';
import { ctcMeaning } from './ctc-meaning.js';
import { CtcStates, checkCtcSample, logSum } from './ctc-states.js';

export interface CtcOptions {
  /** The class that stands for no label. Default 0. */
  readonly blank?: number;
}

const attrs = { batch: 'number', time: 'number', classes: 'number', labels: 'number', blank: 'number' } as const;
const lengths = { inputLengths: 'read', targetLengths: 'read' } as const;

/** alpha[n, t, s] is the logarithm of the chance to have seen all up to time t, and to be in state s then. */
const kernel = defineKernel({
  name: 'ctcLogLikelihood',
  buffers: { y: 'write', alpha: 'write', x: 'read', target: 'read', ...lengths },
  over: 'row',
  attrs,
  flops: (_, { alpha }) => 8 * alpha,
  reference({ y, alpha, x, target, inputLengths, targetLengths }, sizes) {
    const { batch, time, classes, labels } = sizes;
    alpha.fill(-Infinity);
    for (let n = 0; n < batch; n++) {
      checkCtcSample(n, target, inputLengths[n], targetLengths[n], sizes);
      const states = new CtcStates(target, n, targetLengths[n], sizes);
      const place = (t: number, s: number) => (n * time + t) * (2 * labels + 1) + s;
      const chance = (t: number, s: number) => {
        if (s < 0) return -Infinity;
        if (t < 0) return s === 0 ? 0 : -Infinity;
        return alpha[place(t, s)];
      };
      for (let t = 0; t < inputLengths[n]; t++) {
        for (let s = 0; s < states.count; s++) {
          const skipping = states.skips(s) ? chance(t - 1, s - 2) : -Infinity;
          const before = logSum(chance(t - 1, s), chance(t - 1, s - 1), skipping);
          alpha[place(t, s)] = before + x[(n * time + t) * classes + states.classOf(s)];
        }
      }
      const end = inputLengths[n] - 1;
      y[n] = logSum(chance(end, states.count - 1), chance(end, states.count - 2));
    }
  },
});

/** beta[t, s] is the logarithm of the chance to see all after time t, from state s on. */
const gradientKernel = defineKernel({
  name: 'ctcLogLikelihoodGradient',
  buffers: { dx: 'write', y: 'read', alpha: 'read', x: 'read', target: 'read', ...lengths, dy: 'read' },
  over: 'row',
  attrs,
  flops: (_, { alpha }) => 10 * alpha,
  reference({ dx, y, alpha, x, target, inputLengths, targetLengths, dy }, sizes) {
    const { batch, time, classes, labels } = sizes;
    dx.fill(0);
    for (let n = 0; n < batch; n++) {
      if (y[n] === -Infinity) continue;
      const states = new CtcStates(target, n, targetLengths[n], sizes);
      const { count } = states;
      const end = inputLengths[n] - 1;
      let beta: number[] = [];
      for (let t = end; t >= 0; t--) {
        const later = beta;
        const chance = (s: number) =>
          s < count ? later[s] + x[(n * time + t + 1) * classes + states.classOf(s)] : -Infinity;
        beta = Array.from({ length: count }, (_, s) => {
          if (t === end) return s >= count - 2 ? 0 : -Infinity;
          return logSum(chance(s), chance(s + 1), states.skips(s + 2) ? chance(s + 2) : -Infinity);
        });
        for (let s = 0; s < count; s++) {
          const share = Math.exp(alpha[(n * time + t) * (2 * labels + 1) + s] + beta[s] - y[n]);
          dx[(n * time + t) * classes + states.classOf(s)] += dy[n] * share;
        }
      }
    }
  },
});

const sizesOf = (x: Shape, target: Shape, { blank = 0 }: CtcOptions) => ({
  batch: x[0],
  time: x[1],
  classes: x[2],
  labels: target[1],
  blank,
});

const ctcLogLikelihoodGradient = defineOp({
  name: 'ctcLogLikelihoodGradient',
  inputs: ['v', 'alpha', 'x', 'target', 'inputLengths', 'targetLengths', 'dy'],
  infer: ({ x }, _: CtcOptions) => x,
  forward({ v, alpha, x, target, inputLengths, targetLengths, dy, y }, options) {
    const sizes = sizesOf(x.shape, target.shape, options);
    gradientKernel({ dx: y, y: v, alpha, x, target, inputLengths, targetLengths, dy }, sizes);
  },
  meaning(_, __, x, target, inputLengths, targetLengths, dy, options) {
    const likelihood = ctcMeaning(x, target, inputLengths, targetLengths, options);
    return backward(likelihood, { seed: dy, of: [x], createGraph: true }).of(x);
  },
});

/**
 * The logarithm of the chance that what is seen over time, with blanks and repetitions taken out, is the target:
 * `ln Σ Π e^x[t, π(t)]` over all ways π that leave the target's labels. Shapes: x [batch, time, classes], logarithms of
 * probabilities; target [batch, labels] i32, of which the first targetLengths [batch] i32 count; of time the first
 * inputLengths [batch] i32 → y [batch]. −∞, without a gradient, where the time is too short for the labels. Only x has a
 * gradient. Source: Graves et al. 2006, "Connectionist Temporal Classification", §4.
 * Errors: shapes and dtypes that do not fit; lengths beyond the data; labels that are no class, or the blank.
 */
export const ctcLogLikelihood = defineOp({
  name: 'ctcLogLikelihood',
  inputs: ['x', 'target', 'inputLengths', 'targetLengths'],
  attributes: ['blank'],
  infer({ x, target, inputLengths, targetLengths }, { blank = 0 }: CtcOptions): Spec {
    if (x.shape.length !== 3) throw new ShapeError('x must be [batch, time, classes]; permute or reshape it.');
    const [batch, , classes] = x.shape;
    if (target.shape.length !== 2 || target.shape[0] !== batch || target.dtype !== 'i32')
      throw new ShapeError(`the target must be [${batch}, labels] class indices as i32; pad short rows.`);
    for (const given of [inputLengths, targetLengths])
      if (!sameShape(given.shape, [batch]) || given.dtype !== 'i32')
        throw new ShapeError(`lengths must be ${formatShape([batch])} i32: one a sample.`);
    if (!(Number.isInteger(blank) && blank >= 0 && blank < classes))
      throw new ShapeError(`blank must be one of the ${classes} classes, from 0, and was given as ${String(blank)}.`);
    return { shape: [batch], dtype: x.dtype };
  },
  forward({ x, target, inputLengths, targetLengths, y }, options) {
    const [batch, time] = x.shape;
    const alpha = empty([batch, time, 2 * target.shape[1] + 1], x.dtype);
    kernel({ y, alpha, x, target, inputLengths, targetLengths }, sizesOf(x.shape, target.shape, options));
    return { alpha };
  },
  backward: {
    x: ({ x, target, inputLengths, targetLengths, y, alpha, dy }, options) =>
      ctcLogLikelihoodGradient(y, alpha, x, target, inputLengths, targetLengths, dy, options),
  },
  meaning: ctcMeaning,
});
