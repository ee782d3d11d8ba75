// `npm run bench:check [-- --record]`: installs and builds what has changed, then runs apps/speed-check, which notices when
// a training step has become slower, relative to a matrix product on the same machine in the same minute.

import { join } from 'node:path';
import { ready } from './ready.mjs';
import { root, run } from './workspace.mjs';

await ready();
const application = join(root, 'apps', 'speed-check', 'dist', 'main.js');
const { status } = await run([process.execPath, application, ...process.argv.slice(2)]);
process.exitCode = status;
