/** TensorFlow.js on its WebAssembly backend, from the folder on the command line. In Node that backend has one thread. */

import { installed } from '../installed.js';
import { serve } from '../serve.js';
import type { TensorFlow } from './library.js';
import { workOf } from './work.js';

await serve(async () => {
  const { load, versionOf } = installed();
  const tf = load('@tensorflow/tfjs-core') as TensorFlow;
  load('@tensorflow/tfjs-layers');
  load('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend('wasm'))) throw new Error('its WebAssembly backend does not start');
  return { version: versionOf('@tensorflow/tfjs-core'), open: async (assignment) => workOf(tf, assignment) };
});
