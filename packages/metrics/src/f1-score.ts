import { type ClassCounts, ClassRatio, type ClassRatioOptions } from './class-ratio.js';

/**
 * The harmonic mean of precision and recall: `2·right / (2·right + falsely + missed)`.
 * Shapes, averages and errors: `ClassRatio`. Source: Van Rijsbergen 1979, Information Retrieval, ch. 7.
 */
export class F1Score extends ClassRatio {
  static override readonly kind = 'F1Score';

  constructor(options: ClassRatioOptions = {}) {
    super(options, 'f1Score');
  }

  protected override ratio({ right, falsely, missed }: ClassCounts) {
    return [2 * right, 2 * right + falsely + missed] as const;
  }
}
