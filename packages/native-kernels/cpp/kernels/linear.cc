#include "../registry.h"
#include "gemm_parallel.h"

namespace nn::NN_ISA {
namespace {

/** y[rows, out] = activation(x[rows, in] · w[out, in]ᵀ + b[out]). */
Status linear(const Launch& launch) {
  const int64_t rows = launch.size(0), in = launch.size(1), out = launch.size(2);
  Activation activation = Activation::none;
  if (Status error = activationOf(launch, 3, activation)) return error;
  if (Status error = launch.expectLength(0, product({rows, out}))) return error;
  if (Status error = launch.expectLength(1, product({rows, in}))) return error;
  if (Status error = launch.expectLength(2, product({out, in}))) return error;
  if (Status error = launch.expectLength(3, out)) return error;
  Product p = {rows, out, in, {launch.f32(1), in, 1}, {launch.f32(2), 1, in}, launch.f32(0), out, 1};
  p.bias = launch.f32(3);
  p.activation = activation;
  multiply(p);
  return nullptr;
}
NN_KERNEL("linear {w:y, r:x, r:w, r:b} rows inFeatures outFeatures activation", linear);

}  // namespace
}  // namespace nn::NN_ISA
