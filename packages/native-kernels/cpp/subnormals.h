/** Subnormal numbers, which make each operation a hundred times as slow on most processors. */
#pragma once

#include <cstdint>

#include "vector.h"

namespace nn::NN_ISA {

/** While it lives, subnormal operands and results count as 0 on this thread. */
class SubnormalsAreZero {
 public:
  NN_INLINE SubnormalsAreZero() : before_(mode()) { setMode(before_ | kFlush); }
  NN_INLINE ~SubnormalsAreZero() { setMode(before_); }
  SubnormalsAreZero(const SubnormalsAreZero&) = delete;
  SubnormalsAreZero& operator=(const SubnormalsAreZero&) = delete;

 private:
#if defined(NN_X86)
  using Mode = uint32_t;
  /** Denormals are zero; flush to zero. */
  static constexpr Mode kFlush = 0x8040;
  static NN_INLINE Mode mode() { return _mm_getcsr(); }
  static NN_INLINE void setMode(Mode mode) {
    asm volatile("" ::: "memory");
    _mm_setcsr(mode);
    asm volatile("" ::: "memory");
  }
#elif defined(NN_NEON)
  using Mode = uint64_t;
  static constexpr Mode kFlush = uint64_t{1} << 24;
  static NN_INLINE Mode mode() {
    Mode mode;
    asm volatile("mrs %0, fpcr" : "=r"(mode));
    return mode;
  }
  static NN_INLINE void setMode(Mode mode) { asm volatile("msr fpcr, %0" ::"r"(mode) : "memory"); }
#else
  using Mode = int;
  static constexpr Mode kFlush = 0;
  static NN_INLINE Mode mode() { return 0; }
  static NN_INLINE void setMode(Mode) {}
#endif

  const Mode before_;
};

}  // namespace nn::NN_ISA
