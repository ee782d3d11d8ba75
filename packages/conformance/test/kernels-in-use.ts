import * as optim from '@nn/optim';
import {
  attach,
  backward,
  conv2dMaxPoolKernel,
  type DType,
  type Kernel,
  maxPoolActivationGradientKernel,
  normal,
  type Tensor,
  uniform,
} from '@nn/tensor';
import { drawInputs, drawLike } from '@nn/testing';
import { opRows } from './op-rows.js';
import { transformImages, transformRows } from './transform-rows.js';

/** A kernel, and the dtypes of buffers that it was given. */
export interface Use {
  readonly kernel: Kernel;
  readonly dtypes: readonly DType[];
}

export const useName = ({ kernel, dtypes }: Use): string => `${kernel.name} ${dtypes.join()}`;

/** What `work` launches, each kernel once for the dtypes of its buffers. */
export function usesOf(work: () => void): Use[] {
  const uses = new Map<string, Use>();
  const detach = attach(({ kernel, storages }, run) => {
    const use = { kernel, dtypes: storages.map(({ dtype }) => dtype) };
    uses.set(useName(use), use);
    run();
  });
  try {
    work();
  } finally {
    detach();
  }
  return [...uses.values()];
}

/** Runs the gradients of what has some. */
export function differentiate(results: readonly Tensor[]): void {
  for (const y of results) if (y.requiresGrad) backward(y, { seed: drawLike(y, 1) });
}

/** What the rows of ops launch, forwards and backwards, those of transforms, and drawing. */
export function useOps(): void {
  uniform([4]);
  normal([4]);
  for (const row of opRows) differentiate(row.compute(...drawInputs(row.inputs, 1, 'f32')));
  transformRows.forEach(transformImages);
}

/** Every kernel that ops and transforms launch, by name, with those that optimizers and fusion launch. */
export function kernelsInUse(): Map<string, Kernel> {
  const others = [conv2dMaxPoolKernel, maxPoolActivationGradientKernel, ...Object.values(optim)];
  const kernels = others.flatMap((value) => ('kernel' in value ? [value.kernel] : []));
  return new Map([...kernels, ...usesOf(useOps).map(({ kernel }) => kernel)].map((kernel) => [kernel.name, kernel]));
}
