#include "pooling_spread.h"

namespace nn::NN_ISA {
namespace {

Status maxPoolActivationGradient(const Launch& launch) {
  Pooling g;
  Activation activation = Activation::none;
  if (Status error = g.read(launch)) return error;
  if (Status error = activationOf(launch, 14, activation)) return error;
  if (Status error = g.expectX(launch, 0)) return error;
  for (int buffer = 1; buffer < 4; buffer++)
    if (Status error = g.expectY(launch, buffer)) return error;
  if (launch.length(0) == 0) return nullptr;
  if (!g.apart()) return launch.fail("the windows overlap; strides must be at least as long as windows");
  const float *const dy = launch.f32(2), *const y = launch.f32(3);
  const auto gradient = [=](int64_t i, int64_t lanes) {
    return activationGradient(activation, loadLanes(y + i, lanes), loadLanes(dy + i, lanes) + 0.0f);
  };
  return spread(g, launch, gradient, [](float* to, float value) { *to = value; });
}
NN_KERNEL(
    "maxPoolActivationGradient {w:dx, r:index i32, r:dy, r:y} batch channels height width kernelHeight kernelWidth "
    "strideHeight strideWidth padTop padLeft dilationHeight dilationWidth outHeight outWidth activation",
    maxPoolActivationGradient);

}  // namespace
}  // namespace nn::NN_ISA
