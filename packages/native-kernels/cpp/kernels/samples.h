/** Samples in rows or in lanes (see `LaneBuffers`). */
#pragma once

#include "../registry.h"
#include "gemm_vectors.h"

namespace nn::NN_ISA {

/** Samples as a kernel finds them: a sample after the other, or whole vectors of them in lanes (see `LaneBuffers`). */
struct Samples {
  float* data;
  bool inLanes;

  static NN_INLINE Samples of(const Launch& launch, int buffer) {
    return {static_cast<float*>(launch.data[buffer]), launch.isInLanes(buffer)};
  }
  /** From the element on that the first sample of a vector of samples begins with: it is the same either way. */
  NN_INLINE Samples block(int64_t i) const { return {data + i, inLanes}; }
  /** The same from element `i` of each sample on. */
  NN_INLINE Samples from(int64_t i) const { return {data + (inLanes ? i * kLanes : i), inLanes}; }
  /** The place to compute in: where the samples lie, if in lanes, else `scratch`. */
  NN_INLINE float* lanesOr(float* scratch) const { return inLanes ? data : scratch; }
};

/** The first `count` elements of each of `lanes` samples, `step` apart, in lanes: in scratch where they do not lie so. */
inline const float* readLanes(const Samples& x, int64_t step, int64_t lanes, int64_t count, float* scratch) {
  if (!x.inLanes) rowsToLanes(x.data, step, lanes, count, scratch, kLanes);
  return x.lanesOr(scratch);
}

/** Puts what was computed in `y.lanesOr(scratch)` where the samples lie. */
inline void writeLanes(const Samples& y, int64_t step, int64_t lanes, int64_t count, const float* scratch) {
  if (!y.inLanes) lanesToRows(scratch, kLanes, lanes, count, y.data, step);
}

}  // namespace nn::NN_ISA
