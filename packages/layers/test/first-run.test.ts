import { capture, Parameter, type Shape, ShapeError, type Tensor, zeros } from '@nn/tensor';
import { expect, it } from 'vitest';
import { BatchNorm1d, Graph, InputCountError, Linear, Module, Sequential, UnbuiltError } from '../src/index.js';

class Rows extends Module<Record<never, never>> {
  static override readonly kind = 'Rows';
  readonly weights: Parameter[] = [];
  extra?: Parameter;

  constructor() {
    super({});
  }

  protected override setup([, features]: Shape): void {
    this.weights.push(new Parameter(zeros([features])));
    this.extra = new Parameter(zeros([1]));
  }

  protected forward(x: Tensor): Tensor {
    if (x.shape[1] > 3) throw new Error('too wide');
    return x;
  }
}

it('a failed first run leaves every layer as it was, at any depth', () => {
  const model = new Sequential([
    new Sequential([new Linear({ outFeatures: 3 }), new BatchNorm1d()]),
    new Linear({ outFeatures: 2, inFeatures: 4 }),
  ]);
  expect(() => model.run(zeros([2, 5]))).toThrow(ShapeError);
  expect(model.inputs).toBeUndefined();
  expect(() => model.parameters()).toThrow(UnbuiltError);
  const right = new Sequential([model.children()[0][1], new Linear({ outFeatures: 2 })]);
  expect(right.run(zeros([2, 7])).shape).toEqual([2, 2]);
  expect(right.namedParameters().get('0.0.weight')?.shape).toEqual([3, 7]);
});

it('what setup made of a failed first run is gone, arrays included', () => {
  const layer = new Rows();
  expect(() => layer.run(zeros([1, 5]))).toThrow('too wide');
  layer.run(zeros([1, 3]));
  expect([...layer.stateDict()].map(([key, { shape }]) => [key, shape])).toEqual([
    ['weights.0', [3]],
    ['extra', [1]],
  ]);
});

it('a failed run of a built model leaves its layers built', () => {
  const model = new Sequential([new Linear({ outFeatures: 3 }), new Linear({ outFeatures: 2 })]).build([4]);
  const parameters = model.parameters();
  expect(() => model.run(zeros([1, 5]))).toThrow(ShapeError);
  expect(model.parameters()).toEqual(parameters);
});

it('layers built by a run that ended stay built when a later first run fails', () => {
  const inner = new Linear({ outFeatures: 3 });
  const [weight] = inner.build([4]).parameters();
  expect(() => new Sequential([inner, new Linear({ outFeatures: 2, inFeatures: 5 })]).run(zeros([1, 4]))).toThrow(
    ShapeError,
  );
  expect(inner.parameters()[0]).toBe(weight);
});

it('building in the middle of a recording leaves modes and recordings right', () => {
  const model = new Sequential([new BatchNorm1d(), new Linear({ outFeatures: 2 }).freeze()]);
  let calls = 0;
  const step = capture((x: Tensor) => {
    if (++calls > 1) model.build([3]);
    return calls > 1 ? model.run(x) : x;
  });
  for (let i = 0; i < 5; i++) step(zeros([4, 3]));
  expect(calls).toBe(2);
  expect(model.training).toBe(true);
  expect(model.stateDict().get('0.num_batches_tracked')?.item()).toBe(4);
  expect(model.parameters().map(({ trainable }) => trainable)).toEqual([true, true, false, false]);
});

it('a layer is run on as many inputs as it takes', () => {
  const layer = new Linear({ outFeatures: 2 });
  const run = layer.run.bind(layer) as (...x: Tensor[]) => Tensor;
  expect(() => run(zeros([1, 3]), zeros([1, 3]))).toThrow(InputCountError);
  expect(() => run()).toThrow('Linear takes 1 input, and was given 0.');
});

it('a node is fed by as many wires as its layer takes', () => {
  const make = () =>
    new Graph({
      inputs: { a: [3], b: [3] },
      nodes: { y: [new Linear({ outFeatures: 2 }), 'a', 'b'] },
      outputs: ['y'],
    });
  expect(make).toThrow(InputCountError);
  expect(make).toThrow('Node "y": Linear takes 1 input, and is fed by a, b; join them');
});
