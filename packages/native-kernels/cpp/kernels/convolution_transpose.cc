#include "../registry.h"
#include "convolution_lanes_input.h"
#include "convolution_method.h"
#include "through_rows.h"

namespace nn::NN_ISA {
namespace {

/** y = activation(y + b), b a value for each of `channels` planes in turn. */
void addBias(const float* b, int64_t planes, int64_t channels, int64_t plane, Activation activation, float* y) {
  parallelFor(planes, std::max<int64_t>(1, 16384 / plane), static_cast<double>(plane), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const Floats bias = broadcast(b[i % channels]);
      forEachVector(i * plane, (i + 1) * plane, [&](int64_t at, int64_t lanes) {
        storeLanes(y + at, activate(activation, loadLanes(y + at, lanes) + bias), lanes);
      });
    }
  });
}

/** y = activation(b + the adjoint of the convolution): its inputs are y's channels, its outputs x's. */
Status convTranspose2d(const Launch& launch) {
  Convolution g;
  Activation activation = Activation::none;
  if (Status error = g.read(launch)) return error;
  if (Status error = activationOf(launch, 16, activation)) return error;
  if (Status error = g.expectX(launch, 0)) return error;
  if (Status error = g.expectY(launch, 1)) return error;
  if (Status error = g.expectW(launch, 2)) return error;
  if (Status error = launch.expectLength(3, g.inChannels)) return error;
  if (launch.length(0) == 0) return nullptr;
  float* const y = launch.f32(0);
  const float *const w = launch.f32(2), *const b = launch.f32(3);
  if (launch.length(1) == 0) {
    std::memset(y, 0, static_cast<size_t>(launch.length(0)) * sizeof(float));
  } else if (inputGradientMethod(g, w) == Method::lanes) {
    forEachVectorOfSamples(g, laneInputGradientScratch(g), [&](int64_t n, int64_t lanes, float* scratch) {
      laneInputGradient(g, Samples::of(launch, 1).block(n * g.ySample()), w, lanes,
                        Samples::of(launch, 0).block(n * g.xSample()), scratch, b, activation);
    });
    return nullptr;
  } else {
    inputGradient(g, Samples::of(launch, 1), w, Samples::of(launch, 0));
  }
  addBias(b, g.batch * g.inChannels, g.inChannels, g.plane(), activation, y);
  return nullptr;
}

LaneBuffers convTranspose2dLanes(const Launch& launch) {
  Convolution g;
  if (g.read(launch) != nullptr || !fillsLanes(g.batch) || !gradientInLanes(g)) return {};
  return {0b11, g.batch, kLanes};
}
NN_KERNEL_IN_LANES(
    "convTranspose2d {w:y, r:x, r:w, r:b} batch inChannels height width outChannels kernelHeight kernelWidth "
    "strideHeight strideWidth padTop padLeft dilationHeight dilationWidth groups outHeight outWidth activation",
    convTranspose2d, convTranspose2dLanes);

}  // namespace
}  // namespace nn::NN_ISA
