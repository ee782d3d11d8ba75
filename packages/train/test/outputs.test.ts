import { DataLoader, TensorDataset } from '@nn/data';
import { Add, ArgMax, Dropout, Graph, Linear, Sequential } from '@nn/layers';
import { CrossEntropy, Loss, MeanSquaredError } from '@nn/losses';
import { Accuracy, MeanAbsoluteError } from '@nn/metrics';
import { SGD } from '@nn/optim';
import { fill, manualSeed, mean, multiply, relu, square, type Tensor, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { evaluate, predict, Trainer } from '../src/index.js';
import { loader, network, numbersOf, points, whole } from './models.js';

const graph = () =>
  new Graph({
    inputs: { point: [2] },
    nodes: {
      trunk: [new Linear({ outFeatures: 6 }), 'point'],
      hidden: [relu, 'trunk'],
      sector: [new Linear({ outFeatures: 3 }), 'hidden'],
      length: [new Linear({ outFeatures: 1 }), 'hidden'],
    },
    outputs: ['sector', 'length'],
  });

const { x, y } = points(12);
const length = tensor(
  Float32Array.from({ length: 12 }, (_, i) => Math.hypot(x.data[2 * i], x.data[2 * i + 1])),
  {
    shape: [12, 1],
  },
);
const both = () => new DataLoader(new TensorDataset({ x: { point: x }, y: { sector: y, length } }), { batchSize: 5 });

describe('several outputs', () => {
  const trainer = (weight: number, model = graph()) =>
    new Trainer(model, {
      optimizer: new SGD({ learningRate: 0.1 }),
      losses: { sector: new CrossEntropy(), length: { loss: new MeanSquaredError(), weight } },
      metrics: { sector: [new Accuracy()], length: [new MeanAbsoluteError({ name: 'error' })] },
    });

  it('have their losses weighted, and each reported by its name', async () => {
    manualSeed(1);
    const { epochs } = await trainer(0.25).fit({ train: both(), validation: both(), epochs: 2 });
    for (const figures of epochs.flatMap(({ train, validation }) => (validation ? [train, validation] : []))) {
      const { sector, length: distance } = figures.losses;
      expect(figures.loss).toBeCloseTo(sector + 0.25 * distance, 6);
      expect(Object.keys(figures.metrics)).toEqual(['sector.accuracy', 'length.error']);
    }
  });

  it('may have a weight of 0: reported, and nothing is learned from it', async () => {
    const model = graph().build();
    const [before, sector] = ['length.weight', 'sector.weight'].map((key) => [
      ...(model.stateDict().get(key)?.data ?? []),
    ]);
    const { epochs } = await trainer(0, model).fit({ train: both() });
    expect(epochs[0].train.losses.length).toBeGreaterThan(0);
    expect(epochs[0].train.loss).toBe(epochs[0].train.losses.sector);
    expect([...(model.stateDict().get('length.weight')?.data ?? [])]).toEqual(before);
    expect([...(model.stateDict().get('sector.weight')?.data ?? [])]).not.toEqual(sector);
  });

  it('need losses and targets by name', async () => {
    const train = (losses: object, data: object = both()) =>
      new Trainer(graph(), { optimizer: new SGD(), losses: losses as never }).fit({ train: data as never });
    await expect(train(new CrossEntropy())).rejects.toThrow(/outputs sector, length; give losses and metrics by name/);
    await expect(train({ digit: new CrossEntropy() })).rejects.toThrow(/no output "digit"; it has sector, length/);
    const losses = { sector: new CrossEntropy(), length: new MeanSquaredError() };
    await expect(train(losses, whole(x, y))).rejects.toThrow(/one target for the outputs sector, length/);
    await expect(train(losses, [{ x, y: { sector: y } }])).rejects.toThrow(/no target "length"; it gives sector/);
    expect(() => new Trainer(graph(), { optimizer: new SGD(), losses: { sector: 'CrossEntropy' as never } })).toThrow(
      /loss of "sector" must be a loss/,
    );
  });

  it('are predicted by name', async () => {
    const model = graph().build();
    const result = await predict(model, both());
    expect([result.sector.shape, result.length.shape]).toEqual([
      [12, 3],
      [12, 1],
    ]);
    expect((await predict(model, { point: x })).sector.toArray()).toEqual(result.sector.toArray());
  });
});

it.each([new CrossEntropy(), new MeanSquaredError()])(
  'ArgMax before $name is refused, with the remedy',
  async (loss) => {
    const model = new Sequential([new Linear({ outFeatures: 3 }), new ArgMax()], { input: [2] });
    const trainer = new Trainer(model, { optimizer: new SGD(), losses: loss });
    await expect(trainer.fit({ train: whole(x, y) })).rejects.toThrow(
      `${loss.name} in layer "loss": the prediction is i32, as ArgMax gives, and no gradient passes through it; give the loss the scores before it.`,
    );
  },
);

describe('a graph with one output', () => {
  const single = () =>
    new Graph({
      inputs: { a: [2], b: [2] },
      nodes: {
        sum: [new Linear({ outFeatures: 3 }), 'a'],
        out: [relu, 'sum'],
        both: [new Add(), 'out', 'twice'],
        twice: [new Linear({ outFeatures: 3 }), 'b'],
      },
      outputs: ['both'],
    });

  it('takes losses and targets with its name or without, and inputs by name in any order', async () => {
    const run = async (losses: object, target: object) => {
      manualSeed(1);
      const model = single().build();
      const trainer = new Trainer(model, { optimizer: new SGD({ learningRate: 0.1 }), losses: losses as never });
      await trainer.fit({ train: [{ x: { b: x, a: multiply(x, 2) }, y: target as never }] });
      return numbersOf(model);
    };
    const plain = await run(new CrossEntropy(), y);
    expect(await run({ both: new CrossEntropy() }, { both: y })).toEqual(plain);
    expect(await run(new CrossEntropy(), { both: y })).toEqual(plain);
    expect(await run({ both: new CrossEntropy() }, y)).toEqual(plain);
  });

  it('says which input is missing', async () => {
    const trainer = new Trainer(single(), { optimizer: new SGD(), losses: new CrossEntropy() });
    await expect(trainer.fit({ train: [{ x: { a: x }, y }] })).rejects.toThrow(
      /input "b" is not in the data, which gives a/,
    );
  });
});

it('a loss may need no target', async () => {
  class Size extends Loss {
    static override readonly kind = 'Size';
    override run(prediction: Tensor) {
      return mean(square(prediction));
    }
  }
  const model = new Sequential([new Linear({ outFeatures: 2 })], { input: [2] });
  const trainer = new Trainer(model, { optimizer: new SGD({ learningRate: 0.1 }), losses: new Size({}) });
  const { epochs } = await trainer.fit({ train: [{ x }], epochs: 30 });
  expect(epochs[29].train.loss).toBeLessThan(epochs[0].train.loss / 2);
  expect(epochs[0].train.losses).toEqual({ Size: epochs[0].train.loss });
});

describe('evaluate and predict', () => {
  it('are in evaluation mode, without gradients, and leave modes as they were', async () => {
    manualSeed(2);
    const model = new Sequential([new Linear({ outFeatures: 3 }), new Dropout({ dropProbability: 0.9 })], {
      input: [2],
    });
    const expected = model.build().eval().run(x) as Tensor;
    model.train();
    const data = new DataLoader(new TensorDataset({ x, y }), { batchSize: 5 });
    const predicted = await predict(model, data);
    expect(predicted.shape).toEqual([12, 3]);
    expect(predicted.toArray()).toEqual(expected.toArray());
    expect([predicted.requiresGrad, model.training]).toEqual([false, true]);
    expect((await predict(model, x)).toArray()).toEqual(expected.toArray());

    const { loss, losses, metrics, samples } = await evaluate(model, {
      data,
      losses: new CrossEntropy(),
      metrics: [new Accuracy()],
    });
    expect(loss).toBeCloseTo(new CrossEntropy().run(expected, y).item(), 6);
    expect(losses).toEqual({ CrossEntropy: loss });
    expect([metrics.accuracy, samples]).toEqual([
      new Accuracy().result(new Accuracy().update(new Accuracy().init(), expected, y)),
      12,
    ]);
    expect(model.training).toBe(true);
  });

  it('give the same captured and eager', async () => {
    const model = network().build([2]);
    const run = (capture: boolean) =>
      evaluate(model, { data: loader(23, 4), losses: new CrossEntropy(), metrics: [new Accuracy()], capture });
    expect(await run(true)).toEqual(await run(false));
  });

  it('measure metrics alone', async () => {
    const { loss, losses, metrics } = await evaluate(network().build([2]), {
      data: loader(),
      metrics: [new Accuracy()],
    });
    expect(loss).toBeNaN();
    expect(losses).toEqual({});
    expect(metrics.accuracy).toBeGreaterThanOrEqual(0);
  });

  it('explain data and options that do not fit', async () => {
    const model = network().build([2]);
    await expect(predict(model, [])).rejects.toThrow(/nothing to predict/);
    await expect(evaluate(model, { data: [], loss: 1 } as never)).rejects.toThrow(/no option "loss"; it has data/);
    await expect(evaluate(model, { data: [{ x }], metrics: [new Accuracy()] })).rejects.toThrow(
      /metric accuracy has no target/,
    );
    expect(model.training).toBe(true);
    const echo = new Sequential([relu]);
    await expect(predict(echo, [{ x: fill([1, 2], 1) }, { x: fill([1, 3], 1) }])).rejects.toThrow(
      /cannot join \[1, 3\] to \[1, 2\]/,
    );
  });
});
