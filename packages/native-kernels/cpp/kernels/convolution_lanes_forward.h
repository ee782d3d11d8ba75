/** Forward convolution with samples in lanes, alone or with 2 × 2 pooling of what it gives. */
#pragma once

#include "convolution_lanes.h"
#include "pooling_pairs.h"

namespace nn::NN_ISA {

/** Output channels that a tile takes: a sum for each of four positions in registers. */
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

/** What the windows of four positions see: where each one's corner lies in x. */
struct LaneCorners {
  const float* x[4];
};

/** sum = b + the products of CHANNELS outputs at four positions; w and b point to the first of each. */
template <int CHANNELS>
NN_INLINE void laneSums(int64_t depth, const LaneCorners& at, const LaneFilter& filter, const float* w, const float* b,
                        Floats (&sum)[CHANNELS][4]) {
#pragma GCC unroll 6
  for (int o = 0; o < CHANNELS; o++) sum[o][0] = sum[o][1] = sum[o][2] = sum[o][3] = broadcast(b[o]);
  const float *const x0 = at.x[0], *const x1 = at.x[1], *const x2 = at.x[2], *const x3 = at.x[3];
  const int32_t *place = filter.places, *const end = place + depth;
  for (; place < end; place++, w += CHANNELS) {
    const int64_t i = *place;
    const float* const x[4] = {x0 + i, x1 + i, x2 + i, x3 + i};
    Floats scale[CHANNELS];  // fewer registers than the elements of four positions would take
#pragma GCC unroll 6
    for (int o = 0; o < CHANNELS; o++) scale[o] = held(broadcast(w[o]));
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
      const Floats v = held(load(x[k]));
#pragma GCC unroll 6
      for (int o = 0; o < CHANNELS; o++) sum[o][k] = multiplyAdd(v, scale[o], sum[o][k]);
    }
  }
}

/** A tile of y: CHANNELS outputs × four positions that follow each other; planes are `step` apart. */
template <int CHANNELS>
NN_TILE void laneForwardTile(int64_t depth, const LaneCorners& at, const LaneFilter& filter, const float* w,
                             const float* b, Activation activation, float* y, int64_t step) {
  Floats sum[CHANNELS][4];
  laneSums<CHANNELS>(depth, at, filter, w, b, sum);
#pragma GCC unroll 6
  for (int o = 0; o < CHANNELS; o++, y += step)
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) store(y + k * kLanes, activate(activation, sum[o][k]));
}

/** Of CHANNELS outputs × 2 × 2 positions the largest, and where in the plane, `width` wide, of the convolution it lies. */
template <int CHANNELS>
NN_TILE void laneMaximaTile(int64_t depth, const LaneCorners& at, const LaneFilter& filter, const float* w,
                            const float* b, Activation activation, int64_t corner, int64_t width, float* y,
                            float* index, int64_t step) {
  Floats sum[CHANNELS][4];
  laneSums<CHANNELS>(depth, at, filter, w, b, sum);
  const Ints place = broadcastInt(static_cast<int32_t>(corner));
#pragma GCC unroll 6
  for (int o = 0; o < CHANNELS; o++, y += step, index += step) {
    const Largest best = largestActivated(activation, sum[o], place, width);
    store(y, best.value), store(index, fromBits(best.place));
  }
}

/** Calls tile(integral_constant of channels, first channel, their weights) for all outputs of a group. */
template <typename Tile>
NN_INLINE void forEachLaneTile(const Convolution& g, const float* weights, const Tile& tile) {
  forEachPart(g.groupOut, laneForwardChannels, [&](int64_t o, int64_t channels) {
    withCount<laneForwardChannels>(channels, [&](auto count) { tile(count, o, weights + o * g.depth()); });
  });
}

NN_INLINE int64_t laneForwardScratch(const Convolution& g) { return laneInputFloats(g) + laneOutputFloats(g); }

/** y of `lanes` samples. At least four positions; the last tile overlaps the one before it. */
inline void laneForward(const Convolution& g, const Samples& x, const LaneFilter& filter, const float* b,
                        Activation activation, int64_t lanes, const Samples& y, float* scratch) {
  const int64_t step = g.positions() * kLanes;
  for (int64_t group = 0; group < g.groups; group++) {
    const LanePlanes in = laneInput(g, x.from(group * g.groupIn * g.plane()), lanes, scratch);
    const int64_t first = group * g.groupOut;
    const Samples to = y.from(first * g.positions());
    float* const out = to.lanesOr(scratch + laneInputFloats(g));
    for (int64_t p = 0; p < g.positions(); p += 4) {
      const int64_t begin = std::min(p, g.positions() - 4);
      LaneCorners at;
      for (int k = 0; k < 4; k++)
        at.x[k] = in.at(0, (begin + k) / g.outWidth * g.strideHeight, (begin + k) % g.outWidth * g.strideWidth);
      forEachLaneTile(g, filter.weights + first * g.depth(), [&](auto channels, int64_t o, const float* w) {
        laneForwardTile<decltype(channels)::value>(g.depth(), at, filter, w, b + first + o, activation,
                                                   out + o * step + begin * kLanes, step);
      });
    }
    writeLanes(to, g.ySample(), lanes, g.groupOut * g.positions(), out);
  }
}

/** Windows of 2 × 2 positions in a plane of y. */
NN_INLINE int64_t pooledPositions(const Convolution& g) { return g.outHeight / 2 * (g.outWidth / 2); }

NN_INLINE int64_t laneMaximaScratch(const Convolution& g) {
  return laneInputFloats(g) + 2 * g.groupOut * pooledPositions(g) * kLanes;
}

/** The pooled y of `lanes` samples, and the places of the maxima. */
inline void laneMaxima(const Convolution& g, const Samples& x, const LaneFilter& filter, const float* b,
                       Activation activation, int64_t lanes, const Samples& y, const Samples& index, float* scratch) {
  const int64_t pooled = pooledPositions(g), step = pooled * kLanes, sample = g.outChannels * pooled;
  float* const room = scratch + laneInputFloats(g);
  for (int64_t group = 0; group < g.groups; group++) {
    const LanePlanes in = laneInput(g, x.from(group * g.groupIn * g.plane()), lanes, scratch);
    const int64_t first = group * g.groupOut;
    const Samples toY = y.from(first * pooled), toIndex = index.from(first * pooled);
    float *const best = toY.lanesOr(room), *const places = toIndex.lanesOr(room + g.groupOut * step);
    for (int64_t p = 0; p < pooled; p++) {
      const int64_t row = p / (g.outWidth / 2) * 2, column = p % (g.outWidth / 2) * 2;
      const int64_t down = row + 1, right = column + 1;
      const auto corner = [&](int64_t r, int64_t c) { return in.at(0, r * g.strideHeight, c * g.strideWidth); };
      const LaneCorners at = {{corner(row, column), corner(row, right), corner(down, column), corner(down, right)}};
      forEachLaneTile(g, filter.weights + first * g.depth(), [&](auto channels, int64_t o, const float* w) {
        const int64_t to = o * step + p * kLanes;
        laneMaximaTile<decltype(channels)::value>(g.depth(), at, filter, w, b + first + o, activation,
                                                  row * g.outWidth + column, g.outWidth, best + to, places + to, step);
      });
    }
    writeLanes(toY, sample, lanes, g.groupOut * pooled, best);
    writeLanes(toIndex, sample, lanes, g.groupOut * pooled, places);
  }
}

}  // namespace nn::NN_ISA
