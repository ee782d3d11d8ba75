import { capture, Parameter, persistent, type Tensor, zeros } from '@nn/tensor';
import { expect, it } from 'vitest';
import { clone, Dropout, enterEvaluation, Linear, Module, Sequential } from '../src/index.js';

/** Two containers with one layer in common; the first is in evaluation mode, the layer in training mode. */
function overlapping() {
  const shared = new Dropout();
  const [left, right] = [new Sequential([shared]), new Sequential([shared])];
  const model = new Sequential([left, right]);
  left.eval();
  right.eval();
  shared.train();
  return { model, modes: () => [...model.modules().values()].map(({ training }) => training) };
}

it('evaluation gives every module its own mode back, shared ones too', () => {
  const { model, modes } = overlapping();
  const before = modes();
  expect(before).toEqual([true, false, true, false]);
  const leave = enterEvaluation(model);
  expect(modes()).toEqual([false, false, false, false]);
  leave();
  expect(modes()).toEqual(before);
  model.build([3]);
  expect(modes()).toEqual(before);
});

it('a copy has every module in the mode of its original, shared ones too', () => {
  const { model, modes } = overlapping();
  expect([...clone(model).modules().values()].map(({ training }) => training)).toEqual(modes());
});

it.each([
  ['train()', (model: Linear) => model.train()],
  ['eval()', (model: Linear) => model.eval()],
  ['freeze()', (model: Linear) => model.freeze()],
])('%s is refused while a step is recorded, and changes nothing', (what, change) => {
  const model = new Linear({ outFeatures: 2 }).build([3]);
  let calls = 0;
  const step = capture((x: Tensor) => {
    if (++calls === 2) change(model);
    return model.run(x);
  });
  step(zeros([1, 3]));
  expect(() => step(zeros([1, 3]))).toThrow(`Linear: call ${what} outside the captured step`);
  expect([model.training, model.weight.trainable]).toEqual([true, true]);
});

it('a model is made and built in a persistent part of a recorded step', () => {
  let model: Linear | undefined;
  let calls = 0;
  const step = capture((x: Tensor) => {
    if (++calls === 1) return x;
    model ??= persistent(() => new Linear({ outFeatures: 2 }).eval().build([3]));
    return model.run(x);
  });
  const x = zeros([1, 3]);
  for (let i = 0; i < 4; i++) step(x);
  expect(calls).toBe(2);
  expect([...step(x).data]).toEqual([...(model as Linear).run(x).data]);
});

class Stack extends Module<Record<never, never>> {
  static override readonly kind = 'Stack';
  readonly ws = [new Parameter(zeros([2])), new Parameter(zeros([3]))];
  readonly grid = [[new Linear({ outFeatures: 2 })]];

  constructor() {
    super({});
  }

  protected forward(x: Tensor): Tensor {
    return this.grid[0][0].run(x);
  }
}

it('parameters and modules in arrays are found: saved and frozen', () => {
  const model = new Stack().build([4]);
  expect([...model.stateDict().keys()]).toEqual(['ws.0', 'ws.1', 'grid.0.0.weight', 'grid.0.0.bias']);
  model.freeze();
  expect(model.ws.map(({ trainable }) => trainable)).toEqual([false, false]);
});
