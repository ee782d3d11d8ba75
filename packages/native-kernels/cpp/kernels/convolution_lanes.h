/**
 * Convolutions of small planes with a sample in each lane: a vector holds the same element of kLanes samples. No width
 * leaves a remainder, weights are broadcast from where they lie, nothing is gathered; samples are transposed on the way
 * in and out. Dilation 1.
 */
#pragma once

#include <type_traits>

#include "convolution.h"
#include "gemm_vectors.h"

namespace nn::NN_ISA {

/** Vector registers of the instruction set. */
#if defined(__AVX512F__) || defined(NN_NEON)
constexpr int kRegisters = 32;
#else
constexpr int kRegisters = 16;
#endif

/** A function that holds a tile in registers: on its own, as a compiler runs out of them where several are inlined. */
#define NN_TILE inline __attribute__((noinline))

/** Planes with samples in lanes: [channels, rows, pitch, kLanes], the first row and column of which are (top, left). */
struct LanePlanes {
  float* data;
  int64_t rows, pitch, top = 0, left = 0;

  NN_INLINE float* at(int64_t channel, int64_t row, int64_t column) const {
    return data + ((channel * rows + row - top) * pitch + column - left) * kLanes;
  }
};

/** Floats of a group's outputs in lanes. */
NN_INLINE int64_t laneOutputFloats(const Convolution& g) { return g.groupOut * g.positions() * kLanes; }

/** Calls block(first sample, samples in it, scratch) for vectors of samples. */
template <typename Block>
inline void forEachVectorOfSamples(const Convolution& g, int64_t scratch, const Block& block) {
  parallelFor(divideUp(g.batch, kLanes), 1, g.sampleNanoseconds() * kLanes, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      block(i * kLanes, std::min<int64_t>(kLanes, g.batch - i * kLanes), threadScratch<float>(scratch));
  });
}

/** A pointer about which the compiler knows nothing: what is loaded through it is loaded anew, not kept in registers. */
NN_INLINE const float* unknown(const float* p) {
  asm("" : "+r"(p));
  return p;
}

/** Calls run(std::integral_constant of count) for a count in 1 … MOST. */
template <int MOST, typename Run>
NN_INLINE void withCount(int64_t count, const Run& run) {
  if constexpr (MOST > 1) {
    if (count < MOST) return withCount<MOST - 1>(count, run);
  }
  run(std::integral_constant<int, MOST>{});
}

}  // namespace nn::NN_ISA
