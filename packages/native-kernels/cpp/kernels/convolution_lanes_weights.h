/** The gradient of a convolution by its weights with samples in lanes. */
#pragma once

#include "convolution_lanes.h"
#include "convolution_lanes_input.h"

namespace nn::NN_ISA {

/** The longest run of taps in a row of the kernel that a tile takes. */
constexpr int laneTaps = 5;

/** Output channels of a tile for a number of taps: a sum for each of both, an element of dy each, and one of x. */
constexpr int laneWeightChannels(int taps) {
  const int channels = (kRegisters - 1) / (taps + 1);
  return channels > 8 ? 8 : channels;
}

/** Rows or columns of y whose windows have an element `at` of theirs, from their start on, within `size` elements of x. */
struct LaneRange {
  int64_t begin, end;

  LaneRange(int64_t at, int64_t stride, int64_t size, int64_t out)
      : begin(at < 0 ? divideUp(-at, stride) : 0), end(std::min(out, at < size ? (size - 1 - at) / stride + 1 : 0)) {}
};

/**
 * dw[o, kx] (+= unless `first`) Σ over rows and columns of dy[o, r, c] · x[r, c + kx], samples apart: CHANNELS · TAPS sums in
 * registers. `x` is where the first row and tap would lie; `column`, which column of x that is: some lie outside.
 */
template <int CHANNELS, int TAPS>
NN_TILE void laneWeightGradientTile(const Convolution& g, const float* dy, int64_t dyChannel, const float* x,
                                   int64_t column, int64_t rows, bool first, float* dw, int64_t dwChannel) {
  Floats sum[CHANNELS][TAPS];
#pragma GCC unroll 8
  for (int o = 0; o < CHANNELS; o++)
#pragma GCC unroll 5
    for (int k = 0; k < TAPS; k++) sum[o][k] = first ? Floats{} : load(dw + o * dwChannel + k * kLanes);
  const int64_t step = g.strideWidth * kLanes, xRow = g.strideHeight * g.width * kLanes;
  const int64_t begin = LaneRange(column, g.strideWidth, g.width, g.outWidth).begin;
  const int64_t end = LaneRange(column + TAPS - 1, g.strideWidth, g.width, g.outWidth).end;
  for (int64_t r = 0; r < rows; r++, x += xRow) {
    const float* in = x;
    const auto add = [&](const auto& meets) __attribute__((always_inline)) {
      Floats e[CHANNELS];
#pragma GCC unroll 8
      for (int o = 0; o < CHANNELS; o++) e[o] = held(load(dy + o * dyChannel));
#pragma GCC unroll 5
      for (int k = 0; k < TAPS; k++) {
        if (!meets(k)) continue;
        const Floats v = held(load(in + k * kLanes));
#pragma GCC unroll 8
        for (int o = 0; o < CHANNELS; o++) sum[o][k] = multiplyAdd(e[o], v, sum[o][k]);
      }
      in += step, dy += kLanes;
    };
    for (int64_t c = 0; c < g.outWidth;) {
      for (; c >= begin && c < end; c++) add([](int) { return true; });
      for (; c < g.outWidth && (c < begin || c >= end); c++)
        add([&](int k) {
          return static_cast<uint64_t>(column + c * g.strideWidth + k) < static_cast<uint64_t>(g.width);
        });
    }
  }
#pragma GCC unroll 8
  for (int o = 0; o < CHANNELS; o++)
#pragma GCC unroll 5
    for (int k = 0; k < TAPS; k++) store(dw + o * dwChannel + k * kLanes, sum[o][k]);
}

/** Scratch floats for the input channels of a group without padding. */
NN_INLINE int64_t lanePlanesFloats(const Convolution& g) { return g.groupIn * g.plane() * kLanes; }

NN_INLINE int64_t laneWeightGradientScratch(const Convolution& g) {
  return lanePlanesFloats(g) + laneOutputFloats(g) + g.weights() * kLanes;
}

/** Where `laneWeightGradient` keeps its sums in its scratch: [outChannels, depth, kLanes]. */
NN_INLINE float* laneWeightSums(const Convolution& g, float* scratch) {
  return scratch + lanePlanesFloats(g) + laneOutputFloats(g);
}

/**
 * The sums = what `lanes` samples contribute, each sample in its lane; added to what is there unless `first`. No padding
 * meets anything.
 */
inline void laneWeightGradient(const Convolution& g, const Samples& x, const Samples& dy, int64_t lanes, bool first,
                               float* scratch) {
  const int64_t outPlane = g.positions() * kLanes, depth = g.depth() * kLanes;
  const int64_t strip = std::max<int64_t>(1, 2048 / kLanes / g.outWidth);  // rows of dy that stay in the nearest cache
  for (int64_t group = 0; group < g.groups; group++) {
    const float* const in = readLanes(x.from(group * g.groupIn * g.plane()), g.xSample(), lanes, g.groupIn * g.plane(), scratch);
    const float* const out = readLanes(dy.from(group * g.groupOut * g.positions()), g.ySample(), lanes,
                                       g.groupOut * g.positions(), scratch + lanePlanesFloats(g));
    float* const sums = laneWeightSums(g, scratch) + group * g.groupOut * depth;
    for (int64_t r = 0; r < g.outHeight; r += strip)
      forEachPart(g.kernelWidth, laneTaps, [&](int64_t kx, int64_t width) {
        withCount<laneTaps>(width, [&](auto taps) {
          constexpr int TAPS = decltype(taps)::value, most = laneWeightChannels(TAPS);
          forEachPart(g.groupOut, most, [&](int64_t o, int64_t count) {
            withCount<most>(count, [&](auto channels) {
              for (int64_t i = 0; i < g.groupIn; i++)
                for (int64_t ky = 0; ky < g.kernelHeight; ky++) {
                  const LaneRange rows(ky - g.padTop, g.strideHeight, g.height, g.outHeight);
                  const int64_t top = std::max(r, rows.begin), bottom = std::max(top, std::min(r + strip, rows.end));
                  const int64_t row = top * g.strideHeight + ky - g.padTop, column = kx - g.padLeft;
                  laneWeightGradientTile<decltype(channels)::value, TAPS>(
                      g, out + o * outPlane + top * g.outWidth * kLanes, outPlane,
                      in + ((i * g.height + row) * g.width + column) * kLanes, column, bottom - top, first && r == 0,
                      sums + o * depth + ((i * g.kernelHeight + ky) * g.kernelWidth + kx) * kLanes, depth);
                }
            });
          });
        });
      });
  }
}

}  // namespace nn::NN_ISA
