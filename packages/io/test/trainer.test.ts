import { DataLoader, TensorDataset } from '@nn/data';
import * as layers from '@nn/layers';
import * as losses from '@nn/losses';
import * as metrics from '@nn/metrics';
import * as optim from '@nn/optim';
import { manualSeed, normal, randomState, relu, type Tensor, tensor } from '@nn/tensor';
import { type Callback, EarlyStopping, Trainer, type TrainerOptions } from '@nn/train';
import { expect, test } from 'vitest';
import { encode } from '../src/encode.js';
import { loadModel, loadTrainer, save, writeFileAtomically } from '../src/index.js';
import { fromJson, toJson } from '../src/json.js';
import { temporaryFolder } from './folder.js';
import { Dense } from './layers.js';

const path = temporaryFolder();
const classes = { layers: { ...layers, Dense, relu }, losses, metrics, optim };
const samples = 40;

function loader(): DataLoader<{ x: Tensor; y: Tensor }> {
  const x = tensor(
    Float32Array.from({ length: samples * 5 }, (_, i) => Math.sin(i * i)),
    { shape: [samples, 5] },
  );
  const y = tensor(Int32Array.from({ length: samples }, (_, i) => (Math.sin(i * i * 25) > 0 ? 2 : i % 2)));
  return new DataLoader(new TensorDataset({ x, y }), { batchSize: 8, shuffle: true });
}

function trainerOf(options: Partial<TrainerOptions> = {}): Trainer {
  manualSeed(3);
  const model = new layers.Sequential(
    [new Dense({ features: 8 }), relu, new layers.Dropout({ dropProbability: 0.3 }), new Dense({ features: 3 })],
    { input: [5] },
  );
  model.build();
  return new Trainer(model, {
    optimizer: new optim.Adam({ learningRate: 0.01, weightDecay: 1e-3 }),
    losses: new losses.CrossEntropy({ labelSmoothing: 0.1 }),
    metrics: [new metrics.Accuracy(), new metrics.TopK({ k: 2 })],
    schedule: new optim.CosineSchedule({ warmup: 3 }),
    clip: { norm: 1 },
    ...options,
  });
}

/** Options that interrupt a run after some steps, as Ctrl-C does. */
function interruptedAfter(step: number, callbacks: readonly Callback[] = []) {
  const controller = new AbortController();
  const interrupting: Callback = {
    onStep: (event) => {
      if (event.step === step) controller.abort();
    },
  };
  return { callbacks: [...callbacks, interrupting], signal: controller.signal };
}

const weightsOf = (trainer: Trainer) => [...trainer.model.stateDict()].map(([key, { data }]) => [key, [...data]]);

/** What a trainer's history says, but for the time it took. */
const figuresOf = (trainer: Trainer) => trainer.position.history.map(({ seconds, ...record }) => record);

test('regularisers are kept', async () => {
  const regularizers = [new layers.L2({ strength: 1e-3 }), new layers.L1({ of: ['0'], name: 'lasso' })];
  await save(path('regularized.h5'), trainerOf({ regularizers }));
  expect((await loadTrainer(path('regularized.h5'), classes)).regularizers).toEqual(regularizers);
});

/** When a run is interrupted, and what it has that others have not. */
const resumed: readonly (readonly [what: string, interruption: number, options: Partial<TrainerOptions>])[] = [
  ['Adam, in the midst of an epoch', 8, { optimizer: new optim.Adam({ learningRate: 0.01 }) }],
  ['Adam and CosineSchedule, between epochs', 10, { schedule: new optim.CosineSchedule({ warmup: 3 }) }],
  ['SGD with Nesterov', 7, { optimizer: new optim.SGD({ learningRate: 0.05, momentum: 0.9, nesterov: true }) }],
  ['AdamW, eagerly', 3, { optimizer: new optim.AdamW({ learningRate: 0.02 }), capture: false }],
  ['RMSprop', 8, { optimizer: new optim.RMSprop({ momentum: 0.5, centered: true }) }],
  ['Adagrad', 8, { optimizer: new optim.Adagrad({ learningRateDecay: 0.1, initialAccumulatorValue: 0.1 }) }],
  ['Adadelta', 8, { optimizer: new optim.Adadelta() }],
  ['NAdam', 8, { optimizer: new optim.NAdam({ learningRate: 0.02, decoupledWeightDecay: true, weightDecay: 0.1 }) }],
  ['Lion', 8, { optimizer: new optim.Lion({ learningRate: 0.01 }) }],
  ['a constant rate', 8, { schedule: new optim.ConstantSchedule() }],
  ['StepSchedule', 8, { schedule: new optim.StepSchedule({ every: 1, per: 'epoch' }) }],
  ['MultiStepSchedule', 8, { schedule: new optim.MultiStepSchedule({ milestones: [3, 9] }) }],
  ['ExponentialSchedule', 8, { schedule: new optim.ExponentialSchedule({ factor: 0.9 }) }],
  ['CosineWarmRestarts', 8, { schedule: new optim.CosineWarmRestarts({ steps: 3, multiplier: 2 }) }],
  ['OneCycleSchedule', 8, { schedule: new optim.OneCycleSchedule({ divisor: 5 }) }],
  [
    'LinearWarmup before another',
    4,
    { schedule: new optim.LinearWarmup({ steps: 6, next: new optim.CosineSchedule() }) },
  ],
  [
    'ReduceOnPlateau, in an epoch after a reduction',
    13,
    { schedule: new optim.ReduceOnPlateau({ monitor: 'train.accuracy', mode: 'max', patience: 0, threshold: 0.5 }) },
  ],
];

test.each(resumed)(
  'trap: nothing is reset: a saved run goes on in fresh objects as if nothing had happened: %s',
  async (_, interruption, options) => {
    const run = { epochs: 4, validation: loader() };
    const whole = trainerOf(options);
    await whole.fit({ train: loader(), ...run });

    const first = trainerOf(copyOptimizer(options));
    await first.fit({ train: loader(), ...run, ...interruptedAfter(interruption) });
    expect(first.position.step).toBe(interruption);
    await save(path('checkpoint.h5'), first);
    manualSeed(12345);
    normal([100], { from: 'dropout' });

    const second = await loadTrainer(path('checkpoint.h5'), classes);
    expect(second.optimizer).not.toBe(first.optimizer);
    expect(second.schedule).toEqual(first.schedule);
    await second.fit({ train: loader(), ...run, resume: true });
    expect(weightsOf(second)).toEqual(weightsOf(whole));
    expect(figuresOf(second)).toEqual(figuresOf(whole));
    expect(second.state().optimizer.tensors.size).toBeGreaterThan(0);
  },
);

test('every optimizer and schedule has gone on from a file', () => {
  const saved = new Set(resumed.flatMap(([, , { optimizer, schedule }]) => [optimizer?.kind, schedule?.kind]));
  const kinds = Object.entries(optim).flatMap(([name, value]) =>
    typeof value === 'function' &&
    (value.prototype instanceof optim.Optimizer || value.prototype instanceof optim.Schedule)
      ? [name]
      : [],
  );
  expect(kinds.filter((kind) => !saved.has(kind))).toEqual([]);
});

/** The same options with an optimizer of their own, as an optimizer remembers what it trained. */
function copyOptimizer(options: Partial<TrainerOptions>): Partial<TrainerOptions> {
  const { optimizer } = options;
  if (!optimizer) return options;
  const Again = optimizer.constructor as new (options: object) => optim.Optimizer;
  return { ...options, optimizer: new Again(optimizer.options) };
}

test('loading puts every part and every random stream back', async () => {
  const trainer = trainerOf();
  await trainer.fit({ train: loader(), epochs: 1 });
  await save(path('trainer.h5'), trainer);
  const random = randomState();
  const position = trainer.position;
  manualSeed(1);
  const loaded = await loadTrainer(path('trainer.h5'), classes);
  expect(randomState()).toEqual(random);
  expect(loaded.position).toEqual(position);
  expect(loaded.optimizer).toBeInstanceOf(optim.Adam);
  expect(loaded.optimizer.options).toEqual(trainer.optimizer.options);
  expect(loaded.optimizer.learningRate).toBe(trainer.optimizer.learningRate);
  expect(loaded.losses).toEqual(trainer.losses);
  expect(loaded.metrics).toEqual(trainer.metrics);
  expect(loaded.schedule).toEqual(trainer.schedule);
  expect(loaded.clip).toEqual({ norm: 1 });
});

test('losses by output, with weights, and metrics by output come back', async () => {
  manualSeed(1);
  const model = new layers.Graph({
    inputs: { x: [5] },
    nodes: { digit: [new Dense({ features: 3 }), 'x'], size: [new Dense({ features: 1 }), 'x'] },
    outputs: ['digit', 'size'],
  });
  model.build();
  const trainer = new Trainer(model as unknown as layers.AnyModule, {
    optimizer: new optim.SGD(),
    losses: { digit: new losses.CrossEntropy(), size: { loss: new losses.MeanSquaredError(), weight: 0.25 } },
    metrics: { digit: [new metrics.Accuracy()], size: [new metrics.MeanAbsoluteError()] },
  });
  await save(path('two.h5'), trainer);
  const loaded = await loadTrainer(path('two.h5'), classes);
  expect(loaded.losses).toEqual(trainer.losses);
  expect(loaded.metrics).toEqual(trainer.metrics);
  expect((loaded.losses as { size: { loss: unknown } }).size.loss).toBeInstanceOf(losses.MeanSquaredError);
  expect((loaded.metrics as { size: unknown[] }).size[0]).toBeInstanceOf(metrics.MeanAbsoluteError);
});

test('early stopping goes on with the best weights that it knew', async () => {
  const stopping = () => new EarlyStopping({ patience: 5, mode: 'max' });
  const whole = trainerOf();
  const wholeStopping = stopping();
  await whole.fit({ train: loader(), validation: loader(), epochs: 4, callbacks: [wholeStopping] });
  const first = trainerOf();
  await first.fit({ train: loader(), validation: loader(), epochs: 4, ...interruptedAfter(12, [stopping()]) });
  await save(path('stopping.h5'), first);
  const second = await loadTrainer(path('stopping.h5'), classes);
  const resumedStopping = stopping();
  await second.fit({ train: loader(), validation: loader(), epochs: 4, callbacks: [resumedStopping], resume: true });
  expect(wholeStopping.best?.epoch).toBe(1);
  expect(resumedStopping.best).toEqual(wholeStopping.best);
  expect(weightsOf(second)).toEqual(weightsOf(whole));
});

test('a model can be read from a file of a trainer, and a trainer from no other', async () => {
  const trainer = trainerOf();
  await save(path('trainer.h5'), trainer);
  const model = await loadModel<layers.Sequential>(path('trainer.h5'), classes.layers);
  const x = normal([2, 5]);
  expect(model.run(x).data).toEqual((trainer.model.eval() as layers.Sequential).run(x).data);
  await save(path('model.h5'), trainer.model);
  await expect(loadTrainer(path('model.h5'), classes)).rejects.toThrow(
    /model\.h5: the file holds a model, not a trainer/,
  );
});

test('a part whose class is not passed is named, with its role', async () => {
  class Mine extends losses.CrossEntropy {
    static override readonly kind = 'Mine';
  }
  await save(path('mine.h5'), trainerOf({ losses: new Mine() }));
  await expect(loadTrainer(path('mine.h5'), classes)).rejects.toThrow(/mine\.h5: .*"Mine", which is of its losses/);
  const loaded = await loadTrainer(path('mine.h5'), { ...classes, losses: { Mine } });
  expect(loaded.losses).toBeInstanceOf(Mine);
  await expect(loadTrainer(path('mine.h5'), { ...classes, losses: { Mine }, optim: {} })).rejects.toThrow(
    /"Adam".*optimizer/,
  );
});

test('a metric of no class is asked for, and can be given', async () => {
  const own = {
    name: 'own',
    options: {},
    init: () => 0,
    update: (state: unknown) => (state as number) + 1,
    result: () => 1,
  };
  await save(path('own.h5'), trainerOf({ metrics: [own] }));
  await expect(loadTrainer(path('own.h5'), classes)).rejects.toThrow(
    /"own", one of its metrics.*static kind.*loadTrainer/,
  );
  const loaded = await loadTrainer(path('own.h5'), classes, () => ({ metrics: [own] }));
  expect(loaded.metrics).toEqual([own]);
});

test('a trainer that was given otherwise than it was saved is refused', async () => {
  const trainer = trainerOf();
  await trainer.fit({ train: loader(), maxSteps: 2 });
  await save(path('trainer.h5'), trainer);
  await expect(loadTrainer(path('trainer.h5'), classes, () => ({ optimizer: new optim.SGD() }))).rejects.toThrow(
    /trainer\.h5: The state is that of Adam, and this optimizer is SGD/,
  );
});

test('a document that is no trainer is a FileError', async () => {
  const { trainerContents } = await import('../src/trainer.js');
  const contents = trainerContents(trainerOf());
  const bytes = await encode({ ...contents, documents: { ...contents.documents, trainer: { parts: {} } } });
  await writeFileAtomically(path('odd.h5'), bytes);
  await expect(loadTrainer(path('odd.h5'), classes)).rejects.toMatchObject({ name: 'FileError' });
});

test('numbers that JSON lacks are kept', () => {
  const value = { a: [NaN, Infinity, -Infinity, -0, 0, 0.1, 5e-324], b: null, c: 'NaN', d: { e: -0 } };
  expect(fromJson(toJson(value))).toEqual(value);
  expect(Object.is((fromJson(toJson([-0])) as number[])[0], -0)).toBe(true);
});

test('groups of parameters are saved by name, with their settings', async () => {
  const grouped = () => {
    const trainer = trainerOf();
    const [first, second] = trainer.model
      .children()
      .map(([, layer]) => layer.parameters())
      .filter(({ length }) => length > 0);
    const parameters = [{ parameters: first, learningRate: 0.002, decay: 'all' as const }, { parameters: second }];
    return new Trainer(trainer.model, {
      optimizer: new optim.SGD({ learningRate: 0.01, weightDecay: 0.1, parameters }),
      losses: new losses.CrossEntropy(),
    });
  };
  const whole = grouped();
  await whole.fit({ train: loader(), epochs: 2 });

  const first = grouped();
  await first.fit({ train: loader(), epochs: 2, ...interruptedAfter(3) });
  await save(path('groups.h5'), first);
  const second = await loadTrainer(path('groups.h5'), classes);
  expect(second.optimizer.parameterGroups?.map(({ parameters, ...settings }) => settings)).toEqual([
    { learningRate: 0.002, decay: 'all' },
    {},
  ]);
  await second.fit({ train: loader(), epochs: 2, resume: true });
  expect(weightsOf(second)).toEqual(weightsOf(whole));
});
