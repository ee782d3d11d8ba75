import { manualSeed, type Tensor, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { EarlyStopping, type History, type Trainer, type TrainerState, type TrainingOptions } from '../src/index.js';
import { loader, network, numbersOf, trainerOf } from './models.js';

/** A checkpoint: the trainer's state and the model's tensors. What is JSON has been text in between. */
interface Checkpoint {
  readonly state: TrainerState;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const throughText = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function checkpoint(trainer: Trainer): Checkpoint {
  const { position, random, optimizer, callbacks } = trainer.state();
  return {
    state: {
      position: throughText(position),
      random: throughText(random),
      optimizer: { ...optimizer, learningRate: throughText(optimizer.learningRate) },
      callbacks: Object.fromEntries(
        Object.entries(callbacks).map(([name, { values, tensors }]) => [
          name,
          { values: throughText(values), tensors },
        ]),
      ),
    },
    tensors: new Map(
      [...trainer.model.stateDict()].map(([key, value]) => [key, tensor(value.data.slice(), { shape: value.shape })]),
    ),
  };
}

/** Another process: other seeds, a fresh model, a fresh trainer. */
function restored({ state, tensors }: Checkpoint): Trainer {
  manualSeed(12345);
  const model = network().build([2]);
  model.loadStateDict(tensors);
  const trainer = trainerOf({}, model);
  trainer.loadState(state);
  return trainer;
}

const options = (): TrainingOptions => ({ train: loader(), validation: loader(7, 3), epochs: 4 });
const steps = 20;

const outcome = (trainer: Trainer, history: History) => ({
  numbers: numbersOf(trainer.model),
  optimizer: [...trainer.state().optimizer.tensors].map(([key, value]) => [key, value.toArray()]),
  random: trainer.state().random,
  history: { ...history, epochs: history.epochs.map(({ seconds: _, ...record }) => record) },
});

async function uninterrupted() {
  manualSeed(3);
  const trainer = trainerOf();
  return outcome(trainer, await trainer.fit(options()));
}

/** Trains until `stop` says so, and takes a checkpoint there. */
async function until(stop: (event: { type: string; step?: number; epoch?: number }) => boolean): Promise<Checkpoint> {
  manualSeed(3);
  const trainer = trainerOf();
  for await (const event of trainer.training(options())) if (stop(event)) return checkpoint(trainer);
  throw new Error('The run was not interrupted.');
}

describe('a run that was interrupted and goes on ends bit for bit as one that was not', () => {
  it.each([1, 4, 5, 6, 13, steps])('after step %i', async (step) => {
    const trainer = restored(await until((event) => event.type === 'step' && event.step === step));
    expect(trainer.position.step).toBe(step);
    expect(outcome(trainer, await trainer.fit({ ...options(), resume: true }))).toEqual(await uninterrupted());
  });

  it.each(['validationStep', 'epochEnd', 'epochStart'])('at the %s of epoch 2', async (type) => {
    const trainer = restored(await until((event) => event.type === type && event.epoch === 2));
    expect(outcome(trainer, await trainer.fit({ ...options(), resume: true }))).toEqual(await uninterrupted());
  });

  it('by a signal, in the same process', async () => {
    manualSeed(3);
    const trainer = trainerOf();
    const controller = new AbortController();
    const abort = { onStep: ({ step }: { step: number }) => (step === 8 ? controller.abort() : undefined) };
    const first = await trainer.fit({ ...options(), callbacks: [abort], signal: controller.signal });
    expect(first.end).toBe('aborted');
    expect(outcome(trainer, await trainer.fit({ ...options(), resume: true }))).toEqual(await uninterrupted());
  });

  it('from an earlier state that a callback loads', async () => {
    manualSeed(3);
    const trainer = trainerOf();
    let kept: Checkpoint | undefined;
    let turns = 0;
    const turnBack = {
      onEpochEnd({ epoch }: { epoch: number }) {
        if (epoch === 1) kept ??= checkpoint(trainer);
        if (epoch !== 3 || !kept || turns++ > 0) return;
        trainer.model.loadStateDict(kept.tensors);
        trainer.loadState(kept.state);
      },
    };
    const history = await trainer.fit({ ...options(), callbacks: [turnBack] });
    expect(turns).toBe(2);
    expect(outcome(trainer, history)).toEqual(await uninterrupted());
  });

  it('again and again', async () => {
    let kept = await until((event) => event.type === 'step' && event.step === 1);
    for (let step = 2; step < steps; step++) {
      const trainer = restored(kept);
      for await (const event of trainer.training({ ...options(), resume: true })) {
        if (event.type !== 'step') continue;
        kept = checkpoint(trainer);
        break;
      }
    }
    const trainer = restored(kept);
    expect(outcome(trainer, await trainer.fit({ ...options(), resume: true }))).toEqual(await uninterrupted());
  });

  it('with what callbacks keep', async () => {
    const stopping = () => new EarlyStopping({ patience: 1, monitor: 'validation.accuracy', minDelta: 0.01 });
    const run = async (interrupt: boolean) => {
      manualSeed(3);
      let trainer = trainerOf();
      const long = { ...options(), epochs: 12 };
      if (!interrupt) return outcome(trainer, await trainer.fit({ ...long, callbacks: [stopping()] }));
      for await (const event of trainer.training({ ...long, callbacks: [stopping()] }))
        if (event.type === 'step' && event.step === 8) break;
      trainer = restored(checkpoint(trainer));
      return outcome(trainer, await trainer.fit({ ...long, callbacks: [stopping()], resume: true }));
    };
    expect(await run(true)).toEqual(await run(false));
  });
});

describe('a state', () => {
  it('is a copy that later steps leave alone', async () => {
    const trainer = trainerOf();
    await trainer.fit({ train: loader() });
    const kept = trainer.state();
    const before = JSON.stringify([kept.position, [...kept.optimizer.tensors].map(([, value]) => value.toArray())]);
    await trainer.fit({ train: loader() });
    const after = JSON.stringify([kept.position, [...kept.optimizer.tensors].map(([, value]) => value.toArray())]);
    expect(after).toBe(before);
  });

  it('is there before the first step', async () => {
    const trainer = trainerOf();
    const state = trainer.state();
    expect(state.position).toMatchObject({ epoch: 0, batch: 0, step: 0 });
    expect(state.optimizer.tensors.size).toBe(0);
    trainer.loadState(state);
    expect(trainer.position).toMatchObject({ step: 0 });
  });

  it('of another trainer is refused', async () => {
    const trainer = trainerOf();
    for await (const event of trainer.training({ train: loader() })) if (event.type === 'step') break;
    const state = trainer.state();
    const other = trainerOf({ metrics: [] });
    other.model.build([2]);
    expect(() => other.loadState(state)).toThrow(/sums of 1 losses and 1 metrics.*1 and 0/);
  });

  it('of a callback needs a name', async () => {
    const trainer = trainerOf();
    await trainer.fit({ train: loader(), callbacks: [{ state: () => ({ values: 1, tensors: new Map() }) }] });
    expect(() => trainer.state()).toThrow(/Callback 0 has a state and no name/);
  });

  it('of a finished run has nothing left to do', async () => {
    manualSeed(3);
    const trainer = trainerOf();
    const history = await trainer.fit(options());
    const numbers = numbersOf(trainer.model);
    expect(await trainer.fit({ ...options(), resume: true })).toEqual(history);
    expect(numbersOf(trainer.model)).toEqual(numbers);
  });
});
