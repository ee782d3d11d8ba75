/**
 * Convolutions by Winograd's tiles (Lavin & Gray 2015, arXiv:1509.09308): 3 × 3 taps, stride 1, no dilation.
 *
 * Planes are copied with channels in lanes and cut into tiles of 6 × 6, which overlap by two; their transforms give one
 * small matrix product over channels for each of 36 frequencies, and its results are transformed back into 4 × 4
 * outputs: 36 multiplications where the definition has 144. Results are within 1e-5 of the largest.
 */
#pragma once

#include "convolution_columns.h"
#include "convolution_winograd_tiles.h"

namespace nn::NN_ISA {

/**
 * out[frequency, groupIn, outPitch] = the transforms of a group's w, outputs in lanes, for the vector of outputs at o.
 */
inline void winogradKernels(const Winograd& t, const float* w, int64_t o, float* out, float* scratch) {
  const int64_t depth = t.g.depth();
  rowsToLanes(w + o * depth, depth, std::min<int64_t>(kLanes, t.g.groupOut - o), depth, scratch, kLanes);
  for (int64_t i = 0; i < t.g.groupIn; i++)
    transformTile<KernelLine<tileTaps>>({scratch + i * t.g.taps() * kLanes, tileTaps * kLanes, kLanes},
                                        {out + i * t.outPitch + o, tileInputs * t.kernelStep(), t.kernelStep()});
}

/** The transforms of all kernels, on the threads; `out` has room for `t.kernels()` floats. */
inline void winogradKernels(const Winograd& t, const float* w, float* out) {
  const int64_t vectors = t.outPitch / kLanes;
  const double nanoseconds = static_cast<double>(t.g.groupIn) * 40;
  parallelFor(t.g.groups * vectors, 1, nanoseconds, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      winogradKernels(t, w + i / vectors * t.g.groupOut * t.g.depth(), i % vectors * kLanes,
                      out + i / vectors * frequencies * t.kernelStep(), threadScratch<float>(t.g.depth() * kLanes));
  });
}

/**
 * y = activation(b + what the products give), of a block's group. Whether all sums are finite.
 *
 * Rows of outputs lie one behind the other, so that planes are copied in one go: tiles are placed from right to left,
 * as what the last one of a row has beyond the plane lies where the next rows begin.
 */
inline bool winogradResults(const Winograd& t, const WinogradBlock& block, const float* products, const float* b,
                            Activation activation, float* y, float* lanes) {
  const Convolution& g = t.g;
  const int64_t top = block.top * tileOutputs, rows = std::min(g.outHeight - top, block.rows * tileOutputs);
  Finiteness finite;
  for (int64_t n = 0; n < block.samples; n++, y += g.ySample(), products += block.rows * t.across * t.outPitch) {
    for (int64_t row = 0; row < block.rows; row++)
      for (int64_t column = t.across - 1; column >= 0; column--)
        for (int64_t o = 0; o < t.outPitch; o += kLanes) {
          const Floats bias = b == nullptr ? Floats{} : loadLanes(b + o, std::min<int64_t>(kLanes, g.groupOut - o));
          const float* const from = products + (row * t.across + column) * t.outPitch + o;
          float* const to = lanes + (row * g.outWidth + column) * tileOutputs * t.outPitch + o;
          alignas(64) float tile[tileOutputs * tileOutputs * kLanes];
          transformTile<ResultLine<tileOutputs>>({from, tileInputs * t.outStep(), t.outStep()},
                                                 {tile, tileOutputs * kLanes, kLanes});
          for (int i = 0; i < tileOutputs; i++)
            for (int j = 0; j < tileOutputs; j++) {
              const Floats sum = load(tile + (i * tileOutputs + j) * kLanes);
              finite.see(sum);
              store(to + (i * g.outWidth + j) * t.outPitch, activate(activation, sum + bias));
            }
        }
    for (int64_t o = 0; o < g.groupOut; o += kLanes)
      lanesToRows(lanes + o, t.outPitch, std::min<int64_t>(kLanes, g.groupOut - o), rows * g.outWidth,
                  y + o * g.positions() + top * g.outWidth, g.positions());
  }
  return finite.holds();
}

/** Floats of a block's data and, after them, its products; results take the place of the data. */
NN_INLINE int64_t winogradDataFloats(const Winograd& t) {
  return std::max(frequencies * t.inStep(), (t.rows * t.g.outWidth + 1) * tileOutputs * t.outPitch);
}
NN_INLINE int64_t winogradForwardScratch(const Winograd& t) {
  const int64_t products = std::max(frequencies * t.outStep(), t.height() * t.width() * t.inPitch);
  return std::max(winogradDataFloats(t) + products, columnsForwardScratch(t.g));
}

/**
 * y of a block of x, which points to the first sample of all, y to the block's. Where results are not finite,
 * infinities and NaN may have spread over tiles; products of columns say then which they are.
 */
inline void winogradForward(const Winograd& t, int64_t index, const float* x, const float* w, const float* kernels,
                            const float* b, Activation activation, float* y, float* scratch) {
  const Convolution& g = t.g;
  const WinogradBlock block(t, index), next(t, index + 1);
  float *const data = scratch, *const products = scratch + winogradDataFloats(t);
  bool finite = true;
  for (int64_t group = 0; group < g.groups; group++) {
    winogradData(t, block, x + block.first * g.xSample() + group * g.groupIn * g.plane(), data, products);
    for (int64_t f = 0; f < frequencies; f++) {
      if (group == 0) {
        prefetchShare(block, y, g.outChannels, g.outHeight, g.outWidth, f);
        prefetchShare(next, x + next.first * g.xSample(), g.inChannels, g.height, g.width, f);
      }
      winogradProduct<false>(block.tiles(t), t.outPitch, g.groupIn, {data + f * t.inStep(), t.inPitch, 1},
                             kernels + (group * frequencies + f) * t.kernelStep(), products + f * t.outStep());
    }
    finite &= winogradResults(t, block, products, b == nullptr ? nullptr : b + group * g.groupOut, activation,
                              y + group * g.groupOut * g.positions(), data);
  }
  if (finite) return;
  const int64_t top = block.top * tileOutputs, bottom = std::min(g.outHeight, top + block.rows * tileOutputs);
  for (int64_t n = 0; n < block.samples; n++)
    columnsForward(g, x + (block.first + n) * g.xSample(), w, b, activation, top * g.outWidth, bottom * g.outWidth,
                   y + n * g.ySample(), scratch);
}

}  // namespace nn::NN_ISA
