import { PNG } from 'pngjs';

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** What an SVG says: its texts in order. */
export const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/gs)].map(([, text]) =>
    text
      .replace(/<[^>]+>/g, '')
      .replace(/&(#\d+|\w+);/g, (whole, name: string) =>
        name.startsWith('#') ? String.fromCharCode(Number(name.slice(1))) : (entities[name] ?? whole),
      ),
  );

/** Width and height of a PNG in pixels. */
export function sizeOfPng(png: Uint8Array): readonly [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  if (view.getUint32(0) !== 0x89504e47) throw new Error('This is not a PNG.');
  return [view.getUint32(16), view.getUint32(20)];
}

const numberIn = (text: string): number => Number(text.replace('−', '-').replaceAll(',', ''));

/** Where a chart's linear axis has a value, in pixels of its panel, told from its first and last labels. */
export function axisOf(svg: string, axis: 'X' | 'Y', panel = 0): (value: number) => number {
  const part = svg.split(`aria-label="${axis}-axis`)[panel + 1].split('role-axis-domain')[0];
  const labels = [...part.matchAll(/<text[^>]*translate\(([-\d.]+),([-\d.]+)\)[^>]*>([^<]*)</g)].map(
    ([, x, y, text]) => ({
      at: axis === 'X' ? Number(x) : Number(y) - 3,
      value: numberIn(text),
    }),
  );
  const [first, last] = [labels[0], labels[labels.length - 1]];
  return (value) => first.at + ((value - first.value) * (last.at - first.at)) / (last.value - first.value);
}

export interface Mark {
  /** What it stands for, by the names on the axes. */
  readonly label: string;
  readonly fill: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A chart's marks of a kind (`point`, `bar`, `rect mark`) with their places in the panel; a point is its middle. */
export function marksOf(svg: string, kind: string): Mark[] {
  const found = svg.matchAll(new RegExp(`<path aria-label="([^"]*)"[^>]*aria-roledescription="${kind}"([^>]*)>`, 'g'));
  return [...found].map(([, label, rest]) => {
    const fill = rest.match(/ fill="([^"]*)"/)?.[1] ?? '';
    const middle = rest.match(/translate\(([-\d.]+),([-\d.]+)\)/);
    const box = rest.match(/ d="M([-\d.]+),([-\d.]+)h([-\d.]+)v([-\d.]+)h/);
    const [left, top, width, height] = (middle ? [...middle.slice(1, 3), '0', '0'] : (box ?? []).slice(1)).map(Number);
    return { label, fill, left, top, right: left + width, bottom: top + height };
  });
}

/** The small images in an SVG: pixels [height · width], each as `#rrggbb`. */
export function imagesOf(
  svg: string,
): { readonly width: number; readonly height: number; readonly pixels: string[] }[] {
  return [...svg.matchAll(/base64,([^"]+)"/g)].map(([, text]) => {
    const { width, height, data } = PNG.sync.read(Buffer.from(text, 'base64'));
    const pixels = Array.from(
      { length: width * height },
      (_, i) => `#${data.subarray(4 * i, 4 * i + 3).toString('hex')}`,
    );
    return { width, height, pixels };
  });
}
