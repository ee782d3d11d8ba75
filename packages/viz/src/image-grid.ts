import { formatShape, type Tensor } from '@nn/tensor';
import { fontFamily } from './fonts.js';
import { greyPng } from './grey-png.js';
import { escapeText } from './markup.js';
import { type Picture, type PictureOptions, toPicture } from './picture.js';

/** A grey image and what stands below it. */
export interface CaptionedImage {
  /** [height, width] or [1, height, width]; u8 from 0 to 255, floats from 0 to 1. */
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

const lineHeight = 14;
const gap = 14;

/**
 * Draws small grey images in rows, each with its caption, such as the worst mistakes of a classifier.
 * Errors: an image of another shape than [height, width]; a picture of nothing.
 */
export async function imageGrid<F extends 'svg' | 'png' = 'svg'>(
  images: readonly CaptionedImage[],
  options: ImageGridOptions<F> = {},
): Promise<Picture<F>> {
  const { title, imageWidth = 84, columns = Math.ceil(Math.sqrt(images.length)) } = options;
  if (!(images.length > 0 && columns > 0))
    throw new RangeError('imageGrid: there are no images, or no columns for them.');
  const pictures = images.map(({ image, caption }) => {
    const [height, width] = sizeOf(image);
    const source = greyPng(bytesOf(image), width, height).toString('base64');
    return { source, lines: [caption].flat(), height: (imageWidth * height) / width };
  });

  const imageHeight = Math.max(...pictures.map(({ height }) => height));
  const lines = Math.max(...pictures.map((picture) => picture.lines.length));
  const [cellWidth, cellHeight] = [imageWidth + 2 * gap, imageHeight + lines * lineHeight + gap];
  const top = title === undefined ? gap : 44;
  const width = Math.max(columns * cellWidth, title === undefined ? 0 : 2 * gap + 10 * title.length);
  const height = top + Math.ceil(pictures.length / columns) * cellHeight + gap;

  const cells = pictures.map((picture, i) => {
    const [x, y] = [(i % columns) * cellWidth + gap, top + Math.floor(i / columns) * cellHeight];
    const [middle, base] = [x + imageWidth / 2, y + imageHeight + lineHeight];
    const texts = picture.lines.map(
      (line, row) => `<text x="${middle}" y="${base + row * lineHeight}">${escapeText(line)}</text>`,
    );
    return (
      `<image x="${x}" y="${y}" width="${imageWidth}" height="${picture.height}" ` +
      `image-rendering="optimizeSpeed" href="data:image/png;base64,${picture.source}"/>${texts.join('')}`
    );
  });
  const heading = title && `<text x="${gap}" y="28" font-size="16" font-weight="bold">${escapeText(title)}</text>`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${fontFamily}"><rect width="100%" height="100%" fill="white"/>${heading ?? ''}` +
    `<g font-size="11" text-anchor="middle">${cells.join('\n')}</g></svg>\n`;
  return toPicture(svg, options);
}

function sizeOf({ shape }: Tensor): readonly number[] {
  const size = shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape;
  if (size.length === 2 && size[0] > 0 && size[1] > 0) return size;
  throw new RangeError(`imageGrid: an image is [height, width] or [1, height, width], not ${formatShape(shape)}.`);
}

const bytesOf = ({ dtype, data }: Tensor): Uint8Array =>
  dtype === 'u8' ? (data as Uint8Array) : Uint8Array.from(data, (v) => Math.round(255 * Math.min(Math.max(v, 0), 1)));
