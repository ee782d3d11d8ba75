import {
  CrossEntropy,
  gelu,
  LayerNorm,
  Linear,
  multiply,
  normal,
  Parameter,
  Sequential,
  sum,
  type Tensor,
  tensor,
} from '@nn/nn';
import { checkGradients, toFloat64 } from '@nn/testing';
import type { Example } from './runner/example.js';

/** x², whose derivative is x and ought to be 2x: the second factor is taken for a constant. */
const forgetfulSquare = (x: Tensor) => multiply(x, x.detach());

/** Derivatives against finite differences in float64: those of a network agree, and a mistake is found and named. */
export const example: Example = {
  title: 'Gradient checking',
  wanted: { 'largest relative error': { atMost: 1e-5 }, 'mistakes found': { atLeast: 1 } },

  async run({ print }) {
    const layers = [new Linear({ outFeatures: 8 }), new LayerNorm(), gelu, new Linear({ outFeatures: 3 })];
    const model = toFloat64(new Sequential(layers, { input: [5] }).build());
    const x = new Parameter(normal([4, 5], { dtype: 'f64' }));
    const y = tensor(Int32Array.of(0, 1, 2, 1));
    const loss = new CrossEntropy();

    const sound = checkGradients(() => loss.run(model.run(x), y), {
      ...Object.fromEntries(model.namedParameters()),
      x,
    });
    print(`${sound}\n`);

    const wrong = checkGradients(() => sum(forgetfulSquare(x)), { x });
    print(`${wrong}`);

    return {
      reached: {
        'largest relative error': Math.max(...sound.findings.map(({ worst }) => worst.relativeError)),
        'mistakes found': wrong.findings.filter(({ verdict }) => verdict === 'fail').length,
      },
    };
  },
};
