import { BatchNorm } from './batch-norm.js';

/**
 * Batch normalisation, `y = (x − mean) / √(variance + ε) · weight + bias`, a channel at a time. In training: the batch's
 * mean and biased variance, while running statistics move towards them by `momentum`, with the unbiased variance. In
 * evaluation: the running statistics.
 * Options: `features` (inferred), `epsilon` 1e-5, `momentum` 0.1, `affine` true. Shapes: x [batch, features] or [batch, features, length] → y as x.
 * State: weight, bias, running_mean, running_var, num_batches_tracked, all but the last [channels]; weight decay spares
 * weight and bias. Parity: torch.nn.BatchNorm1d. Errors: unknown options; other dimensions; one value a channel in training.
 * Source: Ioffe & Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2.
 */
export class BatchNorm1d extends BatchNorm {
  static override readonly kind = 'BatchNorm1d';
  protected readonly forms = [
    ['batch', 'features'],
    ['batch', 'features', 'length'],
  ];
}
