/** Rows by index, of bytes through a table too, their adjoint, and one-hot rows. */
#include <cstring>

#include "../registry.h"

namespace nn::NN_ISA {
namespace {

constexpr int64_t kGatherChunk = 16384;

/** Refuses the first index outside 0…rows − 1. */
Status checkIndices(const Launch& launch, const int32_t* index, int64_t count, int64_t rows) {
  for (int64_t i = 0; i < count; i++) {
    if (index[i] < 0 || index[i] >= rows) {
      return launch.fail("index %d at position %lld is outside 0…%lld", index[i], static_cast<long long>(i),
                         static_cast<long long>(rows - 1));
    }
  }
  return nullptr;
}

/** y[i] = x[index[i]]. */
template <typename T>
Status gatherRows(const Launch& launch) {
  const int64_t rows = launch.size(0);
  const int64_t count = launch.size(1);
  const int64_t size = launch.size(2);
  if (Status error = launch.expectLength(0, product({count, size}))) return error;
  if (Status error = launch.expectLength(1, product({rows, size}))) return error;
  if (Status error = launch.expectLength(2, count)) return error;
  T* y = launch.as<T>(0);
  const T* x = launch.as<const T>(1);
  const int32_t* index = launch.i32(2);
  if (Status error = checkIndices(launch, index, count, rows)) return error;
  const int64_t grain = size < kGatherChunk ? kGatherChunk / (size + 1) + 1 : 1;
  parallelFor(count, grain, 0.05 * sizeof(T) * static_cast<double>(size) + 5, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      std::memcpy(y + i * size, x + index[i] * size, static_cast<size_t>(size) * sizeof(T));
    }
  });
  return nullptr;
}

NN_KERNEL("gatherRows {w:y, r:x, r:index i32} rows count size", gatherRows<float>);
NN_KERNEL("gatherRows {w:y f64, r:x f64, r:index i32} rows count size", gatherRows<double>);
NN_KERNEL("gatherRows {w:y i32, r:x i32, r:index i32} rows count size", gatherRows<int32_t>);
NN_KERNEL("gatherRows {w:y u8, r:x u8, r:index i32} rows count size", gatherRows<uint8_t>);

/** y[i, c, j] = table[x[index[i], c, j], c]. */
template <typename T>
Status gatherBytes(const Launch& launch) {
  const int64_t rows = launch.size(0);
  const int64_t count = launch.size(1);
  const int64_t channels = launch.size(2);
  const int64_t size = launch.size(3);
  if (Status error = launch.expectLength(0, product({count, channels, size}))) return error;
  if (Status error = launch.expectLength(1, product({rows, channels, size}))) return error;
  if (Status error = launch.expectLength(2, product({256, channels}))) return error;
  if (Status error = launch.expectLength(3, count)) return error;
  T* y = launch.as<T>(0);
  const uint8_t* x = launch.u8(1);
  const T* table = launch.as<const T>(2);
  const int32_t* index = launch.i32(3);
  if (Status error = checkIndices(launch, index, count, rows)) return error;
  const int64_t row = channels * size;
  const int64_t grain = row < kGatherChunk ? kGatherChunk / (row + 1) + 1 : 1;
  parallelFor(count, grain, 0.5 * static_cast<double>(row) + 5, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      for (int64_t c = 0; c < channels; c++) {
        T* to = y + i * row + c * size;
        const uint8_t* from = x + index[i] * row + c * size;
        for (int64_t j = 0; j < size; j++) to[j] = table[from[j] * channels + c];
      }
    }
  });
  return nullptr;
}

NN_KERNEL("gatherBytes {w:y, r:x u8, r:table, r:index i32} rows count channels size", gatherBytes<float>);
NN_KERNEL("gatherBytes {w:y i32, r:x u8, r:table i32, r:index i32} rows count channels size", gatherBytes<int32_t>);

/** y = 0, then y[index[i]] += dy[i] in order; columns are shared out, so that every sum keeps its order. */
Status scatterRows(const Launch& launch) {
  const int64_t rows = launch.size(0);
  const int64_t count = launch.size(1);
  const int64_t size = launch.size(2);
  if (Status error = launch.expectLength(0, product({rows, size}))) return error;
  if (Status error = launch.expectLength(1, product({count, size}))) return error;
  if (Status error = launch.expectLength(2, count)) return error;
  float* y = launch.f32(0);
  const float* dy = launch.f32(1);
  const int32_t* index = launch.i32(2);
  if (Status error = checkIndices(launch, index, count, rows)) return error;
  if (launch.length(0) == 0) return nullptr;
  const double nanoseconds = static_cast<double>(count) * 0.5 + static_cast<double>(rows) * 0.1;
  parallelFor(size, 64, nanoseconds, [=](int64_t begin, int64_t end) {
    for (int64_t r = 0; r < rows; r++) std::memset(y + r * size + begin, 0, static_cast<size_t>(end - begin) * sizeof(float));
    for (int64_t i = 0; i < count; i++) {
      float* to = y + index[i] * size;
      const float* from = dy + i * size;
      for (int64_t j = begin; j < end; j++) to[j] += from[j];
    }
  });
  return nullptr;
}
NN_KERNEL("scatterRows {w:y, r:dy, r:index i32} rows count size", scatterRows);

/** y = 0 but for a 1 at each index. */
Status oneHot(const Launch& launch) {
  const int64_t classes = launch.size(0);
  const int64_t count = launch.length(1);
  if (Status error = launch.expectLength(0, product({count, classes}))) return error;
  float* y = launch.f32(0);
  const int32_t* index = launch.i32(1);
  if (Status error = checkIndices(launch, index, count, classes)) return error;
  std::memset(y, 0, static_cast<size_t>(launch.length(0)) * sizeof(float));
  for (int64_t i = 0; i < count; i++) y[i * classes + index[i]] = 1;
  return nullptr;
}
NN_KERNEL("oneHot {w:y, r:x i32} classes", oneHot);

}  // namespace
}  // namespace nn::NN_ISA
