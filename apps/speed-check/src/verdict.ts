/** By how much a step may become slower, relative to a matrix product, before the check fails. */
const allowance = 0.2;

/** What came of a workload. */
export interface Verdict {
  readonly holds: boolean;
  readonly text: string;
}

/** True if a relative time is longer than the recorded one by more than is allowed. */
export const isSlower = (measured: number, recorded: number | undefined): boolean =>
  recorded !== undefined && measured > recorded * (1 + allowance);

/** Holds a relative time against the recorded one. A workload without a record fails: nothing would guard it. */
export function verdictOf(workload: string, measured: number, recorded: number | undefined): Verdict {
  const now = `${workload.padEnd(20)} ${measured.toPrecision(3).padStart(8)} products`;
  if (recorded === undefined) return { holds: false, text: `${now}, not recorded: npm run bench:check -- --record` };
  const change = 100 * (measured / recorded - 1);
  const text = `${now}, recorded ${recorded.toPrecision(3)}: ${change < 0 ? '' : '+'}${change.toFixed(0)} %`;
  return { holds: !isSlower(measured, recorded), text };
}
