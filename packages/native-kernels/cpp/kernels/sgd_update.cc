#include "parameter_update.h"

namespace nn::NN_ISA {
namespace {

/**
 * g′ = g + weightDecay·w; v = momentum·v + (1 − dampening)·g′, but g′ on the first step;
 * w −= learningRate·(nesterov ? g′ + momentum·v : v). Without momentum: w −= learningRate·g′, and v stays.
 */
Status sgdUpdate(const Launch& launch) {
  if (Status error = checkUpdate(launch, 2, 2)) return error;
  float* w = launch.f32(0);
  float* velocity = launch.f32(1);
  const float* g = launch.f32(2);
  const float learningRate = *launch.f32(3);
  const bool first = *launch.f32(4) == 0;
  const float momentum = launch.single(0);
  const float fresh = static_cast<float>(1 - launch.number(1));
  const bool nesterov = launch.flag(2);
  const float weightDecay = launch.single(3);
  if (momentum == 0) {
    return updateElements(launch, 0.5, [=](const auto& loadAt, const auto& storeAt) {
      const Floats ws = loadAt(w);
      const Floats step = multiplyAdd(broadcast(weightDecay), ws, loadAt(g));
      storeAt(w, multiplyAdd(broadcast(-learningRate), step, ws));
    });
  }
  return updateElements(launch, 0.7, [=](const auto& loadAt, const auto& storeAt) {
    const Floats ws = loadAt(w);
    const Floats gs = multiplyAdd(broadcast(weightDecay), ws, loadAt(g));
    const Floats vs = first ? gs : multiplyAdd(broadcast(momentum), loadAt(velocity), broadcast(fresh) * gs);
    const Floats step = nesterov ? multiplyAdd(broadcast(momentum), vs, gs) : vs;
    storeAt(velocity, vs);
    storeAt(w, multiplyAdd(broadcast(-learningRate), step, ws));
  });
}
NN_KERNEL("sgdUpdate {u:w, u:velocity, r:g, r:learningRate, r:step} momentum dampening nesterov weightDecay", sgdUpdate);

}  // namespace
}  // namespace nn::NN_ISA
