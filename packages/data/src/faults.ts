import { DataError } from './data-error.js';

/** How many faults a message lists; it counts the others. */
const most = 10;

/** Throws one error (DataError) that lists what is wrong, unless nothing is. `heading` says of what, and what to do. */
export function throwFaults(faults: readonly string[], heading: string): void {
  if (faults.length === 0) return;
  const lines = faults.slice(0, most).map((fault) => `\n  ${fault}`);
  if (faults.length > most) lines.push(`\n  and ${faults.length - most} more`);
  throw new DataError(`${heading}:${lines.join('')}`);
}
