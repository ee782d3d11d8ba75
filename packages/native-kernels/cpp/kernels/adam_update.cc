#include "adam_moments.h"

namespace nn::NN_ISA {
namespace {

/**
 * m += (1 − β₁)·(g − m); v = β₂·v + (1 − β₂)·g²; w −= α·m / (√v·c + ε) with α = learningRate/(1 − β₁ᵗ),
 * c = 1/√(1 − β₂ᵗ). Decay: decoupled w *= 1 − learningRate·weightDecay first, else g += weightDecay·w.
 * Sources: Kingma & Ba 2015, arXiv:1412.6980, algorithm 1; Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2.
 */
Status adamUpdate(const Launch& launch) {
  if (Status error = checkUpdate(launch, 3, 2)) return error;
  float* w = launch.f32(0);
  float* m = launch.f32(1);
  float* v = launch.f32(2);
  const float* g = launch.f32(3);
  const double learningRate = *launch.f32(4);
  const double t = *launch.f32(5);
  const double beta1 = launch.number(0);
  const AdamMoments moments(beta1, launch.number(1), launch.single(2), t);
  const double weightDecay = launch.number(3);
  const bool decoupled = launch.flag(4);
  const float size = static_cast<float>(-learningRate / (1 - __builtin_pow(beta1, t)));
  const float kept = static_cast<float>(decoupled ? 1 - learningRate * weightDecay : 1);
  const float added = static_cast<float>(weightDecay);
  return updateElements(launch, 1.0, [=](const auto& loadAt, const auto& storeAt) {
    const Floats ws = loadAt(w);
    const Floats gs = decoupled ? loadAt(g) : multiplyAdd(broadcast(added), ws, loadAt(g));
    Floats ms = loadAt(m), vs = loadAt(v);
    const Floats root = moments.move(gs, ms, vs);
    storeAt(m, ms);
    storeAt(v, vs);
    storeAt(w, multiplyAdd(broadcast(kept), ws, broadcast(size) * ms / root));
  });
}
NN_KERNEL("adamUpdate {u:w, u:m, u:v, r:g, r:learningRate, r:step} beta1 beta2 epsilon weightDecay decoupled", adamUpdate);

}  // namespace
}  // namespace nn::NN_ISA
