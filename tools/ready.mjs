import { build, install } from './workspace.mjs';

/**
 * Installs and builds what has changed. Silent when there is nothing to say; on a failure it prints what the failing
 * tool said and ends the process with its status.
 */
export async function ready() {
  for (const [name, step] of /** @type {const} */ ([
    ['Installing packages', install],
    ['Building', build],
  ])) {
    const notice = setTimeout(() => console.error(`${name} …`), 1500);
    const { status, output } = await step();
    clearTimeout(notice);
    if (status !== 0) {
      console.error(`${output}\n${name} failed.`);
      process.exit(status);
    }
    if (step === build) process.stderr.write(output);
  }
}
