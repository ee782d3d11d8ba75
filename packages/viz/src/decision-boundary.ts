import type { AnyModule } from '@nn/layers';
import { checkCount, formatShape, ShapeError, Tensor, tensor } from '@nn/tensor';
import { predict } from '@nn/train';
import { mix } from './colours.js';
import { checkPictureOptions, type Picture, type PictureOptions, toPicture } from './picture.js';
import { themeOf } from './theme.js';
import { chart } from './vega.js';

/** Samples of two features and their classes. */
export interface LabelledPoints {
  /** [samples, 2]. */
  readonly x: Tensor;
  /** Classes from 0, [samples] or [samples, 1]. */
  readonly y: Tensor;
}

export interface DecisionBoundaryOptions<F extends string> extends PictureOptions<F> {
  /** Default `Decision boundary`. */
  readonly title?: string;
  /** Names of the classes. Default: `class 0`, `class 1` … */
  readonly labels?: readonly string[];
  /** Names of the two features, with their units. Default `feature 0` and `feature 1`. */
  readonly features?: readonly [string, string];
  /** Of a model with one output: from where on it means class 1. Default 0, as for logits; 0.5 for probabilities. */
  readonly threshold?: number;
  /** In how many places along each side the model is asked. Default 120. */
  readonly resolution?: number;
}

/** How far a region reaches under those drawn later, in places, so that no seam shows. */
const covered = 0.5;

type Span = readonly [low: number, high: number];

/** Neighbouring places of one row for which the model says the same class. */
interface Region {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  readonly label: string;
}

/**
 * Plots what a classifier of two features says everywhere around its samples, as coloured regions, and the samples on them
 * in the colours of their classes. Asked in evaluation mode.
 * Shapes: the model takes [batch, 2] and gives [batch, classes], of which the largest counts, or [batch, 1], see `threshold`.
 * Errors: samples or outputs of another shape; labels that do not fit the classes.
 *
 * ```ts
 * await plotDecisionBoundary(model, { x, y }, { title: 'Moons' });
 * ```
 */
export async function plotDecisionBoundary<F extends 'svg' | 'png' = 'svg'>(
  model: AnyModule,
  points: LabelledPoints,
  options: DecisionBoundaryOptions<F> = {},
): Promise<Picture<F>> {
  const own = ['title', 'labels', 'features', 'threshold', 'resolution'];
  checkPictureOptions('plotDecisionBoundary', options, own);
  const { title = 'Decision boundary', features = ['feature 0', 'feature 1'], resolution = 120 } = options;
  checkCount('plotDecisionBoundary', 'resolution', resolution, 2);
  const { samples, horizontal, vertical } = readPoints(points);
  const { threshold = 0 } = options;
  const { said, classes } = await answersOf(model, placesIn(horizontal, vertical, resolution), threshold);
  const count = Math.max(classes, ...samples.map(({ y }) => y + 1));
  const { labels = Array.from({ length: count }, (_, i) => `class ${i}`) } = options;
  if (labels.length !== count)
    throw new RangeError(`plotDecisionBoundary: ${labels.length} labels for ${count} classes; give one each.`);

  const { series, background, ink } = themeOf(options.theme);
  const colours = labels.map((_, i) => series[i % series.length]);
  const scale = (domain: Span) => ({ domain: [...domain], nice: false, zero: false });
  const axis = { grid: false, format: '.3~g', tickCount: 6 } as const;
  const answers = await answersOf(model, points.x, threshold);
  const right = samples.filter(({ y }, i) => answers.said[i] === y).length;
  const svg = await chart(
    {
      title: { text: title, subtitle: `${right} of ${samples.length} samples right` },
      width: 380,
      height: 380,
      layer: [
        {
          data: { values: regionsOf(said, horizontal, vertical, labels) },
          mark: { type: 'rect', clip: true },
          encoding: {
            x: { field: 'left', type: 'quantitative', title: features[0], scale: scale(horizontal), axis },
            x2: { field: 'right' },
            y: { field: 'bottom', type: 'quantitative', title: features[1], scale: scale(vertical), axis },
            y2: { field: 'top' },
            color: {
              field: 'label',
              type: 'nominal',
              scale: { domain: [...labels], range: colours.map((colour) => mix(background, colour, 0.3)) },
              legend: null,
            },
          },
        },
        {
          data: { values: samples.map(({ x0, x1, y }) => ({ x0, x1, label: labels[y] })) },
          mark: { type: 'point', filled: true, size: 34, opacity: 1, stroke: background, strokeWidth: 0.8 },
          encoding: {
            x: { field: 'x0', type: 'quantitative', title: features[0] },
            y: { field: 'x1', type: 'quantitative', title: features[1] },
            fill: {
              field: 'label',
              type: 'nominal',
              scale: { domain: [...labels], range: colours },
              legend: { title: 'true class', symbolStrokeColor: ink, symbolStrokeWidth: 0 },
            },
          },
        },
      ],
      resolve: { scale: { color: 'independent', fill: 'independent' }, legend: { fill: 'independent' } },
    },
    options,
  );
  return toPicture(svg, options);
}

function readPoints({ x, y }: LabelledPoints) {
  if (x.shape.length !== 2 || x.shape[1] !== 2 || x.shape[0] === 0 || y.size !== x.shape[0])
    throw new ShapeError(
      `plotDecisionBoundary: x must be [samples, 2] and y [samples], not ${formatShape(x.shape)} and ${formatShape(y.shape)}; ` +
        'only two features can be drawn.',
    );
  const samples = Array.from(y.data, (label, i) => ({ x0: x.data[2 * i], x1: x.data[2 * i + 1], y: label }));
  const wrong = samples.find((sample) => !Number.isInteger(sample.y) || sample.y < 0);
  if (wrong) throw new RangeError(`plotDecisionBoundary: y has classes, whole numbers from 0, not ${wrong.y}.`);
  const range = (values: readonly number[]): Span => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = (high - low || 1) * 0.08;
    return [low - margin, high + margin];
  };
  return { samples, horizontal: range(samples.map(({ x0 }) => x0)), vertical: range(samples.map(({ x1 }) => x1)) };
}

/** The middles of resolution × resolution places, row by row from below. */
function placesIn([left, right]: Span, [bottom, top]: Span, resolution: number): Tensor {
  const places = new Float32Array(2 * resolution ** 2);
  for (let i = 0; i < resolution ** 2; i++) {
    places[2 * i] = left + ((right - left) * ((i % resolution) + 0.5)) / resolution;
    places[2 * i + 1] = bottom + ((top - bottom) * (Math.floor(i / resolution) + 0.5)) / resolution;
  }
  return tensor(places, { shape: [resolution ** 2, 2] });
}

/** The class that a model says of each row, and how many classes it knows. */
async function answersOf(model: AnyModule, x: Tensor, threshold: number) {
  const output: unknown = await predict(model, x);
  if (!(output instanceof Tensor) || output.shape.length !== 2)
    throw new ShapeError(
      'plotDecisionBoundary: the model must give one tensor [batch, classes] or [batch, 1]' +
        `${output instanceof Tensor ? `, not ${formatShape(output.shape)}` : ''}.`,
    );
  const { data, shape } = output;
  const [rows, width] = shape;
  const said = Array.from({ length: rows }, (_, row) => {
    if (width === 1) return Number(data[row] > threshold);
    const scores = data.subarray(row * width, (row + 1) * width);
    return scores.indexOf(Math.max(...scores));
  });
  return { said, classes: Math.max(width, 2) };
}

function regionsOf(
  said: readonly number[],
  [left, right]: Span,
  [bottom, top]: Span,
  labels: readonly string[],
): Region[] {
  const resolution = Math.sqrt(said.length);
  const [width, height] = [(right - left) / resolution, (top - bottom) / resolution];
  const regions: Region[] = [];
  for (let row = 0; row < resolution; row++) {
    const at = (column: number) => said[row * resolution + column];
    let start = 0;
    for (let column = 1; column <= resolution; column++) {
      if (column < resolution && at(column) === at(start)) continue;
      regions.push({
        left: left + start * width,
        right: left + Math.min(column + covered, resolution) * width,
        bottom: bottom + row * height,
        top: bottom + Math.min(row + 1 + covered, resolution) * height,
        label: labels[at(start)],
      });
      start = column;
    }
  }
  return regions;
}
