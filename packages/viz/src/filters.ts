import { checkCount, formatShape, ShapeError, type Tensor } from '@nn/tensor';
import { checkPictureOptions, type Picture, type PictureOptions, toPicture } from './picture.js';
import { sheet, type Tile } from './sheet.js';
import { largestOf, signedScale, signedTile } from './signed-tile.js';
import { themeOf } from './theme.js';

export interface FiltersOptions<F extends string> extends PictureOptions<F> {
  /** Default `Filters`. */
  readonly title?: string;
  /** How many filters are shown at most. Default 32. */
  readonly filters?: number;
  /** How many input channels of each are shown at most. Default 16. */
  readonly channels?: number;
}

/**
 * Draws the weights of a convolution, such as `layer.weight` of a Conv2d: an image for each filter and input channel, a row
 * a filter where there are several channels. All share one scale of colours, with zero as the page.
 * Shapes: weight [out, in, kH, kW], or [out, in, k] as of a Conv1d. Errors: another shape.
 */
export async function plotFilters<F extends 'svg' | 'png' = 'svg'>(
  weight: Tensor,
  options: FiltersOptions<F> = {},
): Promise<Picture<F>> {
  checkPictureOptions('plotFilters', options, ['title', 'filters', 'channels']);
  const { title = 'Filters', filters = 32, channels = 16 } = options;
  for (const [name, count] of Object.entries({ filters, channels })) checkCount('plotFilters', name, count);
  const { shape, data } = weight;
  if (shape.length < 3 || shape.length > 4)
    throw new ShapeError(`plotFilters: weight must be [out, in, kH, kW] or [out, in, k], not ${formatShape(shape)}.`);
  const [out, input] = shape;
  const [height, width] = shape.length === 4 ? [shape[2], shape[3]] : [1, shape[2]];
  const [rows, across] = [Math.min(out, filters), Math.min(input, channels)];
  const theme = themeOf(options.theme);
  const largest = largestOf(data);
  const tiles: Tile[] = [];
  for (let o = 0; o < rows; o++) {
    for (let i = 0; i < across; i++) {
      const start = (o * input + i) * height * width;
      const tile = signedTile(data.subarray(start, start + height * width), [height, width], largest, theme);
      tiles.push({ ...tile, lines: input === 1 ? [`filter ${o}`] : [`filter ${o}`, `channel ${i}`] });
    }
  }
  const left = [
    ...(rows < out ? [`the first ${rows} of ${out} filters`] : []),
    ...(across < input ? [`the first ${across} of ${input} input channels`] : []),
  ];
  const svg = await sheet(tiles, {
    title,
    subtitle: `${formatShape(shape)}${left.map((text) => `, ${text}`).join('')}`,
    columns: across > 1 ? across : Math.ceil(Math.sqrt(rows)),
    tileWidth: 64,
    theme,
    colours: signedScale('weight', largest, theme),
  });
  return toPicture(svg, options);
}
