/** The middle of some values, and the quarter points on either side. */
export interface Spread {
  readonly first: number;
  readonly median: number;
  readonly third: number;
}

/** Quartiles, interpolated between neighbours. Errors: no values. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('There are no values to take quartiles of.');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
    return below + (position % 1) * (above - below);
  };
  return { first: at(0.25), median: at(0.5), third: at(0.75) };
}

/** Element by element, `a / b`. */
export const ratios = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value / b[i]);

/** `(Π values)^(1/n)`; NaN of none. */
export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/**
 * The largest relative difference between two lists, as far as the shorter goes; infinite where one has what is no number, or
 * nothing at all.
 */
export function disagreement(values: readonly number[], expected: readonly number[]): number {
  const differences = values.slice(0, expected.length).map((value, i) => Math.abs(value / expected[i] - 1));
  return differences.length > 0 && differences.every(Number.isFinite) ? Math.max(...differences) : Infinity;
}
