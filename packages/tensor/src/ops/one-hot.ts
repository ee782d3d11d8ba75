import type { DType } from '../dtype.js';
import { defineKernel } from '../kernel.js';
import { defineOp, type Spec } from '../op.js';
import { ShapeError } from '../shape.js';

export interface OneHotOptions {
  /** The length of the new last axis. */
  readonly classes: number;
  /** Default f32. */
  readonly dtype?: DType;
}

const kernel = defineKernel({
  name: 'oneHot',
  buffers: { y: 'write', x: 'read' },
  over: 'row',
  attrs: { classes: 'number' },
  reference({ y, x }, { classes }) {
    y.fill(0);
    for (let i = 0; i < x.length; i++) {
      if (!(x[i] >= 0 && x[i] < classes))
        throw new RangeError(`oneHot: index ${x[i]} at position ${i} is outside 0…${classes - 1}`);
      y[i * classes + x[i]] = 1;
    }
  },
});

/**
 * 1 at each index, 0 elsewhere. Shapes: x [...] i32 → y [..., classes]. No gradient.
 * Errors: an index outside 0…classes−1; classes that are no whole number from 1.
 */
export const oneHot = defineOp({
  name: 'oneHot',
  inputs: ['x'],
  attributes: ['classes', 'dtype'],
  infer({ x }, { classes, dtype = 'f32' }: OneHotOptions): Spec {
    if (x.dtype !== 'i32') throw new ShapeError(`indices must be i32, not ${x.dtype}; convert them with cast.`);
    if (!Number.isInteger(classes) || classes < 1)
      throw new ShapeError(`classes is a whole number from 1, and was given as ${String(classes)}.`);
    return { shape: [...x.shape, classes], dtype };
  },
  forward: ({ x, y }, { classes }) => kernel({ y, x }, { classes }),
});
