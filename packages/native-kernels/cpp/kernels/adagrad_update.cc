#include "parameter_update.h"

namespace nn::NN_ISA {
namespace {

/**
 * g′ = g + weightDecay·w; sum += g′²; w −= learningRate/(1 + (t − 1)·learningRateDecay) · g′/(√sum + ε).
 * Source: Duchi, Hazan & Singer 2011, JMLR 12, figure 1.
 */
Status adagradUpdate(const Launch& launch) {
  if (Status error = checkUpdate(launch, 2, 2)) return error;
  float* w = launch.f32(0);
  float* sum = launch.f32(1);
  const float* g = launch.f32(2);
  const double learningRate = *launch.f32(3);
  const double t = *launch.f32(4);
  const float epsilon = launch.single(1);
  const float weightDecay = launch.single(2);
  const float size = static_cast<float>(-learningRate / (1 + (t - 1) * launch.number(0)));
  return updateElements(launch, 0.8, [=](const auto& loadAt, const auto& storeAt) {
    const Floats ws = loadAt(w);
    const Floats gs = multiplyAdd(broadcast(weightDecay), ws, loadAt(g));
    const Floats sums = multiplyAdd(gs, gs, loadAt(sum));
    storeAt(sum, sums);
    storeAt(w, ws + broadcast(size) * gs / (squareRoot(sums) + epsilon));
  });
}
NN_KERNEL("adagradUpdate {u:w, u:sum, r:g, r:learningRate, r:step} learningRateDecay epsilon weightDecay", adagradUpdate);

}  // namespace
}  // namespace nn::NN_ISA
