import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  currentBackend,
  Flatten,
  fill,
  Linear,
  manualSeed,
  referenceBackend,
  Sequential,
  save,
  saveStateDict,
  useBackend,
} from '@nn/nn';
import { PNG } from 'pngjs';
import { expect, onTestFinished, test } from 'vitest';
import { explained } from '../src/failure.js';
import { demo, demoProcess, temporaryDirectory } from './demo.js';

/** The words of a command, given a directory to make files in. */
type Words = (directory: string) => string[] | Promise<string[]>;

const inFile = (name: string, bytes: Uint8Array | string, words: (path: string) => string[]): Words => {
  return (directory) => {
    const path = join(directory, name);
    writeFileSync(path, bytes);
    return words(path);
  };
};

/** The header of an IDX file of bytes. */
const idx = (...sizes: number[]) =>
  Buffer.from([0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, size >> 8, size & 255])]);

/** A data directory whose first file holds these bytes. */
const images = (bytes: Uint8Array | string): Words => {
  return (directory) => {
    writeFileSync(join(directory, 'train-images-idx3-ubyte'), bytes);
    return ['--data', directory, '--out', join(directory, 'out')];
  };
};

const savedModel = async (directory: string, features: number): Promise<string> => {
  manualSeed(1);
  const path = join(directory, 'model.h5');
  await save(path, new Sequential([new Linear({ outFeatures: 10 })], { input: [features] }).build());
  return path;
};

/** A network for digits all of whose weights are NaN. */
const damagedModel = async (directory: string): Promise<string> => {
  const path = join(directory, 'damaged.h5');
  const model = new Sequential([new Flatten(), new Linear({ outFeatures: 10 })], { input: [1, 28, 28] }).build();
  for (const parameter of model.parameters()) parameter.assign(fill(parameter.shape, NaN));
  await save(path, model);
  return path;
};

const onePixel = (directory: string): string => {
  const path = join(directory, 'pixel.png');
  const png = new PNG({ width: 28, height: 28 });
  png.data.fill(255, 0, 4);
  for (let i = 1; i < 28 * 28; i++) png.data.set([0, 0, 0, 255], 4 * i);
  writeFileSync(path, PNG.sync.write(png));
  return path;
};

const evaluating = (path: string) => ['evaluate', '--model-file', path];

const mistakes: [mistake: string, words: Words, message: RegExp][] = [
  ['an unknown flag', () => ['--epocs', '3'], /unknown option '--epocs'\n\(Did you mean --epochs\?\)/],
  ['an unknown command', () => ['evalute'], /There is no command "evalute"; there are train, evaluate and predict/],
  [
    'no epochs',
    () => ['--epochs', '0'],
    /'--epochs <N>' argument '0' is invalid. It must be a whole number of at least 1/,
  ],
  ['half a batch', () => ['--batch', '1.5'], /'1.5' is invalid. It must be a whole number/],
  ['a huge seed', () => ['--seed', '4294967296'], /It must be a whole number from 0 to 4294967295/],
  ['an unknown network', () => ['--model', 'vgg'], /'vgg' is invalid. Allowed choices are lenet, mlp, cnn/],
  ['an unknown backend', () => ['--backend', 'gpu'], /'gpu' is invalid. Allowed choices are native, reference/],
  ['no model to evaluate', () => ['evaluate'], /required option '--model-file <FILE>' not specified/],
  ['nothing to predict', () => ['predict', '--model-file', 'm.h5'], /missing required argument 'images'/],
  ['too much held out', () => ['--limit', '10', '--validation', '10'], /--validation 10 leaves nothing of 10 images/],

  [
    'an output below a file',
    inFile('a', '', (a) => ['--out', join(a, 'b')]),
    /Nothing can be written to .*a\/b \(ENOTDIR/,
  ],
  [
    'an output that is a file',
    inFile('a', '', (a) => ['--out', a]),
    /Nothing can be written to .*a \(.*\); choose another/,
  ],
  ['a directory in a file’s place', blocked, /graph\.svg is a directory, where a file must go; choose another --out/],
  ['nothing to resume', (directory) => ['--resume', '--out', directory], /There is no .*checkpoint\.h5 to go on from/],

  ['missing data', (directory) => ['--data', directory], /train-images-idx3-ubyte does not exist/],
  ['truncated data', images(Buffer.concat([idx(60_000, 28, 28), Buffer.alloc(99)])), /train-images.* is cut short/],
  ['another magic number', images('GIF89a, not IDX'), /train-images.* is no IDX file: its magic number is 47 49 46 38/],
  ['another checksum', images(Buffer.concat([idx(1, 28, 28), Buffer.alloc(784)])), /SHA-256 is [0-9a-f]{64}, expected/],

  ['no model file', (directory) => evaluating(join(directory, 'none.h5')), /none\.h5: cannot be read: no such file/],
  ['an empty model file', inFile('m.h5', '', evaluating), /m\.h5: the file is empty/],
  ['a model file of another format', inFile('m.h5', 'text', evaluating), /m\.h5: this is not an HDF5 file/],
  ['a truncated model file', truncated, /cut\.h5: the file is truncated or damaged/],
  ['weights without a model', weightsAlone, /weights\.h5: the file holds weights alone/],
  [
    'a model for something else',
    async (d) => evaluating(await savedModel(d, 5)),
    /from \[5\] to \[10\]; one from \[1, 28, 28\]/,
  ],
  [
    'scores that are no numbers',
    async (d) => evaluating(await damagedModel(d)),
    /The network answers NaN, .*; train it/,
  ],
  [
    'an image’s scores that are no numbers',
    async (d) => ['predict', '--model-file', await damagedModel(d), onePixel(d)],
    /The network answers NaN, which tells no digit/,
  ],
  ['a model that is no checkpoint', modelAsCheckpoint, /checkpoint\.h5: the file holds a model, not a trainer/],
];

test.each(mistakes)('explains %s, without a stack trace', async (_, words, message) => {
  const directory = temporaryDirectory();
  const outcome = await demo(...(await words(directory)));
  expect(outcome.err).toMatch(message);
  expect(outcome.err).not.toMatch(/^\s+at /m);
  expect(outcome).toMatchObject({ status: 1, out: '' });
});

test('explains other settings than the checkpoint’s', async () => {
  const out = temporaryDirectory();
  expect(await demo('--model', 'mlp', '--limit', '100', '--epochs', '1', '--out', out)).toMatchObject({ status: 0 });
  const { status, err } = await demo('--resume', '--epochs', '2', '--limit', '100', '--out', out);
  expect(status).toBe(1);
  expect(err).toMatch(
    /checkpoint\.h5 was made with --epochs 1, .*: leave out --epochs 2, or train anew without --resume/,
  );
});

test('refuses to go on with other kernels than the run began with', async () => {
  const out = temporaryDirectory();
  expect(await demo('--model', 'mlp', '--limit', '100', '--epochs', '1', '--out', out)).toMatchObject({ status: 0 });
  const backend = currentBackend();
  onTestFinished(() => useBackend(backend));
  useBackend({ ...referenceBackend, name: 'other' });
  const { status, err } = await demo('--resume', '--out', out);
  expect(status).toBe(1);
  expect(err).toMatch(
    new RegExp(`was made with --backend ${backend.name}, .*: pass --backend ${backend.name}, or train anew without`),
  );
});

test('leaves nothing behind when the data cannot be read', async () => {
  const directory = temporaryDirectory();
  const out = join(directory, 'new', 'out');
  expect(await demo('--data', directory, '--out', out)).toMatchObject({ status: 1 });
  expect(readdirSync(out)).toEqual([]);
});

test('explains what it does not understand of the environment', async () => {
  const outcome = await demoProcess(['evaluate', '--model-file', 'm.h5'], { env: { NN_THREADS: 'many' } });
  expect(outcome).toEqual({
    status: 1,
    out: '',
    err: 'NN_THREADS=many is not understood; use a whole number from 1 to 256.\n',
  });
});

test('does not hide a fault of the program', async () => {
  const fault = new TypeError('undefined is not a function');
  await expect(explained({ write: () => {} }, () => Promise.reject(fault))).rejects.toBe(fault);
});

function blocked(directory: string): string[] {
  mkdirSync(join(directory, 'graph.svg'));
  return ['--out', directory];
}

async function truncated(directory: string): Promise<string[]> {
  const bytes = readFileSync(await savedModel(directory, 784));
  return inFile('cut.h5', bytes.subarray(0, bytes.length / 2), evaluating)(directory);
}

async function weightsAlone(directory: string): Promise<string[]> {
  const path = join(directory, 'weights.h5');
  await saveStateDict(path, new Linear({ inFeatures: 2, outFeatures: 1 }).stateDict());
  return evaluating(path);
}

async function modelAsCheckpoint(directory: string): Promise<string[]> {
  renameSync(await savedModel(directory, 784), join(directory, 'checkpoint.h5'));
  return ['--resume', '--out', directory];
}
