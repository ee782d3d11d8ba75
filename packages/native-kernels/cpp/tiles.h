/** Launches that run together, tile by tile. */
#pragma once

#include <string>
#include <vector>

#include "kernel.h"

namespace nn {

/** Where a program stopped: the launch's position and the kernel's words. */
struct Failure {
  int64_t launch;
  std::string message;
};

/** A launch of a program, ready to run. */
struct Step {
  KernelFunction function;
  Launch launch;
};

/** Steps that hand each other the elements of a tile: each tile goes through all of them before the next. */
struct Chain {
  int64_t number;
  size_t first, steps;
  int64_t elements;
};

/** Chains that touch nothing of one another, so that their tiles run in any order, on all threads. */
struct Region {
  /** 0: one launch alone, which divides its work itself. */
  int64_t number;
  std::vector<Chain> chains;
};

/** Notes a failure of the step at `position`, unless one before it failed. */
void report(const Step& step, int64_t position, Status error, Failure* failure);

/** The most elements that a buffer of the step has. */
int64_t elementsOf(const Step& step);

/** Whether each buffer has that many elements, or one that is only read. */
bool isElementwise(const Step& step, int64_t elements);

/** Runs the region; false with the first failure in the order of the launches. The text of a failure is the kernel's, with its name in front. */
bool runRegion(const Region& region, const Step* steps, Failure* failure);

}  // namespace nn
