import { backward, manualSeed, mean, square, type Tensor, uniform } from '@nn/tensor';
import { beforeEach, describe, expect, it } from 'vitest';
import { Linear, PReLU, Sequential } from '../src/index.js';

beforeEach(() => manualSeed(6));

const network = () =>
  new Sequential([new Linear({ outFeatures: 4 }), new PReLU(), new Linear({ outFeatures: 2 })], { input: [3] }).build();

/** The keys of the parameters that get a gradient. */
function trained(model: Sequential): string[] {
  const gradients = backward(mean(square(model.run(uniform([5, 3])))));
  return [...model.namedParameters()].flatMap(([key, w]) => (gradients.get(w as Tensor) ? [key] : []));
}

describe('freezing', () => {
  it('by layer: its parameters get no gradient, and the others do', () => {
    const model = network();
    model.children()[0][1].freeze();
    expect(trained(model)).toEqual(['1.weight', '2.weight', '2.bias']);
    model.children()[0][1].freeze(false);
    expect(trained(model)).toHaveLength(5);
  });

  it('by parameter', () => {
    const model = network();
    const bias = model.namedParameters().get('2.bias');
    if (bias) bias.trainable = false;
    expect(trained(model)).toEqual(['0.weight', '0.bias', '1.weight', '2.weight']);
  });

  it('of a whole model leaves nothing to train', () => {
    expect(() => trained(network().freeze())).toThrow('depends on no tensor that requires a gradient');
  });
});
