#pragma once

#include "parameter_update.h"

namespace nn::NN_ISA {

/**
 * Step t of m += (1 − β₁)·(g − m) and v = β₂·v + (1 − β₂)·g².
 * Source: Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.
 */
struct AdamMoments {
  const float fresh1, kept2, fresh2, correction, epsilon;

  AdamMoments(double beta1, double beta2, float epsilon, double t)
      : fresh1(static_cast<float>(1 - beta1)),
        kept2(static_cast<float>(beta2)),
        fresh2(static_cast<float>(1 - beta2)),
        correction(static_cast<float>(1 / __builtin_sqrt(1 - __builtin_pow(beta2, t)))),
        epsilon(epsilon) {}

  /** Moves m and v; √v·c + ε with c = 1/√(1 − β₂ᵗ). */
  NN_INLINE Floats move(Floats g, Floats& m, Floats& v) const {
    m = multiplyAdd(broadcast(fresh1), g - m, m);
    v = multiplyAdd(broadcast(kept2), v, broadcast(fresh2) * g * g);
    return multiplyAdd(squareRoot(v), broadcast(correction), broadcast(epsilon));
  }
};

}  // namespace nn::NN_ISA
