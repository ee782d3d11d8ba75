import { readFileSync } from 'node:fs';
import {
  backward,
  capture,
  fill,
  logSoftmax,
  type NestedArray,
  ShapeError,
  sigmoid,
  softmax,
  type Tensor,
  tensor,
} from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import * as losses from '../src/index.js';
import {
  ActivityPenalty,
  BinaryCrossEntropyWithLogits,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  CosineEmbedding,
  CrossEntropy,
  CTC,
  cosineEmbedding,
  crossEntropy,
  ctc,
  Hinge,
  Huber,
  hinge,
  hingeEmbedding,
  huber,
  KLDivergence,
  klDivergence,
  type Loss,
  type MeanSquaredError,
  MultiMargin,
  meanAbsoluteError,
  meanSquaredError,
  multiMargin,
  NegativeLogLikelihood,
  negativeLogLikelihood,
  SmoothL1,
  smoothL1,
} from '../src/index.js';

interface Golden {
  readonly inputs: Record<string, { readonly dtype: 'f64' | 'i32'; readonly values: NestedArray }>;
  readonly cases: readonly {
    readonly loss: string;
    readonly options: object;
    /** The names of what the loss takes; the gradient is the first one's. */
    readonly inputs: readonly string[];
    /** True where the loss takes the logarithms of the softmax of the first input. */
    readonly logSoftmax: boolean;
    readonly value: number;
    readonly gradient: readonly number[];
  }[];
}
const classes = new Map<string, unknown>(Object.entries(losses));
const golden = JSON.parse(readFileSync(new URL('./golden.json', import.meta.url), 'utf8')) as Golden;
const input = (name: string, requiresGrad = false) => {
  const { dtype, values } = golden.inputs[name];
  return tensor(values, { dtype, requiresGrad });
};

describe('PyTorch gives the same value and gradient', () => {
  it.each(golden.cases)('$loss of $inputs, $options', (row) => {
    const [x, ...others] = row.inputs.map((name, i) => input(name, i === 0));
    const loss = Reflect.construct(classes.get(row.loss) as typeof MeanSquaredError, [row.options]);
    const y = loss.run(row.logSoftmax ? logSoftmax(x) : x, ...others);
    expect(y.shape).toEqual([]);
    expect(Math.abs(y.item() - row.value)).toBeLessThan(1e-8 * Math.max(1, Math.abs(row.value)));
    const gradient = backward(y).of(x).data;
    row.gradient.forEach((expected, i) => {
      expect(Math.abs(gradient[i] - expected)).toBeLessThan(1e-8 * Math.max(1, Math.abs(expected)));
    });
  });

  it('for every loss but those that PyTorch lacks', () => {
    const compared = new Set(golden.cases.map(({ loss }) => loss));
    const missing = Object.entries(losses).flatMap(([name, value]) =>
      'kind' in value && name !== 'Loss' && !compared.has(name) ? [name] : [],
    );
    expect(missing).toEqual(['ActivityPenalty']);
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

describe('binary cross-entropy of probabilities', () => {
  const slope = (x: number, t: number) => {
    const p = tensor([x], { dtype: 'f64', requiresGrad: true });
    return backward(binaryCrossEntropy(p, tensor([t])))
      .of(p)
      .item();
  };

  it('trap: its gradient is (x − t) / (x·(1 − x)), and not the x − t of logits', () => {
    expect(slope(0.2, 1)).toBeCloseTo(-5, 12);
    expect(slope(0.2, 0)).toBeCloseTo(1.25, 12);
    expect(slope(0.9, 0)).toBeCloseTo(10, 12);
  });

  it('trap: behind a sigmoid, it gives logits the gradient that the loss of logits gives them', () => {
    const [x, t] = [input('prediction', true), input('bits')];
    const ofLogits = backward(binaryCrossEntropyWithLogits(x, t)).of(x).data;
    const ofProbabilities = backward(binaryCrossEntropy(sigmoid(x), t)).of(x).data;
    ofProbabilities.forEach((value, i) => {
      expect(value).toBeCloseTo(ofLogits[i], 12);
    });
  });

  it('is finite, with a finite slope, where a wrong answer is sure', () => {
    const x = tensor([0, 1, 0, 1], { requiresGrad: true });
    const y = binaryCrossEntropy(x, tensor([1, 0, 0, 1]), { reduction: 'none' });
    expect(Array.from(y.data, Math.abs)).toEqual([100, 100, 0, 0]);
    const gradient = backward(y, { seed: fill([4], 1) }).of(x).data;
    expect(gradient[0]).toBeCloseTo(-1e12, -6);
    expect(gradient[1]).toBeCloseTo(1e12, -6);
    expect([...gradient.slice(2)]).toEqual([1, -1]);
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

describe('losses of logarithms of probabilities', () => {
  const logits = tensor([
    [0.5, -1, 2],
    [1, 1, 0],
  ]);

  it('are cross-entropy when given the logSoftmax of logits', () => {
    const target = tensor([2, 0], { dtype: 'u8' });
    const options = { classWeights: [1, 2, 3] };
    const expected = crossEntropy(logits, target, options).item();
    expect(negativeLogLikelihood(logSoftmax(logits), target, options).item()).toBeCloseTo(expected, 6);
  });

  it('take −∞ for what is impossible and not asked for', () => {
    const certain = tensor([[0, -Infinity]]);
    expect(negativeLogLikelihood(certain, tensor([0], { dtype: 'i32' })).item()).toBeCloseTo(0, 12);
    expect(negativeLogLikelihood(certain, tensor([1], { dtype: 'i32' })).item()).toBe(Infinity);
    expect(klDivergence(certain, tensor([[1, 0]])).item()).toBeCloseTo(0, 12);
  });

  it('KL is 0 for equal distributions, and divides by the rows where batchMean is asked for', () => {
    const p = softmax(logits);
    expect(klDivergence(logSoftmax(logits), p).item()).toBeCloseTo(0, 6);
    const sum = klDivergence(
      logSoftmax(logits),
      tensor([
        [1, 0, 0],
        [0, 1, 0],
      ]),
      { reduction: 'sum' },
    ).item();
    const mean = klDivergence(
      logSoftmax(logits),
      tensor([
        [1, 0, 0],
        [0, 1, 0],
      ]),
      { reduction: 'batchMean' },
    ).item();
    expect(mean).toBeCloseTo(sum / 2, 6);
    expect(() => new KLDivergence({ reduction: 'average' as 'mean' })).toThrow(
      /'batchMean', 'mean', 'sum' or 'none', not/,
    );
  });

  it('name a class out of range, and refuse what does not fit', () => {
    const call =
      (target: Tensor, options = {}) =>
      () =>
        negativeLogLikelihood(logits, target, options);
    expect(call(tensor([0, 3], { dtype: 'i32' }))).toThrow(/index 3 at position 1 is outside 0…2/);
    expect(call(tensor([0, 1]))).toThrow(/NegativeLogLikelihood.*i32 or u8/);
    expect(call(fill([2, 3], 0, 'i32'))).toThrow(/the target must be \[2\] class indices\./);
    expect(call(tensor([0, 1], { dtype: 'i32' }), { labelSmoothing: 0.1 })).toThrow(/no option "labelSmoothing"/);
    expect(() => new NegativeLogLikelihood({ classWeights: [-1] })).toThrow(/0 or more/);
  });
});

describe('margins', () => {
  it('hinge costs nothing from the margin on', () => {
    const scores = tensor([2, 0.25, -3], { requiresGrad: true });
    const loss = hinge(scores, tensor([1, 1, 1], { dtype: 'i32' }), { reduction: 'sum' });
    expect(loss.item()).toBe(0 + 0.75 + 4);
    expect(Array.from(backward(loss).of(scores).data, Math.abs)).toEqual([0, 1, 1]);
  });

  it('multiMargin compares with every other class', () => {
    const target = tensor([1], { dtype: 'i32' });
    expect(multiMargin(tensor([[0.5, 1, -1]]), target).item()).toBeCloseTo(0.5 / 3, 6);
    expect(multiMargin(tensor([[0.5, 1, -1]]), target, { power: 2 }).item()).toBeCloseTo(0.25 / 3, 6);
  });

  it('hingeEmbedding takes distances of like and unlike pairs', () => {
    const t = tensor([1, -1, -1]);
    expect(hingeEmbedding(tensor([0.5, 0.25, 4]), t, { reduction: 'none' }).toArray()).toEqual([0.5, 0.75, 0]);
  });

  it('are numbers in range', () => {
    expect(() => new Hinge({ margin: -1 })).toThrow(/Hinge: margin is a finite number, 0 or more/);
    expect(() => new MultiMargin({ power: 3 as 2 })).toThrow(/power is 1 or 2, not 3/);
    expect(() => new MultiMargin({ ignoredIndex: 1 } as object)).toThrow(/no option "ignoredIndex"/);
    expect(() => new CosineEmbedding({ margin: 2 })).toThrow(/margin is a number from -1 to 1/);
  });
});

describe('cosine embedding', () => {
  it('looks at angles alone, and takes all pairs as alike where nothing is said', () => {
    const [a, b] = [
      tensor([
        [3, 0],
        [0, 2],
        [1, 0],
      ]),
      tensor([
        [0.1, 0],
        [0, -5],
        [0, 1],
      ]),
    ];
    const losses = cosineEmbedding(a, b, undefined, { reduction: 'none' }).toArray() as number[];
    [0, 2, 1].forEach((expected, i) => {
      expect(losses[i]).toBeCloseTo(expected, 5);
    });
  });

  it('is finite for rows of zeros', () => {
    const a = tensor([[0, 0]], { requiresGrad: true });
    const loss = cosineEmbedding(a, tensor([[1, 0]]));
    expect(loss.item()).toBe(1);
    expect(backward(loss).of(a).data.every(Number.isFinite)).toBe(true);
  });

  it('wants a likeness for each row', () => {
    const a = fill([3, 4], 1);
    expect(() => cosineEmbedding(a, a, fill([4], 1))).toThrow(/likeness, 1 or −1, for each row: \[3\], not \[4\]/);
  });
});

describe('CTC', () => {
  const uniform = (time: number) => logSoftmax(fill([1, time, 3], 0, 'f64', { requiresGrad: true }));
  const target = (...labels: number[]) => tensor([labels], { dtype: 'i32' });

  it('sums over all ways to say the labels', () => {
    // Of 9 ways to fill two steps, 11, 1_ and _1 say 1; of 27 for three, only 1_1 says 1 1.
    expect(ctc(uniform(2), target(1)).item()).toBeCloseTo(-Math.log(3 / 9), 12);
    expect(ctc(uniform(3), target(1, 1), { reduction: 'sum' }).item()).toBeCloseTo(-Math.log(1 / 27), 12);
    expect(ctc(uniform(3), target(1, 1)).item()).toBeCloseTo(-Math.log(1 / 27) / 2, 12);
    expect(ctc(uniform(2), target(-1, -1)).item()).toBeCloseTo(-Math.log(1 / 9), 12);
  });

  it('knows when the time is too short', () => {
    expect(ctc(uniform(2), target(1, 1)).item()).toBe(Infinity);
    const x = fill([1, 2, 3], -1, 'f64', { requiresGrad: true });
    const loss = ctc(x, target(1, 1), { zeroInfinity: true });
    expect(loss.item()).toBe(0);
    expect(
      backward(loss)
        .of(x)
        .data.every((value) => value === 0),
    ).toBe(true);
  });

  it('counts padded time and labels for nothing, as lengths or as negative labels', () => {
    const [short, long] = [uniform(2), uniform(4)];
    const expected = ctc(short, target(2)).item();
    const inputLengths = tensor([2], { dtype: 'i32' });
    expect(ctc(long, target(2, -1, -1), { inputLengths }).item()).toBeCloseTo(expected, 12);
    const targetLengths = tensor([1], { dtype: 'i32' });
    expect(new CTC().run(long, target(2, 1), inputLengths, targetLengths).item()).toBeCloseTo(expected, 12);
  });

  it('takes another class as the blank', () => {
    expect(ctc(uniform(2), target(0), { blank: 2 }).item()).toBeCloseTo(-Math.log(3 / 9), 12);
  });

  it('refuses labels and shapes that do not fit', () => {
    expect(() => ctc(uniform(3), target(3))).toThrow(/target 3 at row 0 is outside 0…2/);
    expect(() => ctc(uniform(3), target(0))).toThrow(/target 0 at row 0 is the blank/);
    expect(() => ctc(uniform(3), target(1), { inputLengths: tensor([4], { dtype: 'i32' }) })).toThrow(
      /length 4 .* 0…3/,
    );
    expect(() => ctc(fill([3, 3], 0), target(1))).toThrow(/x must be \[batch, time, classes\]/);
    expect(() => ctc(uniform(3), tensor([1], { dtype: 'i32' }))).toThrow(/target must be \[1, labels\]/);
    expect(() => ctc(uniform(3), target(1), { blank: 3 })).toThrow(/one of the 3 classes/);
    expect(() => new CTC({ blank: -1 })).toThrow(/blank is a whole number from 0/);
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
