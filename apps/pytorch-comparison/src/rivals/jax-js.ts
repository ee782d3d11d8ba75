import { fileURLToPath } from 'node:url';
import type { NpmFramework } from './npm.js';

/** jax-js on WebAssembly. */
export const jaxJs: NpmFramework = {
  framework: 'jax-js',
  packages: ['@jax-js/jax@0.1.25'],
  script: fileURLToPath(new URL('./peers/jax-js/main.js', import.meta.url)),
  way: 'wasm',
  threads: 1,
};
