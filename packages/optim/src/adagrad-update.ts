import { defineKernel } from '@nn/tensor';

const shared = { access: 'read', as: 'shared' } as const;

/**
 * Step t of Adagrad on w, for its gradient g: `g ← g + weightDecay·w`; `sum ← sum + g²`;
 * `w ← w − learningRate/(1 + (t − 1)·learningRateDecay) · g/(√sum + ε)`.
 * Source: Duchi, Hazan & Singer 2011, JMLR 12, figure 1, with diagonal matrices.
 */
export const adagradUpdate = defineKernel({
  name: 'adagradUpdate',
  buffers: { w: 'update', sum: 'update', g: 'read', learningRate: shared, step: shared },
  over: 'element',
  attrs: { learningRateDecay: 'number', epsilon: 'number', weightDecay: 'number' },
  flops: (_, { w }) => 9 * w,
  reference({ w, sum, g, learningRate, step }, { learningRateDecay, epsilon, weightDecay }) {
    const rate = learningRate[0] / (1 + (step[0] - 1) * learningRateDecay);
    for (let i = 0; i < w.length; i++) {
      const slope = g[i] + weightDecay * w[i];
      sum[i] += slope * slope;
      w[i] -= (rate * slope) / (Math.sqrt(sum[i]) + epsilon);
    }
  },
});
