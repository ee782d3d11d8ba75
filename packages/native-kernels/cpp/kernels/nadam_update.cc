#include "adam_moments.h"

namespace nn::NN_ISA {
namespace {

/** The factor on the momentum of step t, μₜ = β₁·(1 − ½·0.96^(t·ψ)). Source: Dozat 2016, appendix A. */
NN_INLINE double nadamFactor(double beta1, double momentumDecay, double t) {
  return beta1 * (1 - 0.5 * __builtin_pow(0.96, t * momentumDecay));
}

/**
 * Adam's m and v; w −= (α₁·g + α₂·m) / (√v·c + ε) with α₁ = learningRate·(1 − μₜ)/(1 − Πμ₁…μₜ),
 * α₂ = learningRate·μₜ₊₁/(1 − Πμ₁…μₜ₊₁), c = 1/√(1 − β₂ᵗ). `momentumProduct` is Πμ₁…μₜ₋₁. Decay as Adam's.
 */
Status nadamUpdate(const Launch& launch) {
  if (Status error = checkUpdate(launch, 3, 3)) return error;
  float* w = launch.f32(0);
  float* m = launch.f32(1);
  float* v = launch.f32(2);
  const float* g = launch.f32(3);
  const double learningRate = *launch.f32(4);
  const double t = *launch.f32(5);
  const double beta1 = launch.number(0);
  const AdamMoments moments(beta1, launch.number(1), launch.single(2), t);
  const double momentumDecay = launch.number(3);
  const double weightDecay = launch.number(4);
  const bool decoupled = launch.flag(5);
  const double now = nadamFactor(beta1, momentumDecay, t);
  const double next = nadamFactor(beta1, momentumDecay, t + 1);
  const double product = *launch.f32(6) * now;
  const float ofGradient = static_cast<float>(-learningRate * (1 - now) / (1 - product));
  const float ofMean = static_cast<float>(-learningRate * next / (1 - product * next));
  const float kept = static_cast<float>(decoupled ? 1 - learningRate * weightDecay : 1);
  const float added = static_cast<float>(weightDecay);
  return updateElements(launch, 1.0, [=](const auto& loadAt, const auto& storeAt) {
    const Floats ws = loadAt(w);
    const Floats gs = decoupled ? loadAt(g) : multiplyAdd(broadcast(added), ws, loadAt(g));
    Floats ms = loadAt(m), vs = loadAt(v);
    const Floats root = moments.move(gs, ms, vs);
    const Floats step = multiplyAdd(broadcast(ofGradient), gs, broadcast(ofMean) * ms);
    storeAt(m, ms);
    storeAt(v, vs);
    storeAt(w, multiplyAdd(broadcast(kept), ws, step / root));
  });
}
NN_KERNEL("nadamUpdate {u:w, u:m, u:v, r:g, r:learningRate, r:step, r:momentumProduct} "
          "beta1 beta2 epsilon momentumDecay weightDecay decoupled", nadamUpdate);

/** Πμ₁…μₜ from Πμ₁…μₜ₋₁, for the step t. */
Status nadamMomentum(const Launch& launch) {
  const int64_t count = launch.length(0);
  if (Status error = launch.expectLength(1, count)) return error;
  float* product = launch.f32(0);
  const float* step = launch.f32(1);
  const double beta1 = launch.number(0);
  const double momentumDecay = launch.number(1);
  for (int64_t i = 0; i < count; i++) {
    product[i] = static_cast<float>(product[i] * nadamFactor(beta1, momentumDecay, step[i]));
  }
  return nullptr;
}
NN_KERNEL("nadamMomentum {u:momentumProduct, r:step} beta1 momentumDecay", nadamMomentum);

}  // namespace
}  // namespace nn::NN_ISA
