import type { Data } from '../dtype.js';

/** Sizes of a batch, and the class that stands for no label. */
export interface CtcSizes {
  readonly batch: number;
  readonly time: number;
  readonly classes: number;
  readonly labels: number;
  readonly blank: number;
}

/** `ln(eᵃ + eᵇ + eᶜ)`, −∞ for no chance at all. */
export function logSum(a: number, b: number, c = -Infinity): number {
  const largest = Math.max(a, b, c);
  if (largest === -Infinity) return largest;
  return largest + Math.log(Math.exp(a - largest) + Math.exp(b - largest) + Math.exp(c - largest));
}

/**
 * The states that a way through one sample's labels passes, with a blank before, between and behind them: at odd ones a
 * label is said, at even ones nothing. Graves et al. 2006, §4.1.
 */
export class CtcStates {
  readonly count: number;
  readonly #classes: number[];

  constructor(target: Data, sample: number, length: number, { labels, blank }: CtcSizes) {
    this.count = 2 * length + 1;
    this.#classes = Array.from({ length: this.count }, (_, s) =>
      s % 2 === 0 ? blank : target[sample * labels + (s - 1) / 2],
    );
  }

  /** The class that is seen in state s. */
  classOf(s: number): number {
    return this.#classes[s];
  }

  /** True where state s may follow s − 2: between labels that differ, no blank is needed. */
  skips(s: number): boolean {
    return s >= 2 && s < this.count && this.#classes[s] !== this.#classes[s - 2];
  }
}

/** Errors: lengths beyond the data; labels that are no class, or the blank. */
export function checkCtcSample(
  sample: number,
  target: Data,
  inputLength: number,
  targetLength: number,
  { time, classes, labels, blank }: CtcSizes,
): void {
  const refuse = (what: string) => {
    throw new RangeError(`ctcLogLikelihood: ${what}`);
  };
  if (!(inputLength >= 0 && inputLength <= time))
    refuse(`input length ${inputLength} of sample ${sample} is outside 0…${time}`);
  if (!(targetLength >= 0 && targetLength <= labels))
    refuse(`target length ${targetLength} of sample ${sample} is outside 0…${labels}`);
  for (let i = 0; i < targetLength; i++) {
    const label = target[sample * labels + i];
    if (!(label >= 0 && label < classes)) refuse(`target ${label} at row ${sample} is outside 0…${classes - 1}`);
    if (label === blank) refuse(`target ${label} at row ${sample} is the blank, which is no label; give another blank`);
  }
}
