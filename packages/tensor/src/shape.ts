/** Sizes of a tensor's dimensions, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** A shape that does not fit. Ops add their name, the layer's path and every shape to the message. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

export const sizeOf = (shape: Shape): number => {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
};

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dimension, i) => dimension === b[i]);

export const formatShape = (shape: Shape): string => `[${shape.join(', ')}]`;

/** Errors: anything but an array; a size that is negative or not a whole number. */
export function checkShape(shape: Shape): void {
  if (!Array.isArray(shape))
    throw new ShapeError(`${String(shape)} is not a shape: give an array of sizes, as in [2, 3].`);
  for (const dimension of shape) {
    if (!Number.isInteger(dimension) || dimension < 0)
      throw new ShapeError(`${formatShape(shape)} is not a shape: every size is a whole number, 0 or more.`);
  }
}

/** Row-major strides in elements: [2, 3, 4] → [12, 4, 1]. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

/** An axis counted from the front: -1 is the last. Errors: an axis outside the shape. */
export function axisOf(axis: number, rank: number): number {
  const index = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || index < 0 || index >= rank)
    throw new ShapeError(`axis ${axis} does not exist in ${rank} dimensions; use ${-rank} to ${rank - 1}.`);
  return index;
}

/** The axes to reduce, ascending and distinct; all of them when none are named. */
export function axesOf(axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = typeof axes === 'number' ? [axes] : axes;
  return [...new Set(list.map((axis) => axisOf(axis, rank)))].sort((a, b) => a - b);
}

/** The common shape of two operands, aligned at the last dimension. Errors: sizes that differ and are not 1. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    const sizeA = a[i - rank + a.length] ?? 1;
    const sizeB = b[i - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new ShapeError(
        `sizes ${sizeA} and ${sizeB} at dimension ${i - rank} do not broadcast; make them equal, or one of them 1.`,
      );
    }
    shape[i] = sizeA === 1 ? sizeB : sizeA;
  }
  return shape;
}

/** Strides that read `from` as if it had the shape `to`: 0 where a dimension is repeated. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((_, i) => (i < missing || from[i - missing] === 1 ? 0 : strides[i - missing]));
}

/**
 * Merges neighbouring dimensions that every operand walks evenly, so that kernels see as few as possible.
 * `[2, 3, 4]` with strides `[12, 4, 1]` and `[0, 0, 1]` → shape `[6, 4]`, strides `[4, 1]` and `[0, 1]`.
 */
export function collapse(shape: Shape, strides: readonly (readonly number[])[]) {
  const sizes: number[] = [];
  const merged: number[][] = strides.map(() => []);
  shape.forEach((size, i) => {
    if (size === 1) return;
    const last = sizes.length - 1;
    if (last >= 0 && merged.every((list, operand) => list[last] === size * strides[operand][i])) {
      sizes[last] *= size;
      merged.forEach((list, operand) => {
        list[last] = strides[operand][i];
      });
    } else {
      sizes.push(size);
      merged.forEach((list, operand) => {
        list.push(strides[operand][i]);
      });
    }
  });
  if (sizes.length === 0) return { shape: [1], strides: strides.map(() => [0]) };
  return { shape: sizes, strides: merged };
}
