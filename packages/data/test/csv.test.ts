import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DataError } from '../src/index.js';
import { type CsvOptions, parseCsv, readCsv } from '../src/node/index.js';

const flowers = `length,width,species
5.1,3.5,setosa
7, 3.2 ,versicolor
6.3,3.3,virginica
4.9,-3e0,setosa
`;

/** A file that is gone after the test. */
function file(content: string | Uint8Array): string {
  const directory = mkdtempSync(join(tmpdir(), 'csv-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'flowers.csv');
  writeFileSync(path, content);
  return path;
}

describe('parseCsv', () => {
  it('infers numbers and categories, and makes samples of them', () => {
    const table = parseCsv(flowers);
    expect([table.length, table.columns.map(({ type }) => type)]).toEqual([4, ['number', 'number', 'category']]);
    expect(table.categories('species')).toEqual(['setosa', 'versicolor', 'virginica']);
    const { x, y } = table.dataset({ y: 'species' });
    expect([x.dtype, y.dtype, y.toArray()]).toEqual(['f32', 'i32', [0, 1, 2, 0]]);
    expect(Array.from(x.data)).toEqual([5.1, 3.5, 7, 3.2, 6.3, 3.3, 4.9, -3].map(Math.fround));
  });

  it('makes a column for each category of x, and of numbers a target', () => {
    const { x, y } = parseCsv(flowers).dataset({ x: ['species', 'width'], y: ['length'] });
    expect([x.shape, y.shape]).toEqual([
      [4, 4],
      [4, 1],
    ]);
    expect(Array.from(x.data.slice(4, 8))).toEqual([0, 1, 0, Math.fround(3.2)]);
    expect(Array.from(y.data)).toEqual([5.1, 7, 6.3, 4.9].map(Math.fround));
  });

  it('reads what RFC 4180 and spreadsheets write', () => {
    const text = '\uFEFF"a;1";b\r\n"says ""x""\nand y";1\r\n\r\n"z";2\r\n';
    const table = parseCsv(text, { delimiter: ';' });
    expect(table.columns.map(({ name }) => name)).toEqual(['a;1', 'b']);
    expect(table.categories('a;1')).toEqual(['says "x"\nand y', 'z']);
  });

  it('takes no header, or names for the columns', () => {
    expect(parseCsv('1,2\n3,4', { header: false }).columns.map(({ name }) => name)).toEqual(['column1', 'column2']);
    const named = parseCsv('1,2\n3,4', { header: ['a', 'b'] });
    expect([named.length, named.column('b').values]).toEqual([2, Float64Array.of(2, 4)]);
  });

  it('gives a test table the labels of the training table', () => {
    const train = parseCsv(flowers);
    const test = parseCsv('length,width,species\n6,3,virginica\n', { types: train.types });
    expect(test.dataset({ y: 'species' }).y.toArray()).toEqual([2]);
    expect(() => parseCsv('length,width,species\n6,3,rose\n', { types: train.types, name: 'test.csv' })).toThrow(
      'line 2, column "species": "rose" is none of setosa, versicolor, virginica',
    );
  });

  it('takes numbers as categories where told to', () => {
    const table = parseCsv('digit,x\n10,1\n9,2\n', { types: { digit: ['9', '10'] } });
    expect(table.dataset({ y: 'digit' }).y.toArray()).toEqual([1, 0]);
  });
});

describe('missing values', () => {
  const holes = 'age,city\n20,Ulm\n,Ulm\n40,NA\n60,Bonn\n';
  const values = (options: CsvOptions) => {
    const table = parseCsv(holes, options);
    const city = table.column('city');
    const names = Array.from(city.values, (label) => (city.type === 'category' ? city.categories[label] : label));
    return { age: Array.from(table.column('age').values), city: names, table };
  };

  it('are errors by default, all of them listed', () => {
    expect(() => parseCsv(holes, { name: 'people.csv' })).toThrow(
      /^people\.csv cannot be used; .*policy for missing values:\n {2}line 3, column "age": the value is missing\n {2}line 4, column "city": the value is missing$/,
    );
  });

  it('can take their rows along, which are named', () => {
    const { age, city, table } = values({ missing: 'drop' });
    expect([age, city, table.dropped]).toEqual([
      [20, 60],
      ['Ulm', 'Bonn'],
      [3, 4],
    ]);
  });

  it('can become the mean or the most frequent category, and those of a training table', () => {
    const { age, city, table } = values({ missing: 'fill' });
    expect([age, city]).toEqual([
      [20, 40, 40, 60],
      ['Ulm', 'Ulm', 'Ulm', 'Bonn'],
    ]);
    expect(table.filled).toEqual({ age: 40, city: 'Ulm' });
    const test = parseCsv('age,city\n?,Bonn\n', { missing: table.filled, types: table.types });
    expect([test.column('age').values, test.dataset({ y: 'city' }).y.toArray()]).toEqual([Float64Array.of(40), [0]]);
  });

  it('can be given by column; others stay errors', () => {
    expect(values({ missing: { age: 0, city: 'Ulm' } }).age).toEqual([20, 0, 40, 60]);
    expect(() => values({ missing: { age: 0 } })).toThrow('line 4, column "city": the value is missing');
    expect(() => values({ missing: { height: 0 } })).toThrow('has no column "height"; it has age, city');
  });

  it('are what missingValues says', () => {
    expect(parseCsv('a\nNA\nx\n', { missingValues: ['-'] }).categories('a')).toEqual(['NA', 'x']);
    expect(parseCsv('a,b\n-,1\n2,1\n', { missingValues: ['-'], missing: 'drop' }).dropped).toEqual([2]);
  });
});

describe('bad tables', () => {
  it.each([
    ['nothing', '', 'the table has no rows below its header'],
    ['a header alone', 'a,b\n', 'the table has no rows below its header'],
    ['no rows without a header', '', 'the table has no rows.', { header: false }],
    ['two columns of one name', 'a,a\n1,2\n', 'has two columns "a"; rename one'],
    ['a column without a name', 'a,\n1,2\n', 'column 2 has no name'],
    ['quotes that do not match', 'a,b\n1,"2\n3,4\n', 'is not well formed: Quote Not Closed'],
    ['a quote within a field', 'a\n1"2"\n', 'is not well formed: Invalid Opening Quote'],
    ['a mixture', 'a\n1\n2\n3x\n', 'line 4, column "a": "3x" is no number, but other values are; correct it, count it'],
    ['no number', 'a\n1\n0x10\n', 'line 3, column "a": "0x10" is no finite number', { types: { a: 'number' } }],
    ['a number too large', 'a\n1e999\n', '"1e999" is no finite number', { types: { a: 'number' } }],
    ['infinity', 'a\nInfinity\n', '"Infinity" is no finite number', { types: { a: 'number' } }],
    ['a comma in a number', 'a;b\n1,5;2\n', '"1,5" is no finite number', { delimiter: ';', types: { a: 'number' } }],
    ['types for no column', 'a\n1\n', 'has no column "b"; it has a', { types: { b: 'number' } }],
    ['a missing value in every row', 'a,b\n,1\n2,\n', 'has a missing value in every row', { missing: 'drop' }],
    ['nothing to fill with', 'a,b\n,1\n,2\n', 'line 2, column "a": the value is missing', { missing: 'fill' }],
  ] as [string, string, string, CsvOptions?][])('%s', (_, text, message, options) => {
    expect(() => parseCsv(text, options)).toThrow(message);
    expect(() => parseCsv(text, options)).toThrow(DataError);
  });

  it('ragged rows are all named, and none is cut or filled up', () => {
    const text = `a,b\n${'1,2\n1,2,3\n1\n'.repeat(6)}`;
    expect(() => parseCsv(text, { name: 'ragged.csv' })).toThrow(
      /^ragged\.csv has 2 columns \(a, b\), and rows of another length; correct them:\n {2}line 3: 3 fields\n {2}line 4: 1 fields\n[\s\S]*and 2 more$/,
    );
  });

  it('options of no sense', () => {
    expect(() => parseCsv('a\n1\n', { missing: 'mean' as 'fill' })).toThrow(
      "missing is 'error', 'drop', 'fill' or values",
    );
    expect(() => parseCsv('a\n1\n', { colums: {} } as object)).toThrow('parseCsv has no option "colums"');
    const table = parseCsv(flowers);
    expect(() => table.dataset({ y: 'colour' })).toThrow('has no column "colour"; it has length, width, species');
    expect(() => table.dataset({ x: ['species'], y: 'species' })).toThrow('column "species" is both in x and in y');
    expect(() => table.dataset({ y: ['length', 'species'] })).toThrow('"species" has categories, so it can only be');
    expect(() => table.dataset({ y: ['length', 'species', 'width'] })).toThrow('no column is left for x');
    expect(() => table.categories('width')).toThrow('column "width" holds numbers');
  });
});

describe('readCsv', () => {
  it('reads files, gzipped or not', async () => {
    expect((await readCsv(file(flowers))).length).toBe(4);
    expect((await readCsv(file(gzipSync(flowers)))).length).toBe(4);
  });

  it('names the file in errors', async () => {
    const path = file('a\n');
    await expect(readCsv(path)).rejects.toThrow(`${path} has no rows`);
    await expect(readCsv(`${path}.no`)).rejects.toThrow(`${path}.no does not exist; check the path`);
    const latin = file(Uint8Array.of(0x61, 0x0a, 0xe4, 0x0a));
    await expect(readCsv(latin)).rejects.toThrow(`${latin} is no text in UTF-8; convert it`);
  });
});
