import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Accuracy,
  Adam,
  CrossEntropy,
  circles,
  DataLoader,
  exp,
  Linear,
  loadModel,
  Module,
  multiply,
  negate,
  normal,
  ones,
  Parameter,
  plotCurves,
  predict,
  reshape,
  Sequential,
  type Shape,
  save,
  square,
  subtract,
  sum,
  type Tensor,
  Trainer,
} from '@nn/nn';
import type { Example } from './runner/example.js';

interface RadialBasisOptions {
  /** How many bells there are. */
  readonly centers: number;
}

/**
 * Bells around learned centres: `y[j] = exp(−s[j] · |x − c[j]|²)`. Shapes: x [batch, features] → y [batch, centers].
 * Source: Broomhead & Lowe 1988, "Multivariable functional interpolation and adaptive networks".
 */
class RadialBasis extends Module<RadialBasisOptions> {
  static override readonly kind = 'RadialBasis';
  centers!: Parameter;
  sharpness!: Parameter;

  protected override setup([, features]: Shape): void {
    this.centers = new Parameter(normal([this.options.centers, features]));
    this.sharpness = new Parameter(ones([this.options.centers]), { decay: false });
  }

  protected forward(x: Tensor): Tensor {
    const [batch, features] = x.shape;
    const distances = sum(square(subtract(reshape(x, [batch, 1, features]), this.centers)), { axis: 2 });
    return exp(negate(multiply(distances, this.sharpness)));
  }
}

/** A layer of your own is a class with a `kind` and a `forward`: gradients, capture and files follow by themselves. */
export const example: Example = {
  title: 'A custom layer: radial basis functions',
  wanted: { accuracy: { atLeast: 0.97 }, 'difference after save and load': { atMost: 0 } },

  async run({ progress }) {
    const train = circles({ samples: 500, noise: 0.1, seed: 1 });
    const test = circles({ samples: 1000, noise: 0.1, seed: 2 });

    const model = new Sequential([new RadialBasis({ centers: 12 }), new Linear({ outFeatures: 2 })], { input: [2] });
    const trainer = new Trainer(model, {
      optimizer: new Adam({ learningRate: 0.02 }),
      losses: new CrossEntropy(),
      metrics: [new Accuracy()],
    });
    const history = await trainer.fit({
      train: new DataLoader(train, { batchSize: 50, shuffle: true }),
      epochs: 40,
      callbacks: [progress],
    });
    const { metrics } = await trainer.evaluate(new DataLoader(test, { batchSize: 'all' }));

    const file = join(tmpdir(), `radial-basis-${process.pid}.h5`);
    await save(file, model);
    const reread = await loadModel(file, { Sequential, Linear, RadialBasis });
    const [before, after] = [await predict(model, test.x), (await predict(reread, test.x)) as Tensor];
    return {
      reached: {
        accuracy: metrics.accuracy,
        'difference after save and load': Math.max(...before.data.map((value, i) => Math.abs(value - after.data[i]))),
      },
      pictures: { 'curves.svg': () => plotCurves(history) },
    };
  },
};
