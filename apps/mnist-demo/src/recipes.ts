import { AdamW, CosineSchedule, type Optimizer, SGD } from '@nn/nn';
import type { ModelName } from './models.js';

/** How a network is best trained. */
interface Recipe {
  readonly epochs: number;
  readonly batch: number;
  readonly optimizer: () => Optimizer;
}

/**
 * LeNet's learning rate and weight decay were chosen by the score on 5 000 training images held out (`--validation 5000`
 * shows it), never on the test images; the others are settings that usually do well, not swept.
 */
export const recipes: Readonly<Record<ModelName, Recipe>> = {
  lenet: {
    epochs: 15,
    batch: 128,
    optimizer: () => new SGD({ learningRate: 0.2, momentum: 0.9, weightDecay: 5e-4 }),
  },
  mlp: {
    epochs: 10,
    batch: 128,
    optimizer: () => new AdamW({ learningRate: 2e-3, weightDecay: 0.05 }),
  },
  cnn: {
    epochs: 6,
    batch: 64,
    optimizer: () => new AdamW({ learningRate: 1e-3, weightDecay: 0.05 }),
  },
};

/** The learning rate rises over the first twentieth of the steps, then falls to nothing along a cosine. */
export const scheduleOver = (steps: number) => new CosineSchedule({ steps, warmup: Math.ceil(steps / 20) });
