import { defineKernel } from '../kernel.js';
import { defineOp, type Op, type Spec } from '../op.js';
import { formatShape, ShapeError, sizeOf } from '../shape.js';
import { expand } from './expand.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';

const kernel = defineKernel({
  name: 'channelSum',
  buffers: { y: 'write', x: 'read' },
  over: 'whole',
  attrs: { batch: 'number', channels: 'number', plane: 'number' },
  flops: (_, { x }) => x,
  reference({ y, x }, { batch, channels, plane }) {
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let n = 0; n < batch; n++) for (let i = 0; i < plane; i++) sum += x[(n * channels + c) * plane + i];
      y[c] = sum;
    }
  },
});

/**
 * The sum of each channel over all samples and positions, `y[c] = Σ over n and i of x[n, c, i]`: the gradient of a bias that a
 * convolution adds. Shapes: x [batch, channels, ...] → y [channels]. Errors: fewer than two dimensions.
 */
export const channelSum: Op<readonly ['x'], Record<never, never>, Spec> = defineOp({
  name: 'channelSum',
  inputs: ['x'],
  infer({ x }): Spec {
    if (x.shape.length < 2) throw new ShapeError(`x must be [batch, channels, ...], not ${formatShape(x.shape)}.`);
    return { shape: [x.shape[1]], dtype: x.dtype };
  },
  forward({ x, y }) {
    const [batch, channels, ...plane] = x.shape;
    kernel({ y, x }, { batch, channels, plane: sizeOf(plane) });
  },
  backward: {
    x: ({ dy, shapes }) => expand(reshape(dy, [shapes.x[1], ...shapes.x.slice(2).map(() => 1)]), { shape: shapes.x }),
  },
  meaning: (x) => sum(x, { axis: x.shape.map((_, i) => i).filter((i) => i !== 1) }),
});
