import fs from 'node:fs';
import { Graph, Lambda, Sequential, UnbuiltError } from '@nn/layers';
import { add, manualSeed, normal, randomState, relu, type Tensor, tensor } from '@nn/tensor';
import { expect, test } from 'vitest';
import { encode } from '../src/encode.js';
import { loadModel, loadStateDict, save, saveStateDict } from '../src/index.js';
import { modelContents } from '../src/model.js';
import { temporaryFolder } from './folder.js';
import { Dense } from './layers.js';

const path = temporaryFolder();
const classes = { Sequential, Graph, Lambda, Dense, relu };
const network = () => new Sequential([new Dense({ features: 8 }), relu, new Dense({ features: 3 })], { input: [5] });

/** The weights of a model as a file holds them, with `change` made to them. */
async function writeChanged(change: (weights: Map<string, { shape: readonly number[]; data: Float32Array }>) => void) {
  const contents = modelContents(network());
  change(contents.groups.weights as Map<string, { shape: readonly number[]; data: Float32Array }>);
  fs.writeFileSync(path('changed.h5'), await encode(contents));
  return path('changed.h5');
}

test('a loaded model gives the same outputs, to the last bit', async () => {
  const model = network();
  const x = normal([4, 5]);
  await save(path('model.h5'), model);
  manualSeed(99);
  const before = randomState();
  const loaded = await loadModel<Sequential>(path('model.h5'), classes);
  expect(randomState()).toEqual(before);
  expect(loaded.run(x).data).toEqual(model.run(x).data);
  expect([...loaded.stateDict().keys()]).toEqual([
    '0.weight',
    '0.bias',
    '0.run_count',
    '2.weight',
    '2.bias',
    '2.run_count',
  ]);
  expect(loaded.training).toBe(false);
  expect(model.training).toBe(true);
  expect([...(await loadStateDict(path('model.h5'))).keys()]).toEqual([...model.stateDict().keys()]);
});

test('a layer on two nodes stays one layer, and is stored once', async () => {
  const shared = new Dense({ features: 100 });
  const model = new Graph({
    inputs: { left: [100], right: [100] },
    nodes: { a: [shared, 'left'], b: [shared, 'right'], sum: [new Sequential([relu]), 'a'] },
    outputs: ['sum', 'b'],
  });
  model.build();
  await save(path('shared.h5'), model);
  expect(fs.statSync(path('shared.h5')).size).toBeLessThan(60_000);
  const loaded = await loadModel<typeof model>(path('shared.h5'), classes);
  expect(loaded.parameters()).toHaveLength(2);
  const [x, y] = [normal([2, 100]), normal([2, 100])];
  const [actual, expected] = [loaded.run(x, y), model.run(x, y)];
  expect(add(actual.sum, actual.b).data).toEqual(add(expected.sum, expected.b).data);
});

test('frozen parameters stay frozen', async () => {
  const model = network();
  model.build();
  (model.children()[0][1] as Dense).freeze();
  await save(path('frozen.h5'), model);
  const loaded = await loadModel(path('frozen.h5'), classes);
  const trainable = [...loaded.namedParameters()].filter(([, parameter]) => parameter.trainable);
  expect(trainable.map(([name]) => name)).toEqual(['2.weight', '2.bias']);
});

test('a model whose sizes are not known cannot be saved, and nothing is written', async () => {
  await expect(save(path('unbuilt.h5'), new Dense({ features: 2 }))).rejects.toThrow(UnbuiltError);
  expect(fs.readdirSync(path(''))).toEqual([]);
});

test('an anonymous function cannot be saved, and nothing is written', async () => {
  const model = new Sequential([new Dense({ features: 2 }), (x: Tensor) => add(x, 1)], { input: [3] });
  await expect(save(path('anonymous.h5'), model)).rejects.toThrow(/anonymous function.+declare it with a name/);
  expect(fs.readdirSync(path(''))).toEqual([]);
});

test('a layer that is not passed is named, with the remedy', async () => {
  await save(path('model.h5'), network());
  await expect(loadModel(path('model.h5'), { Sequential, Lambda, relu })).rejects.toThrow(
    /model\.h5: .*"Dense".*pass it: \{ \.\.\.layers, Dense \}/,
  );
  await expect(loadModel(path('model.h5'), { Sequential, Lambda, Dense })).rejects.toThrow(/model\.h5: .*"relu"/);
});

test.each<[string, (weights: Map<string, { shape: readonly number[]; data: Float32Array }>) => void, RegExp]>([
  ['missing', (weights) => weights.delete('2.bias'), /changed\.h5: .*missing: 2\.bias/],
  ['too many', (weights) => weights.set('9.bias', { shape: [1], data: new Float32Array(1) }), /unexpected: 9\.bias/],
  [
    'of another shape',
    (weights) => weights.set('0.bias', { shape: [9], data: new Float32Array(9) }),
    /0\.bias is \[9\], the model's \[8\]/,
  ],
])('weights that are %s are an error', async (_, change, message) => {
  await expect(loadModel(await writeChanged(change), classes)).rejects.toThrow(message);
});

test.each([
  ['no object', 7],
  ['a root out of range', { root: 5, modules: [], inputs: null, frozen: [] }],
  ['a module inside itself', { root: 0, modules: [{ kind: 'Sequential', options: { layers: [{ $module: 0 }] } }] }],
  ['options of another layer', { root: 0, modules: [{ kind: 'Sequential', options: { features: 1 } }] }],
])('a topology that is %s is a FileError', async (_, topology) => {
  const bytes = await encode({ kind: 'model', documents: { topology }, groups: { weights: new Map() } });
  fs.writeFileSync(path('odd.h5'), bytes);
  await expect(loadModel(path('odd.h5'), classes)).rejects.toMatchObject({ name: 'FileError', path: path('odd.h5') });
});

test('a file of weights alone says how to read it', async () => {
  await saveStateDict(path('weights.h5'), { weight: tensor([1]) });
  await expect(loadModel(path('weights.h5'), classes)).rejects.toThrow(/weights alone.*loadStateDict/);
});
