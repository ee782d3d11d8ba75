// `npm run example -- NAME …`: installs and builds what has changed, then hands the arguments to apps/examples.

import { runApplication } from './application.mjs';

await runApplication('examples');
