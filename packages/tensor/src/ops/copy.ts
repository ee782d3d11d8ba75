import { defineKernel } from '../kernel.js';
import { sizeOf } from '../shape.js';
import { walk } from './elementwise.js';

/** `y[i] = x[offset + Σ index·stride]`: reads x in another order, with repeats (stride 0), gaps or backwards. */
export const copyKernel = defineKernel({
  name: 'copy',
  buffers: { y: 'write', x: { access: 'read', as: 'shared' } },
  over: 'whole',
  attrs: { shape: 'numbers', strides: 'numbers', offset: 'number' },
  touches: ({ shape }) => ({ x: sizeOf(shape) }),
  reference({ y, x }, { shape, strides, offset }) {
    walk(shape, [strides], (start, [position], length, [stride]) => {
      for (let i = 0; i < length; i++) y[start + i] = x[offset + position + i * stride];
    });
  },
});

/** `y[offset + Σ index·stride] = x[i]`: the reverse of `copy`, leaving the rest of y as it is. */
export const placeKernel = defineKernel({
  name: 'place',
  buffers: { y: { access: 'update', as: 'shared' }, x: 'read' },
  over: 'whole',
  attrs: { shape: 'numbers', strides: 'numbers', offset: 'number' },
  touches: ({ shape }) => ({ y: sizeOf(shape) }),
  reference({ y, x }, { shape, strides, offset }) {
    walk(shape, [strides], (start, [position], length, [stride]) => {
      for (let i = 0; i < length; i++) y[offset + position + i * stride] = x[start + i];
    });
  },
});
