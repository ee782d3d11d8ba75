/**
 * y[o, i] = reduction over k of x[o, k, i]. Long sums are added in pieces of a fixed size, piece after piece in double.
 */
#include "../registry.h"
#include "../vector.h"

namespace nn::NN_ISA {
namespace {

struct Sum {
  static constexpr float start = 0;
  static NN_INLINE Floats join(Floats a, Floats b) { return a + b; }
  static NN_INLINE float join(float a, float b) { return a + b; }
  static NN_INLINE double join(double a, double b) { return a + b; }
  static NN_INLINE float joinLanes(Floats v) { return sumOfLanes(v); }
};

/** The scalar forms of a comparison that NaN always wins, and the fold over lanes by them. */
template <typename Self>
struct Extremum {
  static NN_INLINE float join(float a, float b) { return static_cast<float>(Self::join(double{a}, double{b})); }
  static NN_INLINE float joinLanes(Floats v) {
    float result = v[0];
    for (int i = 1; i < kLanes; i++) result = join(result, v[i]);
    return result;
  }
};

struct Maximum : Extremum<Maximum> {
  using Extremum<Maximum>::join;
  static constexpr float start = -INFINITY;
  static NN_INLINE Floats join(Floats a, Floats b) { return a != a ? a : maximum(a, b); }
  static NN_INLINE double join(double a, double b) { return a != a || a > b ? a : b; }
};

struct Minimum : Extremum<Minimum> {
  using Extremum<Minimum>::join;
  static constexpr float start = INFINITY;
  static NN_INLINE Floats join(Floats a, Floats b) { return a != a ? a : minimum(a, b); }
  static NN_INLINE double join(double a, double b) { return a != a || a < b ? a : b; }
};

/** Elements of a row, and rows of columns, that are joined in single precision. */
constexpr int64_t kRowPiece = 8192;
constexpr int64_t kColumnPiece = 512;
/** Vectors of columns that are joined side by side. */
constexpr int kColumnVectors = 8;
constexpr int64_t kColumns = kColumnVectors * kLanes;

template <typename Op>
NN_INLINE float reduceRow(const float* x, int64_t count) {
  Floats parts[4];
  for (Floats& part : parts) part = broadcast(Op::start);
  int64_t i = 0;
  for (; i + 4 * kLanes <= count; i += 4 * kLanes) {
    for (int j = 0; j < 4; j++) parts[j] = Op::join(parts[j], load(x + i + j * kLanes));
  }
  for (; i + kLanes <= count; i += kLanes) parts[0] = Op::join(parts[0], load(x + i));
  float result = Op::joinLanes(Op::join(Op::join(parts[0], parts[1]), Op::join(parts[2], parts[3])));
  for (; i < count; i++) result = Op::join(result, x[i]);
  return result;
}

/** y[c] = reduction over `rows` rows, `stride` apart, of `width` (1…kColumns) columns. */
template <typename Op>
NN_INLINE void reduceColumns(float* y, const float* x, int64_t rows, int64_t stride, int64_t width) {
  Floats parts[kColumnVectors];
  for (Floats& part : parts) part = broadcast(Op::start);
  if (width == kColumns) {
    for (int64_t r = 0; r < rows; r++, x += stride) {
      for (int j = 0; j < kColumnVectors; j++) parts[j] = Op::join(parts[j], load(x + j * kLanes));
    }
    for (int j = 0; j < kColumnVectors; j++) store(y + j * kLanes, parts[j]);
    return;
  }
  const int64_t whole = width / kLanes;
  const int64_t left = width % kLanes;
  for (int64_t j = 0; j < whole + (left > 0); j++) {
    const float* column = x + j * kLanes;
    Floats part = broadcast(Op::start);
    if (j < whole) {
      for (int64_t r = 0; r < rows; r++, column += stride) part = Op::join(part, load(column));
      store(y + j * kLanes, part);
    } else {
      for (int64_t r = 0; r < rows; r++, column += stride) part = Op::join(part, loadPartial(column, left));
      storePartial(y + j * kLanes, part, left);
    }
  }
}

template <typename Op>
void reduceRows(float* y, const float* x, int64_t outer, int64_t size) {
  const int64_t pieces = (size + kRowPiece - 1) / kRowPiece;
  if (pieces <= 1) {
    const int64_t grain = size < kRowPiece ? kRowPiece / (size + 1) : 1;
    parallelFor(outer, grain, static_cast<double>(size) * 0.1 + 2, [=](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; o++) y[o] = reduceRow<Op>(x + o * size, size);
    });
    return;
  }
  float* parts = sharedScratch<float>(outer * pieces);
  parallelFor(outer * pieces, 1, kRowPiece * 0.1, [=](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; item++) {
      const int64_t first = item % pieces * kRowPiece;
      const int64_t count = first + kRowPiece < size ? kRowPiece : size - first;
      parts[item] = reduceRow<Op>(x + item / pieces * size + first, count);
    }
  });
  for (int64_t o = 0; o < outer; o++) {
    double result = Op::start;
    for (int64_t p = 0; p < pieces; p++) result = Op::join(result, double{parts[o * pieces + p]});
    y[o] = static_cast<float>(result);
  }
}

template <typename Op>
void reduceInner(float* y, const float* x, int64_t outer, int64_t size, int64_t inner) {
  const int64_t pieces = size > kColumnPiece ? (size + kColumnPiece - 1) / kColumnPiece : 1;
  const int64_t blocks = (inner + kColumns - 1) / kColumns;
  float* parts = pieces > 1 ? sharedScratch<float>(outer * pieces * inner) : y;
  const int64_t rowsAPiece = pieces > 1 ? kColumnPiece : size;
  const int64_t grain = rowsAPiece * kColumns < kRowPiece ? kRowPiece / (rowsAPiece * kColumns + 1) : 1;
  const double nanoseconds = static_cast<double>(rowsAPiece * (inner < kColumns ? inner : kColumns)) * 0.1 + 4;
  parallelFor(outer * pieces * blocks, grain, nanoseconds, [=](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; item++) {
      const int64_t column = item % blocks * kColumns;
      const int64_t piece = item / blocks;
      const int64_t row = piece % pieces * kColumnPiece;
      const int64_t rows = row + rowsAPiece < size ? rowsAPiece : size - row;
      const int64_t width = column + kColumns < inner ? kColumns : inner - column;
      reduceColumns<Op>(parts + piece * inner + column, x + (piece / pieces * size + row) * inner + column, rows, inner,
                        width);
    }
  });
  if (pieces == 1) return;
  for (int64_t o = 0; o < outer; o++) {
    for (int64_t i = 0; i < inner; i++) {
      double result = Op::start;
      for (int64_t p = 0; p < pieces; p++) result = Op::join(result, double{parts[(o * pieces + p) * inner + i]});
      y[o * inner + i] = static_cast<float>(result);
    }
  }
}

struct Sizes {
  int64_t outer;
  int64_t size;
  int64_t inner;
};

Status readSizes(const Launch& launch, Sizes* sizes) {
  *sizes = {launch.size(0), launch.size(1), launch.size(2)};
  if (Status error = launch.expectLength(0, product({sizes->outer, sizes->inner}))) return error;
  return launch.expectLength(1, product({sizes->outer, sizes->size, sizes->inner}));
}

template <typename Op>
Status reduce(const Launch& launch) {
  Sizes sizes;
  if (Status error = readSizes(launch, &sizes)) return error;
  float* y = launch.f32(0);
  const float* x = launch.f32(1);
  if (sizes.inner == 1) {
    reduceRows<Op>(y, x, sizes.outer, sizes.size);
  } else if (launch.length(0) > 0) {
    reduceInner<Op>(y, x, sizes.outer, sizes.size, sizes.inner);
  }
  return nullptr;
}

NN_KERNEL("sum {w:y, r:x} outer size inner", reduce<Sum>);
NN_KERNEL("maximumOf {w:y, r:x} outer size inner", reduce<Maximum>);
NN_KERNEL("minimumOf {w:y, r:x} outer size inner", reduce<Minimum>);

/** The index of the first largest along k; a NaN is the largest. */
Status argmax(const Launch& launch) {
  Sizes sizes;
  if (Status error = readSizes(launch, &sizes)) return error;
  const auto [outer, size, inner] = sizes;
  int32_t* y = launch.i32(0);
  const float* x = launch.f32(1);
  const int64_t stride = inner;
  const int64_t count = size;
  const int64_t grain = size < kRowPiece ? kRowPiece / (size + 1) : 1;
  parallelFor(launch.length(0), grain, static_cast<double>(size) + 2, [=](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; item++) {
      const float* values = x + item / stride * count * stride + item % stride;
      int64_t best = 0;
      float top = count > 0 ? values[0] : 0;
      for (int64_t k = 1; k < count; k++) {
        const float value = values[k * stride];
        if (value > top || (value != value && top == top)) {
          best = k;
          top = value;
        }
      }
      y[item] = static_cast<int32_t>(best);
    }
  });
  return nullptr;
}
NN_KERNEL("argmax {w:y i32, r:x} outer size inner", argmax);

}  // namespace
}  // namespace nn::NN_ISA
