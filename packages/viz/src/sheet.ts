import { fontFamily } from './fonts.js';
import { escapeText } from './markup.js';
import { pngOf } from './png.js';
import type { Theme } from './theme.js';

/** A small image and what stands below it. */
export interface Tile {
  readonly height: number;
  readonly width: number;
  /** [height · width · 3], red, green and blue. */
  readonly pixels: Uint8Array;
  readonly lines: readonly string[];
}

/** What a colour of the tiles means. */
export interface ColourScale {
  readonly title: string;
  /** From left to right, evenly spaced, with the number that each stands for. */
  readonly stops: readonly { readonly colour: string; readonly value: number }[];
}

export interface SheetOptions {
  readonly title?: string;
  readonly subtitle?: string;
  readonly columns: number;
  /** Width of a tile in the picture. */
  readonly tileWidth: number;
  readonly theme: Theme;
  readonly colours?: ColourScale;
}

const [captionSize, subtitleSize, titleSize] = [11, 12, 16];
const lineHeight = 14;
const gap = 14;
const barWidth = 180;

/** About as wide as the text is in DejaVu Sans, or wider. */
const textWidth = (text: string, size: number): number => 0.6 * size * text.length;

/** Tiles in rows, each with its caption, below a title and above a scale of colours; as SVG. */
export async function sheet(tiles: readonly Tile[], options: SheetOptions): Promise<string> {
  const { title, subtitle, columns, tileWidth, theme, colours } = options;
  const captions = tiles.flatMap(({ lines }) => lines.map((line) => textWidth(line, captionSize)));
  const cellWidth = Math.max(tileWidth, ...captions) + gap;
  const tileHeight = Math.max(...tiles.map(({ height, width }) => (tileWidth * height) / width));
  const lines = Math.max(...tiles.map((tile) => tile.lines.length));
  const cellHeight = tileHeight + lines * lineHeight + gap;
  const top = gap + (title === undefined ? 0 : 30) + (subtitle === undefined ? 0 : 20);
  const bottom = top + Math.ceil(tiles.length / columns) * cellHeight;
  const width = Math.ceil(
    Math.max(
      2 * gap + Math.min(columns, tiles.length) * cellWidth - gap,
      2 * gap + textWidth(title ?? '', titleSize) * 1.1,
      2 * gap + textWidth(subtitle ?? '', subtitleSize),
      colours ? barWidth + 6 * gap : 0,
    ),
  );
  const height = Math.ceil(bottom + (colours ? 56 : 0));

  const cells = tiles.map(async (tile, i) => {
    const x = gap + (i % columns) * cellWidth + (cellWidth - gap - tileWidth) / 2;
    const y = top + Math.floor(i / columns) * cellHeight;
    const [middle, base] = [x + tileWidth / 2, y + tileHeight + lineHeight];
    const place = `x="${x}" y="${y}" width="${tileWidth}" height="${(tileWidth * tile.height) / tile.width}"`;
    const source = (await pngOf(tile.pixels, tile.width, tile.height)).toString('base64');
    const texts = tile.lines.map(
      (line, row) => `<text x="${middle}" y="${base + row * lineHeight}">${escapeText(line)}</text>`,
    );
    return (
      `<image ${place} image-rendering="optimizeSpeed" href="data:image/png;base64,${source}"/>` +
      `<rect ${place} fill="none" stroke="${theme.faint}"/>${texts.join('')}`
    );
  });
  const heading = title && `<text x="${gap}" y="30" font-size="16" font-weight="bold">${escapeText(title)}</text>`;
  const below =
    subtitle && `<text x="${gap}" y="${top - gap}" font-size="12" fill="${theme.muted}">${escapeText(subtitle)}</text>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${fontFamily}" fill="${theme.ink}"><rect width="100%" height="100%" fill="${theme.background}"/>` +
    `${heading ?? ''}${below ?? ''}` +
    `<g font-size="${captionSize}" text-anchor="middle">${(await Promise.all(cells)).join('\n')}</g>` +
    `${colours ? bar(colours, bottom, theme) : ''}</svg>\n`
  );
}

/** A bar of colours with their numbers below and its title above. */
function bar({ title, stops }: ColourScale, y: number, theme: Theme): string {
  const left = 3 * gap;
  const offsets = stops.map((_, i) => i / (stops.length - 1));
  const colours = stops.map(({ colour }, i) => `<stop offset="${offsets[i]}" stop-color="${colour}"/>`);
  const numbers = stops.map(
    ({ value }, i) =>
      `<text x="${left + offsets[i] * barWidth}" y="${y + 42}" text-anchor="middle">${Number(value.toPrecision(3))}</text>`,
  );
  return (
    `<g font-size="${captionSize}"><linearGradient id="scale">${colours.join('')}</linearGradient>` +
    `<text x="${left + barWidth / 2}" y="${y + 10}" text-anchor="middle">${escapeText(title)}</text>` +
    `<rect x="${left}" y="${y + 16}" width="${barWidth}" height="12" fill="url(#scale)" stroke="${theme.muted}"/>` +
    `${numbers.join('')}</g>`
  );
}
