#include "lanes.h"

#include <numeric>

namespace nn {
namespace {

/** Buffers that must lie alike, and the batch that all of them hold. */
class Groups {
 public:
  explicit Groups(size_t buffers) : leader_(buffers), batch_(buffers, kOpen) {
    std::iota(leader_.begin(), leader_.end(), size_t{0});
  }

  void refuse(size_t buffer) { batch_[leaderOf(buffer)] = kRefused; }

  void take(size_t buffer, int64_t batch) {
    int64_t& known = batch_[leaderOf(buffer)];
    known = known == kOpen || known == batch ? batch : kRefused;
  }

  void join(size_t a, size_t b) {
    const size_t from = leaderOf(a), to = leaderOf(b);
    if (from == to) return;
    leader_[from] = to;
    if (batch_[from] != kOpen) take(to, batch_[from]);
  }

  bool inLanes(size_t buffer) { return batch_[leaderOf(buffer)] > 0; }

 private:
  static constexpr int64_t kOpen = -1, kRefused = 0;

  size_t leaderOf(size_t buffer) {
    while (leader_[buffer] != buffer) buffer = leader_[buffer] = leader_[leader_[buffer]];
    return buffer;
  }

  std::vector<size_t> leader_;
  std::vector<int64_t> batch_;
};

}  // namespace

std::vector<bool> buffersInLanes(const std::vector<LaneStep>& steps, const std::vector<bool>& free) {
  Groups groups(free.size());
  for (size_t buffer = 0; buffer < free.size(); buffer++)
    if (!free[buffer]) groups.refuse(buffer);
  for (const auto& [step, buffers, elementwise] : steps) {
    const Launch& launch = step->launch;
    const LaneFunction lanes = launch.kernel->lanes;
    const LaneBuffers taken = lanes == nullptr ? LaneBuffers{0, 0} : lanes(launch);
    const int64_t elements = elementsOf(*step);
    size_t whole = buffers.size();  // the first buffer that has all elements
    for (size_t i = 0; i < buffers.size(); i++) {
      if (taken.buffers >> i & 1) {
        groups.take(buffers[i], taken.batch);
      } else if (!elementwise || launch.lengths[i] != elements) {
        groups.refuse(buffers[i]);
      } else if (whole == buffers.size()) {
        whole = i;
      } else {
        groups.join(buffers[i], buffers[whole]);
      }
    }
  }
  std::vector<bool> result(free.size());
  for (size_t buffer = 0; buffer < free.size(); buffer++) result[buffer] = groups.inLanes(buffer);
  return result;
}

}  // namespace nn
