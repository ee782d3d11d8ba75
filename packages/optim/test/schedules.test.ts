import { describe, expect, it } from 'vitest';
import {
  ConstantSchedule,
  CosineSchedule,
  CosineWarmRestarts,
  ExponentialSchedule,
  LinearWarmup,
  MultiStepSchedule,
  OneCycleSchedule,
  ReduceOnPlateau,
  type Schedule,
  StepSchedule,
} from '../src/index.js';
import { golden } from './golden.js';

const factors = (schedule: Schedule, count: number, total?: number) =>
  Array.from({ length: count }, (_, position) => schedule.at(position, total));
const close = (expected: readonly number[]) => expected.map((value) => expect.closeTo(value, 7));

const golds: Readonly<Record<string, Schedule>> = {
  cosine: new CosineSchedule({ steps: 12, final: 0.1 }),
  step: new StepSchedule({ every: 5, factor: 0.3 }),
  multiStep: new MultiStepSchedule({ milestones: [2, 3, 8], factor: 0.3 }),
  exponential: new ExponentialSchedule({ factor: 0.8 }),
  restarts: new CosineWarmRestarts({ steps: 4, final: 0.1 }),
  longerRestarts: new CosineWarmRestarts({ steps: 2, multiplier: 2 }),
  oneCycle: new OneCycleSchedule({ steps: 12 }),
  oneCycleLinear: new OneCycleSchedule({
    steps: 12,
    risingShare: 0.45,
    divisor: 10,
    finalDivisor: 100,
    annealing: 'linear',
  }),
  oneCycleThreePhases: new OneCycleSchedule({ steps: 12, risingShare: 0.4, threePhases: true }),
  warmupThenExponential: new LinearWarmup({ steps: 4, next: new ExponentialSchedule({ factor: 0.8 }) }),
};

describe('PyTorch has the same', () => {
  it.each(Object.entries(golds))('%s', (name, schedule) => {
    expect(factors(schedule, golden.schedules[name].length)).toEqual(close(golden.schedules[name]));
  });

  it.each([
    ['plateau', new ReduceOnPlateau({ patience: 2 }), 1],
    [
      'plateauCooldown',
      new ReduceOnPlateau({
        patience: 1,
        factor: 0.5,
        cooldown: 2,
        threshold: 0.05,
        thresholdMode: 'absolute',
        minimum: 0.2,
      }),
      1,
    ],
    ['plateauMaximum', new ReduceOnPlateau({ monitor: 'train.score', mode: 'max', patience: 1, factor: 0.5 }), -1],
  ] as const)('%s', (name, schedule, sign) => {
    const values = golden.measured.map((value) => sign * value);
    const seen = [...values, 0].map((_, count) => schedule.at(count, undefined, values.slice(0, count)));
    expect(seen).toEqual(close(golden.schedules[name]));
  });

  it('every schedule', () => {
    const compared = new Set([...Object.keys(golds), 'plateau', 'plateauCooldown', 'plateauMaximum']);
    expect([...compared].sort()).toEqual(Object.keys(golden.schedules).sort());
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

it('LinearWarmup hands on what is left of the run, and what was measured', () => {
  const schedule = new LinearWarmup({ steps: 2, next: new CosineSchedule() });
  expect(factors(schedule, 7, 6)).toEqual(close([0.5, 1, 1, 0.8535534, 0.5, 0.1464466, 0]));
  const watching = new LinearWarmup({ steps: 1, next: new ReduceOnPlateau({ patience: 0, monitor: 'train.loss' }) });
  expect([schedule.monitor, watching.monitor]).toEqual([undefined, 'train.loss']);
  expect([0, 1, 2].map((position) => watching.at(position, undefined, [1, 1]))).toEqual(close([1, 0.1, 0.1]));
});

describe('past the end', () => {
  it.each([
    ['CosineSchedule', new CosineSchedule({ steps: 10, final: 0.2 }), 10, 0.2],
    ['StepSchedule goes on falling', new StepSchedule({ every: 5 }), 500, 1e-100],
    ['MultiStepSchedule', new MultiStepSchedule({ milestones: [3, 10], factor: 0.5 }), 10, 0.25],
    ['ExponentialSchedule goes on falling', new ExponentialSchedule({ factor: 0.1 }), 100, 1e-100],
    ['OneCycleSchedule', new OneCycleSchedule({ steps: 10, divisor: 10, finalDivisor: 5 }), 9, 0.02],
    ['LinearWarmup', new LinearWarmup({ steps: 10, from: 0.5 }), 9, 1],
    ['ConstantSchedule', new ConstantSchedule(), 0, 1],
  ])('%s is defined', (name, schedule, end, factor) => {
    const falls = name.endsWith('falling');
    expect(schedule.at(end, 5)).toBeCloseTo(factor, 12);
    const later = [end + 5, 2 * end + 5, 1e9].map((position) => schedule.at(position, 5));
    if (falls) for (const value of later) expect(value).toBeLessThan(factor);
    else expect(later).toEqual(close([factor, factor, factor]));
  });

  it('CosineWarmRestarts has none, far out too', () => {
    const even = new CosineWarmRestarts({ steps: 7 });
    expect([7e8, 7e8 + 3].map((position) => even.at(position))).toEqual(factors(even, 4).filter((_, i) => i % 3 === 0));
    const growing = new CosineWarmRestarts({ steps: 1, multiplier: 2 });
    expect(growing.at(2 ** 40 - 1)).toBe(1);
    expect(growing.at(2 ** 40 - 2)).toBeLessThan(1e-12);
  });

  it('ReduceOnPlateau stays at its minimum', () => {
    const schedule = new ReduceOnPlateau({ patience: 0, minimum: 0.01 });
    expect(schedule.after(new Array<number>(10_000).fill(1))).toBe(0.01);
  });
});

describe('OneCycleSchedule', () => {
  it('takes the length of the run where it has none of its own', () => {
    expect(factors(new OneCycleSchedule(), 12, 12)).toEqual(close(golden.schedules.oneCycle));
    expect(() => new OneCycleSchedule().at(0)).toThrow(/give it the option steps/);
  });

  it('is defined where it only rises, never does, or has one position', () => {
    const share = (risingShare: number, steps: number) =>
      factors(new OneCycleSchedule({ steps, risingShare, divisor: 10, finalDivisor: 1, annealing: 'linear' }), steps);
    expect(share(1, 4)).toEqual(close([0.1, 0.4, 0.7, 1]));
    expect(share(0, 4)).toEqual(close([0.775, 0.55, 0.325, 0.1]));
    expect(share(0.25, 4)).toEqual(close([1, 0.7, 0.4, 0.1]));
    expect(share(0.3, 1)).toEqual(close([0.1]));
  });
});

describe('ReduceOnPlateau', () => {
  it('has the full rate before anything is measured', () => {
    expect(new ReduceOnPlateau().after([])).toBe(1);
    expect(new ReduceOnPlateau().at(100)).toBe(1);
  });

  it('never takes NaN for better', () => {
    const schedule = new ReduceOnPlateau({ patience: 1 });
    expect(schedule.after([1, Number.NaN, Number.NaN])).toBeCloseTo(0.1, 12);
    expect(schedule.after([Number.NaN, Number.NaN, 1, 0.5])).toBeCloseTo(0.1, 12);
    expect(schedule.after([Number.NaN, 1, 0.5])).toBe(1);
  });
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
  [() => new LinearWarmup({ steps: 1, next: 0.5 as never }), /next is a schedule, such as/],
  [
    () => new LinearWarmup({ steps: 1, next: new StepSchedule({ every: 1, per: 'epoch' }) }),
    /counts each step and its next, StepSchedule, each epoch; give both the same per/,
  ],
  [() => new MultiStepSchedule({} as never), /needs the option milestones/],
  [() => new MultiStepSchedule({ milestones: [] }), /needs the option milestones/],
  [() => new MultiStepSchedule({ milestones: [3, 2] }), /milestones rise, and 2 follows 3/],
  [() => new MultiStepSchedule({ milestones: [1.5] }), /milestones\[0\] is a whole number/],
  [() => new MultiStepSchedule({ milestones: [1], factor: -1 }), /factor/],
  [() => new ExponentialSchedule({} as never), /needs the option factor/],
  [() => new ExponentialSchedule({ factor: -1 }), /factor/],
  [() => new CosineWarmRestarts({} as never), /needs the option steps/],
  [() => new CosineWarmRestarts({ steps: 0 }), /steps is a whole number from 1/],
  [() => new CosineWarmRestarts({ steps: 1, multiplier: 0.5 }), /multiplier is a finite number, 1 or more/],
  [() => new CosineWarmRestarts({ steps: 1, final: -1 }), /final/],
  [() => new OneCycleSchedule({ steps: 0 }), /steps is a whole number from 1/],
  [() => new OneCycleSchedule({ risingShare: 1.1 }), /risingShare is a number from 0 to 1/],
  [() => new OneCycleSchedule({ risingShare: 0.6, threePhases: true }), /risingShare is a number from 0 to 0.5/],
  [() => new OneCycleSchedule({ divisor: 0 }), /divisor/],
  [() => new OneCycleSchedule({ finalDivisor: 0.5 }), /finalDivisor/],
  [() => new OneCycleSchedule({ annealing: 'cos' as never }), /annealing is 'cosine' or 'linear', not "cos"/],
  [() => new ReduceOnPlateau({ factor: 1 }), /factor is a number from 0 up to, but not, 1/],
  [() => new ReduceOnPlateau({ patience: -1 }), /patience/],
  [() => new ReduceOnPlateau({ threshold: -1 }), /threshold/],
  [() => new ReduceOnPlateau({ thresholdMode: 'rel' as never }), /thresholdMode is 'relative' or 'absolute'/],
  [() => new ReduceOnPlateau({ cooldown: 0.5 }), /cooldown/],
  [() => new ReduceOnPlateau({ minimum: 2 }), /minimum/],
  [() => new ReduceOnPlateau({ monitor: 'loss' }), /monitor is train or validation, a dot and a name, not "loss"/],
  [() => new ReduceOnPlateau({ monitor: 'train.accuracy' }), /with mode: 'min', or large ones, with mode: 'max'/],
  [() => new ReduceOnPlateau({ mode: 'low' as never }), /mode is 'min' or 'max', not "low"/],
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
