import type { Attributes, Kernel } from '@nn/tensor';

/** Writes attributes from `start` on, numbers as themselves, lists as their count and items; returns where they end. */
export function encodeAttributes(
  { attrNames }: Kernel,
  attrs: Attributes,
  into: { [index: number]: number; readonly length?: number },
  start = 0,
): number {
  let end = start;
  for (let i = 0; i < attrNames.length; i++) {
    const value = attrs[attrNames[i]];
    if (typeof value === 'number') {
      into[end++] = value;
    } else {
      into[end++] = value.length;
      for (let j = 0; j < value.length; j++) into[end++] = value[j];
    }
  }
  return end;
}
