import { backward, fill, logSoftmax, tensor } from '@nn/tensor';
import { describe, expect, it } from 'vitest';
import { CTC, ctc } from '../src/index.js';

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
