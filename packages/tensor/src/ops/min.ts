import { extremumOp } from './extremum.js';

/**
 * The smallest over some axes, or all; NaN if any is. Shapes: x [...] → y, without those axes. Equal ones share the gradient.
 * Errors: reducing nothing.
 */
export const min = extremumOp('min', 'smallest', { kernel: 'minimumOf', start: Infinity, step: Math.min });
