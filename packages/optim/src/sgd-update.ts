import { defineKernel } from '@nn/tensor';

const shared = { access: 'read', as: 'shared' } as const;

/**
 * One step of stochastic gradient descent on w, for its gradient g, after `step` earlier ones:
 * `g ← g + weightDecay·w`; `velocity ← momentum·velocity + (1 − dampening)·g`, g itself on the first step;
 * `w ← w − learningRate·velocity`, or `·(g + momentum·velocity)` with nesterov. Without momentum, velocity is left alone.
 */
export const sgdUpdate = defineKernel({
  name: 'sgdUpdate',
  buffers: { w: 'update', velocity: 'update', g: 'read', learningRate: shared, step: shared },
  over: 'element',
  attrs: { momentum: 'number', dampening: 'number', nesterov: 'number', weightDecay: 'number' },
  flops: ({ momentum, nesterov }, { w }) => (4 + (momentum === 0 ? 0 : 3) + (nesterov === 0 ? 0 : 2)) * w,
  reference({ w, velocity, g, learningRate, step }, { momentum, dampening, nesterov, weightDecay }) {
    for (let i = 0; i < w.length; i++) {
      const slope = g[i] + weightDecay * w[i];
      let direction = slope;
      if (momentum !== 0) {
        velocity[i] = step[0] === 0 ? slope : momentum * velocity[i] + (1 - dampening) * slope;
        direction = nesterov !== 0 ? slope + momentum * velocity[i] : velocity[i];
      }
      w[i] -= learningRate[0] * direction;
    }
  },
});
