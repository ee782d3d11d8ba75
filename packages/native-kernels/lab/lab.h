// The laboratory: calls registered kernels as the backend does, beside plain twins in double precision.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "../cpp/kernel.h"

namespace lab {

/** Memory that starts with a cache line, as what programs compute in. */
template <typename T>
struct Aligned {
  using value_type = T;
  Aligned() = default;
  template <typename U>
  Aligned(const Aligned<U>&) {}
  T* allocate(size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{64})); }
  void deallocate(T* memory, size_t) { ::operator delete(memory, std::align_val_t{64}); }
  bool operator==(const Aligned&) const { return true; }
  bool operator!=(const Aligned&) const { return false; }
};

using Array = std::vector<float, Aligned<float>>;
using Indices = std::vector<int32_t, Aligned<int32_t>>;
using Attributes = std::vector<double>;

inline nn::Dtype dtypeOf(const float*) { return nn::Dtype::f32; }
inline nn::Dtype dtypeOf(const double*) { return nn::Dtype::f64; }
inline nn::Dtype dtypeOf(const int32_t*) { return nn::Dtype::i32; }
inline nn::Dtype dtypeOf(const uint8_t*) { return nn::Dtype::u8; }

/** A buffer. */
struct Argument {
  void* data;
  int64_t length;
  nn::Dtype dtype;
  template <typename T>
  Argument(const std::vector<T, Aligned<T>>& v) : Argument(v.data(), static_cast<int64_t>(v.size())) {}
  template <typename T>
  Argument(const T* data, int64_t length) : data(const_cast<T*>(data)), length(length), dtype(dtypeOf(data)) {}
};

/** Whether a kernel of this name takes buffers of these dtypes. */
inline bool takes(const nn::Kernel& kernel, const char* name, const std::vector<Argument>& buffers) {
  if (kernel.name != name || kernel.buffers.size() != buffers.size()) return false;
  for (size_t i = 0; i < buffers.size(); i++)
    if (kernel.buffers[i].dtype != buffers[i].dtype) return false;
  return true;
}

/** Launches a kernel; the message of a refusal, or nullptr. A list among the attributes is its count, then its items. */
inline const char* launch(const char* name, const std::vector<Argument>& buffers, const Attributes& attributes) {
  for (const nn::Kernel& kernel : nn::kernels()) {
    if (!takes(kernel, name, buffers)) continue;
    void* data[nn::kMaximumBuffers];
    int64_t lengths[nn::kMaximumBuffers];
    const double* pointers[nn::kMaximumAttributes];
    for (size_t i = 0; i < buffers.size(); i++) data[i] = buffers[i].data, lengths[i] = buffers[i].length;
    size_t at = 0;
    for (size_t i = 0; i < kernel.attributes.size(); i++) {
      const bool list = kernel.attributes[i].list;
      pointers[i] = &attributes.at(at + list);
      at += list ? 1 + static_cast<size_t>(attributes[at]) : 1;
    }
    return kernel.function(nn::Launch{&kernel, data, lengths, pointers});
  }
  std::fprintf(stderr, "no kernel %s takes these %zu buffers\n", name, buffers.size());
  std::exit(2);
}

inline void run(const char* name, const std::vector<Argument>& buffers, const Attributes& attributes) {
  if (const char* error = launch(name, buffers, attributes)) {
    std::fprintf(stderr, "%s: %s\n", name, error);
    std::exit(2);
  }
}

inline std::mt19937& generator() {
  static std::mt19937 g(1);
  return g;
}
inline int64_t pick(int64_t low, int64_t high) {
  return std::uniform_int_distribution<int64_t>(low, high)(generator());
}
inline Array random(int64_t count) {
  std::uniform_real_distribution<float> uniform(-1, 1);
  Array x(static_cast<size_t>(count));
  for (float& v : x) v = uniform(generator());
  return x;
}

/** Best seconds of `repeats` timings of at least `minimum` seconds each. */
inline double secondsOf(const std::function<void()>& body, double minimum = 0.002, int repeats = 20) {
  using Clock = std::chrono::steady_clock;
  const auto time = [&](int64_t count) {
    const auto start = Clock::now();
    for (int64_t i = 0; i < count; i++) body();
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  body();
  int64_t count = 1;
  while (time(count) < minimum) count *= 2;
  double best = 1e30;
  for (int i = 0; i < repeats; i++) best = std::min(best, time(count) / static_cast<double>(count));
  return best;
}

}  // namespace lab
