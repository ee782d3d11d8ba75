import { checkOptions, OptionError } from '@nn/tensor';
import { DataError } from '../../data-error.js';
import { throwFaults } from '../../faults.js';
import { type Cell, type Column, type ColumnType, columnOf, inferType } from './column.js';
import { fillOf, type MissingPolicy } from './missing.js';
import { type CsvRecord, parseRecords, type RecordOptions } from './records.js';
import { Table } from './table.js';

export interface CsvOptions extends RecordOptions {
  /**
   * What columns hold, by name: 'number', 'category', or a list of categories, whose order gives their labels (those of a
   * training table, say). Default: numbers if all values are; categories, in alphabetical order, if none is.
   */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** What becomes of missing values. Default 'error'. */
  readonly missing?: MissingPolicy;
  /** Which texts stand for a missing value, besides an empty field. Default: 'NA', 'NaN', 'null' and '?'. */
  readonly missingValues?: readonly string[];
}

const optionNames = ['name', 'delimiter', 'header', 'types', 'missing', 'missingValues'];

/**
 * A table of numbers and categories from comma-separated values (RFC 4180). Spaces around a value do not count.
 *
 * ```ts
 * const train = await readCsv('train.csv', { types: { species: 'category' }, missing: 'fill' });
 * const test = await readCsv('test.csv', { types: train.types, missing: train.filled });
 * const dataset = train.dataset({ y: 'species' });
 * ```
 *
 * Errors (DataError), each with its line and column, all of them at once: quotes that do not match, rows of another length,
 * missing values under the policy 'error', what is no number or no category; no rows; options for columns that are not
 * there.
 */
export function parseCsv(text: string, options: CsvOptions = {}): Table {
  checkOptions('parseCsv', options, optionNames);
  const { name = 'the table', types = {}, missing = 'error' } = options;
  if (typeof missing !== 'object' && !['error', 'drop', 'fill'].includes(missing))
    throw new OptionError(`parseCsv: missing is 'error', 'drop', 'fill' or values by column, not "${missing}".`);
  const { columns, rows } = parseRecords(text, options);
  const unknown = Object.keys({ ...types, ...(typeof missing === 'object' ? missing : {}) }).find(
    (column) => !columns.includes(column),
  );
  if (unknown !== undefined) throw new DataError(`${name} has no column "${unknown}"; it has ${columns.join(', ')}.`);

  const cells = cellsOf(rows, options.missingValues);
  const dropped = missing === 'drop' ? rows.filter((_, i) => cells(i).some(isMissing)).map(({ line }) => line) : [];
  const gone = new Set(dropped);
  const kept = rows.flatMap(({ line }, i) => (gone.has(line) ? [] : [cells(i)]));
  if (kept.length === 0) throw new DataError(`${name} has a missing value in every row; choose another policy.`);

  const faults: string[] = [];
  const report = (fault: string) => faults.push(fault);
  const filled: Record<string, number | string> = {};
  const table = columns.map((column, j): Column => {
    const found = kept.map((row) => row[j]);
    const type = types[column] ?? inferType(column, found, report);
    const fill = fillOf(column, found, type, missing);
    if (fill !== undefined) filled[column] = type === 'number' ? Number(fill) : fill;
    const whole = found.map(({ line, text: value }): Cell => ({ line, text: value ?? fill }));
    for (const { line } of whole.filter(isMissing)) report(`line ${line}, column "${column}": the value is missing`);
    return columnOf(
      column,
      whole.filter((cell) => !isMissing(cell)),
      type,
      report,
    );
  });
  throwFaults(faults, `${name} cannot be used; correct it, or choose other types or another policy for missing values`);
  return new Table({ columns: table, name, dropped, filled });
}

const isMissing = ({ text }: Cell): boolean => text === undefined;

function cellsOf(rows: readonly CsvRecord[], missingValues: readonly string[] = ['NA', 'NaN', 'null', '?']) {
  const missing = new Set(['', ...missingValues]);
  const cells = rows.map(({ line, fields }) =>
    fields.map((field): Cell => {
      const text = field.trim();
      return { line, text: missing.has(text) ? undefined : text };
    }),
  );
  return (i: number): readonly Cell[] => cells[i];
}
