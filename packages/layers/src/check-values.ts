import { OptionError } from '@nn/tensor';

/** Errors: anything but a whole number of at least 1. */
export function checkCount(kind: string, option: string, value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 1)
    throw new OptionError(`${kind}: ${option} must be a whole number of at least 1, not ${show(value)}.`);
}

/** Errors: anything but a number from `low` to `high`. */
export function checkRange(kind: string, option: string, value: unknown, low: number, high: number): void {
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    const range = high === Infinity ? `of at least ${low}` : `from ${low} to ${high}`;
    throw new OptionError(`${kind}: ${option} must be a number ${range}, not ${show(value)}.`);
  }
}

const show = (value: unknown) => JSON.stringify(value) ?? String(value);
