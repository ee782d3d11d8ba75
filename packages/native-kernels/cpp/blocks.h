/** Launches that run together, a block of samples after another: what they hand each other stays in cache. */
#pragma once

#include <memory>
#include <vector>

#include "tiles.h"

namespace nn {

/** How a launch that works sample by sample uses one of its buffers. */
enum class Role : uint8_t {
  /** Each sample has its elements. */
  divided,
  /** Read as a whole, for every sample. */
  shared,
  /** A sum over samples: every unit of samples leaves a partial sum, and these are added in order. */
  summed,
};

/** Where a buffer of such a launch lies. */
struct Place {
  Role role;
  /** Bytes of a sample, or of a sum. */
  int64_t bytes;
  /** In a thread's scratch, or among the partial sums; -1: where the launch says. */
  int64_t offset;
};

/** Such a launch: its step in the program, and how it is cut. */
struct Part {
  size_t step;
  std::vector<Place> places;
  /** Samples that a call takes; those of a block unless the launch sums. */
  int64_t unit;
};

/** What runs together. All threads work on blocks; each block goes through all parts before the next. */
struct Blocks {
  int64_t batch, block;
  std::vector<Part> parts;
  /** Bytes of a thread's scratch: it holds what no launch outside these touches. */
  size_t scratchBytes;
  /** The partial sums of all parts. */
  std::unique_ptr<uint8_t[]> partialSums;

  /** The number of blocks: with fewer than threads, launches one by one make better use of these. */
  int64_t count() const { return (batch + block - 1) / block; }
  /** The number of partial sums of a part that sums. */
  int64_t unitsOf(const Part& part) const { return (batch + part.unit - 1) / part.unit; }
};

/** As `runRegion`. `spent`, if any, has a place for each part: nanoseconds that all threads spent in it. */
bool runBlocks(const Blocks& blocks, const Step* steps, Failure* failure, double* spent);

}  // namespace nn
