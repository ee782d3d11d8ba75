/**
 * Float vectors by compiler vector extensions: `kLanes` floats wide (16 with AVX-512, 8 with AVX2, else 4). Arithmetic is
 * the plain operators; comparisons give masks (`Ints`, all ones or zero a lane) that the conditional operator takes.
 *
 * One element has the same bits wherever it lies: the last elements of an array go through the same vector code
 * (`loadPartial`, `storePartial`), never through scalar twins.
 */
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "threads.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#define NN_X86 1
#elif defined(__aarch64__)
#include <arm_neon.h>
#define NN_NEON 1
#endif

namespace nn::NN_ISA {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef float Floats __attribute__((vector_size(kLanes * 4)));
typedef int32_t Ints __attribute__((vector_size(kLanes * 4)));

NN_INLINE Floats load(const float* p) {
  Floats v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

NN_INLINE void store(float* p, Floats v) { std::memcpy(p, &v, sizeof v); }

NN_INLINE Ints load(const int32_t* p) {
  Ints v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

NN_INLINE void store(int32_t* p, Ints v) { std::memcpy(p, &v, sizeof v); }

#if defined(__AVX512F__)
/** A mask of the first `count` (0…kLanes) lanes. */
NN_INLINE __mmask16 firstLanes(int64_t count) { return static_cast<__mmask16>((1u << count) - 1); }
#elif defined(__AVX2__)
/** All ones in the first `count` (0…kLanes) lanes. */
NN_INLINE __m256i firstLanes(int64_t count) {
  static const int32_t table[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(table + 8 - count));
}
#endif

/** The first `count` (0…kLanes) elements, the other lanes zero. */
NN_INLINE Floats loadPartial(const float* p, int64_t count) {
#if defined(__AVX512F__)
  return reinterpret_cast<Floats>(_mm512_maskz_loadu_ps(firstLanes(count), p));
#elif defined(__AVX2__)
  return reinterpret_cast<Floats>(_mm256_maskload_ps(p, firstLanes(count)));
#else
  Floats v = {};
  if (count > 0) v[0] = p[0];
  if (count > 1) v[1] = p[1];
  if (count > 2) v[2] = p[2];
  if (count > 3) v[3] = p[3];
  return v;
#endif
}

NN_INLINE void storePartial(float* p, Floats v, int64_t count) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(p, firstLanes(count), reinterpret_cast<__m512>(v));
#elif defined(__AVX2__)
  _mm256_maskstore_ps(p, firstLanes(count), reinterpret_cast<__m256>(v));
#else
  if (count > 0) p[0] = v[0];
  if (count > 1) p[1] = v[1];
  if (count > 2) p[2] = v[2];
  if (count > 3) p[3] = v[3];
#endif
}

/** All lanes where `lanes` is kLanes, else the first ones, the others zero. */
NN_INLINE Floats loadLanes(const float* p, int64_t lanes) { return lanes == kLanes ? load(p) : loadPartial(p, lanes); }

NN_INLINE void storeLanes(float* p, Floats v, int64_t lanes) {
  if (lanes == kLanes) {
    store(p, v);
  } else {
    storePartial(p, v, lanes);
  }
}

/** v in the first `lanes` (0…kLanes) lanes, `other` in the rest. */
NN_INLINE Floats keepLanes(Floats v, int64_t lanes, Floats other) {
  if (lanes == kLanes) return v;
#if defined(__AVX512F__)
  return reinterpret_cast<Floats>(
      _mm512_mask_blend_ps(firstLanes(lanes), reinterpret_cast<__m512>(other), reinterpret_cast<__m512>(v)));
#elif defined(__AVX2__)
  return reinterpret_cast<Ints>(firstLanes(lanes)) != 0 ? v : other;
#else
  for (int64_t i = lanes; i < kLanes; i++) v[i] = other[i];
  return v;
#endif
}

/** Calls body(i, lanes) for i = begin, begin + kLanes …; `lanes` is kLanes but for what is left at the end. */
template <typename Body>
NN_INLINE void forEachVector(int64_t begin, int64_t end, const Body& body) {
  int64_t i = begin;
  for (; i + kLanes <= end; i += kLanes) body(i, int64_t{kLanes});
  if (i < end) body(i, end - i);
}

/** s in every lane, by one load when it comes from memory (adding it to zeros would also lose the sign of −0). */
NN_INLINE Floats broadcast(float s) {
#if defined(__AVX512F__)
  return reinterpret_cast<Floats>(_mm512_set1_ps(s));
#elif defined(__AVX2__)
  return Floats{s, s, s, s, s, s, s, s};
#else
  return Floats{s, s, s, s};
#endif
}
NN_INLINE Ints broadcastInt(int32_t s) { return Ints{} + s; }

NN_INLINE Ints bits(Floats v) { return reinterpret_cast<Ints>(v); }
NN_INLINE Floats fromBits(Ints v) { return reinterpret_cast<Floats>(v); }

/**
 * a·b + c. One rounding where the instruction set has it (AVX-512, AVX2 with FMA, NEON), two where it does not (SSE2): a result may
 * differ in its last bits between instruction sets, never within one.
 */
NN_INLINE Floats multiplyAdd(Floats a, Floats b, Floats c) {
#if defined(__AVX512F__)
  return reinterpret_cast<Floats>(
      _mm512_fmadd_ps(reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b), reinterpret_cast<__m512>(c)));
#elif defined(__FMA__)
  return reinterpret_cast<Floats>(
      _mm256_fmadd_ps(reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b), reinterpret_cast<__m256>(c)));
#elif defined(NN_NEON)
  return reinterpret_cast<Floats>(vfmaq_f32(reinterpret_cast<float32x4_t>(c), reinterpret_cast<float32x4_t>(a),
                                            reinterpret_cast<float32x4_t>(b)));
#else
  return a * b + c;
#endif
}

/** The scalar form, with the same bits as a lane of the vector form. */
NN_INLINE float multiplyAdd(float a, float b, float c) {
#if defined(__FMA__) || defined(NN_NEON)
  return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

/** a > b ? a : b a lane: b where either is NaN. */
NN_INLINE Floats maximum(Floats a, Floats b) {
#if defined(__AVX512F__)
  return reinterpret_cast<Floats>(_mm512_max_ps(reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b)));
#elif defined(__AVX2__)
  return reinterpret_cast<Floats>(_mm256_max_ps(reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b)));
#elif defined(NN_X86)
  return reinterpret_cast<Floats>(_mm_max_ps(reinterpret_cast<__m128>(a), reinterpret_cast<__m128>(b)));
#else
  return a > b ? a : b;
#endif
}

/** a < b ? a : b a lane: b where either is NaN. */
NN_INLINE Floats minimum(Floats a, Floats b) {
#if defined(__AVX512F__)
  return reinterpret_cast<Floats>(_mm512_min_ps(reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b)));
#elif defined(__AVX2__)
  return reinterpret_cast<Floats>(_mm256_min_ps(reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b)));
#elif defined(NN_X86)
  return reinterpret_cast<Floats>(_mm_min_ps(reinterpret_cast<__m128>(a), reinterpret_cast<__m128>(b)));
#else
  return a < b ? a : b;
#endif
}

/** The correctly rounded square root. */
NN_INLINE Floats squareRoot(Floats a) {
#if defined(__AVX512F__)
  return reinterpret_cast<Floats>(_mm512_sqrt_ps(reinterpret_cast<__m512>(a)));
#elif defined(__AVX2__)
  return reinterpret_cast<Floats>(_mm256_sqrt_ps(reinterpret_cast<__m256>(a)));
#elif defined(NN_X86)
  return reinterpret_cast<Floats>(_mm_sqrt_ps(reinterpret_cast<__m128>(a)));
#elif defined(NN_NEON)
  return reinterpret_cast<Floats>(vsqrtq_f32(reinterpret_cast<float32x4_t>(a)));
#else
  for (int i = 0; i < kLanes; i++) a[i] = __builtin_sqrtf(a[i]);
  return a;
#endif
}

NN_INLINE Floats absolute(Floats a) { return fromBits(bits(a) & 0x7fffffff); }

/** The magnitude of `a` (not negative) with the sign bit of `sign`. */
NN_INLINE Floats withSignOf(Floats a, Floats sign) {
  return fromBits(bits(a) | (bits(sign) & static_cast<int32_t>(0x80000000)));
}

#if defined(__AVX512F__)
typedef float HalfFloats __attribute__((vector_size(kLanes * 2)));
NN_INLINE HalfFloats lowerHalf(Floats v) {
  return reinterpret_cast<HalfFloats>(_mm512_castps512_ps256(reinterpret_cast<__m512>(v)));
}
NN_INLINE HalfFloats upperHalf(Floats v) {
  return reinterpret_cast<HalfFloats>(_mm512_extractf32x8_ps(reinterpret_cast<__m512>(v), 1));
}
#endif

/** Lanes added as a balanced tree: the upper half to the lower, until one is left. */
NN_INLINE float sumOfLanes(Floats v) {
#if defined(__AVX512F__)
  const HalfFloats w = lowerHalf(v) + upperHalf(v);
  return ((w[0] + w[4]) + (w[2] + w[6])) + ((w[1] + w[5]) + (w[3] + w[7]));
#elif defined(__AVX2__)
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
#else
  return (v[0] + v[2]) + (v[1] + v[3]);
#endif
}

/** The largest lane; NaN lanes may be passed over. */
NN_INLINE float maximumOfLanes(Floats v) {
  float result = v[0];
  for (int i = 1; i < kLanes; i++) result = v[i] > result ? v[i] : result;
  return result;
}

/** The scalar form of a vector function, with the same bits as a lane. */
template <typename Function>
NN_INLINE float oneLane(float x, const Function& function) {
  return function(broadcast(x))[0];
}

}  // namespace nn::NN_ISA
