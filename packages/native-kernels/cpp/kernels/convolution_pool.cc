#include "../registry.h"
#include "convolution_columns.h"
#include "convolution_lanes_forward.h"
#include "convolution_method.h"
#include "convolution_plain.h"
#include "convolution_winograd.h"
#include "pooling_pairs.h"
#include "through_rows.h"

namespace nn::NN_ISA {
namespace {

/** Pools the planes of `count` samples, the first of which is `first`. */
void poolSamples(const Convolution& g, const float* convolved, int64_t first, int64_t count, Activation activation,
                 float* y, int32_t* index) {
  const int64_t pooled = pooledPositions(g);
  for (int64_t o = 0; o < count * g.outChannels; o++) {
    const int64_t plane = (first * g.outChannels + o) * pooled;
    poolPairs(convolved + o * g.positions(), g.outHeight, g.outWidth, activation, y + plane, index + plane);
  }
}

/** Every sample by its usual method into scratch, and pooled from there while it is in cache. */
void poolBySamples(const Convolution& g, Method method, const float* x, const float* w, const float* b,
                   Activation activation, float* y, int32_t* index) {
  const double slower = method == Method::plain ? 10 : 1;
  parallelFor(g.batch, 1, g.sampleNanoseconds() * slower, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; n++) {
      float* const sample = threadScratch<float>(g.ySample() + columnsForwardScratch(g));
      if (method == Method::plain) {
        plainForward(g, x + n * g.xSample(), w, b, Activation::none, sample);
      } else {
        columnsForward(g, x + n * g.xSample(), w, b, Activation::none, 0, g.positions(), sample, sample + g.ySample());
      }
      poolSamples(g, sample, n, 1, activation, y, index);
    }
  });
}

/** As `poolBySamples`, by Winograd's tiles: a few samples at a time where planes are small. */
void poolByWinograd(const Convolution& g, const float* x, const float* w, const float* b, Activation activation,
                    float* y, int32_t* index) {
  const Winograd t(g);
  float* const kernels = sharedScratch<float>(t.kernels());
  winogradKernels(t, w, kernels);
  parallelFor(g.batch, t.samples, g.sampleNanoseconds(), [&](int64_t begin, int64_t end) {
    float* const samples = threadScratch<float>(t.samples * g.ySample() + winogradForwardScratch(t));
    for (int64_t i = 0; i < t.blocksDown(); i++)
      winogradForward(t, begin / t.samples * t.blocksDown() + i, x, w, kernels, b, Activation::none, samples,
                      samples + t.samples * g.ySample());
    poolSamples(g, samples, begin, end - begin, activation, y, index);
  });
}

Status conv2dMaxPool(const Launch& launch) {
  Convolution g;
  Activation activation = Activation::none;
  if (Status error = g.read(launch)) return error;
  if (Status error = activationOf(launch, 16, activation)) return error;
  for (int buffer = 0; buffer < 2; buffer++)
    if (Status error = launch.expectLength(buffer, product({g.batch, g.outChannels, g.outHeight / 2, g.outWidth / 2})))
      return error;
  if (Status error = g.expectX(launch, 2)) return error;
  if (Status error = g.expectW(launch, 3)) return error;
  if (Status error = launch.expectLength(4, g.outChannels)) return error;
  if (launch.length(0) == 0) return nullptr;
  float* const y = launch.f32(0);
  int32_t* const index = launch.i32(1);
  const float *x = launch.f32(2), *w = launch.f32(3), *b = launch.f32(4);
  const Method method = forwardMethod(g, w);
  if (launch.inLanes != 0 && method != Method::lanes) return throughRows<5, 2>(launch, g.batch, conv2dMaxPool);
  if (method == Method::lanes) {
    const int64_t sample = g.outChannels * pooledPositions(g);
    const float* const filter = laneFilter(g, w, sharedScratch<float>(g.weights()));
    forEachVectorOfSamples(g, laneMaximaScratch(g), [&](int64_t n, int64_t lanes, float* scratch) {
      laneMaxima(g, Samples::of(launch, 2).block(n * g.xSample()), filter, b, activation, lanes,
                 Samples::of(launch, 0).block(n * sample), Samples::of(launch, 1).block(n * sample), scratch);
    });
  } else if (method == Method::winograd) {
    poolByWinograd(g, x, w, b, activation, y, index);
  } else {
    poolBySamples(g, method, x, w, b, activation, y, index);
  }
  return nullptr;
}

LaneBuffers conv2dMaxPoolLanes(const Launch& launch) {
  Convolution g;
  if (g.read(launch) != nullptr || !fillsLanes(g.batch) || forwardMethod(g) != Method::lanes) return {};
  return {0b111, g.batch, kLanes};
}
NN_KERNEL_IN_LANES(
    "conv2dMaxPool {w:y, w:index i32, r:x, r:w, r:b} batch inChannels height width outChannels kernelHeight "
    "kernelWidth strideHeight strideWidth padTop padLeft dilationHeight dilationWidth groups outHeight outWidth "
    "activation",
    conv2dMaxPool, conv2dMaxPoolLanes);

}  // namespace
}  // namespace nn::NN_ISA
