#include "cores.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

namespace nn {
namespace {

#if defined(__linux__)
/** The first processor of a core's sibling list ("0,4", "0-1"), or `processor` itself where it cannot be read. */
int firstSibling(int processor) {
  char path[96];
  std::snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", processor);
  int first = processor;
  if (std::FILE* file = std::fopen(path, "r")) {
    if (std::fscanf(file, "%d", &first) != 1) first = processor;
    std::fclose(file);
  }
  return first;
}

/** Cores with at least one processor in the affinity mask; 0 if unknown. */
int physicalCores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 0;
  cpu_set_t cores;
  CPU_ZERO(&cores);
  for (int i = 0; i < CPU_SETSIZE; i++) {
    if (!CPU_ISSET(i, &allowed)) continue;
    const int core = firstSibling(i);
    CPU_SET(core >= 0 && core < CPU_SETSIZE ? core : i, &cores);
  }
  return CPU_COUNT(&cores);
}

/** Whole processors that a version 2 control group grants; 0 if it sets no limit. */
int quota() {
  int result = 0;
  if (std::FILE* file = std::fopen("/sys/fs/cgroup/cpu.max", "r")) {
    double granted = 0;
    double period = 0;
    if (std::fscanf(file, "%lf %lf", &granted, &period) == 2 && period > 0) {
      result = static_cast<int>(std::ceil(granted / period));
    }
    std::fclose(file);
  }
  return result;
}
#else
int physicalCores() { return 0; }
int quota() { return 0; }
#endif

}  // namespace

int defaultThreads() {
  if (const char* text = std::getenv("NN_THREADS")) {
    char* end = nullptr;
    const long count = std::strtol(text, &end, 10);
    if (end != text && *end == '\0' && count >= 1 && count <= 256) return static_cast<int>(count);
  }
  int count = physicalCores();
  if (count < 1) count = static_cast<int>(std::thread::hardware_concurrency());
  const int granted = quota();
  if (granted > 0 && granted < count) count = granted;
  return count < 1 ? 1 : count;
}

}  // namespace nn
