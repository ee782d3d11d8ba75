import type { Example } from './example.js';

/** Every example by the name of its file, from the simplest on; one is loaded when it is asked for. */
export const examples: Readonly<Record<string, () => Promise<{ readonly example: Example }>>> = {
  'linear-regression': () => import('../linear-regression.js'),
  moons: () => import('../moons.js'),
  circles: () => import('../circles.js'),
  squares: () => import('../squares.js'),
  'regression-45': () => import('../regression-45.js'),
  'recover-kernels': () => import('../recover-kernels.js'),
  'custom-layer': () => import('../custom-layer.js'),
  'gradient-check': () => import('../gradient-check.js'),
  'many-networks': () => import('../many-networks.js'),
  'mnist-mlp': () => import('../mnist-mlp.js'),
  'lenet5-10k': () => import('../lenet5-10k.js'),
  'fashion-mnist-cnn': () => import('../fashion-mnist-cnn.js'),
  autoencoder: () => import('../autoencoder.js'),
  'two-inputs': () => import('../two-inputs.js'),
  'two-outputs': () => import('../two-outputs.js'),
};
