import { defineKernel } from '@nn/tensor';

const shared = { access: 'read', as: 'shared' } as const;

/**
 * Step t of Adam on w, for its gradient g. Decay comes first: decoupled `w ← (1 − learningRate·weightDecay)·w`, else
 * `g ← g + weightDecay·w`. Then `m ← m + (1 − β₁)(g − m)`; `v ← β₂·v + (1 − β₂)g²`;
 * `w ← w − learningRate/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)`. Source: Kingma & Ba 2014, arXiv:1412.6980, algorithm 1.
 */
export const adamUpdate = defineKernel({
  name: 'adamUpdate',
  buffers: { w: 'update', m: 'update', v: 'update', g: 'read', learningRate: shared, step: shared },
  over: 'element',
  attrs: { beta1: 'number', beta2: 'number', epsilon: 'number', weightDecay: 'number', decoupled: 'number' },
  flops: (_, { w }) => 15 * w,
  reference({ w, m, v, g, learningRate, step }, { beta1, beta2, epsilon, weightDecay, decoupled }) {
    const [rate, t] = [learningRate[0], step[0]];
    const stepSize = rate / (1 - beta1 ** t);
    const scale = Math.sqrt(1 - beta2 ** t);
    for (let i = 0; i < w.length; i++) {
      let slope = g[i];
      if (decoupled !== 0) w[i] *= 1 - rate * weightDecay;
      else slope += weightDecay * w[i];
      m[i] += (1 - beta1) * (slope - m[i]);
      v[i] = beta2 * v[i] + (1 - beta2) * slope * slope;
      w[i] -= (stepSize * m[i]) / (Math.sqrt(v[i]) / scale + epsilon);
    }
  },
});
