import * as optim from '@nn/optim';
import {
  attach,
  backward,
  conv2dMaxPoolKernel,
  type Kernel,
  maxPoolActivationGradientKernel,
  normal,
  uniform,
} from '@nn/tensor';
import { drawInputs, drawLike } from '@nn/testing';
import { opRows } from './op-rows.js';

/** Every kernel that the rows launch, forwards and backwards, by name, with those that optimizers and fusion launch. */
export function kernelsInUse(): Map<string, Kernel> {
  const kernels = new Map<string, Kernel>();
  for (const { kernel } of [conv2dMaxPoolKernel, maxPoolActivationGradientKernel]) kernels.set(kernel.name, kernel);
  for (const value of Object.values(optim)) if ('kernel' in value) kernels.set(value.kernel.name, value.kernel);
  const detach = attach(({ kernel }, run) => {
    kernels.set(kernel.name, kernel);
    run();
  });
  try {
    uniform([4]);
    normal([4]);
    for (const row of opRows) {
      const inputs = drawInputs(row.inputs, 1, 'f32');
      for (const y of row.compute(...inputs)) if (y.requiresGrad) backward(y, { seed: drawLike(y, 1), of: inputs });
    }
  } finally {
    detach();
  }
  return kernels;
}
