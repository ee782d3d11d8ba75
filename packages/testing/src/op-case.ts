import { formatShape, type Shape, Tensor } from '@nn/tensor';
import type { DrawSpec } from './draw.js';
import { type Row, type RowOptions, readRow } from './row.js';

/** An op, or a function that combines some. */
// biome-ignore lint/suspicious/noExplicitAny: ops differ in their arguments, and a case passes on what it was given.
export type OpFunction = ((...args: any[]) => unknown) & { readonly opName?: string };

export interface OpCaseOptions extends RowOptions {
  /** The op's attributes: its last argument. */
  readonly attrs?: object;
  /** How to call the op where `op(...inputs, attrs)` is not right: `(a, b) => concat([a, b])`. */
  readonly run?: (...inputs: Tensor[]) => Tensor | readonly Tensor[];
  /** False for an op without gradients. Default true. */
  readonly differentiable?: boolean;
  /** False where the second derivative is not defined. Default true. */
  readonly twice?: boolean;
  /** False for an op that only looks at the same memory otherwise, as reshape does. Default true. */
  readonly launches?: boolean;
  /**
   * Shapes at which backends are compared with the reference. Default: the case's own with each size replaced by 0, by 1,
   * by odd numbers and by large ones; equal sizes are taken to be the same dimension. Give them where attributes or
   * kernel sizes tie the shapes down.
   */
  readonly shapes?: readonly (readonly Shape[])[];
  /** Numbers that float inputs are also made of when backends are compared. Default NaN, ±0, ±1e-30 and ±1000; [] for none. */
  readonly special?: readonly number[];
}

/** A row of a suite: an op, inputs, and what is special about them. */
export interface OpCase extends OpCaseOptions {
  readonly name: string;
  readonly op: OpFunction;
  readonly inputs: readonly DrawSpec[];
  readonly compute: (...inputs: Tensor[]) => readonly Tensor[];
}

/**
 * A row for `opSuite`: the op, a shape (or an DrawSpec) for each input, and options if need be.
 *
 * ```ts
 * opCase(matmul, [3, 4], [4, 2])
 * opCase(sum, [2, 3, 4], { attrs: { axis: [0, 2] } })
 * opCase(gatherRows, [5, 3], { shape: [4], dtype: 'i32', high: 5 })
 * ```
 */
export function opCase(op: OpFunction, ...row: Row<OpCaseOptions>): OpCase {
  const { inputs, options } = readRow(row);
  const { attrs, run, note } = options;
  const call = run ?? ((...tensors: Tensor[]) => op(...tensors, ...(attrs ? [attrs] : [])));
  const words = [
    op.opName ?? op.name,
    ...inputs.map(({ shape, dtype = 'float' }) => `${dtype === 'float' ? '' : `${dtype} `}${formatShape(shape)}`),
    ...(attrs ? [JSON.stringify(attrs)] : []),
    ...(note ? [`(${note})`] : []),
  ];
  return {
    ...options,
    name: words.join(' '),
    op,
    inputs,
    compute: (...tensors) => {
      const results = call(...tensors);
      return results instanceof Tensor ? [results] : (results as readonly Tensor[]);
    },
  };
}
