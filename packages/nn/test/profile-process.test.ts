import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'nn-profile-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const script = `
  import { backward, capture, currentBackend, crossEntropy, Linear, mean, ones, Sequential, SGD, tensor } from '@nn/nn';
  const model = new Sequential([new Linear({ outFeatures: 8 })], { input: [4] });
  const optimizer = new SGD({ learningRate: 0.1 });
  const target = tensor([1, 2], { dtype: 'i32' });
  const step = capture((x) => {
    const loss = mean(crossEntropy(model.run(x), target));
    optimizer.step(backward(loss));
    return loss;
  });
  for (let i = 0; i < 5; i++) step(ones([2, 4]));
  console.log(currentBackend().name);
`;

/** Runs the script with the built package in a Node of its own. */
function run(environment: NodeJS.ProcessEnv) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  return { status, backend: stdout.trim(), errors: stderr };
}

test.each(['native', 'reference'])('NN_PROFILE prints when the process ends, with NN_BACKEND=%s', (wanted) => {
  const backend = run({ NN_BACKEND: '' }).backend === 'native' ? wanted : 'reference';
  const { status, errors } = run({ NN_BACKEND: backend, NN_PROFILE: '1' });
  expect({ status, errors }).toMatchObject({ status: 0 });
  expect(errors).toMatch(new RegExp(`^\\n[\\d.]+ ms on the ${backend} kernels; [\\d.]+ % of it in \\d+ launches\\.`));
  expect(errors).toMatch(/\nlinear +5 /);
  expect(errors).toMatch(/\n0 \(backward\) +\d+ /);
  expect(errors).toMatch(/\noptimizer +\d+ /);
  expect(/at most \d+ GFLOP\/s/.test(errors)).toBe(backend === 'native');
});

test('NN_PROFILE names a file for the timeline; NN_TRACE writes it and prints nothing', () => {
  for (const variable of ['NN_PROFILE', 'NN_TRACE']) {
    const file = join(directory, `${variable}.json`);
    const { status, errors } = run({ [variable]: file });
    expect({ status, printed: errors !== '' }).toEqual({ status: 0, printed: variable === 'NN_PROFILE' });
    const { traceEvents } = JSON.parse(readFileSync(file, 'utf8'));
    const runs = traceEvents.filter(({ name }: { name: string }) => name === 'captured step');
    expect(runs).toHaveLength(5);
  }
});

test('another value is refused', () => {
  const { status, errors } = run({ NN_PROFILE: 'yes' });
  expect(status).toBe(1);
  expect(errors).toContain('NN_PROFILE=yes is not understood; use 1, or name a file.json for a timeline as well.');
});
