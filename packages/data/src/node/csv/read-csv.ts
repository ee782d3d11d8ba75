import { TextDecoder } from 'node:util';
import { DataError } from '../../data-error.js';
import { readDecoded } from '../read-idx.js';
import { type CsvOptions, parseCsv } from './parse-csv.js';
import type { Table } from './table.js';

/**
 * The table in a file of comma-separated values in UTF-8, gzipped or not; see `parseCsv`.
 * Errors (DataError): the file is missing, cannot be read or is not UTF-8; those of `parseCsv`.
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<Table> {
  const bytes = await readDecoded(path);
  return parseCsv(decodeText(bytes, path), { name: path, ...options });
}

function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DataError(`${path} is no text in UTF-8; convert it, or replace it with the original.`);
  }
}
