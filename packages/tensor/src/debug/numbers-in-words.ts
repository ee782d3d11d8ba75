import type { Tensor } from '../tensor.js';

/** How many numbers of a tensor are shown. */
const shown = 6;

/** Four significant digits. */
export const formatNumber = (value: number): string => String(Number(value.toPrecision(4)));

/** `0.25 -1 3`; of more than six numbers the first five, and how many there are. */
export function formatNumbers({ data, size }: Tensor): string {
  if (size <= shown) return Array.from(data, formatNumber).join(' ');
  return `${Array.from(data.subarray(0, shown - 1), formatNumber).join(' ')} … (${size} numbers)`;
}

/** `{ axis: 1, keepDims: true }`; nothing for none. */
export function formatAttributes(attrs: object): string {
  const parts = Object.entries(attrs).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`],
  );
  return parts.length === 0 ? '' : `{ ${parts.join(', ')} }`;
}
