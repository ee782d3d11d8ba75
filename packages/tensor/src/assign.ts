import { defineKernel } from './kernel.js';

/** y = x, converted to y's dtype: towards zero for integers; bytes wrap. */
export const assignKernel = defineKernel({
  name: 'cast',
  buffers: { y: 'write', x: 'read' },
  over: 'element',
  reference: ({ y, x }) => y.set(x),
});
