import { checkCount, formatShape, type Tensor } from '@nn/tensor';
import { checkPictureOptions, type Picture, type PictureOptions, toPicture } from './picture.js';
import { sheet, type Tile } from './sheet.js';
import { themeOf } from './theme.js';

/** A small image and what stands below it. */
export interface CaptionedImage {
  /** Grey [height, width] or [1, height, width], colour [3, height, width]; u8 from 0 to 255, floats from 0 to 1. */
  readonly image: Tensor;
  /** Lines below the image. */
  readonly caption: readonly string[] | string;
}

export interface ImageGridOptions<F extends string> extends PictureOptions<F> {
  readonly title?: string;
  /** Images in a row. Default: about as many as there are rows. */
  readonly columns?: number;
  /** Width of an image in the picture. Default 84. */
  readonly imageWidth?: number;
}

/**
 * Draws small images in rows, each with its caption: samples of a data set, or the worst mistakes of a classifier.
 * Errors: an image of another shape than those; a picture of nothing.
 */
export async function imageGrid<F extends 'svg' | 'png' = 'svg'>(
  images: readonly CaptionedImage[],
  options: ImageGridOptions<F> = {},
): Promise<Picture<F>> {
  checkPictureOptions('imageGrid', options, ['title', 'columns', 'imageWidth']);
  const { title, imageWidth = 84, columns = Math.ceil(Math.sqrt(images.length)), theme } = options;
  if (!(images.length > 0 && columns > 0))
    throw new RangeError('imageGrid: there are no images, or no columns for them.');
  checkCount('imageGrid', 'columns', columns);
  const tiles = images.map(({ image, caption }): Tile => ({ ...pixelsOf(image), lines: [caption].flat() }));
  return toPicture(await sheet(tiles, { title, columns, tileWidth: imageWidth, theme: themeOf(theme) }), options);
}

function pixelsOf(image: Tensor): Pick<Tile, 'height' | 'width' | 'pixels'> {
  const [channels, height, width] = image.shape.length === 2 ? [1, ...image.shape] : image.shape;
  if (image.shape.length > 3 || (channels !== 1 && channels !== 3) || !(height > 0 && width > 0))
    throw new RangeError(
      `imageGrid: an image is [height, width], [1, height, width] or [3, height, width], not ${formatShape(image.shape)}.`,
    );
  const bytes = bytesOf(image);
  const area = height * width;
  const pixels = new Uint8Array(3 * area);
  for (let i = 0; i < area; i++)
    for (let c = 0; c < 3; c++) pixels[3 * i + c] = bytes[channels === 3 ? c * area + i : i];
  return { height, width, pixels };
}

const bytesOf = ({ dtype, data }: Tensor): Uint8Array =>
  dtype === 'u8' ? (data as Uint8Array) : Uint8Array.from(data, (v) => Math.round(255 * Math.min(Math.max(v, 0), 1)));
