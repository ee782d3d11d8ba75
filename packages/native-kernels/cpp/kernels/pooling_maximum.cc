#include "gemm_vectors.h"
#include "pooling.h"

namespace nn::NN_ISA {
namespace {

#if defined(__AVX2__)
NN_INLINE Floats evens(Floats a, Floats b) { return NN_SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14); }
NN_INLINE Floats odds(Floats a, Floats b) { return NN_SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15); }
NN_INLINE Floats lowerPairs(Floats a, Floats b) { return NN_SHUFFLE(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
NN_INLINE Floats upperPairs(Floats a, Floats b) { return NN_SHUFFLE(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
NN_INLINE Ints ramp() { return Ints{0, 1, 2, 3, 4, 5, 6, 7}; }
#else
NN_INLINE Floats evens(Floats a, Floats b) { return NN_SHUFFLE(a, b, 0, 2, 4, 6); }
NN_INLINE Floats odds(Floats a, Floats b) { return NN_SHUFFLE(a, b, 1, 3, 5, 7); }
NN_INLINE Floats lowerPairs(Floats a, Floats b) { return NN_SHUFFLE(a, b, 0, 4, 1, 5); }
NN_INLINE Floats upperPairs(Floats a, Floats b) { return NN_SHUFFLE(a, b, 2, 6, 3, 7); }
NN_INLINE Ints ramp() { return Ints{0, 1, 2, 3}; }
#endif

/** The position of window element k of the outputs at (row, column …) in a plane of 2 × 2 windows. */
NN_INLINE Ints position(const Pooling& g, int64_t row, int64_t column, int k) {
  return ramp() * 2 + static_cast<int32_t>((2 * row + k / 2) * g.width + 2 * column + k % 2);
}

/** kLanes outputs of 2 × 2 windows from the rows `upper` and `lower` of x. */
NN_INLINE void maximumOfPairs(const Pooling& g, int64_t row, int64_t column, const float* upper, const float* lower, float* y,
                              int32_t* index) {
  const Floats a = load(upper), b = load(upper + kLanes), c = load(lower), d = load(lower + kLanes);
  const Floats elements[4] = {evens(a, b), odds(a, b), evens(c, d), odds(c, d)};
  Floats best = elements[0];
  Ints where = position(g, row, column, 0);
#pragma GCC unroll 4
  for (int k = 1; k < 4; k++) {
    const Floats e = elements[k];
    const Ints wins = (e > best) | ((e != e) & (best == best));
    best = wins ? e : best;
    where = wins ? position(g, row, column, k) : where;
  }
  store(y, best), store(index, where);
}

/** Calls block(row, column, count) for vectors of a plane's outputs; the last vector of a row overlaps the one before. */
template <typename Block>
NN_INLINE void forEachOutputVector(const Pooling& g, const Block& block) {
  for (int64_t row = 0; row < g.outHeight; row++)
    for (int64_t c = 0; c < g.outWidth; c += kLanes)
      block(row, std::max<int64_t>(0, std::min(c, g.outWidth - kLanes)), std::min<int64_t>(kLanes, g.outWidth));
}

void maximumOfTwoByTwo(const Pooling& g, const float* x, float* y, int32_t* index) {
  forEachOutputVector(g, [&](int64_t row, int64_t column, int64_t count) {
    const float* upper = x + 2 * row * g.width + 2 * column;
    const int64_t out = row * g.outWidth + column;
    if (count == kLanes) return maximumOfPairs(g, row, column, upper, upper + g.width, y + out, index + out);
    float lines[2][2 * kLanes] = {}, best[kLanes];
    int32_t where[kLanes];
    for (int64_t i = 0; i < 2 * count; i++) lines[0][i] = upper[i], lines[1][i] = upper[g.width + i];
    maximumOfPairs(g, row, column, lines[0], lines[1], best, where);
    for (int64_t i = 0; i < count; i++) y[out + i] = best[i], index[out + i] = where[i];
  });
}

void maximumOfWindows(const Pooling& g, const float* x, float* y, int32_t* index) {
  for (int64_t row = 0; row < g.outHeight; row++)
    for (int64_t column = 0; column < g.outWidth; column++) {
      float best = -INFINITY;
      int64_t where = -1;
      g.forEachInside(g.window(row, column), [&](int64_t i) {
        if (where < 0 || x[i] > best || (x[i] != x[i] && best == best)) best = x[i], where = i;
      });
      *y++ = best, *index++ = static_cast<int32_t>(where);
    }
}

Status maxPool2d(const Launch& launch) {
  Pooling g;
  if (Status error = g.read(launch)) return error;
  if (Status error = g.expectY(launch, 0)) return error;
  if (Status error = g.expectY(launch, 1)) return error;
  if (Status error = g.expectX(launch, 2)) return error;
  float* const y = launch.f32(0);
  int32_t* const index = launch.i32(1);
  const float* const x = launch.f32(2);
  const bool pairs = g.isPlainTwoByTwo();
  g.forEachPlane(static_cast<double>(g.outPlane()) * (pairs ? 1 : 3 * g.kernelHeight * g.kernelWidth), [&](int64_t i) {
    (pairs ? maximumOfTwoByTwo : maximumOfWindows)(g, x + i * g.plane(), y + i * g.outPlane(), index + i * g.outPlane());
  });
  return nullptr;
}
NN_KERNEL(
    "maxPool2d {w:y, w:index i32, r:x} batch channels height width kernelHeight kernelWidth strideHeight strideWidth padTop "
    "padLeft dilationHeight dilationWidth outHeight outWidth",
    maxPool2d);

/** dx of a plane of 2 × 2 windows; false where an index lies outside its window. */
bool spreadTwoByTwo(const Pooling& g, const int32_t* index, const float* dy, float* dx) {
  if (2 * g.outHeight < g.height || 2 * g.outWidth < g.width)
    std::memset(dx, 0, static_cast<size_t>(g.plane()) * sizeof(float));
  Ints strayed = {};
  forEachOutputVector(g, [&](int64_t row, int64_t column, int64_t count) {
    const int64_t out = row * g.outWidth + column;
    float* const upper = dx + 2 * row * g.width + 2 * column;
    Floats d = {};
    Ints where = position(g, row, column, 0);
    for (int64_t i = 0; i < (count == kLanes ? 0 : count); i++) d[i] = dy[out + i], where[i] = index[out + i];
    if (count == kLanes) d = load(dy + out), where = load(index + out);
    Floats parts[4];
    Ints found = {};
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
      const Ints here = where == position(g, row, column, k);
      parts[k] = here ? d : Floats{};
      found |= here;
    }
    strayed |= ~found;
    float lines[2][2 * kLanes];
    float* const to[2] = {count == kLanes ? upper : lines[0], count == kLanes ? upper + g.width : lines[1]};
    for (int k = 0; k < 2; k++) {
      store(to[k], lowerPairs(parts[2 * k], parts[2 * k + 1]));
      store(to[k] + kLanes, upperPairs(parts[2 * k], parts[2 * k + 1]));
    }
    for (int64_t i = 0; i < (count == kLanes ? 0 : 2 * count); i++) upper[i] = lines[0][i], upper[g.width + i] = lines[1][i];
  });
  for (int lane = 0; lane < kLanes; lane++)
    if (strayed[lane] != 0) return false;
  return true;
}

void spreadWindows(const Pooling& g, const int32_t* index, const float* dy, float* dx) {
  std::memset(dx, 0, static_cast<size_t>(g.plane()) * sizeof(float));
  for (int64_t i = 0; i < g.outPlane(); i++)
    if (index[i] >= 0) dx[index[i]] += dy[i];
}

Status maxPool2dGradient(const Launch& launch) {
  Pooling g;
  if (Status error = g.read(launch)) return error;
  if (Status error = g.expectX(launch, 0)) return error;
  if (Status error = g.expectY(launch, 1)) return error;
  if (Status error = g.expectY(launch, 2)) return error;
  float* const dx = launch.f32(0);
  const int32_t* const index = launch.i32(1);
  const float* const dy = launch.f32(2);
  for (int64_t i = 0; i < launch.length(1); i++)
    if (index[i] < -1 || index[i] >= g.plane())
      return launch.fail("index %d at position %lld is outside 0…%lld", index[i], static_cast<long long>(i),
                         static_cast<long long>(g.plane() - 1));
  const bool pairs = g.isPlainTwoByTwo();
  g.forEachPlane(static_cast<double>(g.outPlane()) * (pairs ? 1 : 3) + static_cast<double>(g.plane()) * 0.2, [&](int64_t i) {
    const int64_t out = i * g.outPlane(), in = i * g.plane();
    if (!pairs || !spreadTwoByTwo(g, index + out, dy + out, dx + in)) spreadWindows(g, index + out, dy + out, dx + in);
  });
  return nullptr;
}
NN_KERNEL(
    "maxPool2dGradient {w:dx, r:index i32, r:dy} batch channels height width kernelHeight kernelWidth strideHeight strideWidth "
    "padTop padLeft dilationHeight dilationWidth outHeight outWidth",
    maxPool2dGradient);

}  // namespace
}  // namespace nn::NN_ISA
