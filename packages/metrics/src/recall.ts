import { type ClassCounts, ClassRatio, type ClassRatioOptions } from './class-ratio.js';

/**
 * The share of a class that was found: `right / (right + missed)`, 1 where nothing was missed.
 * Shapes, averages and errors: `ClassRatio`. Source: Van Rijsbergen 1979, Information Retrieval, ch. 7.
 */
export class Recall extends ClassRatio {
  static override readonly kind = 'Recall';

  constructor(options: ClassRatioOptions = {}) {
    super(options, 'recall');
  }

  protected override ratio({ right, missed }: ClassCounts) {
    return [right, right + missed] as const;
  }
}
