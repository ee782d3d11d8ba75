import type { Shape } from '@nn/tensor';
import type { DrawSpec } from './draw.js';

/** What every row may say. */
export interface RowOptions {
  /** Says what is special about the row. */
  readonly note?: string;
  /** The range of float inputs, and what they keep away from; an input may say otherwise. Default [-2, 2), nothing. */
  readonly low?: number;
  readonly high?: number;
  readonly avoid?: readonly number[];
  readonly margin?: number;
  /** The largest relative error of a backend in f32. Default 1e-5. */
  readonly tolerance?: number;
}

/** Inputs, then options if need be. */
export type Row<O extends RowOptions> =
  | readonly (Shape | DrawSpec)[]
  | readonly [...inputs: (Shape | DrawSpec)[], options: O];

/** The inputs of a row with the options applied, and the options. */
export function readRow<O extends RowOptions>(row: Row<O>): { inputs: DrawSpec[]; options: O } {
  const items = row as readonly (Shape | DrawSpec | O)[];
  const options = (items.find((item) => !isInput(item)) ?? {}) as O;
  const { low, high, avoid, margin } = options;
  const inputs = items.filter(isInput).map((item): DrawSpec => {
    const spec = isShape(item) ? { shape: item } : item;
    return (spec.dtype ?? 'float') === 'float' ? { low, high, avoid, margin, ...spec } : spec;
  });
  return { inputs, options };
}

export const isShape = (item: object): item is Shape => Array.isArray(item);

const isInput = (item: Shape | DrawSpec | RowOptions): item is Shape | DrawSpec => isShape(item) || 'shape' in item;
