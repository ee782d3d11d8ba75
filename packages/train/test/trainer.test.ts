import { DataLoader, TensorDataset, xor } from '@nn/data';
import { Dropout, Linear, Sequential } from '@nn/layers';
import { CrossEntropy, crossEntropy, Loss, MeanSquaredError } from '@nn/losses';
import { Accuracy, ConfusionMatrix } from '@nn/metrics';
import { Adam, CosineSchedule, LinearWarmup, ReduceOnPlateau, type Schedule, SGD, StepSchedule } from '@nn/optim';
import { backward, fill, manualSeed, type Tensor, tanh, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import {
  evaluate,
  fit,
  type History,
  ProgressBar,
  predict,
  type StepEvent,
  Trainer,
  type TrainingEvent,
} from '../src/index.js';
import { loader, network, numbersOf, points, trainerOf, whole } from './models.js';

/** History without what the clock decides. */
const timeless = ({ epochs, ...rest }: History) => ({
  ...rest,
  epochs: epochs.map(({ seconds, ...record }) => {
    expect(seconds).toBeGreaterThan(0);
    return record;
  }),
});

async function eventsOf(training: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of training) events.push(event);
  return events;
}

describe('training', () => {
  it('learns XOR', async () => {
    manualSeed(1);
    const model = new Sequential([new Linear({ outFeatures: 8 }), tanh, new Linear({ outFeatures: 2 })]);
    const data = new DataLoader(xor(), { batchSize: 'all' });
    const history = await fit(model, {
      optimizer: new Adam({ learningRate: 0.05 }),
      losses: new CrossEntropy(),
      metrics: [new Accuracy()],
      train: data,
      epochs: 200,
    });
    expect(history.epochs).toHaveLength(200);
    const { metrics } = await evaluate(model, { data, metrics: [new Accuracy()] });
    expect(metrics.accuracy).toBe(1);
  });

  it('gives the same bits captured and eager', async () => {
    const run = async (capture: boolean) => {
      manualSeed(3);
      const trainer = trainerOf({ capture });
      const history = await trainer.fit({ train: loader(), validation: loader(11), epochs: 4 });
      return { history: timeless(history), numbers: numbersOf(trainer.model) };
    };
    const [captured, eager] = [await run(true), await run(false)];
    expect(captured).toEqual(eager);
    expect(captured.numbers.every(Number.isFinite)).toBe(true);
  });

  it('trap: sum of batch means: epochs report means over samples, the short last batch weighing less', async () => {
    const model = new Sequential([new Linear({ outFeatures: 3 })], { input: [2] });
    const { x, y } = points(23);
    const trainer = new Trainer(model, {
      optimizer: new SGD({ learningRate: 0 }),
      losses: new CrossEntropy(),
      metrics: [new Accuracy(), new ConfusionMatrix()],
    });
    const { epochs } = await trainer.fit({ train: loader(23, 5), epochs: 1 });
    const expected = await trainer.evaluate(whole(x, y));
    expect(epochs[0].train.loss).toBeCloseTo(expected.loss, 6);
    expect(epochs[0].train.metrics).toEqual(expected.metrics);
    expect(expected.samples).toBe(23);
  });

  it("trap: Adam's step count and moments reset each epoch: k epochs are one run of k·n steps, in several calls of fit too", async () => {
    const data = loader(20, 5, false);
    const run = async (work: (trainer: Trainer) => Promise<unknown>) => {
      manualSeed(9);
      const model = new Sequential([new Linear({ outFeatures: 3 })], { input: [2] });
      const optimizer = new Adam({ learningRate: 0.1 });
      await work(new Trainer(model, { optimizer, losses: new CrossEntropy() }));
      return { numbers: numbersOf(model), optimizer, model };
    };
    const epochs = await run((trainer) => trainer.fit({ train: data, epochs: 3 }));
    const calls = await run(async (trainer) => {
      for (let i = 0; i < 3; i++) await trainer.fit({ train: data });
    });
    const plain = await run(async ({ model, optimizer }) => {
      for (let epoch = 0; epoch < 3; epoch++) {
        for (const { x, y } of data) optimizer.step(backward(new CrossEntropy().run(model.run(x) as Tensor, y)));
      }
    });
    expect(epochs.numbers).toEqual(plain.numbers);
    expect(calls.numbers).toEqual(plain.numbers);
    const { tensors } = epochs.optimizer.state(epochs.model.namedParameters());
    expect(tensors.get('0.weight.step')?.item()).toBe(12);
  });

  it('shuffles anew each epoch, also from one fit to the next', async () => {
    const run = async (calls: number, epochs: number) => {
      manualSeed(4);
      const trainer = trainerOf({ schedule: undefined });
      for (let i = 0; i < calls; i++) await trainer.fit({ train: loader(), epochs });
      return numbersOf(trainer.model);
    };
    expect(await run(2, 1)).toEqual(await run(1, 2));
  });

  it("takes the whole data as one batch with batchSize 'all'", async () => {
    const events = await eventsOf(trainerOf().training({ train: loader(23, 'all'), epochs: 2 }));
    const steps = events.filter((event): event is StepEvent => event.type === 'step');
    expect(steps.map(({ samples, batch, batches }) => [samples, batch, batches])).toEqual([
      [23, 1, 1],
      [23, 1, 1],
    ]);
  });

  it('goes through lists and asynchronous sources as well', async () => {
    const batches = [...loader(10, 5, false)];
    const run = async (train: Parameters<Trainer['fit']>[0]['train']) => {
      manualSeed(2);
      const trainer = trainerOf({ schedule: undefined });
      await trainer.fit({ train, epochs: 2 });
      return numbersOf(trainer.model);
    };
    const asynchronous = {
      async *[Symbol.asyncIterator]() {
        yield* batches;
      },
    };
    expect(await run(asynchronous)).toEqual(await run(batches));
    expect(await run(loader(10, 5, false))).toEqual(await run(batches));
  });

  it('lets timers run', async () => {
    const x = fill([64, 64], 0.5);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const start = performance.now();
    const model = new Sequential([new Linear({ outFeatures: 64 }), tanh, new Linear({ outFeatures: 64 })]);
    await fit(model, {
      optimizer: new Adam(),
      losses: new MeanSquaredError(),
      train: whole(x, x),
      maxSteps: 40,
    });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(Math.min(3, (performance.now() - start) / 60));
  });

  it('leaves the history as JSON', async () => {
    const history = await trainerOf({ metrics: [new Accuracy(), new ConfusionMatrix()] }).fit({
      train: loader(),
      validation: loader(7),
      epochs: 2,
    });
    expect(JSON.parse(JSON.stringify(history))).toEqual(history);
    expect(history.end).toBe('finished');
    expect(history.epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 5],
      [2, 10],
    ]);
    expect(Object.keys(history.epochs[1].validation?.metrics ?? {})).toEqual(['accuracy', 'confusionMatrix']);
  });
});

describe('validation', () => {
  it('trap: validation in evaluation mode on validation data, and modes are as before afterwards', async () => {
    manualSeed(1);
    const still = new Dropout({ dropProbability: 0.5 });
    const model = new Sequential([
      new Linear({ outFeatures: 8 }),
      new Dropout({ dropProbability: 0.9 }),
      still,
      new Linear({ outFeatures: 3 }),
    ]);
    model.build([2]);
    still.eval();
    const trainer = new Trainer(model, { optimizer: new SGD({ learningRate: 0.1 }), losses: new CrossEntropy() });
    const { x, y } = points(9, 77);
    const history = await trainer.fit({ train: loader(), validation: whole(x, y), epochs: 2 });
    expect([...model.modules().values()].map(({ training }) => training)).toEqual([true, true, true, false, true]);
    model.eval();
    expect(history.epochs[1].validation?.loss).toBeCloseTo(new CrossEntropy().run(model.run(x), y).item(), 6);
  });

  it('trains in training mode even after a model was evaluated by hand', async () => {
    const trainer = trainerOf();
    trainer.model.eval();
    await trainer.fit({ train: loader() });
    expect(trainer.model.training).toBe(true);
  });

  it('changes no number of the model', async () => {
    const run = async (validation: boolean) => {
      manualSeed(6);
      const trainer = trainerOf();
      await trainer.fit({ train: loader(), epochs: 2, ...(validation && { validation: loader(9) }) });
      return numbersOf(trainer.model);
    };
    expect(await run(true)).toEqual(await run(false));
  });
});

describe('the learning rate', () => {
  const rates = async (schedule: CosineSchedule | StepSchedule, options: { epochs?: number; maxSteps?: number }) => {
    const trainer = trainerOf({ schedule, optimizer: new SGD({ learningRate: 2 }), clip: { value: 0.01 } });
    const events = await eventsOf(trainer.training({ train: loader(20, 5), ...options }));
    return events.flatMap((event) => (event.type === 'step' ? [event.learningRate] : []));
  };

  it('follows a schedule by steps over the whole run', async () => {
    const expected = Array.from({ length: 8 }, (_, i) => expect.closeTo(1 + Math.cos((Math.PI * i) / 8), 10));
    expect(await rates(new CosineSchedule(), { epochs: 2 })).toEqual(expected);
    expect(await rates(new CosineSchedule(), { maxSteps: 8 })).toEqual(expected);
  });

  it('reduces the rate where a figure no longer gets better, and starts each run anew', async () => {
    const schedule = new ReduceOnPlateau({ monitor: 'train.loss', patience: 0, factor: 0.5, threshold: 0.9 });
    const trainer = trainerOf({ schedule, optimizer: new SGD({ learningRate: 1e-12 }) });
    const run = async (options: object) => {
      const seen: number[] = [];
      const onEpochEnd = ({ record }: { record: { learningRate: number } }) => void seen.push(record.learningRate);
      await trainer.fit({ train: loader(20, 5, false), callbacks: [{ onEpochEnd }], ...options });
      return seen;
    };
    const falling = [1e-12, 1e-12, 0.5e-12, 0.25e-12];
    expect(await run({ epochs: 4 })).toEqual(falling);
    expect(await run({ epochs: 4 })).toEqual(falling);
  });

  it('says what a schedule lacks that watches a figure', async () => {
    const fitWith = (schedule: Schedule, options: object = {}) =>
      trainerOf({ schedule }).fit({ train: loader(), epochs: 2, ...options });
    await expect(fitWith(new ReduceOnPlateau())).rejects.toThrow(
      /ReduceOnPlateau watches validation.loss, and the run has no validation data; pass validation/,
    );
    const warm = new LinearWarmup({ steps: 1, next: new ReduceOnPlateau({ monitor: 'train.kappa', mode: 'max' }) });
    await expect(fitWith(warm)).rejects.toThrow(
      /LinearWarmup watches train.kappa, which is not measured; there are loss/,
    );
  });

  it('follows a schedule by epochs', async () => {
    const schedule = new StepSchedule({ every: 1, factor: 0.5, per: 'epoch' });
    expect(await rates(schedule, { epochs: 3 })).toEqual([2, 2, 2, 2, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5]);
  });

  it('acts in captured steps', async () => {
    const run = async (learningRate: (step: number) => number) => {
      manualSeed(8);
      const trainer = trainerOf({ schedule: undefined, optimizer: new SGD({ learningRate: 0.1 }) });
      for await (const event of trainer.training({ train: loader(20, 5), epochs: 2 }))
        if (event.type === 'step') trainer.optimizer.learningRate = learningRate(event.step);
      return numbersOf(trainer.model);
    };
    expect(await run(() => 0.1)).not.toEqual(await run((step) => (step < 4 ? 0.1 : 0.05)));
  });
});

describe('the end of a run', () => {
  it('comes at maxSteps, with the epoch that it cut short', async () => {
    const trainer = trainerOf();
    const history = await trainer.fit({ train: loader(), validation: loader(7), maxSteps: 7 });
    expect(history.epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 5],
      [2, 7],
    ]);
    expect(history.epochs[1].validation).toBeDefined();
    expect(trainer.position).toMatchObject({ epoch: 2, batch: 0, step: 7 });
  });

  it('comes after the step under way when the signal is aborted', async () => {
    const trainer = trainerOf();
    const controller = new AbortController();
    const seen: number[] = [];
    const history = await trainer.fit({
      train: loader(),
      epochs: 3,
      signal: controller.signal,
      callbacks: [
        {
          onStep({ step }) {
            seen.push(step);
            if (step === 7) controller.abort();
          },
        },
      ],
    });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(history).toMatchObject({ end: 'aborted', epochs: [{ epoch: 1, step: 5 }] });
    expect(trainer.position).toMatchObject({ epoch: 1, batch: 2, step: 7 });
  });

  it('comes at once when the signal is aborted already', async () => {
    const history = await trainerOf().fit({ train: loader(), signal: AbortSignal.abort() });
    expect(history).toEqual({ end: 'aborted', epochs: [] });
  });

  it('comes when a callback asks for it, with its reason', async () => {
    const history = await trainerOf().fit({
      train: loader(),
      epochs: 9,
      callbacks: [{ onEpochEnd: ({ epoch }, trainer) => (epoch === 2 ? trainer.stop('enough') : undefined) }],
    });
    expect(history).toMatchObject({ end: 'stopped', reason: 'enough' });
    expect(history.epochs).toHaveLength(2);
  });

  it('comes when a loop over events is left, and another run may begin', async () => {
    const trainer = trainerOf();
    for await (const event of trainer.training({ train: loader(), validation: loader(7), epochs: 2 }))
      if (event.type === 'validationStep') break;
    expect(trainer.model.training).toBe(true);
    expect(await trainer.fit({ train: loader() })).toMatchObject({ end: 'finished', epochs: [{ epoch: 1, step: 5 }] });
  });
});

describe('events', () => {
  it('come in order, to callbacks and loops alike', async () => {
    const told: string[] = [];
    const note = (event: TrainingEvent) => void told.push(event.type);
    const callback = {
      onStart: note,
      onEpochStart: note,
      onStep: note,
      onValidationStep: note,
      onEpochEnd: note,
      onEnd: note,
    };
    const training = trainerOf().training({
      train: loader(10, 5),
      validation: loader(4, 2),
      epochs: 2,
      callbacks: [callback],
    });
    const seen = (await eventsOf(training)).map(({ type }) => type);
    const epoch = ['epochStart', 'step', 'step', 'validationStep', 'validationStep', 'epochEnd'];
    expect(seen).toEqual(['start', ...epoch, ...epoch, 'end']);
    expect(told).toEqual(seen);
  });

  it('wait for callbacks', async () => {
    let finished = 0;
    await trainerOf().fit({
      train: loader(10, 5),
      callbacks: [
        {
          async onStep() {
            await new Promise((resolve) => setTimeout(resolve, 1));
            finished++;
          },
        },
        { onStep: ({ step }) => expect(finished).toBe(step) },
      ],
    });
    expect(finished).toBe(2);
  });

  it('tell the loss of each step, and the means so far', async () => {
    const losses: number[] = [];
    for await (const event of trainerOf().training({ train: loader(10, 5) })) {
      if (event.type !== 'step') continue;
      losses.push(event.loss);
      expect(event.figures.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss) / losses.length, 10);
      expect(event).toMatchObject({ epoch: 1, epochs: 1, batch: losses.length, batches: 2, steps: 2, samples: 5 });
    }
    expect(losses).toHaveLength(2);
  });
});

describe('faults', () => {
  const { x, y } = points(6);
  const linear = () => new Sequential([new Linear({ outFeatures: 3 })], { input: [2] });
  const trainer = (options = {}) =>
    new Trainer(linear(), { optimizer: new SGD({ learningRate: 0.1 }), losses: new CrossEntropy(), ...options });

  it('NaN names the step and what to do', async () => {
    const broken = tensor(
      Float32Array.from(x.data, (value, i) => (i === 11 ? Number.NaN : value)),
      { shape: [6, 2] },
    );
    const train = [...[0, 1].map(() => ({ x, y })), { x: broken, y }];
    const run = trainer().fit({ train });
    await expect(run).rejects.toThrow(/The loss is NaN at step 3 \(epoch 1, batch 3 of 3\).*it is 0.1.*NN_CHECK=1/);
    await expect(run).rejects.toHaveProperty('name', 'LossError');
  });

  it.each([true, false])('a label out of range names itself and what to do (captured: %s)', async (capture) => {
    const wrong = tensor([0, 1, 2, 3, 0, 1], { dtype: 'i32' });
    const train = [
      { x, y },
      { x, y },
      { x, y },
      { x, y: wrong },
    ];
    await expect(trainer({ capture }).fit({ train })).rejects.toThrow(
      /target 3 at row 3 is outside 0…2, at step 4 \(epoch 1, batch 4 of 4\).*3 classes.*labels are whole numbers from 0 to 2/,
    );
    await expect(trainer({ capture }).evaluate(train)).rejects.toThrow(/in batch 4 of the data to evaluate/);
  });

  it('targets of another shape are explained', async () => {
    const run = trainer({ losses: new MeanSquaredError() }).fit({ train: whole(x, fill([6, 2], 0)) });
    await expect(run).rejects.toThrow(/prediction is \[6, 3\], the target \[6, 2\]; reshape/);
  });

  it('data that gives nothing is an error, in a later epoch too', async () => {
    await expect(trainer().fit({ train: [] })).rejects.toThrow(/train gave no batches/);
    const once = (function* () {
      yield { x, y };
    })();
    await expect(trainer().fit({ train: once, epochs: 2 })).rejects.toThrow(/Epoch 2 .* used up after one epoch/);
    await expect(trainer().evaluate([])).rejects.toThrow(/no batches/);
  });

  it('data of another form is explained', async () => {
    await expect(trainer().fit({ train: [[x, y]] as never })).rejects.toThrow(/must be \{ x, y \}/);
    await expect(trainer().fit({ train: [{ x: { a: x }, y }] })).rejects.toThrow(/by name \(a\).*takes one tensor/);
    await expect(trainer().fit({ train: [{ x }] })).rejects.toThrow(/CrossEntropy.* needs a target/);
  });

  it('options that make no sense are refused', async () => {
    const options = { optimizer: new SGD(), losses: new CrossEntropy() };
    const make = (changed: object) => () => new Trainer(linear(), { ...options, ...changed });
    expect(make({ loss: new CrossEntropy() })).toThrow(/no option "loss"; it has optimizer, losses/);
    expect(make({ losses: undefined })).toThrow(/needs losses/);
    expect(make({ optimizer: undefined })).toThrow(/needs an optimizer/);
    expect(make({ losses: new CrossEntropy({ reduction: 'none' }) })).toThrow(/reduction 'none'/);
    expect(make({ losses: { loss: new CrossEntropy(), weight: Number.NaN } })).toThrow(/weight .* NaN/);
    expect(make({ metrics: [new Accuracy(), new Accuracy()] })).toThrow(/Two metrics are called accuracy/);
    expect(make({ clip: { length: 1 } })).toThrow(/clip is \{ norm: 1 \}.* not \{ length: 1 \}/);
    const fitting = (changed: object) => trainer().fit({ train: whole(x, y), ...changed });
    await expect(fitting({ epoch: 1 })).rejects.toThrow(/no option "epoch"; it has train/);
    await expect(fitting({ epochs: 0 })).rejects.toThrow(/epochs is a whole number from 1/);
    await expect(fitting({ maxSteps: 1.5 })).rejects.toThrow(/maxSteps is a whole number/);
    await expect(fitting({ train: undefined })).rejects.toThrow(/needs train/);
  });

  it.each([
    [{ optimizer: Adam }, /needs an optimizer, such as new Adam.* not the class Adam/],
    [{ losses: crossEntropy }, /must be a loss such as new CrossEntropy\(\).* not the function crossEntropy/],
    [{ losses: CrossEntropy }, /not the class CrossEntropy/],
    [{ losses: {} }, /losses by output, not \{\}/],
    [{ losses: 'mse' }, /not "mse"/],
    [{ losses: [] }, /not an array/],
    [{ losses: { loss: undefined } }, /loss of "loss" must be a loss .* not undefined/],
    [{ metrics: new Accuracy() }, /in an array, such as \[new Accuracy\(\)\], and not as an object of Accuracy/],
    [{ metrics: ['accuracy'] }, /not as "accuracy"/],
    [{ metrics: { label: new Accuracy() } }, /not as an object of Accuracy/],
    [{ metrics: 'accuracy' }, /not as "accuracy"/],
    [{ schedule: () => 1 }, /schedule is one such as new CosineSchedule\(\), not the function/],
    [{ clip: 1 }, /clip is \{ norm: 1 \}.* not 1\./],
    [{ clip: { norm: -1 } }, /0 or more, not \{ norm: -1 \}/],
    [{ clip: { norm: 1, value: 1 } }, /not \{ norm: 1, value: 1 \}/],
    [{ clip: null }, /not null/],
  ])('a trainer refuses %o', (changed, message) => {
    expect(() => trainer(changed)).toThrow(message);
  });

  const dataset = new TensorDataset({ x, y });
  it.each([
    [{ callbacks: new ProgressBar() }, /\[new ProgressBar\(\)\], and not as an object of ProgressBar/],
    [{ callbacks: [ProgressBar] }, /not as the class ProgressBar/],
    [{ train: dataset }, /train is a Dataset; wrap it: new DataLoader\(train, \{ batchSize: 32 \}\)/],
    [{ validation: dataset }, /validation is a Dataset; wrap it/],
    [{ train: { x, y } }, /needs train: a DataLoader, or batches \[\{ x, y \}\].* not \{ x: …, y: … \}/],
    [{ train: null }, /not null/],
  ])('fit refuses %o', async (changed, message) => {
    await expect(trainer().fit({ train: whole(x, y), ...changed } as never)).rejects.toThrow(message);
  });

  it('evaluate and predict refuse what gives no batches', async () => {
    for (const given of [dataset, undefined] as never[]) {
      const message = given ? /data is a Dataset; wrap it/ : /needs data: a DataLoader/;
      await expect(trainer().evaluate(given)).rejects.toThrow(message);
      await expect(evaluate(linear(), { data: given })).rejects.toThrow(message);
      await expect(predict(linear(), given)).rejects.toThrow(message);
    }
  });

  it('one trainer cannot run twice at a time', async () => {
    const twice = trainerOf();
    const first = twice.fit({ train: loader() });
    await expect(twice.fit({ train: loader() })).rejects.toThrow(/training already/);
    await first;
  });

  it('a loss of several numbers is refused', async () => {
    class Each extends Loss {
      static override readonly kind = 'Each';
      override run(prediction: Tensor) {
        return prediction;
      }
    }
    await expect(trainer({ losses: new Each({}) }).fit({ train: whole(x, y) })).rejects.toThrow(/Each gave \[6, 3\]/);
  });

  it('a model that is frozen says so', async () => {
    const model = network().build([2]).freeze();
    const frozen = new Trainer(model, { optimizer: new SGD(), losses: new CrossEntropy() });
    await expect(frozen.fit({ train: whole(x, y) })).rejects.toThrow(/frozen/);
  });
});
