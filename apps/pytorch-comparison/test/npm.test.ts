import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { CannotError } from '../src/contestant.js';
import { AbsentRival } from '../src/rivals/absent.js';
import { npmRival } from '../src/rivals/npm.js';
import { workloads } from '../src/workloads.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder with the package `@fake/one`, and a framework whose process answers by a line of JavaScript in `command`. */
function fakeFramework(answer: string) {
  const folder = mkdtempSync(join(tmpdir(), 'nn-rivals-'));
  folders.push(folder);
  const home = join(folder, 'node_modules', '@fake', 'one');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "version": "1.0.0" }');
  const script = join(folder, 'peer.cjs');
  const loop = `require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const command = JSON.parse(line);
    console.log(JSON.stringify(${answer}));
  })`;
  writeFileSync(script, loop);
  return { folder, about: { framework: 'Fake', packages: ['@fake/one@1.0.0'], script, way: 'wasm', threads: 1 } };
}

const task = { workload: workloads[0], folder: '/nowhere', threads: [1, 2], quick: false };
const work = { batches: [[0]], steps: 1 };

test('a framework that is not installed is named, with the line that installs it', async () => {
  const { about } = fakeFramework('{}');
  const start = npmRival(about, { folder: '/nowhere' });
  await expect(start).rejects.toThrow(AbsentRival);
  await expect(start).rejects.toThrow('npm install --prefix /nowhere @fake/one@1.0.0');
});

test('a framework that does not start is absent, and says why', async () => {
  const { about, folder } = fakeFramework(`{ cannot: 'no luck' }`);
  const start = npmRival(about, { folder });
  await expect(start).rejects.toThrow(AbsentRival);
  await expect(start).rejects.toThrow('Fake does not start: no luck');
});

test('a framework is called with its version, and does its work in a process of its own', async () => {
  const { about, folder } = fakeFramework(
    `'hello' in command ? { version: process.argv[2] } : 'run' in command ? { seconds: 1, values: [process.pid] } : {}`,
  );
  const rival = await npmRival(about, { folder });
  expect(rival.title).toBe(`Fake ${folder}`);
  const [[first], [second]] = [await rival.open(task), await rival.open(task)];
  expect([first.framework, first.variant]).toEqual(['Fake', 'wasm 1']);
  const pids = await Promise.all([first.run(work), first.run(work), second.run(work)]);
  expect(pids[0]).toEqual(pids[1]);
  expect(pids[0]).not.toEqual(pids[2]);
  for (const contestant of [first, second]) await contestant.close();
});

test('a process that ends, or refuses, cannot do the work, and says why', async () => {
  for (const [answer, reason] of [
    [`'open' in command ? (() => { throw new Error('out of luck'); })() : {}`, 'out of luck'],
    [`'open' in command ? { cannot: 'too hard' } : {}`, 'too hard'],
  ]) {
    const { about, folder } = fakeFramework(answer);
    const [contestant] = await (await npmRival(about, { folder })).open(task);
    const run = contestant.run(work);
    await expect(run).rejects.toThrow(CannotError);
    await expect(run).rejects.toThrow(reason);
    await contestant.close();
  }
});
