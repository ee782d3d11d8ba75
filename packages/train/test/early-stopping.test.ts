import { Linear, Sequential } from '@nn/layers';
import { MeanSquaredError } from '@nn/losses';
import { MeanAbsoluteError } from '@nn/metrics';
import { SGD } from '@nn/optim';
import { fill } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { EarlyStopping, type EarlyStoppingOptions, Trainer } from '../src/index.js';
import { whole } from './models.js';

/** One weight that training draws from 0 towards 10, while validation would have it at 3. */
function overfitting() {
  const model = new Sequential([new Linear({ outFeatures: 1, bias: false })], { input: [1] });
  model.build();
  model.parameters()[0].assign(fill([1, 1], 0));
  const trainer = new Trainer(model, {
    optimizer: new SGD({ learningRate: 0.05 }),
    losses: new MeanSquaredError(),
    metrics: [new MeanAbsoluteError()],
  });
  const one = fill([1, 1], 1);
  const run = (options: EarlyStoppingOptions, epochs = 20) => {
    const stopping = new EarlyStopping(options);
    const fitting = trainer.fit({
      train: whole(one, fill([1, 1], 10)),
      validation: whole(one, fill([1, 1], 3)),
      epochs,
      callbacks: [stopping],
    });
    return fitting.then((history) => ({ history, stopping, weight: model.parameters()[0].item() }));
  };
  return run;
}

/** After k epochs the weight is 10·(1 − 0.9ᵏ): 1, 1.9, 2.71, 3.439, 4.0951. */
describe('EarlyStopping', () => {
  it('stops after its patience and puts the best weights back', async () => {
    const { history, stopping, weight } = await overfitting()({ patience: 1 });
    expect(stopping.best).toEqual({ epoch: 3, value: expect.closeTo(0.29 ** 2, 5) });
    expect(weight).toBeCloseTo(2.71, 5);
    expect(history.epochs).toHaveLength(5);
    expect(history).toMatchObject({
      end: 'stopped',
      reason: expect.stringMatching(/validation\.loss .* epoch 3 for 2 epochs/),
    });
  });

  it('stops at the first worse epoch without patience', async () => {
    expect((await overfitting()({})).history.epochs).toHaveLength(4);
  });

  it('puts the best weights back at the regular end too', async () => {
    const { history, weight } = await overfitting()({ patience: 10 }, 6);
    expect([history.end, history.epochs.length]).toEqual(['finished', 6]);
    expect(weight).toBeCloseTo(2.71, 5);
  });

  it('keeps the last weights when asked to', async () => {
    const { weight } = await overfitting()({ patience: 1, restoreBest: false });
    expect(weight).toBeCloseTo(4.0951, 4);
  });

  it('watches metrics, and knows that errors should be small', async () => {
    const { stopping } = await overfitting()({ monitor: 'validation.meanAbsoluteError' });
    expect(stopping.best?.epoch).toBe(3);
    const upwards = await overfitting()({ monitor: 'validation.meanAbsoluteError', mode: 'max', patience: 3 });
    expect(upwards.stopping.best?.epoch).toBe(1);
  });

  it('asks for a change of minDelta', async () => {
    const { stopping } = await overfitting()({ minDelta: 3 });
    expect(stopping.best?.epoch).toBe(1);
    expect((await overfitting()({ minDelta: 2.5 })).stopping.best?.epoch).toBe(2);
  });

  it('begins anew with another run', async () => {
    const run = overfitting();
    await run({ patience: 1 });
    const again = await run({ patience: 1 });
    expect(again.stopping.best?.epoch).toBe(1);
  });

  it('never takes NaN for better', async () => {
    const stopping = new EarlyStopping({ monitor: 'train.score', patience: 9 });
    const values = [Number.NaN, 1, Number.NaN, 2];
    const model = new Sequential([new Linear({ outFeatures: 1 })], { input: [1] }).build();
    values.forEach((score, i) => {
      const record = {
        epoch: i + 1,
        step: i,
        train: { loss: 0, losses: {}, metrics: { score } },
        learningRate: 1,
        seconds: 1,
      };
      stopping.onEpochEnd({ type: 'epochEnd', epoch: i + 1, epochs: 4, batches: 1, record }, {
        model,
      } as unknown as Trainer);
    });
    expect(stopping.best).toEqual({ value: 2, epoch: 4 });
  });

  it('explains what it cannot do', async () => {
    expect(() => new EarlyStopping({ patients: 3 } as object)).toThrow(/no option "patients"/);
    expect(() => new EarlyStopping({ patience: -1 })).toThrow(/patience is a whole number from 0/);
    expect(() => new EarlyStopping({ minDelta: Number.NaN })).toThrow(/minDelta/);
    expect(() => new EarlyStopping({ mode: 'best' as never })).toThrow(/'min' or 'max', not "best"/);
    expect(() => new EarlyStopping({ monitor: 'loss' })).toThrow(/train or validation, a dot/);
    await expect(overfitting()({ monitor: 'validation.accuracy' })).rejects.toThrow(
      /validation.accuracy, which is not measured; there are loss, MeanSquaredError, meanAbsoluteError/,
    );
    const model = new Sequential([new Linear({ outFeatures: 1 })], { input: [1] });
    const trainer = new Trainer(model, { optimizer: new SGD(), losses: new MeanSquaredError() });
    const train = whole(fill([1, 1], 1), fill([1, 1], 1));
    await expect(trainer.fit({ train, callbacks: [new EarlyStopping()] })).rejects.toThrow(/no validation data/);
  });
});
