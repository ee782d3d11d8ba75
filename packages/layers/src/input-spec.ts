import { type DType, formatShape, type Shape, ShapeError, type Tensor, zeros } from '@nn/tensor';

/** An input without its batch dimension; f32 unless said. */
export type InputSpec = Shape | { readonly shape: Shape; readonly dtype: DType };

/** A batch of one of zeros; sizes that may vary (-1) are 1. Errors: a size of 0. */
export function exampleOf(spec: InputSpec): Tensor {
  const { shape, dtype } = 'shape' in spec ? spec : { shape: spec, dtype: 'f32' as const };
  if (shape.some((size) => size === 0))
    throw new ShapeError(`build: an input of ${formatShape(shape)} has a size of 0.`);
  return zeros([1, ...shape.map((size) => Math.max(size, 1))], { dtype });
}

/** What an input is without its batch dimension. Errors: a scalar given to `owner`. */
export function specOf({ shape, dtype }: Tensor, owner: string): InputSpec {
  if (shape.length === 0) throw new ShapeError(`${owner} needs a batch dimension; reshape the scalar to [1, …].`);
  return { shape: shape.slice(1), dtype };
}

/** Errors: an input `x` of another shape than `spec`, where -1 is a size that may vary; `what` is what messages call it. */
export function checkDeclared(what: string, spec: InputSpec, x: Tensor): void {
  const shape = 'shape' in spec ? spec.shape : spec;
  const given = x.shape.slice(1);
  if (given.length === shape.length && shape.every((size, axis) => size === -1 || size === given[axis])) return;
  throw new ShapeError(
    `${what} must be [${['batch', ...shape].join(', ')}], and is ${formatShape(x.shape)}; ` +
      (x.shape.length === shape.length ? 'add the batch dimension with reshape.' : 'reshape it.'),
  );
}
