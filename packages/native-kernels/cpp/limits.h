/** What the machine can do at most: the yardstick of profiles. */
#pragma once

#include <cstdint>
#include <vector>

#include "registry.h"

namespace nn {

/** Loops that do nothing but one thing, on all threads; compiled once per instruction set. */
struct LimitLoops {
  /** Independent multiply-adds in registers; returns how many floating-point operations they were. */
  double (*multiplyAdd)(int64_t rounds);
  void (*read)(const float* x, int64_t count, int64_t rounds);
  void (*copy)(float* y, const float* x, int64_t count, int64_t rounds);
  Isa isa;
};

struct LimitLoopsRegistration {
  explicit LimitLoopsRegistration(const LimitLoops& loops);
};

/** Bytes a second, read or written, when `bytes` are touched again and again: by reading or copying, whichever is faster. */
struct Bandwidth {
  double bytes;
  double rate;
};

struct Limits {
  /** Floating-point operations a second, a multiply-add counting as two. */
  double flops;
  /** By working set, smallest first. */
  std::vector<Bandwidth> memory;
};

/** Measures with the best instruction set and the present number of threads; takes a fifth of a second. */
Limits measureLimits();

}  // namespace nn
