/**
 * The geometry of a two-dimensional convolution, as the attributes give it, and the choice of a method.
 *
 * y[n, o, r, c] = b[o] + Σ over i, ky, kx of w[o, i, ky, kx] · x[n, i, r·stride − pad + ky·dilation, …]
 * with x [batch, inChannels, height, width], w [outChannels, inChannels/groups, kernelHeight, kernelWidth] and
 * y [batch, outChannels, outHeight, outWidth]; positions outside x contribute nothing.
 */
#pragma once

#include "../registry.h"
#include "convolution_sizes.h"
#include "gemm.h"
#include "samples.h"

namespace nn::NN_ISA {

struct Convolution {
  int64_t batch, inChannels, height, width, outChannels, kernelHeight, kernelWidth, strideHeight, strideWidth, padTop,
      padLeft, dilationHeight, dilationWidth, groups, outHeight, outWidth;
  /** Channels of one group. */
  int64_t groupIn, groupOut;

  NN_INLINE int64_t taps() const { return kernelHeight * kernelWidth; }
  /** Weights of one output channel. */
  NN_INLINE int64_t depth() const { return groupIn * taps(); }
  NN_INLINE int64_t plane() const { return height * width; }
  NN_INLINE int64_t positions() const { return outHeight * outWidth; }
  NN_INLINE int64_t xSample() const { return inChannels * plane(); }
  NN_INLINE int64_t ySample() const { return outChannels * positions(); }
  NN_INLINE int64_t weights() const { return outChannels * depth(); }
  /** Rows and columns of x with its padding that the windows cover. */
  NN_INLINE int64_t coveredHeight() const {
    return (outHeight - 1) * strideHeight + (kernelHeight - 1) * dilationHeight + 1;
  }
  NN_INLINE int64_t coveredWidth() const {
    return (outWidth - 1) * strideWidth + (kernelWidth - 1) * dilationWidth + 1;
  }
  NN_INLINE bool pads() const {
    return padTop > 0 || padLeft > 0 || coveredHeight() > height || coveredWidth() > width;
  }
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

  /** The forward convolution, of dy with turned weights (`turnWeights`), that is this one's input gradient. Stride 1.
   */
  NN_INLINE Convolution turned() const {
    Convolution t = *this;
    t.inChannels = outChannels, t.height = outHeight, t.width = outWidth;
    t.groupIn = groupOut, t.groupOut = groupIn;
    t.outChannels = inChannels, t.outHeight = height, t.outWidth = width;
    t.padTop = (kernelHeight - 1) * dilationHeight - padTop;
    t.padLeft = (kernelWidth - 1) * dilationWidth - padLeft;
    return t;
  }

  /** Reads the first sixteen attributes, or says what is wrong with them. */
  Status read(const Launch& launch) {
    const SizeField fields[] = {{"batch", &batch},
                                {"inChannels", &inChannels},
                                {"height", &height},
                                {"width", &width},
                                {"outChannels", &outChannels},
                                {"kernelHeight", &kernelHeight},
                                {"kernelWidth", &kernelWidth},
                                {"strideHeight", &strideHeight, 1},
                                {"strideWidth", &strideWidth, 1},
                                {"padTop", &padTop},
                                {"padLeft", &padLeft},
                                {"dilationHeight", &dilationHeight, 1},
                                {"dilationWidth", &dilationWidth, 1},
                                {"groups", &groups, 1},
                                {"outHeight", &outHeight},
                                {"outWidth", &outWidth}};
    if (Status error = readSizes(launch, fields)) return error;
    if (inChannels % groups != 0 || outChannels % groups != 0)
      return launch.fail("%lld groups do not divide %lld and %lld channels", static_cast<long long>(groups),
                         static_cast<long long>(inChannels), static_cast<long long>(outChannels));
    groupIn = inChannels / groups, groupOut = outChannels / groups;
    return nullptr;
  }

  Status expectX(const Launch& launch, int buffer) const {
    return launch.expectLength(buffer, product({batch, inChannels, height, width}));
  }
  Status expectW(const Launch& launch, int buffer) const {
    return launch.expectLength(buffer, product({outChannels, groupIn, kernelHeight, kernelWidth}));
  }
  Status expectY(const Launch& launch, int buffer) const {
    return launch.expectLength(buffer, product({batch, outChannels, outHeight, outWidth}));
  }
};

/** out[group][i][o][tap] = w[group][o][i][last tap − tap]: the weights of `turned`. */
inline void turnWeights(const Convolution& g, const float* w, float* out) {
  const int64_t taps = g.taps();
  for (int64_t group = 0; group < g.groups; group++, w += g.groupOut * g.depth())
    for (int64_t i = 0; i < g.groupIn; i++)
      for (int64_t o = 0; o < g.groupOut; o++)
        for (int64_t tap = taps - 1; tap >= 0; tap--) *out++ = w[(o * g.groupIn + i) * taps + tap];
}

/** Whether every number is finite: each times zero is zero. */
inline bool allFinite(const float* x, int64_t count) {
  Floats sum[4] = {};
  int64_t i = 0;
  for (; i + 4 * kLanes <= count; i += 4 * kLanes)
    for (int k = 0; k < 4; k++) sum[k] = multiplyAdd(load(x + i + k * kLanes), Floats{}, sum[k]);
  forEachVector(i, count, [&](int64_t j, int64_t lanes) { sum[0] += loadLanes(x + j, lanes) * Floats{}; });
  return sumOfLanes((sum[0] + sum[1]) + (sum[2] + sum[3])) == 0;
}

/** dx of all samples, on the threads, by the method that suits the shape. dx and dy are not empty; in lanes only for that. */
void inputGradient(const Convolution& g, const Samples& dy, const float* w, const Samples& dx);

}  // namespace nn::NN_ISA
