import { add, flatten, leakyRelu, manualSeed, relu, ShapeError, softmax, type Tensor, tanh, zeros } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import * as layers from '../src/index.js';
import {
  type AnyModule,
  BatchNorm1d,
  Conv2d,
  Flatten,
  Graph,
  Inception,
  type Initializer,
  initialize,
  type LayerLike,
  LeakyReLU,
  Linear,
  MaxPool2d,
  Module,
  PReLU,
  Residual,
  Sequential,
} from '../src/index.js';

const auto = () => new Linear({ outFeatures: 5, init: 'auto', bias: false });
const he = (slope = 0): Initializer => ({ name: 'kaimingNormal', slope });
const glorot = (gain = 1): Initializer => ({ name: 'xavierUniform', gain });

/** Expects the model's only drawn weight to be what `initializer` draws. */
function expectStart(model: AnyModule, initializer: Initializer, inputs: readonly number[] = [4]): void {
  manualSeed(8);
  const weights = model.build(inputs).parameters();
  const drawn = weights.find(({ shape }) => shape.length > 1) as Tensor;
  manualSeed(8);
  expect([...drawn.data]).toEqual([...initialize(drawn.shape, initializer).data]);
}

describe("init: 'auto'", () => {
  it.each<[string, LayerLike, Initializer]>([
    ['ReLU', new layers.ReLU(), he()],
    ['relu', relu, he()],
    ['LeakyReLU with its slope', new LeakyReLU({ slope: 0.3 }), he(0.3)],
    ['LeakyReLU by default', new LeakyReLU(), he(0.01)],
    ['leakyRelu', leakyRelu, he(0.01)],
    ['PReLU by where it starts', new PReLU({ slope: 0.1 }), he(0.1)],
    ['GELU', new layers.GELU(), he()],
    ['SiLU', new layers.SiLU(), he()],
    ['ELU', new layers.ELU(), he()],
    ['Softplus', new layers.Softplus(), he()],
    ['Tanh', new layers.Tanh(), glorot(5 / 3)],
    ['tanh', tanh, glorot(5 / 3)],
    ['HardTanh', new layers.HardTanh(), glorot(5 / 3)],
    ['Sigmoid', new layers.Sigmoid(), glorot()],
    ['Softmax', new layers.Softmax(), glorot()],
    ['LogSoftmax', new layers.LogSoftmax(), glorot()],
    ['softmax', softmax, glorot()],
    ['another Linear', new Linear({ outFeatures: 2, init: 'zeros' }), glorot()],
  ])('picks by what follows: %s', (_, activation, initializer) => {
    expectStart(new Sequential([auto(), activation]), initializer);
  });

  it('trap: it is the next activation that counts, not the previous one', () => {
    expectStart(new Sequential([new LeakyReLU({ slope: 0.5 }), auto(), tanh]), glorot(5 / 3));
    expectStart(new Sequential([tanh, auto(), new LeakyReLU({ slope: 0.5 })]), he(0.5));
  });

  it('is Glorot uniform at the end of a model, and for a layer alone', () => {
    expectStart(new Sequential([relu, auto()]), glorot());
    expectStart(auto(), glorot());
  });

  it('looks through layers that start no weights of their own', () => {
    const conv = new Conv2d({ outChannels: 3, kernelSize: 3, init: 'auto', bias: false });
    expectStart(
      new Sequential([conv, new MaxPool2d({ kernelSize: 2 }), flatten, new BatchNorm1d(), relu]),
      he(),
      [2, 6, 6],
    );
    expectStart(new Sequential([auto(), new layers.Dropout(), new layers.LayerNorm(), tanh]), glorot(5 / 3));
  });

  it('looks out of containers, and into them', () => {
    expectStart(
      new Sequential([new Sequential([new Sequential([auto()])]), new Sequential([new Flatten(), tanh])]),
      glorot(5 / 3),
    );
    expectStart(
      new Sequential([new Residual({ body: new Linear({ outFeatures: 4, init: 'auto', bias: false }) }), relu]),
      he(),
    );
    expectStart(new Sequential([auto(), new Residual({ body: new Sequential([tanh]) })]), glorot(5 / 3));
    const inner = new Graph({ inputs: { x: [5] }, nodes: { y: [tanh, 'x'] }, outputs: ['y'] });
    expectStart(new Sequential([auto(), inner]), glorot(5 / 3));
    const conv = () => new Conv2d({ outChannels: 3, kernelSize: 1, init: 'auto', bias: false });
    expectStart(new Sequential([new Inception({ branches: [conv(), tanh] }), relu]), he(), [2, 3, 3]);
    expectStart(new Sequential([conv(), new Inception({ branches: [relu, new Sequential([relu])] })]), he(), [3, 3, 3]);
  });

  const graph = (left: LayerLike, right: LayerLike) =>
    new Graph({
      inputs: { x: [4] },
      nodes: { trunk: [auto(), 'x'], left: [left, 'trunk'], right: [right, 'trunk'] },
      outputs: ['left', 'right'],
    });

  it('follows the wires of a graph', () => {
    expectStart(graph(relu, new layers.ReLU()), he());
  });

  it('asks for a name where two things follow that want different starts', () => {
    const build = () => graph(relu, tanh).build();
    expect(build).toThrow(layers.OptionError);
    expect(build).toThrow(
      /layer "trunk" has init 'auto', and what follows it asks for .*kaimingNormal.* and for .*xavier/,
    );
  });

  it('trap: a function that is no known activation throws, and is not silently linear', () => {
    const swish = (x: Tensor) => add(x, 1);
    const build = () => new Sequential([auto(), swish]).build([4]);
    expect(build).toThrow(layers.OptionError);
    expect(build).toThrow(
      `The layer in layer "0" has init 'auto', which does not know what the function swish after it`,
    );
  });

  it('throws inside a module that does not say what follows', () => {
    class Block extends Module<Record<never, never>> {
      static override readonly kind = 'Block';
      readonly inner = auto();
      protected forward(x: Tensor): Tensor {
        return tanh(this.inner.run(x));
      }
    }
    expect(() => new Sequential([new Block({}), relu]).run(zeros([1, 4]))).toThrow(
      /layer "0.inner" has init 'auto' and runs inside a module that does not say what follows it/,
    );
    class Said extends Block {
      protected override forward(x: Tensor): Tensor {
        return this.inner.run(x);
      }
    }
    expect(() => new Said({}).build([4])).toThrow(layers.OptionError);
  });

  it('takes an activation of your own at its word', () => {
    class Steep extends Module<Record<never, never>> {
      static override readonly kind = 'Steep';
      override initBefore(): Initializer {
        return { name: 'lecunNormal' };
      }
      protected forward(x: Tensor): Tensor {
        return tanh(x);
      }
    }
    expectStart(new Sequential([auto(), new Steep({})]), 'lecunNormal');
  });

  it('leaves the next first run alone after one that failed', () => {
    expect(() => new Sequential([auto(), new Linear({ outFeatures: 2, inFeatures: 3 })]).build([4])).toThrow(
      ShapeError,
    );
    expectStart(new Sequential([auto(), relu]), he());
  });
});
