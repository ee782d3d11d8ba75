import type { AnyModule } from '@nn/layers';
import { add, cast, type Gradients, inScope, noGrad, sqrt, square, sum, type Tensor } from '@nn/tensor';

/** What a parameter of the model itself, in no inner layer, stands under. */
const outermost = 'model';

/**
 * `√Σ g²` over the gradients of each layer's own parameters, by the layer's path: `{ '0': …, 'trunk.2': … }`. Scalars, f32.
 * A parameter that layers share counts for the first of them.
 */
export function gradientNorms(model: AnyModule, gradients: Gradients): Record<string, Tensor> {
  return noGrad(() =>
    inScope('gradientNorms', () => {
      const squares: Record<string, Tensor> = {};
      for (const [key, parameter] of model.namedParameters()) {
        const gradient = gradients.get(parameter);
        if (!gradient) continue;
        const layer = key.includes('.') ? key.slice(0, key.lastIndexOf('.')) : outermost;
        const part = cast(sum(square(gradient)), { dtype: 'f32' });
        squares[layer] = squares[layer] ? add(squares[layer], part) : part;
      }
      return Object.fromEntries(Object.entries(squares).map(([layer, total]) => [layer, sqrt(total)]));
    }),
  );
}
