import { defineKernel } from '../kernel.js';
import { defineOp, type Op, type Spec } from '../op.js';
import { type Shape, ShapeError, sizeOf } from '../shape.js';
import { type AveragedWindow, averageWindows, shareAmongWindows } from './averaged-windows.js';
import { both, checkImages, type Size2d } from './window.js';

const attrs = { planes: 'number', height: 'number', width: 'number', outHeight: 'number', outWidth: 'number' } as const;
type Geometry = { readonly [K in keyof typeof attrs]: number };

/** Where the i-th of `count` windows over `size` elements begins and ends: ⌊i·size/count⌋ and ⌈(i + 1)·size/count⌉. */
const stretch = (i: number, size: number, count: number) =>
  [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)] as const;

/** The windows of one plane, row by row. */
function windowsOf({ height, width, outHeight, outWidth }: Geometry): AveragedWindow[] {
  const windows: AveragedWindow[] = [];
  for (let oh = 0; oh < outHeight; oh++) {
    const [top, bottom] = stretch(oh, height, outHeight);
    for (let ow = 0; ow < outWidth; ow++) {
      const [left, right] = stretch(ow, width, outWidth);
      windows.push({ top, bottom, left, right, divisor: (bottom - top) * (right - left) });
    }
  }
  return windows;
}

const kernel = defineKernel({
  name: 'adaptiveAveragePool2d',
  buffers: { y: 'write', x: 'read' },
  over: 'row',
  attrs,
  flops: (_, { x }) => x,
  reference: ({ y, x }, g) => averageWindows(y, x, windowsOf(g), g),
});

const gradientKernel = defineKernel({
  name: 'adaptiveAveragePool2dGradient',
  buffers: { dx: 'write', dy: 'read' },
  over: 'row',
  attrs,
  flops: (_, { dx }) => dx,
  reference: ({ dx, dy }, g) => shareAmongWindows(dx, dy, windowsOf(g), g),
});

interface AdaptiveAveragePool2dOptions {
  /** Height and width of y, as one number or two. */
  readonly outputSize: Size2d;
}

/** Errors: no batch of images; sizes that are not whole numbers; images without pixels. */
function geometry(images: Shape, { outputSize }: AdaptiveAveragePool2dOptions): Geometry {
  checkImages(images);
  const [outHeight, outWidth] = both('outputSize', outputSize, 1);
  const [height, width] = images.slice(2);
  if (height * width === 0) throw new ShapeError('an image without pixels has no mean.');
  return { planes: sizeOf(images.slice(0, 2)), height, width, outHeight, outWidth };
}

/** The options of the pooling, and the shape of the images it pooled. */
type GradientOptions = AdaptiveAveragePool2dOptions & { readonly shape: Shape };

/** The gradient of `adaptiveAveragePool2d`, its adjoint: every element of a window gets an equal share of dy. */
const adaptiveAveragePool2dGradient: Op<readonly ['dOut'], GradientOptions, Spec> = defineOp({
  name: 'adaptiveAveragePool2dGradient',
  inputs: ['dOut'],
  infer: ({ dOut }, { shape }: GradientOptions): Spec => ({ shape, dtype: dOut.dtype }),
  forward: ({ dOut, y }, options) => gradientKernel({ dx: y, dy: dOut }, geometry(options.shape, options)),
  backward: { dOut: ({ dy }, { shape: _, ...options }) => adaptiveAveragePool2d(dy, options) },
});

/**
 * The mean of each of H'·W' windows that cover the image, of sizes that differ by one pixel or two where H' or W' does not
 * divide H or W: window i of a direction goes from ⌊i·H/H'⌋ to before ⌈(i + 1)·H/H'⌉, so that neighbours may overlap.
 * Shapes: x [batch, channels, H, W] → y [batch, channels, H', W']. Errors: no batch dimension; sizes out of range.
 * Parity: torch.nn.functional.adaptive_avg_pool2d. Source: He et al. 2014, arXiv:1406.4729, §2.2.
 */
export const adaptiveAveragePool2d: Op<readonly ['x'], AdaptiveAveragePool2dOptions, Spec> = defineOp({
  name: 'adaptiveAveragePool2d',
  inputs: ['x'],
  attributes: ['outputSize'],
  infer({ x }, options: AdaptiveAveragePool2dOptions): Spec {
    const { outHeight, outWidth } = geometry(x.shape, options);
    return { shape: [...x.shape.slice(0, 2), outHeight, outWidth], dtype: x.dtype };
  },
  forward: ({ x, y }, options) => kernel({ y, x }, geometry(x.shape, options)),
  backward: { x: ({ dy, shapes }, options) => adaptiveAveragePool2dGradient(dy, { ...options, shape: shapes.x }) },
});
