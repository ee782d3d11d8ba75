// Plain twins of the fast kernels: the definitions as loops, summed in double precision.
#pragma once

#include "lab.h"

namespace lab {

struct ProductShape {
  int64_t batch, m, k, n;
  bool transposeA, transposeB;
  int64_t aStride, bStride;
  Attributes attributes() const {
    return {double(batch),      double(m),          double(k),       double(n),
            double(transposeA), double(transposeB), double(aStride), double(bStride)};
  }
};

inline std::vector<double> matmul(const ProductShape& s, const Array& a, const Array& b) {
  std::vector<double> y;
  for (int64_t t = 0; t < s.batch; t++)
    for (int64_t i = 0; i < s.m; i++)
      for (int64_t j = 0; j < s.n; j++) {
        double sum = 0;
        for (int64_t p = 0; p < s.k; p++)
          sum += double(a[t * s.aStride + (s.transposeA ? p * s.m + i : i * s.k + p)]) *
                 double(b[t * s.bStride + (s.transposeB ? j * s.k + p : p * s.n + j)]);
        y.push_back(sum);
      }
  return y;
}

inline double activated(double x, int64_t activation) {
  if (activation == 1) return x < 0 ? 0 : x;
  if (activation == 2) return std::tanh(x);
  if (activation == 3) return 1 / (1 + std::exp(-x));
  return x;
}

struct ConvolutionShape {
  int64_t batch, inChannels, height, width, outChannels, kernelHeight, kernelWidth,
      strideHeight = 1, strideWidth = 1, padTop = 0, padLeft = 0, dilationHeight = 1, dilationWidth = 1, groups = 1,
      outHeight = 0, outWidth = 0;
  /** Fills in the output's size, the padding being the same on all sides. */
  ConvolutionShape sized() const {
    ConvolutionShape s = *this;
    s.outHeight = (height + 2 * padTop - dilationHeight * (kernelHeight - 1) - 1) / strideHeight + 1;
    s.outWidth = (width + 2 * padLeft - dilationWidth * (kernelWidth - 1) - 1) / strideWidth + 1;
    return s;
  }
  Attributes attributes() const {
    return {double(batch),         double(inChannels),   double(height),      double(width),
            double(outChannels),   double(kernelHeight), double(kernelWidth), double(strideHeight),
            double(strideWidth),   double(padTop),       double(padLeft),     double(dilationHeight),
            double(dilationWidth), double(groups),       double(outHeight),   double(outWidth)};
  }
  int64_t x() const { return batch * inChannels * height * width; }
  int64_t w() const { return outChannels * (inChannels / groups) * kernelHeight * kernelWidth; }
  int64_t y() const { return batch * outChannels * outHeight * outWidth; }

  /** Calls term(x's index, w's index, y's index) for every product. */
  void forEachTerm(const std::function<void(int64_t, int64_t, int64_t)>& term) const {
    const int64_t groupIn = inChannels / groups, groupOut = outChannels / groups;
    for (int64_t n = 0; n < batch; n++)
      for (int64_t o = 0; o < outChannels; o++)
        for (int64_t r = 0; r < outHeight; r++)
          for (int64_t c = 0; c < outWidth; c++)
            for (int64_t i = 0; i < groupIn; i++)
              for (int64_t ky = 0; ky < kernelHeight; ky++)
                for (int64_t kx = 0; kx < kernelWidth; kx++) {
                  const int64_t row = r * strideHeight - padTop + ky * dilationHeight;
                  const int64_t column = c * strideWidth - padLeft + kx * dilationWidth;
                  if (row < 0 || row >= height || column < 0 || column >= width) continue;
                  term(((n * inChannels + o / groupOut * groupIn + i) * height + row) * width + column,
                       ((o * groupIn + i) * kernelHeight + ky) * kernelWidth + kx,
                       ((n * outChannels + o) * outHeight + r) * outWidth + c);
                }
  }
};

struct PoolingShape {
  int64_t batch, channels, height, width, kernelHeight, kernelWidth, strideHeight, strideWidth,
      padTop = 0, padLeft = 0, dilationHeight = 1, dilationWidth = 1, outHeight = 0, outWidth = 0;
  PoolingShape sized() const {
    PoolingShape s = *this;
    s.outHeight = (height + 2 * padTop - dilationHeight * (kernelHeight - 1) - 1) / strideHeight + 1;
    s.outWidth = (width + 2 * padLeft - dilationWidth * (kernelWidth - 1) - 1) / strideWidth + 1;
    return s;
  }
  Attributes attributes() const {
    return {double(batch),          double(channels),      double(height),      double(width),   double(kernelHeight),
            double(kernelWidth),    double(strideHeight),  double(strideWidth), double(padTop),  double(padLeft),
            double(dilationHeight), double(dilationWidth), double(outHeight),   double(outWidth)};
  }
  int64_t x() const { return batch * channels * height * width; }
  int64_t y() const { return batch * channels * outHeight * outWidth; }

  /** Calls window(y's index, plane's start in x, indices of the real elements in the plane, area within the padded
   * bounds). */
  void forEachWindow(const std::function<void(int64_t, int64_t, const std::vector<int64_t>&, int64_t)>& window) const {
    int64_t out = 0;
    for (int64_t plane = 0; plane < batch * channels; plane++)
      for (int64_t r = 0; r < outHeight; r++)
        for (int64_t c = 0; c < outWidth; c++) {
          std::vector<int64_t> inside;
          int64_t area = 0;
          for (int64_t ky = 0; ky < kernelHeight; ky++)
            for (int64_t kx = 0; kx < kernelWidth; kx++) {
              const int64_t row = r * strideHeight - padTop + ky * dilationHeight;
              const int64_t column = c * strideWidth - padLeft + kx * dilationWidth;
              if (row < height + padTop && column < width + padLeft) area++;
              if (row >= 0 && row < height && column >= 0 && column < width) inside.push_back(row * width + column);
            }
          window(out++, plane * height * width, inside, area);
        }
  }
};

}  // namespace lab
