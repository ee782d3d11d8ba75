import { Linear, Sequential } from '@nn/layers';
import { CrossEntropy } from '@nn/losses';
import { Accuracy } from '@nn/metrics';
import { Adam } from '@nn/optim';
import { manualSeed, tanh, tensor } from '@nn/tensor';
import { evaluate, fit } from '@nn/train';

/** The same by a Trainer, whose steps let the page draw and answer: the accuracy after training. */
export async function fitXor(): Promise<number> {
  manualSeed(2);
  const x = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  const batches = [{ x, y: tensor([0, 1, 1, 0], { dtype: 'i32' }) }];
  const model = new Sequential([new Linear({ outFeatures: 8 }), tanh, new Linear({ outFeatures: 2 })]);
  const [losses, metrics] = [new CrossEntropy(), [new Accuracy()]];
  await fit(model, { optimizer: new Adam({ learningRate: 0.05 }), losses, train: batches, epochs: 200 });
  const found = await evaluate(model, { data: batches, losses, metrics });
  return Number(found.metrics.accuracy);
}
