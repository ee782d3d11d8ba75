import { clone, Linear } from '@nn/layers';
import * as optim from '@nn/optim';
import {
  ConstantSchedule,
  CosineSchedule,
  CosineWarmRestarts,
  ExponentialSchedule,
  LinearWarmup,
  MultiStepSchedule,
  OneCycleSchedule,
  ReduceOnPlateau,
  Schedule,
  SGD,
  StepSchedule,
} from '@nn/optim';
import { backward, capture, manualSeed, mean, square, subtract, type Tensor, uniform, withBackend } from '@nn/tensor';
import { assertSameBits, configurations } from '@nn/testing';
import { describe, expect, test } from 'vitest';
import { backends } from './backends.js';

/** One row or more for every schedule of @nn/optim. */
const rows: readonly Schedule[] = [
  new ConstantSchedule(),
  new StepSchedule({ every: 2, factor: 0.5 }),
  new MultiStepSchedule({ milestones: [2, 3], factor: 0.5 }),
  new ExponentialSchedule({ factor: 0.9 }),
  new CosineSchedule({ final: 0.1, warmup: 2 }),
  new CosineWarmRestarts({ steps: 2, multiplier: 2 }),
  new OneCycleSchedule({ divisor: 10 }),
  new LinearWarmup({ steps: 3, from: 0.1 }),
  new LinearWarmup({ steps: 3, next: new CosineSchedule() }),
  new ReduceOnPlateau({ patience: 0, monitor: 'train.loss' }),
];

const total = 6;
manualSeed(5);
const start = new Linear({ outFeatures: 3 }).build([5]);
const batches = Array.from({ length: total }, () => [uniform([9, 5]), uniform([9, 3])] as const);

/** Losses and final weights of a short run. */
function train(schedule: Schedule, captured: boolean): Tensor[] {
  const model = clone(start);
  const optimizer = new SGD({ learningRate: 0.1, momentum: 0.9 });
  const plain = (x: Tensor, y: Tensor) => {
    const loss = mean(square(subtract(model.run(x), y)));
    optimizer.step(backward(loss));
    return loss.detach();
  };
  const step = captured ? capture(plain) : plain;
  const losses: Tensor[] = [];
  batches.forEach(([x, y], i) => {
    const measured = losses.map((loss) => loss.item());
    optimizer.learningRate = optimizer.initialLearningRate * schedule.at(i, total, measured);
    losses.push(step(x, y));
  });
  return [...losses, ...model.parameters()];
}

for (const schedule of rows)
  describe(`${schedule.kind} ${JSON.stringify(schedule.options)}`, () => {
    for (const backend of backends.flatMap(configurations))
      test(`a captured step follows it, to the bit, on ${backend.name}`, () => {
        const [eager, captured] = [false, true].map((how) => withBackend(backend, () => train(schedule, how)));
        captured.forEach((tensor, i) => {
          assertSameBits(tensor, eager[i], `tensor ${i}`);
        });
      });

    test('has a factor of 0 or more everywhere, past the end too, and the same each time', () => {
      const positions = [...Array(3 * total).keys(), 1e6];
      const factors = () => positions.map((position) => schedule.at(position, total, [3, 2, 2, 2]));
      expect(factors().filter((factor) => !(Number.isFinite(factor) && factor >= 0))).toEqual([]);
      expect(factors()).toEqual(factors());
    });

    test('refuses options that it does not know, and says which it has', () => {
      const remake = (more: object) => () =>
        Reflect.construct(schedule.constructor, [{ ...schedule.options, ...more }]);
      expect(remake({})().options).toEqual(schedule.options);
      expect(remake({ nonsense: 1 })).toThrow(/no option "nonsense"; it has/);
    });
  });

test('every schedule has a row, and is known by the name under which it is exported', () => {
  const tested = new Set<unknown>(rows.map((schedule) => schedule.constructor));
  const schedules = Object.entries(optim).filter(
    ([, value]) => typeof value === 'function' && value.prototype instanceof Schedule,
  );
  const missing = schedules.flatMap(([name, value]) => (tested.has(value) ? [] : [name]));
  expect(missing, 'schedules without a row in packages/conformance/test/schedules.test.ts').toEqual([]);
  for (const [name, value] of schedules) expect(Reflect.get(value, 'kind')).toBe(name);
});
