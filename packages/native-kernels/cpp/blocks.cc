#include "blocks.h"

#include <algorithm>
#include <chrono>
#include <mutex>

namespace nn {
namespace {

using Clock = std::chrono::steady_clock;

/** Estimated time of an element of a launch. Convolutions take longer, but what it decides is near for the smallest only. */
constexpr double kElementNanoseconds = 0.5;

const double** attributeNamed(const Kernel& kernel, const char* name, const double** attributes) {
  for (size_t i = 0; i < kernel.attributes.size(); i++)
    if (kernel.attributes[i].name == name) return attributes + i;
  return nullptr;
}

/** Calls the kernel for `samples` samples from `first` on; the block's begin at `inBlock` of what is in scratch. */
Status runPart(const Blocks& blocks, const Part& part, const Step& step, int64_t first, int64_t samples,
               uint8_t* scratch, int64_t inBlock) {
  const Launch& whole = step.launch;
  void* data[kMaximumBuffers];
  int64_t lengths[kMaximumBuffers];
  for (size_t b = 0; b < part.places.size(); b++) {
    const Place& place = part.places[b];
    lengths[b] = whole.lengths[b];
    data[b] = whole.data[b];
    if (place.role == Role::summed) {
      data[b] = blocks.partialSums.get() + place.offset + first / part.unit * place.bytes;
    } else if (place.role == Role::divided) {
      lengths[b] = lengths[b] / blocks.batch * samples;
      data[b] = place.offset < 0 ? static_cast<uint8_t*>(data[b]) + first * place.bytes
                                 : scratch + place.offset + inBlock * place.bytes;
    }
  }
  const double batch = static_cast<double>(samples);
  const double* attributes[kMaximumAttributes];
  std::copy_n(whole.attributes, whole.kernel->attributes.size(), attributes);
  if (const double** counts = attributeNamed(*whole.kernel, "batch", attributes)) *counts = &batch;
  return step.function({whole.kernel, data, lengths, attributes, whole.inLanes});
}

/** A sum from its partial sums. */
void addUp(const Blocks& blocks, const Part& part, const Place& place, float* sum, int64_t length) {
  const int64_t units = blocks.unitsOf(part);
  const float* const partial = reinterpret_cast<const float*>(blocks.partialSums.get() + place.offset);
  parallelFor(length, 4096, 0.2 * static_cast<double>(units), [&](int64_t begin, int64_t end) {
    std::fill(sum + begin, sum + end, 0.0f);
    for (int64_t unit = 0; unit < units; unit++)
      for (int64_t i = begin; i < end; i++) sum[i] += partial[unit * length + i];
  });
}

}  // namespace

bool runBlocks(const Blocks& blocks, const Step* steps, Failure* failure, double* spent) {
  failure->launch = -1;
  std::mutex mutex;
  int64_t elements = 0;
  for (const Part& part : blocks.parts) elements += elementsOf(steps[part.step]);
  const double nanoseconds = kElementNanoseconds * static_cast<double>(elements / blocks.count());
  parallelFor(blocks.count(), 1, nanoseconds, [&](int64_t begin, int64_t end) {
    uint8_t* const scratch = static_cast<uint8_t*>(blockScratchBytes(blocks.scratchBytes));
    for (int64_t first = begin * blocks.block; first < std::min(end * blocks.block, blocks.batch); first += blocks.block) {
      const int64_t stop = std::min(first + blocks.block, blocks.batch);
      for (size_t i = 0; i < blocks.parts.size(); i++) {
        const Part& part = blocks.parts[i];
        const Clock::time_point began = spent == nullptr ? Clock::time_point() : Clock::now();
        for (int64_t at = first; at < stop; at += part.unit) {
          const Status error =
              runPart(blocks, part, steps[part.step], at, std::min(part.unit, stop - at), scratch, at - first);
          if (error == nullptr) continue;
          const std::lock_guard<std::mutex> lock(mutex);
          return report(steps[part.step], static_cast<int64_t>(part.step), error, failure);
        }
        if (spent == nullptr) continue;
        const std::lock_guard<std::mutex> lock(mutex);
        spent[i] += std::chrono::duration<double, std::nano>(Clock::now() - began).count();
      }
    }
  });
  if (failure->launch >= 0) return false;
  for (const Part& part : blocks.parts) {
    const Launch& launch = steps[part.step].launch;
    for (size_t b = 0; b < part.places.size(); b++)
      if (part.places[b].role == Role::summed)
        addUp(blocks, part, part.places[b], launch.f32(static_cast<int>(b)), launch.lengths[b]);
  }
  return true;
}

}  // namespace nn
