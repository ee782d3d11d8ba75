/** The choice of a method by shape, and by what padding may multiply. */
#pragma once

#include "convolution_lanes.h"

namespace nn::NN_ISA {

/** How a convolution is computed. */
enum class Method { plain, columns, turned, lanes, winograd };

/** Whether vectors of samples pay: their input and their sums of weights stay in the second-level cache (768 KiB). */
inline bool suitsLanes(const Convolution& g) {
  return g.ordinary() && g.batch >= kLanes && g.dilationHeight == 1 && g.dilationWidth == 1 && g.outHeight >= 2 &&
         g.outWidth >= 2 && g.taps() > 1 && laneInputFloats(g) + g.weights() * kLanes <= 196608;
}

/** Whether tiles pay. */
inline bool suitsWinograd(const Convolution& g) {
  return g.kernelHeight == 3 && g.kernelWidth == 3 && g.strideHeight == 1 && g.strideWidth == 1 &&
         g.dilationHeight == 1 && g.dilationWidth == 1 && g.groupIn >= 8 && g.groupOut >= 8;
}

/** Zeros around x must not meet infinities or NaN. */
inline bool paddingIsSafe(const Convolution& g, const float* factors, int64_t count) {
  return !g.pads() || allFinite(factors, count);
}

/** The fastest method for finite numbers. */
inline Method methodOf(const Convolution& g) {
  if (!g.ordinary()) return Method::plain;
  if (suitsWinograd(g)) return Method::winograd;
  return suitsLanes(g) ? Method::lanes : Method::columns;
}

inline Method forwardMethod(const Convolution& g, const float* w) {
  return paddingIsSafe(g, w, g.weights()) ? methodOf(g) : Method::plain;
}

inline Method inputGradientMethod(const Convolution& g, const float* w) {
  if (!g.ordinary()) return Method::plain;
  if (g.strideHeight > 1 || g.strideWidth > 1) return suitsLanes(g) && g.strideWidth <= 2 ? Method::lanes : Method::columns;
  const bool turns = g.turned().ordinary() && paddingIsSafe(g.turned(), w, g.weights());
  if (turns && suitsWinograd(g)) return Method::winograd;
  if (suitsLanes(g)) return Method::lanes;
  return turns && g.groupIn >= 8 ? Method::turned : Method::columns;
}

}  // namespace nn::NN_ISA
