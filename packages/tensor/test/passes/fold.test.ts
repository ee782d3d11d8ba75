import { describe, expect, test } from 'vitest';
import {
  averagePool2d,
  backward,
  conv2d,
  linear,
  maxPool2d,
  normal,
  Parameter,
  type Program,
  relu,
  sigmoid,
  sum,
  type Tensor,
  tanh,
} from '../../src/index.js';
import { deadLaunches } from '../../src/passes/dead-launches.js';
import { foldActivations } from '../../src/passes/fold-activations.js';
import { foldPooling } from '../../src/passes/fold-pooling.js';
import { interpret } from '../../src/program.js';
import { applied, namesOf, programOf } from './programs.js';

const parameter = (...shape: number[]) => new Parameter(normal(shape, { deviation: 0.5 }));
const [w, b] = [parameter(3, 2, 3, 3), parameter(3)];
const images = normal([2, 2, 9, 8]);

/** What the program gives on the reference kernels for one image batch. */
function run(program: Program, x: Tensor): Float32Array[] {
  const results = program.results.map((i) => new Float32Array(program.buffers[i].length));
  interpret(program, ({ kernel, storages, attrs }) =>
    kernel.reference(
      storages.map(({ data }) => data),
      attrs,
    ),
  ).run([x.data], results);
  return results;
}

const bits = (arrays: Float32Array[]) => arrays.map((array) => [...new Int32Array(array.buffer)]);

/** A training step of a convolution, an activation and a pooling: the loss and all gradients. */
const training = (activation: (x: Tensor) => Tensor, pool: (x: Tensor) => Tensor) => (x: Tensor) => {
  const loss = sum(tanh(pool(activation(conv2d(x, w, b, { padding: 1 })))));
  const gradients = backward(loss);
  return [loss, ...[...gradients].map(([, gradient]) => gradient)];
};

const pairs = (x: Tensor) => maxPool2d(x, { kernelSize: 2 });

describe.each([
  ['relu', relu],
  ['tanh', tanh],
  ['sigmoid', sigmoid],
])('%s', (name, activation) => {
  test('is folded into the product before it', () => {
    const [weight, bias] = [parameter(4, 72), parameter(4)];
    const x = normal([5, 72]);
    const program = programOf((input) => {
      const gradients = backward(sum(activation(linear(input, weight, bias))));
      return [...gradients].map(([, gradient]) => gradient);
    }, x);
    const folded = applied(foldActivations, program);
    expect(namesOf(program)).toContain(name);
    expect(namesOf(folded)).not.toContain(name);
    expect(bits(run(folded, x))).toEqual(bits(run(program, x)));
  });

  test('is folded into a convolution with the pooling behind it, and so are their gradients', () => {
    const program = programOf(training(activation, pairs), images);
    const folded = applied(foldPooling, applied(foldActivations, program));
    expect(namesOf(folded)).toContain('conv2dMaxPool');
    expect(namesOf(folded)).toContain('maxPoolActivationGradient');
    for (const gone of ['conv2d', name === 'tanh' ? '' : name, 'maxPool2d', 'maxPool2dGradient'])
      expect(namesOf(folded)).not.toContain(gone);
    expect(bits(run(folded, images))).toEqual(bits(run(program, images)));
  });
});

describe('stays as it is', () => {
  const unchanged = (step: (x: Tensor) => Tensor[] | Tensor, x = images) => {
    const program = applied(foldActivations, programOf(step, x));
    expect(namesOf(applied(foldPooling, program))).toEqual(namesOf(program));
  };
  const convolved = (x: Tensor) => conv2d(x, w, b);

  test('a pooling by other windows', () => {
    unchanged((x) => maxPool2d(relu(convolved(x)), { kernelSize: 3 }));
    unchanged((x) => maxPool2d(relu(convolved(x)), { kernelSize: 2, stride: 1 }));
    unchanged((x) => maxPool2d(relu(convolved(x)), { kernelSize: 2, padding: 1 }));
    unchanged((x) => maxPool2d(relu(convolved(x)), { kernelSize: 2, ceilMode: true }));
  });
  test('an average', () => unchanged((x) => averagePool2d(relu(convolved(x)), { kernelSize: 2 })));
  test('a convolution that something else reads, or that is a result', () => {
    unchanged((x) => {
      const y = relu(convolved(x));
      return [pairs(y), sum(y)];
    });
    unchanged((x) => {
      const y = convolved(x);
      return [pairs(y), y];
    });
  });
  test('an activation of what something else reads', () => {
    const program = programOf((x) => {
      const y = convolved(x);
      return [relu(y), sum(y)];
    }, images);
    expect(namesOf(applied(foldActivations, program))).toEqual(namesOf(program));
  });
  test('an activation whose result memory outside keeps', () => {
    const kept = parameter(2, 3, 7, 6);
    const program = programOf((x) => {
      kept.assign(relu(convolved(x)));
      return x;
    }, images);
    expect(namesOf(applied(foldActivations, program))).toContain('conv2d');
    expect(namesOf(program)).toContain('cast');
  });
});

test('without a backward pass only the forward one is folded', () => {
  const program = programOf((x) => pairs(relu(conv2d(x, w, b))), images);
  const folded = applied(foldPooling, applied(foldActivations, applied(deadLaunches, program)));
  expect(namesOf(folded)).toEqual(['conv2dMaxPool']);
  expect(bits(run(folded, images))).toEqual(bits(run(program, images)));
});
