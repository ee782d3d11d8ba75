import { assignKernel, clamp, defineOp, divide, log, maximum } from '@nn/tensor';

/**
 * `max(ln x, −100)`, with the slope `1 / max(x, 10⁻¹²)`: finite at 0, and still steep where ln x is bounded, so that a sure
 * mistake is corrected. Both bounds are those of PyTorch's binary cross-entropy. Shapes: x [...] → y [...].
 */
export const boundedLog = defineOp({
  name: 'boundedLog',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => assignKernel({ y, x: clamp(log(x), { low: -100 }) }),
  backward: { x: ({ x, dy }) => divide(dy, maximum(x, 1e-12)) },
});
