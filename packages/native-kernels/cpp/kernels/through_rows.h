/** Launches whose buffers lie in lanes, run by kernels that want rows. */
#pragma once

#include <cstdlib>

#include "gemm_vectors.h"

namespace nn::NN_ISA {

/** Whether samples can lie in lanes: whole vectors of them. */
NN_INLINE bool fillsLanes(int64_t batch) { return batch > 0 && batch % kLanes == 0; }

/**
 * Runs a kernel of BUFFERS buffers on copies in rows of those that lie in lanes, the first WRITTEN of which it writes. Meant
 * for what a kernel cannot compute in lanes, such as numbers that are not finite; the copies are no scratch, as the kernel
 * may use all of that.
 */
template <int BUFFERS, int WRITTEN>
inline Status throughRows(const Launch& launch, int64_t batch, Status (*kernel)(const Launch&)) {
  void* data[BUFFERS];
  const auto forEachBlock = [&](int buffer, const auto& body) {
    const int64_t sample = launch.length(buffer) / batch;
    float *const lanes = launch.f32(buffer), *const rows = static_cast<float*>(data[buffer]);
    for (int64_t at = 0; at < launch.length(buffer); at += kLanes * sample) body(lanes + at, rows + at, sample);
  };
  for (int i = 0; i < BUFFERS; i++) {
    data[i] = launch.data[i];
    if (!launch.isInLanes(i)) continue;
    data[i] = std::malloc(static_cast<size_t>(launch.length(i) + 1) * sizeof(float));
    if (data[i] == nullptr) std::abort();
    if (i >= WRITTEN)
      forEachBlock(i, [](const float* lanes, float* rows, int64_t sample) {
        lanesToRows(lanes, kLanes, kLanes, sample, rows, sample);
      });
  }
  const Status status = kernel({launch.kernel, data, launch.lengths, launch.attributes});
  for (int i = 0; i < BUFFERS; i++) {
    if (!launch.isInLanes(i)) continue;
    if (i < WRITTEN)
      forEachBlock(i, [](float* lanes, const float* rows, int64_t sample) {
        rowsToLanes(rows, sample, kLanes, sample, lanes, kLanes);
      });
    std::free(data[i]);
  }
  return status;
}

}  // namespace nn::NN_ISA
