#include "../limits.h"
#include "../vector.h"

namespace nn::NN_ISA {
namespace {

/** Enough independent chains for two units that take up to six cycles. */
constexpr int kChains = 12;

/** Runs body(thread) once on each thread. */
template <typename Body>
NN_INLINE void onEachThread(const Body& body) {
  parallelFor(threads(), 1, 1e9, [&](int64_t begin, int64_t end) {
    for (int64_t thread = begin; thread < end; thread++) body(thread);
  });
}

/** Keeps v, and everything in memory, from being optimised away. */
NN_INLINE void keep(Floats& v) { asm volatile("" : "+m"(v) : : "memory"); }

double multiplyAddLoop(int64_t rounds) {
  onEachThread([=](int64_t) {
    Floats chain[kChains];
    for (int c = 0; c < kChains; c++) chain[c] = broadcast(static_cast<float>(c));
    const Floats factor = broadcast(0.5f);
    for (int64_t round = 0; round < rounds; round++) {
#pragma GCC unroll 16
      for (int c = 0; c < kChains; c++) chain[c] = multiplyAdd(chain[c], factor, factor);
    }
    for (int c = 0; c < kChains; c++) keep(chain[c]);
  });
  return 2.0 * kChains * kLanes * static_cast<double>(rounds) * threads();
}

/** Calls body(begin, end) `rounds` times on each thread for its slice of whole groups of eight vectors. */
template <typename Body>
NN_INLINE void onSlices(int64_t count, int64_t rounds, const Body& body) {
  constexpr int64_t kGroup = 8 * kLanes;
  const int64_t slice = count / threads() / kGroup * kGroup;
  onEachThread([=](int64_t thread) {
    for (int64_t round = 0; round < rounds; round++) body(thread * slice, (thread + 1) * slice);
  });
}

void readLoop(const float* x, int64_t count, int64_t rounds) {
  onSlices(count, rounds, [=](int64_t begin, int64_t end) {
    Floats sum[8] = {};
    for (int64_t i = begin; i < end; i += 8 * kLanes) {
#pragma GCC unroll 8
      for (int v = 0; v < 8; v++) sum[v] += load(x + i + v * kLanes);
    }
    for (int v = 0; v < 8; v++) keep(sum[v]);
  });
}

void copyLoop(float* y, const float* x, int64_t count, int64_t rounds) {
  onSlices(count, rounds, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i += 8 * kLanes) {
#pragma GCC unroll 8
      for (int v = 0; v < 8; v++) store(y + i + v * kLanes, load(x + i + v * kLanes));
    }
    asm volatile("" : : : "memory");
  });
}

const LimitLoopsRegistration registration({multiplyAddLoop, readLoop, copyLoop, Isa::NN_ISA});

}  // namespace
}  // namespace nn::NN_ISA
