#pragma once

namespace nn {

/**
 * `NN_THREADS` if it is a whole number from 1 to 256, else the processor cores that this process may use: physical cores
 * in its affinity mask, no more than its container's quota.
 */
int defaultThreads();

}  // namespace nn
