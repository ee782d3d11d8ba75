import { checkOptions } from '../options.js';
import type { Shape } from '../shape.js';
import { type DirectedOptions, type Direction, directionsOf, refuse } from './directions.js';

/**
 * The window of the filters w [out, in / groups, ...kernelSize] over x [batch, in, ...], direction by direction, for `op`.
 * Errors: unknown options; those of `directionsOf`; filters of other dimensions or channels; groups that do not divide the channels.
 */
export function filterDirections(
  op: string,
  x: Shape,
  w: Shape,
  names: readonly string[],
  options: Omit<DirectedOptions, 'kernelSize'> & { readonly groups?: number },
): readonly Direction[] {
  const fail = (problem: string) => refuse(op, { x, w }, problem);
  if (w.length !== names.length + 2) fail(`w must be [out, in / groups, ${names.join(', ')}].`);
  checkOptions(op, options, ['stride', 'padding', 'dilation', 'groups']);
  const { groups = 1 } = options;
  const directions = directionsOf(op, x, names, { ...options, kernelSize: w.slice(2) });
  if (!(Number.isInteger(groups) && groups > 0 && x[1] % groups === 0 && w[0] % groups === 0))
    fail(`groups ${groups} must divide the ${x[1]} input and ${w[0]} output channels.`);
  if (w[1] * groups !== x[1])
    fail(`x has ${x[1]} channels, and w expects ${w[1] * groups}; change the layer's inChannels or the input.`);
  return directions;
}
