import { defineKernel, defineOp, multiply, type Tensor } from '@nn/tensor';

const halfSquareKernel = defineKernel({
  name: 'faulty/halfSquare',
  buffers: { y: 'write', x: 'read' },
  over: 'element',
  reference({ y, x }) {
    for (let i = 0; i < y.length; i++) y[i] = (x[i] * x[i]) / 2;
  },
});

/** y = x²/2 with a derivative twice too large. */
export const halfSquare = defineOp({
  name: 'faulty/halfSquare',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => halfSquareKernel({ y, x }),
  backward: { x: ({ x, dy }) => multiply(multiply(dy, x), 2) },
});

/** y = x²/2 with a right derivative, and a meaning to choose. */
export const halfSquareMeaning = (meaning: (x: Tensor) => Tensor) =>
  defineOp({
    name: 'faulty/fused',
    inputs: ['x'],
    infer: ({ x }) => x,
    forward: ({ x, y }) => halfSquareKernel({ y, x }),
    backward: { x: ({ x, dy }) => multiply(dy, x) },
    meaning,
  });

const slopeKernel = defineKernel({
  name: 'faulty/slope',
  buffers: { dx: 'write', x: 'read', dy: 'read' },
  over: 'element',
  reference({ dx, x, dy }) {
    for (let i = 0; i < dx.length; i++) dx[i] = x[i] * dy[i];
  },
});

const slope = defineOp({
  name: 'faulty/slope',
  inputs: ['x', 'dOut'],
  infer: ({ x }) => x,
  forward: ({ x, dOut, y }) => slopeKernel({ dx: y, x, dy: dOut }),
});

/** Right once, but its derivative ends the tape, and there is no meaning to go on with. */
export const onceOnly = defineOp({
  name: 'faulty/onceOnly',
  inputs: ['x'],
  infer: ({ x }) => x,
  forward: ({ x, y }) => halfSquareKernel({ y, x }),
  backward: { x: ({ x, dy }) => slope(x, dy) },
});
