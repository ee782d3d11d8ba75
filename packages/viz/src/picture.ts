import { checkOptions, checkRange, OptionError } from '@nn/tensor';
import { fontFiles, fontName, needsSystemFonts } from './fonts.js';
import type { ThemeName } from './theme.js';

export type PictureFormat = 'svg' | 'png';

/** SVG is text, PNG bytes. */
export type Picture<F> = F extends 'png' ? Uint8Array : string;

export interface PictureOptions<F extends string = PictureFormat> {
  /** Default `svg`. */
  readonly format?: F;
  /** Pixels of a PNG for each unit of the picture. Default 2. */
  readonly scale?: number;
  /** Colours on white or on dark blue. Default `light`. */
  readonly theme?: ThemeName;
}

/** Errors: an option that `owner` does not take, `own` being those besides the picture's; a format that it does not write. */
export function checkPictureOptions(
  owner: string,
  options: PictureOptions<string>,
  own: readonly string[],
  formats: readonly string[] = ['svg', 'png'],
): void {
  checkOptions(owner, options, [...own, 'format', 'scale', 'theme']);
  const { format, scale } = options;
  if (format !== undefined && !formats.includes(format))
    throw new OptionError(`${owner} writes ${formats.join(', ')}, not "${format}".`);
  checkRange(owner, 'scale', scale);
}

/** A picture in the format asked for. PNGs are the same on every machine: text is drawn with the package's own font. */
export async function toPicture<F extends string>(svg: string, options: PictureOptions<F>): Promise<Picture<F>> {
  const { format = 'svg', scale = 2 } = options;
  return (format === 'png' ? await toPng(svg, scale) : svg) as Picture<F>;
}

async function toPng(svg: string, scale: number): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      fontFiles,
      loadSystemFonts: needsSystemFonts(svg),
      defaultFontFamily: fontName,
      sansSerifFamily: fontName,
    },
  });
  return image.render().asPng();
}
