import { defineKernel } from '../kernel.js';
import type { Tensor } from '../tensor.js';

const kernel = defineKernel({
  name: 'movingAverage',
  buffers: { average: 'update', value: 'read' },
  over: 'element',
  attrs: { momentum: 'number', factor: 'number' },
  flops: (_, { average }) => 4 * average,
  reference({ average, value }, { momentum, factor }) {
    for (let i = 0; i < average.length; i++) average[i] += momentum * (value[i] * factor - average[i]);
  },
});

export interface MovingAverageOptions {
  /** How far the average moves towards the new value, 0 to 1. */
  readonly momentum: number;
  /** What the value is multiplied by first. Default 1. */
  readonly factor?: number;
}

/** Moves a running average, in place: `average += momentum · (factor·value − average)`. Not differentiable. Shapes: equal. */
export function movingAverage(average: Tensor, value: Tensor, { momentum, factor = 1 }: MovingAverageOptions): void {
  kernel({ average, value }, { momentum, factor });
}
