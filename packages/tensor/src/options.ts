/** Options that something does not take, or values that make no sense. */
export class OptionError extends TypeError {
  override readonly name = 'OptionError';
}

/** Errors: anything but a plain object; an option that `owner` does not have, with those that it has. */
export function checkOptions(owner: string, options: object, known: readonly string[]): void {
  if (!isPlain(options)) {
    const example = known.length > 0 ? `, such as { ${known[0]}: … }` : '';
    throw new OptionError(`${owner} takes one object of options${example}, not ${describe(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name))
      throw new OptionError(`${owner} has no option "${name}"; it has ${known.join(', ') || 'none'}.`);
  }
}

/** Errors: a value that is no whole number from `from`; undefined passes. */
export function checkCount(owner: string, name: string, value: number | undefined, from = 1): void {
  if (value === undefined || (Number.isInteger(value) && value >= from)) return;
  throw new RangeError(`${owner}: ${name} is a whole number from ${from}, and was given as ${shown(value)}.`);
}

/** What an option may be: from `from` (default 0) to `to` (default ∞), or up to, but without, `below` (default ∞). */
export interface Range {
  readonly from?: number;
  readonly to?: number;
  readonly below?: number;
}

/** Errors: a value that is no number in its range, NaN and infinity included; undefined passes. */
export function checkRange(owner: string, name: string, value: number | undefined, range: Range = {}): void {
  const { from = 0, to = Infinity, below = Infinity } = range;
  if (value === undefined || (Number.isFinite(value) && value >= from && value <= to && value < below)) return;
  throw new RangeError(`${owner}: ${name} is ${limits(from, to, below)}, and was given as ${shown(value)}.`);
}

const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));

/** What something is, for an error: `an array`, `a number`, `an instance of Tensor`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return isPlain(value) ? 'an object' : `an instance of ${value.constructor.name}`;
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function limits(from: number, to: number, below: number): string {
  if (below < Infinity) return `a number from ${from} up to, but not, ${below}`;
  if (to < Infinity) return `a number from ${from} to ${to}`;
  return from === -Infinity ? 'a finite number' : `a finite number, ${from} or more`;
}
