import { defineKernel } from '@nn/tensor';

const shared = { access: 'read', as: 'shared' } as const;

/**
 * One step of Lion on w, for its gradient g: `w ← w − learningRate·(sign(β₁·m + (1 − β₁)g) + weightDecay·w)`, then
 * `m ← β₂·m + (1 − β₂)g`. The sign of 0 is 0. Source: Chen et al. 2023, arXiv:2302.06675, algorithm 2.
 */
export const lionUpdate = defineKernel({
  name: 'lionUpdate',
  buffers: { w: 'update', m: 'update', g: 'read', learningRate: shared },
  over: 'element',
  attrs: { beta1: 'number', beta2: 'number', weightDecay: 'number' },
  flops: (_, { w }) => 10 * w,
  reference({ w, m, g, learningRate }, { beta1, beta2, weightDecay }) {
    const [rate] = learningRate;
    for (let i = 0; i < w.length; i++) {
      const direction = Math.sign(beta1 * m[i] + (1 - beta1) * g[i]);
      w[i] = (1 - rate * weightDecay) * w[i] - rate * direction;
      m[i] = beta2 * m[i] + (1 - beta2) * g[i];
    }
  },
});
