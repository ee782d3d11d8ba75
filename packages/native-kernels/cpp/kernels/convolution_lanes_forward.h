/** Forward convolution with samples in lanes, alone or with 2 × 2 pooling of what it gives. */
#pragma once

#include "convolution_lanes_windows.h"
#include "pooling_pairs.h"

namespace nn::NN_ISA {

/** Output channels that a tile takes: a sum for each of four positions in registers. */
constexpr int laneForwardChannels = kRegisters / 5;

/** Puts the weights into `out` as tiles read them: [depth, channels] for each part of a group's outputs in turn. */
inline const float* laneFilter(const Convolution& g, const float* w, float* out) {
  const int64_t depth = g.depth();
  const float* const weights = out;
  for (int64_t group = 0; group < g.groups; group++)
    forEachPart(g.groupOut, laneForwardChannels, [&](int64_t begin, int64_t channels) {
      const float* const from = w + (group * g.groupOut + begin) * depth;
      for (int64_t k = 0; k < depth; k++)
        for (int64_t o = 0; o < channels; o++) *out++ = from[o * depth + k];
    });
  return weights;
}

/** A weight of a window: where its products' other factors lie, from the corner of a window on, and which it is. */
struct LaneTap {
  int32_t place, weight;
};

/** The weights of windows that see some of their rows and columns, in their order. */
struct LaneTaps {
  const LaneTap *begin, *end;

  /** Floats of scratch that it needs. */
  static NN_INLINE int64_t floats(const Convolution& g) { return 2 * g.depth(); }

  LaneTaps(const Convolution& g, const LanePlanes& x, const LaneSpan& rows, const LaneSpan& columns, float* scratch)
      : begin(reinterpret_cast<const LaneTap*>(scratch)) {
    LaneTap* tap = reinterpret_cast<LaneTap*>(scratch);
    for (int64_t i = 0; i < g.groupIn; i++)
      for (int64_t ky = rows.firstTap; ky < rows.lastTap; ky++)
        for (int64_t kx = columns.firstTap; kx < columns.lastTap; kx++)
          *tap++ = {static_cast<int32_t>(((i * x.rows + ky) * x.pitch + kx) * kLanes),
                    static_cast<int32_t>((i * g.kernelHeight + ky) * g.kernelWidth + kx)};
    end = tap;
  }
};

/** What the windows of four positions see: where each one's corner lies in x. */
struct LaneCorners {
  const float* x[4];
};

/** sum = b + the products of CHANNELS outputs at four positions; w and b point to the first of each. */
template <int CHANNELS>
NN_INLINE void laneSums(const LaneTaps& taps, const LaneCorners& at, const float* w, const float* b,
                        Floats (&sum)[CHANNELS][4]) {
#pragma GCC unroll 6
  for (int o = 0; o < CHANNELS; o++) sum[o][0] = sum[o][1] = sum[o][2] = sum[o][3] = broadcast(b[o]);
  const float *const x0 = at.x[0], *const x1 = at.x[1], *const x2 = at.x[2], *const x3 = at.x[3];
  for (const LaneTap *tap = taps.begin, *const end = taps.end; tap < end; tap++) {
    const int64_t i = tap->place;
    const float* const weight = w + int64_t{tap->weight} * CHANNELS;
    const float* const x[4] = {x0 + i, x1 + i, x2 + i, x3 + i};
    Floats scale[CHANNELS];  // fewer registers than the elements of four positions would take
#pragma GCC unroll 6
    for (int o = 0; o < CHANNELS; o++) scale[o] = held(broadcast(weight[o]));
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
      const Floats v = held(load(x[k]));
#pragma GCC unroll 6
      for (int o = 0; o < CHANNELS; o++) sum[o][k] = multiplyAdd(v, scale[o], sum[o][k]);
    }
  }
}

/** A tile of y: CHANNELS outputs × four positions, `to` in their planes, which are `step` apart. */
template <int CHANNELS>
NN_TILE void laneForwardTile(const LaneTaps& taps, const LaneCorners& at, const float* w, const float* b,
                             Activation activation, const int64_t (&to)[4], float* y, int64_t step) {
  Floats sum[CHANNELS][4];
  laneSums<CHANNELS>(taps, at, w, b, sum);
#pragma GCC unroll 6
  for (int o = 0; o < CHANNELS; o++, y += step)
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) store(y + to[k], activate(activation, sum[o][k]));
}

/** Of CHANNELS outputs × 2 × 2 positions the largest, and where in the plane, `width` wide, of the convolution it lies. */
template <int CHANNELS>
NN_TILE void laneMaximaTile(const LaneTaps& taps, const LaneCorners& at, const float* w, const float* b,
                            Activation activation, int64_t corner, int64_t width, float* y, float* index,
                            int64_t step) {
  Floats sum[CHANNELS][4];
  laneSums<CHANNELS>(taps, at, w, b, sum);
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

NN_INLINE int64_t laneForwardScratch(const Convolution& g, bool padded) {
  return laneInputFloats(g, padded) + laneOutputFloats(g) + LaneTaps::floats(g);
}

/** y of `lanes` samples, from x with padding or without. */
inline void laneForward(const Convolution& g, const Samples& x, const float* filter, const float* b,
                        Activation activation, int64_t lanes, bool padded, const Samples& y, float* scratch) {
  const int64_t step = g.positions() * kLanes;
  for (int64_t group = 0; group < g.groups; group++) {
    const LanePlanes in = laneInput(g, x.from(group * g.groupIn * g.plane()), lanes, padded, scratch);
    const int64_t first = group * g.groupOut;
    const Samples to = y.from(first * g.positions());
    float* const out = to.lanesOr(scratch + laneInputFloats(g, padded));
    forEachLanePart(g, in, [&](const LaneSpan& rows, const LaneSpan& columns) {
      const LaneTaps taps(g, in, rows, columns, scratch + laneInputFloats(g, padded) + laneOutputFloats(g));
      const int64_t last = rows.count() * columns.count() - 1;
      for (int64_t p = 0; p <= last; p += 4) {
        LaneCorners at;
        int64_t places[4];
        for (int k = 0; k < 4; k++) {  // the last tile overlaps the one before it, or has a position more than once
          const int64_t i = std::min(std::max<int64_t>(0, std::min(p, last - 3)) + k, last);
          const int64_t row = rows.begin + i / columns.count(), column = columns.begin + i % columns.count();
          at.x[k] = in.at(0, row * g.strideHeight - g.padTop, column * g.strideWidth - g.padLeft);
          places[k] = (row * g.outWidth + column) * kLanes;
        }
        forEachLaneTile(g, filter + first * g.depth(), [&](auto channels, int64_t o, const float* w) {
          laneForwardTile<decltype(channels)::value>(taps, at, w, b + first + o, activation, places,
                                                     out + o * step, step);
        });
      }
    });
    writeLanes(to, g.ySample(), lanes, g.groupOut * g.positions(), out);
  }
}

/** Windows of 2 × 2 positions in a plane of y. */
NN_INLINE int64_t pooledPositions(const Convolution& g) { return g.outHeight / 2 * (g.outWidth / 2); }

NN_INLINE int64_t laneMaximaScratch(const Convolution& g) {
  return laneInputFloats(g, g.pads()) + 2 * g.groupOut * pooledPositions(g) * kLanes + LaneTaps::floats(g);
}

/** The pooled y of `lanes` samples, and the places of the maxima. */
inline void laneMaxima(const Convolution& g, const Samples& x, const float* filter, const float* b,
                       Activation activation, int64_t lanes, const Samples& y, const Samples& index, float* scratch) {
  const int64_t pooled = pooledPositions(g), step = pooled * kLanes, sample = g.outChannels * pooled;
  float* const room = scratch + laneInputFloats(g, g.pads());
  for (int64_t group = 0; group < g.groups; group++) {
    const LanePlanes in = laneInput(g, x.from(group * g.groupIn * g.plane()), lanes, g.pads(), scratch);
    const int64_t first = group * g.groupOut;
    const Samples toY = y.from(first * pooled), toIndex = index.from(first * pooled);
    float *const best = toY.lanesOr(room), *const places = toIndex.lanesOr(room + g.groupOut * step);
    const LaneTaps taps(g, in, {0, g.outHeight, 0, g.kernelHeight}, {0, g.outWidth, 0, g.kernelWidth},
                        room + 2 * g.groupOut * step);
    for (int64_t p = 0; p < pooled; p++) {
      const int64_t row = p / (g.outWidth / 2) * 2, column = p % (g.outWidth / 2) * 2;
      const int64_t down = row + 1, right = column + 1;
      const auto corner = [&](int64_t r, int64_t c) {
        return in.at(0, r * g.strideHeight - g.padTop, c * g.strideWidth - g.padLeft);
      };
      const LaneCorners at = {{corner(row, column), corner(row, right), corner(down, column), corner(down, right)}};
      forEachLaneTile(g, filter + first * g.depth(), [&](auto channels, int64_t o, const float* w) {
        const int64_t to = o * step + p * kLanes;
        laneMaximaTile<decltype(channels)::value>(taps, at, w, b + first + o, activation,
                                                  row * g.outWidth + column, g.outWidth, best + to, places + to, step);
      });
    }
    writeLanes(toY, sample, lanes, g.groupOut * pooled, best);
    writeLanes(toIndex, sample, lanes, g.groupOut * pooled, places);
  }
}

}  // namespace nn::NN_ISA
