import { checkPictureOptions, type Picture, type PictureOptions, toPicture } from './picture.js';
import { type Point, seriesPanel } from './series-panel.js';
import { themeOf } from './theme.js';
import { chart } from './vega.js';

export interface ComparisonOptions<F extends string> extends PictureOptions<F> {
  /** Default `Comparison`. */
  readonly title?: string;
  /** What is counted, from 1. Default `step`. */
  readonly xTitle?: string;
  /** What is measured, with its unit. Default `loss`. */
  readonly yTitle?: string;
  /** True for a logarithmic vertical axis, which leaves out what is not above 0. Default false. */
  readonly logarithmic?: boolean;
}

/**
 * Plots one figure of several runs in one chart, such as the same training here and in PyTorch. Later curves are dashed, so that
 * one is seen under another, and of two the largest difference is told. Values that are not finite leave a gap.
 * Errors: no curves, or none with a number.
 *
 * ```ts
 * await plotComparison({ nn: losses, PyTorch: theirs }, { title: 'LeNet-5, batch 128' });
 * ```
 */
export async function plotComparison<F extends 'svg' | 'png' = 'svg'>(
  curves: Readonly<Record<string, readonly (number | null)[]>>,
  options: ComparisonOptions<F> = {},
): Promise<Picture<F>> {
  checkPictureOptions('plotComparison', options, ['title', 'xTitle', 'yTitle', 'logarithmic']);
  const { title = 'Comparison', xTitle = 'step', yTitle = 'loss', logarithmic = false } = options;
  const shown = (value: number | null) => value !== null && Number.isFinite(value) && (!logarithmic || value > 0);
  const points = Object.entries(curves).flatMap(([series, values]) =>
    values.map((value, i): Point => ({ x: i + 1, series, value: shown(value) ? value : null })),
  );
  if (points.every(({ value }) => value === null))
    throw new RangeError('plotComparison: there is no curve with a number to plot.');
  const names = Object.keys(curves);
  const { series } = themeOf(options.theme);
  const colours = names.map((_, i) => series[i % series.length]);
  const panel = seriesPanel({ points, xTitle, yTitle, names, colours, logarithmic, dashed: true });
  const subtitle = differenceOf(curves, xTitle);
  const svg = await chart(
    { title: { text: title, ...(subtitle && { subtitle }) }, ...panel, width: 560, height: 320 },
    options,
  );
  return toPicture(svg, options);
}

/** Of two curves, where they are furthest apart. */
function differenceOf(
  curves: Readonly<Record<string, readonly (number | null)[]>>,
  xTitle: string,
): string | undefined {
  const [one, other, ...more] = Object.values(curves);
  if (!other || more.length > 0) return undefined;
  let [largest, at] = [-1, 0];
  one.forEach((value, i) => {
    const difference = Math.abs((value ?? Number.NaN) - (other[i] ?? Number.NaN));
    if (difference > largest) [largest, at] = [difference, i + 1];
  });
  return largest < 0 ? undefined : `largest difference ${Number(largest.toPrecision(3))}, at ${xTitle} ${at}`;
}
