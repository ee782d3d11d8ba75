import { library } from '../../tools/tsup.ts';

/** Two entries: what users import, and what the threads of `trainMany` run. */
export default { ...library({ platform: 'node' }), entry: ['src/index.ts', 'src/many/worker.ts'] };
