import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { tasks } from '../browser/index.js';
import { learnXor } from '../browser/xor.js';
import { findChromium } from './chromium.js';

const root = join(import.meta.dirname, '..', '..', '..');

/** The packages and what the page runs, as one module that sets `tasks`. A module of Node in it is an error. */
async function script(): Promise<string> {
  const packages = ['layers', 'losses', 'metrics', 'optim', 'tensor', 'train', 'data'];
  const { outputFiles, warnings } = await build({
    entryPoints: [join(import.meta.dirname, '..', 'browser', 'index.ts')],
    alias: Object.fromEntries(packages.map((name) => [`@nn/${name}`, join(root, 'packages', name, 'src', 'index.ts')])),
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    // The packages' sources stand in for what is published, to which `sideEffects` refers.
    ignoreAnnotations: true,
    logLevel: 'silent',
    write: false,
  });
  expect(warnings).toEqual([]);
  return outputFiles[0].text;
}

/** What the script makes of the page's globals. */
type Window = { readonly tasks: typeof tasks };

describe('in a page of headless Chromium, on the reference kernels', () => {
  let browser: Browser;
  let tab: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    const content = await script();
    browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] });
    tab = await browser.newPage();
    tab.on('pageerror', (error) => faults.push(String(error)));
    tab.on('console', (message) => faults.push(message.text()));
    await tab.addScriptTag({ content, type: 'module' });
    await tab.waitForFunction(() => 'tasks' in globalThis);
  }, 60_000);

  afterAll(() => browser?.close());

  test('a network learns XOR, as it does in Node', async () => {
    const found = await tab.evaluate(() => (globalThis as unknown as Window).tasks.learnXor());
    expect(found).toMatchObject({ backend: 'reference', answers: [0, 1, 1, 0], accuracy: 1 });
    expect(found.losses[0]).toBeGreaterThan(0.5);
    expect(found.losses[199]).toBeLessThan(0.05);

    const here = learnXor();
    expect(Object.keys(found.weights)).toEqual(Object.keys(here.weights));
    found.losses.forEach((loss, i) => {
      expect(loss).toBeCloseTo(here.losses[i], 4);
    });
    expect(faults).toEqual([]);
  });

  test('a Trainer trains there, too', async () => {
    expect(await tab.evaluate(() => (globalThis as unknown as Window).tasks.fitXor())).toBe(1);
    expect(faults).toEqual([]);
  });
});
