import { describe, expect, test } from 'vitest';
import {
  add,
  backward,
  batchNorm,
  capture,
  defineOp,
  explain,
  inScope,
  linear,
  manualSeed,
  matmul,
  mean,
  multiply,
  noGrad,
  Parameter,
  relu,
  sin,
  softmaxCrossEntropy,
  square,
  subtract,
  sum,
  type Tensor,
  tanh,
  tensor,
  uniform,
} from '../src/index.js';

/** Two linear layers with tanh between, and mean squared error, on two samples. */
function twoLayers() {
  manualSeed(3);
  const drawn = (...shape: number[]) => new Parameter(uniform(shape, { low: -1, high: 1 }));
  const [w1, b1, w2, b2] = [drawn(3, 2), drawn(3), drawn(1, 3), drawn(1)];
  const x = tensor([
    [1, -2],
    [0.5, 3],
  ]);
  const y = tensor([[1], [-1]]);
  const hidden = inScope('0', () => linear(x, w1, b1));
  const active = inScope('1', () => tanh(hidden));
  const loss = mean(
    square(
      subtract(
        inScope('2', () => linear(active, w2, b2)),
        y,
      ),
    ),
  );
  return { x, y, loss, parameters: { w1, b1, w2, b2 } };
}

/** The numbers behind `name [shape]:` in the last part of the page. */
function printed(page: string, name: string): number[] {
  const line = page
    .slice(page.indexOf('Gradients of the loss'))
    .match(new RegExp(`^ *${name} \\[[\\d, ]*\\]: (.*)$`, 'm'));
  return (line?.[1] ?? '').split(' ').map(Number);
}

const fourDigits = ({ data }: Tensor) => Array.from(data, (value) => Number(value.toPrecision(4)));

describe('explain on a network of two layers', () => {
  test('prints the gradients that backward gives', () => {
    const { loss, parameters } = twoLayers();
    const gradients = backward(loss);
    const page = String(explain(loss, { names: Object.entries(parameters) }));
    for (const [name, parameter] of Object.entries(parameters))
      expect(printed(page, name), name).toEqual(fourDigits(gradients.of(parameter)));
  });

  test('has every op, in order, with the values and gradients of the tape, to the bit', () => {
    const { loss } = twoLayers();
    const { ops } = explain(loss);
    expect(ops.map(({ name }) => name)).toEqual(['linear', 'tanh', 'linear', 'subtract', 'square', 'sum', 'multiply']);
    expect(ops.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(ops[6].outputs[0].tensor).toBe(loss);
    const inner = ops.flatMap(({ outputs }) => outputs.map(({ tensor }) => tensor));
    const gradients = backward(loss, { of: inner });
    for (const { outputs } of ops)
      for (const { tensor, gradient } of outputs) expect(gradient?.data).toEqual(gradients.of(tensor).data);
  });

  test('names layers, where values come from, and the rule of each derivative', () => {
    const { loss, x, parameters } = twoLayers();
    const page = explain(loss, {
      names: [
        ['images', x],
        ['0.weight', parameters.w1],
      ],
    }).toString();
    expect(page).toContain(`  1 linear in layer "0"
      x = images [2, 2]: 1 -2 0.5 3
      w = 0.weight [3, 2]: ${fourDigits(parameters.w1).join(' ')}
      b = 0.b [3]: ${fourDigits(parameters.b1).join(' ')}
      y = [2, 3]: `);
    expect(page).toContain('  2 tanh in layer "1"\n      x = result of 1\n');
    expect(page).toContain('  3 linear in layer "2"\n      x = result of 2\n');
    const [forwards, backwards] = page.split('\nBackward\n');
    expect(forwards).toContain('Forward\n  1 linear');
    expect(backwards).toMatch(/^ {2}7 multiply\n {6}dy = \[\]: 1\n {6}da = multiply\(dy, b\)\n/);
    expect(backwards).toContain('dw = matmul(dy, x, { transposeA: true })\n');
    expect(backwards).toContain('dx = matmul(dy, w)\n');
    expect(backwards).toContain('dx = tanhGradient(y, dy), that is multiply(dy, subtract(1, square(y)))\n');
  });

  test('the rule, followed by hand, gives the gradient', () => {
    const { ops } = explain(twoLayers().loss);
    const [x, w, b] = ops[0].inputs;
    const dy = ops[0].outputs[0].gradient as Tensor;
    expect([x.rule, w.rule, b.rule]).toEqual([
      undefined,
      'matmul(dy, x, { transposeA: true })',
      'sum(dy, { axis: 0 })',
    ]);
    noGrad(() => {
      expect(w.gradient?.data).toEqual(matmul(dy, x.tensor, { transposeA: true }).data);
      expect(b.gradient?.data).toEqual(sum(dy, { axis: [0] }).data);
    });
  });
});

test('what several ops use gets the sum of their contributions, and the page says so', () => {
  const x = new Parameter(tensor([0.5, 2]));
  const explanation = explain(sum(add(multiply(x, sin(x)), x)));
  const [sine, product, total] = explanation.ops;
  const contributions = [sine.inputs[0], product.inputs[0], total.inputs[1]].map(({ gradient }) => gradient as Tensor);
  const [leaf] = explanation.leaves;
  expect(leaf.usedBy).toEqual([1, 2, 3]);
  leaf.gradient.data.forEach((value, i) => {
    expect(value).toBeCloseTo(
      contributions.reduce((all, { data }) => all + data[i], 0),
      5,
    );
    expect(value).toBeCloseTo(Math.sin(x.data[i]) + x.data[i] * Math.cos(x.data[i]) + 1, 5);
  });
  expect(String(explanation)).toMatch(/^ {4}x \[2\]: \S+ \S+ \(sum of what 1, 2, 3 gave\)$/m);
});

test('an op without a backward has the rule of its meaning', () => {
  const cube = defineOp({
    name: 'cube',
    inputs: ['x'],
    infer: ({ x }) => x,
    forward: ({ x, y }) => void y.assign(multiply(x, square(x))),
    meaning: (x) => multiply(x, square(x)),
  });
  const x = new Parameter(tensor([2, -1]));
  const [input] = explain(sum(cube(x))).ops[0].inputs;
  expect(input.rule).toBe('add(multiply(dy, square(x)), multiply(multiply(dy, x), multiply(x, 2)))');
  expect(input.gradient?.toArray()).toEqual([12, 3]);
});

test('ops with several results, integers and constants are told apart', () => {
  const logits = new Parameter(
    tensor([
      [1, 2, 3],
      [0, 0, 1],
    ]),
  );
  const [losses] = softmaxCrossEntropy(logits, tensor(Int32Array.of(2, 0)));
  const page = String(explain(sum(multiply(losses, 0.5))));
  expect(page).toContain('      target = [2]: 2 0\n      y0 = [2]: ');
  expect(page).toContain('dlogits = crossEntropyGradient(y1, logits, target, dy0), that is multiply(');
  expect(page).toContain('      a = result of 1\n      b = 0.5\n');
  const normalised = explain(sum(square(batchNorm(logits, tensor([1, 1, 1]), tensor([0, 0, 0]))[0])));
  expect(normalised.ops[0].inputs[0].rule).toMatch(/^batchNormGradient\(x, scale, y1, y2, dy0, .*\)\[0\]$/);
});

test('of a tensor with many numbers the first are shown, and how many there are', () => {
  const x = new Parameter(uniform([4, 5]));
  expect(String(explain(sum(relu(x))))).toMatch(/^ {6}x = \[4, 5\]: (\S+ ){5}… \(20 numbers\)$/m);
});

test('numbers that are gone, and wrong options, are errors; what is not on the tape is left out', () => {
  const { loss, parameters } = twoLayers();
  parameters.b2.assign(tensor([9]));
  expect(() => explain(loss)).toThrow(/b of linear was changed in place.*before the change, such as a step/s);
  expect(() => explain(twoLayers().loss, { name: [] } as object)).toThrow(/no option "name"; it has names, seed/);
  expect(() => explain(tensor([1]))).toThrow(/no tensor that requires a gradient/);
  const x = new Parameter(tensor([2]));
  expect(
    explain(
      sum(
        multiply(
          noGrad(() => square(x)),
          x,
        ),
      ),
    ).ops.map(({ name }) => name),
  ).toEqual(['multiply', 'sum']);
});

test('steps replay as they did, whether explained before or not', () => {
  const w = new Parameter(tensor([1, 2]));
  const step = capture((x: Tensor) => {
    const loss = sum(square(multiply(w, x)));
    return backward(loss).of(w);
  });
  const x = tensor([3, 4]);
  explain(sum(square(multiply(w, x))));
  const results = [step(x), step(x), step(x)].map(({ data }) => [...data]);
  expect(results).toEqual([
    [18, 64],
    [18, 64],
    [18, 64],
  ]);
});
