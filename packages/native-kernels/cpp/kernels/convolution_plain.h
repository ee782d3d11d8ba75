/** Convolutions as plain loops with exact bounds: for geometries and values that the fast methods exclude. */
#pragma once

#include "convolution.h"

namespace nn::NN_ISA {

/** Calls term(x's index, w's index, y's index) for every product of one sample; indices count from the sample's start.
 */
template <typename Term>
NN_INLINE void forEachTerm(const Convolution& g, const Term& term) {
  for (int64_t o = 0; o < g.outChannels; o++)
    for (int64_t r = 0; r < g.outHeight; r++)
      for (int64_t c = 0; c < g.outWidth; c++)
        for (int64_t i = 0; i < g.groupIn; i++)
          for (int64_t ky = 0; ky < g.kernelHeight; ky++)
            for (int64_t kx = 0; kx < g.kernelWidth; kx++) {
              const int64_t row = r * g.strideHeight - g.padTop + ky * g.dilationHeight;
              const int64_t column = c * g.strideWidth - g.padLeft + kx * g.dilationWidth;
              if (row < 0 || row >= g.height || column < 0 || column >= g.width) continue;
              const int64_t channel = o / g.groupOut * g.groupIn + i;
              term((channel * g.height + row) * g.width + column,
                   ((o * g.groupIn + i) * g.kernelHeight + ky) * g.kernelWidth + kx,
                   (o * g.outHeight + r) * g.outWidth + c);
            }
}

/** y of one sample. */
inline void plainForward(const Convolution& g, const float* x, const float* w, const float* b, Activation activation,
                         float* y) {
  for (int64_t i = 0; i < g.ySample(); i++) y[i] = b[i / g.positions()];
  forEachTerm(g, [=](int64_t xi, int64_t wi, int64_t yi) { y[yi] = multiplyAdd(x[xi], w[wi], y[yi]); });
  for (int64_t i = 0; i < g.ySample(); i++) y[i] = activate(activation, broadcast(y[i]))[0];
}

/** dx of one sample. */
inline void plainInputGradient(const Convolution& g, const float* dy, const float* w, float* dx) {
  for (int64_t i = 0; i < g.xSample(); i++) dx[i] = 0;
  forEachTerm(g, [=](int64_t xi, int64_t wi, int64_t yi) { dx[xi] = multiplyAdd(dy[yi], w[wi], dx[xi]); });
}

/** dw += what one sample contributes. */
inline void plainWeightGradient(const Convolution& g, const float* x, const float* dy, float* dw) {
  forEachTerm(g, [=](int64_t xi, int64_t wi, int64_t yi) { dw[wi] = multiplyAdd(x[xi], dy[yi], dw[wi]); });
}

}  // namespace nn::NN_ISA
