import { DataLoader, TensorDataset } from '@nn/data';
import { Dropout, Graph, Linear, Sequential } from '@nn/layers';
import {
  ActivityPenalty,
  CosineEmbedding,
  CrossEntropy,
  CTC,
  Loss,
  MeanAbsoluteError,
  MeanSquaredError,
} from '@nn/losses';
import { Accuracy, MeanAbsoluteError as Distance } from '@nn/metrics';
import { SGD } from '@nn/optim';
import { abs, manualSeed, mean, multiply, relu, square, sum, type Tensor, tensor, zeros } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { evaluate, type Losses, predict, type StepEvent, Trainer, type TrainerOptions } from '../src/index.js';
import { loader, network, numbersOf, points, whole } from './models.js';

const { x, y } = points(12);
const sgd = () => new SGD({ learningRate: 0.1 });

/** A hidden node, which is no output, and an idle one, which reaches none. */
const graph = () =>
  new Graph({
    inputs: { point: [2] },
    nodes: {
      trunk: [new Linear({ outFeatures: 6, init: 'auto' }), 'point'],
      hidden: [relu, 'trunk'],
      sector: [new Linear({ outFeatures: 3 }), 'hidden'],
      idle: [new Linear({ outFeatures: 3 }), 'hidden'],
    },
    outputs: ['sector'],
  });

const sparsity = { loss: new ActivityPenalty({ l1: 1 }), weight: 0.3, of: 'hidden' };

describe('several losses of one output', () => {
  it('are a list: each reported by its name, and summed with its weight, 1 unless given', async () => {
    manualSeed(1);
    const losses = [new CrossEntropy(), { loss: new ActivityPenalty({ l2: 1 }), weight: 0.1 }];
    const { epochs } = await new Trainer(network(), { optimizer: sgd(), losses }).fit({ train: loader(), epochs: 2 });
    for (const { train } of epochs) {
      expect(Object.keys(train.losses)).toEqual(['CrossEntropy', 'ActivityPenalty']);
      expect(train.loss).toBeCloseTo(train.losses.CrossEntropy + 0.1 * train.losses.ActivityPenalty, 5);
    }
  });

  it('of one class are told apart by name', async () => {
    const smoothed = new CrossEntropy({ labelSmoothing: 0.2 });
    const run = (second: object) =>
      evaluate(network(), { data: loader(), losses: [new CrossEntropy(), second] as Losses });
    await expect(run(smoothed)).rejects.toThrow(/Two losses are called CrossEntropy; give one of them a name/);
    const { losses } = await run({ loss: smoothed, name: 'smoothed', weight: 0 });
    expect(Object.keys(losses)).toEqual(['CrossEntropy', 'smoothed']);
    expect(losses.smoothed).not.toBe(losses.CrossEntropy);
  });

  it('have names of their own in a graph, and say which output they take', async () => {
    manualSeed(1);
    const model = graph();
    const losses = {
      sector: new CrossEntropy(),
      smoothed: { loss: new CrossEntropy({ labelSmoothing: 0.2 }), of: 'sector', weight: 0 },
    };
    const result = await evaluate(model, { data: whole(x, y), losses });
    expect(Object.keys(result.losses)).toEqual(['sector', 'smoothed']);
    expect(result.loss).toBe(result.losses.sector);
  });
});

describe('a loss of a node that is no output', () => {
  const train = async (weight: number, capture = true) => {
    manualSeed(1);
    const model = graph();
    const trainer = new Trainer(model, {
      optimizer: sgd(),
      losses: { sector: new CrossEntropy(), sparsity: { ...sparsity, weight } },
      metrics: [new Accuracy()],
      capture,
    });
    const data = { train: whole(x, y), validation: whole(x, y) };
    return { model, history: await trainer.fit({ ...data, epochs: 20 }), trainer };
  };

  it('needs no target, is reported in training and validation, and trains what leads to the node', async () => {
    const [without, with_] = [await train(0), await train(0.3)];
    const last = ({ history }: typeof with_) => history.epochs[19];
    expect(last(with_).train.losses.sparsity).toBeLessThan(last(without).train.losses.sparsity / 1.5);
    const { loss, losses, metrics } = last(with_).validation as NonNullable<ReturnType<typeof last>['validation']>;
    expect(loss).toBeCloseTo(losses.sector + 0.3 * losses.sparsity, 6);
    expect(metrics.accuracy).toBeGreaterThan(0);
    expect(numbersOf(with_.model)).toHaveLength(2 * 6 + 6 + 6 * 3 + 3);
    expect(with_.model.outputNames).toEqual(['sector']);
    expect(with_.trainer.state().position.step).toBe(20);
  });

  it('with the weight 0 changes nothing but the report', async () => {
    manualSeed(1);
    const plain = graph();
    await new Trainer(plain, { optimizer: sgd(), losses: new CrossEntropy() }).fit({ train: whole(x, y), epochs: 20 });
    const { model, history } = await train(0);
    expect(numbersOf(model)).toEqual(numbersOf(plain));
    expect(history.epochs[0].train.losses.sparsity).toBeGreaterThan(0);
  });

  it('is the same captured and eager', async () => {
    expect(numbersOf((await train(0.3)).model)).toEqual(numbersOf((await train(0.3, false)).model));
  });

  it('has the value that the node has', async () => {
    manualSeed(1);
    const model = graph();
    const { losses } = await evaluate(model, { data: [{ x }], losses: { sparsity } });
    const [trunk] = model.wiring();
    const hidden = relu(trunk.layer.run(x) as Tensor);
    expect(losses.sparsity).toBeCloseTo(sum(abs(hidden)).item() / 12, 5);
  });

  it('may be judged by a metric too', async () => {
    const metrics = { hidden: [new Distance()] };
    const result = await evaluate(graph(), {
      data: [{ x, y: { hidden: zeros([12, 6]) } }],
      losses: { sparsity },
      metrics,
    });
    expect(result.metrics['hidden.meanAbsoluteError']).toBeCloseTo(result.losses.sparsity / 6, 5);
  });

  it('is refused where there is no such node', async () => {
    const run = (of: string) => evaluate(graph(), { data: [{ x }], losses: { sparsity: { ...sparsity, of } } });
    await expect(run('hiden')).rejects.toThrow(/no output "hiden"; it has sector.*of: 'sector'/);
    const model = new Sequential([new Linear({ outFeatures: 3 }), new Dropout()], { input: [2] });
    await expect(evaluate(model, { data: [{ x }], losses: { hidden: sparsity } })).rejects.toThrow(/asks for "hidden"/);
  });
});

describe('a node that reaches no output', () => {
  const run = async (options: Partial<TrainerOptions>, epochs = 20) => {
    manualSeed(1);
    const model = graph().build();
    const trainer = new Trainer(model, { optimizer: sgd(), losses: { sector: new CrossEntropy() }, ...options });
    const before = numbersOf(model);
    const data = () => [{ x, y: { sector: y, idle: y } }];
    const history = await trainer.fit({ train: data(), validation: data(), epochs });
    return { model, before, trainer, epochs: history.epochs };
  };
  const both = { sector: new CrossEntropy(), idle: new CrossEntropy() };

  it('is pruned where no loss or metric looks at it: not run, and none of its parameters trained', async () => {
    const { model, trainer } = await run({});
    expect(model.wiring().map(({ name }) => name)).toEqual(['trunk', 'hidden', 'sector']);
    expect([...model.namedParameters().keys()].filter((key) => key.startsWith('idle'))).toEqual([]);
    expect([...trainer.state().optimizer.tensors.keys()].filter((key) => key.includes('idle'))).toEqual([]);
  });

  it('is trained by a loss that looks at it, and trains what leads to it', async () => {
    const [{ model: plain }, { model, before, epochs }] = [await run({}), await run({ losses: both })];
    const [first, last] = [epochs[0], epochs[19]].map(({ train }) => train.losses);
    expect(last.idle).toBeLessThan(first.idle);
    expect(last.sector).toBeLessThan(first.sector);
    expect(epochs[19].validation?.losses.idle).toBeLessThan(first.idle);
    expect(numbersOf(model)).toHaveLength(before.length);
    expect(numbersOf(model).every((value, i) => value !== before[i])).toBe(true);
    expect(numbersOf(model).slice(0, 18)).not.toEqual(numbersOf(plain).slice(0, 18));
    expect(model.outputNames).toEqual(['sector']);
    expect((await predict(model, x)).shape).toEqual([12, 3]);
  });

  it('is run for a metric that looks at it, whose parameters no step changes', async () => {
    const metrics = { idle: [new Accuracy()] };
    const { model, before, epochs } = await run({ metrics });
    expect(epochs[19].validation?.metrics['idle.accuracy']).toBeGreaterThanOrEqual(0);
    const own = 3 * 6 + 3;
    expect([...model.stateDict().keys()].slice(4)).toEqual(['idle.weight', 'idle.bias']);
    expect(numbersOf(model).slice(-own)).toEqual(before.slice(-own));
    expect(numbersOf(model).slice(0, -own)).toEqual(numbersOf((await run({})).model));
    const measured = await evaluate(model, { data: [{ x, y: { idle: y } }], metrics });
    expect(measured.metrics['idle.accuracy']).toBe(epochs[19].validation?.metrics['idle.accuracy']);
  });

  it('is the same captured and eager, and told by gradient norms', async () => {
    const [captured, eager] = [await run({ losses: both }), await run({ losses: both, capture: false })];
    expect(numbersOf(captured.model)).toEqual(numbersOf(eager.model));
    const norms: string[][] = [];
    const { trainer } = await run({ losses: both, gradientNorms: true }, 1);
    const onStep = ({ gradientNorms = {} }: StepEvent) => void norms.push(Object.keys(gradientNorms));
    await trainer.fit({ train: [{ x, y: { sector: y, idle: y } }], callbacks: [{ onStep }] });
    expect(norms).toEqual([['trunk', 'sector', 'idle']]);
  });
});

describe('a loss of several outputs or targets', () => {
  const pair = () =>
    new Graph({
      inputs: { a: [2], b: [2] },
      nodes: { left: [new Linear({ outFeatures: 3 }), 'a'], right: [new Linear({ outFeatures: 3 }), 'b'] },
      outputs: ['left', 'right'],
    });

  it('takes outputs in its order, then the target of its own name', async () => {
    manualSeed(1);
    const model = pair();
    const same = tensor(Int32Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 1 : -1)));
    const data = new DataLoader(new TensorDataset({ x: { a: x, b: multiply(x, x) }, y: { same } }), { batchSize: 6 });
    const losses = { same: { loss: new CosineEmbedding(), of: ['left', 'right'] } };
    const { epochs } = await new Trainer(model, { optimizer: sgd(), losses }).fit({ train: data, epochs: 30 });
    const result = model.run(x, multiply(x, x));
    const expected = new CosineEmbedding().run(result.left, result.right, same).item();
    expect((await evaluate(model, { data, losses })).losses.same).toBeCloseTo(expected, 5);
    expect(epochs[29].train.loss).toBeLessThan(epochs[0].train.loss);
  });

  it('may need no target: a difference between two outputs', async () => {
    class Apart extends Loss {
      static override readonly kind = 'Apart';
      override readonly takesTarget = false;
      override run(left: Tensor, right: Tensor) {
        return mean(square(multiply(left, right)));
      }
    }
    const losses = { apart: { loss: new Apart({}), of: ['left', 'right'] } };
    const result = await evaluate(pair(), { data: [{ x: { a: x, b: x } }], losses });
    expect(result.losses.apart).toBeGreaterThan(0);
  });

  it('takes targets by their names in the data, such as lengths', async () => {
    manualSeed(1);
    const model = new Sequential([new Linear({ outFeatures: 4 })], { input: [9, 2] });
    const speech = tensor(
      Float32Array.from({ length: 12 * 9 * 2 }, (_, i) => Math.sin(i * i)),
      { shape: [12, 9, 2] },
    );
    const labels = tensor(
      Int32Array.from({ length: 24 }, (_, i) => 1 + ((i * 7) % 3)),
      { shape: [12, 2] },
    );
    const frames = tensor(Int32Array.from({ length: 12 }, (_, i) => 6 + (i % 4)));
    const data = [{ x: speech, y: { labels, frames } }];
    const losses = (target: string[]) => ({ loss: new CTC(), target });
    const expected = new CTC().run(model.build().run(speech), labels, frames).item();
    expect((await evaluate(model, { data, losses: losses(['labels', 'frames']) })).loss).toBeCloseTo(expected, 5);
    const without = new CTC().run(model.run(speech), labels).item();
    expect(without).not.toBeCloseTo(expected, 3);
    await expect(evaluate(model, { data, losses: losses(['labels', 'lengths']) })).rejects.toThrow(
      /loss CTC takes the target "lengths", and the data gives labels, frames/,
    );
  });
});

it('losses say what they do not know', async () => {
  const make = (losses: unknown) => () => new Trainer(network(), { optimizer: sgd(), losses: losses as Losses });
  expect(make({ loss: new CrossEntropy(), factor: 2 })).toThrow(
    /loss CrossEntropy has no option "factor"; it has loss, weight/,
  );
  expect(make([])).toThrow(/must be a loss such as new CrossEntropy\(\), or losses by output, not an array/);
  expect(make([new CrossEntropy(), 'mse'])).toThrow(/The loss must be a loss such as new CrossEntropy.*not "mse"/);
  expect(make([{ loss: new CrossEntropy(), weight: Number.NaN }])).toThrow(/weight of the loss CrossEntropy is NaN/);
  expect(make({ loss: new MeanSquaredError({ reduction: 'none' }) })).toThrow(/reduction 'none'/);
  const every = make([{ loss: new MeanAbsoluteError(), weight: 0 }])().fit({ train: whole(x, x) });
  await expect(every).rejects.toThrow();
});
