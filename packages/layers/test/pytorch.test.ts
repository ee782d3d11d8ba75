import { readFileSync } from 'node:fs';
import { backward, type DType, type Shape, type Tensor, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import * as layers from '../src/index.js';

interface Numbers {
  readonly shape: Shape;
  readonly data: number[];
}
interface Case {
  readonly kind: string;
  readonly options: object;
  readonly training: boolean;
  /** Parameters and buffers at the start, by key. */
  readonly state: Record<string, Numbers>;
  /** The input of each step. */
  readonly x: Numbers[];
  readonly y: Numbers;
  readonly dy: Numbers;
  readonly dx: Numbers | null;
  /** Of the last step, by key. */
  readonly gradients: Record<string, Numbers>;
  /** Buffers at the end, by key. */
  readonly after: Record<string, Numbers>;
}
/** A layer without parameters, on several inputs. */
interface Combination {
  readonly kind: string;
  readonly options: object;
  readonly inputs: Numbers[];
  readonly integers: boolean;
  readonly y: Numbers;
  /** Null where no gradient passes. */
  readonly dy: Numbers | null;
  readonly gradients: Numbers[];
}
const golden = JSON.parse(readFileSync(new URL('./golden/layers.json', import.meta.url), 'utf8')) as {
  cases: Case[];
  combinations: Combination[];
};

const makers = layers as unknown as Record<string, new (options: object) => layers.AnyModule>;
const read = ({ shape, data }: Numbers, dtype: DType = 'f32', requiresGrad = false) =>
  tensor(Float64Array.from(data), { shape, dtype, requiresGrad });

function expectClose(actual: Tensor, { shape, data }: Numbers, what: string): void {
  expect(actual.shape, what).toEqual(shape);
  data.forEach((value, i) => {
    const difference = Math.abs(actual.data[i] - value);
    const tolerance = 5e-6 * Math.max(1, Math.abs(value));
    expect(difference <= tolerance, `${what}, element ${i}: ${actual.data[i]}, not ${value}`).toBe(true);
  });
}

describe('PyTorch gives the same results, gradients, state keys and state', () => {
  it.each(golden.cases)('$kind $options', (row) => {
    const layer = new makers[row.kind](row.options);
    const dtype = row.dx ? 'f32' : 'i32';
    layer.build({ shape: row.x[0].shape.slice(1), dtype });
    expect([...layer.stateDict().keys()]).toEqual(Object.keys(row.state));
    layer.loadStateDict(Object.fromEntries(Object.entries(row.state).map(([key, value]) => [key, read(value)])));
    if (!row.training) layer.eval();

    const inputs = row.x.map((numbers) => read(numbers, dtype, row.dx !== null));
    const y = inputs.map((x) => layer.run(x) as Tensor)[inputs.length - 1];
    expectClose(y, row.y, 'y');
    expect([...layer.namedParameters().keys()]).toEqual(Object.keys(row.gradients));
    const gradients = backward(y, { seed: read(row.dy) });
    if (row.dx) expectClose(gradients.of(inputs[inputs.length - 1]), row.dx, 'dx');
    for (const [key, parameter] of layer.namedParameters())
      expectClose(gradients.of(parameter), row.gradients[key], `gradient of ${key}`);
    const state = layer.stateDict();
    for (const [key, value] of Object.entries(row.after)) expectClose(state.get(key) as Tensor, value, key);
  });

  it.each(golden.combinations)(
    '$kind $options of $inputs.length',
    ({ kind, options, inputs, integers, ...expected }) => {
      const dtype = integers ? 'i32' : 'f32';
      const x = inputs.map((numbers) => read(numbers, dtype, expected.dy !== null));
      const y = new makers[kind](options).run(...x) as Tensor;
      expectClose(y, expected.y, 'y');
      expect(y.requiresGrad).toBe(expected.dy !== null);
      if (!expected.dy) return;
      const gradients = backward(y, { seed: read(expected.dy) });
      x.forEach((input, i) => {
        expectClose(gradients.of(input), expected.gradients[i], `gradient of input ${i}`);
      });
    },
  );
});
