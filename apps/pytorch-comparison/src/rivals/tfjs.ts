import { fileURLToPath } from 'node:url';
import type { NpmFramework } from './npm.js';

/** TensorFlow.js on WebAssembly: its core, its layers, as gradients come with them, and no more of its packages. */
export const tfjs: NpmFramework = {
  framework: 'TensorFlow.js',
  packages: ['core', 'layers', 'backend-wasm'].map((part) => `@tensorflow/tfjs-${part}@4.22.0`),
  script: fileURLToPath(new URL('./peers/tfjs/main.js', import.meta.url)),
  way: 'wasm',
  threads: 1,
};
