/**
 * Random numbers by Philox4x32-10 (Salmon et al. 2011, §3.3). State: the key (two words) and a 64-bit counter of blocks;
 * element i is word i mod 4 of block counter + ⌊i / 4⌋. kLanes blocks are computed side by side.
 */
#include "../registry.h"
#include "gemm_vectors.h"

namespace nn::NN_ISA {
namespace {

typedef uint32_t Words __attribute__((vector_size(kLanes * 4)));
typedef double Doubles __attribute__((vector_size(kLanes * 8)));

constexpr int64_t kBlocksAChunk = 4096;
constexpr int64_t kBatch = 4 * kLanes;

/** The upper and lower halves of the 64-bit products of `a` and `factor`. */
NN_INLINE void multiplyWide(Words a, uint32_t factor, Words* upper, Words* lower) {
#if defined(__AVX512F__)
  const __m512i factors = _mm512_set1_epi32(static_cast<int32_t>(factor));
  const __m512i values = reinterpret_cast<__m512i>(a);
  const __m512i even = _mm512_mul_epu32(values, factors);
  const __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(values, 32), factors);
  *upper = reinterpret_cast<Words>(_mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64(even, 32), odd));
  *lower = reinterpret_cast<Words>(_mm512_mask_blend_epi32(0xaaaa, even, _mm512_slli_epi64(odd, 32)));
#elif defined(__AVX2__)
  const __m256i factors = _mm256_set1_epi32(static_cast<int32_t>(factor));
  const __m256i values = reinterpret_cast<__m256i>(a);
  const __m256i even = _mm256_mul_epu32(values, factors);
  const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(values, 32), factors);
  *upper = reinterpret_cast<Words>(_mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa));
  *lower = reinterpret_cast<Words>(_mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa));
#else
  for (int i = 0; i < kLanes; i++) (*upper)[i] = static_cast<uint32_t>(uint64_t{a[i]} * factor >> 32);
  *lower = a * factor;
#endif
}

/** The words of block after block: number 4·i + j is xj[i]. */
NN_INLINE void interleave(Words* words, Words x0, Words x1, Words x2, Words x3) {
#if defined(__AVX512F__)
  Floats a = reinterpret_cast<Floats>(x0), b = reinterpret_cast<Floats>(x1);
  Floats c = reinterpret_cast<Floats>(x2), d = reinterpret_cast<Floats>(x3);
  transposeInQuarters(a, b, c, d);  // blocks 0, 4, 8, 12 in a, 1, 5, 9, 13 in b …
  transposeQuarters(a, b, c, d);
  words[0] = reinterpret_cast<Words>(a), words[1] = reinterpret_cast<Words>(b);
  words[2] = reinterpret_cast<Words>(c), words[3] = reinterpret_cast<Words>(d);
#elif defined(__AVX2__)
  const auto lower = [](Words a, Words b) {
    return _mm256_unpacklo_epi32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b));
  };
  const auto upper = [](Words a, Words b) {
    return _mm256_unpackhi_epi32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b));
  };
  // Blocks 0 and 4, 1 and 5, 2 and 6, 3 and 7: one in each half.
  const __m256i pairs[4] = {_mm256_unpacklo_epi64(lower(x0, x1), lower(x2, x3)),
                            _mm256_unpackhi_epi64(lower(x0, x1), lower(x2, x3)),
                            _mm256_unpacklo_epi64(upper(x0, x1), upper(x2, x3)),
                            _mm256_unpackhi_epi64(upper(x0, x1), upper(x2, x3))};
  words[0] = reinterpret_cast<Words>(_mm256_permute2x128_si256(pairs[0], pairs[1], 0x20));
  words[1] = reinterpret_cast<Words>(_mm256_permute2x128_si256(pairs[2], pairs[3], 0x20));
  words[2] = reinterpret_cast<Words>(_mm256_permute2x128_si256(pairs[0], pairs[1], 0x31));
  words[3] = reinterpret_cast<Words>(_mm256_permute2x128_si256(pairs[2], pairs[3], 0x31));
#else
  for (int i = 0; i < kLanes; i++) words[i] = Words{x0[i], x1[i], x2[i], x3[i]};
#endif
}

struct Stream {
  uint32_t key0;
  uint32_t key1;
  uint64_t counter;
};

/** Fills `words` with blocks counter … counter + kLanes − 1, block after block. */
NN_INLINE void philox(Words* words, const Stream& stream, uint64_t counter) {
  Words x0, x1;
  for (int i = 0; i < kLanes; i++) {
    x0[i] = static_cast<uint32_t>(counter + static_cast<uint64_t>(i));
    x1[i] = static_cast<uint32_t>((counter + static_cast<uint64_t>(i)) >> 32);
  }
  Words x2 = {};
  Words x3 = {};
  uint32_t key0 = stream.key0;
  uint32_t key1 = stream.key1;
  for (int round = 0; round < 10; round++) {
    Words upper0, lower0, upper1, lower1;
    multiplyWide(x0, 0xd2511f53u, &upper0, &lower0);
    multiplyWide(x2, 0xcd9e8d57u, &upper1, &lower1);
    x0 = upper1 ^ x1 ^ key0;
    x1 = lower1;
    x2 = upper0 ^ x3 ^ key1;
    x3 = lower0;
    key0 += 0x9e3779b9u;
    key1 += 0xbb67ae85u;
  }
  interleave(words, x0, x1, x2, x3);
}

/** y[i] = `convert`(the upper 24 bits of the words), and the state moves on by ⌈count / 4⌉ blocks. */
template <typename Convert>
NN_INLINE Status draw(const Launch& launch, const Convert& convert) {
  if (Status error = launch.expectLength(1, 4)) return error;
  float* y = launch.f32(0);
  int32_t* state = launch.i32(1);
  const int64_t count = launch.length(0);
  const uint64_t counter = uint64_t{static_cast<uint32_t>(state[3])} << 32 | static_cast<uint32_t>(state[2]);
  const Stream stream{static_cast<uint32_t>(state[0]), static_cast<uint32_t>(state[1]), counter};
  parallelFor((count + 3) / 4, kBlocksAChunk, 3.0, [=](int64_t begin, int64_t end) {
    const int64_t stop = 4 * end < count ? 4 * end : count;
    for (int64_t i = 4 * begin; i < stop; i += kBatch) {
      Words words[4];
      philox(words, stream, stream.counter + static_cast<uint64_t>(i / 4));
      for (int j = 0; j < 4; j++) {
        const int64_t left = stop - i - j * kLanes;
        const Floats values = convert(reinterpret_cast<Ints>(words[j] >> 8));
        if (left >= kLanes) {
          store(y + i + j * kLanes, values);
        } else if (left > 0) {
          storePartial(y + i + j * kLanes, values, left);
        }
      }
    }
  });
  const uint64_t next = counter + static_cast<uint64_t>((count + 3) / 4);
  state[2] = static_cast<int32_t>(static_cast<uint32_t>(next));
  state[3] = static_cast<int32_t>(static_cast<uint32_t>(next >> 32));
  return nullptr;
}

/** y = low + (high − low)·u, rounded once, so that every backend draws the same numbers. */
Status randomUniform(const Launch& launch) {
  const double low = launch.number(0);
  const double range = launch.number(1) - low;
  return draw(launch, [=](Ints upper) {
    return __builtin_convertvector(low + range * (__builtin_convertvector(upper, Doubles) * 0x1p-24), Floats);
  });
}
NN_KERNEL("randomUniform {w:y, u:state i32} low high", randomUniform);

/** mask = u < probability ? 0 : 1/(1 − probability). */
Status dropoutMask(const Launch& launch) {
  const double probability = launch.number(0);
  // A whole number k is below p·2²⁴ if it is below its ceiling.
  const int32_t threshold = static_cast<int32_t>(__builtin_ceil(probability * 0x1p24));
  const float kept = static_cast<float>(1 / (1 - probability));
  return draw(launch, [=](Ints upper) { return upper < threshold ? Floats{} : broadcast(kept); });
}
NN_KERNEL("dropoutMask {w:mask, u:state i32} probability", dropoutMask);

}  // namespace
}  // namespace nn::NN_ISA
