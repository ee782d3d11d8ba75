export type { DownloadOptions, DownloadProgress } from './download.js';
export { fashionMnist, fashionMnistClasses } from './fashion-mnist.js';
export type { ImageOptions } from './load-images.js';
export { mnist } from './mnist.js';
export { readIdx } from './read-idx.js';
