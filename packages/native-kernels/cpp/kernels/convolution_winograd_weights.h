/**
 * Weights' gradients by Winograd's tiles: F(3 × 3, 4 × 4), where the gradients of 4 × 4 outputs are the taps. Their
 * transforms are multiplied with those of the data, tiles being the depth of the products, one a frequency, and the
 * sums over all tiles are transformed back once.
 */
#pragma once

#include "convolution_winograd_tiles.h"

namespace nn::NN_ISA {

/**
 * out[frequency, tiles, outPitch] = the transforms of a block's tiles of dy, which points to its group in its sample.
 */
inline void winogradGradients(const Winograd& t, const WinogradBlock& block, const float* dy, float* out,
                              float* planes) {
  const Convolution& g = t.g;
  const int64_t width = t.across * tileOutputs;
  for (int64_t n = 0; n < block.samples; n++, dy += g.ySample()) {
    planesToLanes(dy, g.groupOut, g.positions(), g.outWidth, {g.outHeight, g.outWidth, 0, 0}, block.top * tileOutputs,
                  block.rows * tileOutputs, width, t.outPitch, planes);
    for (int64_t row = 0; row < block.rows; row++)
      for (int64_t column = 0; column < t.across; column++, out += t.outPitch)
        for (int64_t o = 0; o < t.outPitch; o += kLanes)
          transformTile<KernelLine<tileOutputs>>(
              {planes + (row * width + column) * tileOutputs * t.outPitch + o, width * t.outPitch, t.outPitch},
              {out + o, tileInputs * t.outStep(), t.outStep()});
  }
}

/** dw = the sums of a group, [frequency, groupOut, inPitch], transformed back. Whether all is finite. */
inline bool winogradWeights(const Winograd& t, const float* sums, float* dw) {
  const int64_t step = t.g.groupOut * t.inPitch, taps = t.g.taps();
  alignas(64) float tile[std::max(kLanes, tileTaps * tileTaps) * kLanes];
  Finiteness finite;
  for (int64_t o = 0; o < t.g.groupOut; o++)
    for (int64_t i = 0; i < t.g.groupIn; i += kLanes) {
      transformTile<ResultLine<tileTaps>>({sums + o * t.inPitch + i, tileInputs * step, step},
                                          {tile, tileTaps * kLanes, kLanes});
      for (int tap = 0; tap < taps; tap++) finite.see(load(tile + tap * kLanes));
      lanesToRows(tile, kLanes, std::min<int64_t>(kLanes, t.g.groupIn - i), taps, dw + (o * t.g.groupIn + i) * taps,
                  taps);
    }
  return finite.holds();
}

NN_INLINE int64_t winogradWeightGradientScratch(const Winograd& t) {
  const int64_t planes = t.height() * t.width() * std::max(t.inPitch, t.outPitch);
  return frequencies * (t.g.groupOut * t.inPitch + t.inStep() + t.outStep()) + planes;
}

/**
 * dw = what samples [begin, end) contribute; x and dy point to the first sample of all. False where infinities or NaN
 * may have spread over tiles.
 */
inline bool winogradWeightGradient(const Convolution& whole, const float* x, const float* dy, int64_t begin,
                                   int64_t end, float* dw, float* scratch) {
  Convolution g = whole;
  g.batch = end - begin;
  const Winograd t(g);
  x += begin * g.xSample(), dy += begin * g.ySample();
  const int64_t sumStep = g.groupOut * t.inPitch;
  float *const sums = scratch, *const data = sums + frequencies * sumStep, *const gradients =
      data + frequencies * t.inStep(), *const planes = gradients + frequencies * t.outStep();
  bool finite = true;
  for (int64_t group = 0; group < g.groups; group++) {
    for (int64_t index = 0; index < t.blocks(); index++) {
      const WinogradBlock block(t, index), next(t, index + 1);
      winogradData(t, block, x + block.first * g.xSample() + group * g.groupIn * g.plane(), data, planes);
      winogradGradients(t, block, dy + block.first * g.ySample() + group * g.groupOut * g.positions(), gradients,
                        planes);
      for (int64_t f = 0; f < frequencies; f++) {
        if (group == 0) {
          prefetchShare(next, x + next.first * g.xSample(), g.inChannels, g.height, g.width, f);
          prefetchShare(next, dy + next.first * g.ySample(), g.outChannels, g.outHeight, g.outWidth, f);
        }
        const auto product = index == 0 ? winogradProduct<false> : winogradProduct<true>;
        product(g.groupOut, t.inPitch, block.tiles(t), {gradients + f * t.outStep(), 1, t.outPitch},
                data + f * t.inStep(), sums + f * sumStep);
      }
    }
    finite &= winogradWeights(t, sums, dw + group * g.groupOut * g.depth());
  }
  return finite;
}

}  // namespace nn::NN_ISA
