import {
  arange,
  cast,
  checkOptions,
  divide,
  flatten,
  formatShape,
  gatherBytes,
  gatherRows,
  reshape,
  ShapeError,
  Tensor,
  tensor,
} from '@nn/tensor';
import { checkFinite, checkLabels } from './check-data.js';
import { checkPosition, type Dataset, type Sample, type Tensors } from './dataset.js';
import { type Normalization, normalizer } from './normalization.js';

export interface TensorDatasetOptions<X extends Tensors, Y extends Tensors> {
  /** Inputs [n, ...], one tensor or several by name. Bytes (u8) stay bytes in memory; batches of them are f32 in 0…1. */
  readonly x: X;
  /** Targets [n, ...], one tensor or several by name. Bytes are class labels; batches of them are i32. */
  readonly y: Y;
  /** Applied to batches of x, after bytes have become 0…1. Default: none. */
  readonly normalize?: Normalization;
  /** The number of classes, to check that every label of y is one of them. Default: labels are not checked. */
  readonly classes?: number;
}

type Convert = (batch: Tensor) => Tensor;
/** Makes a batch of the rows at positions [n] i32. */
type Gather = (index: Tensor) => Tensor;

/**
 * A dataset of tensors in memory, whose first dimension counts the samples. Batches are gathered rows.
 *
 * ```ts
 * const points = new TensorDataset({ x: tensor([[0, 0], [0, 1]]), y: tensor([0, 1], { dtype: 'i32' }) });
 * ```
 *
 * Errors: tensors of different lengths (ShapeError); NaN or infinity in the data, or a label that is no class (DataError).
 */
export class TensorDataset<X extends Tensors = Tensor, Y extends Tensors = Tensor>
  implements Dataset<Sample<X, Y>, Sample<X, Y>>
{
  readonly length: number;
  /** The inputs as they lie in memory. */
  readonly x: X;
  /** The targets as they lie in memory. */
  readonly y: Y;
  readonly #gatherX = new Map<Tensor, Gather>();
  readonly #gatherY = new Map<Tensor, Gather>();

  constructor(options: TensorDatasetOptions<X, Y>) {
    checkOptions('TensorDataset', options, ['x', 'y', 'normalize', 'classes']);
    const { x, y, normalize, classes } = options;
    this.x = x;
    this.y = y;
    const columns = [...named(x, 'x'), ...named(y, 'y')];
    this.length = columns[0]?.[1].shape[0] ?? 0;
    for (const [name, { shape }] of columns) {
      if (shape[0] === this.length) continue;
      const shapes = columns.map(([key, other]) => `${key} ${formatShape(other.shape)}`).join(', ');
      throw new ShapeError(`TensorDataset: ${shapes}: ${name} must have a row for each of the ${this.length} samples.`);
    }
    for (const [name, rows] of columns) checkFinite(rows, name);
    for (const [, rows] of named(x, 'x')) this.#gatherX.set(rows, gathering(rows, inputs(rows, normalize)));
    for (const [name, rows] of named(y, 'y')) {
      if (classes !== undefined) checkLabels(rows, { classes, name });
      this.#gatherY.set(rows, gathering(rows, targets(rows)));
    }
  }

  get(i: number): Sample<X, Y> {
    checkPosition(i, this);
    return this.#gather(Int32Array.of(i), (row) => reshape(row, row.shape.slice(1)));
  }

  batch(indices: Int32Array): Sample<X, Y> {
    return this.#gather(indices, (rows) => rows);
  }

  #gather(indices: Int32Array, shaped: Convert): Sample<X, Y> {
    const index = tensor(indices);
    const by = (gather: Map<Tensor, Gather>) => (rows: Tensor) => shaped(gather.get(rows)!(index));
    return { x: each(this.x, by(this.#gatherX)), y: each(this.y, by(this.#gatherY)) };
  }
}

/** Gathers rows and converts them; of bytes, which have 256 values, what each becomes is worked out once. */
function gathering(rows: Tensor, convert: Convert): Gather {
  if (rows.dtype !== 'u8') return (index) => convert(gatherRows(rows, index));
  const bytes = reshape(arange(256, { dtype: 'u8' }), [256, ...rows.shape.slice(1).map(() => 1)]);
  const table = flatten(convert(bytes));
  return (index) => gatherBytes(rows, index, table);
}

const inputs = (rows: Tensor, normalize: Normalization | undefined): Convert => {
  const unit: Convert = rows.dtype === 'u8' ? (batch) => divide(cast(batch, { dtype: 'f32' }), 255) : (batch) => batch;
  const normal = normalize && normalizer(normalize, rows);
  return normal ? (batch) => normal(unit(batch)) : unit;
};

const targets = (rows: Tensor): Convert =>
  rows.dtype === 'u8' ? (batch) => cast(batch, { dtype: 'i32' }) : (batch) => batch;

const named = (tensors: Tensors, name: string): [name: string, tensor: Tensor][] =>
  tensors instanceof Tensor
    ? [[name, tensors]]
    : Object.entries(tensors).map(([key, value]) => [`${name}.${key}`, value]);

/** The same for one tensor, or for each of several by name. */
const each = <T extends Tensors>(tensors: T, use: Convert): T =>
  (tensors instanceof Tensor
    ? use(tensors)
    : Object.fromEntries(Object.entries(tensors).map(([key, value]) => [key, use(value)]))) as T;
