import type { Pass } from './pass.js';

/** Lets the backend lay temporaries as its kernels would have them, where these alone touch them: samples in lanes. */
export const lanes: Pass = {
  name: 'lanes',
  apply: (program) => ({ ...program, arrangement: { ...program.arrangement, lanes: true } }),
};

/** Lets the backend take a block of samples through many launches before the next block, so that it stays in cache. */
export const blocks: Pass = {
  name: 'blocks',
  apply: (program) => ({ ...program, arrangement: { ...program.arrangement, blocks: true } }),
};
