// `npm run demo -- …`: installs and builds what has changed, then hands the arguments to apps/mnist-demo.

import { runApplication } from './application.mjs';

await runApplication('mnist-demo');
