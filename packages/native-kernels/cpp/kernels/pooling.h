/** The geometry of pooling, and the positions of a window. */
#pragma once

#include <algorithm>
#include <cstring>

#include "../registry.h"
#include "../vector.h"

namespace nn::NN_ISA {

/** x [batch, channels, height, width] → y [batch, channels, outHeight, outWidth], plane by plane. */
struct Pooling {
  int64_t batch, channels, height, width, kernelHeight, kernelWidth, strideHeight, strideWidth, padTop, padLeft,
      dilationHeight, dilationWidth, outHeight, outWidth;

  NN_INLINE int64_t planes() const { return batch * channels; }
  NN_INLINE int64_t plane() const { return height * width; }
  NN_INLINE int64_t outPlane() const { return outHeight * outWidth; }
  /** Whether windows are 2 × 2, side by side and all inside x. */
  NN_INLINE bool isPlainTwoByTwo() const {
    return kernelHeight == 2 && kernelWidth == 2 && strideHeight == 2 && strideWidth == 2 && padTop == 0 && padLeft == 0 &&
           dilationHeight == 1 && dilationWidth == 1 && 2 * outHeight <= height && 2 * outWidth <= width;
  }

  Status read(const Launch& launch) {
    int64_t* const fields[] = {&batch,       &channels, &height,  &width,          &kernelHeight,  &kernelWidth, &strideHeight,
                               &strideWidth, &padTop,   &padLeft, &dilationHeight, &dilationWidth, &outHeight,   &outWidth};
    for (int i = 0; i < 14; i++) {
      *fields[i] = launch.size(i);
      if (*fields[i] < 0 || *fields[i] > INT32_MAX) return launch.fail("attribute %d is %g", i + 1, launch.number(i));
    }
    if (strideHeight == 0 || strideWidth == 0 || dilationHeight == 0 || dilationWidth == 0)
      return launch.fail("strides and dilations must be at least 1");
    return nullptr;
  }

  Status expectX(const Launch& launch, int buffer) const {
    return launch.expectLength(buffer, product({batch, channels, height, width}));
  }
  Status expectY(const Launch& launch, int buffer) const {
    return launch.expectLength(buffer, product({batch, channels, outHeight, outWidth}));
  }

  /** The part of a window that lies inside x: kernel rows [top, bottom) and columns [left, right). */
  struct Window {
    int64_t row, column, top, bottom, left, right;  // row and column of the window's corner, perhaps in the padding
  };
  NN_INLINE Window window(int64_t outRow, int64_t outColumn) const {
    const int64_t row = outRow * strideHeight - padTop, column = outColumn * strideWidth - padLeft;
    return {row,
            column,
            row >= 0 ? 0 : (-row + dilationHeight - 1) / dilationHeight,
            std::min(kernelHeight, row >= height ? 0 : (height - row + dilationHeight - 1) / dilationHeight),
            column >= 0 ? 0 : (-column + dilationWidth - 1) / dilationWidth,
            std::min(kernelWidth, column >= width ? 0 : (width - column + dilationWidth - 1) / dilationWidth)};
  }

  /** Calls each(index in x's plane) for the window's positions inside x, rows first. */
  template <typename Each>
  NN_INLINE void forEachInside(const Window& w, const Each& each) const {
    for (int64_t ky = w.top; ky < w.bottom; ky++)
      for (int64_t kx = w.left; kx < w.right; kx++)
        each((w.row + ky * dilationHeight) * width + w.column + kx * dilationWidth);
  }

  /** Calls body(plane) for every plane, on the threads. */
  template <typename Body>
  NN_INLINE void forEachPlane(double nanoseconds, const Body& body) const {
    const int64_t grain = std::max<int64_t>(1, static_cast<int64_t>(10000 / (nanoseconds + 1)));
    parallelFor(planes(), grain, nanoseconds, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) body(i);
    });
  }
};

}  // namespace nn::NN_ISA
