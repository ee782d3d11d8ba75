/** jax-js on its WebAssembly backend, from the folder on the command line. In Node that backend has one thread. */

import { installed } from '../installed.js';
import { serve } from '../serve.js';
import type { Jax } from './library.js';
import { workOf } from './work.js';

await serve(async () => {
  const { load, versionOf } = installed();
  const jax = load('@jax-js/jax') as Jax;
  if (!(await jax.init('wasm')).includes('wasm')) throw new Error('its WebAssembly backend does not start');
  jax.defaultDevice('wasm');
  return { version: versionOf('@jax-js/jax'), open: async (assignment) => workOf(jax, assignment) };
});
