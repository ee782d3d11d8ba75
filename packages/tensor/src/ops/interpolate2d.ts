import { tensor } from '../create.js';
import { checkOptions } from '../options.js';
import type { Tensor } from '../tensor.js';
import { add } from './add.js';
import { refuse } from './directions.js';
import { gatherRows } from './gather-rows.js';
import { multiply } from './multiply.js';
import { permute } from './permute.js';
import { reshape } from './reshape.js';
import type { Size2d } from './window.js';

export interface Interpolate2dOptions {
  /** Height and width of y, as one number or two. Give this or `scaleFactor`. */
  readonly size?: Size2d;
  /** How many times as high and wide as x y is, rounded down to whole pixels; no whole number is needed. */
  readonly scaleFactor?: Size2d;
  /** The pixel that is nearest, or a mean of the four around, weighted by how near they are. Default 'nearest'. */
  readonly mode?: 'nearest' | 'bilinear';
  /** True for 'bilinear' to let the middles of the corner pixels of x and y lie on each other, not the corners. Default false. */
  readonly alignCorners?: boolean;
}

/** One direction: n pixels from m, each `ratio` pixels of x after the one before. */
interface Scaling {
  readonly m: number;
  readonly n: number;
  readonly ratio: number;
}

/**
 * Images of another size. Pixel i of y comes from place s of x, in each direction: `s = ⌊i·ratio⌋` in mode 'nearest'; in
 * mode 'bilinear' `s = max(0, (i + ½)·ratio − ½)`, or with `alignCorners` `s = i·(H − 1)/(H' − 1)`, and y is x[⌊s⌋] and
 * x[⌊s⌋ + 1] in the shares 1 − (s − ⌊s⌋) and s − ⌊s⌋. The ratio is H/H', or 1/scaleFactor where that is given.
 * Shapes: x [batch, channels, H, W] → y [batch, channels, H', W']. Errors: unknown options; no batch dimension; both of size
 * and scaleFactor, or neither; a y without pixels; `alignCorners` in mode 'nearest'.
 * Parity: torch.nn.functional.interpolate.
 */
export function interpolate2d(x: Tensor, options: Interpolate2dOptions): Tensor {
  const [vertical, horizontal] = scalings(x, options);
  const [batch, channels, height, width] = x.shape;
  const { mode = 'nearest', alignCorners = false } = options;
  const resize = mode === 'nearest' ? nearest : bilinear(alignCorners);
  const rows = permute(reshape(x, [batch * channels, height, width]), { axes: [1, 2, 0] });
  const columns = permute(resize(rows, vertical), { axes: [1, 0, 2] });
  const y = permute(resize(columns, horizontal), { axes: [2, 1, 0] });
  return reshape(y, [batch, channels, vertical.n, horizontal.n]);
}

/** Rows [m, ...] → [n, ...]. */
function nearest(rows: Tensor, { m, n, ratio }: Scaling): Tensor {
  const index = Int32Array.from({ length: n }, (_, i) => Math.min(Math.floor(i * ratio), m - 1));
  return gatherRows(rows, tensor(index));
}

/** Rows [m, ...] → [n, ...]. */
const bilinear =
  (alignCorners: boolean) =>
  (rows: Tensor, { m, n, ratio }: Scaling): Tensor => {
    const places = Float64Array.from({ length: n }, (_, i) => {
      if (alignCorners) return n > 1 ? (i * (m - 1)) / (n - 1) : 0;
      return Math.min(Math.max((i + 0.5) * ratio - 0.5, 0), m - 1);
    });
    const before = Int32Array.from(places, Math.floor);
    const after = before.map((row) => Math.min(row + 1, m - 1));
    const shares = places.map((place, i) => place - before[i]);
    const share = (values: Float64Array) => tensor(values, { shape: [n, 1, 1], dtype: rows.dtype });
    return add(
      multiply(gatherRows(rows, tensor(before)), share(shares.map((value) => 1 - value))),
      multiply(gatherRows(rows, tensor(after)), share(shares)),
    );
  };

function scalings(x: Tensor, options: Interpolate2dOptions): readonly [vertical: Scaling, horizontal: Scaling] {
  const op = 'interpolate2d';
  checkOptions(op, options, ['size', 'scaleFactor', 'mode', 'alignCorners']);
  const { size, scaleFactor, mode = 'nearest', alignCorners } = options;
  const fail = (problem: string): never => refuse(op, { x: x.shape }, problem);
  if (x.shape.length !== 4) fail('x must be [batch, channels, height, width]; reshape it.');
  if ((size === undefined) === (scaleFactor === undefined)) fail('give either size or scaleFactor.');
  if (mode !== 'nearest' && mode !== 'bilinear') fail(`mode is 'nearest' or 'bilinear', not ${JSON.stringify(mode)}.`);
  if (alignCorners && mode === 'nearest') fail("alignCorners needs mode 'bilinear'.");
  const scaling = (m: number, axis: 0 | 1): Scaling => {
    const given = size ?? scaleFactor;
    const value = typeof given === 'number' ? given : (given?.[axis] ?? Number.NaN);
    const n = size === undefined ? Math.floor(m * value) : value;
    if (!(Number.isInteger(n) && n > 0 && m > 0)) fail(`y would be ${n} pixels for ${m}; give sizes of at least 1.`);
    return { m, n, ratio: size === undefined ? 1 / value : m / n };
  };
  return [scaling(x.shape[2], 0), scaling(x.shape[3], 1)];
}
