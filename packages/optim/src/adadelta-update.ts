import { defineKernel } from '@nn/tensor';

const shared = { access: 'read', as: 'shared' } as const;

/**
 * One step of Adadelta on w, for its gradient g: `g ← g + weightDecay·w`; `v ← ρ·v + (1 − ρ)g²`; `d = √(u + ε)/√(v + ε) · g`;
 * `u ← ρ·u + (1 − ρ)d²`; `w ← w − learningRate·d`. Source: Zeiler 2012, arXiv:1212.5701, algorithm 1.
 */
export const adadeltaUpdate = defineKernel({
  name: 'adadeltaUpdate',
  buffers: { w: 'update', v: 'update', u: 'update', g: 'read', learningRate: shared },
  over: 'element',
  attrs: { rho: 'number', epsilon: 'number', weightDecay: 'number' },
  flops: (_, { w }) => 18 * w,
  reference({ w, v, u, g, learningRate }, { rho, epsilon, weightDecay }) {
    for (let i = 0; i < w.length; i++) {
      const slope = g[i] + weightDecay * w[i];
      v[i] = rho * v[i] + (1 - rho) * slope * slope;
      const step = (Math.sqrt(u[i] + epsilon) / Math.sqrt(v[i] + epsilon)) * slope;
      u[i] = rho * u[i] + (1 - rho) * step * step;
      w[i] -= learningRate[0] * step;
    }
  },
});
