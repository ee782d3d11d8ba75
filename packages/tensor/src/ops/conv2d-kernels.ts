import type { Data } from '../dtype.js';
import { defineKernel } from '../kernel.js';
import { activate } from './activation.js';
import { outputsInside } from './window.js';

const geometry = {
  batch: 'number',
  inChannels: 'number',
  height: 'number',
  width: 'number',
  outChannels: 'number',
  kernelHeight: 'number',
  kernelWidth: 'number',
  strideHeight: 'number',
  strideWidth: 'number',
  padTop: 'number',
  padLeft: 'number',
  dilationHeight: 'number',
  dilationWidth: 'number',
  groups: 'number',
  outHeight: 'number',
  outWidth: 'number',
} as const;

/** Sizes of a convolution: x [batch, inChannels, height, width] → y [batch, outChannels, outHeight, outWidth]. */
export type Conv2dGeometry = { readonly [K in keyof typeof geometry]: number };

/** One element of the window: the outputs that meet the image with it, and where it lies in output (0, 0)'s window. */
interface Tap {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  readonly row: number;
  readonly column: number;
}

function tapsOf(g: Conv2dGeometry): Tap[] {
  const taps: Tap[] = [];
  for (let kh = 0; kh < g.kernelHeight; kh++) {
    const row = kh * g.dilationHeight - g.padTop;
    const { from: top, to: bottom } = outputsInside(row, g.height, g.strideHeight, g.outHeight);
    for (let kw = 0; kw < g.kernelWidth; kw++) {
      const column = kw * g.dilationWidth - g.padLeft;
      const { from: left, to: right } = outputsInside(column, g.width, g.strideWidth, g.outWidth);
      taps.push({ top, bottom, left, right, row, column });
    }
  }
  return taps;
}

/** Of each of the kernels: they do the same products. */
export const conv2dFlops = (g: Conv2dGeometry) =>
  2 * g.batch * g.outChannels * g.outHeight * g.outWidth * (g.inChannels / g.groups) * g.kernelHeight * g.kernelWidth;

/** What the kernel `conv2d` and those fused with it take. */
export const conv2dAttributes = { ...geometry, activation: 'number' } as const;

/** y[n, o] = activation(b[o] + Σ over c, kh, kw of w[o, c, kh, kw] · x[n, c] moved by the tap (kh, kw)). */
export const conv2dKernel = defineKernel({
  name: 'conv2d',
  buffers: { y: 'write', x: 'read', w: { access: 'read', as: 'shared' }, b: { access: 'read', as: 'shared' } },
  over: 'row',
  attrs: conv2dAttributes,
  product: true,
  flops: conv2dFlops,
  reference({ y, x, w, b }, { activation, ...g }) {
    const { width, outWidth, strideHeight, strideWidth } = g;
    const taps = tapsOf(g);
    const [plane, outPlane] = [g.height * width, g.outHeight * outWidth];
    const [inGroup, outGroup] = [g.inChannels / g.groups, g.outChannels / g.groups];
    const sum = new Float64Array(outPlane);
    for (let n = 0; n < g.batch; n++) {
      for (let o = 0; o < g.outChannels; o++) {
        sum.fill(b[o]);
        for (let c = 0; c < inGroup; c++) {
          const xStart = (n * g.inChannels + Math.floor(o / outGroup) * inGroup + c) * plane;
          const wStart = (o * inGroup + c) * taps.length;
          for (let k = 0; k < taps.length; k++) {
            const { top, bottom, left, right, row, column } = taps[k];
            const weight = w[wStart + k];
            for (let oh = top; oh < bottom; oh++) {
              let xi = xStart + (oh * strideHeight + row) * width + left * strideWidth + column;
              const end = oh * outWidth + right;
              for (let yi = oh * outWidth + left; yi < end; yi++, xi += strideWidth) sum[yi] += weight * x[xi];
            }
          }
        }
        const yStart = (n * g.outChannels + o) * outPlane;
        y.set(sum, yStart);
        for (let i = yStart; i < yStart + outPlane; i++) y[i] = activate(y[i], activation);
      }
    }
  },
});

/** dx[n, c] = b[c] + Σ over o, kh, kw of w[o, c, kh, kw] · dy[n, o], each moved back by the tap (kh, kw); no b is 0. */
export function conv2dAdjoint(dx: Data, dy: Data, w: Data, b: Data | undefined, g: Conv2dGeometry): void {
  const { width, outWidth, strideHeight, strideWidth } = g;
  const taps = tapsOf(g);
  const [plane, outPlane] = [g.height * width, g.outHeight * outWidth];
  const [inGroup, outGroup] = [g.inChannels / g.groups, g.outChannels / g.groups];
  const sum = new Float64Array(plane);
  for (let n = 0; n < g.batch; n++) {
    for (let c = 0; c < g.inChannels; c++) {
      sum.fill(b ? b[c] : 0);
      const firstOut = Math.floor(c / inGroup) * outGroup;
      for (let o = firstOut; o < firstOut + outGroup; o++) {
        const yStart = (n * g.outChannels + o) * outPlane;
        const wStart = (o * inGroup + (c % inGroup)) * taps.length;
        for (let k = 0; k < taps.length; k++) {
          const { top, bottom, left, right, row, column } = taps[k];
          const weight = w[wStart + k];
          for (let oh = top; oh < bottom; oh++) {
            let xi = (oh * strideHeight + row) * width + left * strideWidth + column;
            const end = yStart + oh * outWidth + right;
            for (let yi = yStart + oh * outWidth + left; yi < end; yi++, xi += strideWidth) sum[xi] += weight * dy[yi];
          }
        }
      }
      dx.set(sum, (n * g.inChannels + c) * plane);
    }
  }
}

/** The gradient of `conv2d` by x: `conv2dAdjoint` without b. */
export const conv2dInputGradientKernel = defineKernel({
  name: 'conv2dInputGradient',
  buffers: { dx: 'write', dy: 'read', w: { access: 'read', as: 'shared' } },
  over: 'row',
  attrs: geometry,
  product: true,
  flops: conv2dFlops,
  reference: ({ dx, dy, w }, g) => conv2dAdjoint(dx, dy, w, undefined, g),
});

/** dw[o, c, kh, kw] = Σ over n and outputs of dy[n, o] · x[n, c] moved by the tap (kh, kw). */
export const conv2dWeightGradientKernel = defineKernel({
  name: 'conv2dWeightGradient',
  buffers: { dw: { access: 'write', as: 'summed' }, x: 'read', dy: 'read' },
  over: 'whole',
  attrs: geometry,
  product: true,
  flops: conv2dFlops,
  reference({ dw, x, dy }, g) {
    const { width, outWidth, strideHeight, strideWidth } = g;
    const taps = tapsOf(g);
    const [plane, outPlane] = [g.height * width, g.outHeight * outWidth];
    const [inGroup, outGroup] = [g.inChannels / g.groups, g.outChannels / g.groups];
    const sum = new Float64Array(dw.length);
    for (let n = 0; n < g.batch; n++) {
      for (let o = 0; o < g.outChannels; o++) {
        const yStart = (n * g.outChannels + o) * outPlane;
        for (let c = 0; c < inGroup; c++) {
          const xStart = (n * g.inChannels + Math.floor(o / outGroup) * inGroup + c) * plane;
          const wStart = (o * inGroup + c) * taps.length;
          for (let k = 0; k < taps.length; k++) {
            const { top, bottom, left, right, row, column } = taps[k];
            let total = 0;
            for (let oh = top; oh < bottom; oh++) {
              let xi = xStart + (oh * strideHeight + row) * width + left * strideWidth + column;
              const end = yStart + oh * outWidth + right;
              for (let yi = yStart + oh * outWidth + left; yi < end; yi++, xi += strideWidth) total += x[xi] * dy[yi];
            }
            sum[wStart + k] += total;
          }
        }
      }
    }
    dw.set(sum);
  },
});
