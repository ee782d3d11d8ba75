/** Options that something does not take, or values that make no sense. */
export class OptionError extends TypeError {
  override readonly name = 'OptionError';
}

/** Errors: an option that `owner` does not have, with those that it has. */
export function checkOptions(owner: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name))
      throw new OptionError(`${owner} has no option "${name}"; it has ${known.join(', ') || 'none'}.`);
  }
}

/** Errors: a value that is no whole number from `from`; undefined passes. */
export function checkCount(owner: string, name: string, value: number | undefined, from = 1): void {
  if (value === undefined || (Number.isInteger(value) && value >= from)) return;
  throw new RangeError(`${owner}: ${name} is a whole number from ${from}, and was given as ${String(value)}.`);
}
