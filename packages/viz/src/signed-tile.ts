import { channelsOf } from './colours.js';
import type { ColourScale, Tile } from './sheet.js';
import { signedColour, type Theme } from './theme.js';

/** Signed numbers [height · width] as colours: zero is that of the page, ± `largest` the strongest. */
export function signedTile(
  numbers: ArrayLike<number>,
  [height, width]: readonly [height: number, width: number],
  largest: number,
  theme: Theme,
): Omit<Tile, 'lines'> {
  const pixels = new Uint8Array(3 * height * width);
  for (let i = 0; i < height * width; i++) {
    const share = largest === 0 ? 0 : Math.min(1, Math.max(-1, numbers[i] / largest));
    pixels.set(channelsOf(signedColour(theme, Number.isNaN(share) ? 0 : share)), 3 * i);
  }
  return { height, width, pixels };
}

/** What the colours of signed tiles mean. */
export const signedScale = (title: string, largest: number, theme: Theme): ColourScale => ({
  title,
  stops: [-1, 0, 1].map((share) => ({ colour: signedColour(theme, share), value: share * largest })),
});

/** The largest absolute value of finite numbers. */
export function largestOf(numbers: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < numbers.length; i++)
    if (Number.isFinite(numbers[i])) largest = Math.max(largest, Math.abs(numbers[i]));
  return largest;
}
