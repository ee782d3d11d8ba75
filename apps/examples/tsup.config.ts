import { application } from '../../tools/tsup.ts';

/** Split, so that only the example asked for is loaded. */
export default { ...application({ entry: 'src/main.ts' }), splitting: true };
