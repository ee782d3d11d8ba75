import type { AnyModule } from '@nn/layers';
import { checkCount, formatShape, type Tensor } from '@nn/tensor';
import { checkPictureOptions, type Picture, type PictureOptions, toPicture } from './picture.js';
import { themeOf } from './theme.js';
import { chart } from './vega.js';

export interface WeightsOptions<F extends string> extends PictureOptions<F> {
  /** Default `Weights`. */
  readonly title?: string;
  /** Into how many intervals the weights of a parameter are counted. Default 30. */
  readonly bins?: number;
}

/** How many numbers lie in an interval. */
interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * Plots how the weights of each parameter are spread: a histogram each, with mean and standard deviation. Weights that are
 * not finite are told, not counted. Errors: a model without parameters; one that is not built.
 */
export async function plotWeights<F extends 'svg' | 'png' = 'svg'>(
  model: AnyModule,
  options: WeightsOptions<F> = {},
): Promise<Picture<F>> {
  checkPictureOptions('plotWeights', options, ['title', 'bins']);
  const { title = 'Weights', bins = 30 } = options;
  checkCount('plotWeights', 'bins', bins);
  const parameters = [...model.namedParameters()];
  if (parameters.length === 0)
    throw new RangeError('plotWeights: the model has no parameters; give one with layers that learn.');
  const { series, background } = themeOf(options.theme);
  const panels = parameters.map(([name, parameter]) => {
    const finite = Array.from(parameter.data).filter((value) => Number.isFinite(value));
    return {
      title: { text: `${name} ${formatShape(parameter.shape)}`, subtitle: spreadOf(finite, parameter), fontSize: 13 },
      data: { values: histogram(finite, bins) },
      width: 240,
      height: 140,
      mark: { type: 'bar', color: series[0], stroke: background, strokeWidth: 0.5, binSpacing: 0 },
      encoding: {
        x: {
          field: 'from',
          type: 'quantitative',
          title: 'weight',
          bin: { binned: true },
          axis: { format: '.3~g', tickCount: 5, grid: false },
        },
        x2: { field: 'to' },
        y: { field: 'count', type: 'quantitative', title: 'number of weights', axis: { tickCount: 5, tickMinStep: 1 } },
      },
    } as const;
  });
  return toPicture(await chart({ title, columns: 3, spacing: 30, concat: panels }, options), options);
}

function spreadOf(finite: readonly number[], { size }: Tensor): string {
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const deviation = Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length);
  const spread =
    finite.length > 0 ? [`mean ${mean.toPrecision(3)}, standard deviation ${deviation.toPrecision(3)}`] : [];
  return [...spread, ...(finite.length < size ? [`${size - finite.length} not finite`] : [])].join(', ');
}

/** Counts in intervals of equal width from the least to the largest number; equal numbers lie in one around them. */
function histogram(numbers: readonly number[], bins: number): Bin[] {
  if (numbers.length === 0) return [];
  let [low, high] = [Infinity, -Infinity];
  for (const value of numbers) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low === high) {
    const half = Math.abs(low) / 2 || 0.5;
    return [{ from: low - half, to: low + half, count: numbers.length }];
  }
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of numbers) counts[Math.min(bins - 1, Math.floor((value - low) / width))]++;
  return counts.map((count, i) => ({ from: low + i * width, to: low + (i + 1) * width, count }));
}
