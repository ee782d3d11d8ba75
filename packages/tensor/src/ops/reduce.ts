import { empty } from '../create.js';
import type { DType } from '../dtype.js';
import { defineKernel } from '../kernel.js';
import { type Context, defineOp, type Op, type Spec } from '../op.js';
import { axesOf, type Shape, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';

export interface ReduceOptions {
  /** The axes to reduce; negative ones count from the end. Default: all. */
  readonly axis?: number | readonly number[];
  /** True to keep reduced axes with size 1. Default false. */
  readonly keepDims?: boolean;
}

interface ReductionSpec {
  readonly name: string;
  /** The kernel's name. */
  readonly kernel: string;
  /** What is left of no numbers, and of one more. */
  readonly start: number;
  step(result: number, x: number): number;
  /** The dtype of the result. Default: that of x. */
  dtype?(x: DType): DType;
  /** Errors: shapes that cannot be reduced. */
  check?(x: Shape, y: Shape): void;
  /** The gradient of x; `kept` is y's shape with the reduced axes at size 1. */
  backward(t: Context<readonly ['x'], Spec, object>, axis: ReduceOptions['axis'], kept: Shape): Tensor;
}

/** An op that reduces some axes of x, or all, one run of neighbouring axes after the other. */
export function reductionOp(spec: ReductionSpec): Op<readonly ['x'], ReduceOptions, Spec> {
  const { name, dtype = (x) => x, check, backward } = spec;
  const kernel = reduceKernel(spec.kernel, spec.start, spec.step);
  return defineOp({
    name,
    inputs: ['x'],
    attributes: ['axis', 'keepDims'],
    infer({ x }, options: ReduceOptions): Spec {
      const shape = reducedShape(x.shape, options);
      check?.(x.shape, shape);
      return { shape, dtype: dtype(x.dtype) };
    },
    forward({ x, y }, { axis }) {
      const runs = reductionRuns(x.shape, axis);
      if (runs.length === 0) runs.push({ outer: x.size, size: 1, inner: 1 });
      let part: Tensor = x;
      runs.forEach((run, i) => {
        const result = i === runs.length - 1 ? y : empty([run.outer, run.inner], y.dtype);
        kernel({ y: result, x: part }, { ...run });
        part = result;
      });
    },
    backward: { x: (t, { axis }) => backward(t, axis, reducedShape(t.shapes.x, { axis, keepDims: true })) },
  });
}

/** A kernel y[o, i] = reduction over k of x[o, k, i]. */
const reduceKernel = (name: string, start: number, step: (sum: number, x: number) => number) =>
  defineKernel({
    name,
    buffers: { y: 'write', x: 'read' },
    over: 'row',
    attrs: { outer: 'number', size: 'number', inner: 'number' },
    flops: (_, { x }) => x,
    reference({ y, x }, { outer, size, inner }) {
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < inner; i++) {
          let result = start;
          for (let k = 0; k < size; k++) result = step(result, x[(o * size + k) * inner + i]);
          y[o * inner + i] = result;
        }
      }
    },
  });

/** The shape that is left of `shape`. */
export function reducedShape(shape: Shape, { axis, keepDims = false }: ReduceOptions): Shape {
  const axes = new Set(axesOf(axis, shape.length));
  return keepDims ? shape.map((size, i) => (axes.has(i) ? 1 : size)) : shape.filter((_, i) => !axes.has(i));
}

/** Sizes before, along and after a run of neighbouring axes. */
interface Run {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

/** The reductions that, one after the other, reduce `axes`: neighbouring axes at once, the last ones first. */
function reductionRuns(shape: Shape, axis: ReduceOptions['axis']): Run[] {
  const runs: Run[] = [];
  const axes = axesOf(axis, shape.length);
  let left = [...shape];
  while (axes.length > 0) {
    const end = (axes.pop() as number) + 1;
    let start = end - 1;
    while (axes[axes.length - 1] === start - 1) start = axes.pop() as number;
    runs.push({
      outer: sizeOf(left.slice(0, start)),
      size: sizeOf(left.slice(start, end)),
      inner: sizeOf(left.slice(end)),
    });
    left = [...left.slice(0, start), ...left.slice(end)];
  }
  return runs;
}
