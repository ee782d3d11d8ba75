import type { TopLevelSpec } from 'vega-lite';
import { grouped } from './numbers.js';
import { checkPictureOptions, type Picture, type PictureOptions, toPicture } from './picture.js';
import { themeOf } from './theme.js';
import { chart } from './vega.js';

export interface PlotConfusionMatrixOptions<F extends string> extends PictureOptions<F> {
  /** Names of the classes. Default: their indices. */
  readonly labels?: readonly string[];
  /** Default `Confusion matrix`. */
  readonly title?: string;
}

/**
 * Plots how often class i was taken for class j: a row for each true class, a column for each predicted one, counts in
 * the cells, their shade the share of the row. `counts` [classes][classes] is the result of the metric ConfusionMatrix.
 * Errors: counts that are not square, labels that do not fit them.
 */
export async function plotConfusionMatrix<F extends 'svg' | 'png' = 'svg'>(
  counts: readonly (readonly number[])[],
  options: PlotConfusionMatrixOptions<F> = {},
): Promise<Picture<F>> {
  checkPictureOptions('plotConfusionMatrix', options, ['labels', 'title']);
  const theme = themeOf(options.theme);
  const { title = 'Confusion matrix', labels = counts.map((_, i) => String(i)) } = options;
  check(counts, labels);
  const rowSums = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const cells = counts.flatMap((row, i) =>
    row.map((count, j) => ({ actual: i, predicted: j, count, share: count / Math.max(rowSums[i], 1) })),
  );
  const side = Math.max(200, Math.min(44 * counts.length, 900));
  const axis = { labelExpr: `${JSON.stringify(labels)}[datum.value]`, domain: false, ticks: false } as const;
  const spec: TopLevelSpec = {
    title: { text: title, subtitle: accuracyOf(counts, rowSums) },
    data: { values: cells },
    width: side,
    height: side,
    encoding: {
      x: {
        field: 'predicted',
        type: 'ordinal',
        title: 'predicted class',
        axis: { ...axis, labelAngle: angleOf(labels) },
      },
      y: { field: 'actual', type: 'ordinal', title: 'true class', axis },
    },
    layer: [
      {
        mark: { type: 'rect', stroke: theme.background },
        encoding: {
          color: {
            field: 'share',
            type: 'quantitative',
            scale: { domain: [0, 1], range: [...theme.amounts] },
            legend: { title: 'share of true class', titleLimit: 0, format: '.0%', gradientLength: Math.min(side, 240) },
          },
        },
      },
      {
        mark: { type: 'text', fontSize: Math.max(6, Math.min(11, (side / counts.length) * 0.3)) },
        encoding: {
          text: { field: 'count', type: 'quantitative' },
          color: {
            condition: [
              { test: 'datum.count === 0', value: theme.muted },
              { test: 'datum.share > 0.5', value: 'white' },
            ],
            value: theme.ink,
          },
        },
      },
    ],
  };
  return toPicture(await chart(spec, options), options);
}

function check(counts: readonly (readonly number[])[], labels: readonly string[]): void {
  const classes = counts.length;
  if (classes === 0 || counts.some((row) => row.length !== classes))
    throw new RangeError(
      `plotConfusionMatrix: ${classes} rows need ${classes} columns each, and at least one of both.`,
    );
  if (labels.length !== classes)
    throw new RangeError(`plotConfusionMatrix: ${labels.length} labels for ${classes} classes; give one each.`);
}

function accuracyOf(counts: readonly (readonly number[])[], rowSums: readonly number[]): string {
  const total = rowSums.reduce((sum, count) => sum + count, 0);
  const right = counts.reduce((sum, row, i) => sum + row[i], 0);
  const share = total === 0 ? '' : ` (${((100 * right) / total).toFixed(2)} %)`;
  return `${grouped(right)} of ${grouped(total)} right${share}`;
}

/** Long names stand upright under the columns. */
const angleOf = (labels: readonly string[]): number => (labels.some(({ length }) => length > 4) ? -90 : 0);
