import type { Backend, Data, Launch } from '@nn/tensor';
import type { Addon } from './addon.js';
import { encodeAttributes } from './attributes.js';
import { compileProgram } from './program.js';
import { variantsOf } from './variants.js';

/** The backend over a loaded library. */
export function createBackend(addon: Addon): Backend {
  const find = variantsOf(addon.kernels());
  return {
    name: 'native',
    launch({ kernel, storages, attrs }: Launch) {
      const variant = find(kernel, (i) => storages[i].dtype);
      if (variant === undefined) {
        const buffers = new Array<Data>(storages.length);
        for (let i = 0; i < buffers.length; i++) buffers[i] = storages[i].data;
        kernel.reference(buffers, attrs);
        return;
      }
      encodeAttributes(kernel, attrs, addon.attributes);
      const { index } = variant;
      switch (storages.length) {
        case 1:
          addon.launch(index, storages[0].data);
          break;
        case 2:
          addon.launch(index, storages[0].data, storages[1].data);
          break;
        case 3:
          addon.launch(index, storages[0].data, storages[1].data, storages[2].data);
          break;
        default:
          addon.launch(index, ...storages.map(({ data }) => data));
      }
    },
    compile: (program) => compileProgram(addon, find, program),
  };
}
