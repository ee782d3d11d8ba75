/**
 * Random numbers by Philox4x32-10 (Salmon et al. 2011, §3.3). State: the key (two words) and a 64-bit counter of blocks;
 * element i is word i mod 4 of block counter + ⌊i / 4⌋. kLanes blocks are computed side by side.
 */
#include "../registry.h"
#include "../vector.h"

namespace nn::NN_ISA {
namespace {

typedef uint32_t Words __attribute__((vector_size(kLanes * 4)));

constexpr int64_t kBlocksAChunk = 4096;
constexpr int64_t kBatch = 4 * kLanes;

/** The upper halves of the 64-bit products of `a` and `factor`. */
NN_INLINE Words upperProduct(Words a, uint32_t factor) {
#if defined(__AVX2__)
  const __m256i factors = _mm256_set1_epi32(static_cast<int32_t>(factor));
  const __m256i values = reinterpret_cast<__m256i>(a);
  const __m256i even = _mm256_srli_epi64(_mm256_mul_epu32(values, factors), 32);
  const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(values, 32), factors);
  return reinterpret_cast<Words>(_mm256_blend_epi32(even, odd, 0xaa));
#else
  Words result;
  for (int i = 0; i < kLanes; i++) result[i] = static_cast<uint32_t>(uint64_t{a[i]} * factor >> 32);
  return result;
#endif
}

struct Stream {
  uint32_t key0;
  uint32_t key1;
  uint64_t counter;
};

/** Fills `words` with blocks counter … counter + kLanes − 1, block after block. */
NN_INLINE void philox(uint32_t* words, const Stream& stream, uint64_t counter) {
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
    const Words upper0 = upperProduct(x0, 0xd2511f53u);
    const Words lower0 = x0 * 0xd2511f53u;
    const Words upper1 = upperProduct(x2, 0xcd9e8d57u);
    const Words lower1 = x2 * 0xcd9e8d57u;
    x0 = upper1 ^ x1 ^ key0;
    x1 = lower1;
    x2 = upper0 ^ x3 ^ key1;
    x3 = lower0;
    key0 += 0x9e3779b9u;
    key1 += 0xbb67ae85u;
  }
  for (int i = 0; i < kLanes; i++) {
    words[4 * i] = x0[i];
    words[4 * i + 1] = x1[i];
    words[4 * i + 2] = x2[i];
    words[4 * i + 3] = x3[i];
  }
}

/** y[i] = `convert`(the upper 24 bits of word i), and the state moves on by ⌈count / 4⌉ blocks. */
template <typename Convert>
NN_INLINE Status draw(const Launch& launch, const Convert& convert) {
  if (Status error = launch.expectLength(1, 4)) return error;
  float* y = launch.f32(0);
  int32_t* state = launch.i32(1);
  const int64_t count = launch.length(0);
  const uint64_t counter = uint64_t{static_cast<uint32_t>(state[3])} << 32 | static_cast<uint32_t>(state[2]);
  const Stream stream{static_cast<uint32_t>(state[0]), static_cast<uint32_t>(state[1]), counter};
  parallelFor((count + 3) / 4, kBlocksAChunk, 6.0, [=](int64_t begin, int64_t end) {
    const int64_t stop = 4 * end < count ? 4 * end : count;
    for (int64_t i = 4 * begin; i < stop; i += kBatch) {
      uint32_t words[kBatch];
      philox(words, stream, stream.counter + static_cast<uint64_t>(i / 4));
      if (i + kBatch <= stop) {
        for (int64_t j = 0; j < kBatch; j++) y[i + j] = convert(static_cast<int32_t>(words[j] >> 8));
      } else {
        for (int64_t j = 0; j < stop - i; j++) y[i + j] = convert(static_cast<int32_t>(words[j] >> 8));
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
  return draw(launch, [=](int32_t bits) { return static_cast<float>(low + range * (bits * 0x1p-24)); });
}
NN_KERNEL("randomUniform {w:y, u:state i32} low high", randomUniform);

/** mask = u < probability ? 0 : 1/(1 − probability). */
Status dropoutMask(const Launch& launch) {
  const double probability = launch.number(0);
  const double threshold = probability * 0x1p24;
  const float kept = static_cast<float>(1 / (1 - probability));
  return draw(launch, [=](int32_t bits) { return bits < threshold ? 0.0f : kept; });
}
NN_KERNEL("dropoutMask {w:mask, u:state i32} probability", dropoutMask);

}  // namespace
}  // namespace nn::NN_ISA
