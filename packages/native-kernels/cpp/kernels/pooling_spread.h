/** The gradients of max-pooling: values put where the maxima were. */
#pragma once

#include "pooling.h"
#include "pooling_pairs.h"

namespace nn::NN_ISA {

/**
 * dx (buffer 0) = 0 but where index (buffer 1) points: there gradient(i, lanes) of windows i … in vectors, or what
 * put(i, place) leaves of a 0. Refuses an index outside its plane.
 */
template <typename Gradient, typename Put>
inline Status spread(const Pooling& g, const Launch& launch, const Gradient& gradient, const Put& put) {
  float* const dx = launch.f32(0);
  const int32_t* const index = launch.i32(1);
  bool stray = false;
  g.forEachPlane([&](int64_t plane) {
    float* const to = dx + plane * g.plane();
    const int64_t first = plane * g.outPlane(), size = g.plane();
    const auto ofPlane = [&](int64_t i, int64_t lanes) { return gradient(first + i, lanes); };
    if (g.pairs() && spreadPairs(index + first, g.height, g.width, to, ofPlane)) return;
    std::memset(to, 0, static_cast<size_t>(size) * sizeof(float));
    for (int64_t i = first; i < first + g.outPlane(); i++) {
      if (index[i] >= 0 && index[i] < size) {
        put(i, to + index[i]);
      } else if (index[i] != -1) {
        __atomic_store_n(&stray, true, __ATOMIC_RELAXED);
      }
    }
  });
  for (int64_t i = 0; stray; i++)
    if (index[i] < -1 || index[i] >= g.plane())
      return launch.fail("index %d at position %lld is outside 0…%lld", index[i], static_cast<long long>(i),
                         static_cast<long long>(g.plane() - 1));
  return nullptr;
}

}  // namespace nn::NN_ISA
