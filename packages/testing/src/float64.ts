import type { AnyModule } from '@nn/layers';
import { cast, noGrad, Parameter, Tensor } from '@nn/tensor';

/**
 * Turns the parameters and saved state of a built model into f64, in place, so that its gradients can be checked sharply.
 * Sharing is kept.
 */
export function toFloat64<M extends Pick<AnyModule, 'modules'>>(model: M): M {
  const made = new Map<Tensor, Tensor>();
  for (const module of model.modules().values()) {
    for (const [name, value] of Object.entries(module)) {
      if (!(value instanceof Tensor) || value.dtype !== 'f32') continue;
      const wide = made.get(value) ?? widened(value);
      made.set(value, wide);
      Reflect.set(module, name, wide);
    }
  }
  return model;
}

function widened(value: Tensor): Tensor {
  const wide = noGrad(() => cast(value, { dtype: 'f64' }));
  if (!(value instanceof Parameter)) return wide;
  const parameter = new Parameter(wide, { decay: value.decay });
  parameter.trainable = value.trainable;
  return parameter;
}
