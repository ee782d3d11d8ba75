import { describe, expect, it } from 'vitest';
import { ConstantSchedule, CosineSchedule, LinearWarmup, type Schedule, StepSchedule } from '../src/index.js';
import { golden } from './golden.js';

const factors = (schedule: Schedule, count: number, total?: number) =>
  Array.from({ length: count }, (_, position) => schedule.at(position, total));
const close = (expected: readonly number[]) => expected.map((value) => expect.closeTo(value, 7));

describe('PyTorch has the same', () => {
  it('cosine', () => {
    expect(factors(new CosineSchedule({ steps: 12, final: 0.1 }), 12)).toEqual(close(golden.schedules.cosine));
  });

  it('steps', () => {
    expect(factors(new StepSchedule({ every: 5, factor: 0.3 }), 12)).toEqual(close(golden.schedules.step));
  });
});

describe('CosineSchedule', () => {
  it('rises over the warm-up, is full at its end, and ends at final', () => {
    const schedule = new CosineSchedule({ steps: 14, warmup: 4, final: 0.2 });
    expect(factors(schedule, 5)).toEqual(close([0.25, 0.5, 0.75, 1, 1]));
    expect(schedule.at(9)).toBeCloseTo(0.6, 12);
    expect([schedule.at(14), schedule.at(1000)]).toEqual(close([0.2, 0.2]));
  });

  it('takes the length of the run where it has none of its own', () => {
    expect(new CosineSchedule().at(5, 10)).toBeCloseTo(0.5, 12);
    expect(new CosineSchedule({ steps: 20 }).at(10, 10)).toBeCloseTo(0.5, 12);
    expect(() => new CosineSchedule().at(5)).toThrow(/give it the option steps/);
  });

  it('is at its end when the warm-up is the whole run', () => {
    expect(factors(new CosineSchedule({ warmup: 4 }), 5, 4)).toEqual(close([0.25, 0.5, 0.75, 1, 0]));
  });
});

it('LinearWarmup rises and stays', () => {
  expect(factors(new LinearWarmup({ steps: 4 }), 6)).toEqual(close([0.25, 0.5, 0.75, 1, 1, 1]));
  expect(factors(new LinearWarmup({ steps: 2, from: 0.5 }), 3)).toEqual(close([0.75, 1, 1]));
});

it('ConstantSchedule stays', () => {
  expect(factors(new ConstantSchedule(), 3)).toEqual([1, 1, 1]);
});

it.each([
  [() => new CosineSchedule({ length: 3 } as object), /no option "length"; it has steps, warmup, final, per/],
  [() => new CosineSchedule({ steps: 0 }), /steps is a whole number from 1/],
  [() => new CosineSchedule({ warmup: -1 }), /warmup/],
  [() => new CosineSchedule({ final: Number.NaN }), /final/],
  [() => new CosineSchedule({ steps: 10, warmup: 20 }), /a warmup of 20 would not end within the 10 steps/],
  [() => new StepSchedule({} as never), /needs the option every/],
  [() => new StepSchedule({ every: 1.5 }), /every is a whole number/],
  [() => new StepSchedule({ every: 1, factor: -1 }), /factor/],
  [() => new LinearWarmup({} as never), /needs the option steps/],
  [() => new LinearWarmup({ steps: 1, per: 'batch' as never }), /per is 'step' or 'epoch', not "batch"/],
])('%s', (construct, message) => {
  expect(construct).toThrow(message);
});

it('keeps its options as JSON', () => {
  const { options, per, kind } = new StepSchedule({ every: 3, per: 'epoch' });
  expect([JSON.parse(JSON.stringify(options)), per, kind]).toEqual([
    { every: 3, per: 'epoch' },
    'epoch',
    'StepSchedule',
  ]);
});
