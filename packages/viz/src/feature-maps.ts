import { type AnyModule, enterEvaluation, observeRuns } from '@nn/layers';
import { checkCount, formatShape, noGrad, ShapeError, Tensor } from '@nn/tensor';
import { checkPictureOptions, type Picture, type PictureOptions, toPicture } from './picture.js';
import { sheet } from './sheet.js';
import { largestOf, signedScale, signedTile } from './signed-tile.js';
import { themeOf } from './theme.js';

export interface FeatureMapsOptions<F extends string> extends PictureOptions<F> {
  /** The layer whose output is shown, by its path, such as `trunk.2`. */
  readonly layer: string;
  /** Which sample of the batch is shown. Default 0, the first. */
  readonly sample?: number;
  /** How many channels are shown at most. Default 32. */
  readonly channels?: number;
  /** Default: what is shown. */
  readonly title?: string;
}

/**
 * Draws what a layer makes of a sample, an image a channel, in evaluation mode; all share one scale of colours.
 * Shapes: x [batch, ...] as the model takes it; the layer's output [batch, channels, H, W].
 * Errors: a layer that the model has not, or does not run; an output that is no images; a sample outside the batch.
 */
export async function plotFeatureMaps<F extends 'svg' | 'png' = 'svg'>(
  model: AnyModule,
  x: Tensor,
  options: FeatureMapsOptions<F>,
): Promise<Picture<F>> {
  checkPictureOptions('plotFeatureMaps', options, ['layer', 'sample', 'channels', 'title']);
  const { layer, sample = 0, channels = 32, title = `Feature maps of layer "${options.layer}"` } = options;
  checkCount('plotFeatureMaps', 'sample', sample, 0);
  checkCount('plotFeatureMaps', 'channels', channels);
  const { shape, data } = outputOf(model, x, layer);
  if (shape.length !== 4)
    throw new ShapeError(
      `plotFeatureMaps: layer "${layer}" gives ${formatShape(shape)}, which is no [batch, channels, H, W]; name a ` +
        'convolution or a layer on images.',
    );
  const [batch, all, height, width] = shape;
  if (sample >= batch) throw new RangeError(`plotFeatureMaps: there is no sample ${sample} in a batch of ${batch}.`);
  const area = height * width;
  const maps = data.subarray(sample * all * area, (sample + 1) * all * area);
  const shown = Math.min(all, channels);
  const theme = themeOf(options.theme);
  const largest = largestOf(maps);
  const tiles = Array.from({ length: shown }, (_, c) => ({
    ...signedTile(maps.subarray(c * area, (c + 1) * area), [height, width], largest, theme),
    lines: [`channel ${c}`],
  }));
  const svg = await sheet(tiles, {
    title,
    subtitle: `${formatShape(shape.slice(1))}${shown < all ? `, the first ${shown} of ${all} channels` : ''}`,
    columns: Math.ceil(Math.sqrt(shown)),
    tileWidth: 84,
    theme,
    colours: signedScale('activation', largest, theme),
  });
  return toPicture(svg, options);
}

/** What the layer at a path gave when the model ran on x, the last time that it ran. */
function outputOf(model: AnyModule, x: Tensor, layer: string): Tensor {
  const modules = model.modules();
  const wanted = modules.get(layer);
  if (!wanted) {
    const paths = [...modules.keys()].filter((path) => path !== '');
    throw new RangeError(`plotFeatureMaps: the model has no layer "${layer}"; it has ${paths.join(', ')}.`);
  }
  let found: unknown;
  const leave = enterEvaluation(model);
  try {
    observeRuns(
      (module, _, run) => {
        const y = run();
        if (module === wanted) found = y;
        return y;
      },
      () => noGrad(() => model.run(x)),
    );
  } finally {
    leave();
  }
  if (!(found instanceof Tensor))
    throw new RangeError(`plotFeatureMaps: layer "${layer}" did not run, or gives several tensors.`);
  return found;
}
