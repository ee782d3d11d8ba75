import { backward, fill, ShapeError, softmax, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import * as losses from '../src/index.js';
import {
  ActivityPenalty,
  BinaryCrossEntropyWithLogits,
  binaryCrossEntropyWithLogits,
  CrossEntropy,
  crossEntropy,
  Huber,
  huber,
  type Loss,
  meanAbsoluteError,
  meanSquaredError,
  SmoothL1,
  smoothL1,
} from '../src/index.js';

/** Everything exported, by name. */
const classes = new Map<string, unknown>(Object.entries(losses));

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

describe('robust losses', () => {
  it('SmoothL1 is Huber divided by its bend, and both are what they say on both sides of it', () => {
    const [x, zero] = [tensor([0.5, -3]), tensor([0, 0])];
    expect(huber(x, zero, { delta: 2, reduction: 'none' }).toArray()).toEqual([0.125, 4]);
    expect(smoothL1(x, zero, { beta: 2, reduction: 'none' }).toArray()).toEqual([0.0625, 2]);
  });

  it('have a bend in range', () => {
    expect(() => new Huber({ delta: 0 })).toThrow(/Huber: delta is a finite number.* was given as 0/);
    expect(() => new SmoothL1({ beta: -1 })).toThrow(/SmoothL1: beta is a finite number, 0 or more/);
  });
});

describe('a loss without a target', () => {
  it('is a function of the output alone: the mean over samples of l1·Σ|x| + l2·Σx²', () => {
    const x = tensor([[[1, -2]], [[0, 3]]]);
    expect(new ActivityPenalty({ l1: 0.5 }).run(x).item()).toBeCloseTo((0.5 * (3 + 3)) / 2, 6);
    expect(new ActivityPenalty({ l1: 0.5, l2: 2 }).run(x).item()).toBeCloseTo((1.5 + 10 + 1.5 + 18) / 2, 5);
    expect([new ActivityPenalty({ l2: 1 }).takesTarget, new Huber().takesTarget]).toEqual([false, true]);
  });

  it('says what it needs', () => {
    expect(() => new ActivityPenalty({})).toThrow(/costs nothing; give one/);
    expect(() => new ActivityPenalty({ l1: -1 })).toThrow(/l1 is a finite number, 0 or more/);
  });
});

describe('a loss as a value', () => {
  it('carries its options as JSON', () => {
    const loss = new CrossEntropy({ labelSmoothing: 0.1 });
    expect(new CrossEntropy(JSON.parse(JSON.stringify(loss.options))).options).toEqual(loss.options);
  });

  const made = [...classes].flatMap(([name, type]) => {
    if (typeof type !== 'function' || !('kind' in type) || name === 'Loss') return [];
    return [[name, Reflect.construct(type, [name === 'ActivityPenalty' ? { l1: 1 } : {}]) as Loss] as const];
  });

  it.each(made)('%s has its export as its name, and refuses unknown options', (name, loss) => {
    expect(loss.name).toBe(name);
    expect(() => Reflect.construct(loss.constructor, [{ nonsense: 1 }])).toThrow(
      new RegExp(`${name} has no option "nonsense"; it has reduction`),
    );
  });

  it.each(made.filter(([, loss]) => loss.takesTarget))('%s says that a target is missing', (_, loss) => {
    expect(() => loss.run(tensor([[1]]))).toThrow(/needs a target/);
  });
});
