import { backward, capture, manualSeed, type Tensor, zeros } from '@nn/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import { BatchNorm1d, L1, L1L2, L2, Linear, OptionError, PReLU, type Regularizer, Sequential } from '../src/index.js';

beforeEach(() => manualSeed(9));

const network = () =>
  new Sequential([new Linear({ outFeatures: 4 }), new BatchNorm1d(), new PReLU(), new Linear({ outFeatures: 2 })], {
    input: [3],
  }).build();

type Cost = (w: number) => number;
const total = (cost: Cost, tensors: readonly Tensor[]) =>
  tensors.reduce((sum, { data }) => sum + [...data].reduce((part, w) => part + cost(w), 0), 0);
const called = (model: Sequential, ...keys: string[]) => keys.map((key) => model.stateDict().get(key) as Tensor);

const cases: [string, (of?: L2['options']['of']) => Regularizer, Cost, Cost][] = [
  ['L1', (of) => new L1({ strength: 0.3, of }), (w) => 0.3 * Math.abs(w), (w) => 0.3 * Math.sign(w)],
  ['L2', (of) => new L2({ strength: 0.3, of }), (w) => 0.3 * w * w, (w) => 0.6 * w],
  [
    'L1L2',
    (of) => new L1L2({ l1: 0.3, l2: 0.2, of }),
    (w) => 0.3 * Math.abs(w) + 0.2 * w * w,
    (w) => 0.3 * Math.sign(w) + 0.4 * w,
  ],
];

describe.each(cases)('%s', (_, make, cost, slope) => {
  it('costs what its formula says, and its gradient is the derivative', () => {
    const model = network();
    const weights = called(model, '0.weight', '3.weight');
    const penalty = make().penalty(model);
    expect(penalty.shape).toEqual([]);
    expect(penalty.item()).toBeCloseTo(total(cost, weights), 5);
    const gradients = backward(penalty);
    for (const w of weights)
      w.data.forEach((value, i) => {
        expect(gradients.of(w).data[i]).toBeCloseTo(slope(value), 6);
      });
  });

  it('trap: spares biases and normalisation parameters unless asked', () => {
    const model = network();
    const gradients = backward(make().penalty(model));
    for (const spared of called(model, '0.bias', '1.weight', '1.bias', '2.weight', '3.bias'))
      expect(gradients.get(spared)).toBeUndefined();
    expect(make('all').penalty(model).item()).toBeCloseTo(total(cost, model.parameters()), 5);
  });

  it('counts the parameters and layers that it is told', () => {
    const model = network();
    expect(make(['3', '0.bias', '3.weight']).penalty(model).item()).toBeCloseTo(
      total(cost, called(model, '3.weight', '0.bias')),
      5,
    );
    const penalty = () => make(['trunk']).penalty(model);
    expect(penalty).toThrow(OptionError);
    expect(penalty).toThrow('of names "trunk", where the model has no weights; it has 0.weight [4, 3], 0.bias [4]');
  });

  it('counts no frozen parameters, also in a captured step', () => {
    const model = network();
    const step = capture((x: Tensor) => [make().penalty(model), model.run(x)]);
    for (let i = 0; i < 3; i++) step(zeros([2, 3]));
    const [, last] = model.children().at(-1) ?? [];
    last?.freeze();
    expect(step(zeros([2, 3]))[0].item()).toBeCloseTo(total(cost, called(model, '0.weight')), 5);
    expect(make().penalty(model.freeze()).item()).toBe(0);
  });
});

it('shared weights are counted once', () => {
  const shared = new Linear({ outFeatures: 3 });
  const model = new Sequential([shared, shared], { input: [3] }).build();
  const once = total((w) => w * w, [shared.weight]);
  expect(new L2({ strength: 1 }).penalty(model).item()).toBeCloseTo(once, 5);
  expect(new L2({ strength: 1, of: ['0', '1'] }).penalty(model).item()).toBeCloseTo(once, 5);
});

describe('what makes no sense is refused', () => {
  it.each([
    [() => new L2({ lambda: 1 } as never), OptionError, 'L2 has no option "lambda"; it has strength, of, name.'],
    [() => new L1({ strength: -1 }), RangeError, 'L1: strength is a finite number, 0 or more'],
    [() => new L1L2({ l1: Number.NaN }), RangeError, 'L1L2: l1 is'],
    [() => new L2({ of: 'biases' as never }), OptionError, "L2: of is 'weights', 'all', or keys of parameters"],
    [() => new L2({ of: [] }), OptionError, 'not [].'],
  ])('%#', (make, type, message) => {
    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });
});
