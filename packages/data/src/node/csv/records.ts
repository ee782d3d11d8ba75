import { CsvError, parse } from 'csv-parse/sync';
import { DataError } from '../../data-error.js';
import { throwFaults } from '../../faults.js';

/** A row of a file and the line on which it ends. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

export interface RecordOptions {
  /** What messages call the text: its path. Default 'the table'. */
  readonly name?: string;
  /** What stands between fields. Default ','. */
  readonly delimiter?: string;
  /** Whether the first row names the columns, or their names. Default true; false names them column1, column2 and so on. */
  readonly header?: boolean | readonly string[];
}

/**
 * The names of the columns and the rows of a text of comma-separated values, as in RFC 4180; blank lines do not count.
 * Errors (DataError): quotes that do not match; no row; a column without a name, or two of one name; rows of another length,
 * all of them listed with their lines.
 */
export function parseRecords(text: string, options: RecordOptions): { columns: string[]; rows: CsvRecord[] } {
  const { name = 'the table', header = true } = options;
  const records = parsed(text, options);
  const columns = columnNames(records, header);
  const rows = header === true ? records.slice(1) : records;
  if (rows.length === 0) throw new DataError(`${name} has no rows${header === true ? ' below its header' : ''}.`);
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice !== undefined) throw new DataError(`${name} has two columns "${twice}"; rename one.`);
  const nameless = columns.indexOf('');
  if (nameless >= 0) throw new DataError(`${name}: column ${nameless + 1} has no name; give it one in the header.`);
  const ragged = rows.filter(({ fields }) => fields.length !== columns.length);
  throwFaults(
    ragged.map(({ line, fields }) => `line ${line}: ${fields.length} fields`),
    `${name} has ${columns.length} columns (${columns.join(', ')}), and rows of another length; correct them`,
  );
  return { columns, rows };
}

function columnNames(records: readonly CsvRecord[], header: boolean | readonly string[]): string[] {
  if (Array.isArray(header)) return [...header];
  const first = records[0]?.fields ?? [];
  return first.map((field, i) => (header ? field.trim() : `column${i + 1}`));
}

function parsed(text: string, { name = 'the table', delimiter = ',' }: RecordOptions): CsvRecord[] {
  try {
    const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true, delimiter } as const;
    const rows = parse(text, options) as unknown as { info: { lines: number }; record: string[] }[];
    return rows.map(({ info, record }) => ({ line: info.lines, fields: record }));
  } catch (error) {
    if (error instanceof CsvError) throw new DataError(`${name} is not well formed: ${error.message}.`);
    throw error;
  }
}
