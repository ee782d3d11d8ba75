import { L1, L2, Linear, Sequential } from '@nn/layers';
import { CrossEntropy, MeanSquaredError, meanSquaredError } from '@nn/losses';
import { SGD } from '@nn/optim';
import { add, backward, capture, manualSeed, noGrad, relu, type Tensor, tensor, uniform } from '@nn/tensor';
import { expect, it } from 'vitest';
import { evaluate, fit, Trainer } from '../src/index.js';
import { loader, numbersOf, points } from './models.js';

const network = () => {
  manualSeed(2);
  return new Sequential([new Linear({ outFeatures: 6 }), relu, new Linear({ outFeatures: 3 })], { input: [2] }).build();
};
const l2 = () => new L2({ strength: 0.05 });
const penaltyOf = (model: Sequential) => noGrad(() => l2().penalty(model)).item();

it('trap: the penalty is part of the reported loss and a figure of its own, in training and evaluation', async () => {
  const model = network();
  const trainer = new Trainer(model, {
    optimizer: new SGD({ learningRate: 0 }),
    losses: new CrossEntropy(),
    regularizers: [l2(), new L1({ strength: 0.01, of: ['0'], name: 'lasso' })],
  });
  const { epochs } = await trainer.fit({ train: loader(), validation: loader(7) });
  for (const { loss, losses } of [epochs[0].train, epochs[0].validation ?? epochs[0].train]) {
    expect(Object.keys(losses)).toEqual(['CrossEntropy', 'L2', 'lasso']);
    expect(losses.L2).toBeCloseTo(penaltyOf(model), 6);
    expect(losses.L2).toBeGreaterThan(0.01);
    expect(loss).toBeCloseTo(losses.CrossEntropy + losses.L2 + losses.lasso, 5);
  }
  const { loss, losses } = await evaluate(model, { data: loader(), losses: new CrossEntropy(), regularizers: l2() });
  expect(loss).toBeCloseTo(losses.CrossEntropy + penaltyOf(model), 6);
});

it.each([1, 5, 23])('trap: the penalty is not divided by the batch size, %i', async (batchSize) => {
  const model = network();
  const optimizer = new SGD({ learningRate: 0 });
  const trainer = new Trainer(model, { optimizer, losses: new CrossEntropy(), regularizers: l2() });
  const { epochs } = await trainer.fit({ train: loader(23, batchSize) });
  expect(epochs[0].train.losses.L2).toBeCloseTo(penaltyOf(model), 6);
});

it('a loop of one’s own with the penalty takes the same steps, to the bit', async () => {
  const { x } = points(12);
  const y = uniform([12, 3]);
  const ours = network();
  await fit(ours, {
    optimizer: new SGD({ learningRate: 0.1 }),
    losses: new MeanSquaredError(),
    regularizers: l2(),
    train: [{ x, y }],
    epochs: 5,
  });
  const theirs = network();
  const optimizer = new SGD({ learningRate: 0.1 });
  const step = capture((x: Tensor, y: Tensor) => {
    const loss = add(meanSquaredError(theirs.run(x), y), l2().penalty(theirs));
    optimizer.step(backward(loss));
    return loss;
  });
  for (let i = 0; i < 5; i++) step(x, y);
  expect(numbersOf(ours)).toEqual(numbersOf(theirs));
});

it('L2 is weight decay of twice its strength, under SGD', async () => {
  const { x } = points(12);
  const y = tensor(
    Float32Array.from({ length: 36 }, (_, i) => Math.sin(i)),
    { shape: [12, 3] },
  );
  const run = async (options: { weightDecay?: number }, regularizers: L2[]) => {
    const model = network();
    const optimizer = new SGD({ learningRate: 0.1, ...options });
    await fit(model, { optimizer, losses: new MeanSquaredError(), regularizers, train: [{ x, y }], epochs: 3 });
    return numbersOf(model);
  };
  const [penalised, decayed, plain] = [await run({}, [l2()]), await run({ weightDecay: 0.1 }, []), await run({}, [])];
  penalised.forEach((value, i) => {
    expect(value).toBeCloseTo(decayed[i], 5);
  });
  expect(penalised.some((value, i) => Math.abs(value - plain[i]) > 1e-3)).toBe(true);
});

it('refuses what is no regulariser, and two of one name', () => {
  const trainer = (regularizers: unknown) => () =>
    new Trainer(network(), { optimizer: new SGD(), losses: new CrossEntropy(), regularizers: regularizers as never });
  expect(trainer('l2')).toThrow('Regularizers are such as [new L2({ strength: 1e-4 })], not "l2".');
  expect(trainer([l2(), undefined])).toThrow('Regularizers are such as');
  expect(trainer([l2(), l2()])).toThrow('Two losses or penalties are called L2; give the regulariser the option name.');
});
