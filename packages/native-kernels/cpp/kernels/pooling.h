/** The geometry of pooling, and the positions of a window. */
#pragma once

#include <algorithm>
#include <cstring>

#include "../registry.h"
#include "../vector.h"
#include "convolution_sizes.h"
#include "gemm_vectors.h"

namespace nn::NN_ISA {

/** x [batch, channels, height, width] → y [batch, channels, outHeight, outWidth], plane by plane. */
struct Pooling {
  int64_t batch, channels, height, width, kernelHeight, kernelWidth, strideHeight, strideWidth, padTop, padLeft,
      dilationHeight, dilationWidth, outHeight, outWidth;

  NN_INLINE int64_t planes() const { return batch * channels; }
  NN_INLINE int64_t plane() const { return height * width; }
  NN_INLINE int64_t outPlane() const { return outHeight * outWidth; }
  /** Estimated time of a plane on one thread, a vector of planes at a time. */
  NN_INLINE double planeNanoseconds() const {
    const double window = 2 + static_cast<double>(kernelHeight) * static_cast<double>(kernelWidth);
    return 0.2 * static_cast<double>(plane()) + 0.3 * static_cast<double>(outPlane()) * window;
  }

  /** Reads the first fourteen attributes, or says what is wrong with them. */
  Status read(const Launch& launch) {
    const SizeField fields[] = {{"batch", &batch},
                                {"channels", &channels},
                                {"height", &height},
                                {"width", &width},
                                {"kernelHeight", &kernelHeight},
                                {"kernelWidth", &kernelWidth},
                                {"strideHeight", &strideHeight, 1},
                                {"strideWidth", &strideWidth, 1},
                                {"padTop", &padTop},
                                {"padLeft", &padLeft},
                                {"dilationHeight", &dilationHeight, 1},
                                {"dilationWidth", &dilationWidth, 1},
                                {"outHeight", &outHeight},
                                {"outWidth", &outWidth}};
    return readSizes(launch, fields);
  }

  Status expectX(const Launch& launch, int buffer) const {
    return launch.expectLength(buffer, product({batch, channels, height, width}));
  }
  Status expectY(const Launch& launch, int buffer) const {
    return launch.expectLength(buffer, product({batch, channels, outHeight, outWidth}));
  }

  /** Whether windows are 2 × 2, side by side and whole, as `poolPairs` takes them. */
  NN_INLINE bool pairs() const {
    return kernelHeight == 2 && kernelWidth == 2 && strideHeight == 2 && strideWidth == 2 && padTop == 0 &&
           padLeft == 0 && dilationHeight == 1 && dilationWidth == 1 && outHeight == height / 2 && outWidth == width / 2;
  }
  /** Whether no two windows share a position. */
  NN_INLINE bool apart() const {
    return (outHeight < 2 || strideHeight > (kernelHeight - 1) * dilationHeight) &&
           (outWidth < 2 || strideWidth > (kernelWidth - 1) * dilationWidth);
  }

  /** The part of a window that lies inside x: kernel rows [top, bottom) and columns [left, right). */
  struct Window {
    int64_t row, column, top, bottom, left, right;  // row and column of the window's corner, perhaps in the padding
  };
  NN_INLINE Window window(int64_t outRow, int64_t outColumn) const {
    const int64_t row = outRow * strideHeight - padTop, column = outColumn * strideWidth - padLeft;
    return {row,
            column,
            firstInside(row, dilationHeight),
            firstBeyond(row, dilationHeight, kernelHeight, height),
            firstInside(column, dilationWidth),
            firstBeyond(column, dilationWidth, kernelWidth, width)};
  }
  /** The first k with start + k · step ≥ 0, and the first of `count` with start + k · step ≥ size. */
  static NN_INLINE int64_t firstInside(int64_t start, int64_t step) {
    return start >= 0 ? 0 : (step - 1 - start) / step;
  }
  static NN_INLINE int64_t firstBeyond(int64_t start, int64_t step, int64_t count, int64_t size) {
    if (start + (count - 1) * step < size) return count;
    return start >= size ? 0 : (size - start + step - 1) / step;
  }

  /** The first position of a window inside x, −1 if there is none. */
  NN_INLINE int64_t firstInside(const Window& w) const {
    if (w.top >= w.bottom || w.left >= w.right) return -1;
    return (w.row + w.top * dilationHeight) * width + w.column + w.left * dilationWidth;
  }

  /** Calls each(index in y's plane, window) for all windows. */
  template <typename Each>
  NN_INLINE void forEachWindow(const Each& each) const {
    for (int64_t row = 0; row < outHeight; row++)
      for (int64_t column = 0; column < outWidth; column++) each(row * outWidth + column, window(row, column));
  }

  /** Calls each(index in x's plane) for the window's positions inside x, rows first. */
  template <typename Each>
  NN_INLINE void forEachInside(const Window& w, const Each& each) const {
    const int64_t down = dilationHeight * width, corner = w.row * width + w.column;
    if (kernelHeight == 2 && kernelWidth == 2 && w.top + w.left == 0 && w.bottom + w.right == 4) {
      each(corner), each(corner + dilationWidth);
      each(corner + down), each(corner + down + dilationWidth);
      return;
    }
    for (int64_t ky = w.top; ky < w.bottom; ky++)
      for (int64_t kx = w.left; kx < w.right; kx++) each(corner + ky * down + kx * dilationWidth);
  }

  /** Calls body(plane) for every plane, on the threads. */
  template <typename Body>
  NN_INLINE void forEachPlane(const Body& body) const {
    const double nanoseconds = 0.25 * static_cast<double>(plane());
    const int64_t grain = std::max<int64_t>(1, static_cast<int64_t>(10000 / (nanoseconds + 1)));
    parallelFor(planes(), grain, nanoseconds, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) body(i);
    });
  }

  /** Calls body(first plane, planes) for kLanes planes at a time, on the threads. */
  template <typename Body>
  NN_INLINE void forEachBlockOfPlanes(double planeNanoseconds, const Body& body) const {
    const double nanoseconds = planeNanoseconds * kLanes;
    const int64_t grain = std::max<int64_t>(1, static_cast<int64_t>(10000 / (nanoseconds + 1)));
    parallelFor((planes() + kLanes - 1) / kLanes, grain, nanoseconds, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) body(i * kLanes, std::min<int64_t>(kLanes, planes() - i * kLanes));
    });
  }
};

}  // namespace nn::NN_ISA
