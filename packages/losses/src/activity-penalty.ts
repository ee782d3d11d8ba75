import { abs, add, checkRange, flatten, multiply, square, sum, type Tensor } from '@nn/tensor';
import { Loss } from './loss.js';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';

const kind = 'ActivityPenalty';

export interface ActivityPenaltyOptions extends LossOptions {
  /** The factor of the sizes of the numbers. Default 0. */
  readonly l1?: number;
  /** The factor of their squares. Default 0. */
  readonly l2?: number;
}

/**
 * What large outputs cost: `l1·Σ|x| + l2·Σx²` a sample, then the mean over samples. It has no target. With l1, a hidden layer
 * becomes sparse. Shapes: x [batch, ...] → []. Errors: unknown options, factors below 0.
 */
export function activityPenalty(x: Tensor, options: ActivityPenaltyOptions): Tensor {
  checkActivityPenaltyOptions(options);
  const { l1 = 0, l2 = 0 } = options;
  const penalties = [...(l1 > 0 ? [multiply(abs(x), l1)] : []), ...(l2 > 0 ? [multiply(square(x), l2)] : [])];
  return reduce(sum(flatten(penalties.reduce((a, b) => add(a, b))), { axis: 1 }), options);
}

function checkActivityPenaltyOptions(options: ActivityPenaltyOptions): void {
  checkLossOptions(kind, options, ['l1', 'l2']);
  checkRange(kind, 'l1', options.l1);
  checkRange(kind, 'l2', options.l2);
  if (!options.l1 && !options.l2)
    throw new RangeError(`${kind} with l1 and l2 both 0 costs nothing; give one, such as { l1: 1e-4 }.`);
}

/** What large outputs of a node cost, `activityPenalty`, for a Trainer. Errors: unknown options, factors below 0. */
export class ActivityPenalty extends Loss<ActivityPenaltyOptions> {
  static override readonly kind: string = kind;
  override readonly takesTarget = false;

  constructor(options: ActivityPenaltyOptions) {
    checkActivityPenaltyOptions(options);
    super(options);
  }

  override run(x: Tensor): Tensor {
    return activityPenalty(x, this.options);
  }
}
