/** Sizes among a launch's attributes, as convolution and pooling read them. */
#pragma once

#include "../registry.h"

namespace nn::NN_ISA {

struct SizeField {
  const char* name;
  int64_t* value;
  int64_t least = 0;
};

/** Reads the attributes from the first on: whole numbers up to 2³¹ − 1, so that a product of two never overflows. */
template <int COUNT>
NN_INLINE Status readSizes(const Launch& launch, const SizeField (&fields)[COUNT]) {
  for (int i = 0; i < COUNT; i++) {
    const int64_t value = launch.size(i);
    if (value < fields[i].least || value > INT32_MAX)
      return launch.fail("%s is %g; it must be a whole number from %d on", fields[i].name, launch.number(i),
                         static_cast<int>(fields[i].least));
    *fields[i].value = value;
  }
  return nullptr;
}

}  // namespace nn::NN_ISA
