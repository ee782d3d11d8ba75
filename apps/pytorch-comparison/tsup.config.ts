import { application } from '../../tools/tsup.ts';

/**
 * The probe loads the framework while it watches the clock, so what both share lies in files of its own. Each of the peers is
 * a process of its own, too.
 */
export default {
  ...application({ entry: 'src/main.ts' }),
  entry: ['src/main.ts', 'src/start/probe.ts', 'src/peers/*/main.ts'],
  splitting: true,
};
