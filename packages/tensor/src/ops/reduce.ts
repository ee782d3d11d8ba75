import { defineKernel } from '../kernel.js';
import { axesOf, type Shape, sizeOf } from '../shape.js';

export interface ReduceOptions {
  /** The axes to reduce; negative ones count from the end. Default: all. */
  readonly axis?: number | readonly number[];
  /** True to keep reduced axes with size 1. Default false. */
  readonly keepDims?: boolean;
}

/** A kernel y[o, i] = reduction over k of x[o, k, i]. */
export const reduceKernel = (name: string, start: number, step: (sum: number, x: number) => number) =>
  defineKernel({
    name,
    buffers: { y: 'write', x: 'read' },
    over: 'row',
    attrs: { outer: 'number', size: 'number', inner: 'number' },
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
export interface Run {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

/** The reductions that, one after the other, reduce `axes`: neighbouring axes at once, the last ones first. */
export function reductionRuns(shape: Shape, axis: ReduceOptions['axis']): Run[] {
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
