/** The choice of a method by shape, and by what padding may multiply. */
#pragma once

#include "convolution_lanes.h"

namespace nn::NN_ISA {

/** How a convolution is computed. */
enum class Method { plain, columns, turned, lanes };

/** Whether vectors of samples pay: their input and their sums of weights stay in the second-level cache (768 KiB). */
inline bool suitsLanes(const Convolution& g) {
  return g.ordinary() && g.batch >= kLanes && g.dilationHeight == 1 && g.dilationWidth == 1 && g.outHeight >= 2 &&
         g.outWidth >= 2 && g.taps() > 1 && laneInputFloats(g) + g.weights() * kLanes <= 196608;
}

/** Zeros around x must not meet infinities or NaN. */
inline bool paddingIsSafe(const Convolution& g, const float* factors, int64_t count) {
  return !g.pads() || allFinite(factors, count);
}

inline Method forwardMethod(const Convolution& g, const float* w) {
  if (!g.ordinary() || !paddingIsSafe(g, w, g.weights())) return Method::plain;
  return suitsLanes(g) ? Method::lanes : Method::columns;
}

inline Method inputGradientMethod(const Convolution& g, const float* w) {
  if (!g.ordinary()) return Method::plain;
  if (suitsLanes(g) && g.strideWidth <= 2) return Method::lanes;
  if (g.strideHeight > 1 || g.strideWidth > 1) return Method::columns;
  return g.groupIn >= 8 && g.turned().ordinary() && paddingIsSafe(g.turned(), w, g.weights()) ? Method::turned
                                                                                              : Method::columns;
}

}  // namespace nn::NN_ISA
