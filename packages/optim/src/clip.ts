import {
  add,
  cast,
  checkRange,
  clamp,
  divide,
  Gradients,
  inScope,
  minimum,
  multiply,
  noGrad,
  sqrt,
  square,
  sum,
  type Tensor,
} from '@nn/tensor';

/** The same gradients, each changed by `change`. */
const changed = (gradients: Gradients, change: (gradient: Tensor) => Tensor): Gradients => {
  const result = new Map<Tensor, Tensor>();
  for (const [tensor, gradient] of gradients) result.set(tensor, change(gradient));
  return new Gradients(result);
};

/**
 * Scales all gradients together so that their common length, `√Σ g²`, is at most `max`; shorter ones stay as they are.
 * Errors: a `max` that is not a finite number, 0 or more. Source: Pascanu et al. 2012, arXiv:1211.5063, algorithm 1.
 */
export function clipByNorm(gradients: Gradients, max: number): Gradients {
  checkRange('clipByNorm', 'max', max);
  return noGrad(() =>
    inScope('clip', () => {
      let total: Tensor | undefined;
      for (const [, gradient] of gradients) {
        const part = cast(sum(square(gradient)), { dtype: 'f32' });
        total = total ? add(total, part) : part;
      }
      if (!total) return gradients;
      const factor = minimum(divide(max, add(sqrt(total), 1e-6)), 1);
      return changed(gradients, (gradient) => multiply(gradient, cast(factor, { dtype: gradient.dtype })));
    }),
  );
}

/**
 * Limits every number of every gradient to −max…max. Errors: a `max` that is not a finite number, 0 or more.
 */
export function clipByValue(gradients: Gradients, max: number): Gradients {
  checkRange('clipByValue', 'max', max);
  return noGrad(() =>
    inScope('clip', () => changed(gradients, (gradient) => clamp(gradient, { low: -max, high: max }))),
  );
}
