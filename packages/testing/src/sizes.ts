import { type Shape, sizeOf } from '@nn/tensor';
import type { DrawSpec } from './draw.js';
import type { OpCase } from './op-case.js';

/** The inputs of a case at other sizes. */
export interface Variant {
  readonly label: string;
  readonly inputs: readonly DrawSpec[];
  /** True where a size is 0, which some ops refuse. */
  readonly empty: boolean;
  /** True where the sizes are there to reach the code for large ones, which the reference has not. */
  readonly large?: boolean;
}

const odd = [7, 5, 13, 9, 3, 11];
/** By the number of sizes that a case has: large enough for several threads, small enough for the reference. */
const large: readonly (readonly number[])[] = [
  [],
  [100_003],
  [331, 257],
  [53, 47, 37],
  [23, 19, 17, 13],
  [13, 11, 9, 8, 7],
];

/** A case at the sizes at which kernels tend to go wrong: its own, 0, 1, odd and large ones; then on special numbers. */
export function variantsOf(c: OpCase): Variant[] {
  const own: Variant = { label: 'its own sizes', inputs: c.inputs, empty: false };
  return [own, ...(c.shapes ? statedVariants(c, c.shapes) : derivedVariants(c)), ...specialVariants(c)];
}

const withShapes = (inputs: readonly DrawSpec[], shapes: readonly Shape[]): readonly DrawSpec[] =>
  inputs.map((spec, i) => ({ ...spec, shape: shapes[i] }));

const statedVariants = (c: OpCase, stated: readonly (readonly Shape[])[]): Variant[] =>
  stated.map((shapes) => ({
    label: `sizes ${JSON.stringify(shapes)}`,
    inputs: withShapes(c.inputs, shapes),
    empty: shapes.some((shape) => shape.includes(0)),
    large: shapes.some((shape) => sizeOf(shape) > 10_000),
  }));

function derivedVariants(c: OpCase): Variant[] {
  const sizes = [...new Set(c.inputs.flatMap(({ shape }) => shape.filter((size) => size > 1)))];
  const replace = (label: string, replacement: (i: number) => number): Variant => {
    const shapes = c.inputs.map(({ shape }) =>
      shape.map((size) => (size > 1 ? replacement(sizes.indexOf(size)) : size)),
    );
    return { label, inputs: withShapes(c.inputs, shapes), empty: shapes.some((shape) => shape.includes(0)) };
  };
  if (sizes.length === 0) return [];
  const largest = large[Math.min(sizes.length, large.length - 1)];
  return [
    ...sizes.map((size, which) => replace(`${size} replaced by 0`, (i) => (i === which ? 0 : sizes[i]))),
    ...sizes.map((size, which) => replace(`${size} replaced by 1`, (i) => (i === which ? 1 : sizes[i]))),
    replace('every size 1', () => 1),
    replace('odd sizes', (i) => odd[i % odd.length]),
    { ...replace('large sizes', (i) => largest[i % largest.length]), large: true },
  ];
}

const defaultSpecial: readonly number[] = [Number.NaN, 0, -0, 1e-30, -1e-30, 1000, -1000];

/** A value that stands for NaN, infinity and the like cannot be drawn from a range: it is written over a few draws. */
function specialVariants(c: OpCase): Variant[] {
  const numbers = c.special ?? defaultSpecial;
  if (numbers.length === 0 || !c.inputs.some(({ dtype = 'float' }) => dtype === 'float')) return [];
  return numbers.map((number) => ({
    label: `${Object.is(number, -0) ? '-0' : number} among the inputs`,
    inputs: c.inputs.map((spec) => ((spec.dtype ?? 'float') === 'float' ? { ...spec, include: number } : spec)),
    empty: false,
  }));
}
