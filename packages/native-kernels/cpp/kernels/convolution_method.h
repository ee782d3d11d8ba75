/** The choice of a method by shape, and by what padding may multiply. */
#pragma once

#include "convolution_lanes_windows.h"
#include "convolution_winograd_tiles.h"

namespace nn::NN_ISA {

/** How a convolution is computed. */
enum class Method { plain, columns, turned, lanes, winograd };

/** Whether vectors of samples pay: their input and their sums of weights stay in the second-level cache (768 KiB). */
inline bool suitsLanes(const Convolution& g) {
  return g.ordinary() && g.batch >= kLanes && g.dilationHeight == 1 && g.dilationWidth == 1 && g.outHeight >= 2 &&
         g.outWidth >= 2 && g.taps() > 1 && laneInputFloats(g, g.pads()) + g.weights() * kLanes <= 196608;
}

/**
 * Whether tiles of 4 × 4 outputs fit: taps of 3 × 3, channels whose products outweigh the transforms (measured: 8 → 16
 * gain a half, 4 → 64 lose a tenth with 16 lanes), outputs that fill half of their tiles, sums of at most 36 MiB.
 */
inline bool fitsTiles(const Convolution& g) {
  const int64_t channels = roundUp(g.groupIn, kLanes) + roundUp(g.groupOut, kLanes);
  return g.kernelHeight == 3 && g.kernelWidth == 3 && g.strideHeight == 1 && g.strideWidth == 1 &&
         g.dilationHeight == 1 && g.dilationWidth == 1 && g.groupIn * g.groupOut >= 4 * channels &&
         g.groupIn * g.groupOut <= 262144 && 2 * g.positions() >= Tiles(g).count() * tileOutputs * tileOutputs;
}

/** Whether there are tiles enough to pay for the kernels' transforms: more where these leave the second-level cache. */
inline bool suitsTiles(const Convolution& g) {
  return fitsTiles(g) && g.batch * Tiles(g).count() >= std::max<int64_t>(6, g.groupIn * g.groupOut / 1024);
}

/** Zeros around x must not meet infinities or NaN. */
inline bool paddingIsSafe(const Convolution& g, const float* factors, int64_t count) {
  return !g.pads() || allFinite(factors, count);
}

/** For finite w. */
inline Method forwardMethod(const Convolution& g) {
  if (!g.ordinary()) return Method::plain;
  if (suitsTiles(g)) return Method::winograd;
  return suitsLanes(g) ? Method::lanes : Method::columns;
}

inline Method forwardMethod(const Convolution& g, const float* w) {
  const Method method = forwardMethod(g);
  return method == Method::plain || paddingIsSafe(g, w, g.weights()) ? method : Method::plain;
}

/** Whether the gradient by x may be the convolution of dy with turned weights, if these are finite. */
inline bool turns(const Convolution& g) { return g.strideHeight == 1 && g.strideWidth == 1 && g.turned().ordinary(); }

/** Whether the gradient by x is computed in lanes, whatever the weights are: no padding meets them there. */
inline bool gradientInLanes(const Convolution& g) {
  return g.ordinary() && !(turns(g) && suitsTiles(g.turned())) && suitsLanes(g) && g.strideWidth <= 2;
}

inline Method inputGradientMethod(const Convolution& g, const float* w) {
  if (!g.ordinary()) return Method::plain;
  const bool turned = turns(g) && paddingIsSafe(g.turned(), w, g.weights());
  if (turned && suitsTiles(g.turned())) return Method::winograd;
  if (suitsLanes(g) && g.strideWidth <= 2) return Method::lanes;
  return turned && g.groupIn >= 8 ? Method::turned : Method::columns;
}

/** For finite dy; where padding must not meet it, plain loops are the way. */
inline Method weightGradientMethod(const Convolution& g) {
  if (!g.ordinary()) return Method::plain;
  if (fitsTiles(g)) return Method::winograd;
  return suitsLanes(g) ? Method::lanes : Method::columns;
}

}  // namespace nn::NN_ISA
