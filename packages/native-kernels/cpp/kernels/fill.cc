/** y = value, for every dtype. */
#include "../convert.h"
#include "../registry.h"

namespace nn::NN_ISA {
namespace {

template <typename T>
Status fill(const Launch& launch) {
  T* y = launch.as<T>(0);
  const T value = converted<T>(launch.number(0));
  parallelFor(launch.length(0), 65536, 0.06 * sizeof(T), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) y[i] = value;
  });
  return nullptr;
}

NN_KERNEL("fill {w:y} value", fill<float>);
NN_KERNEL("fill {w:y f64} value", fill<double>);
NN_KERNEL("fill {w:y i32} value", fill<int32_t>);
NN_KERNEL("fill {w:y u8} value", fill<uint8_t>);

}  // namespace
}  // namespace nn::NN_ISA
