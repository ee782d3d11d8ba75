/** Forward convolution with samples in lanes, alone or with 2 × 2 pooling of what it gives. */
#pragma once

#include "convolution_lanes.h"
#include "pooling_pairs.h"

namespace nn::NN_ISA {

/** Output channels that a tile takes: 4 sums each in registers. */
constexpr int laneForwardChannels = kRegisters / 5;

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

/** A tile of y: CHANNELS outputs × 2 × 2 positions. */
template <int CHANNELS>
inline void laneForwardTile(const Convolution& g, const LanePlanes& x, int64_t row, int64_t column, const float* w,
                            const float* b, Activation activation, float* y) {
  Floats sum[CHANNELS][4];
  laneSums<CHANNELS>(g, x, row, column, w, b, sum);
  for (int o = 0; o < CHANNELS; o++, y += g.positions() * kLanes)
    for (int k = 0; k < 4; k++)
      store(y + (k / 2 * g.outWidth + k % 2) * kLanes, activate(activation, sum[o][k]));
}

/** The largest of each window of a tile, and where in the plane of the convolution it lies; outputs `step` apart. */
template <int CHANNELS>
inline void laneMaximaTile(const Convolution& g, const LanePlanes& x, int64_t row, int64_t column, const float* w,
                           const float* b, Activation activation, int64_t step, float* y, float* index) {
  Floats sum[CHANNELS][4];
  laneSums<CHANNELS>(g, x, row, column, w, b, sum);
  const Corners at(broadcastInt(static_cast<int32_t>(row * g.outWidth + column)), g.outWidth);
  for (int o = 0; o < CHANNELS; o++, y += step, index += step) {
    const Largest best = largestActivated(activation, sum[o], at);
    store(y, best.value), store(index, fromBits(best.place));
  }
}

/**
 * Calls tile(integral_constant of channels, first channel, row, column, planes of x) for 2 × 2 positions of all outputs
 * of a group: positions outside, so that what they see stays in the nearest cache while every output uses it. The last
 * tiles overlap those before them when a size is odd, or are left out if `whole`.
 */
template <typename Tile>
NN_INLINE void forEachLaneTile(const Convolution& g, bool whole, const Tile& tile) {
  for (int64_t r = 0; r + whole < g.outHeight; r += 2)
    for (int64_t c = 0; c + whole < g.outWidth; c += 2)
      forEachPart(g.groupOut, laneForwardChannels, [&](int64_t begin, int64_t channels) {
        withCount<laneForwardChannels>(channels, [&](auto count) {
          tile(count, begin, std::min(r, g.outHeight - 2), std::min(c, g.outWidth - 2));
        });
      });
}

NN_INLINE int64_t laneForwardScratch(const Convolution& g) { return laneInputFloats(g) + laneOutputFloats(g); }

/** y of `lanes` samples. At least 2 × 2 positions. */
inline void laneForward(const Convolution& g, const float* x, const float* w, const float* b, Activation activation,
                        int64_t lanes, float* y, float* scratch) {
  const LanePlanes out = {scratch + laneInputFloats(g), g.outHeight, g.outWidth};
  for (int64_t group = 0; group < g.groups; group++) {
    const LanePlanes in = laneInput(g, x + group * g.groupIn * g.plane(), lanes, scratch);
    const int64_t first = group * g.groupOut;
    forEachLaneTile(g, false, [&](auto channels, int64_t o, int64_t row, int64_t column) {
      laneForwardTile<decltype(channels)::value>(g, in, row, column, w + (first + o) * g.depth(), b + first + o, activation,
                                  out.at(o, row, column));
    });
    lanesToRows(out.data, kLanes, lanes, g.groupOut * g.positions(), y + first * g.positions(), g.ySample());
  }
}

/** Windows of 2 × 2 positions in a plane of y. */
NN_INLINE int64_t pooledPositions(const Convolution& g) { return g.outHeight / 2 * (g.outWidth / 2); }

NN_INLINE int64_t laneMaximaScratch(const Convolution& g) {
  return laneInputFloats(g) + 2 * g.groupOut * pooledPositions(g) * kLanes;
}

/** The pooled y of `lanes` samples, and the places of the maxima. At least 2 × 2 positions. */
inline void laneMaxima(const Convolution& g, const float* x, const float* w, const float* b, Activation activation,
                       int64_t lanes, float* y, int32_t* index, float* scratch) {
  const int64_t pooled = pooledPositions(g), step = pooled * kLanes, sample = g.outChannels * pooled;
  float *const best = scratch + laneInputFloats(g), *const places = best + g.groupOut * step;
  for (int64_t group = 0; group < g.groups; group++) {
    const LanePlanes in = laneInput(g, x + group * g.groupIn * g.plane(), lanes, scratch);
    const int64_t first = group * g.groupOut;
    forEachLaneTile(g, true, [&](auto channels, int64_t o, int64_t row, int64_t column) {
      const int64_t to = o * step + (row / 2 * (g.outWidth / 2) + column / 2) * kLanes;
      laneMaximaTile<decltype(channels)::value>(g, in, row, column, w + (first + o) * g.depth(), b + first + o, activation, step,
                                 best + to, places + to);
    });
    lanesToRows(best, kLanes, lanes, g.groupOut * pooled, y + first * pooled, sample);
    lanesToRows(places, kLanes, lanes, g.groupOut * pooled, reinterpret_cast<float*>(index) + first * pooled, sample);
  }
}

}  // namespace nn::NN_ISA
