/** Kernels as the addon and the program runner see them: parsed signatures. */
#pragma once

#include <string>
#include <vector>

#include "registry.h"

namespace nn {

constexpr size_t kMaximumBuffers = 16;
constexpr size_t kMaximumAttributes = 32;

/** Bytes of an element. */
constexpr int64_t sizeOf(Dtype dtype) {
  return dtype == Dtype::f64 ? 8 : dtype == Dtype::u8 ? 1 : 4;
}

struct Buffer {
  std::string name;
  Access access;
  Dtype dtype;
};

struct Attribute {
  std::string name;
  bool list;
};

struct Kernel {
  std::string name;
  KernelFunction function;
  /** nullptr where no buffer can lie in lanes. */
  LaneFunction lanes;
  Isa isa;
  std::vector<Buffer> buffers;
  std::vector<Attribute> attributes;
};

/** All kernels, one a name and set of dtypes, each in the best instruction set that the processor has. */
const std::vector<Kernel>& kernels();

/**
 * The instruction set in use: "baseline", "avx2" or "avx512", the best that the processor has and that the environment
 * variable NN_ISA, which names one of them, does not forbid.
 */
const char* isaName();

}  // namespace nn
