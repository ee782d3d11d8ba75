import { type AnyModule, functionName, Module, type TensorFunction } from '@nn/layers';
import { formatShape } from '@nn/tensor';
import type { DrawSpec } from './draw.js';
import { type Row, type RowOptions, readRow } from './row.js';

export interface LayerCaseOptions extends RowOptions {
  /** False for a layer whose outputs have no gradient. Default true. */
  readonly differentiable?: boolean;
  /** The float type in which gradients are checked. Default f64; f32, less sharp, for a layer with private f32 constants. */
  readonly float?: 'f32' | 'f64';
}

/** A row of `layerSuite`. */
export interface LayerCase extends LayerCaseOptions {
  readonly name: string;
  readonly make: () => AnyModule;
  readonly inputs: readonly DrawSpec[];
}

/**
 * A row for `layerSuite`: how to make the layer, a shape (or a DrawSpec) for each input, batch dimension included, and
 * options if need be: `layerCase(() => new Linear({ outFeatures: 2 }), [4, 3])`.
 */
export function layerCase<M extends Pick<AnyModule, 'kind' | 'run'>>(
  make: () => M,
  ...row: Row<LayerCaseOptions>
): LayerCase {
  const { inputs, options } = readRow(row);
  const module = make() as unknown as AnyModule;
  const settings = JSON.stringify(module.options, (_, value: unknown) => nameOf(value) ?? value);
  const name = [
    module.kind,
    ...(settings === '{}' ? [] : [settings]),
    ...inputs.map(({ shape }) => formatShape(shape)),
    ...(options.note ? [`(${options.note})`] : []),
  ].join(' ');
  return { ...options, name, make: make as unknown as () => AnyModule, inputs };
}

function nameOf(value: unknown): string | undefined {
  if (value instanceof Module) return value.kind;
  return typeof value === 'function' ? functionName(value as TensorFunction) : undefined;
}
