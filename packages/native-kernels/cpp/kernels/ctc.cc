/**
 * The logarithm of the chance that what is seen over time is a sample's target, and its gradient: Graves et al. 2006,
 * "Connectionist Temporal Classification", §4.1. Vectors of states, sample by sample.
 */
#include <algorithm>
#include <cstring>

#include "../elementary.h"
#include "../registry.h"
#include "convolution_sizes.h"

namespace nn::NN_ISA {
namespace {

/** ln(eᵃ + eᵇ + eᶜ), −∞ for no chance at all. */
NN_INLINE Floats logSum(Floats a, Floats b, Floats c) {
  const Floats largest = maximum(maximum(a, b), c);
  const Floats sum = exponential(a - largest) + exponential(b - largest) + exponential(c - largest);
  return largest == -INFINITY ? a + b + c : largest + naturalLogarithm(sum);
}

struct Ctc {
  int64_t batch, time, classes, labels, blank;
  const int32_t* target;
  const int32_t* inputLengths;
  const int32_t* targetLengths;

  NN_INLINE int64_t states() const { return 2 * labels + 1; }

  /** Reads the attributes and the buffers there; the lengths follow the targets. Refuses what is no sample. */
  Status read(const Launch& launch, int likelihood, int alpha, int x, int targets) {
    const SizeField fields[] = {
        {"batch", &batch}, {"time", &time}, {"classes", &classes}, {"labels", &labels}, {"blank", &blank}};
    if (Status error = readSizes(launch, fields)) return error;
    if (Status error = launch.expectLength(likelihood, batch)) return error;
    if (Status error = launch.expectLength(alpha, product({batch, time, states()}))) return error;
    if (Status error = launch.expectLength(x, product({batch, time, classes}))) return error;
    if (Status error = launch.expectLength(targets, product({batch, labels}))) return error;
    if (Status error = launch.expectLength(targets + 1, batch)) return error;
    if (Status error = launch.expectLength(targets + 2, batch)) return error;
    target = launch.i32(targets);
    inputLengths = launch.i32(targets + 1);
    targetLengths = launch.i32(targets + 2);
    if (blank >= classes)
      return launch.fail("blank %lld is outside 0…%lld", static_cast<long long>(blank), static_cast<long long>(classes - 1));
    for (int64_t n = 0; n < batch; n++)
      if (Status error = checkSample(launch, n)) return error;
    return nullptr;
  }

  Status checkSample(const Launch& launch, int64_t n) const {
    const long long sample = n;
    if (inputLengths[n] < 0 || inputLengths[n] > time)
      return launch.fail("input length %d of sample %lld is outside 0…%lld", inputLengths[n], sample,
                         static_cast<long long>(time));
    if (targetLengths[n] < 0 || targetLengths[n] > labels)
      return launch.fail("target length %d of sample %lld is outside 0…%lld", targetLengths[n], sample,
                         static_cast<long long>(labels));
    for (int64_t i = 0; i < targetLengths[n]; i++) {
      const int32_t label = target[n * labels + i];
      if (label < 0 || label >= classes)
        return launch.fail("target %d at row %lld is outside 0…%lld", label, sample, static_cast<long long>(classes - 1));
      if (label == blank)
        return launch.fail("target %d at row %lld is the blank, which is no label; give another blank", label, sample);
    }
    return nullptr;
  }

  /** Calls body(sample) for each sample, on the threads; `nanoseconds`: of a state at one time. */
  template <typename Body>
  NN_INLINE void forEachSample(double nanoseconds, const Body& body) const {
    const double steps = static_cast<double>(time) * static_cast<double>(states());
    parallelFor(batch, 1, steps * nanoseconds + 50, [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; n++) body(n);
    });
  }
};

/** The states that a way through one sample's labels passes, with a blank before, between and behind them. */
struct States {
  int64_t count;
  int32_t* classes;
  /** All ones where state s may follow s − 2: between labels that differ, no blank is needed. */
  int32_t* skips;
  /** What x says of the class of each state. */
  float* seen;
  /** Rows of a number a state, all −∞ at first, with two states before and behind them that are never reached. */
  float* rows[3];

  /** In the thread's scratch memory. */
  States(const Ctc& ctc, int64_t n) {
    count = 2 * ctc.targetLengths[n] + 1;
    const int64_t room = 2 + count + 2 + kLanes;
    classes = threadScratch<int32_t>(6 * room);
    skips = classes + room;
    seen = reinterpret_cast<float*>(skips + room);
    std::memset(skips, 0, static_cast<size_t>(room) * sizeof(int32_t));
    const int32_t* const labels = ctc.target + n * ctc.labels;
    for (int64_t s = 0; s < count; s++) {
      classes[s] = s % 2 == 0 ? static_cast<int32_t>(ctc.blank) : labels[s / 2];
      if (s >= 2 && classes[s] != classes[s - 2]) skips[s] = -1;
    }
    for (int row = 0; row < 3; row++) {
      rows[row] = seen + (row + 1) * room + 2;
      for (int64_t i = -2; i < room - 2; i++) rows[row][i] = -INFINITY;
    }
  }

  /** Looks up what x [classes] says. */
  NN_INLINE void look(const float* x) const {
    for (int64_t s = 0; s < count; s++) seen[s] = x[classes[s]];
  }

  NN_INLINE Floats ifSkips(int64_t s, Floats chances) const {
    return load(skips + s) != 0 ? chances : broadcast(-INFINITY);
  }
};

/** alpha[t, s] = ln Σ e^alpha[t − 1] of s, s − 1 and, where one is skipped, s − 2, + x[t, class of s]. */
Status ctcLogLikelihood(const Launch& launch) {
  Ctc ctc;
  if (Status error = ctc.read(launch, 0, 1, 2, 3)) return error;
  float* const y = launch.f32(0);
  float* const alpha = launch.f32(1);
  const float* const x = launch.f32(2);
  ctc.forEachSample(4, [&](int64_t n) {
    const States states(ctc, n);
    const int64_t width = ctc.states();
    float* const own = alpha + n * ctc.time * width;
    for (int64_t i = 0; i < ctc.time * width; i++) own[i] = -INFINITY;
    const float* before = states.rows[0];
    states.rows[0][0] = 0;
    for (int64_t t = 0; t < ctc.inputLengths[n]; t++) {
      float* const now = states.rows[1 - t % 2];
      states.look(x + (n * ctc.time + t) * ctc.classes);
      forEachVector(0, states.count, [&](int64_t s, int64_t lanes) {
        const Floats skipping = states.ifSkips(s, loadLanes(before + s - 2, lanes));
        const Floats sum = logSum(loadLanes(before + s, lanes), loadLanes(before + s - 1, lanes), skipping);
        storeLanes(now + s, sum + loadLanes(states.seen + s, lanes), lanes);
      });
      std::memcpy(own + t * width, now, static_cast<size_t>(states.count) * sizeof(float));
      before = now;
    }
    const float* const last = before + states.count - 1;
    y[n] = logSum(broadcast(last[0]), broadcast(last[-1]), broadcast(-INFINITY))[0];
  });
  return nullptr;
}
NN_KERNEL(
    "ctcLogLikelihood {w:y, w:alpha, r:x, r:target i32, r:inputLengths i32, r:targetLengths i32} batch time classes "
    "labels blank",
    ctcLogLikelihood);

/** dx[t, k] = dy · Σ e^(alpha[t, s] + beta[t, s] − y) of the states s of class k; beta backwards as alpha forwards. */
Status ctcLogLikelihoodGradient(const Launch& launch) {
  Ctc ctc;
  if (Status error = ctc.read(launch, 1, 2, 3, 4)) return error;
  if (Status error = launch.expectLength(0, launch.length(3))) return error;
  if (Status error = launch.expectLength(7, ctc.batch)) return error;
  float* const dx = launch.f32(0);
  const float* const y = launch.f32(1);
  const float* const alpha = launch.f32(2);
  const float* const x = launch.f32(3);
  const float* const dy = launch.f32(7);
  ctc.forEachSample(5, [&](int64_t n) {
    const int64_t sample = ctc.time * ctc.classes;
    std::memset(dx + n * sample, 0, static_cast<size_t>(sample) * sizeof(float));
    if (y[n] == -INFINITY) return;
    const States states(ctc, n);
    float *const beta = states.rows[0], *const next = states.rows[1], *const shares = states.rows[2];
    beta[states.count - 1] = beta[std::max<int64_t>(states.count - 2, 0)] = 0;
    for (int64_t t = ctc.inputLengths[n] - 1; t >= 0; t--) {
      const int64_t row = n * ctc.time + t;
      const float* const reached = alpha + row * ctc.states();
      float* const to = dx + row * ctc.classes;
      states.look(x + row * ctc.classes);
      forEachVector(0, states.count, [&](int64_t s, int64_t lanes) {
        const Floats left = loadLanes(beta + s, lanes);
        storeLanes(shares + s, exponential(loadLanes(reached + s, lanes) + left - y[n]) * dy[n], lanes);
        storeLanes(next + s, left + loadLanes(states.seen + s, lanes), lanes);
      });
      for (int64_t s = 0; s < states.count; s++) to[states.classes[s]] += shares[s];
      forEachVector(0, states.count, [&](int64_t s, int64_t lanes) {
        const Floats skipping = states.ifSkips(s + 2, loadLanes(next + s + 2, lanes));
        storeLanes(beta + s, logSum(loadLanes(next + s, lanes), loadLanes(next + s + 1, lanes), skipping), lanes);
      });
    }
  });
  return nullptr;
}
NN_KERNEL(
    "ctcLogLikelihoodGradient {w:dx, r:y, r:alpha, r:x, r:target i32, r:inputLengths i32, r:targetLengths i32, r:dy} "
    "batch time classes labels blank",
    ctcLogLikelihoodGradient);

}  // namespace
}  // namespace nn::NN_ISA
