/** Finds the launches of a program that can run by blocks of samples. */
#pragma once

#include <memory>
#include <vector>

#include "blocks.h"
#include "lanes.h"
#include "tiles.h"

namespace nn {

/** Regions [begin, end) of a program: by blocks where there are any, else one after another. */
struct Stretch {
  size_t begin, end;
  std::unique_ptr<const Blocks> blocks;
};

/**
 * The regions of a program as stretches, as long as they can be. `own[i]`: buffer i is a temporary of this program alone.
 */
std::vector<Stretch> stretchesOf(const std::vector<Region>& regions, const std::vector<LaneStep>& steps,
                                 const std::vector<bool>& own);

}  // namespace nn
