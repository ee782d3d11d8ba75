import { Lambda, Linear, Sequential } from '@nn/layers';
import { CrossEntropy, MeanSquaredError } from '@nn/losses';
import { SGD } from '@nn/optim';
import { checkNumbers, fill, log, manualSeed, NumberError, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { evaluate, Trainer, type TrainerOptions } from '../src/index.js';
import { loader, numbersOf, points, trainerOf } from './models.js';

/** The logarithm of a weight 1 times x: infinite where x is 0. */
const logarithm = (options: Partial<TrainerOptions> = {}) => {
  const model = new Sequential([new Linear({ outFeatures: 1, bias: false }), new Lambda({ function: log })], {
    input: [1],
  });
  model.build();
  model.parameters()[0].assign(fill([1, 1], 1));
  const optimizer = new SGD({ learningRate: 0 });
  return new Trainer(model, { optimizer, losses: new MeanSquaredError(), checkNumbers: true, ...options });
};
const target = tensor([[0], [0]]);
const batches = [1, 2, 3, 0, 5].map((value) => ({ x: tensor([[value], [4]]), y: target }));

describe('anomaly mode', () => {
  it.each([true, false])('names kernel, layer path and step of the first infinity (captured: %s)', async (capture) => {
    const error = await logarithm({ capture })
      .fit({ train: batches })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NumberError);
    expect(error).toMatchObject({ kernel: 'log', path: '1' });
    expect((error as Error).message).toMatch(
      /^-Infinity in element 0 of y, written by kernel "log" in layer "1" at step 4 \(epoch 1, batch 4 of 5\)/,
    );
  });

  it('names the batch where the data to evaluate has it', async () => {
    const message = /in layer "1" in batch 4 of the data to evaluate/;
    await expect(logarithm().evaluate(batches)).rejects.toThrow(message);
    const { model } = logarithm();
    const losses = new MeanSquaredError();
    await expect(evaluate(model, { data: batches, losses, checkNumbers: true })).rejects.toThrow(message);
  });

  it('adds the step to what NN_CHECK=1 finds as well', async () => {
    const trainer = logarithm({ checkNumbers: false });
    const end = checkNumbers();
    try {
      await expect(trainer.fit({ train: batches })).rejects.toThrow(/at step 4 \(epoch 1/);
    } finally {
      end();
    }
  });

  it('is off otherwise, and a loss that is not finite says how to turn it on', async () => {
    await expect(logarithm({ checkNumbers: false }).fit({ train: batches })).rejects.toThrow(
      /The loss is Infinity at step 4 .*checkNumbers: true/,
    );
  });

  it('looks only into the steps, and changes no bit', async () => {
    const run = async (checked: boolean) => {
      manualSeed(8);
      const trainer = trainerOf({ checkNumbers: checked });
      await trainer.fit({
        train: loader(),
        validation: loader(7),
        epochs: 2,
        callbacks: [{ onStep: () => void log(0) }],
      });
      return numbersOf(trainer.model);
    };
    expect(await run(true)).toEqual(await run(false));
  });
});

describe('gradient norms', () => {
  it('are √Σ g² of each layer, before clipping', async () => {
    const model = new Sequential([new Linear({ outFeatures: 2 })], { input: [2] }).build();
    const trainer = new Trainer(model, {
      optimizer: new SGD({ learningRate: 0.1 }),
      losses: new MeanSquaredError(),
      gradientNorms: true,
      clip: { norm: 1e-3 },
    });
    model
      .stateDict()
      .get('0.weight')
      ?.assign(fill([2, 2], 0));
    model
      .stateDict()
      .get('0.bias')
      ?.assign(fill([2], 0));
    // loss = mean (W x + b − y)²: dL/db = (W x + b − y) = −y = (−3, −4), dL/dW = dL/db xᵀ with x = (1, 2).
    const train = [{ x: tensor([[1, 2]]), y: tensor([[3, 4]]) }];
    for await (const event of trainer.training({ train }))
      if (event.type === 'step') expect(event.gradientNorms).toEqual({ 0: expect.closeTo(Math.sqrt(25 + 25 * 5), 5) });
  });

  it('are there for each layer with parameters, captured too, and change no bit', async () => {
    const run = async (options: Partial<TrainerOptions>) => {
      manualSeed(8);
      const trainer = trainerOf(options);
      const norms: unknown[] = [];
      for await (const event of trainer.training({ train: loader(), epochs: 2 }))
        if (event.type === 'step') norms.push(event.gradientNorms);
      return { norms, numbers: numbersOf(trainer.model) };
    };
    const [captured, eager, without] = [
      await run({ gradientNorms: true }),
      await run({ gradientNorms: true, capture: false }),
      await run({}),
    ];
    expect(captured).toEqual(eager);
    expect(captured.numbers).toEqual(without.numbers);
    expect(captured.norms).toHaveLength(10);
    for (const norm of captured.norms) expect(Object.keys(norm as object)).toEqual(['0', '1', '4']);
    expect(without.norms.every((norm) => norm === undefined)).toBe(true);
  });

  it('of a model that is one layer stand under its own name', async () => {
    const trainer = new Trainer(new Linear({ outFeatures: 3, inFeatures: 2 }), {
      optimizer: new SGD({ learningRate: 0.1 }),
      losses: new CrossEntropy(),
      gradientNorms: true,
    });
    for await (const event of trainer.training({ train: [points(5)] }))
      if (event.type === 'step') expect(event.gradientNorms).toEqual({ model: expect.any(Number) });
  });
});
