#pragma once

namespace nn {

/**
 * Keeps this library in memory until the process ends. Node unloads an addon with the last worker thread that loaded it,
 * and the pool's threads would go on running in memory that is gone.
 */
void pinLibrary();

}  // namespace nn
