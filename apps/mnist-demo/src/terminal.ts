/** A stream of text for a person or a log; `process.stdout` is one. */
export interface TextStream {
  write(text: string): unknown;
  /** True when it is a terminal, on which a line can be overwritten. */
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where a command speaks: `out` for results, `err` for what went wrong. */
export interface Terminal {
  readonly out: TextStream;
  readonly err: TextStream;
}

/** Writes a line of results. */
export const print = ({ out }: Terminal, line = ''): void => void out.write(`${line}\n`);

/** A share as people read it: 0.9912 → `99.12 %`. */
export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** A duration as people read it: `0.8 s`, `41.3 s`, `2 min 05 s`. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
