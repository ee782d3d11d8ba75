import { noGrad, zeros } from '@nn/nn';
import { expect, test } from 'vitest';
import { modelOf } from '../src/model.js';
import { type Network, networks } from '../src/networks.js';
import { shapeAfter } from '../src/peers/shape.js';

test.each(Object.entries<Network>(networks))(
  'shapes behind the layers of %s are those of the network',
  (_, network) => {
    const shapes = network.layers.map((_, count) => {
      const model = modelOf({ ...network, layers: network.layers.slice(0, count + 1) }).eval();
      return noGrad(() => model.run(zeros([2, ...network.input]))).shape.slice(1);
    });
    let shape = network.input;
    const expected = network.layers.map((layer) => {
      shape = shapeAfter(layer, shape);
      return shape;
    });
    expect(expected).toEqual(shapes);
  },
);
