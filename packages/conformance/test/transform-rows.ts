import {
  ColorJitter,
  Cutout,
  Normalize,
  RandomAffine,
  RandomCrop,
  RandomHorizontalFlip,
  Resize,
  type Transform,
} from '@nn/data';
import { uniform } from '@nn/tensor';

/** One row or more for every transform of @nn/data. */
export const transformRows: readonly Transform[] = [
  new ColorJitter({ brightness: 0.3, contrast: 0.3, saturation: 0.3 }),
  new Cutout({ size: 3 }),
  new Normalize({ mean: [0.4, 0.5, 0.6], deviation: 0.3 }),
  new RandomAffine({ degrees: 20, translate: 0.1 }),
  new RandomCrop({ padding: 2 }),
  new RandomHorizontalFlip(),
  new Resize({ size: [4, 9] }),
];

/** Applies the transform to images. */
export function transformImages(transform: Transform): void {
  const images = uniform([4, 3, 7, 6]);
  transform.apply(images, (count) =>
    Array.from({ length: 4 }, (_, n) => Float64Array.from({ length: count }, (_, i) => ((n + 1) * (i + 2) * 0.37) % 1)),
  );
}
