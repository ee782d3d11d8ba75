import { describe, expect, test } from 'vitest';
import {
  add,
  type Backend,
  backward,
  capture,
  guard,
  interpret,
  manualSeed,
  mean,
  movingAverage,
  multiply,
  noGrad,
  ones,
  Parameter,
  persistent,
  randomState,
  referenceBackend,
  relu,
  reshape,
  setRandomState,
  square,
  subtract,
  sum,
  type Tensor,
  tensor,
  uniform,
  withBackend,
  zeros,
} from '../src/index.js';

const at = (...values: number[]) => tensor(values);

/** A captured step, how often its JavaScript ran, and its results for many calls. */
function counted<A extends readonly Tensor[]>(step: (...args: A) => Tensor) {
  let calls = 0;
  const captured = capture((...args: A) => {
    calls++;
    return step(...args);
  });
  return { captured, calls: () => calls };
}

describe('capture', () => {
  test('is recorded twice, and then replays without the JavaScript of the step', () => {
    const { captured, calls } = counted((x: Tensor) => add(multiply(x, 2), 1));
    for (let i = 1; i <= 5; i++) {
      expect(captured(at(i)).toArray()).toEqual([2 * i + 1]);
      expect(calls()).toBe(Math.min(i, 2));
    }
    expect(captured.programs.map(({ launches }) => launches.map(({ kernel }) => kernel.name))).toEqual([
      ['multiply', 'add'],
    ]);
  });

  test('runs no launch on its own, and compiles once', () => {
    const ran = { alone: 0, compiled: 0 };
    const backend: Backend = {
      ...referenceBackend,
      launch: () => ran.alone++,
      compile(program) {
        ran.compiled++;
        return interpret(program, referenceBackend.launch);
      },
    };
    withBackend(backend, () => {
      const step = capture((x: Tensor) => add(multiply(x, 2), at(1)));
      expect([1, 2, 3].map((i) => step(at(i)).item())).toEqual([3, 5, 7]);
    });
    expect(ran).toEqual({ alone: 0, compiled: 1 });
  });

  test('does not repeat what the step does only once', () => {
    const seen: number[] = [];
    const w = at(0);
    const step = capture((x: Tensor) => {
      if (seen.length === 0) w.assign(x);
      seen.push(seen.length);
      return add(w, x);
    });
    expect([5, 6, 7, 8].map((i) => step(at(i)).item())).toEqual([10, 11, 12, 13]);
  });

  test('follows a number of its own to the second call, and no further', () => {
    let calls = 0;
    const step = capture((x: Tensor) => add(x, at(++calls)));
    expect([0, 0, 0, 0].map((i) => step(at(i)).item())).toEqual([1, 2, 2, 2]);
  });

  test('trains to the bit as eager does', () => {
    const start = [0.5, -0.3];
    const train = (wrap: <F extends (x: Tensor, y: Tensor) => Tensor>(step: F) => (x: Tensor, y: Tensor) => Tensor) => {
      const w = new Parameter(at(...start));
      const step = wrap((x, y) => {
        const loss = mean(square(subtract(relu(multiply(x, w)), y)));
        const gradient = backward(loss).of(w);
        noGrad(() => w.assign(subtract(w, multiply(gradient, 0.1))));
        return loss.detach();
      });
      const losses = Array.from({ length: 8 }, (_, i) => step(at(i, 2 - i), at(1, i)).item());
      return [...losses, ...w.data];
    };
    expect(train((step) => capture(step))).toEqual(train((step) => step));
  });

  test('records anew for other shapes, such as a last short batch, and for other dtypes', () => {
    const { captured, calls } = counted((x: Tensor) => sum(x));
    const batches = [4, 4, 4, 2, 4, 2, 2, 4];
    expect(batches.map((size) => captured(ones([size])).item())).toEqual(batches);
    expect(calls()).toBe(4);
    expect(captured.programs).toHaveLength(2);
    captured(ones([4], { dtype: 'f64' }));
    expect(captured(ones([4], { dtype: 'f64' })).dtype).toBe('f64');
    expect(captured.programs).toHaveLength(3);
  });

  test('takes and returns tensors in arrays and objects', () => {
    const step = capture(({ x, more }: { x: Tensor; more: [Tensor, Tensor] }) => ({
      sum: add(x, more[0]),
      list: [multiply(x, more[1])],
    }));
    for (let i = 1; i < 5; i++) {
      const { sum: total, list } = step({ x: at(i), more: [at(10), at(3)] });
      expect([total.item(), list[0].item()]).toEqual([10 + i, 3 * i]);
    }
  });

  test('refuses arguments and results that are not tensors, saying where', () => {
    const step = capture((_: { rate: Tensor }) => at(1));
    expect(() => step({ rate: 0.1 as unknown as Tensor })).toThrow(
      'an argument of the captured step[0].rate must be a tensor, or an array or plain object of tensors, not number.',
    );
    const bad = capture((x: Tensor) => ({ loss: x.size as unknown as Tensor }));
    expect(() => bad(at(1))).toThrow('the result of a captured step.loss must be a tensor');
  });
});

describe('results', () => {
  test('are fresh every call: none is written over by a later one', () => {
    const step = capture((x: Tensor) => multiply(x, 2));
    const results = [1, 2, 3, 4, 5].map((i) => step(at(i)));
    expect(results.map((y) => y.item())).toEqual([2, 4, 6, 8, 10]);
    expect(new Set(results.map(({ storage }) => storage)).size).toBe(5);
  });

  test('carry no tape', () => {
    const w = new Parameter(at(2));
    const step = capture((x: Tensor) => multiply(x, w));
    expect([1, 2, 3].map((i) => step(at(i)).requiresGrad)).toEqual([false, false, false]);
  });

  test('may be arguments, parameters, or share memory with one another', () => {
    const w = new Parameter(at(1, 2));
    const step = capture((x: Tensor) => {
      const y = add(x, w);
      return [x, w, y, reshape(y, [2, 1]), reshape(x, [1, 2])];
    });
    for (let i = 0; i < 4; i++) {
      const x = at(i, i);
      const [sameX, sameW, y, view, wide] = step(x);
      expect([sameX.storage, sameW.storage, wide.storage]).toEqual([x.storage, w.storage, x.storage]);
      expect(view.storage).toBe(y.storage);
      expect([view.shape, view.toArray(), wide.toArray()]).toEqual([[2, 1], [[i + 1], [i + 2]], [[i, i]]]);
    }
  });
});

describe('tensors from outside', () => {
  test('are used as they are at each replay: assign is seen', () => {
    const w = at(1);
    const step = capture((x: Tensor) => multiply(x, w));
    const results = [1, 2, 3, 4].map((value) => {
      w.assign(at(value));
      return step(at(10)).item();
    });
    expect(results).toEqual([10, 20, 30, 40]);
  });

  test('a learning rate that is a tensor changes the next replay', () => {
    const [w, rate] = [new Parameter(at(0)), at(1)];
    const step = capture((g: Tensor) => {
      w.assign(subtract(w, multiply(g, rate)));
      return w;
    });
    const positions = [1, 1, 1, 10, 10].map((value) => {
      rate.assign(at(value));
      return step(at(1)).item();
    });
    expect(positions).toEqual([-1, -2, -3, -13, -23]);
  });

  test('that the step makes once and keeps are not made again', () => {
    let moment: Tensor | undefined;
    const step = capture((g: Tensor) => {
      moment ??= persistent(() => zeros([1]));
      movingAverage(moment, g, { momentum: 0.5 });
      return multiply(moment, 1);
    });
    expect([1, 1, 1, 1].map((g) => step(at(g)).item())).toEqual([0.5, 0.75, 0.875, 0.9375]);
  });

  test('made for the first time while recording outlive the recording', () => {
    let [moment, calls] = [undefined as Tensor | undefined, 0];
    const step = capture((g: Tensor) => {
      if (++calls > 1) {
        moment ??= persistent(() => zeros([1]));
        movingAverage(moment, g, { momentum: 0.5 });
      }
      return moment ? multiply(moment, 1) : g;
    });
    expect([1, 1, 1, 1].map((g) => step(at(g)).item())).toEqual([1, 0.5, 0.75, 0.875]);
  });

  test('that the step made on an earlier call and kept are refused, as they never got numbers', () => {
    let kept: Tensor | undefined;
    const step = capture((x: Tensor) => {
      kept ??= multiply(x, 0);
      return add(kept, x);
    });
    expect(step(at(3)).item()).toBe(3);
    const message = 'touches a tensor that a captured step wrote while it was recorded, so its numbers are not there';
    expect(() => kept?.data).toThrow(`Reading ${message}`);
    expect(() => add(kept as Tensor, 1)).toThrow(`kernel "add" ${message}`);
    expect(() => step(at(4))).toThrow('make what outlives the step before it, or with persistent(() => …)');
    expect(String(kept)).toBe('Tensor [1] f32 (only recorded)');
  });

  test('so is an argument that it kept', () => {
    let kept: Tensor | undefined;
    const step = capture((x: Tensor) => {
      kept ??= x;
      return add(kept, x);
    });
    const x = at(3);
    expect(step(x).item()).toBe(6);
    expect(() => step(at(4))).toThrow('so its numbers are not there');
    expect(x.item()).toBe(3);
  });

  test('cannot be made of what the step computes', () => {
    let center: Tensor | undefined;
    const step = capture((x: Tensor) => {
      const y = multiply(x, 2);
      center ??= persistent(() => add(y, 1));
      return subtract(y, center);
    });
    expect(() => step(at(3))).toThrow('from nothing that the step has written');
    const reading = capture((x: Tensor) => {
      const y = multiply(x, 2);
      return add(
        y,
        persistent(() => tensor(y.toArray())),
      );
    });
    expect(() => reading(at(3))).toThrow('Reading touches a tensor that a captured step wrote');
  });

  test('cannot be made of what the step has changed, which is there again after it', () => {
    const w = at(1);
    let start: Tensor | undefined;
    const late = capture((x: Tensor) => {
      w.assign(x);
      start ??= persistent(() => multiply(w, 1));
      return add(w, start);
    });
    expect(() => late(at(3))).toThrow('from nothing that the step has written');
    expect(w.item()).toBe(1);
    const early = capture((x: Tensor) => {
      start ??= persistent(() => multiply(w, 1));
      w.assign(x);
      return add(w, start);
    });
    expect([3, 4, 5].map((i) => early(at(i)).item())).toEqual([4, 5, 6]);
  });

  test('may be made of an argument, as the first call gives it', () => {
    let center: Tensor | undefined;
    const step = capture((x: Tensor) => {
      center ??= persistent(() => multiply(x, 1));
      return subtract(x, center);
    });
    expect([3, 5, 9].map((i) => step(at(i)).item())).toEqual([0, 2, 6]);
  });

  test('random streams go on from call to call', () => {
    const step = capture(() => uniform([4], { from: 'dropout' }));
    const draws = [step(), step(), step(), step()].map((y) => y.toArray().toString());
    expect(new Set(draws).size).toBe(4);
  });

  test('a stale tape is found after a replay has changed what it saved', () => {
    const w = new Parameter(at(1));
    const step = capture((g: Tensor) => w.assign(subtract(w, g)));
    for (let i = 0; i < 3; i++) step(at(1));
    const y = square(w);
    step(at(1));
    expect(() => backward(y)).toThrow('changed in place after the forward pass');
  });

  test('a tensor that a step changes may be its argument', () => {
    const step = capture((w: Tensor, g: Tensor) => {
      movingAverage(w, g, { momentum: 1 });
      return multiply(w, 2);
    });
    for (let i = 1; i < 5; i++) {
      const w = zeros([1]);
      expect(step(w, at(i)).item()).toBe(2 * i);
      expect(w.item()).toBe(i);
    }
  });
});

describe('arguments that share memory', () => {
  test('are not taken for one another later', () => {
    const step = capture((a: Tensor, b: Tensor) => subtract(a, b));
    const x = at(5);
    for (let i = 0; i < 3; i++) expect(step(x, x).item()).toBe(0);
    expect(step(at(5), at(2)).item()).toBe(3);
    for (let i = 0; i < 3; i++) expect(step(at(7), at(i)).item()).toBe(7 - i);
    expect(step(x, x).item()).toBe(0);
  });

  test('are told from one tensor given twice', () => {
    const leaf = (values: Tensor) => new Parameter(values);
    const step = capture((a: Tensor, b: Tensor) => backward(sum(multiply(a, b))).of(a));
    const x = leaf(at(3));
    const same = () => step(x, x).item();
    const shared = () => step(x, leaf(x)).item();
    expect([same(), same(), same(), shared(), shared(), shared(), same()]).toEqual([6, 6, 6, 3, 3, 3, 6]);
  });
});

describe('an argument that is also a tensor from outside', () => {
  test.each([
    ['plain', (value: number) => at(value)],
    ['differentiable', (value: number) => tensor([value], { requiresGrad: true })],
    ['a parameter', (value: number) => new Parameter(at(value))],
  ])('is not taken for it later: %s', (_, make) => {
    const w = make(1);
    const step = capture((x: Tensor) => add(x, w));
    expect([w, w, make(10), w, make(20)].map((x) => step(x).item())).toEqual([2, 2, 11, 2, 21]);
    w.assign(at(5));
    expect([w, make(10)].map((x) => step(x).item())).toEqual([10, 15]);
  });

  test('is returned as the argument that was given', () => {
    const w = at(1);
    const step = capture((x: Tensor) => [x, w]);
    for (const given of [w, w, at(2), at(3)]) {
      const [x, outside] = step(given);
      expect([x.storage, outside.storage]).toEqual([given.storage, w.storage]);
    }
  });

  test('is known to have changed when the recorded step assigns to its argument', () => {
    const step = capture((x: Tensor) => x.assign(multiply(x, 2)));
    const w = new Parameter(at(3));
    step(w);
    for (let call = 2; call < 5; call++) {
      const y = square(w);
      expect(step(w).storage).toBe(w.storage);
      expect(w.item()).toBe(3 * 2 ** call);
      expect(() => backward(y)).toThrow('changed in place after the forward pass');
    }
  });
});

describe('arguments that want gradients', () => {
  test('are recorded apart from those that do not', () => {
    const step = capture((x: Tensor) => (x.requiresGrad ? backward(sum(square(x))).of(x) : add(x, 0)));
    const [plain, leaf, frozen] = [at(3), tensor([3], { requiresGrad: true }), new Parameter(at(3))];
    frozen.trainable = false;
    for (let i = 0; i < 4; i++) expect([plain, leaf, frozen].map((x) => step(x).item())).toEqual([3, 6, 3]);
  });

  test('stay parameters, with their decay', () => {
    const step = capture((x: Tensor) => (x instanceof Parameter && !x.decay ? multiply(x, 2) : x));
    for (let i = 0; i < 3; i++) expect(step(new Parameter(at(2), { decay: false })).item()).toBe(4);
  });
});

describe('guards', () => {
  test('record anew when what they read changes, and find the old recording again', () => {
    let training = true;
    const isTraining = () => training;
    const { captured, calls } = counted((x: Tensor) => (guard(isTraining) ? multiply(x, 2) : x));
    const run = () => [captured(at(1)), captured(at(2)), captured(at(3))].map((y) => y.item());
    expect(run()).toEqual([2, 4, 6]);
    training = false;
    expect(run()).toEqual([1, 2, 3]);
    training = true;
    expect(run()).toEqual([2, 4, 6]);
    expect(calls()).toBe(4);
  });

  test('follow the freezing of a parameter', () => {
    const [w, b] = [new Parameter(at(1)), new Parameter(at(0))];
    const step = capture((x: Tensor) => {
      const gradients = backward(sum(square(add(multiply(x, w), b))));
      noGrad(() => {
        for (const [t, g] of gradients) t.assign(subtract(t, multiply(g, 0.1)));
      });
      return add(w, 0);
    });
    for (let i = 0; i < 3; i++) step(at(1));
    const before = w.item();
    w.trainable = false;
    for (let i = 0; i < 3; i++) expect(step(at(1)).item()).toBe(before);
    w.trainable = true;
    expect(step(at(1)).item()).not.toBe(before);
  });

  test('that never settle are an error that says so', () => {
    let count = 0;
    const step = capture((x: Tensor) => {
      const n = guard(() => count++);
      return add(x, n);
    });
    expect(() => {
      for (let i = 0; i < 100; i++) step(at(1));
    }).toThrow(/was recorded 32 times because .* keep changing \(a value went from \d+ to \d+\); make what changes/);
  });

  test('that never settle are named by the function that reads them', () => {
    let count = 0;
    const readRate = () => count++;
    const step = capture((x: Tensor) => add(x, guard(readRate)));
    expect(() => {
      for (let i = 0; i < 100; i++) step(at(1));
    }).toThrow(/keep changing \(readRate went from \d+ to \d+\)/);
  });

  test('keep the first value read where a step changes it and changes it back', () => {
    let training = true;
    const isTraining = () => training;
    const { captured, calls } = counted((x: Tensor) => {
      const y = guard(isTraining) ? multiply(x, 2) : x;
      training = false;
      const z = guard(isTraining) ? multiply(y, 2) : add(y, 1);
      training = true;
      return z;
    });
    for (let i = 0; i < 50; i++) expect(captured(at(i)).item()).toBe(2 * i + 1);
    expect(calls()).toBe(2);
  });
});

describe('what a replay could not repeat is refused', () => {
  const second = (step: (x: Tensor) => unknown) => () => {
    const captured = capture(step as (x: Tensor) => Tensor);
    captured(at(1));
    captured(at(1));
  };

  test.each([
    ['item', (x: Tensor) => multiply(x, sum(x).item())],
    ['data', (x: Tensor) => multiply(x, x.data[0])],
    ['toArray', (x: Tensor) => tensor(x.toArray())],
  ])('reading a value with %s', (_, step) => {
    expect(second(step)).toThrow('A captured step cannot read values (data, item, toArray)');
    expect(second(step)).toThrow('choose with where(condition, a, b)');
  });

  test('an async step', () => {
    expect(second(async (x: Tensor) => x)).toThrow('must be a plain function, not async');
  });

  test('a tensor of JavaScript numbers that the step changes', () => {
    const message = 'makes a tensor of JavaScript numbers and then changes it in place (movingAverage)';
    expect(
      second((x) => {
        const made = at(0);
        movingAverage(made, x, { momentum: 0.5 });
        return made;
      }),
    ).toThrow(message);
    expect(
      second((x) => {
        const made = at(0);
        const y = add(made, x);
        movingAverage(made, y, { momentum: 0.5 });
        return made;
      }),
    ).toThrow(message);
    expect(
      second((x) => {
        const made = at(0);
        const y = add(made, x);
        made.assign(y);
        return made;
      }),
    ).toThrow('changes it in place (cast)');
  });

  test.each([
    ['Setting trainable', () => Object.assign(new Parameter(at(1)), { trainable: false })],
    ['manualSeed', () => manualSeed(3)],
    ['setRandomState', () => setRandomState({ initialization: [], dropout: [], order: [], augmentation: [] })],
  ])('%s', (what, change) => {
    const state = randomState();
    const captured = capture((x: Tensor) => {
      if (recording) change();
      return multiply(x, 2);
    });
    let recording = false;
    captured(at(1));
    recording = true;
    expect(() => captured(at(1))).toThrow(`${what} belongs outside the captured step: a replay would not do it again.`);
    expect(randomState()).toEqual(state);
  });

  test('another captured step inside', () => {
    const inner = capture((x: Tensor) => multiply(x, 2));
    for (let i = 0; i < 3; i++) inner(at(1));
    expect(second((x) => inner(x))).toThrow(
      'A captured step cannot run inside the recording of another; call the plain function.',
    );
  });

  test('but zeros, ones and fill may be changed: their making is replayed', () => {
    const step = capture((x: Tensor) => {
      const total = zeros([1]);
      movingAverage(total, x, { momentum: 1 });
      return total;
    });
    expect([1, 2, 3, 4].map((i) => step(at(i)).item())).toEqual([1, 2, 3, 4]);
  });

  test('an error while recording leaves no recorder behind', () => {
    const step = capture((x: Tensor) => multiply(x, x.item()));
    expect(() => step(at(1))).toThrow();
    expect(at(3).item()).toBe(3);
    expect(capture((x: Tensor) => x)(at(1)).item()).toBe(1);
  });
});
