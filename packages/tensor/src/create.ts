import { allocateUnwritten } from './backend.js';
import { allocate, type Data, type DType, dtypeOf, isFloat } from './dtype.js';
import { defineKernel } from './kernel.js';
import { checkCount, checkOptions, describe } from './options.js';
import { checkShape, formatShape, type Shape, ShapeError, sizeOf } from './shape.js';
import { Storage } from './storage.js';
import { type NestedArray, Tensor } from './tensor.js';

export interface TensorOptions {
  /** Default f32, or the dtype of the typed array given. */
  readonly dtype?: DType;
  /** True for a leaf that `backward` gives a gradient. Default false. */
  readonly requiresGrad?: boolean;
}

/** y = value. */
export const fillKernel = defineKernel({
  name: 'fill',
  buffers: { y: 'write' },
  over: 'element',
  attrs: { value: 'number' },
  reference: ({ y }, { value }) => y.fill(value),
});

/** A tensor of memory not yet written, for kernels to fill. */
export function empty(shape: Shape, dtype: DType = 'f32', options: { requiresGrad?: boolean } = {}): Tensor {
  return new Tensor(new Storage(allocateUnwritten(dtype, sizeOf(shape))), shape, options);
}

/** A tensor of `shape` filled with `value`. */
export function fill(
  shape: Shape,
  value: number,
  dtype: DType = 'f32',
  options: { requiresGrad?: boolean } = {},
): Tensor {
  checkShape(shape);
  const y = empty(shape, dtype, options);
  fillKernel({ y }, { value });
  return y;
}

/** Zeros in a shape; f32 unless said. */
export const zeros = (shape: Shape, options: TensorOptions = {}): Tensor => filled('zeros', shape, 0, options);

/** Ones in a shape; f32 unless said. */
export const ones = (shape: Shape, options: TensorOptions = {}): Tensor => filled('ones', shape, 1, options);

function filled(owner: string, shape: Shape, value: number, options: TensorOptions): Tensor {
  checkShape(shape);
  checkOptions(owner, options, ['dtype', 'requiresGrad']);
  return fill(shape, value, options.dtype, options);
}

/**
 * A tensor of the numbers given: a number, nested arrays, or a typed array with `shape` (default: one dimension). A typed
 * array is not copied. Errors: ragged arrays; anything but numbers; numbers that an integer dtype cannot hold as they are
 * (`cast` converts them); numbers that do not fill the shape; unknown options.
 */
export function tensor(values: NestedArray | Data, options: TensorOptions & { readonly shape?: Shape } = {}): Tensor {
  checkOptions('tensor', options, ['dtype', 'requiresGrad', 'shape']);
  if (ArrayBuffer.isView(values)) {
    const same = options.dtype === undefined || options.dtype === dtypeOf(values);
    const data = same ? values : allocate(options.dtype as DType, values.length);
    if (!same) {
      data.set(values);
      for (let i = 0; i < data.length; i++) checkStored(data, i, values[i]);
    }
    const shape = options.shape ?? [values.length];
    checkShape(shape);
    return new Tensor(new Storage(data), shape, options);
  }
  const nested = shapeOf(values);
  const data = allocateUnwritten(options.dtype ?? 'f32', sizeOf(nested));
  let position = 0;
  const copy = (value: NestedArray, axis: number): void => {
    checkNumbers(value);
    if (typeof value === 'number' ? axis < nested.length : value.length !== nested[axis])
      throw new ShapeError(
        `tensor: ragged arrays; every array at depth ${axis} must have ${nested[axis] ?? 'no'} entries.`,
      );
    if (typeof value === 'number') {
      data[position] = value;
      checkStored(data, position++, value);
    } else for (const item of value) copy(item, axis + 1);
  };
  copy(values, 0);
  const shape = options.shape ?? nested;
  checkShape(shape);
  if (sizeOf(shape) !== data.length)
    throw new ShapeError(
      `tensor: ${data.length} numbers do not fill the shape ${formatShape(shape)}; give ${sizeOf(shape)}, or another shape.`,
    );
  return new Tensor(new Storage(data), shape, options);
}

/** Whole numbers from 0 to n - 1. Errors: n is no whole number from 0. */
export const arange = (n: number, options: TensorOptions = {}): Tensor => {
  checkCount('arange', 'n', n, 0);
  const y = empty([n], options.dtype ?? 'f32', options);
  for (let i = 0; i < n; i++) y.storage.data[i] = i;
  return y;
};

function checkNumbers(value: unknown): void {
  if (typeof value !== 'number' && !Array.isArray(value))
    throw new TypeError(
      `tensor: takes numbers, arrays of numbers or a typed array, not ${describe(value)}; convert what is none first.`,
    );
}

/** Errors: an integer dtype has changed the number. */
function checkStored(data: Data, i: number, value: number): void {
  if (data[i] === value || isFloat(dtypeOf(data))) return;
  throw new RangeError(
    `tensor: ${value} at index ${i} does not fit ${dtypeOf(data)}; make a float tensor and round or clamp it first.`,
  );
}

function shapeOf(values: NestedArray): number[] {
  const shape: number[] = [];
  for (let level = values; typeof level !== 'number'; level = level[0]) {
    checkNumbers(level);
    shape.push(level.length);
    if (level.length === 0) break;
  }
  return shape;
}
