import { defineKernel } from '../kernel.js';
import { defineOp, type Op, type Spec } from '../op.js';
import type { Shape } from '../shape.js';
import { type AveragedWindow, averageWindows, shareAmongWindows } from './averaged-windows.js';
import { type PoolGeometry, type PoolOptions, poolAttributes, poolGeometry } from './pool.js';

export interface AveragePool2dOptions extends PoolOptions {
  /** True to divide by the whole window, padding (but not what ceil mode adds beyond it) included. Default true. */
  readonly countPadding?: boolean;
}

const attrs = { ...poolAttributes, countPadding: 'number' } as const;

/** The windows of one plane, row by row. */
function windowsOf(g: PoolGeometry & { readonly countPadding: number }): AveragedWindow[] {
  const windows: AveragedWindow[] = [];
  for (let oh = 0; oh < g.outHeight; oh++) {
    const firstRow = oh * g.strideHeight - g.padTop;
    const endRow = Math.min(firstRow + g.kernelHeight, g.height + g.padTop);
    const [top, bottom] = [Math.max(firstRow, 0), Math.min(endRow, g.height)];
    for (let ow = 0; ow < g.outWidth; ow++) {
      const firstColumn = ow * g.strideWidth - g.padLeft;
      const endColumn = Math.min(firstColumn + g.kernelWidth, g.width + g.padLeft);
      const [left, right] = [Math.max(firstColumn, 0), Math.min(endColumn, g.width)];
      const divisor = g.countPadding
        ? (endRow - firstRow) * (endColumn - firstColumn)
        : (bottom - top) * (right - left);
      windows.push({ top, bottom, left, right, divisor });
    }
  }
  return windows;
}

const kernel = defineKernel({
  name: 'averagePool2d',
  buffers: { y: 'write', x: 'read' },
  over: 'row',
  attrs,
  flops: ({ kernelHeight, kernelWidth }, { y }) => kernelHeight * kernelWidth * y,
  reference: ({ y, x }, g) => averageWindows(y, x, windowsOf(g), { ...g, planes: g.batch * g.channels }),
});

const gradientKernel = defineKernel({
  name: 'averagePool2dGradient',
  buffers: { dx: 'write', dy: 'read' },
  over: 'row',
  attrs,
  flops: ({ kernelHeight, kernelWidth }, { dy }) => kernelHeight * kernelWidth * dy,
  reference: ({ dx, dy }, g) => shareAmongWindows(dx, dy, windowsOf(g), { ...g, planes: g.batch * g.channels }),
});

const attributes = (images: Shape, options: AveragePool2dOptions) => ({
  ...poolGeometry(images, options),
  countPadding: Number(options.countPadding ?? true),
});

/** The options of the pooling, and the shape of the images it pooled. */
type GradientOptions = AveragePool2dOptions & { readonly shape: Shape };

/** The gradient of `averagePool2d`, its adjoint: every element of a window gets an equal share of dy. */
const averagePool2dGradient: Op<readonly ['dOut'], GradientOptions, Spec> = defineOp({
  name: 'averagePool2dGradient',
  inputs: ['dOut'],
  infer: ({ dOut }, { shape }: GradientOptions): Spec => ({ shape, dtype: dOut.dtype }),
  forward: ({ dOut, y }, options) => gradientKernel({ dx: y, dy: dOut }, attributes(options.shape, options)),
  backward: { dOut: ({ dy }, { shape: _, ...options }) => averagePool2d(dy, options) },
});

/**
 * The mean of each window. Shapes: x [batch, channels, H, W] → y [batch, channels, H', W'], with
 * `H' = ⌊(H + 2·padding − kernel) / stride⌋ + 1` (⌈⌉ in ceil mode).
 * Errors: no batch dimension; a window larger than the padded image, or wholly in the padding.
 */
export const averagePool2d: Op<readonly ['x'], AveragePool2dOptions, Spec> = defineOp({
  name: 'averagePool2d',
  inputs: ['x'],
  attributes: ['kernelSize', 'stride', 'padding', 'ceilMode', 'countPadding'],
  infer({ x }, options: AveragePool2dOptions): Spec {
    const { batch, channels, outHeight, outWidth } = poolGeometry(x.shape, options);
    return { shape: [batch, channels, outHeight, outWidth], dtype: x.dtype };
  },
  forward: ({ x, y }, options) => kernel({ y, x }, attributes(x.shape, options)),
  backward: { x: ({ dy, shapes }, options) => averagePool2dGradient(dy, { ...options, shape: shapes.x }) },
});
