import { application } from '../../tools/tsup.ts';

/** Split, so that only the example asked for is loaded; what threads load has entries of its own. */
export default {
  ...application({ entry: 'src/main.ts' }),
  entry: ['src/main.ts', 'src/networks/candidate.ts'],
  splitting: true,
};
