import type { Figures, History } from '@nn/train';
import { type Picture, type PictureOptions, toPicture } from './picture.js';
import { chart } from './vega.js';

export interface CurvesOptions<F extends string> extends PictureOptions<F> {
  /** Default `Training`. */
  readonly title?: string;
  /** Which figures, in order. Default: all that are numbers. */
  readonly figures?: readonly string[];
}

type Split = 'training' | 'validation';

const colours: Readonly<Record<Split, string>> = { training: '#2563eb', validation: '#ea580c' };

interface Point {
  readonly epoch: number;
  readonly split: Split;
  readonly figure: string;
  /** null leaves a gap. */
  readonly value: number | null;
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
  const points = epochs.flatMap(({ epoch, train, validation }) => [
    ...pointsOf(epoch, 'training', train),
    ...(validation ? pointsOf(epoch, 'validation', validation) : []),
  ]);
  const known = [...new Set(points.flatMap(({ figure, value }) => (value === null ? [] : [figure])))];
  const { title = 'Training', figures = known } = options;
  if (known.length === 0) throw new RangeError('plotCurves: the history has no epoch with a number to plot.');
  const unknown = figures.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`plotCurves: the history has no ${unknown.join(', ')}; it has ${known.join(', ')}.`);
  const splits = (['training', 'validation'] as const).filter((split) => points.some((point) => point.split === split));
  const svg = await chart({
    title,
    columns: 2,
    spacing: 40,
    concat: figures.map((figure) =>
      panel(
        figure,
        points.filter((point) => point.figure === figure),
        splits,
      ),
    ),
  });
  return toPicture(svg, options);
}

/** The loss, each loss where there are several, and each metric that is a number; JSON has null for NaN. */
function pointsOf(epoch: number, split: Split, { loss, losses, metrics }: Figures): Point[] {
  const figures = { loss, ...(Object.keys(losses).length > 1 ? losses : {}), ...metrics };
  return Object.entries(figures).flatMap(([figure, value]) => {
    if (value !== null && typeof value !== 'number') return [];
    return [{ epoch, split, figure, value: Number.isFinite(value) ? value : null }];
  });
}

function panel(figure: string, points: readonly Point[], splits: Split[]) {
  const epochs = new Set(points.map(({ epoch }) => epoch)).size;
  return {
    data: { values: [...points] },
    width: 380,
    height: 240,
    mark: { type: 'line', strokeWidth: 2, point: epochs <= 40 ? { size: 30 } : false },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        title: 'epoch',
        scale: { zero: false, nice: false, padding: 8 },
        axis: { tickMinStep: 1, format: 'd', tickCount: 8, grid: false },
      },
      y: { field: 'value', type: 'quantitative', title: figure, scale: { zero: false }, axis: { format: '.4~g' } },
      color: {
        field: 'split',
        type: 'nominal',
        scale: { domain: splits, range: splits.map((split) => colours[split]) },
        legend: { title: null, orient: 'bottom', symbolType: 'stroke', symbolSize: 300, symbolStrokeWidth: 3 },
      },
    },
  } as const;
}
