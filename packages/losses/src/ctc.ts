import {
  cast,
  checkCount,
  ctcLogLikelihood,
  divide,
  equal,
  fill,
  greaterEqual,
  maximum,
  negate,
  sum,
  type Tensor,
  where,
} from '@nn/tensor';
import { Loss } from './loss.js';
import { checkLossOptions, type LossOptions, reduce } from './reduction.js';
import { checkTensors } from './target.js';

const kind = 'CTC';

export interface CTCOptions extends LossOptions {
  /** The class that stands for no label. Default 0. */
  readonly blank?: number;
  /** True to take losses of ∞, of samples too short for their labels, as 0. Default false. */
  readonly zeroInfinity?: boolean;
}

/** How much of padded sequences counts. */
export interface SequenceLengths {
  /** Steps of time of each sample [batch] i32 or u8. Default: all. */
  readonly inputLengths?: Tensor;
  /** Labels of each sample [batch] i32 or u8. Default: as many as are not negative. */
  readonly targetLengths?: Tensor;
}

/**
 * Connectionist temporal classification: `−ln` of the chance to read the target from what is seen over time, where labels
 * may last, and blanks stand between them. Each loss is divided by its number of labels (at least 1) before the mean is
 * taken, as in PyTorch. Shapes: logProbabilities [batch, time, classes], as `logSoftmax` gives them; target [batch,
 * labels] class indices (i32), short rows padded with −1 → []. Source: Graves et al. 2006, "Connectionist Temporal
 * Classification", §4. Errors: unknown options; shapes and dtypes that do not fit; labels that are no class, or the blank.
 */
export function ctc(
  logProbabilities: Tensor,
  target: Tensor,
  { inputLengths, targetLengths, ...options }: CTCOptions & SequenceLengths = {},
): Tensor {
  checkCTCOptions(options);
  checkTensors(kind, logProbabilities, target);
  const { blank = 0, zeroInfinity = false, reduction = 'mean' } = options;
  const [batch, time] = logProbabilities.shape;
  const labels = cast(target, { dtype: 'i32' });
  const frames = inputLengths ? cast(inputLengths, { dtype: 'i32' }) : fill([batch], time, 'i32');
  const said = targetLengths
    ? cast(targetLengths, { dtype: 'i32' })
    : sum(cast(greaterEqual(labels, 0), { dtype: 'i32' }), { axis: -1 });
  const losses = negate(ctcLogLikelihood(logProbabilities, labels, frames, said, { blank }));
  const finite = zeroInfinity ? where(equal(losses, Infinity), 0, losses) : losses;
  return reduction === 'mean'
    ? reduce(divide(finite, cast(maximum(said, 1), { dtype: finite.dtype })), options)
    : reduce(finite, options);
}

function checkCTCOptions(options: CTCOptions): void {
  checkLossOptions(kind, options, ['blank', 'zeroInfinity']);
  checkCount(kind, 'blank', options.blank, 0);
}

/**
 * Connectionist temporal classification, `ctc`, for a Trainer; lengths are further targets:
 * `{ loss: new CTC(), target: ['labels', 'frames'] }`. Errors: unknown options, a blank that is no class.
 */
export class CTC extends Loss<CTCOptions> {
  static override readonly kind: string = kind;

  constructor(options: CTCOptions = {}) {
    checkCTCOptions(options);
    super(options);
  }

  override run(logProbabilities: Tensor, target: Tensor, inputLengths?: Tensor, targetLengths?: Tensor): Tensor {
    return ctc(logProbabilities, target, { ...this.options, inputLengths, targetLengths });
  }
}
