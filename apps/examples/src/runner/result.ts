import type { Goal } from './example.js';

/** One figure of an example: what it is, what was wanted, and whether that was reached. */
export interface Figure {
  readonly name: string;
  readonly reached: number;
  readonly goal: Goal;
  readonly met: boolean;
}

/** What a run of an example has shown, as JSON. */
export interface Result {
  readonly example: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  /** From start to end, with the loading of data and without the drawing of pictures. */
  readonly seconds: number;
  /** The share of that time inside kernels. */
  readonly kernelShare: number;
  readonly backend: string;
  readonly pictures: readonly string[];
}

/** Errors: a figure that was wanted and not found. */
export function judge(wanted: Readonly<Record<string, Goal>>, reached: Readonly<Record<string, number>>): Figure[] {
  return Object.entries(wanted).map(([name, goal]) => {
    const value = reached[name];
    if (value === undefined) throw new Error(`The example was to find "${name}", and has not.`);
    return { name, reached: value, goal, met: 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost };
  });
}

/** `accuracy 0.9812, at least 0.98 wanted`. */
export const inWords = ({ name, reached, goal, met }: Figure): string =>
  `${name} ${short(reached)}, ${wording(goal)} wanted${met ? '' : ': missed'}`;

const wording = (goal: Goal): string => ('atLeast' in goal ? `at least ${goal.atLeast}` : `at most ${goal.atMost}`);

/** Four digits that count. */
const short = (value: number): string => String(Number(value.toPrecision(4)));
