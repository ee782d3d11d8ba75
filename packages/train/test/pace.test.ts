import { type Backend, interpret, manualSeed, referenceBackend, useBackend } from '@nn/tensor';
import { afterEach, describe, expect, it } from 'vitest';
import { loader, numbersOf, trainerOf } from './models.js';

/** The reference, whose programs take `milliseconds`, and which counts how they are run. */
function slow(milliseconds: number) {
  const runs = { on: 0, off: 0 };
  const backend: Backend = {
    ...referenceBackend,
    name: 'slow',
    compile(program) {
      const reference = interpret(program, (launch) => referenceBackend.launch(launch));
      return {
        run(inputs, results) {
          runs.on++;
          const end = performance.now() + milliseconds;
          while (performance.now() < end);
          reference.run(inputs, results);
        },
        async runAsync(inputs, results) {
          runs.off++;
          await new Promise((resolve) => setTimeout(resolve, milliseconds));
          reference.run(inputs, results);
        },
      };
    },
  };
  return { backend, runs };
}

const train = async (capture = true) => {
  manualSeed(3);
  const trainer = trainerOf({ capture });
  await trainer.fit({ train: loader(20, 5), epochs: 3 });
  return numbersOf(trainer.model);
};

describe('the pace of training', () => {
  afterEach(() => useBackend(referenceBackend));

  it('takes long steps off the event loop, with the same bits', async () => {
    const expected = await train();
    const { backend, runs } = slow(6);
    useBackend(backend);
    expect(await train()).toEqual(expected);
    expect(runs).toEqual({ on: 5, off: 7 });
  });

  it('keeps short steps on it', async () => {
    const { backend, runs } = slow(0);
    useBackend(backend);
    await train();
    expect(runs).toEqual({ on: 12, off: 0 });
  });

  it('has nothing to run elsewhere when steps are eager', async () => {
    const { backend, runs } = slow(6);
    useBackend(backend);
    await train(false);
    expect(runs).toEqual({ on: 0, off: 0 });
  });
});
