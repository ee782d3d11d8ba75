// `npm run compare -- …`: installs and builds what has changed, then hands the arguments to apps/pytorch-comparison.

import { join } from 'node:path';
import { ready } from './ready.mjs';
import { root, run } from './workspace.mjs';

await ready();
const application = join(root, 'apps', 'pytorch-comparison', 'dist', 'main.js');
const { status } = await run([process.execPath, application, ...process.argv.slice(2)]);
process.exitCode = status;
