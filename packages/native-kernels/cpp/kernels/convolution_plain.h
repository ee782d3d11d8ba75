/** Convolutions as plain loops with exact bounds: for geometries and values that the fast methods exclude. */
#pragma once

#include "convolution_columns.h"

namespace nn::NN_ISA {

/**
 * Calls row(x, w, y, count) for every tap and row of outputs of one sample: output y + c sees, by weight w,
 * x + c · strideWidth, for c < count. Indices count from the sample's start.
 */
template <typename Row>
NN_INLINE void forEachRow(const Convolution& g, const Row& row) {
  for (int64_t o = 0; o < g.outChannels; o++)
    for (int64_t i = 0; i < g.groupIn; i++)
      for (int64_t tap = 0; tap < g.taps(); tap++) {
        const int64_t down = tap / g.kernelWidth * g.dilationHeight - g.padTop;
        const int64_t right = tap % g.kernelWidth * g.dilationWidth - g.padLeft;
        const int64_t c0 = firstInside(g.strideWidth, right, g.outWidth);
        const int64_t count = firstBeyond(g.strideWidth, right, g.width, g.outWidth) - c0;
        const int64_t last = firstBeyond(g.strideHeight, down, g.height, g.outHeight);
        if (count <= 0) continue;
        for (int64_t r = firstInside(g.strideHeight, down, g.outHeight); r < last; r++)
          row(((o / g.groupOut * g.groupIn + i) * g.height + r * g.strideHeight + down) * g.width + right +
                  c0 * g.strideWidth,
              (o * g.groupIn + i) * g.taps() + tap, (o * g.outHeight + r) * g.outWidth + c0, count);
      }
}

/** to[c · toStep] += scale · from[c · fromStep] for c < count. */
NN_INLINE void addScaled(float* to, int64_t toStep, const float* from, int64_t fromStep, float scale, int64_t count) {
  if (toStep == 1 && fromStep == 1) {
    const Floats factor = broadcast(scale);
    forEachVector(0, count, [&](int64_t c, int64_t lanes) {
      storeLanes(to + c, multiplyAdd(loadLanes(from + c, lanes), factor, loadLanes(to + c, lanes)), lanes);
    });
  } else {
    for (int64_t c = 0; c < count; c++) to[c * toStep] = multiplyAdd(from[c * fromStep], scale, to[c * toStep]);
  }
}

/** y of one sample. */
inline void plainForward(const Convolution& g, const float* x, const float* w, const float* b, Activation activation,
                         float* y) {
  for (int64_t i = 0; i < g.ySample(); i++) y[i] = b[i / g.positions()];
  forEachRow(g, [&](int64_t xi, int64_t wi, int64_t yi, int64_t count) {
    addScaled(y + yi, 1, x + xi, g.strideWidth, w[wi], count);
  });
  forEachVector(0, g.ySample(), [&](int64_t i, int64_t lanes) {
    storeLanes(y + i, activate(activation, loadLanes(y + i, lanes)), lanes);
  });
}

/** dx of one sample. */
inline void plainInputGradient(const Convolution& g, const float* dy, const float* w, float* dx) {
  std::memset(dx, 0, static_cast<size_t>(g.xSample()) * sizeof(float));
  forEachRow(g, [&](int64_t xi, int64_t wi, int64_t yi, int64_t count) {
    addScaled(dx + xi, g.strideWidth, dy + yi, 1, w[wi], count);
  });
}

/** dw += what one sample contributes. */
inline void plainWeightGradient(const Convolution& g, const float* x, const float* dy, float* dw) {
  forEachRow(g, [&](int64_t xi, int64_t wi, int64_t yi, int64_t count) {
    if (g.strideWidth == 1) {
      Floats sum = {};
      forEachVector(0, count, [&](int64_t c, int64_t lanes) {
        sum = multiplyAdd(loadLanes(x + xi + c, lanes), loadLanes(dy + yi + c, lanes), sum);
      });
      dw[wi] += sumOfLanes(sum);
    } else {
      for (int64_t c = 0; c < count; c++) dw[wi] = multiplyAdd(x[xi + c * g.strideWidth], dy[yi + c], dw[wi]);
    }
  });
}

}  // namespace nn::NN_ISA
