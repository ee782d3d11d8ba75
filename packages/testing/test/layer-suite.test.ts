import { Dropout, Linear, Module, Sequential } from '@nn/layers';
import {
  add,
  fill,
  multiply,
  noGrad,
  Parameter,
  referenceBackend,
  type Shape,
  sum,
  type Tensor,
  tanh,
  tensor,
  zeros,
} from '@nn/tensor';
import { describe, expect, test } from 'vitest';
import { type LayerCase, layerCase, layerSuite } from '../src/index.js';
import { halfSquare } from './faulty.js';

/** The errors of the checks that fail, by the beginning of their names. */
function faults(row: LayerCase): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, run } of layerSuite(row, [referenceBackend])) {
    try {
      run();
    } catch (error) {
      found[name] = (error as Error).message;
    }
  }
  return found;
}

abstract class Layer extends Module<Record<never, never>> {
  constructor(options = {}) {
    super(options);
  }
}

class WrongDerivative extends Layer {
  static override readonly kind = 'WrongDerivative';
  weight!: Parameter;
  protected override setup([, features]: Shape) {
    this.weight = new Parameter(fill([features], 0.5));
  }
  protected forward(x: Tensor) {
    return halfSquare(multiply(x, this.weight));
  }
}

class HiddenState extends Layer {
  static override readonly kind = 'HiddenState';
  readonly #weight = new Parameter(fill([3], Math.random()));
  protected forward(x: Tensor) {
    return multiply(x, this.#weight);
  }
}

class ChangesInEvaluation extends Layer {
  static override readonly kind = 'ChangesInEvaluation';
  runs = zeros([1]);
  protected forward(x: Tensor) {
    noGrad(() => this.runs.assign(add(this.runs, 1)));
    return multiply(x, 2);
  }
}

class CountsInJavaScript extends Layer {
  static override readonly kind = 'CountsInJavaScript';
  #runs = 0;
  protected forward(x: Tensor) {
    return this.training ? multiply(x, tensor([++this.#runs])) : x;
  }
}

class MixesSamples extends Layer {
  static override readonly kind = 'MixesSamples';
  protected forward(x: Tensor) {
    return sum(x, { axis: 0, keepDims: true });
  }
}

class CutsTheTape extends Layer {
  static override readonly kind = 'CutsTheTape';
  weight = new Parameter(fill([1], 2));
  protected forward(x: Tensor) {
    return multiply(x, this.weight.detach());
  }
}

describe('layerSuite', () => {
  test.each([
    layerCase(() => new Linear({ outFeatures: 2 }), [3, 4]),
    layerCase(() => new Sequential([new Linear({ outFeatures: 4 }), tanh, new Dropout()]), [3, 4]),
  ])('finds no fault in $name', (row) => {
    expect(faults(row)).toEqual({});
  });

  test('names a row by the layer, its options and the shapes', () => {
    const dense = new Linear({ outFeatures: 2, bias: false });
    expect(layerCase(() => dense, [3, 4]).name).toBe('Linear {"outFeatures":2,"bias":false} [3, 4]');
    const row = layerCase(() => new Sequential([dense, tanh]), [3, 4], { note: 'two' });
    expect(row.name).toBe('Sequential {"layers":["Linear","tanh"]} [3, 4] (two)');
  });

  test('finds a wrong derivative of an input and of a parameter', () => {
    const found = faults(layerCase(() => new WrongDerivative(), [2, 3]));
    expect(Object.keys(found)).toEqual([
      'its gradients are derivatives, in training',
      'its gradients are derivatives, in evaluation',
    ]);
    expect(Object.values(found)[0]).toMatch(/^weight: fail.*\ninput 0: fail/);
  });

  test('finds a parameter that gets no gradient', () => {
    const found = faults(layerCase(() => new CutsTheTape(), [2, 3]));
    expect(found['its gradients are derivatives, in training']).toMatch(/^weight: fail/);
  });

  test('finds state that is not saved', () => {
    const found = Object.keys(faults(layerCase(() => new HiddenState(), [2, 3])));
    expect(found).toContain('its state can be saved and loaded');
    expect(found).toContain('a clone is equal and independent');
  });

  test('finds state that changes in evaluation', () => {
    const found = faults(layerCase(() => new ChangesInEvaluation(), [2, 3]));
    expect(found['evaluation repeats itself and changes nothing']).toMatch(/runs at \[0\] is 3 instead of 1/);
  });

  test('finds JavaScript that a captured step would not repeat', () => {
    const found = faults(layerCase(() => new CountsInJavaScript(), [2, 3]));
    expect(found['captured training equals eager to the bit on reference']).toMatch(/call 3, in training, tensor 0/);
  });

  test('finds a layer that does not keep the batch', () => {
    expect(faults(layerCase(() => new MixesSamples(), [2, 3]))['builds on a shape as on a first run']).toMatch(
      /a batch twice as large/,
    );
  });
});
