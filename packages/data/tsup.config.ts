import { library } from '../../tools/tsup.ts';

/** Two entries: `index` runs anywhere, `node/index` reads files. What they share is built once. */
export default { ...library({ platform: 'node' }), entry: ['src/index.ts', 'src/node/index.ts'], splitting: true };
