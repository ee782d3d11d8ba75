#include "../registry.h"
#include "gemm_parallel.h"

namespace nn::NN_ISA {
namespace {

/** y[batch, m, n] = op(a)[m, k] · op(b)[k, n]; a is stored [k, m] with transposeA, b [n, k] with transposeB. */
Status matmul(const Launch& launch) {
  const int64_t batch = launch.size(0), m = launch.size(1), k = launch.size(2), n = launch.size(3);
  const bool transposeA = launch.flag(4), transposeB = launch.flag(5);
  const int64_t aBatch = launch.size(6), bBatch = launch.size(7);
  if (aBatch < 0 || bBatch < 0) return launch.fail("batch strides must be whole numbers of at least 0");
  if (Status error = launch.expectLength(0, product({batch, m, n}))) return error;
  if (batch == 0) return nullptr;
  const auto span = [&](int64_t stride, int64_t size) {
    const int64_t last = product({batch - 1, stride});
    return last < 0 || size < 0 ? int64_t{-1} : last + size;
  };
  if (Status error = launch.expectLength(1, span(aBatch, product({m, k})))) return error;
  if (Status error = launch.expectLength(2, span(bBatch, product({k, n})))) return error;
  const View a = transposeA ? View{launch.f32(1), 1, m} : View{launch.f32(1), k, 1};
  const View b = transposeB ? View{launch.f32(2), 1, k} : View{launch.f32(2), n, 1};
  multiply({m, n, k, a, b, launch.f32(0), n, 1}, batch, aBatch, bBatch);
  return nullptr;
}
NN_KERNEL("matmul {w:y, r:a, r:b} batch m k n transposeA transposeB aBatchStride bBatchStride", matmul);

}  // namespace
}  // namespace nn::NN_ISA
