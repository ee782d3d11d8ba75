import fs from 'node:fs';
import { DataLoader, TensorDataset } from '@nn/data';
import * as layers from '@nn/layers';
import * as losses from '@nn/losses';
import * as metrics from '@nn/metrics';
import * as optim from '@nn/optim';
import { manualSeed, normal, randomState, relu, tensor } from '@nn/tensor';
import { EarlyStopping, Trainer, type TrainingOptions } from '@nn/train';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Checkpoints, type CheckpointsOptions, latestCheckpoint, loadTrainer } from '../src/index.js';
import { temporaryFolder } from './folder.js';

const path = temporaryFolder();
const classes = { layers: { ...layers, relu }, losses, metrics, optim };
afterEach(() => vi.restoreAllMocks());

function loader(samples: number, seed: number) {
  const x = tensor(
    Float32Array.from({ length: samples * 4 }, (_, i) => Math.sin(seed + i * i)),
    { shape: [samples, 4] },
  );
  const y = tensor(Int32Array.from({ length: samples }, (_, i) => (x.data[4 * i] > 0 ? 2 : i % 2)));
  return new DataLoader(new TensorDataset({ x, y }), { batchSize: 8, shuffle: true });
}

function trainerOf(): Trainer {
  manualSeed(3);
  const model = new layers.Sequential(
    [
      new layers.Linear({ outFeatures: 8 }),
      new layers.BatchNorm1d(),
      relu,
      new layers.Dropout({ dropProbability: 0.3 }),
      new layers.Linear({ outFeatures: 3 }),
    ],
    { input: [4] },
  );
  return new Trainer(model, {
    optimizer: new optim.Adam({ learningRate: 0.02 }),
    losses: new losses.CrossEntropy(),
    metrics: [new metrics.Accuracy()],
    schedule: new optim.CosineSchedule(),
  });
}

/** Five steps an epoch; the checkpoints come before another callback that keeps something. */
const options = (checkpoints: Partial<CheckpointsOptions>) => ({
  train: loader(37, 1),
  validation: loader(20, 2),
  epochs: 4,
  callbacks: [
    new Checkpoints({ directory: path('run'), ...checkpoints }),
    new EarlyStopping({ monitor: 'train.accuracy', mode: 'min', patience: 3 }),
  ],
});

const files = () => fs.readdirSync(path('run')).sort();

const outcome = (trainer: Trainer) => ({
  weights: [...trainer.model.stateDict()].map(([key, { data }]) => [key, [...data]]),
  moments: [...trainer.state().optimizer.tensors].map(([key, { data }]) => [key, [...data]]),
  random: randomState(),
  callbacks: Object.values(trainer.state().callbacks).map(({ values }) => values),
  history: trainer.position.history.map(({ seconds: _, ...record }) => record),
});

/** Trains up to a step, as a process that is then killed. */
async function killedAt(step: number, given: TrainingOptions) {
  for await (const event of trainerOf().training(given)) if (event.type === 'step' && event.step === step) return;
}

describe('checkpoints', () => {
  it('are written every epoch, and the last is kept', async () => {
    await trainerOf().fit(options({}));
    expect(files()).toEqual(['step-000000020.h5']);
  });

  it('are written every few steps or epochs, and the last few are kept', async () => {
    await trainerOf().fit(options({ everySteps: 3, keepLast: 2 }));
    expect(files()).toEqual(['step-000000015.h5', 'step-000000018.h5']);
    fs.rmSync(path('run'), { recursive: true });
    await trainerOf().fit(options({ everyEpochs: 2, keepLast: 9 }));
    expect(files()).toEqual(['step-000000010.h5', 'step-000000020.h5']);
    fs.rmSync(path('run'), { recursive: true });
    await trainerOf().fit(options({ everyEpochs: 3, everySteps: 8, keepLast: 9 }));
    expect(files()).toEqual([8, 15, 16].map((step) => `step-${String(step).padStart(9, '0')}.h5`));
  });

  it('keep the best epoch too', async () => {
    const given = options({ monitor: 'train.accuracy', mode: 'min' });
    const trainer = trainerOf();
    const { epochs } = await trainer.fit(given);
    const accuracies = epochs.map(({ train }) => train.metrics.accuracy as number);
    const epoch = accuracies.indexOf(Math.min(...accuracies)) + 1;
    expect((given.callbacks[0] as Checkpoints).best).toEqual({ epoch, value: Math.min(...accuracies) });
    expect(files()).toEqual(['best.h5', 'step-000000020.h5']);
    expect((await loadTrainer(path('run/best.h5'), classes)).position).toMatchObject({ epoch, step: 5 * epoch });
  });

  it.each([
    [{ everySteps: 3 }, 13, 12],
    [{ everySteps: 5, everyEpochs: 1 }, 11, 10],
    [{ monitor: 'validation.accuracy' }, 17, 15],
  ])('with %o, go on bit for bit after the process was killed at step %i', async (given, step, kept) => {
    const whole = trainerOf();
    const history = await whole.fit(options(given));
    const expected = outcome(whole);
    fs.rmSync(path('run'), { recursive: true });
    await killedAt(step, options(given));

    manualSeed(12345);
    normal([7]);
    const trainer = await loadTrainer(latestCheckpoint(path('run')) as string, classes);
    expect(trainer.position.step).toBe(kept);
    const resumed = await trainer.fit({ ...options(given), resume: true });
    expect(resumed.end).toBe(history.end);
    expect(outcome(trainer)).toEqual(expected);
  });

  it('are whole or not there: a full disk leaves the one before, and the run goes on', async () => {
    const rename = fs.renameSync;
    let writes = 0;
    vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      if (++writes === 2) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      rename(from, to);
    });
    const trainer = trainerOf();
    await expect(trainer.fit(options({}))).rejects.toThrow(/callback Checkpoints .* epochEnd: .*the disk is full/);
    expect(files()).toEqual(['step-000000005.h5']);
    await trainer.fit({ ...options({}), resume: true });
    const mended = outcome(trainer);
    fs.rmSync(path('run'), { recursive: true });
    const whole = trainerOf();
    await whole.fit(options({}));
    expect(mended).toEqual(outcome(whole));
  });

  it('of another run are not mixed with', async () => {
    await trainerOf().fit(options({}));
    await expect(trainerOf().fit(options({}))).rejects.toThrow(/has checkpoints of another run, up to step 20; go on/);
    expect(files()).toEqual(['step-000000020.h5']);
  });

  it('of a second fit go on counting', async () => {
    const trainer = trainerOf();
    await trainer.fit(options({}));
    await trainer.fit(options({}));
    expect(files()).toEqual(['step-000000040.h5']);
  });

  it('are found by their step', () => {
    expect(() => latestCheckpoint(path('none'))).toThrow(/ENOENT/);
    fs.mkdirSync(path('run'));
    expect(latestCheckpoint(path('run'))).toBeUndefined();
    for (const name of ['step-000000009.h5', 'step-000000010.h5', 'best.h5', 'step-11.h5.tmp'])
      fs.writeFileSync(path(`run/${name}`), '');
    expect(latestCheckpoint(path('run'))).toBe(path('run/step-000000010.h5'));
  });

  it.each([
    [{}, /needs the directory/],
    [{ directory: 'x', every: 3 }, /no option "every"/],
    [{ directory: 'x', keepLast: 0 }, /keepLast is a whole number from 1/],
    [{ directory: 'x', everySteps: 1.5 }, /everySteps is a whole number/],
    [{ directory: 'x', monitor: 'loss' }, /Checkpoints: monitor is train or validation/],
  ])('refuse %o', (given, message) => {
    expect(() => new Checkpoints(given as CheckpointsOptions)).toThrow(message);
  });
});
