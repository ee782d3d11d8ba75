/** The gradients of max-pooling: values put where the maxima were. */
#pragma once

#include "pooling.h"
#include "pooling_pairs.h"

namespace nn::NN_ISA {

/** Whether rows have so few windows that putting them one by one is quicker than vectors of them. */
NN_INLINE bool isNarrow(const Pooling& g) { return g.outWidth * 2 <= kLanes; }

/**
 * dx (buffer 0) = 0 but where index (buffer 1) points: there gradient(i, lanes) of windows i …, which put(place, value) puts
 * or adds. Refuses an index outside its plane.
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
    if (g.pairs() && !isNarrow(g) && spreadPairs(index + first, g.height, g.width, to, ofPlane)) return;
    std::memset(to, 0, static_cast<size_t>(size) * sizeof(float));
    forEachVector(first, first + g.outPlane(), [&](int64_t i, int64_t lanes) {
      float values[kLanes];
      store(values, gradient(i, lanes));
      for (int64_t lane = 0; lane < lanes; lane++) {
        const int32_t place = index[i + lane];
        if (static_cast<uint64_t>(place) < static_cast<uint64_t>(size)) {
          put(to + place, values[lane]);
        } else if (place != -1) {
          __atomic_store_n(&stray, true, __ATOMIC_RELAXED);
        }
      }
    });
  });
  for (int64_t i = 0; stray; i++)
    if (index[i] < -1 || index[i] >= g.plane())
      return launch.fail("index %d at position %lld is outside 0…%lld", index[i], static_cast<long long>(i),
                         static_cast<long long>(g.plane() - 1));
  return nullptr;
}

}  // namespace nn::NN_ISA
