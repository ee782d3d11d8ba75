import { DataLoader, mnist, type Sample, splitDataset, subset, type Tensor, type TensorDataset, tensor } from '@nn/nn';
import { Failure } from './failure.js';
import type { Settings } from './settings.js';

export type Batches = DataLoader<Sample<Tensor, Tensor>, Sample<Tensor, Tensor>>;

/** The training images in batches, in another order each epoch, and those held out, if any. Errors: see `mnist`. */
export async function trainingBatches(
  { batch, limit, validation }: Settings,
  data: string | undefined,
): Promise<{ train: Batches; heldOut: Batches | undefined }> {
  const all = await mnist({ split: 'train', data });
  const used = subset(all, { end: limit ?? all.length });
  if (validation >= used.length)
    throw new Failure(
      `--validation ${validation} leaves nothing of ${used.length} images to train on; hold out fewer.`,
    );
  const [chosen, held] = validation > 0 ? splitDataset(used, [used.length - validation, validation]) : [used];
  return {
    train: new DataLoader(chosen, { batchSize: batch, shuffle: true }),
    heldOut: held && new DataLoader(held, { batchSize: 500 }),
  };
}

export interface TestImages {
  /** As they lie in memory. */
  readonly images: TensorDataset;
  /** The first of them, in batches. */
  readonly batches: Batches;
  /** The digits that the batches show, i32 [images]. */
  readonly labels: Tensor;
}

/** The test images, in batches as far as `limit`. Errors: see `mnist`. */
export async function testImages(data: string | undefined, limit?: number): Promise<TestImages> {
  const images = await mnist({ split: 'test', data });
  const used = subset(images, { end: limit ?? images.length });
  return {
    images,
    batches: new DataLoader(used, { batchSize: 500 }),
    labels: tensor(Int32Array.from(images.y.data.subarray(0, used.length))),
  };
}
