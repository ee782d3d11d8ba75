import type { DType } from '../dtype.js';
import { opWatcher } from '../op-calls.js';
import { currentPath } from '../scope.js';
import { checkShape, formatShape, type Shape, ShapeError, sameShape, sizeOf } from '../shape.js';
import { Node, taping } from '../tape.js';
import { Tensor } from '../tensor.js';

const rule = {
  name: 'reshape',
  inputs: ['x'],
  derive: (node: Node, [dy]: readonly (Tensor | undefined)[]) => [dy && reshape(dy, node.inputs[0].shape)],
};

/**
 * The same numbers in another shape; shares the memory, so it launches nothing. One size may be -1: whatever fits.
 * Errors: a shape of another number of elements.
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const full = fillIn(x, shape);
  const y = new Tensor(x.storage, full);
  if (taping() && x.requiresGrad) new Node(rule, [x], [y], { shape: full }, undefined, currentPath());
  opWatcher()?.(rule, [x], { shape: full }, [y]);
  return y;
}

/** Joins the dimensions from `startAxis` on: [2, 3, 4] → [2, 12] for the default of 1. */
export function flatten(x: Tensor, { startAxis = 1 }: { readonly startAxis?: number } = {}): Tensor {
  return reshape(x, [...x.shape.slice(0, startAxis), sizeOf(x.shape.slice(startAxis))]);
}

function fillIn(x: { shape: Shape; size: number; dtype: DType }, shape: Shape): Shape {
  if (sameShape(x.shape, shape)) return x.shape;
  const open = shape.indexOf(-1);
  const known = sizeOf(shape.filter((_, i) => i !== open));
  const full = open < 0 ? shape : shape.map((size, i) => (i === open ? x.size / known : size));
  const wrong = `reshape: ${formatShape(x.shape)} (${x.size} elements) does not fit ${formatShape(shape)}; the product of the sizes must be ${x.size}, and one may be -1.`;
  if (open >= 0 && !Number.isInteger(x.size / known)) throw new ShapeError(wrong);
  checkShape(full);
  if (sizeOf(full) !== x.size) throw new ShapeError(wrong);
  return full;
}
