/** Max-pooling in windows of 2 × 2 that do not overlap, a vector of windows at a time. */
#pragma once

#include "gemm_vectors.h"
#include "linear_activation.h"

namespace nn::NN_ISA {

/** Whether any lane of a mask is set. */
NN_INLINE bool anyLane(Ints mask) {
#if defined(__AVX512F__)
  return _mm512_movepi32_mask(reinterpret_cast<__m512i>(mask)) != 0;
#elif defined(__AVX2__)
  return _mm256_movemask_ps(reinterpret_cast<__m256>(mask)) != 0;
#else
  return (mask[0] | mask[1] | mask[2] | mask[3]) != 0;
#endif
}

/** The elements of a and b in turn that have even places, and those that have odd ones. */
NN_INLINE Floats evenOf(Floats a, Floats b) {
#if defined(__AVX512F__)
  return NN_SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
#elif defined(__AVX2__)
  return NN_SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
#else
  return NN_SHUFFLE(a, b, 0, 2, 4, 6);
#endif
}
NN_INLINE Floats oddOf(Floats a, Floats b) {
#if defined(__AVX512F__)
  return NN_SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
#elif defined(__AVX2__)
  return NN_SHUFFLE(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
#else
  return NN_SHUFFLE(a, b, 1, 3, 5, 7);
#endif
}

/** The opposite: a and b taken in turn, the first half and the second half of what that gives. */
NN_INLINE Floats firstInterleaved(Floats a, Floats b) {
#if defined(__AVX512F__)
  return NN_SHUFFLE(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
#elif defined(__AVX2__)
  return NN_SHUFFLE(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
#else
  return NN_SHUFFLE(a, b, 0, 4, 1, 5);
#endif
}
NN_INLINE Floats lastInterleaved(Floats a, Floats b) {
#if defined(__AVX512F__)
  return NN_SHUFFLE(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#elif defined(__AVX2__)
  return NN_SHUFFLE(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#else
  return NN_SHUFFLE(a, b, 2, 6, 3, 7);
#endif
}

/** 0, 1, 2 … */
NN_INLINE Ints laneNumbers() {
#if defined(__AVX512F__)
  return Ints{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#elif defined(__AVX2__)
  return Ints{0, 1, 2, 3, 4, 5, 6, 7};
#else
  return Ints{0, 1, 2, 3};
#endif
}

/** The places of four neighbours: a corner, right of it, below it, and both. */
struct Corners {
  Ints place[4];
  NN_INLINE Corners(Ints corner, int64_t width)
      : place{corner, corner + 1, corner + static_cast<int32_t>(width), corner + static_cast<int32_t>(width) + 1} {}
};

/** The largest of a window and its place, a window in each lane. */
struct Largest {
  Floats value;
  Ints place;
};

/** The first of the largest; NaN is above all. */
NN_INLINE Largest largestOf(const Floats (&v)[4], const Corners& at) {
  Largest best = {v[0], at.place[0]};
#pragma GCC unroll 3
  for (int k = 1; k < 4; k++) {
    const Ints wins = ~(v[k] <= best.value) & (best.value == best.value);
    best.value = wins ? v[k] : best.value;
    best.place = wins ? at.place[k] : best.place;
  }
  return best;
}

/**
 * Whether rounding might make tanh of another value of the window as large as y = tanh of the largest. The slope 1 − y²
 * falls to no less than e⁻² of itself within 1 of the largest, so values a gap apart differ by more than
 * min(gap, 1) · (1 − y²) / 8; that is compared with 2⁻²⁰, 16 times the spacing of numbers below 1, where
 * `hyperbolicTangent` errs by 1.5.
 */
NN_INLINE bool tanhMayTie(const Floats (&v)[4], Floats largest, Floats y) {
  Ints nearest = bits(broadcast(-1.0f));  // of numbers below 0, those near it have the least bits; 0 itself has larger ones
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++) {
    const Ints gap = bits(v[k] - largest);
    nearest = gap < nearest ? gap : nearest;
  }
  return anyLane(fromBits(nearest) * (1.0f - y * y) >= -0x1p-17f);
}

/** `largestOf` four activated values, all computed. */
inline __attribute__((noinline)) Largest largestOfAll(Activation activation, Floats a, Floats b, Floats c, Floats d,
                                                      Ints corner, int64_t width) {
  return largestOf({activate(activation, a), activate(activation, b), activate(activation, c), activate(activation, d)},
                   Corners(corner, width));
}

/**
 * `largestOf` the activated values of the windows at `corner`. Of relu and tanh, which costs as much as a small convolution,
 * only the largest where that gives the same.
 */
NN_INLINE Largest largestActivated(Activation activation, const Floats (&v)[4], Ints corner, int64_t width) {
  if (activation == Activation::sigmoid) return largestOfAll(activation, v[0], v[1], v[2], v[3], corner, width);
  Largest best = largestOf(v, Corners(corner, width));
  if (activation == Activation::tanh) {
    const Floats y = hyperbolicTangent(best.value);
    if (tanhMayTie(v, best.value, y)) return largestOfAll(activation, v[0], v[1], v[2], v[3], corner, width);
    best.value = y;
  } else if (activation == Activation::relu) {
    best.place = best.value <= 0.0f ? corner : best.place;
    best.value = rectified(best.value);
  }
  return best;
}

/** The pooled plane y [⌊height/2⌋, ⌊width/2⌋] of activation(x), and where the maxima are in x [height, width]. */
inline void poolPairs(const float* x, int64_t height, int64_t width, Activation activation, float* y, int32_t* index) {
  const int64_t columns = width / 2;
  for (int64_t row = 0; row + 1 < height; row += 2, y += columns, index += columns)
    forEachVector(0, columns, [&](int64_t column, int64_t lanes) {
      const float* const top = x + row * width + 2 * column;
      const int64_t first = std::min<int64_t>(kLanes, 2 * lanes), second = 2 * lanes - first;
      const Floats a = loadLanes(top, first), b = loadLanes(top + kLanes, second);
      const Floats c = loadLanes(top + width, first), d = loadLanes(top + width + kLanes, second);
      const Ints corner = broadcastInt(static_cast<int32_t>(row * width + 2 * column)) + 2 * laneNumbers();
      const Largest best =
          largestActivated(activation, {evenOf(a, b), oddOf(a, b), evenOf(c, d), oddOf(c, d)}, corner, width);
      storeLanes(y + column, best.value, lanes);
      storeLanes(reinterpret_cast<float*>(index) + column, fromBits(best.place), lanes);
    });
}

/**
 * dx [height, width] = gradient(i, lanes) where index i points, 0 elsewhere, for the indices of `poolPairs`. False, with
 * dx unfinished, where an index lies outside its window.
 */
template <typename Gradient>
NN_INLINE bool spreadPairs(const int32_t* index, int64_t height, int64_t width, float* dx, const Gradient& gradient) {
  const int64_t columns = width / 2;
  Ints strays = {};
  for (int64_t row = 0, i = 0; row + 1 < height; row += 2, i += columns) {
    float* const top = dx + row * width;
    forEachVector(0, columns, [&](int64_t column, int64_t lanes) {
      const Ints place = bits(loadLanes(reinterpret_cast<const float*>(index) + i + column, lanes));
      const Corners at(broadcastInt(static_cast<int32_t>(row * width + 2 * column)) + 2 * laneNumbers(), width);
      const Floats value = gradient(i + column, lanes);
      Floats part[4];
      Ints found = {};
      for (int k = 0; k < 4; k++) {
        const Ints here = place == at.place[k];
        part[k] = here ? value : Floats{};
        found |= here;
      }
      strays |= ~found & (laneNumbers() < static_cast<int32_t>(lanes));
      const int64_t first = std::min<int64_t>(kLanes, 2 * lanes), second = 2 * lanes - first;
      float* const to = top + 2 * column;
      storeLanes(to, firstInterleaved(part[0], part[1]), first);
      storeLanes(to + kLanes, lastInterleaved(part[0], part[1]), second);
      storeLanes(to + width, firstInterleaved(part[2], part[3]), first);
      storeLanes(to + width + kLanes, lastInterleaved(part[2], part[3]), second);
    });
    if (width % 2 != 0) top[width - 1] = top[2 * width - 1] = 0;
  }
  if (height % 2 != 0) std::memset(dx + (height - 1) * width, 0, static_cast<size_t>(width) * sizeof(float));
  return !anyLane(strays);
}

}  // namespace nn::NN_ISA
