import type { Outcome, Timing } from '../contest.js';
import { nameOf, type Refusal } from '../contestant.js';
import { disagreement, ratios, type Spread, spreadOf } from '../figures.js';
import { framework } from '../rivals/ours.js';
import { pytorchName } from '../rivals/pytorch.js';
import type { Workload } from '../workloads.js';

/** What a contestant did on one workload. */
interface Showing {
  readonly framework: string;
  readonly variant: string;
  /** Milliseconds a step, over rounds. */
  readonly milliseconds: Spread;
  /** Milliseconds of its first step. */
  readonly firstStep: number;
  /**
   * The largest relative difference of its values from those of this framework's first contestant; undefined where they
   * were not compared.
   */
  readonly disagreement: number | undefined;
}

/** One workload's outcome. */
export interface Row {
  readonly workload: string;
  readonly task: Workload['task'];
  readonly tolerance: number;
  readonly showings: readonly Showing[];
  /** Who cannot do the workload, or not the part that is compared, and why. */
  readonly refusals: readonly Refusal[];
  /** PyTorch's fastest variant by its median; undefined where there is no PyTorch. */
  readonly best: string | undefined;
  /** How many times faster the captured step is than that variant, over rounds. */
  readonly speedup: Spread | undefined;
  /** Milliseconds that a step takes at least by the roofline, and their share of what it took. */
  readonly bound: {
    readonly milliseconds: number;
    readonly share: number;
    readonly flops: number;
    readonly bytes: number;
  };
}

/** The captured step on the most threads, which the comparison is about. */
export function championOf<T extends { readonly framework: string; readonly variant: string }>(all: readonly T[]): T {
  const own = all.filter((one) => one.framework === framework && one.variant.startsWith('captured'));
  return own[own.length - 1];
}

const contestantOf = ({ contestant }: Timing) => contestant;

/**
 * Sums up a workload. `compared` are the timings whose values are held against each other: those of runs without dropout.
 */
export function rowOf(
  workload: Workload,
  { timings, refusals }: Outcome,
  { compared, bound }: { readonly compared: Outcome; readonly bound: Omit<Row['bound'], 'share'> },
): Row {
  const champion = championOf(timings.map(contestantOf));
  const rounds = (name: string) => timings.find(({ contestant }) => nameOf(contestant) === name)?.rounds ?? [];
  const own = rounds(nameOf(champion));
  const expected = compared.timings.find(({ contestant }) => contestant.framework === framework)?.values ?? [];
  const median = ({ rounds: own }: Timing) => spreadOf(own).median;
  const [best] = timings
    .filter(({ contestant }) => contestant.framework === pytorchName)
    .sort((a, b) => median(a) - median(b))
    .map(({ contestant }) => nameOf(contestant));
  return {
    workload: workload.name,
    task: workload.task,
    tolerance: workload.tolerance,
    showings: timings.map(({ contestant, firstStep, rounds: own }) => {
      const { framework, variant } = contestant;
      const values = compared.timings.find((timing) => nameOf(timing.contestant) === nameOf(contestant))?.values;
      return {
        ...{ framework, variant, firstStep, milliseconds: spreadOf(own) },
        disagreement: values && disagreement(values, expected),
      };
    }),
    refusals: compared.refusals === refusals ? refusals : [...refusals, ...compared.refusals],
    best,
    speedup: best === undefined ? undefined : spreadOf(ratios(rounds(best), own)),
    bound: { ...bound, share: bound.milliseconds / spreadOf(own).median },
  };
}

/** What speaks against a row: contestants whose values are not this framework's. */
export const objections = ({ workload, showings, tolerance }: Row): string[] =>
  showings.flatMap(({ framework, variant, disagreement = 0 }) =>
    disagreement <= tolerance
      ? []
      : `${workload}: the values of ${framework} ${variant} differ by ${disagreement.toExponential(1)}, ` +
        `more than ${tolerance.toExponential(0)}.`,
  );
