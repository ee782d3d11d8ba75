#include "parameter_update.h"

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
  const double beta2 = launch.number(1);
  const float epsilon = launch.single(2);
  const double weightDecay = launch.number(3);
  const bool decoupled = launch.flag(4);
  const float fresh1 = static_cast<float>(1 - beta1);
  const float kept2 = static_cast<float>(beta2);
  const float fresh2 = static_cast<float>(1 - beta2);
  const float size = static_cast<float>(-learningRate / (1 - __builtin_pow(beta1, t)));
  const float correction = static_cast<float>(1 / __builtin_sqrt(1 - __builtin_pow(beta2, t)));
  const float kept = static_cast<float>(decoupled ? 1 - learningRate * weightDecay : 1);
  const float added = static_cast<float>(weightDecay);
  return updateElements(launch, 1.0, [=](const auto& loadAt, const auto& storeAt) {
    const Floats ws = loadAt(w);
    const Floats gs = decoupled ? loadAt(g) : multiplyAdd(broadcast(added), ws, loadAt(g));
    const Floats oldM = loadAt(m);
    const Floats ms = multiplyAdd(broadcast(fresh1), gs - oldM, oldM);
    const Floats vs = multiplyAdd(broadcast(kept2), loadAt(v), broadcast(fresh2) * gs * gs);
    const Floats root = multiplyAdd(squareRoot(vs), broadcast(correction), broadcast(epsilon));
    storeAt(m, ms);
    storeAt(v, vs);
    storeAt(w, multiplyAdd(broadcast(kept), ws, broadcast(size) * ms / root));
  });
}
NN_KERNEL("adamUpdate {u:w, u:m, u:v, r:g, r:learningRate, r:step} beta1 beta2 epsilon weightDecay decoupled", adamUpdate);

}  // namespace
}  // namespace nn::NN_ISA
