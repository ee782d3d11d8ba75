// What `npm run demo` and `npm run example` share: an application of the workspace with this process's arguments.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ready } from './ready.mjs';
import { root } from './workspace.mjs';

/**
 * Installs and builds what has changed, hands the arguments to an application, and ends as it ends.
 * @param {string} name its directory in apps
 */
export async function runApplication(name) {
  await ready();
  const application = join(root, 'apps', name, 'dist', 'main.js');
  const child = spawn(process.execPath, [application, ...process.argv.slice(2)], { stdio: 'inherit' });

  // A Ctrl-C at the terminal reaches the application by itself; one sent to this process alone does not. The application
  // takes both for one press, and decides when to end.
  process.on('SIGINT', () => child.kill('SIGINT'));
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));

  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 1 : constants.signals[signal])));
}
