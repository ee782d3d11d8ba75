#include "tiles.h"

#include <algorithm>
#include <mutex>

namespace nn {
namespace {

/** Elements of a tile: the four buffers of an optimizer's step then stay in the second-level cache, two in the first. */
constexpr int64_t kTile = 4096;
/** Estimated time of one element of one step. */
constexpr double kElementNanoseconds = 0.2;

int64_t tilesOf(const Chain& chain) { return std::max<int64_t>(1, (chain.elements + kTile - 1) / kTile); }

/** Elements [begin, end) of the chain through all its steps. */
template <typename Report>
void runTile(const Chain& chain, const Step* steps, int64_t begin, int64_t end, const Report& reportAt) {
  for (size_t i = chain.first; i < chain.first + chain.steps; i++) {
    const Step& step = steps[i];
    const std::vector<Buffer>& buffers = step.launch.kernel->buffers;
    void* data[kMaximumBuffers];
    int64_t lengths[kMaximumBuffers];
    for (size_t b = 0; b < buffers.size(); b++) {
      const bool divided = step.launch.lengths[b] == chain.elements;
      const int64_t offset = divided ? begin * sizeOf(buffers[b].dtype) : 0;
      data[b] = static_cast<uint8_t*>(step.launch.data[b]) + offset;
      lengths[b] = divided ? end - begin : step.launch.lengths[b];
    }
    const Launch launch = {step.launch.kernel, data, lengths, step.launch.attributes};
    if (Status error = step.function(launch)) return reportAt(step, static_cast<int64_t>(i), error);
  }
}

}  // namespace

void report(const Step& step, int64_t position, Status error, Failure* failure) {
  if (failure->launch >= 0 && failure->launch <= position) return;
  failure->launch = position;
  failure->message = step.launch.kernel->name + ": " + error;
}

int64_t elementsOf(const Step& step) {
  const size_t buffers = step.launch.kernel->buffers.size();
  return buffers == 0 ? 0 : *std::max_element(step.launch.lengths, step.launch.lengths + buffers);
}

bool isElementwise(const Step& step, int64_t elements) {
  const std::vector<Buffer>& buffers = step.launch.kernel->buffers;
  for (size_t b = 0; b < buffers.size(); b++) {
    const int64_t length = step.launch.lengths[b];
    if (length != elements && !(length == 1 && buffers[b].access == Access::read)) return false;
  }
  return true;
}

bool runRegion(const Region& region, const Step* steps, Failure* failure) {
  failure->launch = -1;
  if (region.number == 0) {
    const size_t position = region.chains[0].first;
    if (Status error = steps[position].function(steps[position].launch))
      report(steps[position], static_cast<int64_t>(position), error, failure);
    return failure->launch < 0;
  }
  int64_t tiles = 0, work = 0;
  for (const Chain& chain : region.chains) {
    tiles += tilesOf(chain);
    work += chain.elements * static_cast<int64_t>(chain.steps);
  }
  std::mutex mutex;
  const double nanoseconds = kElementNanoseconds * static_cast<double>(work) / static_cast<double>(tiles);
  parallelFor(tiles, 1, nanoseconds, [&](int64_t begin, int64_t end) {
    int64_t first = 0;
    for (const Chain& chain : region.chains) {
      const int64_t from = std::max(begin, first), to = std::min(end, first + tilesOf(chain));
      for (int64_t tile = from - first; tile < to - first; tile++) {
        runTile(chain, steps, tile * kTile, std::min((tile + 1) * kTile, chain.elements),
                [&](const Step& step, int64_t position, Status error) {
                  const std::lock_guard<std::mutex> lock(mutex);
                  report(step, position, error, failure);
                });
      }
      first += tilesOf(chain);
    }
  });
  return failure->launch < 0;
}

}  // namespace nn
