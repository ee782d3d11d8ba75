import {
  type Attributes,
  type Data,
  dispatch,
  type Kernel,
  referenceBackend,
  type Shape,
  Storage,
  withBackend,
} from '@nn/tensor';
import { auditLaunches, type BackendUnderTest, backendName } from './audit.js';
import type { Check } from './check.js';
import { differenceInBits } from './compare.js';
import { type DrawSpec, drawData, Generator } from './draw.js';
import { isShape } from './row.js';

/** A row of `kernelSuite`: one launch. */
export interface KernelCase {
  readonly name: string;
  readonly kernel: Kernel;
  /** What each buffer holds before the launch, in declared order; of written ones only size and dtype matter. */
  readonly buffers: readonly DrawSpec[];
  readonly attrs: Attributes;
  /** The largest relative error of a backend. Default 1e-5. */
  readonly tolerance?: number;
}

/**
 * A row for `kernelSuite`, for kernels that no op launches, such as an optimizer's update: a shape or a DrawSpec for each buffer.
 *
 * `kernelCase(fillKernel, { y: [100] }, { value: 3 })`
 */
export function kernelCase(
  { kernel }: { readonly kernel: Kernel },
  buffers: Readonly<Record<string, Shape | DrawSpec>>,
  attrs: Attributes = {},
  { tolerance }: { readonly tolerance?: number } = {},
): KernelCase {
  const specs = kernel.bufferNames.map((name): DrawSpec => {
    const given = buffers[name];
    if (!given) throw new TypeError(`kernelCase: ${kernel.name} needs a shape for its buffer ${name}.`);
    return isShape(given) ? { shape: given } : given;
  });
  const name = `${kernel.name} ${JSON.stringify(specs.map(({ shape }) => shape))} ${JSON.stringify(attrs)}`;
  return { name, kernel, buffers: specs, attrs, tolerance };
}

const draw = ({ buffers }: KernelCase): Data[] => {
  const generator = new Generator(3);
  return buffers.map((spec) => drawData(spec, generator, 'f32'));
};

/** What must hold for a kernel: on every backend it equals its reference; where it goes over elements, parts give the same as the whole. */
export function kernelSuite(c: KernelCase, backends: readonly BackendUnderTest[]): Check[] {
  return [
    ...(c.kernel.over === 'element' && !c.kernel.attrKinds.includes('numbers')
      ? [{ name: 'gives the same in parts', run: () => checkParts(c) }]
      : []),
    ...backends.map((backend) => ({
      name: `on ${backendName(backend)} equals its reference`,
      run: () => {
        const { kernel, attrs } = c;
        const launch = () => dispatch({ kernel, attrs, path: '', storages: draw(c).map((data) => new Storage(data)) });
        auditLaunches(launch, backend, c.tolerance);
      },
    })),
  ];
}

function checkParts(c: KernelCase): void {
  const { kernel, attrs } = c;
  const tiled = (i: number) => kernel.divisions[i] === 'tiled';
  const [whole, parts] = [draw(c), draw(c)];
  const length = whole.find((_, i) => tiled(i))?.length ?? 0;
  if (whole.some((data, i) => tiled(i) && data.length !== length))
    throw new Error(
      `tiled buffers of ${kernel.name} differ in size; declare those that every part sees whole as 'shared'`,
    );
  const run = (buffers: readonly Data[]) =>
    withBackend(referenceBackend, () =>
      dispatch({ kernel, attrs, path: '', storages: buffers.map((data) => new Storage(data)) }),
    );
  run(whole);
  const middle = Math.floor(length / 3);
  for (const [from, to] of [
    [0, middle],
    [middle, length],
  ])
    run(parts.map((data, i) => (tiled(i) ? data.subarray(from, to) : data)));
  kernel.bufferNames.forEach((name, i) => {
    const found = differenceInBits(parts[i], whole[i]);
    if (found) throw new Error(`${name} of ${kernel.name} in two parts: ${found}; is it really over: 'element'?`);
  });
}
