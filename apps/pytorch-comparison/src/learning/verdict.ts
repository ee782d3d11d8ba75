import { disagreement } from '../figures.js';
import type { Run } from './run.js';

/** How far the first losses in double precision may be apart, relatively; and final accuracies, as shares. */
export const lossTolerance = 1e-4;
const accuracyTolerance = 0.005;

/** The mean test accuracy over seeds, by framework. */
export function finalAccuracies(runs: readonly Run[]): ReadonlyMap<string, number> {
  const frameworks = Object.keys(runs[0]?.test ?? {});
  return new Map(
    frameworks.map((name) => [name, runs.reduce((sum, { test }) => sum + test[name].accuracy / runs.length, 0)]),
  );
}

/** What speaks against the comparison: final accuracies too far apart, or first losses. */
export function objections(runs: readonly Run[], firstLosses: ReadonlyMap<string, readonly number[]>): string[] {
  const [[first, accuracy], ...others] = finalAccuracies(runs);
  const expected = firstLosses.get(first) ?? [];
  return others.flatMap(([name, other]) => {
    const apart = Math.abs(other - accuracy);
    const differ = disagreement(firstLosses.get(name) ?? [NaN], expected);
    return [
      ...(apart <= accuracyTolerance
        ? []
        : [`Test accuracies of ${first} and ${name} are ${(100 * apart).toFixed(2)} points apart.`]),
      ...(differ <= lossTolerance
        ? []
        : [`In double precision, the first losses of ${first} and ${name} differ by ${differ.toExponential(1)}.`]),
    ];
  });
}
