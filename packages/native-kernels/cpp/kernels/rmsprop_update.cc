#include "parameter_update.h"

namespace nn::NN_ISA {
namespace {

/**
 * g′ = g + weightDecay·w; v = α·v + (1 − α)·g′²; centred: mean += (1 − α)·(g′ − mean), and the root is √max(v − mean², 0)
 * in place of √v; step = g′/(root + ε), or with momentum velocity = momentum·velocity + that; w −= learningRate·step.
 * What is not asked for stays. Source: Tieleman & Hinton 2012, lecture 6e; centred: Graves 2013, arXiv:1308.0850, eq. 38–45.
 */
Status rmspropUpdate(const Launch& launch) {
  if (Status error = checkUpdate(launch, 4, 1)) return error;
  float* w = launch.f32(0);
  float* v = launch.f32(1);
  float* mean = launch.f32(2);
  float* velocity = launch.f32(3);
  const float* g = launch.f32(4);
  const float learningRate = *launch.f32(5);
  const float kept = launch.single(0);
  const float fresh = static_cast<float>(1 - launch.number(0));
  const float epsilon = launch.single(1);
  const float momentum = launch.single(2);
  const bool centered = launch.flag(3);
  const float weightDecay = launch.single(4);
  return updateElements(launch, 1.0, [=](const auto& loadAt, const auto& storeAt) {
    const Floats ws = loadAt(w);
    const Floats gs = multiplyAdd(broadcast(weightDecay), ws, loadAt(g));
    const Floats vs = multiplyAdd(broadcast(kept), loadAt(v), broadcast(fresh) * gs * gs);
    Floats variance = vs;
    if (centered) {
      const Floats oldMean = loadAt(mean);
      const Floats means = multiplyAdd(broadcast(fresh), gs - oldMean, oldMean);
      variance = multiplyAdd(-means, means, vs);
      variance = variance < 0.0f ? Floats{} : variance;
      storeAt(mean, means);
    }
    Floats step = gs / (squareRoot(variance) + epsilon);
    if (momentum != 0) {
      step = multiplyAdd(broadcast(momentum), loadAt(velocity), step);
      storeAt(velocity, step);
    }
    storeAt(v, vs);
    storeAt(w, multiplyAdd(broadcast(-learningRate), step, ws));
  });
}
NN_KERNEL("rmspropUpdate {u:w, u:v, u:mean, u:velocity, r:g, r:learningRate} alpha epsilon momentum centered weightDecay",
          rmspropUpdate);

}  // namespace
}  // namespace nn::NN_ISA
