import { inLayer } from '../scope.js';
import { formatShape, ShapeError } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { greater } from './compare.js';
import { multiply } from './multiply.js';
import { reshape } from './reshape.js';
import { where } from './where.js';

/**
 * `y = x` above 0, `w·x` below, with one slope w for all or one a channel (axis 1). Shapes: x [batch, channels, ...],
 * w [1] or [channels] → y as x. Parity: torch.nn.functional.prelu. Errors: another number of slopes.
 * Source: He et al. 2015, arXiv:1502.01852, §2.1.
 */
export function prelu(x: Tensor, w: Tensor): Tensor {
  const [, channels = 1, ...rest] = x.shape;
  if (w.shape.length !== 1 || (w.size !== 1 && w.size !== channels))
    throw new ShapeError(
      `prelu${inLayer()} with x ${formatShape(x.shape)}, w ${formatShape(w.shape)}: w must be [1] or [${channels}], a slope a channel.`,
    );
  const slopes = w.size === 1 ? reshape(w, []) : reshape(w, [channels, ...rest.map(() => 1)]);
  return where(greater(x, 0), x, multiply(x, slopes));
}
