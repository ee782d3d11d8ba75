import { CosineSchedule, LinearWarmup } from '@nn/optim';
import { expect, test } from 'vitest';
import { describeOptions } from '../src/describe.js';

test('a schedule within a schedule is described by its kind and options', () => {
  const { options } = new LinearWarmup({ steps: 3, next: new CosineSchedule({ steps: 90 }) });
  expect(describeOptions(options)).toEqual(['steps 3, next CosineSchedule, steps 90']);
});
