import {
  type Backend,
  backward,
  capture,
  fill,
  Gradients,
  interpret,
  multiply,
  Parameter,
  referenceBackend,
  sum,
  type Tensor,
  tensor,
  withBackend,
} from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import {
  Adadelta,
  Adagrad,
  Adam,
  AdamW,
  clipByNorm,
  clipByValue,
  Lion,
  NAdam,
  type Optimizer,
  RMSprop,
  SGD,
} from '../src/index.js';
import { Bowl, flat, golden, optimizers, pullAt, type Run } from './golden.js';

const make = ({ optimizer, options }: Run): Optimizer => new optimizers[optimizer](options);

function expectClose(actual: readonly number[], expected: readonly number[]) {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(2e-6);
  });
}

describe('PyTorch takes the same ten steps', () => {
  it.each(golden.cases)('$optimizer $options', (run) => {
    const bowl = new Bowl();
    const optimizer = make(run);
    run.path.forEach((expected, step) => {
      optimizer.step(bowl.gradients(step));
      expectClose(bowl.numbers, flat(expected));
    });
  });

  it.each([
    ['norm', golden.clipped.norm, (gradients: Gradients) => clipByNorm(gradients, 0.7)],
    ['value', golden.clipped.value, (gradients: Gradients) => clipByValue(gradients, 0.4)],
  ] as const)('with gradients clipped by %s', (_, run, clip) => {
    const bowl = new Bowl();
    const optimizer = make(run);
    run.path.forEach((expected, step) => {
      optimizer.step(clip(bowl.gradients(step)));
      expectClose(bowl.numbers, flat(expected));
    });
  });
});

/** The reference, whose asynchronous runs come after what is under way. */
const patient: Backend = {
  ...referenceBackend,
  name: 'patient',
  compile(program) {
    const { run } = interpret(program, referenceBackend.launch);
    return {
      run,
      async runAsync(inputs, results) {
        await Promise.resolve();
        run(inputs, results);
      },
    };
  },
};

const kinds: readonly (readonly [string, () => Optimizer])[] = [
  ['SGD', () => new SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 })],
  ['Adam', () => new Adam({ learningRate: 0.1, weightDecay: 0.01 })],
  ['AdamW', () => new AdamW({ learningRate: 0.1 })],
  ['RMSprop', () => new RMSprop({ learningRate: 0.1, momentum: 0.5, centered: true })],
  ['Adagrad', () => new Adagrad({ learningRate: 0.1, learningRateDecay: 0.1, initialAccumulatorValue: 0.5 })],
  ['Adadelta', () => new Adadelta({ learningRate: 0.1 })],
  ['NAdam', () => new NAdam({ learningRate: 0.1 })],
  ['Lion', () => new Lion({ learningRate: 0.1 })],
];

it('every optimizer is compared with golden values, and held to what follows', () => {
  const names = Object.keys(optimizers).sort();
  expect([...new Set(golden.cases.map(({ optimizer }) => optimizer))].sort()).toEqual(names);
  expect(kinds.map(([name]) => name).sort()).toEqual(names);
});

it.each([
  ['SGD', 1e-3],
  ['Adam', 1e-3],
  ['AdamW', 1e-3],
  ['RMSprop', 1e-2],
  ['Adagrad', 1e-2],
  ['Adadelta', 1],
  ['NAdam', 2e-3],
  ['Lion', 1e-4],
])('%s has the learning rate %d unless told otherwise', (name, rate) => {
  const optimizer = new optimizers[name]({});
  expect([optimizer.learningRate, optimizer.initialLearningRate]).toEqual([rate, rate]);
  const w = new Parameter(fill([1], 0));
  const grouped = new optimizers[name]({ parameters: [{ parameters: [w], learningRate: 2 * rate }] });
  grouped.step(new Gradients(new Map([[w, fill([1], 1)]])));
  const alone = new Parameter(fill([1], 0));
  new optimizers[name]({ learningRate: 2 * rate }).step(new Gradients(new Map([[alone, fill([1], 1)]])));
  expect(w.item()).toBe(alone.item());
});

describe.each(kinds)('%s', (_, makeOptimizer) => {
  /** A step of clipping, backward and update, captured or not. */
  const training = (bowl: Bowl, optimizer: Optimizer) => (pull: { weight: Tensor; bias: Tensor }) => {
    const loss = bowl.loss(pull);
    optimizer.step(clipByNorm(backward(loss), 2));
    return loss;
  };

  /** A rate that changes at every step. */
  const rateAt = (step: number) => 0.1 / (step + 1);

  it('takes the same steps captured, while the learning rate changes', () => {
    const [eager, replayed] = [new Bowl(), new Bowl()];
    const [a, b] = [makeOptimizer(), makeOptimizer()];
    const plain = training(eager, a);
    const captured = capture(training(replayed, b), { verify: true });
    for (let step = 0; step < 8; step++) {
      a.learningRate = rateAt(step);
      b.learningRate = rateAt(step);
      expect(captured(pullAt(step)).item()).toBe(plain(pullAt(step)).item());
      expect(replayed.numbers).toEqual(eager.numbers);
    }
    expect(captured.programs).toHaveLength(1);
  });

  it('is moved by a learning rate that changes after the recording', () => {
    const [bowl, frozen] = [new Bowl(), new Bowl()];
    const [optimizer, other] = [makeOptimizer(), makeOptimizer()];
    const [step, stepOfOther] = [capture(training(bowl, optimizer)), capture(training(frozen, other))];
    for (let i = 0; i < 3; i++) for (const take of [step, stepOfOther]) take(pullAt(i));
    const before = frozen.numbers;
    other.learningRate = 0;
    for (const take of [step, stepOfOther]) take(pullAt(3));
    expect(frozen.numbers).toEqual(before);
    expect(bowl.numbers).not.toEqual(before);
  });

  it('goes on from a saved state as if it had never stopped', () => {
    const whole = new Bowl();
    const optimizer = makeOptimizer();
    const saved: { numbers?: Bowl; state?: ReturnType<Optimizer['state']> } = {};
    for (let step = 0; step < 8; step++) {
      if (step === 4) {
        saved.numbers = new Bowl();
        for (const [name, p] of whole.names) saved.numbers.names.get(name)?.assign(p);
        saved.state = optimizer.state(whole.names);
      }
      optimizer.step(whole.gradients(step));
    }

    const { numbers: resumed, state } = saved as Required<typeof saved>;
    const fresh = makeOptimizer();
    fresh.loadState(state, resumed.names);
    for (let step = 4; step < 8; step++) fresh.step(resumed.gradients(step));
    expect(resumed.numbers).toEqual(whole.numbers);
  });

  it('trap: counts of steps and moments are never reset: k epochs are one run of k·n steps, across save and load', () => {
    const [n, k] = [5, 3];
    const whole = new Bowl();
    const one = makeOptimizer();
    for (let step = 0; step < k * n; step++) one.step(whole.gradients(step % n));

    const inEpochs = new Bowl();
    let optimizer = makeOptimizer();
    for (let epoch = 0; epoch < k; epoch++) {
      for (let i = 0; i < n; i++) optimizer.step(inEpochs.gradients(i));
      const state = optimizer.state(inEpochs.names);
      optimizer = makeOptimizer();
      optimizer.loadState(state, inEpochs.names);
    }
    expect(inEpochs.numbers).toEqual(whole.numbers);
    expect(optimizer.state(inEpochs.names).tensors.get('weight.step')?.item()).toBe(k * n);
  });

  it('loads a state in place, so that a captured step follows it', () => {
    const bowl = new Bowl();
    const optimizer = makeOptimizer();
    const before = optimizer.state(bowl.names);
    const step = capture(training(bowl, optimizer));
    const go = () => Array.from({ length: 5 }, (_, i) => step(pullAt(i)).item());
    const first = go();
    optimizer.loadState(before, bowl.names);
    for (const [name, p] of new Bowl().names) bowl.names.get(name)?.assign(p);
    expect(go()).toEqual(first);
  });

  it('leaves frozen parameters alone and remembers where they were', () => {
    const bowl = new Bowl();
    const optimizer = makeOptimizer();
    const step = capture(training(bowl, optimizer));
    for (let i = 0; i < 3; i++) step(pullAt(i));
    const bias = [...bowl.bias.data];
    bowl.bias.trainable = false;
    for (let i = 3; i < 6; i++) step(pullAt(i));
    expect([...bowl.bias.data]).toEqual(bias);
    bowl.bias.trainable = true;
    step(pullAt(6));
    expect([...bowl.bias.data]).not.toEqual(bias);
    const counts = optimizer.state(bowl.names).tensors;
    expect([counts.get('weight.step')?.item(), counts.get('bias.step')?.item()]).toEqual([7, 4]);
  });

  it('refuses a state that does not fit, and changes nothing', () => {
    const bowl = new Bowl();
    const optimizer = makeOptimizer();
    optimizer.step(bowl.gradients(0));
    const state = optimizer.state(bowl.names);
    const load = (changed: Partial<typeof state>) => () => optimizer.loadState({ ...state, ...changed }, bowl.names);
    expect(load({ kind: 'Other' })).toThrow(/that of Other/);
    expect(load({ tensors: new Map([['layer.step', tensor([1])]]) })).toThrow(/no parameter is called layer.step/);
    expect(load({ tensors: new Map([['weight.step', tensor([1])]]) })).toThrow(/weight\.\w+ is missing/);
    const wrong = new Map(state.tensors).set('weight.step', tensor([1, 2]));
    expect(load({ tensors: wrong })).toThrow(/weight.step is \[2\], not \[1\]/);
    const numbers = () => [...optimizer.state(bowl.names).tensors].map(([key, value]) => [key, value.toArray()]);
    const before = numbers();
    expect(load({ tensors: wrong })).toThrow();
    expect(numbers()).toEqual(before);
  });

  it('says when a parameter that it trained has no name', () => {
    const bowl = new Bowl();
    const optimizer = makeOptimizer();
    optimizer.step(bowl.gradients(0));
    expect(() => optimizer.state(new Map([['weight', bowl.weight]]))).toThrow(/parameter \[3\] .* has no name/);
  });

  it('is not moved by learning rates that are none', () => {
    const optimizer = makeOptimizer();
    for (const value of [-1, Number.NaN, Infinity]) {
      expect(() => {
        optimizer.learningRate = value;
      }).toThrow(/learningRate is a finite number, 0 or more/);
    }
    expect(optimizer.learningRate).toBe(0.1);
  });

  it('keeps a learning rate that cannot be set while a step runs, and takes it afterwards', async () => {
    const [bowl, other] = [new Bowl(), new Bowl()];
    const [optimizer, undisturbed] = [makeOptimizer(), makeOptimizer()];
    const [step, steps] = [capture(training(bowl, optimizer)), capture(training(other, undisturbed))];
    for (let i = 0; i < 2; i++) for (const take of [step, steps]) take(pullAt(i));
    const running = withBackend(patient, () => step.runAsync(pullAt(2)));
    const set = () => {
      optimizer.learningRate = 0.01;
    };
    expect(set).toThrow(/await that run first/);
    expect(optimizer.learningRate).toBe(0.1);
    await running;
    set();
    steps(pullAt(2));
    undisturbed.learningRate = 0.01;
    expect(step(pullAt(3)).item()).toBe(steps(pullAt(3)).item());
    expect(bowl.numbers).toEqual(other.numbers);
  });

  it('refuses a learning rate set inside a captured step', () => {
    const bowl = new Bowl();
    const optimizer = makeOptimizer();
    const step = capture((pull: { weight: Tensor; bias: Tensor }) => {
      optimizer.learningRate *= 0.5;
      return training(bowl, optimizer)(pull);
    });
    expect(() => step(pullAt(0))).toThrow(/outside the captured step/);
  });

  it('says when no gradient is that of a parameter', () => {
    const x = fill([2], 1, 'f32', { requiresGrad: true });
    expect(() => makeOptimizer().step(backward(sum(x)))).toThrow(/none of the gradients/);
  });
});

describe('groups', () => {
  it('are asked for where the parameters themselves are given', () => {
    const parameters = [new Parameter(fill([1], 1))];
    expect(() => new SGD({ parameters } as object)).toThrow(
      /list of groups, such as \[{ parameters: layer.parameters()/,
    );
  });

  it('have settings of their own, in proportion to the learning rate', () => {
    const [a, b, c] = [0, 1, 2].map(() => new Parameter(fill([1], 1)));
    const optimizer = new SGD({
      learningRate: 0.1,
      parameters: [{ parameters: [a] }, { parameters: [b], learningRate: 0.2, weightDecay: 1 }],
    });
    const step = () => optimizer.step(new Gradients(new Map([a, b, c].map((p) => [p, fill([1], 1)]))));
    step();
    expect([a, b, c].map((p) => p.item())).toEqual([Math.fround(0.9), Math.fround(0.6), 1]);
    optimizer.learningRate = 0.05;
    step();
    expect(a.item()).toBeCloseTo(0.85, 6);
    expect(b.item()).toBeCloseTo(0.6 - 0.1 * 1.6, 6);
  });

  it('keep their learning rates together where one cannot be set', async () => {
    const [idle, moved] = [0, 1].map(() => new Parameter(fill([1], 1)));
    const optimizer = new SGD({ learningRate: 0.5, parameters: [{ parameters: [idle] }, { parameters: [moved] }] });
    const pull = (p: Parameter) => new Gradients(new Map([[p, fill([1], 1)]]));
    const step = capture(() => {
      optimizer.step(pull(moved));
      return fill([1], 0);
    });
    for (let i = 0; i < 2; i++) step();
    const running = withBackend(patient, () => step.runAsync());
    expect(() => {
      optimizer.learningRate = 0.25;
    }).toThrow(/Setting the learning rate touches a tensor .* await that run first/);
    await running;
    optimizer.step(pull(idle));
    expect(idle.item()).toBe(0.5);
  });

  it('decide for themselves what decays', () => {
    const bias = new Parameter(fill([1], 1), { decay: false });
    const still = new Gradients(new Map([[bias, fill([1], 0)]]));
    new SGD({ learningRate: 0.1, weightDecay: 1 }).step(still);
    expect(bias.item()).toBe(1);
    new SGD({ learningRate: 0.1, weightDecay: 1, parameters: [{ parameters: [bias], decay: 'all' }] }).step(still);
    expect(bias.item()).toBe(Math.fround(0.9));
  });

  it('are explained when they make no sense', () => {
    const p = new Parameter(fill([1], 1));
    expect(() => new SGD({ parameters: [{ parameters: [] }] })).toThrow(/parameters\[0\] has no parameters/);
    expect(() => new SGD({ parameters: [{ parameters: [p] }, { parameters: [p] }] })).toThrow(/another group too/);
    expect(() => new SGD({ parameters: [{ parameters: [p], learningRate: -1 }] })).toThrow(
      /parameters\[0\]: learningRate/,
    );
    expect(() => new SGD({ parameters: [{ parameters: [p], momentum: 1 } as never] })).toThrow(/no option "momentum"/);
    const strayed = new SGD({ parameters: [{ parameters: [p] }] });
    const other = new Parameter(fill([1], 1));
    expect(() => strayed.step(backward(sum(multiply(other, other))))).toThrow(/in its groups/);
  });
});

describe('options', () => {
  it.each([
    [() => new Adam({ learningrate: 1 } as object), /Adam has no option "learningrate"; it has learningRate/],
    [() => new Adam(0.01 as never), /Adam takes one object of options/],
    [() => new SGD([] as never), /SGD takes one object of options/],
    [() => new Adam({ learningRate: -0.1 }), /Adam: learningRate is a finite number, 0 or more, and was given as -0.1/],
    [() => new Adam({ learningRate: Number.NaN }), /given as NaN/],
    [() => new AdamW({ beta1: 1 }), /AdamW: beta1 is a number from 0 up to, but not, 1/],
    [() => new AdamW({ beta2: -0.1 }), /beta2/],
    [() => new Adam({ epsilon: -1 }), /epsilon/],
    [() => new SGD({ weightDecay: -1 }), /SGD: weightDecay/],
    [() => new RMSprop({ alpha: 1 }), /RMSprop: alpha/],
    [() => new RMSprop({ epsilon: -1 }), /RMSprop: epsilon/],
    [() => new RMSprop({ momentum: 1 }), /RMSprop: momentum/],
    [() => new RMSprop({ rho: 0.9 } as object), /RMSprop has no option "rho"/],
    [() => new Adagrad({ learningRateDecay: -1 }), /Adagrad: learningRateDecay/],
    [() => new Adagrad({ initialAccumulatorValue: -1 }), /Adagrad: initialAccumulatorValue/],
    [() => new Adagrad({ epsilon: Number.NaN }), /Adagrad: epsilon/],
    [() => new Adadelta({ rho: 1 }), /Adadelta: rho/],
    [() => new Adadelta({ epsilon: -1 }), /Adadelta: epsilon/],
    [() => new NAdam({ beta1: 1 }), /NAdam: beta1/],
    [() => new NAdam({ beta2: 1 }), /NAdam: beta2/],
    [() => new NAdam({ epsilon: -1 }), /NAdam: epsilon/],
    [() => new NAdam({ momentumDecay: -1 }), /NAdam: momentumDecay/],
    [() => new Lion({ beta1: 1 }), /Lion: beta1/],
    [() => new Lion({ beta2: -1 }), /Lion: beta2/],
    [() => new SGD({ momentum: '0.9' as never }), /momentum .* given as "0.9"/],
    [() => new SGD({ nesterov: true }), /nesterov needs a momentum above 0 and no dampening/],
    [() => new SGD({ nesterov: true, momentum: 0.9, dampening: 0.1 }), /no dampening/],
    [() => new SGD({ decay: 'bias' as never }), /decay is 'weights' or 'all', not "bias"/],
  ])('%s', (construct, message) => {
    expect(construct).toThrow(message);
  });

  it('are kept as JSON, without the groups', () => {
    const p = new Parameter(fill([1], 1));
    const optimizer = new Adam({ learningRate: 0.1, beta1: 0.8, parameters: [{ parameters: [p] }] });
    expect(JSON.parse(JSON.stringify(optimizer.options))).toEqual({ learningRate: 0.1, beta1: 0.8 });
    expect([optimizer.kind, AdamW.kind]).toEqual(['Adam', 'AdamW']);
  });
});

describe('clipping', () => {
  const p = new Parameter(fill([2], 1));
  const of = (...values: number[]) => new Gradients(new Map([[p, tensor(values)]]));

  it('leaves short gradients as they are, and points long ones the same way', () => {
    expect(clipByNorm(of(0.3, -0.4), 1).of(p).data).toEqual(tensor([0.3, -0.4]).data);
    const [x, y] = clipByNorm(of(30, -40), 1).of(p).data;
    expect([x, y]).toEqual([expect.closeTo(0.6, 5), expect.closeTo(-0.8, 5)]);
  });

  it('refuses limits that are none', () => {
    expect(() => clipByNorm(of(1, 1), -1)).toThrow(/clipByNorm: max/);
    expect(() => clipByValue(of(1, 1), Number.NaN)).toThrow(/clipByValue: max/);
  });
});
