import { Linear, Sequential } from '@nn/layers';
import { CrossEntropy } from '@nn/losses';
import { Accuracy } from '@nn/metrics';
import { SGD } from '@nn/optim';
import { manualSeed } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { Trainer } from '../src/index.js';
import { loader, numbersOf, points, trainerOf } from './models.js';

const linear = () => {
  manualSeed(7);
  return new Trainer(new Sequential([new Linear({ outFeatures: 3 })], { input: [2] }).build(), {
    optimizer: new SGD({ learningRate: 0.1, momentum: 0.9 }),
    losses: new CrossEntropy(),
    metrics: [new Accuracy()],
  });
};

describe('trainBatch', () => {
  it('over the batches of an epoch is fit, to the bit', async () => {
    const [whole, single] = [linear(), linear()];
    const { epochs } = await whole.fit({ train: loader(23, 5, false) });
    let loss = 0;
    for (const batch of loader(23, 5, false)) loss += (await single.trainBatch(batch)).loss * batch.x.shape[0];
    expect(numbersOf(single.model)).toEqual(numbersOf(whole.model));
    expect(loss / 23).toBeCloseTo(epochs[0].train.loss, 10);
    expect(single.position.step).toBe(5);
  });

  it('learns in training mode, counts its steps, and leaves another run to begin at its own first step', async () => {
    const trainer = trainerOf();
    trainer.model.eval();
    await trainer.trainBatch(points(5));
    expect([trainer.model.training, trainer.position.step, trainer.position.epoch]).toEqual([true, 1, 0]);
    const { epochs } = await trainer.fit({ train: loader() });
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual([[1, 5]]);
    expect(trainer.position.step).toBe(6);
  });

  it('is refused while a run is under way', async () => {
    const trainer = linear();
    const early = { onStep: () => trainer.trainBatch(points(5)).then(() => undefined) };
    await expect(trainer.fit({ train: loader(), callbacks: [early] })).rejects.toThrow(/training already/);
    await expect(trainer.trainBatch({ x: points(5).x })).rejects.toThrow(/CrossEntropy.* needs a target/);
    expect((await trainer.trainBatch(points(5))).metrics.accuracy).toBeGreaterThanOrEqual(0);
  });
});

describe('validateBatch', () => {
  it('gives what evaluate gives, and changes nothing', async () => {
    const trainer = trainerOf();
    await trainer.fit({ train: loader() });
    const before = numbersOf(trainer.model);
    const { samples: _, ...expected } = await trainer.evaluate([points(9)]);
    expect(await trainer.validateBatch(points(9))).toEqual(expected);
    expect([numbersOf(trainer.model), trainer.model.training]).toEqual([before, true]);
  });
});
