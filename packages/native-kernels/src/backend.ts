import type { Backend, Data, Launch, Storage } from '@nn/tensor';
import type { Addon } from './addon.js';
import { encodeAttributes } from './attributes.js';
import { limitsOf } from './limits.js';
import { allocatorOf } from './memory.js';
import { compileProgram } from './program.js';
import { variantsOf } from './variants.js';

const dataOf = ({ data }: Storage): Data => data;

/** Calls C++ without collecting the arrays first, which would cost as much as a small kernel. */
function call(addon: Addon, kernel: number, s: readonly Storage[]): void {
  if (s.length === 2) addon.launch(kernel, s[0].data, s[1].data);
  else if (s.length === 3) addon.launch(kernel, s[0].data, s[1].data, s[2].data);
  else if (s.length === 4) addon.launch(kernel, s[0].data, s[1].data, s[2].data, s[3].data);
  else if (s.length === 5) addon.launch(kernel, s[0].data, s[1].data, s[2].data, s[3].data, s[4].data);
  else addon.launch(kernel, ...s.map(dataOf));
}

/** The backend over a loaded library. */
export function createBackend(addon: Addon): Backend {
  const kernels = addon.kernels();
  const find = variantsOf(kernels);
  const names = new Set(kernels.map(({ name }) => name));
  return {
    name: 'native',
    allocate: allocatorOf(addon),
    launch({ kernel, storages, attrs }: Launch) {
      const variant = find(kernel, (i) => storages[i].dtype);
      if (variant === undefined) {
        kernel.reference(storages.map(dataOf), attrs);
        return;
      }
      encodeAttributes(kernel, attrs, addon.attributes);
      call(addon, variant.index, storages);
    },
    hasOwn: (kernel) => names.has(kernel),
    compile: (program) => compileProgram(addon, find, program),
    limits: limitsOf(addon),
  };
}
