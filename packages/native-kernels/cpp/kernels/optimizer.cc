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

/** Checks that buffers 0…last have one length and the `settings` after them one element each. */
NN_INLINE Status checkUpdate(const Launch& launch, int last, int settings) {
  for (int buffer = 1; buffer <= last; buffer++) {
    if (Status error = launch.expectLength(buffer, launch.length(0))) return error;
  }
  for (int buffer = last + 1; buffer <= last + settings; buffer++) {
    if (Status error = launch.expectLength(buffer, 1)) return error;
  }
  return nullptr;
}

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
  const double beta2 = launch.number(1);
  const float epsilon = launch.single(2);
  const double momentumDecay = launch.number(3);
  const double weightDecay = launch.number(4);
  const bool decoupled = launch.flag(5);
  const double now = nadamFactor(beta1, momentumDecay, t);
  const double next = nadamFactor(beta1, momentumDecay, t + 1);
  const double product = *launch.f32(6) * now;
  const float ofGradient = static_cast<float>(-learningRate * (1 - now) / (1 - product));
  const float ofMean = static_cast<float>(-learningRate * next / (1 - product * next));
  const float fresh1 = static_cast<float>(1 - beta1);
  const float kept2 = static_cast<float>(beta2);
  const float fresh2 = static_cast<float>(1 - beta2);
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
      const Floats step = multiplyAdd(broadcast(ofGradient), gs, broadcast(ofMean) * ms);
      storeAt(m, ms);
      storeAt(v, vs);
      storeAt(w, multiplyAdd(broadcast(kept), ws, step / root));
    });
  });
  return nullptr;
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
  parallelFor(launch.length(0), kUpdateChunk, 1.0, [=](int64_t begin, int64_t end) {
    updateVectors(begin, end, [=](const auto& loadAt, const auto& storeAt) {
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
  });
  return nullptr;
}
NN_KERNEL("rmspropUpdate {u:w, u:v, u:mean, u:velocity, r:g, r:learningRate} alpha epsilon momentum centered weightDecay",
          rmspropUpdate);

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
  parallelFor(launch.length(0), kUpdateChunk, 0.8, [=](int64_t begin, int64_t end) {
    updateVectors(begin, end, [=](const auto& loadAt, const auto& storeAt) {
      const Floats ws = loadAt(w);
      const Floats gs = multiplyAdd(broadcast(weightDecay), ws, loadAt(g));
      const Floats sums = multiplyAdd(gs, gs, loadAt(sum));
      storeAt(sum, sums);
      storeAt(w, ws + broadcast(size) * gs / (squareRoot(sums) + epsilon));
    });
  });
  return nullptr;
}
NN_KERNEL("adagradUpdate {u:w, u:sum, r:g, r:learningRate, r:step} learningRateDecay epsilon weightDecay", adagradUpdate);

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
  parallelFor(launch.length(0), kUpdateChunk, 1.0, [=](int64_t begin, int64_t end) {
    updateVectors(begin, end, [=](const auto& loadAt, const auto& storeAt) {
      const Floats ws = loadAt(w);
      const Floats gs = multiplyAdd(broadcast(weightDecay), ws, loadAt(g));
      const Floats vs = multiplyAdd(broadcast(kept), loadAt(v), broadcast(fresh) * gs * gs);
      const Floats us = loadAt(u);
      const Floats step = squareRoot(us + epsilon) / squareRoot(vs + epsilon) * gs;
      storeAt(v, vs);
      storeAt(u, multiplyAdd(broadcast(kept), us, broadcast(fresh) * step * step));
      storeAt(w, multiplyAdd(broadcast(-learningRate), step, ws));
    });
  });
  return nullptr;
}
NN_KERNEL("adadeltaUpdate {u:w, u:v, u:u, r:g, r:learningRate} rho epsilon weightDecay", adadeltaUpdate);

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
  parallelFor(launch.length(0), kUpdateChunk, 0.8, [=](int64_t begin, int64_t end) {
    updateVectors(begin, end, [=](const auto& loadAt, const auto& storeAt) {
      const Floats ms = loadAt(m);
      const Floats gs = loadAt(g);
      const Floats sum = multiplyAdd(broadcast(seen1), ms, broadcast(fresh1) * gs);
      const Floats below = sum < 0.0f ? broadcast(-1.0f) : sum;
      const Floats sign = sum > 0.0f ? broadcast(1.0f) : below;
      storeAt(m, multiplyAdd(broadcast(kept2), ms, broadcast(fresh2) * gs));
      storeAt(w, multiplyAdd(broadcast(kept), loadAt(w), broadcast(size) * sign));
    });
  });
  return nullptr;
}
NN_KERNEL("lionUpdate {u:w, u:m, r:g, r:learningRate} beta1 beta2 weightDecay", lionUpdate);

}  // namespace
}  // namespace nn::NN_ISA
