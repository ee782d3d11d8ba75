/** y = f(a, b) over a broadcast shape, and comparisons, which write u8. */
#include "map.h"
#include "../strides.h"

namespace nn::NN_ISA {
namespace {

typedef uint8_t Bytes __attribute__((vector_size(kLanes)));

/** `lanes` elements of an operand: a vector load, one value repeated, or picked one by one. */
template <typename Vector, typename T>
NN_INLINE Vector operand(const T* p, int64_t stride, int64_t lanes) {
  if (stride == 0) return *p - Vector{};
  Vector v = {};
  if (stride == 1 && lanes == kLanes) {
    std::memcpy(&v, p, sizeof v);
  } else {
    for (int64_t i = 0; i < lanes; i++) v[i] = p[i * stride];
  }
  return v;
}

template <Floats (*f)(Floats, Floats)>
struct Arithmetic {
  using Operand = float;
  using Result = float;

  static NN_INLINE void row(float* y, const float* a, int64_t aStride, const float* b, int64_t bStride, int64_t count) {
    int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
      store(y + i, f(operand<Floats>(a + i * aStride, aStride, kLanes), operand<Floats>(b + i * bStride, bStride, kLanes)));
    }
    if (i == count) return;
    const int64_t left = count - i;
    const Floats as = aStride == 1 ? loadPartial(a + i, left) : operand<Floats>(a + i * aStride, aStride, left);
    const Floats bs = bStride == 1 ? loadPartial(b + i, left) : operand<Floats>(b + i * bStride, bStride, left);
    storePartial(y + i, f(as, bs), left);
  }
};

template <typename T, typename Vector, Ints (*holds)(Vector, Vector)>
struct Comparison {
  using Operand = T;
  using Result = uint8_t;

  static NN_INLINE void row(uint8_t* y, const T* a, int64_t aStride, const T* b, int64_t bStride, int64_t count) {
    for (int64_t i = 0; i < count; i += kLanes) {
      const int64_t lanes = i + kLanes <= count ? kLanes : count - i;
      const Ints mask =
          holds(operand<Vector>(a + i * aStride, aStride, lanes), operand<Vector>(b + i * bStride, bStride, lanes));
      const Bytes bytes = __builtin_convertvector(mask & 1, Bytes);
      if (lanes == kLanes) {
        std::memcpy(y + i, &bytes, sizeof bytes);
      } else {
        for (int64_t j = 0; j < lanes; j++) y[i + j] = bytes[j];
      }
    }
  }
};

/** A row with the usual strides as constants, so that each compiles to plain vector loops. */
template <typename Kind, typename Y, typename X>
NN_INLINE void rowByStrides(Y* y, const X* a, int64_t aStride, const X* b, int64_t bStride, int64_t count) {
  if (aStride == 1 && bStride == 1) return Kind::row(y, a, 1, b, 1, count);
  if (aStride == 1 && bStride == 0) return Kind::row(y, a, 1, b, 0, count);
  if (aStride == 0 && bStride == 1) return Kind::row(y, a, 0, b, 1, count);
  Kind::row(y, a, aStride, b, bStride, count);
}

/** No shape: each operand has the elements of y, or one for all. */
template <typename Kind, int picoseconds>
Status elementByElement(const Launch& launch) {
  const int64_t count = launch.length(0);
  const int64_t aStride = launch.length(1) == 1 ? 0 : 1, bStride = launch.length(2) == 1 ? 0 : 1;
  if (Status error = launch.expectLength(1, aStride == 0 ? 1 : count)) return error;
  if (Status error = launch.expectLength(2, bStride == 0 ? 1 : count)) return error;
  auto* y = launch.as<typename Kind::Result>(0);
  const auto* a = launch.as<const typename Kind::Operand>(1);
  const auto* b = launch.as<const typename Kind::Operand>(2);
  parallelFor(count, kMapChunk, picoseconds * 1e-3, [=](int64_t begin, int64_t end) {
    rowByStrides<Kind>(y + begin, a + begin * aStride, aStride, b + begin * bStride, bStride, end - begin);
  });
  return nullptr;
}

template <typename Kind, int picoseconds = 400>
Status binary(const Launch& launch) {
  if (launch.list(0).count == 0) return elementByElement<Kind, picoseconds>(launch);
  Walk<2> walk;
  if (Status error = readShape(launch, 0, 0, &walk)) return error;
  if (Status error = readStrides(launch, 1, 0, 1, 0, &walk)) return error;
  if (Status error = readStrides(launch, 2, 1, 2, 0, &walk)) return error;
  if (launch.length(0) == 0) return nullptr;
  auto* y = launch.as<typename Kind::Result>(0);
  const auto* a = launch.as<const typename Kind::Operand>(1);
  const auto* b = launch.as<const typename Kind::Operand>(2);
  const int64_t inner = walk.inner();
  const int64_t aStride = walk.strides[0][walk.rank - 1];
  const int64_t bStride = walk.strides[1][walk.rank - 1];
  if (walk.rank == 1) {
    parallelFor(inner, kMapChunk, picoseconds * 1e-3, [=](int64_t begin, int64_t end) {
      rowByStrides<Kind>(y + begin, a + begin * aStride, aStride, b + begin * bStride, bStride, end - begin);
    });
    return nullptr;
  }
  const int64_t grain = inner < kMapChunk ? kMapChunk / inner : 1;
  parallelFor(walk.rows(), grain, static_cast<double>(inner) * picoseconds * 1e-3, [=, &walk](int64_t begin, int64_t end) {
    walk.forRows(begin, end, [=](int64_t r, const int64_t* offsets) {
      rowByStrides<Kind>(y + r * inner, a + offsets[0], aStride, b + offsets[1], bStride, inner);
    });
  });
  return nullptr;
}

NN_INLINE Floats sumOf(Floats a, Floats b) { return a + b; }
NN_INLINE Floats differenceOf(Floats a, Floats b) { return a - b; }
NN_INLINE Floats productOf(Floats a, Floats b) { return a * b; }
NN_INLINE Floats quotientOf(Floats a, Floats b) { return a / b; }
/** NaN if either is: `maximum` and `minimum` give b where a is NaN. */
NN_INLINE Floats largerOf(Floats a, Floats b) { return a != a ? a : maximum(a, b); }
NN_INLINE Floats smallerOf(Floats a, Floats b) { return a != a ? a : minimum(a, b); }

/** a ** b as JavaScript has it: unlike C, 1 ** NaN and (±1) ** ±∞ are NaN. */
NN_INLINE Floats powerOf(Floats a, Floats b) {
  Floats y;
  for (int i = 0; i < kLanes; i++) {
    if (b[i] == 2.0f) {
      y[i] = a[i] * a[i];
    } else if (b[i] != b[i] || (__builtin_fabsf(a[i]) == 1.0f && __builtin_fabsf(b[i]) == INFINITY)) {
      y[i] = NAN;
    } else {
      y[i] = __builtin_powf(a[i], b[i]);
    }
  }
  return y;
}

template <typename V> NN_INLINE Ints isEqual(V a, V b) { return a == b; }
template <typename V> NN_INLINE Ints isNotEqual(V a, V b) { return a != b; }
template <typename V> NN_INLINE Ints isGreater(V a, V b) { return a > b; }
template <typename V> NN_INLINE Ints isGreaterEqual(V a, V b) { return a >= b; }
template <typename V> NN_INLINE Ints isLess(V a, V b) { return a < b; }
template <typename V> NN_INLINE Ints isLessEqual(V a, V b) { return a <= b; }

#define NN_ATTRIBUTES " shape[] aStrides[] bStrides[]"

NN_KERNEL("add {w:y, r:a, r:b}" NN_ATTRIBUTES, binary<Arithmetic<sumOf>>);
NN_KERNEL("subtract {w:y, r:a, r:b}" NN_ATTRIBUTES, binary<Arithmetic<differenceOf>>);
NN_KERNEL("multiply {w:y, r:a, r:b}" NN_ATTRIBUTES, binary<Arithmetic<productOf>>);
NN_KERNEL("divide {w:y, r:a, r:b}" NN_ATTRIBUTES, binary<Arithmetic<quotientOf>, 600>);
NN_KERNEL("maximum {w:y, r:a, r:b}" NN_ATTRIBUTES, binary<Arithmetic<largerOf>>);
NN_KERNEL("minimum {w:y, r:a, r:b}" NN_ATTRIBUTES, binary<Arithmetic<smallerOf>>);
NN_KERNEL("power {w:y, r:a, r:b}" NN_ATTRIBUTES, binary<Arithmetic<powerOf>, 10000>);

#define NN_COMPARISON(name, holds)                                                                                 \
  NN_KERNEL(name " {w:y u8, r:a, r:b}" NN_ATTRIBUTES, binary<Comparison<float, Floats, holds<Floats>>>);             \
  NN_KERNEL(name " {w:y u8, r:a i32, r:b i32}" NN_ATTRIBUTES, binary<Comparison<int32_t, Ints, holds<Ints>>>)

NN_COMPARISON("equal", isEqual);
NN_COMPARISON("notEqual", isNotEqual);
NN_COMPARISON("greater", isGreater);
NN_COMPARISON("greaterEqual", isGreaterEqual);
NN_COMPARISON("less", isLess);
NN_COMPARISON("lessEqual", isLessEqual);

/** y = condition ? a : b, all of one length. */
Status where(const Launch& launch) {
  const int64_t count = launch.length(0);
  for (int buffer = 1; buffer < 4; buffer++) {
    if (Status error = launch.expectLength(buffer, count)) return error;
  }
  float* y = launch.f32(0);
  const uint8_t* condition = launch.u8(1);
  const float* a = launch.f32(2);
  const float* b = launch.f32(3);
  parallelFor(count, kMapChunk, 0.5, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) y[i] = condition[i] != 0 ? a[i] : b[i];
  });
  return nullptr;
}
NN_KERNEL("where {w:y, r:condition u8, r:a, r:b}", where);

}  // namespace
}  // namespace nn::NN_ISA
