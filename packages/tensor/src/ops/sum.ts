import { expand } from './expand.js';
import { reductionOp } from './reduce.js';
import { reshape } from './reshape.js';

/** The sum over some axes, or all. Shapes: x [...] → y, without those axes; i32 where x is u8. */
export const sum = reductionOp({
  name: 'sum',
  kernel: 'sum',
  start: 0,
  step: (sum, x) => sum + x,
  dtype: (x) => (x === 'u8' ? 'i32' : x),
  backward: ({ dy, shapes }, _, kept) => expand(reshape(dy, kept), { shape: shapes.x }),
});
