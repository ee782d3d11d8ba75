/** Loops over vectors, square transposes in registers, and matrices moved between rows and lanes. */
#pragma once

#include "../vector.h"

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define NN_SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#endif
#endif
#ifndef NN_SHUFFLE
#define NN_SHUFFLE(a, b, ...) __builtin_shuffle(a, b, Ints{__VA_ARGS__})
#endif

namespace nn::NN_ISA {

/** Calls body(i, lanes) for i = begin, begin + kLanes …; `lanes` is kLanes but for what is left at the end. */
template <typename Body>
NN_INLINE void forEachVector(int64_t begin, int64_t end, const Body& body) {
  int64_t i = begin;
  for (; i + kLanes <= end; i += kLanes) body(i, int64_t{kLanes});
  if (i < end) body(i, end - i);
}

/** r[i][j] ↔ r[j][i]. */
NN_INLINE void transpose(Floats (&r)[kLanes]) {
#if defined(__AVX2__)
  Floats t[8], u[8];
#pragma GCC unroll 4
  for (int i = 0; i < 8; i += 2) {
    t[i] = NN_SHUFFLE(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    t[i + 1] = NN_SHUFFLE(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
#pragma GCC unroll 2
  for (int i = 0; i < 8; i += 4) {
    u[i] = NN_SHUFFLE(t[i], t[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    u[i + 1] = NN_SHUFFLE(t[i], t[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    u[i + 2] = NN_SHUFFLE(t[i + 1], t[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
    u[i + 3] = NN_SHUFFLE(t[i + 1], t[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    r[i] = NN_SHUFFLE(u[i], u[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    r[i + 4] = NN_SHUFFLE(u[i], u[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
#else
  const Floats a = NN_SHUFFLE(r[0], r[1], 0, 4, 1, 5), b = NN_SHUFFLE(r[0], r[1], 2, 6, 3, 7);
  const Floats c = NN_SHUFFLE(r[2], r[3], 0, 4, 1, 5), d = NN_SHUFFLE(r[2], r[3], 2, 6, 3, 7);
  r[0] = NN_SHUFFLE(a, c, 0, 1, 4, 5), r[1] = NN_SHUFFLE(a, c, 2, 3, 6, 7);
  r[2] = NN_SHUFFLE(b, d, 0, 1, 4, 5), r[3] = NN_SHUFFLE(b, d, 2, 3, 6, 7);
#endif
}

/** out[i · outStep + lane] = rows[lane · rowStep + i] for i < count and lane < lanes (at most kLanes), 0 in the other lanes. */
inline void rowsToLanes(const float* rows, int64_t rowStep, int64_t lanes, int64_t count, float* out, int64_t outStep) {
  int64_t done = 0;
  if (lanes == kLanes && count >= kLanes) {
    for (int64_t i = 0; done < count; i += kLanes) {
      i = i + kLanes <= count ? i : count - kLanes;  // the last block overlaps the one before
      Floats block[kLanes];
#pragma GCC unroll 8
      for (int lane = 0; lane < kLanes; lane++) block[lane] = load(rows + lane * rowStep + i);
      transpose(block);
#pragma GCC unroll 8
      for (int j = 0; j < kLanes; j++) store(out + (i + j) * outStep, block[j]);
      done = i + kLanes;
    }
  }
  for (; done < count; done++)
    for (int64_t lane = 0; lane < kLanes; lane++) out[done * outStep + lane] = lane < lanes ? rows[lane * rowStep + done] : 0;
}

/** rows[lane · rowStep + i] = in[i · inStep + lane] for i < count and lane < lanes. */
inline void lanesToRows(const float* in, int64_t inStep, int64_t lanes, int64_t count, float* rows, int64_t rowStep) {
  int64_t done = 0;
  if (lanes == kLanes && count >= kLanes) {
    for (int64_t i = 0; done < count; i += kLanes) {
      i = i + kLanes <= count ? i : count - kLanes;
      Floats block[kLanes];
#pragma GCC unroll 8
      for (int j = 0; j < kLanes; j++) block[j] = load(in + (i + j) * inStep);
      transpose(block);
#pragma GCC unroll 8
      for (int lane = 0; lane < kLanes; lane++) store(rows + lane * rowStep + i, block[lane]);
      done = i + kLanes;
    }
  }
  for (; done < count; done++)
    for (int64_t lane = 0; lane < lanes; lane++) rows[lane * rowStep + done] = in[done * inStep + lane];
}

}  // namespace nn::NN_ISA
