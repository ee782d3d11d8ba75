/**
 * The frame of parameter updates, which work element by element. `learningRate` and `step` are tensors of one element.
 * Subnormal numbers count as 0: where gradients vanish, moments would decay until they are subnormal, stay so for good and
 * slow every later step.
 */
#pragma once

#include "../registry.h"
#include "../subnormals.h"

namespace nn::NN_ISA {

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
 * Calls `update(loadAt, storeAt)`, which read and write a vector of an array, for all elements of buffer 0 on all threads;
 * `nanoseconds` is what one takes.
 */
template <typename Update>
NN_INLINE Status updateElements(const Launch& launch, double nanoseconds, const Update& update) {
  parallelFor(launch.length(0), 8192, nanoseconds, [=](int64_t begin, int64_t end) {
    const SubnormalsAreZero flush;
    int64_t i = begin;
    for (; i + kLanes <= end; i += kLanes)
      update([i](const float* p) { return load(p + i); }, [i](float* p, Floats v) { store(p + i, v); });
    if (i == end) return;
    const int64_t left = end - i;
    update([i, left](const float* p) { return loadPartial(p + i, left); },
           [i, left](float* p, Floats v) { storePartial(p + i, v, left); });
  });
  return nullptr;
}

}  // namespace nn::NN_ISA
