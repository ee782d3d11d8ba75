import { defineKernel } from '@nn/tensor';

const shared = { access: 'read', as: 'shared' } as const;

/** The factor on the momentum of step t: `μₜ = β₁·(1 − ½·0.96^(t·ψ))`, ψ the momentum's decay. */
const factorAt = (step: number, beta1: number, momentumDecay: number): number =>
  beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));

/**
 * Step t of NAdam on w, for its gradient g, with `momentumProduct` = μ₁·…·μₜ₋₁. Weight decay and the moments m and v are
 * Adam's. Then `w ← w − learningRate · ((1 − μₜ)/(1 − μ₁…μₜ)·g + μₜ₊₁/(1 − μ₁…μₜ₊₁)·m) / (√v/√(1 − β₂ᵗ) + ε)`.
 * Source: Dozat 2016, "Incorporating Nesterov momentum into Adam", algorithm 2 and appendix A.
 */
export const nadamUpdate = defineKernel({
  name: 'nadamUpdate',
  buffers: {
    w: 'update',
    m: 'update',
    v: 'update',
    g: 'read',
    learningRate: shared,
    step: shared,
    momentumProduct: shared,
  },
  over: 'element',
  attrs: {
    beta1: 'number',
    beta2: 'number',
    epsilon: 'number',
    momentumDecay: 'number',
    weightDecay: 'number',
    decoupled: 'number',
  },
  flops: (_, { w }) => 17 * w,
  reference(
    { w, m, v, g, learningRate, step, momentumProduct },
    { beta1, beta2, epsilon, momentumDecay, weightDecay, decoupled },
  ) {
    const [rate, t] = [learningRate[0], step[0]];
    const now = factorAt(t, beta1, momentumDecay);
    const next = factorAt(t + 1, beta1, momentumDecay);
    const product = momentumProduct[0] * now;
    const ofGradient = (rate * (1 - now)) / (1 - product);
    const ofMean = (rate * next) / (1 - product * next);
    const scale = Math.sqrt(1 - beta2 ** t);
    for (let i = 0; i < w.length; i++) {
      let slope = g[i];
      if (decoupled !== 0) w[i] *= 1 - rate * weightDecay;
      else slope += weightDecay * w[i];
      m[i] += (1 - beta1) * (slope - m[i]);
      v[i] = beta2 * v[i] + (1 - beta2) * slope * slope;
      w[i] -= (ofGradient * slope + ofMean * m[i]) / (Math.sqrt(v[i]) / scale + epsilon);
    }
  },
});

/** `momentumProduct ← momentumProduct·μₜ` for the step t: one number for each. */
export const nadamMomentum = defineKernel({
  name: 'nadamMomentum',
  buffers: { momentumProduct: 'update', step: 'read' },
  over: 'element',
  attrs: { beta1: 'number', momentumDecay: 'number' },
  flops: (_, { step }) => 6 * step,
  reference({ momentumProduct, step }, { beta1, momentumDecay }) {
    for (let i = 0; i < step.length; i++) momentumProduct[i] *= factorAt(step[i], beta1, momentumDecay);
  },
});
