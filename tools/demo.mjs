// `npm run demo -- …`: installs and builds what has changed, then hands the arguments to apps/mnist-demo.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ready } from './ready.mjs';
import { root } from './workspace.mjs';

await ready();

const application = join(root, 'apps', 'mnist-demo', 'dist', 'main.js');
const child = spawn(process.execPath, [application, ...process.argv.slice(2)], { stdio: 'inherit' });

// A Ctrl-C at the terminal reaches the application by itself; one sent to this process alone does not. The application
// takes both for one press, and decides when to end.
process.on('SIGINT', () => child.kill('SIGINT'));
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));

child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 1 : constants.signals[signal])));
