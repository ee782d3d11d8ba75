/**
 * Random numbers by Philox4x32-10 (Salmon et al. 2011, §3.3). State: the key (two words) and a 64-bit counter of blocks;
 * element i is word i mod 4 of block counter + ⌊i / 4⌋.
 */
#include "../registry.h"
#include "../vector.h"

namespace nn::NN_ISA {
namespace {

typedef uint32_t Words __attribute__((vector_size(kLanes * 4)));
typedef uint64_t Wide __attribute__((vector_size(kLanes * 4)));
typedef double Doubles __attribute__((vector_size(kLanes * 8)));

constexpr int64_t kBlocksAChunk = 3072;
/** Blocks a vector: one in each of its lanes of 64 bits. */
constexpr int kBlocks = kLanes / 2;
/** Vectors computed side by side, as a round's multiplications wait for those of the round before. */
constexpr int kChains = kLanes == 16 ? 4 : 3;
constexpr int64_t kBatch = 4 * kBlocks * kChains;

#if defined(NN_X86)
#if defined(__AVX512F__)
#define NN_INTEGERS(operation) reinterpret_cast<Wide>(_mm512_##operation(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)))
#elif defined(__AVX2__)
#define NN_INTEGERS(operation) reinterpret_cast<Wide>(_mm256_##operation(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)))
#else
#define NN_INTEGERS(operation) reinterpret_cast<Wide>(_mm_##operation(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)))
#endif
/** The 64-bit products of the lower halves of lanes. */
NN_INLINE Wide multiplyLower(Wide a, Wide b) { return NN_INTEGERS(mul_epu32); }
/** Even lanes of a and b in turn; odd ones. */
NN_INLINE Wide evenLanes(Wide a, Wide b) { return NN_INTEGERS(unpacklo_epi64); }
NN_INLINE Wide oddLanes(Wide a, Wide b) { return NN_INTEGERS(unpackhi_epi64); }
#undef NN_INTEGERS
#else
NN_INLINE Wide multiplyLower(Wide a, Wide b) { return (a & 0xffffffff) * (b & 0xffffffff); }
NN_INLINE Wide evenLanes(Wide a, Wide b) { return Wide{a[0], b[0]}; }
NN_INLINE Wide oddLanes(Wide a, Wide b) { return Wide{a[1], b[1]}; }
#endif

/** Lane i holds block ⌊i / 2⌋, from the middle on if i is odd, so that `evenLanes` and `oddLanes` put blocks in order. */
NN_INLINE Wide blocksOfLanes() {
  Wide blocks;
  for (int i = 0; i < kBlocks; i++) blocks[i] = static_cast<uint64_t>(i / 2 + i % 2 * (kBlocks / 2));
  return blocks;
}

struct Stream {
  uint32_t key0;
  uint32_t key1;
  uint64_t counter;
};

/**
 * Fills `words` with blocks counter … counter + kBlocks·kChains − 1, block after block. A word lies in the lower half of a
 * lane; what is in the upper half is never read.
 */
NN_INLINE void philox(Wide (*words)[2], const Stream& stream, uint64_t counter) {
  Wide x0[kChains], x1[kChains], x2[kChains], x3[kChains];
  for (int c = 0; c < kChains; c++) {
    x0[c] = blocksOfLanes() + (counter + static_cast<uint64_t>(c * kBlocks));
    x1[c] = x0[c] >> 32;
    x2[c] = x3[c] = Wide{};
  }
  Wide key0 = Wide{} + stream.key0;
  Wide key1 = Wide{} + stream.key1;
#pragma GCC unroll 2
  for (int round = 0; round < 10; round++) {
    for (int c = 0; c < kChains; c++) {
      const Wide product0 = multiplyLower(x0[c], Wide{} + 0xd2511f53u);
      const Wide product1 = multiplyLower(x2[c], Wide{} + 0xcd9e8d57u);
      x0[c] = product1 >> 32 ^ (x1[c] ^ key0);
      x1[c] = product1;
      x2[c] = product0 >> 32 ^ (x3[c] ^ key1);
      x3[c] = product0;
    }
    key0 += 0x9e3779b9u;
    key1 += 0xbb67ae85u;
  }
  for (int c = 0; c < kChains; c++) {
    const Wide first = (x0[c] & 0xffffffff) | x1[c] << 32;
    const Wide second = (x2[c] & 0xffffffff) | x3[c] << 32;
    words[c][0] = evenLanes(first, second);
    words[c][1] = oddLanes(first, second);
  }
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
  parallelFor((count + 3) / 4, kBlocksAChunk, 1.6, [=](int64_t begin, int64_t end) {
    const int64_t stop = 4 * end < count ? 4 * end : count;
    for (int64_t i = 4 * begin; i < stop; i += kBatch) {
      Wide words[kChains][2];
      philox(words, stream, stream.counter + static_cast<uint64_t>(i / 4));
      for (int j = 0; j < 2 * kChains; j++) {
        const int64_t left = stop - i - j * kLanes;
        const Floats values = convert(reinterpret_cast<Ints>(reinterpret_cast<Words>(words[j / 2][j % 2]) >> 8));
        if (left > 0) storeLanes(y + i + j * kLanes, values, left < kLanes ? left : kLanes);
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
