/**
 * How the windows of a forward convolution meet x with samples in lanes: all with all their taps, where x is copied with zeros
 * around it, or at the edges with fewer, where it is read as it lies.
 */
#pragma once

#include "convolution_lanes.h"

namespace nn::NN_ISA {

/** Planes of x at `data`: without padding, or with the padding that windows cover. */
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
