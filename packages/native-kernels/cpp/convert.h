#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "threads.h"

namespace nn::NN_ISA {

/** A number in another dtype as typed arrays convert it: integers drop the fraction and wrap, NaN and ±∞ become 0. */
template <typename To, typename From>
NN_INLINE To converted(From value) {
  if constexpr (std::is_floating_point_v<To> || std::is_integral_v<From>) {
    return static_cast<To>(value);
  } else {
    if (value > From(-2147483648.0) && value < From(2147483648.0)) {
      return static_cast<To>(static_cast<int32_t>(value));
    }
    if (!(value > From(-INFINITY) && value < From(INFINITY))) return 0;
    return static_cast<To>(static_cast<int64_t>(__builtin_fmod(static_cast<double>(value), 4294967296.0)));
  }
}

}  // namespace nn::NN_ISA
