import { add, fill, multiply, type Tensor, zeros } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import {
  clone,
  fromTopology,
  Lambda,
  type LayerLike,
  Linear,
  Module,
  Residual,
  Sequential,
  toTopology,
} from '../src/index.js';

/** A function of a chosen name. */
const named = (name: string, f: (x: Tensor) => Tensor) => Object.defineProperty(f, 'name', { value: name });
const double = named('act', (x) => multiply(x, 2));
const shift = named('act', (x) => add(x, 100));

describe('functions and classes of one name', () => {
  const anonymous = () =>
    new Sequential([new Lambda({ function: (x) => multiply(x, 2) }), new Lambda({ function: (x) => add(x, 100) })]);

  it('are copied as what they are', () => {
    for (const model of [anonymous(), new Sequential([double, shift])])
      expect(
        clone(model)
          .run(fill([1, 1], 1))
          .item(),
      ).toBe(102);
  });

  it('cannot be written down', () => {
    expect(() => toTopology(new Sequential([double, shift]))).toThrow(
      'Two functions of the model are called "act", which no file can tell apart; rename one.',
    );
    expect(() => toTopology(new Sequential([double, double]))).not.toThrow();
    class Linear2 extends Linear {}
    expect(() => toTopology(new Sequential([new Linear({ outFeatures: 2 }), new Linear2({ outFeatures: 2 })]))).toThrow(
      'Two classes of layers of the model are called "Linear"',
    );
  });

  it.each<[string, Module<object, [Tensor], Tensor>]>([
    ['Lambda.function', new Lambda({ function: (x) => x }) as never],
    ['Residual.body', new Residual({ body: (x) => x }) as never],
    ['Residual.shortcut', new Residual({ body: double, shortcut: (x) => x }) as never],
    ['Sequential.layers[0]', new Sequential([(x) => x]) as never],
  ])('%s without a name of its own cannot be written down', (place, model) => {
    expect(() => toTopology(model)).toThrow(`${place} is an anonymous function`);
  });
});

describe('frozen modules stay frozen', () => {
  const shared = () => new Linear({ outFeatures: 3 });
  const models = () => {
    const layer = shared();
    const model = new Sequential([
      new Sequential([layer]),
      new Sequential([layer, new Linear({ outFeatures: 2 })]).freeze(),
    ]);
    layer.freeze(false);
    return model;
  };
  const known = { Sequential, Linear };

  it.each<[string, (model: Sequential) => Sequential]>([
    ['copied', clone],
    ['written down', (model) => fromTopology(JSON.parse(JSON.stringify(toTopology(model))), known) as Sequential],
  ])('%s before it is built', (_, remake) => {
    const copy = remake(models()).build([3]);
    expect(copy.parameters().map(({ trainable }) => trainable)).toEqual([true, true, false, false]);
  });

  it.each<[string, (model: Sequential) => Sequential]>([
    ['copied', clone],
    ['written down', (model) => fromTopology(JSON.parse(JSON.stringify(toTopology(model))), known) as Sequential],
  ])('%s after it is built, but for parameters that were freed', (_, remake) => {
    const model = models().build([3]);
    model.parameters()[3].trainable = true;
    expect(
      remake(model)
        .parameters()
        .map(({ trainable }) => trainable),
    ).toEqual([true, true, false, true]);
  });
});

describe('a module inside itself', () => {
  class Box extends Module<{ readonly parts: LayerLike[] }> {
    static override readonly kind = 'Box';
    protected forward(x: Tensor): Tensor {
      return x;
    }
  }

  it('is neither written down nor copied', () => {
    const box = new Box({ parts: [] });
    box.options.parts.push(new Sequential([box as never]));
    for (const make of [toTopology, clone]) expect(() => make(box as never)).toThrow('A Box is inside itself');
  });

  it('is not read', () => {
    const modules = [{ kind: 'Sequential', options: { layers: [{ $module: 0 }] } }];
    expect(() => fromTopology({ root: 0, modules, inputs: null, frozen: [] }, { Sequential })).toThrow(
      "The topology's module 0, Sequential, is inside itself.",
    );
  });
});

it('a state of other things than tensors is refused, with the key', () => {
  const model = new Linear({ outFeatures: 1, bias: false }).build([1]);
  const before = model.weight.item();
  for (const weight of [[1], undefined, 3])
    expect(() => model.loadStateDict({ weight } as never)).toThrow('weight is no tensor');
  expect(model.weight.item()).toBe(before);
  expect(model.loadStateDict({ weight: zeros([1, 1]) }).weight.item()).toBe(0);
});
