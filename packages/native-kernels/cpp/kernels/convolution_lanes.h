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

/** Planes of x without padding, or with the padding that windows cover. Their data lies in scratch, unless told. */
NN_INLINE LanePlanes lanePlanes(const Convolution& g, bool padded, float* data = nullptr) {
  if (!padded) return {data, g.height, g.width};
  return {data, g.coveredHeight(), g.coveredWidth(), -g.padTop, -g.padLeft};
}

/** Rows or columns of y whose windows meet x with the same taps. */
struct LaneSpan {
  int64_t begin, end, firstTap, lastTap;

  NN_INLINE int64_t count() const { return end - begin; }
  NN_INLINE int64_t taps() const { return lastTap - firstTap; }
};

/** Calls body(span) for `out` rows or columns of y in turn. Those of x are [first, first + size), padding included. */
template <typename Body>
NN_INLINE void forEachSpan(int64_t out, int64_t stride, int64_t pad, int64_t kernel, int64_t first, int64_t size,
                           const Body& body) {
  const auto windowAt = [&](int64_t i) -> LaneSpan {
    const int64_t corner = i * stride - pad;
    return {i, i + 1, std::max<int64_t>(0, first - corner), std::min(kernel, first + size - corner)};
  };
  for (int64_t i = 0; i < out;) {
    LaneSpan span = windowAt(i);
    for (; span.end < out; span.end++) {
      const LaneSpan next = windowAt(span.end);
      if (next.firstTap != span.firstTap || next.lastTap != span.lastTap) break;
    }
    body(span);
    i = span.end;
  }
}

/** Calls body(rows, columns) for the parts of y whose windows meet x with the same taps. */
template <typename Body>
NN_INLINE void forEachLanePart(const Convolution& g, const LanePlanes& x, const Body& body) {
  forEachSpan(g.outHeight, g.strideHeight, g.padTop, g.kernelHeight, x.top, x.rows, [&](const LaneSpan& rows) {
    forEachSpan(g.outWidth, g.strideWidth, g.padLeft, g.kernelWidth, x.left, x.pitch,
                [&](const LaneSpan& columns) { body(rows, columns); });
  });
}

/**
 * Whether x is padded, so that all windows have all taps: where that is less work than windows of fewer taps, whose tiles
 * of four positions are less well filled. Measured in taps of a tile: other positions than four in a row cost a tile about
 * two, an element that is copied is a product for four outputs.
 */
inline bool padsLanes(const Convolution& g) {
  if (!g.pads()) return false;
  int64_t exact = 0;
  forEachLanePart(g, lanePlanes(g, false), [&](const LaneSpan& rows, const LaneSpan& columns) {
    exact += divideUp(rows.count() * columns.count(), 4) * (g.groupIn * rows.taps() * columns.taps() + 2);
  });
  const int64_t copied = g.groupIn * g.coveredHeight() * g.coveredWidth() / g.groupOut;
  return divideUp(g.positions(), 4) * g.depth() + copied < exact;
}

/** Scratch floats that `laneInput` needs. */
NN_INLINE int64_t laneInputFloats(const Convolution& g, bool padded) {
  const LanePlanes planes = lanePlanes(g, padded);
  return g.groupIn * planes.rows * planes.pitch * kLanes;
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

/** Zeros around the [rows, columns] that lie in the planes from (0, 0) on. */
inline void zeroLaneBorder(const Convolution& g, const LanePlanes& planes, int64_t rows, int64_t columns) {
  const auto zero = [](float* from, const float* to) {
    std::memset(from, 0, static_cast<size_t>(to - from) * sizeof(float));
  };
  for (int64_t i = 0; i < g.groupIn; i++) {
    float* from = planes.at(i, planes.top, planes.left);
    for (int64_t row = 0; row < rows; row++) {
      zero(from, planes.at(i, row, 0));
      from = planes.at(i, row, columns);
    }
    zero(from, planes.at(i + 1, planes.top, planes.left));
  }
}

/** A group's input channels of `lanes` samples, with zeros around them if `padded`; x begins with the group. */
inline LanePlanes laneInput(const Convolution& g, const Samples& x, int64_t lanes, bool padded, float* scratch) {
  const LanePlanes planes = lanePlanes(g, padded, padded ? scratch : x.lanesOr(scratch));
  if (!padded) {
    readLanes(x, g.xSample(), lanes, g.groupIn * g.plane(), scratch);
    return planes;
  }
  const int64_t rows = std::min(g.height, planes.rows - g.padTop), columns = std::min(g.width, planes.pitch - g.padLeft);
  zeroLaneBorder(g, planes, rows, columns);
  for (int64_t i = 0; i < g.groupIn; i++) {
    const Samples plane = x.from(i * g.plane());
    if (plane.inLanes) {
      for (int64_t row = 0; row < rows; row++)
        std::memcpy(planes.at(i, row, 0), plane.from(row * g.width).data,
                    static_cast<size_t>(columns * kLanes) * sizeof(float));
      continue;
    }
    rowsToBlocks(plane.data, g.xSample(), lanes, rows * g.width,
                 [&](int64_t from, const Floats (&block)[kLanes], auto count) {
                   int64_t column = from % g.width;
                   float* to = planes.at(i, from / g.width, column);
                   for (int j = 0; j < count; j++, to += kLanes) {
                     if (column < columns) store(to, block[j]);
                     if (++column == g.width) column = 0, to += (planes.pitch - g.width) * kLanes;
                   }
                 });
  }
  return planes;
}

}  // namespace nn::NN_ISA
