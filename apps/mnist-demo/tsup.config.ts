import { application } from '../../tools/tsup.ts';

/** Split, so that what `main.ts` imports later is loaded later. */
export default { ...application({ entry: 'src/main.ts' }), splitting: true };
