/** Moving elements: strided copies, their reverse, and joining rows. Elements are bits of 1, 4 or 8 bytes. */
#include <cstring>

#include "../strides.h"

namespace nn::NN_ISA {
namespace {

constexpr int64_t kCopyChunk = 32768;
/** Columns and rows of a transposed block, which keeps both sides in L1. */
constexpr int64_t kBlock = 16;

template <typename T>
NN_INLINE void copyRow(T* y, int64_t yStride, const T* x, int64_t xStride, int64_t count) {
  if (yStride == 1 && xStride == 1) {
    std::memcpy(y, x, static_cast<size_t>(count) * sizeof(T));
  } else if (yStride == 1 && xStride == 0) {
    const T value = *x;
    for (int64_t i = 0; i < count; i++) y[i] = value;
  } else {
    for (int64_t i = 0; i < count; i++) y[i * yStride] = x[i * xStride];
  }
}

/** y[r·inner + c] = x[r + c·stride] for r in [begin, end): a transposition, block by block. */
template <typename T>
NN_INLINE void transposeRows(T* y, const T* x, int64_t begin, int64_t end, int64_t inner, int64_t stride) {
  for (int64_t r0 = begin; r0 < end; r0 += kBlock) {
    const int64_t r1 = r0 + kBlock < end ? r0 + kBlock : end;
    for (int64_t c0 = 0; c0 < inner; c0 += kBlock) {
      const int64_t c1 = c0 + kBlock < inner ? c0 + kBlock : inner;
      for (int64_t r = r0; r < r1; r++) {
        for (int64_t c = c0; c < c1; c++) y[r * inner + c] = x[r + c * stride];
      }
    }
  }
}

/** Reads the attribute `offset`, or says that it is no whole number. */
NN_INLINE Status readOffset(const Launch& launch, int64_t* offset) {
  *offset = launch.integer(2);
  if (static_cast<double>(*offset) == launch.number(2)) return nullptr;
  return launch.fail("an offset of %g is no whole number", launch.number(2));
}

template <typename T>
Status copy(const Launch& launch) {
  Walk<1> walk;
  int64_t offset;
  if (Status error = readOffset(launch, &offset)) return error;
  if (Status error = readShape(launch, 0, 0, &walk)) return error;
  if (Status error = readStrides(launch, 1, 0, 1, offset, &walk)) return error;
  if (launch.length(0) == 0) return nullptr;
  T* y = launch.as<T>(0);
  const T* x = launch.as<const T>(1) + offset;
  const int64_t inner = walk.inner();
  const int64_t stride = walk.strides[0][walk.rank - 1];
  if (walk.rank == 1) {
    parallelFor(inner, kCopyChunk, 0.1 * sizeof(T), [=](int64_t begin, int64_t end) {
      copyRow(y + begin, 1, x + begin * stride, stride, end - begin);
    });
    return nullptr;
  }
  const int64_t grain = inner < kCopyChunk ? kCopyChunk / inner : 1;
  const bool transposed = walk.strides[0][walk.rank - 2] == 1 && stride > 1;
  parallelFor(walk.rows(), grain, 0.1 * sizeof(T) * static_cast<double>(inner), [=, &walk](int64_t begin, int64_t end) {
    if (!transposed) {
      walk.forRows(begin, end, [=](int64_t r, const int64_t* offsets) {
        copyRow(y + r * inner, 1, x + offsets[0], stride, inner);
      });
      return;
    }
    // Rows that share all but the last of the outer indices are one transposed matrix.
    const int64_t matrix = walk.shape[walk.rank - 2];
    for (int64_t r = begin; r < end;) {
      const int64_t first = r % matrix;
      const int64_t stop = r - first + matrix < end ? r - first + matrix : end;
      walk.forRows(r, r + 1, [=](int64_t, const int64_t* offsets) {
        transposeRows(y + (r - first) * inner, x + offsets[0] - first, first, first + stop - r, inner, stride);
      });
      r = stop;
    }
  });
  return nullptr;
}

template <typename T>
Status place(const Launch& launch) {
  Walk<1> walk;
  int64_t offset;
  if (Status error = readOffset(launch, &offset)) return error;
  if (Status error = readShape(launch, 0, 1, &walk)) return error;
  if (Status error = readStrides(launch, 1, 0, 0, offset, &walk)) return error;
  if (launch.length(1) == 0) return nullptr;
  T* y = launch.as<T>(0) + offset;
  const T* x = launch.as<const T>(1);
  const int64_t inner = walk.inner();
  const int64_t stride = walk.strides[0][walk.rank - 1];
  // On one thread: strides of 0 make rows meet, and the last must win.
  walk.forRows(0, walk.rows(), [=](int64_t r, const int64_t* offsets) {
    copyRow(y + offsets[0], stride, x + r * inner, 1, inner);
  });
  return nullptr;
}

/** y[r] = [a[r], b[r]] for rows r. */
template <typename T>
Status join(const Launch& launch) {
  const int64_t rows = launch.size(0);
  const int64_t aSize = launch.size(1);
  const int64_t bSize = launch.size(2);
  if (Status error = launch.expectLength(1, product({rows, aSize}))) return error;
  if (Status error = launch.expectLength(2, product({rows, bSize}))) return error;
  if (Status error = launch.expectLength(0, product({rows, aSize + bSize}))) return error;
  T* y = launch.as<T>(0);
  const T* a = launch.as<const T>(1);
  const T* b = launch.as<const T>(2);
  const int64_t size = aSize + bSize;
  if (size == 0) return nullptr;
  const int64_t grain = size < kCopyChunk ? kCopyChunk / size : 1;
  parallelFor(rows, grain, 0.1 * sizeof(T) * static_cast<double>(size), [=](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++) {
      copyRow(y + r * size, 1, a + r * aSize, 1, aSize);
      copyRow(y + r * size + aSize, 1, b + r * bSize, 1, bSize);
    }
  });
  return nullptr;
}

#define NN_MOVES(dtype, T)                                                                  \
  NN_KERNEL("copy {w:y " dtype ", r:x " dtype "} shape[] strides[] offset", copy<T>);       \
  NN_KERNEL("place {u:y " dtype ", r:x " dtype "} shape[] strides[] offset", place<T>);     \
  NN_KERNEL("join {w:y " dtype ", r:a " dtype ", r:b " dtype "} rows aSize bSize", join<T>)

NN_MOVES("f32", uint32_t);
NN_MOVES("f64", uint64_t);
NN_MOVES("i32", uint32_t);
NN_MOVES("u8", uint8_t);

}  // namespace
}  // namespace nn::NN_ISA
