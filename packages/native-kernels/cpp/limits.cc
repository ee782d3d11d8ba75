#include "limits.h"

#include <algorithm>
#include <chrono>

#include "kernel.h"

namespace nn {
namespace {

std::vector<LimitLoops>& registered() {
  static std::vector<LimitLoops>* const list = new std::vector<LimitLoops>();
  return *list;
}

/** The loops in the instruction set of the best kernels. */
const LimitLoops& loopsHere() {
  Isa best = Isa::baseline;
  for (const Kernel& kernel : kernels()) best = std::max(best, kernel.isa);
  for (const LimitLoops& loops : registered()) {
    if (loops.isa == best) return loops;
  }
  return registered().front();
}

constexpr double kShortestRun = 0.0002;
constexpr int kRuns = 30;
/** In bytes: from what lies in the nearest caches to what lies in memory. */
constexpr int64_t kLargestSet = int64_t{1} << 26;
constexpr int64_t kWorkingSets[] = {kLargestSet >> 10, kLargestSet >> 8, kLargestSet >> 6,
                                    kLargestSet >> 4,  kLargestSet >> 2, kLargestSet};

/** Seconds of a round: the best of many short runs, as some are disturbed wherever else something runs. */
template <typename Body>
double secondsOf(const Body& body) {
  using Clock = std::chrono::steady_clock;
  const auto time = [&](int64_t rounds) {
    const auto start = Clock::now();
    body(rounds);
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  int64_t rounds = 1;
  time(rounds);
  while (time(rounds) < kShortestRun) rounds *= 2;
  double best = time(rounds);
  for (int run = 1; run < kRuns; run++) best = std::min(best, time(rounds));
  return best / static_cast<double>(rounds);
}

}  // namespace

LimitLoopsRegistration::LimitLoopsRegistration(const LimitLoops& loops) { registered().push_back(loops); }

Limits measureLimits() {
  const LimitLoops& loops = loopsHere();
  Limits limits{loops.multiplyAdd(1) / secondsOf([&](int64_t rounds) { loops.multiplyAdd(rounds); }), {}};
  const std::vector<float> memory(static_cast<size_t>(kLargestSet) / sizeof(float), 1.0f);
  std::vector<float> target(memory.size() / 2);
  for (const int64_t bytes : kWorkingSets) {
    const int64_t count = bytes / static_cast<int64_t>(sizeof(float));
    const double read = secondsOf([&](int64_t rounds) { loops.read(memory.data(), count, rounds); });
    const double copy = secondsOf([&](int64_t rounds) { loops.copy(target.data(), memory.data(), count / 2, rounds); });
    limits.memory.push_back({static_cast<double>(bytes), static_cast<double>(bytes) / std::min(read, copy)});
  }
  return limits;
}

}  // namespace nn
