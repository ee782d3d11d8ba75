/** One number for both, or height and width. */
export type Size = number | readonly [height: number, width: number];

export const pairOf = (size: Size): readonly [height: number, width: number] =>
  typeof size === 'number' ? [size, size] : size;
