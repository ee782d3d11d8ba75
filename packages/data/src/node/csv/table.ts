import { checkOptions, type Tensor, tensor } from '@nn/tensor';
import { DataError } from '../../data-error.js';
import { TensorDataset } from '../../tensor-dataset.js';
import type { CategoryColumn, Column } from './column.js';

export interface TableOptions {
  readonly columns: readonly Column[];
  /** What messages call it. */
  readonly name: string;
  /** The lines of rows that were left out, as a value was missing. */
  readonly dropped: readonly number[];
  /** What missing values of each column became. */
  readonly filled: Readonly<Record<string, number | string>>;
}

export interface TableDatasetOptions {
  /** The columns of x. Default: all that are not in y. */
  readonly x?: readonly string[];
  /** The target's column, or columns of numbers. */
  readonly y: string | readonly string[];
}

/** Columns of numbers and categories, of equal length; `parseCsv` makes them. */
export class Table {
  readonly columns: readonly Column[];
  readonly name: string;
  /** The lines of rows that were left out, as a value was missing. */
  readonly dropped: readonly number[];
  /** What missing values became, by column: pass it on as `missing` for a table that must be filled alike. */
  readonly filled: Readonly<Record<string, number | string>>;

  constructor({ columns, name, dropped, filled }: TableOptions) {
    this.columns = columns;
    this.name = name;
    this.dropped = dropped;
    this.filled = filled;
  }

  /** How many rows there are. */
  get length(): number {
    return this.columns[0]?.values.length ?? 0;
  }

  /** The types of the columns: pass them on as `types` for a table that must have the same labels. */
  get types(): Record<string, 'number' | readonly string[]> {
    return Object.fromEntries(this.columns.map((column) => [column.name, categoriesOf(column) ?? 'number']));
  }

  /** A column by its name. Errors (DataError): there is none. */
  column(name: string): Column {
    const found = this.columns.find((column) => column.name === name);
    if (found) return found;
    const names = this.columns.map((column) => column.name).join(', ');
    throw new DataError(`${this.name} has no column "${name}"; it has ${names}.`);
  }

  /** The categories of a column, whose positions are its labels. Errors (DataError): no such column; one of numbers. */
  categories(name: string): readonly string[] {
    const categories = categoriesOf(this.column(name));
    if (categories) return categories;
    throw new DataError(`${this.name}: column "${name}" holds numbers; read it with types: { ${name}: 'category' }.`);
  }

  /**
   * Rows as samples. In x a category becomes as many numbers as it has values, 1 at its own and 0 elsewhere. A category as
   * target becomes its label, numbers stay numbers. Shapes: x f32 [n, features], y i32 [n] or f32 [n, columns of y].
   * Errors (DataError): no such column; a column both in x and in y; several targets that are not all numbers.
   */
  dataset(options: TableDatasetOptions): TensorDataset {
    checkOptions('dataset', options, ['x', 'y']);
    const targets = [options.y].flat();
    const inputs = options.x ?? this.columns.map(({ name }) => name).filter((name) => !targets.includes(name));
    const both = targets.find((name) => inputs.includes(name));
    if (both !== undefined)
      throw new DataError(`${this.name}: column "${both}" is both in x and in y; leave it out of x.`);
    if (inputs.length === 0) throw new DataError(`${this.name}: no column is left for x.`);
    const columns = targets.map((name) => this.column(name));
    const x = this.#matrix(inputs.flatMap((name) => features(this.column(name))));
    if (columns.length === 1 && columns[0].type === 'category')
      return new TensorDataset({ x, y: tensor(columns[0].values), classes: columns[0].categories.length });
    const category = columns.find(({ type }) => type === 'category');
    if (category)
      throw new DataError(`${this.name}: "${category.name}" has categories, so it can only be a target by itself.`);
    return new TensorDataset({ x, y: this.#matrix(columns.map(({ values }) => values)) });
  }

  /** [n, columns], f32. */
  #matrix(columns: readonly ArrayLike<number>[]): Tensor {
    const data = new Float32Array(this.length * columns.length);
    columns.forEach((column, j) => {
      for (let i = 0; i < column.length; i++) data[i * columns.length + j] = column[i];
    });
    return tensor(data, { shape: [this.length, columns.length] });
  }
}

const categoriesOf = (column: Column): CategoryColumn['categories'] | undefined =>
  column.type === 'category' ? column.categories : undefined;

/** A column as columns of numbers. */
const features = (column: Column): ArrayLike<number>[] =>
  column.type === 'number'
    ? [column.values]
    : column.categories.map((_, label) => Float64Array.from(column.values, (value) => (value === label ? 1 : 0)));
