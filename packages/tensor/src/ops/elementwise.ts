import { type AttributeKinds, type AttributesOf, defineKernel } from '../kernel.js';
import { defineOp, type Spec } from '../op.js';
import { broadcastShapes, broadcastStrides, collapse, type Shape, ShapeError, sameShape, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** A kernel y = f(x), element by element, in so many floating-point operations an element (default 1). */
export const unaryKernel = <const A extends AttributeKinds = Record<never, never>>(
  name: string,
  f: (x: number, attrs: AttributesOf<A>) => number,
  { attrs, flops = 1 }: { readonly attrs?: A; readonly flops?: number } = {},
) =>
  defineKernel<'y' | 'x', A>({
    name,
    buffers: { y: 'write', x: 'read' },
    over: 'element',
    attrs,
    flops: (_, { y }) => flops * y,
    reference({ y, x }, given) {
      for (let i = 0; i < y.length; i++) y[i] = f(x[i], given);
    },
  });

/**
 * A kernel y = f(a, b), element by element, with the operands read through strides (0 repeats them). No shape at all:
 * each operand has the elements of y, or one for all.
 */
export const binaryKernel = (name: string, f: (a: number, b: number) => number) =>
  defineKernel({
    name,
    buffers: { y: 'write', a: 'read', b: 'read' },
    over: 'element',
    attrs: { shape: 'numbers', aStrides: 'numbers', bStrides: 'numbers' },
    flops: (_, { y }) => y,
    reference({ y, a, b }, { shape, aStrides, bStrides }) {
      if (shape.length === 0) {
        const [stepA, stepB] = [a.length === 1 ? 0 : 1, b.length === 1 ? 0 : 1];
        for (let i = 0; i < y.length; i++) y[i] = f(a[i * stepA], b[i * stepB]);
        return;
      }
      walk(shape, [aStrides, bStrides], (i, [offsetA, offsetB], length, [strideA, strideB]) => {
        for (let j = 0; j < length; j++) y[i + j] = f(a[offsetA + j * strideA], b[offsetB + j * strideB]);
      });
    },
  });

/** The shape rule of ops that broadcast two operands of one dtype. */
export function inferBinary({ a, b }: { a: Spec; b: Spec }): Spec {
  if (a.dtype !== b.dtype) throw new ShapeError(`dtypes ${a.dtype} and ${b.dtype} differ; convert one with cast.`);
  return { shape: broadcastShapes(a.shape, b.shape), dtype: a.dtype };
}

const elementByElement = { shape: [], aStrides: [], bStrides: [] } as const;

/** The attributes that walk `a` and `b` over the shape of `y`. */
export function binaryAttributes(y: Shape, a: Shape, b: Shape) {
  const whole = (x: Shape) => sameShape(x, y) || sizeOf(x) === 1;
  if (whole(a) && whole(b)) return elementByElement;
  const { shape, strides } = collapse(y, [broadcastStrides(a, y), broadcastStrides(b, y)]);
  return { shape, aStrides: strides[0], bStrides: strides[1] };
}

/**
 * Walks a contiguous result row by row: `row(start, offsets, length, strides)` for the innermost dimension, with each
 * operand's offset and innermost stride.
 */
export function walk(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  row: (start: number, offsets: readonly number[], length: number, strides: readonly number[]) => void,
): void {
  const last = shape.length - 1;
  const length = shape[last];
  const rows = sizeOf(shape.slice(0, last));
  if (length === 0) return;
  const index = new Array<number>(last).fill(0);
  const offsets = strides.map(() => 0);
  const inner = strides.map((list) => list[last]);
  for (let r = 0; r < rows; r++) {
    row(r * length, offsets, length, inner);
    for (let axis = last - 1; axis >= 0; axis--) {
      index[axis]++;
      strides.forEach((list, operand) => {
        offsets[operand] += list[axis];
      });
      if (index[axis] < shape[axis]) break;
      strides.forEach((list, operand) => {
        offsets[operand] -= list[axis] * shape[axis];
      });
      index[axis] = 0;
    }
  }
}

interface GradientSpec<A extends AttributeKinds> {
  readonly name: string;
  /** What the forward pass keeps, `v`: its input or its result. */
  readonly keeps: 'x' | 'y';
  readonly attrs?: A;
  /** Floating-point operations an element. */
  readonly flops: number;
  f(v: number, dy: number, attrs: AttributesOf<A>): number;
  /** The same in simpler ops, for second derivatives. */
  meaning(v: Tensor, dy: Tensor, attrs: AttributesOf<A>): Tensor;
}

/** An op dx = f(v, dy), element by element, for the derivative of an activation. */
export function gradientOp<const A extends AttributeKinds = Record<never, never>>(spec: GradientSpec<A>) {
  const { name, keeps, attrs, flops, f, meaning } = spec;
  const kernel = defineKernel<string, AttributeKinds>({
    name,
    buffers: { dx: 'write', [keeps]: 'read', dy: 'read' },
    over: 'element',
    attrs,
    flops: (_, { dx }) => flops * dx,
    reference({ dx, dy, [keeps]: v }, given) {
      for (let i = 0; i < dx.length; i++) dx[i] = f(v[i], dy[i], given as AttributesOf<A>);
    },
  });
  return defineOp({
    name,
    inputs: ['v', 'dy'],
    infer: ({ v }, _: AttributesOf<A>) => v,
    forward: ({ v, dy, y }, given) => kernel({ dx: y, [keeps]: v, dy }, given),
    meaning,
  });
}
