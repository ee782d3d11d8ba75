import type { Layer } from '../networks.js';

/** Shape of a sample behind a layer: features, or channels, rows and columns. */
export function shapeAfter(layer: Layer, shape: readonly number[]): readonly number[] {
  const [, ...image] = shape;
  switch (layer.kind) {
    case 'linear':
      return [layer.to];
    case 'convolution':
      return [layer.to, ...image.map((n) => Math.floor((n + 2 * layer.padding - layer.size) / layer.stride) + 1)];
    case 'transposed':
      return [
        layer.to,
        ...image.map((n) => (n - 1) * layer.stride - 2 * layer.padding + layer.size + layer.outputPadding),
      ];
    case 'maxPool':
      return [shape[0], ...image.map((n) => Math.floor(n / layer.size))];
    case 'flatten':
      return [shape.reduce((product, n) => product * n, 1)];
    default:
      return shape;
  }
}
