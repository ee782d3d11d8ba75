/**
 * The geometry of a two-dimensional convolution, as the attributes give it, and the choice of a method.
 *
 * y[n, o, r, c] = b[o] + Σ over i, ky, kx of w[o, i, ky, kx] · x[n, i, r·stride − pad + ky·dilation, …]
 * with x [batch, inChannels, height, width], w [outChannels, inChannels/groups, kernelHeight, kernelWidth] and
 * y [batch, outChannels, outHeight, outWidth]; positions outside x contribute nothing.
 */
#pragma once

#include "../registry.h"
#include "gemm.h"

namespace nn::NN_ISA {

struct Convolution {
  int64_t batch, inChannels, height, width, outChannels, kernelHeight, kernelWidth, strideHeight, strideWidth, padTop,
      padLeft, dilationHeight, dilationWidth, groups, outHeight, outWidth;

  NN_INLINE int64_t groupIn() const { return inChannels / groups; }
  NN_INLINE int64_t groupOut() const { return outChannels / groups; }
  NN_INLINE int64_t taps() const { return kernelHeight * kernelWidth; }
  /** Weights of one output channel. */
  NN_INLINE int64_t depth() const { return groupIn() * taps(); }
  NN_INLINE int64_t plane() const { return height * width; }
  NN_INLINE int64_t positions() const { return outHeight * outWidth; }
  NN_INLINE int64_t xSample() const { return inChannels * plane(); }
  NN_INLINE int64_t ySample() const { return outChannels * positions(); }
  NN_INLINE int64_t weights() const { return outChannels * depth(); }
  /** Rows and columns of x with its padding that the windows cover. */
  NN_INLINE int64_t coveredHeight() const { return (outHeight - 1) * strideHeight + (kernelHeight - 1) * dilationHeight + 1; }
  NN_INLINE int64_t coveredWidth() const { return (outWidth - 1) * strideWidth + (kernelWidth - 1) * dilationWidth + 1; }
  NN_INLINE bool pads() const {
    return padTop > 0 || padLeft > 0 || coveredHeight() > height || coveredWidth() > width;
  }
  NN_INLINE bool empty() const { return batch * ySample() == 0; }
  /** Whether every window can meet x and padding is no more than a few times x. Anything else takes the plain loops. */
  NN_INLINE bool ordinary() const {
    return height > 0 && width > 0 && depth() > 0 && padTop <= (kernelHeight - 1) * dilationHeight &&
           padLeft <= (kernelWidth - 1) * dilationWidth && (outHeight - 1) * strideHeight - padTop < height &&
           (outWidth - 1) * strideWidth - padLeft < width && coveredHeight() <= 4 * (height + kernelHeight) &&
           coveredWidth() <= 4 * (width + kernelWidth);
  }
  /** Estimated time of a sample on one thread. */
  NN_INLINE double sampleNanoseconds() const {
    return static_cast<double>(ySample()) * static_cast<double>(depth()) / 25.0;
  }

  /** Reads the sixteen attributes from the first on, or says what is wrong with them. */
  Status read(const Launch& launch) {
    int64_t* const fields[] = {&batch,       &inChannels,  &height,  &width,    &outChannels,    &kernelHeight,
                               &kernelWidth, &strideHeight, &strideWidth, &padTop, &padLeft, &dilationHeight,
                               &dilationWidth, &groups, &outHeight, &outWidth};
    for (int i = 0; i < 16; i++) {
      *fields[i] = launch.size(i);
      if (*fields[i] < 0 || *fields[i] > INT32_MAX) return launch.fail("attribute %d is %g", i + 1, launch.number(i));
    }
    if (strideHeight == 0 || strideWidth == 0 || dilationHeight == 0 || dilationWidth == 0)
      return launch.fail("strides and dilations must be at least 1");
    if (groups == 0 || inChannels % groups != 0 || outChannels % groups != 0)
      return launch.fail("%lld groups do not divide %lld and %lld channels", static_cast<long long>(groups),
                         static_cast<long long>(inChannels), static_cast<long long>(outChannels));
    return nullptr;
  }

  Status expectX(const Launch& launch, int buffer) const {
    return launch.expectLength(buffer, product({batch, inChannels, height, width}));
  }
  Status expectW(const Launch& launch, int buffer) const {
    return launch.expectLength(buffer, product({outChannels, groupIn(), kernelHeight, kernelWidth}));
  }
  Status expectY(const Launch& launch, int buffer) const {
    return launch.expectLength(buffer, product({batch, outChannels, outHeight, outWidth}));
  }
};

/** How a convolution is computed. */
enum class Method { plain, columns, lanes };

/** Whether every number is finite: each times zero is zero. */
inline bool allFinite(const float* x, int64_t count) {
  Floats sum[4] = {};
  int64_t i = 0;
  for (; i + 4 * kLanes <= count; i += 4 * kLanes)
    for (int k = 0; k < 4; k++) sum[k] = multiplyAdd(load(x + i + k * kLanes), Floats{}, sum[k]);
  forEachVector(i, count, [&](int64_t j, int64_t lanes) { sum[0] += loadLanes(x + j, lanes) * Floats{}; });
  return sumOfLanes((sum[0] + sum[1]) + (sum[2] + sum[3])) == 0;
}

}  // namespace nn::NN_ISA
