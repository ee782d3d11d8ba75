/** The gradient of a convolution by its input with samples in lanes. Strides 1 and 2. */
#pragma once

#include "convolution_lanes.h"

namespace nn::NN_ISA {

/**
 * The longest run of taps in a row of the kernel that a tile takes. With 16 registers, those hold the weights of 2 beside
 * the sums of 10 columns, of 3 beside those of 5 columns two apart.
 */
constexpr int laneInputTaps(int stride) { return kRegisters == 32 ? 5 : 1 + stride; }

/** Columns of dy that a tile takes. */
constexpr int laneColumns(int stride) { return kRegisters == 32 ? 8 / stride : 10 / stride; }

/** Neighbouring columns of dx that they reach, each a sum in a register. */
constexpr int laneReach(int columns, int taps, int stride) { return (columns - 1) * stride + taps; }

/** Input channels of a tile: as many as registers hold beside a weight of each and some elements of dy. */
constexpr int laneInputChannels(int columns, int taps, int stride) {
  const int channels = (kRegisters - 4) / (laneReach(columns, taps, stride) + 1);
  return channels < 1 ? 1 : channels > 3 ? 3 : channels;
}

/**
 * line[i][column · STRIDE …] += Σ over o, ky and kx < TAPS of dy[o, (row − ky) / strideHeight, column …] · w[o, i, ky, kx],
 * moved by kx, for CHANNELS inputs i. Each dy meets each weight once, so there is no padding. `step` separates the lines.
 */
template <int CHANNELS, int COLUMNS, int TAPS, int STRIDE>
NN_TILE void laneInputGradientTile(const Convolution& g, const LanePlanes& dy, int64_t row, int64_t column,
                                  const float* w, float* line, int64_t step) {
  constexpr int REACH = laneReach(COLUMNS, TAPS, STRIDE);
  Floats sum[CHANNELS][REACH];
#pragma GCC unroll 3
  for (int i = 0; i < CHANNELS; i++)
#pragma GCC unroll 16
    for (int k = 0; k < REACH; k++) sum[i][k] = load(line + i * step + k * kLanes);
  const int64_t beyond = std::max<int64_t>(0, row - (g.outHeight - 1) * g.strideHeight);
  const int64_t first = beyond + (row - beyond) % g.strideHeight, last = std::min(row, g.kernelHeight - 1);
  const int64_t taps = g.taps();
  for (int64_t o = 0; o < g.groupOut; o++, w += g.depth())
    for (int64_t ky = first, r = (row - first) / g.strideHeight; ky <= last; ky += g.strideHeight, r--) {
      const float* from = dy.at(o, r, column);
      const float* const weight = w + ky * g.kernelWidth;
      if constexpr (CHANNELS * (REACH + TAPS) < kRegisters) {  // the weights fit, too: every element is loaded once
        Floats scale[CHANNELS][TAPS];
#pragma GCC unroll 3
        for (int i = 0; i < CHANNELS; i++)
#pragma GCC unroll 5
          for (int kx = 0; kx < TAPS; kx++) scale[i][kx] = held(broadcast(weight[i * taps + kx]));
#pragma GCC unroll 10
        for (int c = 0; c < COLUMNS; c++) {
          const Floats e = held(load(from + c * kLanes));
#pragma GCC unroll 3
          for (int i = 0; i < CHANNELS; i++)
#pragma GCC unroll 5
            for (int kx = 0; kx < TAPS; kx++)
              sum[i][c * STRIDE + kx] = multiplyAdd(e, scale[i][kx], sum[i][c * STRIDE + kx]);
        }
        continue;
      }
#pragma GCC unroll 5
      for (int kx = 0; kx < TAPS; kx++) {
        from = unknown(from);
        Floats scale[CHANNELS];
#pragma GCC unroll 3
        for (int i = 0; i < CHANNELS; i++) scale[i] = broadcast(weight[i * taps + kx]);
#pragma GCC unroll 10
        for (int c = 0; c < COLUMNS; c++) {
          const Floats e = CHANNELS > 1 ? held(load(from + c * kLanes)) : load(from + c * kLanes);
#pragma GCC unroll 3
          for (int i = 0; i < CHANNELS; i++)
            sum[i][c * STRIDE + kx] = multiplyAdd(e, scale[i], sum[i][c * STRIDE + kx]);
        }
      }
    }
#pragma GCC unroll 3
  for (int i = 0; i < CHANNELS; i++)
#pragma GCC unroll 16
    for (int k = 0; k < REACH; k++) store(line + i * step + k * kLanes, sum[i][k]);
}

/** Adds to `channels` lines what one row of dx gathers, by the widest tiles that fit. */
template <int STRIDE>
inline void laneInputGradientLines(const Convolution& g, const LanePlanes& dy, int64_t row, int64_t channels,
                                   const float* w, float* lines, int64_t step) {
  for (int64_t c = 0; c < g.outWidth; c += laneColumns(STRIDE)) {
    const int64_t columns = std::min<int64_t>(laneColumns(STRIDE), g.outWidth - c);
    forEachPart(g.kernelWidth, laneInputTaps(STRIDE), [&](int64_t kx, int64_t taps) {
      float* const line = lines + (c * STRIDE + kx) * kLanes;
      withCount<laneColumns(STRIDE)>(columns, [&](auto count) {
        withCount<laneInputTaps(STRIDE)>(taps, [&](auto run) {
          constexpr int COLUMNS = decltype(count)::value, TAPS = decltype(run)::value;
          constexpr int most = laneInputChannels(COLUMNS, TAPS, STRIDE);
          int64_t i = 0;
          for (; i + most <= channels; i += most)
            laneInputGradientTile<most, COLUMNS, TAPS, STRIDE>(g, dy, row, c, w + i * g.taps() + kx, line + i * step,
                                                                step);
          if constexpr (most > 1) {
            for (; i < channels; i++)
              laneInputGradientTile<1, COLUMNS, TAPS, STRIDE>(g, dy, row, c, w + i * g.taps() + kx, line + i * step,
                                                               step);
          }
        });
      });
    });
  }
}

NN_INLINE int64_t laneInputGradientScratch(const Convolution& g) {
  return laneOutputFloats(g) + g.groupIn * (g.plane() + g.coveredWidth()) * kLanes;
}

/** dx of `lanes` samples, or activation(dx + b) with a b for each channel. */
inline void laneInputGradient(const Convolution& g, const Samples& dy, const float* w, int64_t lanes, const Samples& dx,
                              float* scratch, const float* b = nullptr, Activation activation = Activation::none) {
  const int64_t step = g.coveredWidth() * kLanes, columns = std::min(g.width, g.coveredWidth() - g.padLeft);
  float *const outRoom = scratch, *const room = outRoom + laneOutputFloats(g);
  float* const lines = room + g.groupIn * g.plane() * kLanes;  // a row of each channel with its padding
  const auto bytes = [](int64_t count) { return static_cast<size_t>(count) * sizeof(float); };
  for (int64_t group = 0; group < g.groups; group++) {
    const float* const weights = w + group * g.groupOut * g.depth();
    const Samples from = dy.from(group * g.groupOut * g.positions()), to = dx.from(group * g.groupIn * g.plane());
    readLanes(from, g.ySample(), lanes, g.groupOut * g.positions(), outRoom);
    const LanePlanes out = {from.lanesOr(outRoom), g.outHeight, g.outWidth};
    const LanePlanes planes = {to.lanesOr(room), g.height, g.width};
    for (int64_t row = 0; row < g.height; row++) {
      std::memset(lines, 0, bytes(g.groupIn * step));
      if (row + g.padTop < g.coveredHeight()) {
        const auto add = g.strideWidth == 1 ? laneInputGradientLines<1> : laneInputGradientLines<2>;
        add(g, out, row + g.padTop, g.groupIn, weights, lines, step);
      }
      for (int64_t i = 0; i < g.groupIn; i++) {
        const float* const line = lines + i * step + g.padLeft * kLanes;
        float* const to = planes.at(i, row, 0);
        if (b == nullptr) {
          std::memcpy(to, line, bytes(columns * kLanes));
          std::memset(to + columns * kLanes, 0, bytes((g.width - columns) * kLanes));
          continue;
        }
        const Floats bias = broadcast(b[group * g.groupIn + i]);
        for (int64_t c = 0; c < g.width; c++) {
          const Floats sum = c < columns ? load(line + c * kLanes) : Floats{};
          store(to + c * kLanes, activate(activation, sum + bias));
        }
      }
    }
    writeLanes(to, g.xSample(), lanes, g.groupIn * g.plane(), planes.data);
  }
}

}  // namespace nn::NN_ISA
