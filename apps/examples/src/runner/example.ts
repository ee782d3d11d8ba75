import type { Callback } from '@nn/nn';

/** What a figure must be for the example to have done what it says. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** What an example is given. */
interface Setting {
  /** For `fit`: shows how training goes and how long the rest takes. */
  readonly progress: Callback;
  /** Says something besides. */
  print(line: string): void;
}

/** What an example has found. */
interface Findings {
  /** The figures that were wanted, measured on data that training has not seen. */
  readonly reached: Readonly<Record<string, number>>;
  /** Pictures (SVG) by the name of their file; drawn when the time is taken. */
  readonly pictures?: Readonly<Record<string, () => Promise<string>>>;
}

/** A program with a result that it must reach. */
export interface Example {
  readonly title: string;
  /** Each figure that is wanted, and what it must be. */
  readonly wanted: Readonly<Record<string, Goal>>;
  run(setting: Setting): Promise<Findings>;
}
