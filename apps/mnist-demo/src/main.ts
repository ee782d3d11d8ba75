import { explained } from './failure.js';

// The framework reads its environment variables when it loads, so what it does not understand is explained too.
process.exitCode = await explained(process.stderr, async () => {
  const { run } = await import('./cli.js');
  return run(process.argv.slice(2), { out: process.stdout, err: process.stderr });
});
