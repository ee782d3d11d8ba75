#include "parameter_update.h"

namespace nn::NN_ISA {
namespace {

/**
 * g′ = g + weightDecay·w; v = ρ·v + (1 − ρ)·g′²; d = √(u + ε)/√(v + ε)·g′; u = ρ·u + (1 − ρ)·d²; w −= learningRate·d.
 * Source: Zeiler 2012, arXiv:1212.5701, algorithm 1.
 */
Status adadeltaUpdate(const Launch& launch) {
  if (Status error = checkUpdate(launch, 3, 1)) return error;
  float* w = launch.f32(0);
  float* v = launch.f32(1);
  float* u = launch.f32(2);
  const float* g = launch.f32(3);
  const float learningRate = *launch.f32(4);
  const float kept = launch.single(0);
  const float fresh = static_cast<float>(1 - launch.number(0));
  const float epsilon = launch.single(1);
  const float weightDecay = launch.single(2);
  return updateElements(launch, 1.0, [=](const auto& loadAt, const auto& storeAt) {
    const Floats ws = loadAt(w);
    const Floats gs = multiplyAdd(broadcast(weightDecay), ws, loadAt(g));
    const Floats vs = multiplyAdd(broadcast(kept), loadAt(v), broadcast(fresh) * gs * gs);
    const Floats us = loadAt(u);
    const Floats step = squareRoot(us + epsilon) / squareRoot(vs + epsilon) * gs;
    storeAt(v, vs);
    storeAt(u, multiplyAdd(broadcast(kept), us, broadcast(fresh) * step * step));
    storeAt(w, multiplyAdd(broadcast(-learningRate), step, ws));
  });
}
NN_KERNEL("adadeltaUpdate {u:w, u:v, u:u, r:g, r:learningRate} rho epsilon weightDecay", adadeltaUpdate);

}  // namespace
}  // namespace nn::NN_ISA
