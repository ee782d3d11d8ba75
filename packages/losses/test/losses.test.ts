import { readFileSync } from 'node:fs';
import { backward, capture, fill, type NestedArray, ShapeError, softmax, type Tensor, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import {
  BinaryCrossEntropyWithLogits,
  binaryCrossEntropyWithLogits,
  CrossEntropy,
  crossEntropy,
  type LossOptions,
  MeanAbsoluteError,
  MeanSquaredError,
  meanAbsoluteError,
  meanSquaredError,
} from '../src/index.js';

const classes = { BinaryCrossEntropyWithLogits, CrossEntropy, MeanAbsoluteError, MeanSquaredError };

interface Golden {
  readonly inputs: Record<string, NestedArray>;
  readonly cases: readonly {
    readonly loss: keyof typeof classes;
    readonly options: LossOptions;
    readonly prediction: string;
    readonly target: string;
    readonly value: number;
    readonly gradient: number[][];
  }[];
}
const golden = JSON.parse(readFileSync(new URL('./golden.json', import.meta.url), 'utf8')) as Golden;
const targetOf = (name: string) => tensor(golden.inputs[name], { dtype: name === 'indices' ? 'i32' : 'f64' });

describe('PyTorch gives the same value and gradient', () => {
  it.each(golden.cases)('$loss of $prediction and $target, $options', (row) => {
    const x = tensor(golden.inputs[row.prediction], { dtype: 'f64', requiresGrad: true });
    const loss = new classes[row.loss](row.options).run(x, targetOf(row.target));
    expect(loss.shape).toEqual([]);
    expect(Math.abs(loss.item() - row.value)).toBeLessThan(1e-8 * Math.max(1, Math.abs(row.value)));
    const gradient = backward(loss).of(x).data;
    row.gradient.flat().forEach((expected, i) => {
      expect(Math.abs(gradient[i] - expected)).toBeLessThan(1e-8);
    });
  });
});

describe('reduction none', () => {
  it('leaves a loss a row, or a loss a number', () => {
    const logits = tensor([
      [1, 2, 3],
      [3, 2, 1],
    ]);
    const rows = crossEntropy(logits, tensor([2, 0], { dtype: 'i32' }), { reduction: 'none' });
    expect(rows.shape).toEqual([2]);
    expect(rows.data[0]).toBeCloseTo(-Math.log(softmax(logits).data[2]), 6);
    expect(meanAbsoluteError(logits, fill([2, 3], 2), { reduction: 'none' }).toArray()).toEqual([
      [1, 0, 1],
      [1, 0, 1],
    ]);
  });

  it('is 0 for an ignored row', () => {
    const target = tensor([1, 255], { dtype: 'u8' });
    const rows = crossEntropy(
      tensor([
        [1, 2],
        [3, 4],
      ]),
      target,
      { reduction: 'none', ignoredIndex: 255 },
    );
    expect(rows.data[0]).toBeGreaterThan(0);
    expect(rows.data[1]).toBe(0);
  });
});

describe('cross-entropy', () => {
  const logits = tensor([
    [0.5, -1, 2],
    [1, 1, 0],
    [-3, 0, 3],
  ]);

  it('takes class indices as bytes, and one-hot rows as the same thing', () => {
    const expected = crossEntropy(logits, tensor([2, 0, 1], { dtype: 'i32' })).item();
    expect(crossEntropy(logits, tensor([2, 0, 1], { dtype: 'u8' })).item()).toBe(expected);
    const oneHot = tensor(
      [
        [0, 0, 1],
        [1, 0, 0],
        [0, 1, 0],
      ],
      { dtype: 'u8' },
    );
    expect(crossEntropy(logits, oneHot).item()).toBeCloseTo(expected, 6);
  });

  it('stays finite where a wrong answer is sure', () => {
    const x = tensor([[1000, -1000]], { requiresGrad: true });
    const loss = crossEntropy(x, tensor([1], { dtype: 'i32' }));
    expect(loss.item()).toBe(2000);
    expect(backward(loss).of(x).toArray()).toEqual([[1, -1]]);
  });

  it('gives ignored rows no gradient', () => {
    const x = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { requiresGrad: true },
    );
    const loss = crossEntropy(x, tensor([-100, 0], { dtype: 'i32' }), { ignoredIndex: -100 });
    expect(Array.from(backward(loss).of(x).data.slice(0, 2), Math.abs)).toEqual([0, 0]);
  });

  it('replays in a captured step with the same bits', () => {
    const loss = new CrossEntropy({ labelSmoothing: 0.1, classWeights: [1, 2, 3], ignoredIndex: 0 });
    const step = capture((x: Tensor, target: Tensor) => loss.run(x, target), { verify: true });
    const target = tensor([2, 0, 1], { dtype: 'i32' });
    const eager = loss.run(logits, target).item();
    for (let i = 0; i < 4; i++) expect(step(logits, target).item()).toBe(eager);
  });

  it.each([
    ['logits of one dimension', [3], [3], 'i32', /\[rows, classes\]/],
    ['a target a row too short', [3, 4], [2], 'i32', /must be \[3\] class indices or \[3, 4\] probabilities/],
    ['a target with a dimension too many', [3, 4], [3, 1], 'i32', /target \[3, 1\]/],
    ['class indices as floats', [3, 4], [3], 'f32', /cast\(target, \{ dtype: 'i32' \}\)/],
  ] as const)('refuses %s', (_, x, t, dtype, message) => {
    const call = () => crossEntropy(fill(x, 1), fill(t, 0, dtype));
    expect(call).toThrow(ShapeError);
    expect(call).toThrow(message);
  });

  it('names a class index out of range', () => {
    expect(() => crossEntropy(logits, tensor([0, 3, 1], { dtype: 'i32' }))).toThrow(/target 3 at row 1 is outside 0…2/);
  });

  it('refuses options that do not fit', () => {
    expect(() => new CrossEntropy({ smoothing: 0.1 } as object)).toThrow(/no option "smoothing".*labelSmoothing/);
    expect(() => new CrossEntropy({ labelSmoothing: 1.5 })).toThrow(/0 to 1, not 1.5/);
    expect(() => new CrossEntropy({ labelSmoothing: Number.NaN })).toThrow(/not NaN/);
    expect(() => new CrossEntropy({ classWeights: [1, -1] })).toThrow(/0 or more/);
    expect(() => new CrossEntropy({ ignoredIndex: 0.5 })).toThrow(/whole number/);
    expect(() => new CrossEntropy({ reduction: 'average' as 'mean' })).toThrow(/'none', not "average"/);
    const target = tensor([2, 0, 1], { dtype: 'i32' });
    expect(() => new CrossEntropy({ classWeights: [1, 1] }).run(logits, target)).toThrow(/2 weights for 3 classes/);
    expect(() => crossEntropy(logits, logits, { ignoredIndex: 1 })).toThrow(/needs class indices/);
  });
});

it('functions refuse options that do not fit, as classes do', () => {
  const [logits, target] = [tensor([[1, 2]]), tensor([1], { dtype: 'i32' })];
  const unlike = { reduction: 'average' as 'mean' };
  expect(() => crossEntropy(logits, target, { labelSmoothing: 2 })).toThrow(/labelSmoothing is a share from 0 to 1/);
  expect(() => crossEntropy(logits, target, unlike)).toThrow(/CrossEntropy: reduction is .* not "average"/);
  expect(() => crossEntropy(logits, target, { smoothing: 0.1 } as object)).toThrow(/no option "smoothing"/);
  for (const loss of [meanSquaredError, meanAbsoluteError, binaryCrossEntropyWithLogits]) {
    expect(() => loss(logits, logits, unlike)).toThrow(/reduction is .* not "average"/);
    expect(() => loss(logits, logits, { labelSmoothing: 0.1 } as object)).toThrow(/no option "labelSmoothing"/);
  }
});

it('numbers that are in no tensor are refused', () => {
  for (const loss of [crossEntropy, meanSquaredError, meanAbsoluteError, binaryCrossEntropyWithLogits]) {
    expect(() => loss(tensor([[1, 2]]), [0] as never)).toThrow(/the target is no tensor; make it one, with tensor/);
    expect(() => loss([[1, 2]] as never, tensor([0]))).toThrow(/the prediction is no tensor/);
  }
});

describe('losses number by number', () => {
  it('refuse shapes that would broadcast', () => {
    for (const loss of [meanSquaredError, meanAbsoluteError, binaryCrossEntropyWithLogits]) {
      expect(() => loss(fill([4, 1], 1), fill([4], 1))).toThrow(ShapeError);
      expect(() => loss(fill([4, 1], 1), fill([4], 1))).toThrow(/prediction is \[4, 1\], the target \[4\]; reshape/);
    }
  });

  it('take whole-number targets', () => {
    expect(meanSquaredError(tensor([1, 2.5]), tensor([1, 2], { dtype: 'i32' })).item()).toBeCloseTo(0.125, 6);
  });

  it('take the mean over numbers, not over rows', () => {
    expect(meanSquaredError(fill([2, 3], 2), fill([2, 3], 0)).item()).toBe(4);
  });

  it('have the slope σ(x) − t of binary cross-entropy at 0 too', () => {
    const x = tensor([0, 0], { requiresGrad: true });
    const loss = new BinaryCrossEntropyWithLogits({ reduction: 'sum' }).run(x, tensor([1, 0]));
    expect(backward(loss).of(x).toArray()).toEqual([-0.5, 0.5]);
  });
});

describe('a loss as a value', () => {
  it('carries its name and its options as JSON', () => {
    const loss = new CrossEntropy({ labelSmoothing: 0.1 });
    expect([loss.name, CrossEntropy.kind, new MeanSquaredError().name]).toEqual([
      'CrossEntropy',
      'CrossEntropy',
      'MeanSquaredError',
    ]);
    expect(new CrossEntropy(JSON.parse(JSON.stringify(loss.options))).options).toEqual(loss.options);
  });

  it('says that a target is missing', () => {
    expect(() => new MeanSquaredError().run(tensor([1]), undefined as never)).toThrow(/needs a target/);
    expect(() => new CrossEntropy().run(tensor([[1]]), undefined as never)).toThrow(/needs a target/);
  });
});
