#include "heap.h"

#include <cstdlib>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace nn {

void keepFreedMemory() {
#if defined(__GLIBC__)
  if (std::getenv("MALLOC_MMAP_THRESHOLD_") != nullptr || std::getenv("MALLOC_TRIM_THRESHOLD_") != nullptr) return;
  mallopt(M_MMAP_THRESHOLD, 32 << 20);   // larger arrays alone come from the system and go back to it
  mallopt(M_TRIM_THRESHOLD, 128 << 20);  // twice what V8 lets pile up before it collects
#endif
}

}  // namespace nn
