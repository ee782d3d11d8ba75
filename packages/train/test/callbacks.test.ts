import { manualSeed } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { type Callback, CallbackError, type TrainingEvent, type TrainingOptions } from '../src/index.js';
import { loader, numbersOf, trainerOf } from './models.js';

const options = (callbacks: readonly Callback[]): TrainingOptions => ({
  train: loader(),
  validation: loader(7),
  epochs: 3,
  callbacks,
});

/** Throws at the step or epoch given, the first time. */
class Faulty implements Callback {
  #failed = false;

  constructor(
    readonly type: TrainingEvent['type'],
    readonly number: number,
  ) {}

  onStep = (event: { type: string; step: number }) => this.#fail(event.type, event.step);
  onEpochEnd = (event: { type: string; epoch: number }) => this.#fail(event.type, event.epoch);

  #fail(type: string, number: number): void {
    if (this.#failed || type !== this.type || number !== this.number) return;
    this.#failed = true;
    throw new Error('The disk is full.');
  }
}

describe('a callback that throws', () => {
  it.each([
    ['step', 8],
    ['epochEnd', 2],
  ] as const)('names itself at %s %i, and nothing is lost: the run goes on to the same bits', async (type, number) => {
    const run = async (interrupted: boolean) => {
      manualSeed(5);
      const trainer = trainerOf();
      const told: string[] = [];
      const note: Callback = {
        onStep: ({ step }) => void told.push(`step ${step}`),
        onEpochEnd: ({ epoch }) => void told.push(`epoch ${epoch}`),
      };
      const callbacks = [new Faulty(type, interrupted ? number : 0), note];
      if (interrupted) {
        const failure = await trainer.fit(options(callbacks)).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(CallbackError);
        expect(failure).toMatchObject({ callback: 'Faulty', event: type, cause: { message: 'The disk is full.' } });
        expect((failure as Error).message).toMatch(
          new RegExp(`^The callback Faulty failed when told of ${type}: The disk is full. .*resume: true`),
        );
      }
      const { epochs } = await trainer.fit({ ...options(callbacks), resume: interrupted });
      return { told, numbers: numbersOf(trainer.model), epochs: epochs.map(({ seconds: _, ...record }) => record) };
    };
    expect(await run(true)).toEqual(await run(false));
  });

  it('is named by its name, its class, or its place', async () => {
    const fail = () => {
      throw new Error('no');
    };
    const failing = (callbacks: readonly Callback[]) => trainerOf().fit(options(callbacks));
    await expect(failing([{ name: 'plotter', onStart: fail }])).rejects.toThrow(/callback plotter failed .* start: no/);
    await expect(failing([{}, { onEpochStart: fail }])).rejects.toThrow(/callback 2 of 2 failed .* epochStart/);
    await expect(failing([{ afterAll: fail }])).rejects.toThrow(/callback 1 of 1/);
    await expect(failing([{ onStart: fail }, { onStart: fail }])).rejects.toMatchObject({
      name: 'AggregateError',
      errors: [{ callback: '1 of 2' }, { callback: '2 of 2' }],
    });
  });

  it('is waited for when it fails later', async () => {
    const late = { onStep: () => new Promise<void>((_, reject) => setTimeout(() => reject('too late'), 1)) };
    await expect(trainerOf().fit(options([late]))).rejects.toThrow(/told of step: too late/);
  });
});

describe('afterAll', () => {
  it('comes once every callback was told', async () => {
    const told: string[] = [];
    const [first, second]: Callback[] = [
      { onStep: () => void told.push('a'), afterAll: ({ type }) => void (type === 'step' && told.push('A')) },
      { onStep: () => void told.push('b'), afterAll: ({ type }) => void (type === 'step' && told.push('B')) },
    ];
    await trainerOf().fit({ train: loader(), maxSteps: 2, callbacks: [first, second] });
    expect(told.join('')).toBe('abABabAB');
  });
});
