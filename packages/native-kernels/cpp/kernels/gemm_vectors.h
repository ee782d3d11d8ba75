/** Loops over vectors, square transposes in registers, and matrices moved between rows and lanes. */
#pragma once

#include <type_traits>

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

/** The same vector, kept in a register: otherwise every use of a loaded value may become a load of its own. */
NN_INLINE Floats held(Floats v) {
#if defined(__AVX512F__)
  asm("" : "+v"(v));
#elif defined(NN_X86)
  asm("" : "+x"(v));
#elif defined(NN_NEON)
  asm("" : "+w"(v));
#endif
  return v;
}

#if defined(__AVX512F__)
/** Each quarter of four vectors as a matrix of 4 × 4, transposed in its place. */
NN_INLINE void transposeInQuarters(Floats& a, Floats& b, Floats& c, Floats& d) {
  const auto lower = [](Floats x, Floats y) {
    return _mm512_castps_pd(_mm512_unpacklo_ps(reinterpret_cast<__m512>(x), reinterpret_cast<__m512>(y)));
  };
  const auto upper = [](Floats x, Floats y) {
    return _mm512_castps_pd(_mm512_unpackhi_ps(reinterpret_cast<__m512>(x), reinterpret_cast<__m512>(y)));
  };
  const __m512d lowerAb = lower(a, b), upperAb = upper(a, b), lowerCd = lower(c, d), upperCd = upper(c, d);
  a = reinterpret_cast<Floats>(_mm512_unpacklo_pd(lowerAb, lowerCd));
  b = reinterpret_cast<Floats>(_mm512_unpackhi_pd(lowerAb, lowerCd));
  c = reinterpret_cast<Floats>(_mm512_unpacklo_pd(upperAb, upperCd));
  d = reinterpret_cast<Floats>(_mm512_unpackhi_pd(upperAb, upperCd));
}

/** Four vectors as a matrix of 4 × 4 quarters, transposed. */
NN_INLINE void transposeQuarters(Floats& a, Floats& b, Floats& c, Floats& d) {
  const auto even = [](__m512 x, __m512 y) { return _mm512_shuffle_f32x4(x, y, 0x88); };
  const auto odd = [](__m512 x, __m512 y) { return _mm512_shuffle_f32x4(x, y, 0xdd); };
  const __m512 va = reinterpret_cast<__m512>(a), vb = reinterpret_cast<__m512>(b);
  const __m512 vc = reinterpret_cast<__m512>(c), vd = reinterpret_cast<__m512>(d);
  const __m512 evenAb = even(va, vb), oddAb = odd(va, vb), evenCd = even(vc, vd), oddCd = odd(vc, vd);
  a = reinterpret_cast<Floats>(even(evenAb, evenCd)), b = reinterpret_cast<Floats>(even(oddAb, oddCd));
  c = reinterpret_cast<Floats>(odd(evenAb, evenCd)), d = reinterpret_cast<Floats>(odd(oddAb, oddCd));
}
#elif defined(__AVX2__)
/** Transposes the four blocks of 4 × 4 and leaves them in their places. */
NN_INLINE void transposeHalves(Floats (&r)[8]) {
#pragma GCC unroll 2
  for (int i = 0; i < 8; i += 4) {
    const Floats a = NN_SHUFFLE(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    const Floats b = NN_SHUFFLE(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    const Floats c = NN_SHUFFLE(r[i + 2], r[i + 3], 0, 8, 1, 9, 4, 12, 5, 13);
    const Floats d = NN_SHUFFLE(r[i + 2], r[i + 3], 2, 10, 3, 11, 6, 14, 7, 15);
    r[i] = NN_SHUFFLE(a, c, 0, 1, 8, 9, 4, 5, 12, 13), r[i + 1] = NN_SHUFFLE(a, c, 2, 3, 10, 11, 6, 7, 14, 15);
    r[i + 2] = NN_SHUFFLE(b, d, 0, 1, 8, 9, 4, 5, 12, 13), r[i + 3] = NN_SHUFFLE(b, d, 2, 3, 10, 11, 6, 7, 14, 15);
  }
}
#endif

/** r[i][j] ↔ r[j][i]. */
NN_INLINE void transpose(Floats (&r)[kLanes]) {
#if defined(__AVX512F__)
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) transposeInQuarters(r[i], r[i + 1], r[i + 2], r[i + 3]);
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) transposeQuarters(r[i], r[i + 4], r[i + 8], r[i + 12]);
#elif defined(__AVX2__)
  transposeHalves(r);
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    const Floats upper = r[i], lower = r[i + 4];
    r[i] = NN_SHUFFLE(upper, lower, 0, 1, 2, 3, 8, 9, 10, 11);
    r[i + 4] = NN_SHUFFLE(upper, lower, 4, 5, 6, 7, 12, 13, 14, 15);
  }
#else
  const Floats a = NN_SHUFFLE(r[0], r[1], 0, 4, 1, 5), b = NN_SHUFFLE(r[0], r[1], 2, 6, 3, 7);
  const Floats c = NN_SHUFFLE(r[2], r[3], 0, 4, 1, 5), d = NN_SHUFFLE(r[2], r[3], 2, 6, 3, 7);
  r[0] = NN_SHUFFLE(a, c, 0, 1, 4, 5), r[1] = NN_SHUFFLE(a, c, 2, 3, 6, 7);
  r[2] = NN_SHUFFLE(b, d, 0, 1, 4, 5), r[3] = NN_SHUFFLE(b, d, 2, 3, 6, 7);
#endif
}

/**
 * Loads and stores of kLanes × kLanes blocks: block[i][lane] ↔ rows[lane · rowStep + i]. Where vectors have parts of
 * 4 floats, these come from memory (with AVX2 go there, too) where they belong, so that only transposes of 4 × 4 within
 * parts remain.
 */
#if defined(__AVX512F__)
NN_INLINE void loadBlock(const float* rows, int64_t rowStep, Floats (&block)[16]) {
#pragma GCC unroll 16
  for (int i = 0; i < 16; i++) {
    const float* const first = rows + i % 4 * rowStep + i / 4 * 4;
    __m512 v = _mm512_castps128_ps512(_mm_loadu_ps(first));
    v = _mm512_insertf32x4(v, _mm_loadu_ps(first + 4 * rowStep), 1);
    v = _mm512_insertf32x4(v, _mm_loadu_ps(first + 8 * rowStep), 2);
    block[i] = reinterpret_cast<Floats>(_mm512_insertf32x4(v, _mm_loadu_ps(first + 12 * rowStep), 3));
  }
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) transposeInQuarters(block[i], block[i + 1], block[i + 2], block[i + 3]);
}
#elif defined(__AVX2__)
NN_INLINE void loadBlock(const float* rows, int64_t rowStep, Floats (&block)[8]) {
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++) {
    const float* const upper = rows + i % 4 * rowStep + i / 4 * 4;
    block[i] = reinterpret_cast<Floats>(_mm256_loadu2_m128(upper + 4 * rowStep, upper));
  }
  transposeHalves(block);
}
#else
NN_INLINE void loadBlock(const float* rows, int64_t rowStep, Floats (&block)[kLanes]) {
  for (int lane = 0; lane < kLanes; lane++) block[lane] = load(rows + lane * rowStep);
  transpose(block);
}
#endif

#if defined(__AVX2__) && !defined(__AVX512F__)
NN_INLINE void storeBlock(Floats (&block)[8], float* rows, int64_t rowStep) {
  transposeHalves(block);
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++) {
    float* const upper = rows + i % 4 * rowStep + i / 4 * 4;
    _mm256_storeu2_m128(upper + 4 * rowStep, upper, reinterpret_cast<__m256>(block[i]));
  }
}
#else
NN_INLINE void storeBlock(Floats (&block)[kLanes], float* rows, int64_t rowStep) {
  transpose(block);
#pragma GCC unroll 16
  for (int lane = 0; lane < kLanes; lane++) store(rows + lane * rowStep, block[lane]);
}
#endif

/**
 * put(i, block, columns) for blocks of columns from i on, block[j][lane] = rows[lane · rowStep + i + j], that together are
 * the first `count` columns of `lanes` ≤ kLanes rows; the other lanes are 0.
 */
template <typename Put>
NN_INLINE void rowsToBlocks(const float* rows, int64_t rowStep, int64_t lanes, int64_t count, const Put& put) {
  int64_t done = 0;
  if (lanes == kLanes && count >= kLanes) {
    for (int64_t i = 0; done < count; i += kLanes) {
      i = i + kLanes <= count ? i : count - kLanes;  // the last block overlaps the one before
      for (int64_t lane = 0; lane < kLanes; lane++) __builtin_prefetch(rows + lane * rowStep + i + 4 * kLanes);
      Floats block[kLanes];
      loadBlock(rows + i, rowStep, block);
      put(i, block, std::integral_constant<int, kLanes>{});
      done = i + kLanes;
    }
  }
  forEachVector(done, count, [&](int64_t i, int64_t columns) {
    Floats block[kLanes] = {};
    for (int64_t lane = 0; lane < lanes; lane++) block[lane] = loadLanes(rows + lane * rowStep + i, columns);
    transpose(block);
    put(i, block, columns);
  });
}

/** out[i · outStep + lane] = rows[lane · rowStep + i] for i < count, lane < lanes ≤ kLanes; 0 in the other lanes. */
inline void rowsToLanes(const float* rows, int64_t rowStep, int64_t lanes, int64_t count, float* out, int64_t outStep) {
  rowsToBlocks(rows, rowStep, lanes, count, [&](int64_t i, const Floats (&block)[kLanes], auto columns) {
    for (int j = 0; j < columns; j++) store(out + (i + j) * outStep, block[j]);
  });
}

/** rows[lane · rowStep + i] = in[i · inStep + lane] for i < count and lane < lanes. */
inline void lanesToRows(const float* in, int64_t inStep, int64_t lanes, int64_t count, float* rows, int64_t rowStep) {
  int64_t done = 0;
  if (lanes == kLanes && count >= kLanes) {
    for (int64_t i = 0; done < count; i += kLanes) {
      i = i + kLanes <= count ? i : count - kLanes;
      for (int64_t lane = 0; lane < kLanes; lane++) __builtin_prefetch(rows + lane * rowStep + i + 4 * kLanes, 1);
      Floats block[kLanes];
#pragma GCC unroll 16
      for (int j = 0; j < kLanes; j++) block[j] = load(in + (i + j) * inStep);
      storeBlock(block, rows + i, rowStep);
      done = i + kLanes;
    }
  }
  forEachVector(done, count, [&](int64_t i, int64_t columns) {
    Floats block[kLanes] = {};
    for (int64_t j = 0; j < columns; j++) block[j] = load(in + (i + j) * inStep);
    transpose(block);
    for (int64_t lane = 0; lane < lanes; lane++) storeLanes(rows + lane * rowStep + i, block[lane], columns);
  });
}

/** out[i] = the lanes of the i-th vector, added as `sumOfLanes` adds them. */
inline void sumLanes(const float* vectors, int64_t count, float* out) {
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    Floats r[kLanes];
    for (int j = 0; j < kLanes; j++) r[j] = load(vectors + (i + j) * kLanes);
    transpose(r);
    for (int half = kLanes / 2; half > 0; half /= 2)
      for (int j = 0; j < half; j++) r[j] += r[j + half];
    store(out + i, r[0]);
  }
  for (; i < count; i++) out[i] = sumOfLanes(load(vectors + i * kLanes));
}

}  // namespace nn::NN_ISA
