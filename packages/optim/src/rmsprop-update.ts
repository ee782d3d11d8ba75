import { defineKernel } from '@nn/tensor';

const shared = { access: 'read', as: 'shared' } as const;

/**
 * One step of RMSprop on w, for its gradient g: `g ← g + weightDecay·w`; `v ← α·v + (1 − α)g²`; `root = √v`, or centred
 * `mean ← mean + (1 − α)(g − mean)` and `root = √max(v − mean², 0)`. Then `w ← w − learningRate · g/(root + ε)`, or with
 * momentum `velocity ← momentum·velocity + g/(root + ε)` and `w ← w − learningRate·velocity`. What is not asked for is left
 * alone. Sources: Tieleman & Hinton 2012, lecture 6e; centred: Graves 2013, arXiv:1308.0850, eq. 38–45.
 */
export const rmspropUpdate = defineKernel({
  name: 'rmspropUpdate',
  buffers: { w: 'update', v: 'update', mean: 'update', velocity: 'update', g: 'read', learningRate: shared },
  over: 'element',
  attrs: { alpha: 'number', epsilon: 'number', momentum: 'number', centered: 'number', weightDecay: 'number' },
  flops: ({ momentum, centered }, { w }) => (11 + (momentum === 0 ? 0 : 2) + (centered === 0 ? 0 : 6)) * w,
  reference({ w, v, mean, velocity, g, learningRate }, { alpha, epsilon, momentum, centered, weightDecay }) {
    for (let i = 0; i < w.length; i++) {
      const slope = g[i] + weightDecay * w[i];
      v[i] = alpha * v[i] + (1 - alpha) * slope * slope;
      let variance = v[i];
      if (centered !== 0) {
        mean[i] += (1 - alpha) * (slope - mean[i]);
        variance = Math.max(v[i] - mean[i] * mean[i], 0);
      }
      let direction = slope / (Math.sqrt(variance) + epsilon);
      if (momentum !== 0) {
        velocity[i] = momentum * velocity[i] + direction;
        direction = velocity[i];
      }
      w[i] -= learningRate[0] * direction;
    }
  },
});
