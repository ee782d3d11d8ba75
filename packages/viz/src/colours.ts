/** `#rrggbb`. */
export type Colour = `#${string}`;

/** Red, green and blue of `#rrggbb`, 0 to 255. */
export const channelsOf = (colour: Colour): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** The colour between two others, at `share` of the way. */
export function mix(from: Colour, to: Colour, share: number): Colour {
  const ends = channelsOf(to);
  const channels = channelsOf(from).map((start, i) => Math.round(start + share * (ends[i] - start)));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
