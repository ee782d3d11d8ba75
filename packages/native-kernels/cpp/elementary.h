/** The elementary functions, a vector at a time: polynomials with stated errors, the same in every lane. */
#pragma once

#include "vector.h"

namespace nn::NN_ISA {

/** eˣ − 1 for |x| ≤ ln 2 / 2, by the polynomial of Cephes' expf (Moshier 1992). */
NN_INLINE Floats smallExponentialMinusOne(Floats x) {
  Floats p = broadcast(1.9875691500e-4f);
  p = multiplyAdd(p, x, broadcast(1.3981999507e-3f));
  p = multiplyAdd(p, x, broadcast(8.3334519073e-3f));
  p = multiplyAdd(p, x, broadcast(4.1665795894e-2f));
  p = multiplyAdd(p, x, broadcast(1.6666665459e-1f));
  p = multiplyAdd(p, x, broadcast(5.0000001201e-1f));
  return multiplyAdd(p * x, x, x);
}

/** x = n·ln 2 + f with |f| ≤ ln 2 / 2, so that eˣ = 2ⁿ·eᶠ. */
struct Exponential {
  /** n, in the low bits of a number beside which it is small. */
  Floats shifted;
  Floats ofRest;

  explicit NN_INLINE Exponential(Floats x) : shifted(multiplyAdd(x, broadcast(1.44269504f), broadcast(12582912.0f))) {
    const Floats n = shifted - 12582912.0f;
    const Floats f = multiplyAdd(n, broadcast(2.12194440e-4f), multiplyAdd(n, broadcast(-0.693359375f), x));
    ofRest = smallExponentialMinusOne(f) + 1.0f;
  }
};

/** eˣ over the whole range, subnormal results, overflow to infinity and NaN included. At most 1.1 ulp. */
NN_INLINE Floats exponential(Floats x) {
  const Exponential e(minimum(broadcast(89.0f), maximum(broadcast(-104.0f), x)));
  const Ints exponent = bits(e.shifted) - 0x4B400000;
  const Ints half = exponent >> 1;
  return e.ofRest * fromBits((half + 127) << 23) * fromBits((exponent - half + 127) << 23);
}

/** The same for −80 ≤ x ≤ 80, in fewer steps: n is added to the exponent. */
NN_INLINE Floats moderateExponential(Floats x) {
  const Exponential e(x);
  return fromBits(bits(e.ofRest) + (bits(e.shifted) << 23));
}

/** eˣ − 1, at most 2 ulp. */
NN_INLINE Floats exponentialMinusOne(Floats x) {
  return absolute(x) <= 0.34f ? smallExponentialMinusOne(x) : exponential(x) - 1.0f;
}

/**
 * tanh x, at most 1.5 ulp and monotone: an odd polynomial of Cephes' tanhf below 0.625, else 1 − 2/(e²ˣ + 1).
 */
NN_INLINE Floats hyperbolicTangent(Floats x) {
  const Floats magnitude = absolute(x);
  const Floats z = x * x;
  Floats p = broadcast(-5.70498872745e-3f);
  p = multiplyAdd(p, z, broadcast(2.06390887954e-2f));
  p = multiplyAdd(p, z, broadcast(-5.37397155531e-2f));
  p = multiplyAdd(p, z, broadcast(1.33314422036e-1f));
  p = multiplyAdd(p, z, broadcast(-3.33332819422e-1f));
  p = multiplyAdd(p * z, x, x);
  const Floats bounded = minimum(magnitude + magnitude, broadcast(80.0f));
  const Floats large = 1.0f - 2.0f / (moderateExponential(bounded) + 1.0f);
  return magnitude >= 0.625f ? withSignOf(large, x) : p;
}

/** 1/(1 + e⁻ˣ), at most 2.5 ulp where the result is normal; 0 below −88.8. */
NN_INLINE Floats logistic(Floats x) { return 1.0f / (1.0f + exponential(-x)); }

/**
 * ln x, at most 1.2 ulp, subnormals included; −∞ at 0, NaN below. x = 2ᵉ·m with √½ ≤ m < √2; ln m by the polynomial of
 * Cephes' logf.
 */
NN_INLINE Floats naturalLogarithm(Floats x) {
  const Ints subnormal = x < 1.17549435e-38f;
  const Floats scaled = subnormal ? x * 16777216.0f : x;
  const Ints magnitude = bits(absolute(scaled));  // below 0 the result is NaN whatever it is
  const Ints exponent = (magnitude - 0x3f3504f3) >> 23;
  const Floats m = fromBits(magnitude - (exponent << 23)) - 1.0f;
  const Floats e = __builtin_convertvector(exponent - (subnormal & 24), Floats);
  const Floats z = m * m;
  Floats p = broadcast(7.0376836292e-2f);
  p = multiplyAdd(p, m, broadcast(-1.1514610310e-1f));
  p = multiplyAdd(p, m, broadcast(1.1676998740e-1f));
  p = multiplyAdd(p, m, broadcast(-1.2420140846e-1f));
  p = multiplyAdd(p, m, broadcast(1.4249322787e-1f));
  p = multiplyAdd(p, m, broadcast(-1.6668057665e-1f));
  p = multiplyAdd(p, m, broadcast(2.0000714765e-1f));
  p = multiplyAdd(p, m, broadcast(-2.4999993993e-1f));
  p = multiplyAdd(p, m, broadcast(3.3333331174e-1f));
  Floats y = p * m * z;
  y = multiplyAdd(e, broadcast(-2.12194440e-4f), y);
  y = multiplyAdd(z, broadcast(-0.5f), y);
  y = m + y;
  y = multiplyAdd(e, broadcast(0.693359375f), y);
  const Floats infinity = broadcast(INFINITY);
  y = x == infinity ? infinity : y;
  y = x == 0.0f ? -infinity : y;
  y = x < 0.0f ? broadcast(NAN) : y;
  return x != x ? x : y;
}

/** ln(1 + x) for x ≥ 0, at most 2 ulp: the logarithm of the rounded sum, corrected by what rounding lost. */
NN_INLINE Floats logarithmOfOnePlus(Floats x) {
  const Floats sum = 1.0f + x;
  return naturalLogarithm(sum) + (x - (sum - 1.0f)) / sum;
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), finite for finite x. */
NN_INLINE Floats softPlus(Floats x) {
  return (x < 0.0f ? Floats{} : x) + logarithmOfOnePlus(exponential(-absolute(x)));
}

}  // namespace nn::NN_ISA
