/** y = f(x), element by element. */
#include "../elementary.h"
#include "map.h"

namespace nn::NN_ISA {
namespace {

NN_INLINE Floats negated(Floats x) { return -x; }
NN_INLINE Floats squared(Floats x) { return x * x; }
NN_INLINE Floats reciprocalOf(Floats x) { return 1.0f / x; }
NN_INLINE Floats signOf(Floats x) {
  return x > 0.0f ? broadcast(1.0f) : (x < 0.0f ? broadcast(-1.0f) : x);
}

template <float (*f)(float)>
NN_INLINE Floats byLane(Floats x) {
  Floats y;
  for (int i = 0; i < kLanes; i++) y[i] = f(x[i]);
  return y;
}

NN_INLINE float sine(float x) { return __builtin_sinf(x); }
NN_INLINE float cosine(float x) { return __builtin_cosf(x); }

/** min(max(x, low), high); NaN of NaN. */
NN_INLINE Floats clamped(Floats x, Floats low, Floats high) { return minimum(high, maximum(low, x)); }

NN_KERNEL("negate {w:y, r:x}", unary<negated>);
NN_KERNEL("abs {w:y, r:x}", unary<absolute>);
NN_KERNEL("sign {w:y, r:x}", unary<signOf>);
NN_KERNEL("square {w:y, r:x}", unary<squared>);
NN_KERNEL("sqrt {w:y, r:x}", unary<squareRoot, 500>);
NN_KERNEL("reciprocal {w:y, r:x}", unary<reciprocalOf, 500>);
NN_KERNEL("exp {w:y, r:x}", unary<exponential, 700>);
NN_KERNEL("log {w:y, r:x}", unary<naturalLogarithm, 900>);
NN_KERNEL("sin {w:y, r:x}", unary<byLane<sine>, 6000>);
NN_KERNEL("cos {w:y, r:x}", unary<byLane<cosine>, 6000>);
NN_KERNEL("clamp {w:y, r:x} low high", unaryWithTwo<clamped>);

}  // namespace
}  // namespace nn::NN_ISA
