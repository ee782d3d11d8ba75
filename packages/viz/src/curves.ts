import type { Figures, History } from '@nn/train';
import { checkPictureOptions, type Picture, type PictureOptions, toPicture } from './picture.js';
import { type Point, seriesPanel } from './series-panel.js';
import { themeOf } from './theme.js';
import { chart } from './vega.js';

export interface CurvesOptions<F extends string> extends PictureOptions<F> {
  /** Default `Training`. */
  readonly title?: string;
  /** Which figures, in order. Default: all that are numbers. */
  readonly figures?: readonly string[];
}

type Split = 'training' | 'validation';

interface FigurePoint extends Point {
  readonly series: Split;
  readonly figure: string;
}

/**
 * Plots losses and metrics against the epoch, a chart each, training and validation in two colours. `history` is what
 * `fit` returns, or the same read from JSON; values that are not finite leave a gap.
 * Errors: a history without epochs, or without numbers; figures that it lacks.
 */
export async function plotCurves<F extends 'svg' | 'png' = 'svg'>(
  { epochs }: Pick<History, 'epochs'>,
  options: CurvesOptions<F> = {},
): Promise<Picture<F>> {
  checkPictureOptions('plotCurves', options, ['title', 'figures']);
  const points = epochs.flatMap(({ epoch, train, validation }) => [
    ...pointsOf(epoch, 'training', train),
    ...(validation ? pointsOf(epoch, 'validation', validation) : []),
  ]);
  const known = [...new Set(points.flatMap(({ figure, value }) => (value === null ? [] : [figure])))];
  const { title = 'Training', figures = known } = options;
  if (known.length === 0)
    throw new RangeError('plotCurves: the history has no epoch with a number to plot; train for one or more.');
  const unknown = figures.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`plotCurves: the history has no ${unknown.join(', ')}; it has ${known.join(', ')}.`);
  const splits = (['training', 'validation'] as const).filter((split) => points.some(({ series }) => series === split));
  const [training, validation] = themeOf(options.theme).series;
  const colours = splits.map((split) => ({ training, validation })[split]);
  const panels = figures.map((figure) => ({
    ...seriesPanel({
      points: points.filter((point) => point.figure === figure),
      xTitle: 'epoch',
      yTitle: figure,
      names: splits,
      colours,
    }),
    width: 380,
    height: 240,
  }));
  const svg = await chart({ title, columns: 2, spacing: 40, concat: panels }, options);
  return toPicture(svg, options);
}

/** The loss, each loss where there are several, and each metric that is a number; JSON has null for NaN. */
function pointsOf(x: number, series: Split, { loss, losses, metrics }: Figures): FigurePoint[] {
  const figures = { loss, ...(Object.keys(losses).length > 1 ? losses : {}), ...metrics };
  return Object.entries(figures).flatMap(([figure, value]) => {
    if (value !== null && typeof value !== 'number') return [];
    return [{ x, series, figure, value: Number.isFinite(value) ? value : null }];
  });
}
