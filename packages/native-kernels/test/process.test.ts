import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { addon } from './native.js';

const root = dirname(import.meta.dirname);
const directory = mkdtempSync(join(tmpdir(), 'nn-process-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const find: { path(root: string): string } = createRequire(import.meta.url)('node-gyp-build');

interface Options {
  readonly environment?: NodeJS.ProcessEnv;
  /** True to define nothing for the script. */
  readonly bare?: boolean;
}

/**
 * Runs a script in a Node of its own. It finds the library's file in LIBRARY, and `library`, `number` and `exp(length)`
 * defined.
 */
function run(script: string, { environment = {}, bare = false }: Options = {}) {
  const prelude = `
    const library = require(process.env.LIBRARY);
    const number = library.kernels().findIndex(({ name }) => name === 'exp');
    const exp = (length) => {
      const y = new Float32Array(length);
      library.launch(number, y, Float32Array.from({ length }, (_, i) => i / length));
      return y;
    };`;
  return new Promise<{ status: number | null; output: string }>((resolve) => {
    const child = spawn(process.execPath, ['-e', bare ? script : prelude + script], {
      cwd: directory,
      env: { ...process.env, LIBRARY: find.path(root), ...environment },
      timeout: 20_000,
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (status) => resolve({ status, output: output.trim() }));
  });
}

if (addon) {
  test('a process with busy or parked threads ends', async () => {
    const busy = await run('library.setThreads(4); exp(1e6); console.log("done")');
    expect(busy).toEqual({ status: 0, output: 'done' });
    const parked = await run('library.setThreads(4); exp(1e6); setTimeout(() => console.log("done"), 50)');
    expect(parked).toEqual({ status: 0, output: 'done' });
    const exited = await run('library.setThreads(4); exp(1e6); process.exit(3)');
    expect(exited).toEqual({ status: 3, output: '' });
  });

  test('worker threads share the pool, come and go, and outlive nothing', async () => {
    const script = `
      const { Worker } = require('node:worker_threads');
      const source = 'const [library, number] = [require(process.env.LIBRARY), ' + number + '];' + \`
        const x = new Float32Array(3e5).fill(1);
        const y = new Float32Array(3e5);
        for (let i = 0; i < 50; i++) {
          library.launch(number, y, x);
          if (y[299999] !== y[0]) throw new Error('wrong');
        }\`;
      const work = () => new Promise((resolve, reject) => {
        new Worker(source, { eval: true }).on('error', reject).on('exit', resolve);
      });
      (async () => {
        library.setThreads(3);
        await Promise.all([work(), work(), work()]);
        exp(1e6);
        await work();
        console.log('done');
      })();`;
    expect(await run(script)).toEqual({ status: 0, output: 'done' });
  });

  test('a library that only worker threads have loaded stays while its threads run', async () => {
    const script = `
      const { Worker } = require('node:worker_threads');
      const source = \`
        const library = require(process.env.LIBRARY);
        const number = library.kernels().findIndex(({ name }) => name === 'exp');
        library.setThreads(3);
        library.launch(number, new Float32Array(1e6), new Float32Array(1e6));\`;
      new Worker(source, { eval: true }).on('exit', () => setTimeout(() => console.log('done'), 100));`;
    expect(await run(script, { bare: true })).toEqual({ status: 0, output: 'done' });
  });

  test('NN_THREADS sets the number of threads', async () => {
    expect((await run('console.log(library.setThreads())', { environment: { NN_THREADS: '5' } })).output).toBe('5');
  });

  test('NN_ISA names the best instruction set to use, with nearly the same numbers', async () => {
    const script = 'console.log(library.instructionSet, exp(1e5).reduce((a, b) => a + b, 0).toFixed(3))';
    const outputOf = async (isa?: string) => (await run(script, { environment: { NN_ISA: isa } })).output.split(' ');
    const sets = ['baseline', 'avx2', 'avx512'];
    const [best, sum] = await outputOf();
    for (const isa of sets)
      expect(await outputOf(isa)).toEqual([sets[Math.min(sets.indexOf(isa), sets.indexOf(best))], sum]);
  });
} else {
  test('there is no library to test here', () => expect(addon).toBeUndefined());
}
