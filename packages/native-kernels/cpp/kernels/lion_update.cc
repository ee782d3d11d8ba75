#include "parameter_update.h"

namespace nn::NN_ISA {
namespace {

/**
 * w −= learningRate·(sign(β₁·m + (1 − β₁)·g) + weightDecay·w); m = β₂·m + (1 − β₂)·g. The sum is scaled by 2²⁴, so that
 * products of the smallest normal numbers have a sign. Source: Chen et al. 2023, arXiv:2302.06675, algorithm 2.
 */
Status lionUpdate(const Launch& launch) {
  if (Status error = checkUpdate(launch, 2, 1)) return error;
  float* w = launch.f32(0);
  float* m = launch.f32(1);
  const float* g = launch.f32(2);
  const double learningRate = *launch.f32(3);
  const float seen1 = static_cast<float>(launch.number(0) * 16777216);
  const float fresh1 = static_cast<float>((1 - launch.number(0)) * 16777216);
  const float kept2 = launch.single(1);
  const float fresh2 = static_cast<float>(1 - launch.number(1));
  const float size = static_cast<float>(-learningRate);
  const float kept = static_cast<float>(1 - learningRate * launch.number(2));
  return updateElements(launch, 0.8, [=](const auto& loadAt, const auto& storeAt) {
    const Floats ms = loadAt(m);
    const Floats gs = loadAt(g);
    const Floats sum = multiplyAdd(broadcast(seen1), ms, broadcast(fresh1) * gs);
    const Floats below = sum < 0.0f ? broadcast(-1.0f) : sum;
    const Floats sign = sum > 0.0f ? broadcast(1.0f) : below;
    storeAt(m, multiplyAdd(broadcast(kept2), ms, broadcast(fresh2) * gs));
    storeAt(w, multiplyAdd(broadcast(kept), loadAt(w), broadcast(size) * sign));
  });
}
NN_KERNEL("lionUpdate {u:w, u:m, r:g, r:learningRate} beta1 beta2 weightDecay", lionUpdate);

}  // namespace
}  // namespace nn::NN_ISA
