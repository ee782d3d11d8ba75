import { type Picture, type PictureOptions, toPicture } from './picture.js';
import { chart } from './vega.js';

/** Losses and metrics of one epoch by name. Values that are no numbers, as in JSON after NaN, leave a gap. */
export interface EpochFigures {
  /** From 1. */
  readonly epoch: number;
  readonly train: Readonly<Record<string, unknown>>;
  readonly validation?: Readonly<Record<string, unknown>>;
}

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
  readonly value: number;
}

/**
 * Plots losses and metrics against the epoch, a chart each, training and validation in two colours.
 * Errors: a history without epochs, or without numbers.
 */
export async function plotCurves<F extends 'svg' | 'png' = 'svg'>(
  epochs: readonly EpochFigures[],
  options: CurvesOptions<F> = {},
): Promise<Picture<F>> {
  const points = epochs.flatMap(({ epoch, train, validation = {} }) => [
    ...pointsOf(epoch, 'training', train),
    ...pointsOf(epoch, 'validation', validation),
  ]);
  const { title = 'Training', figures = [...new Set(points.map(({ figure }) => figure))] } = options;
  const known = figures.filter((name) => points.some(({ figure }) => figure === name));
  if (known.length === 0) throw new RangeError('plotCurves: the history has no epoch with a number to plot.');
  const splits = (['training', 'validation'] as const).filter((split) => points.some((point) => point.split === split));
  const svg = await chart({
    title,
    columns: 2,
    spacing: 40,
    concat: known.map((figure) =>
      panel(
        figure,
        points.filter((point) => point.figure === figure),
        splits,
      ),
    ),
  });
  return toPicture(svg, options);
}

const pointsOf = (epoch: number, split: Split, figures: Readonly<Record<string, unknown>>): Point[] =>
  Object.entries(figures).flatMap(([figure, value]) =>
    typeof value === 'number' && Number.isFinite(value) ? [{ epoch, split, figure, value }] : [],
  );

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
