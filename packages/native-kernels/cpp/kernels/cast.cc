/** y = x in y's dtype. */
#include "../convert.h"
#include "../registry.h"

namespace nn::NN_ISA {
namespace {

template <typename To, typename From>
Status cast(const Launch& launch) {
  const int64_t count = launch.length(0);
  if (Status error = launch.expectLength(1, count)) return error;
  To* y = launch.as<To>(0);
  const From* x = launch.as<const From>(1);
  parallelFor(count, 32768, 0.5, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) y[i] = converted<To>(x[i]);
  });
  return nullptr;
}

#define NN_CAST_FROM(dtype, From)                                        \
  NN_KERNEL("cast {w:y f32, r:x " dtype "}", cast<float, From>);         \
  NN_KERNEL("cast {w:y f64, r:x " dtype "}", cast<double, From>);        \
  NN_KERNEL("cast {w:y i32, r:x " dtype "}", cast<int32_t, From>);       \
  NN_KERNEL("cast {w:y u8, r:x " dtype "}", cast<uint8_t, From>)

NN_CAST_FROM("f32", float);
NN_CAST_FROM("f64", double);
NN_CAST_FROM("i32", int32_t);
NN_CAST_FROM("u8", uint8_t);

}  // namespace
}  // namespace nn::NN_ISA
