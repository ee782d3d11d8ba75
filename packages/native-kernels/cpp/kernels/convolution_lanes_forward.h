/** Forward convolution with samples in lanes, alone or with 2 × 2 pooling of what it gives. */
#pragma once

#include "convolution_lanes.h"
#include "pooling_pairs.h"

namespace nn::NN_ISA {

/** Output channels that a tile takes: 4 sums each in registers. */
constexpr int laneForwardChannels = kRegisters / 5;

/**
 * The weights as tiles read them: [depth, channels] for each part of a group's outputs in turn, and where in the planes of
 * x, from the corner of a window, the element lies that meets each of the `depth` weights.
 */
struct LaneFilter {
  const float* weights;
  const int32_t* places;

  /** Floats of scratch that it needs. */
  static NN_INLINE int64_t floats(const Convolution& g) { return g.weights() + g.depth(); }

  LaneFilter(const Convolution& g, const float* w, float* scratch)
      : weights(scratch), places(reinterpret_cast<const int32_t*>(scratch + g.weights())) {
    const int64_t depth = g.depth();
    for (int64_t group = 0; group < g.groups; group++)
      forEachPart(g.groupOut, laneForwardChannels, [&](int64_t begin, int64_t channels) {
        const float* const from = w + (group * g.groupOut + begin) * depth;
        for (int64_t k = 0; k < depth; k++)
          for (int64_t o = 0; o < channels; o++) *scratch++ = from[o * depth + k];
      });
    const int64_t pitch = lanePitch(g), plane = pitch * laneRows(g);
    int32_t* place = reinterpret_cast<int32_t*>(scratch);
    for (int64_t i = 0; i < g.groupIn; i++)
      for (int64_t ky = 0; ky < g.kernelHeight; ky++)
        for (int64_t kx = 0; kx < g.kernelWidth; kx++)
          *place++ = static_cast<int32_t>((i * plane + ky * pitch + kx) * kLanes);
  }
};

/** sum = b + the products of CHANNELS outputs at 2 × 2 positions; x, w and b point to the first of each. */
template <int CHANNELS>
NN_INLINE void laneSums(const Convolution& g, const float* x, const LaneFilter& filter, const float* w, const float* b,
                        Floats (&sum)[CHANNELS][4]) {
#pragma GCC unroll 6
  for (int o = 0; o < CHANNELS; o++) sum[o][0] = sum[o][1] = sum[o][2] = sum[o][3] = broadcast(b[o]);
  const int64_t right = g.strideWidth * kLanes, down = g.strideHeight * lanePitch(g) * kLanes;
  const int32_t *place = filter.places, *const end = place + g.depth();
  for (; place < end; place++, w += CHANNELS) {
    const float* const in = x + *place;
    const Floats v[4] = {load(in), load(in + right), load(in + down), load(in + down + right)};
#pragma GCC unroll 6
    for (int o = 0; o < CHANNELS; o++) {
      const Floats scale = broadcast(w[o]);
#pragma GCC unroll 4
      for (int k = 0; k < 4; k++) sum[o][k] = multiplyAdd(v[k], scale, sum[o][k]);
    }
  }
}

/** A tile of y: CHANNELS outputs × 2 × 2 positions. */
template <int CHANNELS>
NN_TILE void laneForwardTile(const Convolution& g, const float* x, const LaneFilter& filter, const float* w,
                             const float* b, Activation activation, float* y) {
  Floats sum[CHANNELS][4];
  laneSums<CHANNELS>(g, x, filter, w, b, sum);
#pragma GCC unroll 6
  for (int o = 0; o < CHANNELS; o++, y += g.positions() * kLanes)
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++)
      store(y + (k / 2 * g.outWidth + k % 2) * kLanes, activate(activation, sum[o][k]));
}

/** The largest of each window of a tile, and where in the plane of the convolution it lies; outputs `step` apart. */
template <int CHANNELS>
NN_TILE void laneMaximaTile(const Convolution& g, const float* x, const LaneFilter& filter, const float* w,
                            const float* b, Activation activation, int64_t corner, float* y, float* index,
                            int64_t step) {
  Floats sum[CHANNELS][4];
  laneSums<CHANNELS>(g, x, filter, w, b, sum);
  const Ints at = broadcastInt(static_cast<int32_t>(corner));
#pragma GCC unroll 6
  for (int o = 0; o < CHANNELS; o++, y += step, index += step) {
    const Largest best = largestActivated(activation, sum[o], at, g.outWidth);
    store(y, best.value), store(index, fromBits(best.place));
  }
}

/**
 * Calls tile(integral_constant of channels, first channel, weights, x, row, column) for 2 × 2 positions of all outputs of
 * a group, positions outside, so that what they see stays in the nearest cache while every output uses it; x points to
 * what the tile's corner sees. The last tiles overlap those before them when a size is odd, or are left out if `whole`.
 */
template <typename Tile>
NN_INLINE void forEachLaneTile(const Convolution& g, bool whole, const LanePlanes& x, const float* weights,
                               const Tile& tile) {
  for (int64_t r = 0; r + whole < g.outHeight; r += 2)
    for (int64_t c = 0; c + whole < g.outWidth; c += 2) {
      const int64_t row = std::min(r, g.outHeight - 2), column = std::min(c, g.outWidth - 2);
      const float* const corner = x.at(0, row * g.strideHeight, column * g.strideWidth);
      forEachPart(g.groupOut, laneForwardChannels, [&](int64_t o, int64_t channels) {
        withCount<laneForwardChannels>(channels,
                                       [&](auto count) { tile(count, o, weights + o * g.depth(), corner, row, column); });
      });
    }
}

NN_INLINE int64_t laneForwardScratch(const Convolution& g) { return laneInputFloats(g) + laneOutputFloats(g); }

/** y of `lanes` samples. At least 2 × 2 positions. */
inline void laneForward(const Convolution& g, const float* x, const LaneFilter& filter, const float* b,
                        Activation activation, int64_t lanes, float* y, float* scratch) {
  const LanePlanes out = {scratch + laneInputFloats(g), g.outHeight, g.outWidth};
  for (int64_t group = 0; group < g.groups; group++) {
    const LanePlanes in = laneInput(g, x + group * g.groupIn * g.plane(), lanes, scratch);
    const int64_t first = group * g.groupOut;
    forEachLaneTile(g, false, in, filter.weights + first * g.depth(),
                    [&](auto channels, int64_t o, const float* w, const float* corner, int64_t row, int64_t column) {
                      laneForwardTile<decltype(channels)::value>(g, corner, filter, w, b + first + o, activation,
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
inline void laneMaxima(const Convolution& g, const float* x, const LaneFilter& filter, const float* b,
                       Activation activation, int64_t lanes, float* y, int32_t* index, float* scratch) {
  const int64_t pooled = pooledPositions(g), step = pooled * kLanes, sample = g.outChannels * pooled;
  float *const best = scratch + laneInputFloats(g), *const places = best + g.groupOut * step;
  for (int64_t group = 0; group < g.groups; group++) {
    const LanePlanes in = laneInput(g, x + group * g.groupIn * g.plane(), lanes, scratch);
    const int64_t first = group * g.groupOut;
    forEachLaneTile(g, true, in, filter.weights + first * g.depth(),
                    [&](auto channels, int64_t o, const float* w, const float* corner, int64_t row, int64_t column) {
                      const int64_t to = o * step + (row / 2 * (g.outWidth / 2) + column / 2) * kLanes;
                      laneMaximaTile<decltype(channels)::value>(g, corner, filter, w, b + first + o, activation,
                                                                row * g.outWidth + column, best + to, places + to,
                                                                step);
                    });
    lanesToRows(best, kLanes, lanes, g.groupOut * pooled, y + first * pooled, sample);
    lanesToRows(places, kLanes, lanes, g.groupOut * pooled, reinterpret_cast<float*>(index) + first * pooled, sample);
  }
}

}  // namespace nn::NN_ISA
