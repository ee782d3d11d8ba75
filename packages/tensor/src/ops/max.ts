import { extremumOp } from './extremum.js';

/**
 * The largest over some axes, or all; NaN if any is. Shapes: x [...] → y, without those axes. Equal ones share the gradient.
 * Errors: reducing nothing.
 */
export const max = extremumOp('max', 'largest', { kernel: 'maximumOf', start: -Infinity, step: Math.max });
