/** Which buffers of a program lie in lanes. */
#pragma once

#include <vector>

#include "tiles.h"

namespace nn {

/** A launch as this choice sees it. */
struct LaneStep {
  const Step* step;
  /** The numbers of its buffers. */
  std::vector<size_t> buffers;
  /** Whether element i of what it writes follows from the elements i alone, so that it works in any order of them. */
  bool elementwise;
};

/**
 * True for each buffer that lies in lanes (see `LaneBuffers`): `free`, as nothing outside these launches touches it, and
 * every launch that touches it takes it so, with the same batch. The buffers of elementwise launches lie alike.
 */
std::vector<bool> buffersInLanes(const std::vector<LaneStep>& steps, const std::vector<bool>& free);

}  // namespace nn
