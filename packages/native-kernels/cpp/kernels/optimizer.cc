/**
 * Parameter updates, element by element. `learningRate` and `step` are tensors of one element. Subnormal numbers count as
 * 0: where gradients vanish, moments would decay until they are subnormal, stay so for good and slow every later step.
 */
#include "../registry.h"
#include "../subnormals.h"

namespace nn::NN_ISA {
namespace {

constexpr int64_t kUpdateChunk = 8192;

/** Calls `update(loadAt, storeAt)` vector by vector; the last one by parts. */
template <typename Update>
NN_INLINE void updateVectors(int64_t begin, int64_t end, const Update& update) {
  const SubnormalsAreZero flush;
  int64_t i = begin;
  for (; i + kLanes <= end; i += kLanes) {
    update([i](const float* p) { return load(p + i); }, [i](float* p, Floats v) { store(p + i, v); });
  }
  if (i < end) {
    const int64_t left = end - i;
    update([i, left](const float* p) { return loadPartial(p + i, left); },
           [i, left](float* p, Floats v) { storePartial(p + i, v, left); });
  }
}

/** Checks that buffers 0…last have one length and the two after them one element each. */
NN_INLINE Status checkUpdate(const Launch& launch, int last) {
  for (int buffer = 1; buffer <= last; buffer++) {
    if (Status error = launch.expectLength(buffer, launch.length(0))) return error;
  }
  if (Status error = launch.expectLength(last + 1, 1)) return error;
  return launch.expectLength(last + 2, 1);
}

/**
 * g′ = g + weightDecay·w; v = momentum·v + (1 − dampening)·g′, but g′ on the first step;
 * w −= learningRate·(nesterov ? g′ + momentum·v : v). Without momentum: w −= learningRate·g′, and v stays.
 */
Status sgdUpdate(const Launch& launch) {
  if (Status error = checkUpdate(launch, 2)) return error;
  float* w = launch.f32(0);
  float* velocity = launch.f32(1);
  const float* g = launch.f32(2);
  const float learningRate = *launch.f32(3);
  const bool first = *launch.f32(4) == 0;
  const float momentum = launch.single(0);
  const float fresh = static_cast<float>(1 - launch.number(1));
  const bool nesterov = launch.flag(2);
  const float weightDecay = launch.single(3);
  const int64_t count = launch.length(0);
  if (momentum == 0) {
    parallelFor(count, kUpdateChunk, 0.5, [=](int64_t begin, int64_t end) {
      updateVectors(begin, end, [=](const auto& loadAt, const auto& storeAt) {
        const Floats ws = loadAt(w);
        const Floats step = multiplyAdd(broadcast(weightDecay), ws, loadAt(g));
        storeAt(w, multiplyAdd(broadcast(-learningRate), step, ws));
      });
    });
    return nullptr;
  }
  parallelFor(count, kUpdateChunk, 0.7, [=](int64_t begin, int64_t end) {
    updateVectors(begin, end, [=](const auto& loadAt, const auto& storeAt) {
      const Floats ws = loadAt(w);
      const Floats gs = multiplyAdd(broadcast(weightDecay), ws, loadAt(g));
      const Floats vs = first ? gs : multiplyAdd(broadcast(momentum), loadAt(velocity), broadcast(fresh) * gs);
      const Floats step = nesterov ? multiplyAdd(broadcast(momentum), vs, gs) : vs;
      storeAt(velocity, vs);
      storeAt(w, multiplyAdd(broadcast(-learningRate), step, ws));
    });
  });
  return nullptr;
}
NN_KERNEL("sgdUpdate {u:w, u:velocity, r:g, r:learningRate, r:step} momentum dampening nesterov weightDecay", sgdUpdate);

/**
 * m += (1 − β₁)·(g − m); v = β₂·v + (1 − β₂)·g²; w −= α·m / (√v·c + ε) with α = learningRate/(1 − β₁ᵗ),
 * c = 1/√(1 − β₂ᵗ). Decay: decoupled w *= 1 − learningRate·weightDecay first, else g += weightDecay·w.
 * Sources: Kingma & Ba 2015, arXiv:1412.6980, algorithm 1; Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2.
 */
Status adamUpdate(const Launch& launch) {
  if (Status error = checkUpdate(launch, 3)) return error;
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
  parallelFor(launch.length(0), kUpdateChunk, 1.0, [=](int64_t begin, int64_t end) {
    updateVectors(begin, end, [=](const auto& loadAt, const auto& storeAt) {
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
  });
  return nullptr;
}
NN_KERNEL("adamUpdate {u:w, u:m, u:v, r:g, r:learningRate, r:step} beta1 beta2 epsilon weightDecay decoupled", adamUpdate);

}  // namespace
}  // namespace nn::NN_ISA
