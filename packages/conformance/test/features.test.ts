import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/features.md'), 'utf8');

interface Feature {
  readonly what: string;
  readonly where: readonly string[];
  readonly tests: readonly { readonly file: string; readonly names: readonly string[] }[];
}

/** The paths of a cell's links, from the root. */
const linksOf = (cell: string) => [...cell.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path]) => path);

/** A row of a table: `| what | [file](…) | [file](…): `name`, `name`<br>… |`. */
function featureOf(row: string): Feature {
  const [what, where, tested = ''] = row.slice(2, -2).split(' | ');
  const tests = tested.split('<br>').map((part) => ({
    file: linksOf(part)[0],
    names: [...part.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  }));
  return { what, where: linksOf(where), tests };
}

const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| what'));
const features = rows.map(featureOf);

/** The titles of a file's tests and groups of tests, as they are written: `$name` and `%s` are not filled in. */
function titlesIn(file: string): Set<string> {
  const quoted = readFileSync(join(root, file), 'utf8').matchAll(/(?<=\(\s*)(['"`])((?:(?!\1)[^\\\n])+)\1,/g);
  return new Set([...quoted].map(([, , title]) => title));
}

describe('docs/features.md', () => {
  test('has rows, each with code and with tests by name', () => {
    expect(features.length).toBeGreaterThan(100);
    for (const { what, where, tests } of features) {
      expect(where.length, what).toBeGreaterThan(0);
      expect(tests.length, what).toBeGreaterThan(0);
      for (const { names } of tests) expect(names.length, what).toBeGreaterThan(0);
    }
  });

  test('links to files that are there', () => {
    expect(linksOf(page).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('names tests by the names that they have', () => {
    const wrong = features.flatMap(({ tests }) =>
      tests.flatMap(({ file, names }) => {
        const titles = titlesIn(file);
        return names.filter((name) => !titles.has(name)).map((name) => `${file}: ${name}`);
      }),
    );
    expect(wrong, 'no test has these names, which docs/features.md gives').toEqual([]);
  });

  test('has every trap that is tested', () => {
    const listed = new Set(features.flatMap(({ tests }) => tests.flatMap(({ names }) => names)));
    const traps = readdirSync(join(root, 'packages')).flatMap((name) => {
      const folder = join('packages', name, 'test');
      const files = existsSync(join(root, folder)) ? readdirSync(join(root, folder), { recursive: true }) : [];
      return files
        .map(String)
        .filter((file) => file.endsWith('.test.ts'))
        .flatMap((file) => [...titlesIn(join(folder, file))].filter((title) => title.startsWith('trap: ')));
    });
    expect(traps.length).toBeGreaterThan(25);
    const missing = [...new Set(traps)].filter((title) => !listed.has(title));
    expect(missing, 'traps without a row in docs/features.md').toEqual([]);
  });
});
