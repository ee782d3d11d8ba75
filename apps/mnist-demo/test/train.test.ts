import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as nn from '@nn/nn';
import { PNG } from 'pngjs';
import { expect, test, vi } from 'vitest';
import { demo, demoProcess, temporaryDirectory } from './demo.js';

// Seconds on the native kernels, minutes without them.
vi.setConfig({ testTimeout: 300_000 });

const weightsOf = async (path: string) =>
  new Map([...(await nn.loadModel(path, nn)).stateDict()].map(([key, { data }]) => [key, data]));

const historyOf = (directory: string) =>
  JSON.parse(readFileSync(join(directory, 'history.json'), 'utf8')) as nn.History & {
    readonly test: { readonly accuracy: number; readonly loss: number; readonly images: number };
  };

/** The epochs of a run, without what depends on the clock. */
const epochsOf = (directory: string) => historyOf(directory).epochs.map(({ seconds: _, ...record }) => record);

test.each([
  ['mlp', 0.8],
  ['lenet', 0.9],
])('trains %s on 2000 images to an accuracy of %d, and writes all that it promises', async (model, least) => {
  const out = temporaryDirectory();
  const words = ['--model', model, '--limit', '2000', '--epochs', '2', '--batch', '32', '--out', out];
  const trained = await demo(...words);
  expect(trained).toMatchObject({ status: 0, err: '' });
  expect(trained.out).toContain('read into a fresh network: the same 100000 scores, to the last bit.');
  expect(readdirSync(out).sort()).toEqual([
    'checkpoint.h5',
    'confusion.svg',
    'curves.svg',
    'graph.svg',
    'history.json',
    'mistakes.svg',
    'model.h5',
  ]);
  for (const picture of ['confusion', 'curves', 'graph', 'mistakes'])
    expect(readFileSync(join(out, `${picture}.svg`), 'utf8')).toMatch(/<svg[\s\S]*<\/svg>\s*$/);

  const graph = readFileSync(join(out, 'graph.svg'), 'utf8');
  for (const part of ['Flatten', 'CrossEntropy', 'accuracy', 'CosineSchedule']) expect(graph).toContain(part);

  const history = historyOf(out);
  expect(history.epochs).toHaveLength(2);
  expect(history.test.images).toBe(10_000);
  expect(history.test.accuracy).toBeGreaterThan(least);

  const evaluated = await demoProcess(['evaluate', '--model-file', join(out, 'model.h5'), '--json']);
  expect(evaluated).toMatchObject({ status: 0, err: '' });
  const { accuracy, loss } = JSON.parse(evaluated.out.trim().split('\n').at(-1) as string);
  expect({ accuracy, loss }).toEqual({ accuracy: history.test.accuracy, loss: history.test.loss });
});

test('a run that Ctrl-C interrupted goes on as if nothing had happened, bit for bit', async () => {
  const [whole, broken] = [temporaryDirectory(), temporaryDirectory()];
  const words = ['--limit', '4000', '--epochs', '6'];
  const interrupted = await demoProcess([...words, '--out', broken], {
    interruptAfter: 'Epoch 1/6',
  });
  expect(interrupted.status).toBe(130);
  expect(interrupted.out).toContain(
    `The run so far is in ${join(broken, 'checkpoint.h5')}. To go on: npm run demo -- `,
  );
  expect(readdirSync(broken)).toEqual(['checkpoint.h5']);

  expect(await demo('--resume', '--out', broken)).toMatchObject({ status: 0, err: '' });
  expect(await demo(...words, '--out', whole)).toMatchObject({ status: 0, err: '' });
  expect(await weightsOf(join(broken, 'model.h5'))).toEqual(await weightsOf(join(whole, 'model.h5')));
  expect(epochsOf(broken)).toEqual(epochsOf(whole));
});

test('threads, and running eagerly, change no bit', async () => {
  const weights = [];
  for (const how of [['--threads', '1'], ['--threads', '2'], ['--eager']]) {
    const out = temporaryDirectory();
    const words = ['--limit', '1000', '--validation', '200', '--epochs', '1', '--out', out, ...how];
    expect(await demo(...words)).toMatchObject({ status: 0, err: '' });
    weights.push({ model: await weightsOf(join(out, 'model.h5')), epochs: epochsOf(out) });
  }
  expect(weights[0].epochs[0].validation).toBeDefined();
  expect(weights[1]).toEqual(weights[0]);
  expect(weights[2]).toEqual(weights[0]);
});

test('predicts what a PNG shows, dark on light as well, on either backend', async () => {
  const out = temporaryDirectory();
  const model = join(out, 'model.h5');
  expect(await demo('--limit', '4000', '--epochs', '5', '--batch', '64', '--out', out)).toMatchObject({ status: 0 });

  const { x, y } = await nn.mnist({ split: 'test' });
  const write = (i: number, name: string, shade: (value: number) => number) => {
    const png = new PNG({ width: 28, height: 28 });
    for (let p = 0; p < 784; p++) png.data.set([...new Array(3).fill(shade(x.data[784 * i + p])), 255], 4 * p);
    const path = join(out, name);
    writeFileSync(path, PNG.sync.write(png));
    return path;
  };
  const paths = Array.from({ length: 20 }, (_, i) => write(i, `digit-${i}.png`, (value) => value));
  const dark = write(0, 'dark.png', (value) => 255 - value);

  const answers = async (...words: string[]) => {
    const { status, out, err } = await demoProcess(['predict', '--model-file', model, '--json', ...words]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    return JSON.parse(out.trim().split('\n').at(-1) as string);
  };
  const { predictions, backend } = await answers(dark, ...paths);
  const digits = predictions.map(({ digit }: { digit: number }) => digit);
  expect(digits.slice(1).filter((digit: number, i: number) => digit === y.data[i]).length).toBeGreaterThan(16);
  expect(predictions[0]).toEqual({ ...predictions[1], image: dark, inverted: true });

  const reference = await answers(...paths, '--backend', 'reference');
  expect(reference.backend).toBe('reference');
  expect(reference.predictions.map(({ digit }: { digit: number }) => digit)).toEqual(digits.slice(1));
  expect(['native', 'reference']).toContain(backend);
});
