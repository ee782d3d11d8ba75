import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

/** Every source file of ours below a folder. */
function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const { name } = entry;
    const path = join(folder, name);
    if (entry.isDirectory()) return /^(node_modules|dist|build|prebuilds)$/.test(name) ? [] : sourcesIn(path);
    return /\.(ts|mts|mjs|js|cc|h)$/.test(name) ? [path] : [];
  });
}

/** Names read from `process.env`, one by one or into an object's pattern, by `getenv` and by the helper `choice`. */
function variablesOf(source: string): string[] {
  const plain = [...source.matchAll(/process\.env\.([A-Z][A-Z_]+)/g), ...source.matchAll(/getenv\("([A-Z_]+)"\)/g)];
  const taken = [...source.matchAll(/\{([^{}]*)\} = process\.env\b/g)].flatMap(([, names]) => [
    ...names.matchAll(/(?:^|,)\s*([A-Z][A-Z_]+)/g),
  ]);
  const chosen = source.matchAll(/\bchoice\('([A-Z_]+)'/g);
  return [...plain, ...taken, ...chosen].map(([, name]) => name);
}

/** What a test passes to a process of its own. */
const internal = new Set(['LIBRARY']);

const read = new Map<string, string>();
for (const file of ['packages', 'apps', 'tools', 'fixtures'].flatMap(sourcesIn))
  for (const name of variablesOf(readFileSync(join(root, file), 'utf8'))) if (!internal.has(name)) read.set(name, file);

const documented = [...readFileSync(join(root, 'docs/configuration.md'), 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(
  ([, name]) => name,
);

test('every environment variable that is read has its row in docs/configuration.md, once', () => {
  expect([...read].filter(([name]) => !documented.includes(name))).toEqual([]);
  expect(documented).toEqual([...new Set(documented)]);
});

test('every variable of docs/configuration.md is read somewhere', () => {
  expect(documented.filter((name) => !read.has(name))).toEqual([]);
  expect(read.size).toBeGreaterThan(10);
});

test('every NN_ variable that a script or a text sets is one that is read', () => {
  const scripts = ['packages', 'apps', 'tools'].flatMap(sourcesIn).filter((file) => /\.(ts|mjs)$/.test(file));
  const texts = [...scripts, 'README.md', 'CONTRIBUTING.md', 'docs/profiling.md'];
  const set = texts.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\b(NN_[A-Z_]+)(?:=\w|:)/g)].map(([, name]) => name),
  );
  expect(set.length).toBeGreaterThan(5);
  expect([...new Set(set)].filter((name) => !read.has(name))).toEqual([]);
});
