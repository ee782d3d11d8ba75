/** Activations and their derivatives as vector functions. */
#pragma once

#include "elementary.h"

namespace nn::NN_ISA {

/** max(x, 0); NaN of NaN, +0 of −0. */
NN_INLINE Floats rectified(Floats x) { return maximum(Floats{}, x) + 0.0f; }

/** √(2/π) and the cubic coefficient of gelu's tanh form. */
constexpr float kGeluSlope = 0.7978845608028654f;
constexpr float kGeluCubic = 0.044715f;

/** x within ±30, beyond which gelu and its derivative no longer change; NaN of NaN. */
NN_INLINE Floats geluBounded(Floats x) { return minimum(broadcast(30.0f), maximum(broadcast(-30.0f), x)); }

/** (1 + tanh u)/2 = σ(2u) with u = √(2/π)·(x + 0.044715·x³), for |x| ≤ 30. */
NN_INLINE Floats geluGate(Floats x) {
  return logistic(2.0f * kGeluSlope * x * multiplyAdd(kGeluCubic * x, x, broadcast(1.0f)));
}

/** x/2 · (1 + tanh u), written x·σ(2u), which does not cancel for negative x. */
NN_INLINE Floats geluOf(Floats x) { return x * geluGate(geluBounded(x)); }

/** dy · (s + 2x·s·(1 − s)·u′) with s = σ(2u), u′ = √(2/π)·(1 + 3·0.044715·x²). */
NN_INLINE Floats geluGradientOf(Floats x, Floats dy) {
  const Floats bounded = geluBounded(x);
  const Floats s = geluGate(bounded);
  const Floats slope = kGeluSlope * multiplyAdd(3.0f * kGeluCubic * bounded, bounded, broadcast(1.0f));
  return dy * (s + 2.0f * bounded * s * (1.0f - s) * slope);
}

NN_INLINE Floats siluOf(Floats x) { return x * logistic(x); }

NN_INLINE Floats siluGradientOf(Floats x, Floats dy) {
  const Floats s = logistic(x);
  return dy * s * multiplyAdd(x, 1.0f - s, broadcast(1.0f));
}

NN_INLINE Floats softPlusGradientOf(Floats x, Floats dy) { return dy * logistic(x); }
NN_INLINE Floats tanhGradientOf(Floats y, Floats dy) { return dy * (1.0f - y * y); }
NN_INLINE Floats sigmoidGradientOf(Floats y, Floats dy) { return dy * y * (1.0f - y); }
NN_INLINE Floats reluGradientOf(Floats y, Floats dy) { return y > 0.0f ? dy : Floats{}; }

NN_INLINE Floats leakyReluOf(Floats x, Floats slope) { return x > 0.0f ? x : slope * x; }
NN_INLINE Floats leakyReluGradientOf(Floats x, Floats dy, Floats slope) { return x > 0.0f ? dy : slope * dy; }
NN_INLINE Floats eluOf(Floats x, Floats alpha) { return x > 0.0f ? x : alpha * exponentialMinusOne(x); }
NN_INLINE Floats eluGradientOf(Floats x, Floats dy, Floats alpha) {
  return x > 0.0f ? dy : dy * (alpha * exponential(x));
}

}  // namespace nn::NN_ISA
