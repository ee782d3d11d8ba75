import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel, loadTrainer, save } from '@nn/io';
import * as layers from '@nn/layers';
import { Dropout, Graph, Linear } from '@nn/layers';
import * as losses from '@nn/losses';
import { CrossEntropy, MeanSquaredError } from '@nn/losses';
import * as metrics from '@nn/metrics';
import { Accuracy } from '@nn/metrics';
import * as optim from '@nn/optim';
import { Adam, CosineSchedule } from '@nn/optim';
import { manualSeed, relu, type Tensor, tensor } from '@nn/tensor';
import { type Callback, predict, Trainer, type TrainerOptions } from '@nn/train';
import { drawing } from '@nn/viz';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'nn-saved-'));
const path = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => manualSeed(3));

const known = { ...layers, relu };
const x = tensor(
  Float32Array.from({ length: 24 }, (_, i) => Math.sin(i * i)),
  { shape: [8, 3] },
);
const data = [
  {
    x,
    y: {
      digit: tensor(Int32Array.from({ length: 8 }, (_, i) => i % 2)),
      size: tensor(
        Float32Array.from({ length: 8 }, (_, i) => Math.cos(i)),
        { shape: [8, 1] },
      ),
    },
  },
];

/** `size` reaches no output: only a loss looks at it. */
function trained() {
  const model = new Graph({
    inputs: { x: [3] },
    nodes: {
      trunk: [new Linear({ outFeatures: 5 }), 'x'],
      hidden: [relu, 'trunk'],
      thinned: [new Dropout({ dropProbability: 0.2 }), 'hidden'],
      digit: [new Linear({ outFeatures: 2 }), 'thinned'],
      size: [new Linear({ outFeatures: 1 }), 'thinned'],
      never: [new Linear({ outFeatures: 9 }), 'hidden'],
    },
    outputs: ['digit'],
  });
  return new Trainer(model as unknown as layers.AnyModule, {
    optimizer: new Adam({ learningRate: 0.05 }),
    losses: { digit: new CrossEntropy(), size: { loss: new MeanSquaredError(), weight: 0.5 } },
    metrics: { digit: [new Accuracy()] },
    schedule: new CosineSchedule(),
  });
}

const numbers = ({ model }: Trainer) => [...model.stateDict()].map(([key, { data }]) => [key, [...data]]);

describe('a saved model is for inference', () => {
  test('predict, draw and save work', async () => {
    const trainer = trained();
    await trainer.fit({ train: data, epochs: 3 });
    await save(path('model.h5'), trainer.model);
    const model = await loadModel(path('model.h5'), known);
    const expected = (await predict(trainer.model, x)) as Tensor;
    expect(((await predict(model, x)) as Tensor).toArray()).toEqual(expected.toArray());
    expect(await drawing(model)).toContain('digit Linear');
    await save(path('again.h5'), model);
    const again = await loadModel(path('again.h5'), known);
    expect(((await predict(again, x)) as Tensor).toArray()).toEqual(expected.toArray());
  });

  test('training calls say what is missing', async () => {
    await save(path('model.h5'), trained().model);
    const model = await loadModel(path('model.h5'), known);
    const make = (options: object) => () => new Trainer(model, options as TrainerOptions);
    expect(make({})).toThrow(/Trainer needs an optimizer, such as new Adam/);
    expect(make({ optimizer: new Adam() })).toThrow(/Trainer needs losses: .*such as new CrossEntropy\(\)/);
    await expect(loadTrainer(path('model.h5'), { layers: known, losses, optim })).rejects.toThrow(
      /model\.h5: the file holds a model, not a trainer; read it with loadModel/,
    );
  });
});

describe('a saved trainer', () => {
  test('keeps losses, metrics, optimizer and position, and the nodes that its losses look at', async () => {
    const whole = trained();
    await whole.fit({ train: data, epochs: 6 });

    manualSeed(3);
    const first = trained();
    const stopping: Callback = {
      onEpochEnd: ({ epoch }) => {
        if (epoch === 2) first.stop();
      },
    };
    await first.fit({
      train: data,
      epochs: 6,
      callbacks: [stopping],
    });
    await save(path('trainer.h5'), first);
    manualSeed(99);
    const second = await loadTrainer(path('trainer.h5'), { layers: known, losses, metrics, optim });
    expect(second.losses).toEqual(first.losses);
    expect(second.metrics).toEqual(first.metrics);
    expect(second.optimizer.kind).toBe('Adam');
    expect(second.position).toEqual(first.position);
    expect(second.position.step).toBe(2);
    expect([...second.model.stateDict().keys()]).toEqual(
      ['trunk', 'digit', 'size'].flatMap((node) => [`${node}.weight`, `${node}.bias`]),
    );
    await second.fit({ train: data, epochs: 6, resume: true });
    expect(numbers(second)).toEqual(numbers(whole));
  });

  test('is drawn with the nodes that a loss looks at, without those that nothing does', async () => {
    const svg = await drawing(trained());
    for (const box of ['size Linear', 'MeanSquaredError', 'target of size', 'Adam']) expect(svg).toContain(box);
    expect(svg).not.toContain('never');
  });
});
