import { axisOf, permute, type Tensor } from '@nn/tensor';

export interface AxisOptions {
  /** The axis it works along; the batch is axis 0. Default -1, the last. */
  readonly axis?: number;
}

/** Applies `f`, which works along the last axis and keeps the shape, along any axis. Errors: an axis that x lacks. */
export function alongAxis(x: Tensor, { axis = -1 }: AxisOptions, f: (x: Tensor) => Tensor): Tensor {
  const rank = x.shape.length;
  const along = axisOf(axis, rank);
  if (along === rank - 1) return f(x);
  const axes = x.shape.map((_, i) => (i === along ? rank - 1 : i === rank - 1 ? along : i));
  return permute(f(permute(x, { axes })), { axes });
}
