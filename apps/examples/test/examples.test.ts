import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { examples } from '../src/runner/examples.js';
import { judge } from '../src/runner/result.js';
import { runExample } from '../src/runner/run.js';

/** Those that take seconds at most; `npm run test:examples` runs all. */
const short = [
  'linear-regression',
  'moons',
  'circles',
  'squares',
  'regression-45',
  'recover-kernels',
  'custom-layer',
  'gradient-check',
];

test.each(short)('%s reaches its result and draws its pictures', async (name) => {
  const out = mkdtempSync(join(tmpdir(), 'example-'));
  onTestFinished(() => rmSync(out, { recursive: true }));
  const { result } = await runExample(name, { seed: 1, out, print: () => {} });
  expect(result.figures.filter(({ met }) => !met)).toEqual([]);
  for (const picture of result.pictures) expect(readFileSync(join(out, picture), 'utf8')).toMatch(/^<svg|^<\?xml/);
  expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toEqual(result);
});

test('every file is an example that can be run by its name', () => {
  const files = readdirSync(join(import.meta.dirname, '..', 'src')).flatMap(
    (file) => /^(.*)\.ts$/.exec(file)?.[1] ?? [],
  );
  expect(files.filter((name) => name !== 'main').sort()).toEqual(Object.keys(examples).sort());
});

test('a result is missed on the wrong side of its goal, and where it is no number', () => {
  const wanted = { high: { atLeast: 0.9 }, low: { atMost: 0.1 } };
  const met = (high: number, low: number) => judge(wanted, { high, low }).map((figure) => figure.met);
  expect([met(0.9, 0.1), met(0.8, 0.2), met(Number.NaN, Number.NaN)]).toEqual([
    [true, true],
    [false, false],
    [false, false],
  ]);
  expect(() => judge(wanted, { high: 1 })).toThrow('The example was to find "low", and has not.');
});
