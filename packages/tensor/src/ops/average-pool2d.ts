import { defineKernel } from '../kernel.js';
import { defineOp, type Op, type Spec } from '../op.js';
import type { Shape } from '../shape.js';
import { type PoolGeometry, type PoolOptions, poolAttributes, poolGeometry } from './pool.js';

export interface AveragePool2dOptions extends PoolOptions {
  /** True to divide by the whole window, padding (but not what ceil mode adds beyond it) included. Default true. */
  readonly countPadding?: boolean;
}

const attrs = { ...poolAttributes, countPadding: 'number' } as const;

/** Calls `visit` for each output's window: its rows and columns within the image, and what to divide by. */
function eachWindow(
  g: PoolGeometry & { readonly countPadding: number },
  visit: (output: number, top: number, bottom: number, left: number, right: number, divisor: number) => void,
): void {
  for (let oh = 0; oh < g.outHeight; oh++) {
    const top = oh * g.strideHeight - g.padTop;
    const bottom = Math.min(top + g.kernelHeight, g.height + g.padTop);
    const [firstRow, endRow] = [Math.max(top, 0), Math.min(bottom, g.height)];
    for (let ow = 0; ow < g.outWidth; ow++) {
      const left = ow * g.strideWidth - g.padLeft;
      const right = Math.min(left + g.kernelWidth, g.width + g.padLeft);
      const [firstColumn, endColumn] = [Math.max(left, 0), Math.min(right, g.width)];
      const real = (endRow - firstRow) * (endColumn - firstColumn);
      const divisor = g.countPadding ? (bottom - top) * (right - left) : real;
      visit(oh * g.outWidth + ow, firstRow, endRow, firstColumn, endColumn, divisor);
    }
  }
}

const kernel = defineKernel({
  name: 'averagePool2d',
  buffers: { y: 'write', x: 'read' },
  over: 'row',
  attrs,
  reference({ y, x }, g) {
    const [plane, outPlane] = [g.height * g.width, g.outHeight * g.outWidth];
    eachWindow(g, (output, top, bottom, left, right, divisor) => {
      for (let p = 0; p < g.batch * g.channels; p++) {
        let sum = 0;
        for (let h = top; h < bottom; h++) for (let w = left; w < right; w++) sum += x[p * plane + h * g.width + w];
        y[p * outPlane + output] = sum / divisor;
      }
    });
  },
});

const gradientKernel = defineKernel({
  name: 'averagePool2dGradient',
  buffers: { dx: 'write', dy: 'read' },
  over: 'row',
  attrs,
  reference({ dx, dy }, g) {
    const [plane, outPlane] = [g.height * g.width, g.outHeight * g.outWidth];
    dx.fill(0);
    eachWindow(g, (output, top, bottom, left, right, divisor) => {
      for (let p = 0; p < g.batch * g.channels; p++) {
        const share = dy[p * outPlane + output] / divisor;
        for (let h = top; h < bottom; h++) for (let w = left; w < right; w++) dx[p * plane + h * g.width + w] += share;
      }
    });
  },
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
  backward: { dOut: ({ dy }, options) => averagePool2d(dy, options) },
});

/**
 * The mean of each window. Shapes: x [batch, channels, H, W] → y [batch, channels, H', W'], with
 * `H' = ⌊(H + 2·padding − kernel) / stride⌋ + 1` (⌈⌉ in ceil mode).
 * Errors: no batch dimension; a window larger than the padded image, or wholly in the padding.
 */
export const averagePool2d: Op<readonly ['x'], AveragePool2dOptions, Spec> = defineOp({
  name: 'averagePool2d',
  inputs: ['x'],
  infer({ x }, options: AveragePool2dOptions): Spec {
    const { batch, channels, outHeight, outWidth } = poolGeometry(x.shape, options);
    return { shape: [batch, channels, outHeight, outWidth], dtype: x.dtype };
  },
  forward: ({ x, y }, options) => kernel({ y, x }, attributes(x.shape, options)),
  backward: { x: ({ dy, shapes }, options) => averagePool2dGradient(dy, { ...options, shape: shapes.x }) },
});
