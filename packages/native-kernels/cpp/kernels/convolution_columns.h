/**
 * Convolutions as matrix products, a sample at a time: a column of the matrix holds what one output position sees.
 * Any geometry that is `ordinary`; positions in the padding count as zeros, so what they multiply must be finite.
 */
#pragma once

#include "convolution.h"

namespace nn::NN_ISA {

/** The planes of a sample with zeros around them: [inChannels, rows, pitch]. */
struct Planes {
  const float* data;
  int64_t pitch, plane;
};

/** Scratch floats that `paddedPlanes` needs. */
NN_INLINE int64_t paddedFloats(const Convolution& g) {
  return g.pads() ? g.inChannels * g.coveredHeight() * g.coveredWidth() + tileColumns : 0;
}

/**
 * The sample itself where nothing is padded, else a copy in `scratch` of what windows cover, as far as output rows
 * [outTop, outBottom) need it.
 */
inline Planes paddedPlanes(const Convolution& g, const float* x, int64_t outTop, int64_t outBottom, float* scratch) {
  if (!g.pads()) return {x, g.width, g.plane()};
  const int64_t pitch = g.coveredWidth(), plane = g.coveredHeight() * pitch;
  const int64_t top = outTop * g.strideHeight;
  const int64_t bottom = (outBottom - 1) * g.strideHeight + (g.kernelHeight - 1) * g.dilationHeight + 1;
  const int64_t columns = std::min(g.width, pitch - g.padLeft);
  for (int64_t i = 0; i < g.inChannels; i++)
    for (int64_t row = top; row < bottom; row++) {
      float* const to = scratch + i * plane + row * pitch;
      const int64_t from = row - g.padTop;
      std::memset(to, 0, static_cast<size_t>(pitch) * sizeof(float));
      if (from >= 0 && from < g.height)
        std::memcpy(to + g.padLeft, x + (i * g.height + from) * g.width, static_cast<size_t>(columns) * sizeof(float));
    }
  return {scratch, pitch, plane};
}

/** Where output positions [start, start + kLanes) begin in a padded plane. */
struct Run {
  int64_t offset[kLanes];
  Ints fromFirst;  // lanes in the row of the first position
  bool twoLoads;   // the positions are consecutive in one row or two

  Run(const Convolution& g, int64_t start, int64_t pitch) {
    const int64_t position = std::min(start, g.positions() - 1), left = g.positions() - 1 - position;
    int64_t at = position / g.outWidth * g.strideHeight * pitch + position % g.outWidth * g.strideWidth;
    int64_t column = position % g.outWidth, breaks = 0;
    for (int lane = 0; lane < kLanes; lane++) {
      offset[lane] = at;
      fromFirst[lane] = at == offset[0] + lane ? -1 : 0;
      if (lane >= left) continue;
      const bool ends = ++column == g.outWidth;
      const int64_t step = ends ? g.strideHeight * pitch - (g.outWidth - 1) * g.strideWidth : g.strideWidth;
      if (ends) column = 0;
      at += step;
      breaks += lane + 1 < kLanes && step != 1;
    }
    twoLoads = breaks <= 1 && start + kLanes <= g.positions() && g.strideWidth == 1;
  }

  /** What a tap sees at the positions; x points to the tap's place in the plane. */
  NN_INLINE Floats at(const float* x) const {
    if (twoLoads) return fromFirst ? load(x + offset[0]) : load(x + offset[kLanes - 1] - (kLanes - 1));
    Floats v;
    for (int lane = 0; lane < kLanes; lane++) v[lane] = x[offset[lane]];
    return v;
  }
};

/** out[depths, 16]: depths [begin, end) of the columns at positions start … start + 15, for the group's planes. */
inline void columnPanel(const Convolution& g, const Planes& x, int64_t start, int64_t begin, int64_t end, float* out) {
  const Run first(g, start, x.pitch), second(g, start + kLanes, x.pitch);
  int64_t kx = begin % g.kernelWidth, ky = begin / g.kernelWidth % g.kernelHeight, i = begin / g.taps();
  for (int64_t k = begin; k < end; k++, out += tileColumns) {
    const float* tap = x.data + i * x.plane + ky * g.dilationHeight * x.pitch + kx * g.dilationWidth;
    store(out, first.at(tap)), store(out + kLanes, second.at(tap));
    if (++kx == g.kernelWidth) kx = 0, ky++;
    if (ky == g.kernelHeight) ky = 0, i++;
  }
}

NN_INLINE int64_t columnsForwardScratch(const Convolution& g) {
  return paddedFloats(g) + std::min(g.depth(), depthBlock) * tileColumns;
}

/** y of one sample at positions [start, end); no b is a b of zeros. y = w[outChannels, depth] · columns[depth, positions]. */
inline void columnsForward(const Convolution& g, const float* x, const float* w, const float* b, Activation activation,
                           int64_t start, int64_t end, float* y, float* scratch) {
  Planes planes = paddedPlanes(g, x, start / g.outWidth, divideUp(end, g.outWidth), scratch);
  float* const panel = scratch + paddedFloats(g);
  const int64_t depth = g.depth(), rows = g.groupOut, blocks = std::max<int64_t>(1, divideUp(depth, depthBlock));
  for (int64_t group = 0; group < g.groups; group++) {
    Product p = {rows,          end, depth, {w + group * rows * depth, depth, 1}, {}, y + group * rows * g.positions(),
                 g.positions(), 1};
    p.bias = b == nullptr ? nullptr : b + group * rows, p.biasOfRows = true, p.activation = activation;
    for (int64_t j = start; j < end; j += tileColumns)
      for (int64_t block = 0; block < blocks; block++) {
        const int64_t k0 = depth * block / blocks, k1 = depth * (block + 1) / blocks;
        columnPanel(g, planes, j, k0, k1, panel);
        productPanel(p, p.a.at(0, k0), 0, rows, j, {panel, tileColumns, k0, k1});
      }
    planes.data += g.groupIn * planes.plane;
  }
}

/** Input channels whose columns are formed at a time: at most 256 KiB of them. */
NN_INLINE int64_t channelBlock(const Convolution& g) {
  return std::min(g.groupIn, std::max<int64_t>(1, 65536 / (g.taps() * g.positions())));
}

/** The product of a block of channels: columns[channels · taps, positions] = wᵀ · dy. */
NN_INLINE Product inputGradientProduct(const Convolution& g, int64_t channels, const float* dy, const float* w,
                                       float* columns) {
  return {channels * g.taps(),    g.positions(), g.groupOut,    {w, 1, g.depth()},
          {dy, g.positions(), 1}, columns,       g.positions(), 1};
}

NN_INLINE int64_t columnsInputGradientScratch(const Convolution& g) {
  const int64_t channels = channelBlock(g);
  return channels * g.taps() * g.positions() +
         productScratch(inputGradientProduct(g, channels, nullptr, nullptr, nullptr));
}

/** First position c with c · stride + shift ≥ 0, and the first with c · stride + shift ≥ size, within [0, count]. */
NN_INLINE int64_t firstInside(int64_t stride, int64_t shift, int64_t count) {
  return std::min(count, shift >= 0 ? 0 : divideUp(-shift, stride));
}
NN_INLINE int64_t firstBeyond(int64_t stride, int64_t shift, int64_t size, int64_t count) {
  return std::max<int64_t>(0, std::min(count, shift >= size ? 0 : divideUp(size - shift, stride)));
}

/** dx[plane] += one tap's row of the columns, put back where the tap saw it. */
inline void addTap(const Convolution& g, int64_t ky, int64_t kx, const float* column, float* dx) {
  const int64_t down = ky * g.dilationHeight - g.padTop, right = kx * g.dilationWidth - g.padLeft;
  const int64_t c0 = firstInside(g.strideWidth, right, g.outWidth);
  const int64_t c1 = firstBeyond(g.strideWidth, right, g.width, g.outWidth);
  const int64_t r1 = firstBeyond(g.strideHeight, down, g.height, g.outHeight);
  for (int64_t r = firstInside(g.strideHeight, down, g.outHeight); r < r1; r++) {
    const float* from = column + r * g.outWidth;
    float* to = dx + (r * g.strideHeight + down) * g.width + right;
    if (g.strideWidth == 1) {
      forEachVector(c0, c1, [&](int64_t c, int64_t lanes) {
        storeLanes(to + c, loadLanes(to + c, lanes) + loadLanes(from + c, lanes), lanes);
      });
    } else {
      for (int64_t c = c0; c < c1; c++) to[c * g.strideWidth] += from[c];
    }
  }
}

/** dx of one sample. */
inline void columnsInputGradient(const Convolution& g, const float* dy, const float* w, float* dx, float* scratch) {
  const int64_t block = channelBlock(g), taps = g.taps();
  float* const columns = scratch;
  float* const panels = scratch + block * taps * g.positions();
  std::memset(dx, 0, static_cast<size_t>(g.xSample()) * sizeof(float));
  for (int64_t group = 0; group < g.groups; group++)
    for (int64_t i0 = 0; i0 < g.groupIn; i0 += block) {
      const int64_t channels = std::min(block, g.groupIn - i0);
      multiplyBlock(inputGradientProduct(g, channels, dy + group * g.groupOut * g.positions(),
                                         w + group * g.groupOut * g.depth() + i0 * taps, columns),
                    panels);
      for (int64_t i = 0; i < channels; i++)
        for (int64_t tap = 0; tap < taps; tap++)
          addTap(g, tap / g.kernelWidth, tap % g.kernelWidth, columns + (i * taps + tap) * g.positions(),
                 dx + (group * g.groupIn + i0 + i) * g.plane());
    }
}

/** Output rows whose columns are formed at a time: at most 256 KiB of them. */
NN_INLINE int64_t outRowBlock(const Convolution& g) {
  return std::min(g.outHeight, std::max<int64_t>(1, 65536 / (g.depth() * g.outWidth)));
}

/** Whether a group's dw [outChannels, depth] is summed as its transpose, whose rows fill tiles better. */
NN_INLINE bool transposesWeightGradient(const Convolution& g) { return g.groupOut < g.depth(); }

/** dw[outChannels, depth] += dy[outChannels, positions] · columnsᵀ. */
NN_INLINE Product weightGradientProduct(const Convolution& g, int64_t rows, const float* dy, const float* columns,
                                        float* dw) {
  const int64_t positions = rows * g.outWidth;
  const bool turned = transposesWeightGradient(g);
  Product p = {g.groupOut, g.depth(), positions, {dy, g.positions(), 1}, {columns, 1, positions}, dw,
               g.depth(),  1,         true};
  if (turned) p.cRow = 1, p.cColumn = g.groupOut;
  return p;
}

NN_INLINE int64_t columnsWeightGradientScratch(const Convolution& g) {
  const int64_t rows = outRowBlock(g);
  return paddedFloats(g) + g.depth() * rows * g.outWidth +
         productScratch(weightGradientProduct(g, rows, nullptr, nullptr, nullptr));
}

/** dw += what one sample contributes; dw is [groups] matrices as `transposesWeightGradient` says. */
inline void columnsWeightGradient(const Convolution& g, const float* x, const float* dy, float* dw, float* scratch) {
  const Planes planes = paddedPlanes(g, x, 0, g.outHeight, scratch);
  const int64_t block = outRowBlock(g);
  float* const columns = scratch + paddedFloats(g);
  float* const panels = columns + g.depth() * block * g.outWidth;
  for (int64_t group = 0; group < g.groups; group++)
    for (int64_t r0 = 0; r0 < g.outHeight; r0 += block) {
      const int64_t rows = std::min(block, g.outHeight - r0);
      float* out = columns;
      for (int64_t i = 0; i < g.groupIn; i++)
        for (int64_t ky = 0; ky < g.kernelHeight; ky++)
          for (int64_t kx = 0; kx < g.kernelWidth; kx++) {
            const float* tap = planes.data + (group * g.groupIn + i) * planes.plane +
                               ky * g.dilationHeight * planes.pitch + kx * g.dilationWidth;
            for (int64_t r = r0; r < r0 + rows; r++, out += g.outWidth) {
              const float* from = tap + r * g.strideHeight * planes.pitch;
              if (g.strideWidth == 1) {
                std::memcpy(out, from, static_cast<size_t>(g.outWidth) * sizeof(float));
              } else {
                for (int64_t c = 0; c < g.outWidth; c++) out[c] = from[c * g.strideWidth];
              }
            }
          }
      multiplyBlock(weightGradientProduct(g, rows, dy + group * g.groupOut * g.positions() + r0 * g.outWidth, columns,
                                          dw + group * g.groupOut * g.depth()),
                    panels);
    }
}

}  // namespace nn::NN_ISA
