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

/** Planes with samples in lanes: [channels, rows, pitch, kLanes]. */
struct LanePlanes {
  float* data;
  int64_t rows, pitch;

  NN_INLINE float* at(int64_t channel, int64_t row, int64_t column) const {
    return data + ((channel * rows + row) * pitch + column) * kLanes;
  }
};

/** Rows and columns of the planes of x, with the padding that windows cover. */
NN_INLINE int64_t laneRows(const Convolution& g) { return g.pads() ? g.coveredHeight() : g.height; }
NN_INLINE int64_t lanePitch(const Convolution& g) { return g.pads() ? g.coveredWidth() : g.width; }

/** Scratch floats that `laneInput` needs. */
NN_INLINE int64_t laneInputFloats(const Convolution& g) {
  return g.groupIn * laneRows(g) * lanePitch(g) * kLanes;
}
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

/** Zeros around the [rows, columns] that lie in the planes from (padTop, padLeft) on. */
inline void zeroLaneBorder(const Convolution& g, const LanePlanes& planes, int64_t rows, int64_t columns) {
  const auto zero = [](float* from, const float* to) {
    std::memset(from, 0, static_cast<size_t>(to - from) * sizeof(float));
  };
  for (int64_t i = 0; i < g.groupIn; i++) {
    float* from = planes.at(i, 0, 0);
    for (int64_t row = g.padTop; row < g.padTop + rows; row++) {
      zero(from, planes.at(i, row, g.padLeft));
      from = planes.at(i, row, g.padLeft + columns);
    }
    zero(from, planes.at(i + 1, 0, 0));
  }
}

/** A group's input channels of `lanes` samples, with zeros around them; x begins with the group. */
inline LanePlanes laneInput(const Convolution& g, const Samples& x, int64_t lanes, float* scratch) {
  const LanePlanes planes = {g.pads() ? scratch : x.lanesOr(scratch), laneRows(g), lanePitch(g)};
  if (!g.pads()) {
    readLanes(x, g.xSample(), lanes, g.groupIn * g.plane(), scratch);
    return planes;
  }
  const int64_t rows = std::min(g.height, planes.rows - g.padTop), columns = std::min(g.width, planes.pitch - g.padLeft);
  zeroLaneBorder(g, planes, rows, columns);
  for (int64_t i = 0; i < g.groupIn; i++) {
    const Samples plane = x.from(i * g.plane());
    if (plane.inLanes) {
      for (int64_t row = 0; row < rows; row++)
        std::memcpy(planes.at(i, row + g.padTop, g.padLeft), plane.from(row * g.width).data,
                    static_cast<size_t>(columns * kLanes) * sizeof(float));
      continue;
    }
    rowsToBlocks(plane.data, g.xSample(), lanes, rows * g.width,
                 [&](int64_t from, const Floats (&block)[kLanes], auto count) {
                   int64_t column = from % g.width;
                   float* to = planes.at(i, from / g.width + g.padTop, column + g.padLeft);
                   for (int j = 0; j < count; j++, to += kLanes) {
                     if (column < columns) store(to, block[j]);
                     if (++column == g.width) column = 0, to += (planes.pitch - g.width) * kLanes;
                   }
                 });
  }
  return planes;
}

}  // namespace nn::NN_ISA
