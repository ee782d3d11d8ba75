import { type ClassCounts, ClassRatio, type ClassRatioOptions } from './class-ratio.js';

/**
 * The share of what was taken for a class that is of it: `right / (right + falsely)`, 1 where nothing was taken wrongly.
 * Shapes, averages and errors: `ClassRatio`. Source: Van Rijsbergen 1979, Information Retrieval, ch. 7.
 */
export class Precision extends ClassRatio {
  static override readonly kind = 'Precision';

  constructor(options: ClassRatioOptions = {}) {
    super(options, 'precision');
  }

  protected override ratio({ right, falsely }: ClassCounts) {
    return [right, right + falsely] as const;
  }
}
