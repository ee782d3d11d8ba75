import type { Operand } from '../op.js';
import type { Tensor } from '../tensor.js';
import { conv2d } from './conv2d.js';
import { directionNames, imageWindow, type Padding1d, still } from './directions.js';
import { filterDirections } from './filter-directions.js';
import { reshape } from './reshape.js';

export interface Conv1dOptions {
  /** Steps between windows. Default 1. */
  readonly stride?: number;
  /** Default 'valid'. */
  readonly padding?: Padding1d;
  /** Distance between the elements of a window. Default 1. */
  readonly dilation?: number;
  /** Channels are split into so many groups, each with its own weights. Default 1. */
  readonly groups?: number;
}

/**
 * One-dimensional convolution, `y[n, o, i] = b[o] + Σ over c, k of w[o, c, k] · x[n, c, i·stride + k·dilation − before]`:
 * `conv2d` of images of height 1. Shapes: x [batch, in, L], w [out, in / groups, kernel], b [out] or one number →
 * y [batch, out, L'], `L' = ⌊(L + before + after − dilation·(kernel − 1) − 1) / stride⌋ + 1`.
 * Errors: unknown options; no batch dimension; channels or groups that do not fit; a window larger than the padded x.
 * Parity: torch.nn.functional.conv1d. Source: Waibel et al. 1989, "Phoneme recognition using time-delay neural networks".
 */
export function conv1d(x: Tensor, w: Tensor, b: Operand, options: Conv1dOptions = {}): Tensor {
  const [along] = filterDirections('conv1d', x.shape, w.shape, directionNames[1], options);
  const { kernelSize, ...window } = imageWindow(still, along);
  const [batch, channels, length] = x.shape;
  const filters = reshape(w, [w.shape[0], w.shape[1], ...kernelSize]);
  const y = conv2d(reshape(x, [batch, channels, 1, length]), filters, b, { ...window, groups: options.groups });
  return reshape(y, [batch, w.shape[0], y.shape[3]]);
}
