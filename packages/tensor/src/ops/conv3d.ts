import { tensor } from '../create.js';
import type { Operand } from '../op.js';
import type { Tensor } from '../tensor.js';
import { conv2d } from './conv2d.js';
import { type Direction, directionNames, imageWindow, type Padding3d, type Size3d } from './directions.js';
import { filterDirections } from './filter-directions.js';
import { gatherRows } from './gather-rows.js';
import { permute } from './permute.js';
import { reshape } from './reshape.js';
import { pad } from './slice.js';

export interface Conv3dOptions {
  /** Steps between windows. Default 1. */
  readonly stride?: Size3d;
  /** Default 'valid'. */
  readonly padding?: Padding3d;
  /** Distance between the elements of a window. Default 1. */
  readonly dilation?: Size3d;
  /** Channels are split into so many groups, each with its own weights. Default 1. */
  readonly groups?: number;
}

/**
 * Three-dimensional convolution, as `conv2d` with one more direction. It is one `conv2d`, for each depth of y over the
 * planes that its window sees as channels, `in·kernelDepth` of them: so x is copied kernelDepth / strideDepth times.
 * Shapes: x [batch, in, D, H, W], w [out, in / groups, kernelDepth, kernelHeight, kernelWidth], b [out] or one number →
 * y [batch, out, D', H', W'], `D' = ⌊(D + front + back − dilation·(kernelDepth − 1) − 1) / stride⌋ + 1`, H' and W' likewise.
 * Errors: unknown options; no batch dimension; channels or groups that do not fit; a window larger than the padded x.
 * Parity: torch.nn.functional.conv3d. Source: Ji et al. 2013, "3D convolutional neural networks for human action
 * recognition", §2.1.
 */
export function conv3d(x: Tensor, w: Tensor, b: Operand, options: Conv3dOptions = {}): Tensor {
  const directions = filterDirections('conv3d', x.shape, w.shape, directionNames[3], options);
  const [depth, vertical, horizontal] = directions;
  const { kernelSize, ...window } = imageWindow(vertical, horizontal);
  const planes = depthWindows(x, depth);
  const [batch, outDepth, channels, , height, width] = planes.shape;
  const [outChannels, inGroup] = w.shape;
  const y = conv2d(
    reshape(planes, [batch * outDepth, channels * depth.kernel, height, width]),
    reshape(w, [outChannels, inGroup * depth.kernel, ...kernelSize]),
    b,
    { ...window, groups: options.groups },
  );
  const split = reshape(y, [batch, outDepth, ...y.shape.slice(1)]);
  return permute(split, { axes: [0, 2, 1, 3, 4] });
}

/** The planes that each window sees: [batch, channels, D, H, W] → [batch, D', channels, kernel, H, W]. */
function depthWindows(x: Tensor, { kernel, stride, dilation, before, after }: Direction): Tensor {
  const first = permute(x, { axes: [2, 0, 1, 3, 4] });
  const planes = before + after > 0 ? pad(first, { axis: 0, before, after }) : first;
  const count = Math.floor((planes.shape[0] - dilation * (kernel - 1) - 1) / stride) + 1;
  const index = new Int32Array(count * kernel);
  for (let i = 0; i < count; i++) for (let k = 0; k < kernel; k++) index[i * kernel + k] = i * stride + k * dilation;
  return permute(gatherRows(planes, tensor(index, { shape: [count, kernel] })), { axes: [2, 0, 3, 1, 4, 5] });
}
