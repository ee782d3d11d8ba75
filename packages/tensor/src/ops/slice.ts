import { fillKernel } from '../create.js';
import { defineOp, type Op, type Spec } from '../op.js';
import { axisOf, type Shape, ShapeError, stridesOf } from '../shape.js';
import { copyKernel, placeKernel } from './copy.js';

export interface SliceOptions {
  /** The axis to cut. Default 0. */
  readonly axis?: number;
  /** The first index kept. Default 0. */
  readonly start?: number;
  /** The index after the last one kept. Default: the end. */
  readonly end?: number;
}

const range = (shape: Shape, { axis = 0, start = 0, end }: SliceOptions) => {
  const along = axisOf(axis, shape.length);
  const stop = end ?? shape[along];
  if (!(Number.isInteger(start) && Number.isInteger(stop) && 0 <= start && start <= stop && stop <= shape[along]))
    throw new ShapeError(`${start} to ${stop} is no range of the ${shape[along]} entries along axis ${along}.`);
  return { along, start, size: stop - start };
};

/** The entries `start` to `end` (not included) along one axis. Shapes: x [..., n, ...] → y [..., end − start, ...]. */
export const slice: Op<readonly ['x'], SliceOptions, Spec> = defineOp({
  name: 'slice',
  inputs: ['x'],
  attributes: ['axis', 'start', 'end'],
  infer({ x }, options: SliceOptions): Spec {
    const { along, size } = range(x.shape, options);
    return { shape: x.shape.map((old, i) => (i === along ? size : old)), dtype: x.dtype };
  },
  forward({ x, y }, options) {
    const { along, start } = range(x.shape, options);
    const strides = stridesOf(x.shape);
    if (y.shape.length > 0) copyKernel({ y, x }, { shape: y.shape, strides, offset: start * strides[along] });
  },
  backward: {
    x({ dy, shapes }, options) {
      const { along, start, size } = range(shapes.x, options);
      return pad(dy, { axis: along, before: start, after: shapes.x[along] - start - size });
    },
  },
});

export interface PadOptions {
  /** The axis to lengthen. */
  readonly axis: number;
  /** Zeros put before and after. */
  readonly before: number;
  readonly after: number;
}

/** Zeros before and after, along one axis. Shapes: x [..., n, ...] → y [..., before + n + after, ...]. */
export const pad: Op<readonly ['x'], PadOptions, Spec> = defineOp({
  name: 'pad',
  inputs: ['x'],
  attributes: ['axis', 'before', 'after'],
  infer({ x }, { axis, before, after }: PadOptions): Spec {
    const along = axisOf(axis, x.shape.length);
    if (![before, after].every((count) => Number.isInteger(count) && count >= 0))
      throw new ShapeError(`before ${before} and after ${after} must be whole numbers, 0 or more.`);
    return { shape: x.shape.map((size, i) => (i === along ? before + size + after : size)), dtype: x.dtype };
  },
  forward({ x, y }, { axis, before }) {
    const along = axisOf(axis, x.shape.length);
    const strides = stridesOf(y.shape);
    fillKernel({ y }, { value: 0 });
    if (x.shape.length > 0) placeKernel({ y, x }, { shape: x.shape, strides, offset: before * strides[along] });
  },
  backward: {
    x: ({ dy, shapes }, { axis, before }) =>
      slice(dy, { axis, start: before, end: before + shapes.x[axisOf(axis, shapes.x.length)] }),
  },
});
