/** What an option may be: from `from` (default 0) up to, but without, `below` (default ∞). */
export interface Range {
  readonly from?: number;
  readonly below?: number;
}

/** Errors: a value that is no number in its range, NaN and infinity included; undefined passes. */
export function checkRange(owner: string, name: string, value: number | undefined, range: Range = {}): void {
  const { from = 0, below = Infinity } = range;
  if (value === undefined || (Number.isFinite(value) && value >= from && value < below)) return;
  const limits =
    below === Infinity ? `a finite number, ${from} or more` : `a number from ${from} up to, but not, ${below}`;
  throw new RangeError(`${owner}: ${name} is ${limits}, and was given as ${String(value)}.`);
}
