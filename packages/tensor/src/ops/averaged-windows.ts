import type { Data } from '../dtype.js';

/** The part of a window that lies in the image, and what its sum is divided by. */
export interface AveragedWindow {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  readonly divisor: number;
}

interface Planes {
  readonly planes: number;
  readonly height: number;
  readonly width: number;
}

/** y [planes, windows] = the mean of each window of each plane of x [planes, height, width]. */
export function averageWindows(
  y: Data,
  x: Data,
  windows: readonly AveragedWindow[],
  { planes, height, width }: Planes,
): void {
  let yi = 0;
  for (let p = 0; p < planes; p++) {
    const start = p * height * width;
    for (const { top, bottom, left, right, divisor } of windows) {
      let sum = 0;
      for (let h = top; h < bottom; h++) for (let w = left; w < right; w++) sum += x[start + h * width + w];
      y[yi++] = sum / divisor;
    }
  }
}

/** dx [planes, height, width] = to each element of a window an equal share of its dy [planes, windows]; windows add. */
export function shareAmongWindows(
  dx: Data,
  dy: Data,
  windows: readonly AveragedWindow[],
  { planes, height, width }: Planes,
): void {
  dx.fill(0);
  let yi = 0;
  for (let p = 0; p < planes; p++) {
    const start = p * height * width;
    for (const { top, bottom, left, right, divisor } of windows) {
      const share = dy[yi++] / divisor;
      for (let h = top; h < bottom; h++) for (let w = left; w < right; w++) dx[start + h * width + w] += share;
    }
  }
}
