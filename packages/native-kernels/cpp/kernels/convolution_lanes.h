/**
 * Convolutions of small planes with a sample in each lane: a vector holds the same element of kLanes samples. No width
 * leaves a remainder, weights are broadcast from where they lie, nothing is gathered; samples are transposed on the way
 * in and out. Dilation 1.
 */
#pragma once

#include <type_traits>

#include "convolution.h"
#include "gemm_vectors.h"
#include "pooling_pairs.h"

namespace nn::NN_ISA {

/** Planes with samples in lanes: [channels, rows, pitch, kLanes]. */
struct LanePlanes {
  float* data;
  int64_t rows, pitch;

  NN_INLINE float* at(int64_t channel, int64_t row, int64_t column) const {
    return data + ((channel * rows + row) * pitch + column) * kLanes;
  }
};

NN_INLINE int64_t laneInputFloats(const Convolution& g) {
  return g.groupIn * (g.pads() ? g.coveredHeight() * g.coveredWidth() : g.plane()) * kLanes;
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

/** A group's input channels of `lanes` samples, with zeros around them; x points to the group in the first sample. */
inline LanePlanes laneInput(const Convolution& g, const float* x, int64_t lanes, float* scratch) {
  if (!g.pads()) {
    rowsToLanes(x, g.xSample(), lanes, g.groupIn * g.plane(), scratch, kLanes);
    return {scratch, g.height, g.width};
  }
  const LanePlanes planes = {scratch, g.coveredHeight(), g.coveredWidth()};
  const int64_t columns = std::min(g.width, planes.pitch - g.padLeft);
  std::memset(scratch, 0, static_cast<size_t>(g.groupIn * planes.rows * planes.pitch * kLanes) * sizeof(float));
  for (int64_t i = 0; i < g.groupIn; i++)
    for (int64_t row = 0; row < std::min(g.height, planes.rows - g.padTop); row++)
      rowsToLanes(x + (i * g.height + row) * g.width, g.xSample(), lanes, columns,
                  planes.at(i, row + g.padTop, g.padLeft), kLanes);
  return planes;
}

/** Output channels that a tile of the forward convolution takes: 4 sums each in registers. */
constexpr int laneForwardChannels = kLanes == 16 ? 6 : 3;

/** Calls run(std::integral_constant) for `count` in 1 … MOST. */
template <int MOST, typename Run>
NN_INLINE void withCount(int64_t count, const Run& run) {
  if constexpr (MOST > 1) {
    if (count < MOST) return withCount<MOST - 1>(count, run);
  }
  run(std::integral_constant<int, MOST>{});
}

/** sum = b + the products of CHANNELS outputs at 2 × 2 positions; x, w and b point to the first of each. */
template <int CHANNELS>
NN_INLINE void laneSums(const Convolution& g, const LanePlanes& x, int64_t row, int64_t column, const float* w,
                        const float* b, Floats (&sum)[CHANNELS][4]) {
  for (int o = 0; o < CHANNELS; o++) sum[o][0] = sum[o][1] = sum[o][2] = sum[o][3] = broadcast(b[o]);
  const int64_t depth = g.depth(), right = g.strideWidth * kLanes, down = g.strideHeight * x.pitch * kLanes;
  const float* weight = w;
  for (int64_t i = 0; i < g.groupIn; i++)
    for (int64_t ky = 0; ky < g.kernelHeight; ky++) {
      const float* in = x.at(i, row * g.strideHeight + ky, column * g.strideWidth);
      for (int64_t kx = 0; kx < g.kernelWidth; kx++, in += kLanes, weight++) {
        const Floats v[4] = {load(in), load(in + right), load(in + down), load(in + down + right)};
#pragma GCC unroll 6
        for (int o = 0; o < CHANNELS; o++) {
          const Floats scale = broadcast(weight[o * depth]);
#pragma GCC unroll 4
          for (int k = 0; k < 4; k++) sum[o][k] = multiplyAdd(v[k], scale, sum[o][k]);
        }
      }
    }
}

/** All positions of CHANNELS outputs; the last tiles overlap those before them when a size is odd. */
template <int CHANNELS>
inline void laneForwardOf(const Convolution& g, const LanePlanes& x, const float* w, const float* b,
                          Activation activation, const LanePlanes& y) {
  for (int64_t r = 0; r < g.outHeight; r += 2)
    for (int64_t c = 0; c < g.outWidth; c += 2) {
      const int64_t row = std::min(r, g.outHeight - 2), column = std::min(c, g.outWidth - 2);
      Floats sum[CHANNELS][4];
      laneSums<CHANNELS>(g, x, row, column, w, b, sum);
      for (int o = 0; o < CHANNELS; o++)
        for (int k = 0; k < 4; k++) store(y.at(o, row + k / 2, column + k % 2), activate(activation, sum[o][k]));
    }
}

/** All windows of 2 × 2 positions of CHANNELS outputs: the largest of each and where it lies. */
template <int CHANNELS>
inline void laneMaximaOf(const Convolution& g, const LanePlanes& x, const float* w, const float* b,
                         Activation activation, const LanePlanes& y, const LanePlanes& index) {
  for (int64_t r = 0; r < y.rows; r++)
    for (int64_t c = 0; c < y.pitch; c++) {
      Floats sum[CHANNELS][4];
      laneSums<CHANNELS>(g, x, 2 * r, 2 * c, w, b, sum);
      const Corners at(broadcastInt(static_cast<int32_t>(2 * (r * g.outWidth + c))), g.outWidth);
      for (int o = 0; o < CHANNELS; o++) {
        const Largest best = largestActivated(activation, sum[o], at);
        store(y.at(o, r, c), best.value), store(index.at(o, r, c), fromBits(best.place));
      }
    }
}

/** Calls run(planes of x in its group's lanes, first output channel, integral_constant of how many) for all outputs. */
template <typename Run>
NN_INLINE void forEachLaneOutput(const Convolution& g, const float* x, int64_t lanes, float* scratch, const Run& run) {
  for (int64_t group = 0; group < g.groups; group++) {
    const LanePlanes in = laneInput(g, x + group * g.groupIn * g.plane(), lanes, scratch);
    forEachPart(g.groupOut, laneForwardChannels, [&](int64_t begin, int64_t channels) {
      withCount<laneForwardChannels>(channels, [&](auto count) { run(in, group * g.groupOut + begin, count); });
    });
  }
}

NN_INLINE int64_t laneForwardScratch(const Convolution& g) {
  return laneInputFloats(g) + laneForwardChannels * g.positions() * kLanes;
}

/** y of `lanes` samples. At least 2 × 2 positions. */
inline void laneForward(const Convolution& g, const float* x, const float* w, const float* b, Activation activation,
                        int64_t lanes, float* y, float* scratch) {
  const LanePlanes out = {scratch + laneInputFloats(g), g.outHeight, g.outWidth};
  forEachLaneOutput(g, x, lanes, scratch, [&](const LanePlanes& in, int64_t o, auto channels) {
    laneForwardOf<channels()>(g, in, w + o * g.depth(), b + o, activation, out);
    lanesToRows(out.data, kLanes, lanes, channels() * g.positions(), y + o * g.positions(), g.ySample());
  });
}

/** Windows of 2 × 2 positions in a plane of y. */
NN_INLINE int64_t pooledPositions(const Convolution& g) { return g.outHeight / 2 * (g.outWidth / 2); }

NN_INLINE int64_t laneMaximaScratch(const Convolution& g) {
  return laneInputFloats(g) + 2 * laneForwardChannels * pooledPositions(g) * kLanes;
}

/** The pooled y of `lanes` samples, and the places of the maxima. At least 2 × 2 positions. */
inline void laneMaxima(const Convolution& g, const float* x, const float* w, const float* b, Activation activation,
                       int64_t lanes, float* y, int32_t* index, float* scratch) {
  const int64_t pooled = pooledPositions(g), sample = g.outChannels * pooled;
  const LanePlanes out = {scratch + laneInputFloats(g), g.outHeight / 2, g.outWidth / 2};
  const LanePlanes places = {out.data + laneForwardChannels * pooled * kLanes, out.rows, out.pitch};
  forEachLaneOutput(g, x, lanes, scratch, [&](const LanePlanes& in, int64_t o, auto channels) {
    laneMaximaOf<channels()>(g, in, w + o * g.depth(), b + o, activation, out, places);
    lanesToRows(out.data, kLanes, lanes, channels() * pooled, y + o * pooled, sample);
    lanesToRows(places.data, kLanes, lanes, channels() * pooled, reinterpret_cast<float*>(index) + o * pooled, sample);
  });
}

/** Columns of dy and taps that a tile of the input gradient takes: COLUMNS + TAPS − 1 sums in registers. */
constexpr int64_t laneColumns = 10, laneTaps = 5;

/**
 * dx[row, 0 … COLUMNS + TAPS − 2] += Σ over o, ky and kx < TAPS of dy[o, row − ky, column …] · w[o, ky, kx], moved by
 * kx. Each dy meets each weight once, so there is no padding.
 */
template <int COLUMNS, int TAPS>
inline void laneInputGradientTile(const Convolution& g, const LanePlanes& dy, int64_t row, int64_t column,
                                  const float* w, float* dx) {
  Floats sum[COLUMNS + TAPS - 1];
  for (int k = 0; k < COLUMNS + TAPS - 1; k++) sum[k] = load(dx + k * kLanes);
  const int64_t first = std::max<int64_t>(0, row - g.outHeight + 1), last = std::min(row, g.kernelHeight - 1);
  for (int64_t o = 0; o < g.groupOut; o++, w += g.depth())
    for (int64_t ky = first; ky <= last; ky++) {
      const float* from = dy.at(o, row - ky, column);
      const float* weight = w + ky * g.kernelWidth;
#pragma GCC unroll 5
      for (int kx = 0; kx < TAPS; kx++) {
        const Floats scale = broadcast(weight[kx]);
#pragma GCC unroll 10
        for (int c = 0; c < COLUMNS; c++) sum[c + kx] = multiplyAdd(load(from + c * kLanes), scale, sum[c + kx]);
      }
    }
  for (int k = 0; k < COLUMNS + TAPS - 1; k++) store(dx + k * kLanes, sum[k]);
}

using LaneInputGradientTile = void (*)(const Convolution&, const LanePlanes&, int64_t, int64_t, const float*, float*);
template <int TAPS>
inline LaneInputGradientTile laneInputGradientTileOf(int64_t columns) {
  constexpr LaneInputGradientTile tiles[] = {laneInputGradientTile<1, TAPS>, laneInputGradientTile<2, TAPS>,
                                             laneInputGradientTile<3, TAPS>, laneInputGradientTile<4, TAPS>,
                                             laneInputGradientTile<5, TAPS>, laneInputGradientTile<6, TAPS>,
                                             laneInputGradientTile<7, TAPS>, laneInputGradientTile<8, TAPS>,
                                             laneInputGradientTile<9, TAPS>, laneInputGradientTile<10, TAPS>};
  return tiles[columns - 1];
}

NN_INLINE int64_t laneInputGradientScratch(const Convolution& g) {
  return laneOutputFloats(g) + (g.plane() + g.coveredWidth()) * kLanes;
}

/** dx of `lanes` samples. Stride 1. */
inline void laneInputGradient(const Convolution& g, const float* dy, const float* w, int64_t lanes, float* dx,
                              float* scratch) {
  const LanePlanes out = {scratch, g.outHeight, g.outWidth};
  const LanePlanes plane = {scratch + laneOutputFloats(g), g.height, g.width};
  float* const line = plane.data + g.plane() * kLanes;  // one row of dx with its padding
  const int64_t columns = std::min(g.width, g.coveredWidth() - g.padLeft);
  for (int64_t group = 0; group < g.groups; group++) {
    rowsToLanes(dy + group * g.groupOut * g.positions(), g.ySample(), lanes, g.groupOut * g.positions(), out.data,
                kLanes);
    for (int64_t i = 0; i < g.groupIn; i++) {
      const float* const weights = w + group * g.groupOut * g.depth() + i * g.taps();
      std::memset(plane.data, 0, static_cast<size_t>(g.plane() * kLanes) * sizeof(float));
      for (int64_t row = 0; row < std::min(g.height, g.coveredHeight() - g.padTop); row++) {
        std::memset(line, 0, static_cast<size_t>(g.coveredWidth() * kLanes) * sizeof(float));
        forEachPart(g.outWidth, laneColumns, [&](int64_t c, int64_t count) {
          forEachPart(g.kernelWidth, laneTaps, [&](int64_t kx, int64_t taps) {
            const auto tile = taps == 5   ? laneInputGradientTileOf<5>(count)
                              : taps == 4 ? laneInputGradientTileOf<4>(count)
                              : taps == 3 ? laneInputGradientTileOf<3>(count)
                              : taps == 2 ? laneInputGradientTileOf<2>(count)
                                          : laneInputGradientTileOf<1>(count);
            tile(g, out, row + g.padTop, c, weights + kx, line + (c + kx) * kLanes);
          });
        });
        std::memcpy(plane.at(0, row, 0), line + g.padLeft * kLanes,
                    static_cast<size_t>(columns * kLanes) * sizeof(float));
      }
      lanesToRows(plane.data, kLanes, lanes, g.plane(), dx + (group * g.groupIn + i) * g.plane(), g.xSample());
    }
  }
}

/** dw[o, kx] += Σ over r, c of dy[o, r, c] · x[r, c + kx], samples apart: CHANNELS · TAPS sums in registers. */
template <int CHANNELS, int TAPS>
inline void laneWeightGradientTile(const Convolution& g, const float* dy, int64_t dyChannel, const float* x,
                                   int64_t xRow, int64_t rows, float* dw, int64_t dwChannel) {
  Floats sum[CHANNELS][TAPS];
  for (int o = 0; o < CHANNELS; o++)
    for (int k = 0; k < TAPS; k++) sum[o][k] = load(dw + o * dwChannel + k * kLanes);
  const int64_t step = g.strideWidth * kLanes;
  for (int64_t r = 0; r < rows; r++, x += xRow) {
    const float* in = x;
    for (int64_t c = 0; c < g.outWidth; c++, in += step, dy += kLanes) {
      Floats e[CHANNELS];
#pragma GCC unroll 8
      for (int o = 0; o < CHANNELS; o++) e[o] = load(dy + o * dyChannel);
#pragma GCC unroll 5
      for (int k = 0; k < TAPS; k++) {
        const Floats v = held(load(in + k * kLanes));
#pragma GCC unroll 8
        for (int o = 0; o < CHANNELS; o++) sum[o][k] = multiplyAdd(e[o], v, sum[o][k]);
      }
    }
  }
  for (int o = 0; o < CHANNELS; o++)
    for (int k = 0; k < TAPS; k++) store(dw + o * dwChannel + k * kLanes, sum[o][k]);
}

using LaneWeightGradientTile = void (*)(const Convolution&, const float*, int64_t, const float*, int64_t, int64_t,
                                        float*, int64_t);
/** Channels of a tile for each number of taps, for 10 to 12 sums. */
constexpr int64_t laneChannels[laneTaps + 1] = {0, 8, 6, 4, 3, 2};
inline LaneWeightGradientTile laneWeightGradientTileOf(int64_t channels, int64_t taps) {
  constexpr LaneWeightGradientTile tiles[laneTaps][8] = {
      {laneWeightGradientTile<1, 1>, laneWeightGradientTile<2, 1>, laneWeightGradientTile<3, 1>,
       laneWeightGradientTile<4, 1>, laneWeightGradientTile<5, 1>, laneWeightGradientTile<6, 1>,
       laneWeightGradientTile<7, 1>, laneWeightGradientTile<8, 1>},
      {laneWeightGradientTile<1, 2>, laneWeightGradientTile<2, 2>, laneWeightGradientTile<3, 2>,
       laneWeightGradientTile<4, 2>, laneWeightGradientTile<5, 2>, laneWeightGradientTile<6, 2>},
      {laneWeightGradientTile<1, 3>, laneWeightGradientTile<2, 3>, laneWeightGradientTile<3, 3>,
       laneWeightGradientTile<4, 3>},
      {laneWeightGradientTile<1, 4>, laneWeightGradientTile<2, 4>, laneWeightGradientTile<3, 4>},
      {laneWeightGradientTile<1, 5>, laneWeightGradientTile<2, 5>}};
  return tiles[taps - 1][channels - 1];
}

NN_INLINE int64_t laneWeightGradientScratch(const Convolution& g) {
  return laneInputFloats(g) + laneOutputFloats(g) + g.weights() * kLanes;
}

/** Where `laneWeightGradient` keeps its sums in its scratch: [outChannels, depth, kLanes], to be zeroed before. */
NN_INLINE float* laneWeightSums(const Convolution& g, float* scratch) {
  return scratch + laneInputFloats(g) + laneOutputFloats(g);
}

/** Adds what `lanes` samples contribute to the sums, each sample in its lane. */
inline void laneWeightGradient(const Convolution& g, const float* x, const float* dy, int64_t lanes, float* scratch) {
  float* const out = scratch + laneInputFloats(g);
  const int64_t outPlane = g.positions() * kLanes, depth = g.depth() * kLanes;
  const int64_t strip = std::max<int64_t>(1, 128 / g.outWidth);  // rows of dy that stay in the nearest cache
  for (int64_t group = 0; group < g.groups; group++) {
    const LanePlanes in = laneInput(g, x + group * g.groupIn * g.plane(), lanes, scratch);
    rowsToLanes(dy + group * g.groupOut * g.positions(), g.ySample(), lanes, g.groupOut * g.positions(), out, kLanes);
    float* const sums = laneWeightSums(g, scratch) + group * g.groupOut * depth;
    for (int64_t r = 0; r < g.outHeight; r += strip)
      forEachPart(g.kernelWidth, laneTaps, [&](int64_t kx, int64_t taps) {
        forEachPart(g.groupOut, laneChannels[taps], [&](int64_t o, int64_t channels) {
          const auto tile = laneWeightGradientTileOf(channels, taps);
          for (int64_t i = 0; i < g.groupIn; i++)
            for (int64_t ky = 0; ky < g.kernelHeight; ky++)
              tile(g, out + o * outPlane + r * g.outWidth * kLanes, outPlane, in.at(i, r * g.strideHeight + ky, kx),
                   g.strideHeight * in.pitch * kLanes, std::min(strip, g.outHeight - r),
                   sums + o * depth + ((i * g.kernelHeight + ky) * g.kernelWidth + kx) * kLanes, depth);
        });
      });
  }
}

}  // namespace nn::NN_ISA
