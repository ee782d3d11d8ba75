import { backward, logSoftmax } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import type { MeanSquaredError } from '../src/index.js';
import * as losses from '../src/index.js';
import { golden, input } from './golden.js';

/** Everything exported, by name. */
const classes = new Map<string, unknown>(Object.entries(losses));

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
