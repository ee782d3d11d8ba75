#pragma once

namespace nn {

/**
 * Lets the C library keep memory that the garbage collector frees, so that new arrays get pages which were written before:
 * arrays of eager steps live for a step, and a new page of the system's takes some µs. Only glibc is told; not where the
 * environment tells it (`MALLOC_MMAP_THRESHOLD_`, `MALLOC_TRIM_THRESHOLD_`).
 */
void keepFreedMemory();

}  // namespace nn
