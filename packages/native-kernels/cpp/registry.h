/**
 * How a kernel is written.
 *
 *     namespace nn::NN_ISA {
 *     namespace {
 *
 *     Status leakyRelu(const Launch& launch) {
 *       const float slope = launch.single(0);
 *       const int64_t count = launch.length(0);
 *       if (Status error = launch.expectLength(1, count)) return error;
 *       float* y = launch.f32(0);
 *       const float* x = launch.f32(1);
 *       parallelFor(count, 16384, 0.3, [=](int64_t begin, int64_t end) { … });
 *       return nullptr;
 *     }
 *     NN_KERNEL("leakyRelu {w:y, r:x} slope", leakyRelu);
 *
 *     }  // namespace
 *     }  // namespace nn::NN_ISA
 *
 * The signature is the contract's notation: access (w write, u update, r read), name and dtype (f32 unless said: `r:index
 * i32`) of each buffer, then the attributes (`shape[]` is a list of numbers), all in declared order. A name may be
 * registered several times with other dtypes; a launch picks the one whose dtypes match.
 *
 * Rules for every file in cpp/kernels:
 * - It is compiled once per instruction set, with NN_ISA naming the namespace. Everything stands in `nn::NN_ISA` or in an
 *   anonymous namespace in it, helpers in shared headers too. Never call a non-inlined template or inline function from
 *   the standard library (std::vector, std::sort, std::function …): the linker keeps one copy, perhaps the AVX-512 one, for
 *   all. `std::memcpy`, `std::sqrt`, `std::min` and the like are fine. A test looks for leaks.
 * - Lengths are checked against attributes before any memory is touched.
 * - A 'write' buffer overlaps no other buffer; 'read' buffers may be the same memory. Pointers are aligned to their
 *   element, no more. Lengths of 0 are valid.
 * - No exceptions, no heap except scratch, no global state.
 */
#pragma once

#include <cstdint>
#include <initializer_list>

#include "threads.h"

namespace nn {

enum class Dtype : uint8_t { f32, f64, i32, u8 };
enum class Access : uint8_t { read, write, update };

/** nullptr, or what went wrong (without the kernel's name, which the caller puts in front). */
using Status = const char*;

/** A number as an integer: the fraction dropped; 0 for NaN and for what is beyond ±2^53. */
NN_INLINE int64_t wholeNumber(double value) {
  return value >= -9007199254740992.0 && value <= 9007199254740992.0 ? static_cast<int64_t>(value) : 0;
}

/** The numbers of a list attribute. */
struct List {
  const double* items;
  int64_t count;
  NN_INLINE int64_t integer(int64_t i) const { return wholeNumber(items[i]); }
  /** Whether `integer` is the very number, which it is not of fractions, NaN and what is beyond ±2^53. */
  NN_INLINE bool isWhole(int64_t i) const { return static_cast<double>(wholeNumber(items[i])) == items[i]; }
};

struct Kernel;

/**
 * The product of sizes: -1 when one is negative (see `Launch::size`) or the product exceeds 2^53, which no buffer's length
 * equals, so that `expectLength` refuses it.
 */
NN_INLINE int64_t product(std::initializer_list<int64_t> sizes) {
  int64_t result = 1;
  bool zero = false;
  for (int64_t size : sizes) {
    if (size < 0) return -1;
    if (size == 0) zero = true;
  }
  if (zero) return 0;
  for (int64_t size : sizes) {
    if (__builtin_mul_overflow(result, size, &result) || result > (int64_t{1} << 53)) return -1;
  }
  return result;
}

/** One call of a kernel. Indices are positions in the signature. */
struct Launch {
  const Kernel* kernel;
  void* const* data;
  const int64_t* lengths;
  /** The first number of each attribute; a list's count stands one before it. */
  const double* const* attributes;
  /** The buffers that lie in lanes (see `LaneBuffers`), a bit each. */
  uint32_t inLanes = 0;

  NN_INLINE bool isInLanes(int buffer) const { return inLanes >> buffer & 1; }

  NN_INLINE float* f32(int buffer) const { return static_cast<float*>(data[buffer]); }
  NN_INLINE double* f64(int buffer) const { return static_cast<double*>(data[buffer]); }
  NN_INLINE int32_t* i32(int buffer) const { return static_cast<int32_t*>(data[buffer]); }
  NN_INLINE uint8_t* u8(int buffer) const { return static_cast<uint8_t*>(data[buffer]); }
  template <typename T>
  NN_INLINE T* as(int buffer) const {
    return static_cast<T*>(data[buffer]);
  }

  /** The number of elements of a buffer. */
  NN_INLINE int64_t length(int buffer) const { return lengths[buffer]; }

  NN_INLINE double number(int attribute) const { return *attributes[attribute]; }
  NN_INLINE float single(int attribute) const { return static_cast<float>(*attributes[attribute]); }
  NN_INLINE bool flag(int attribute) const { return *attributes[attribute] != 0; }

  /** A count or extent: a whole number from 0 to 2^53, else -1. */
  NN_INLINE int64_t size(int attribute) const {
    const double value = *attributes[attribute];
    if (!(value >= 0 && value <= 9007199254740992.0)) return -1;
    const int64_t whole = static_cast<int64_t>(value);
    return static_cast<double>(whole) == value ? whole : -1;
  }

  /** A whole number that may be negative (offsets, strides). */
  NN_INLINE int64_t integer(int attribute) const { return wholeNumber(*attributes[attribute]); }

  NN_INLINE List list(int attribute) const {
    return {attributes[attribute], static_cast<int64_t>(attributes[attribute][-1])};
  }

  /** Refuses a buffer whose length is not `expected`: "y has 12 elements where the attributes ask for 13". */
  NN_INLINE Status expectLength(int buffer, int64_t expected) const {
    return __builtin_expect(lengths[buffer] == expected, 1) ? nullptr : lengthError(buffer, expected);
  }

  /** A message in printf's form; the text is kept until the next failure on this thread. Return it from the kernel. */
  __attribute__((format(printf, 2, 3))) Status fail(const char* format, ...) const;

 private:
  Status lengthError(int buffer, int64_t expected) const;
};

using KernelFunction = Status (*)(const Launch&);

/**
 * Buffers that a kernel takes with a sample in each lane, [batch / kLanes, floats of a sample, kLanes] in the place of
 * [batch, floats of a sample], a bit each. Programs lay buffers so where every launch that touches them allows it: nothing
 * is transposed between kernels that compute in lanes.
 *
 * A launch may also be cut into parts, each of some samples of these buffers. What it writes besides is a sum over
 * samples: float32, of one partial sum for each `unit` of samples, added in order from 0.
 */
struct LaneBuffers {
  uint32_t buffers;
  int64_t batch;
  /** Samples that stay together: a multiple of kLanes. */
  int64_t unit;
};

/** Says for a launch, by its sizes alone, which buffers may lie in lanes; none where the kernel would not gain. */
using LaneFunction = LaneBuffers (*)(const Launch&);

/** Instruction sets in rising order; a kernel's best one that the processor has is used. */
enum class Isa : uint8_t { baseline, avx2, avx512 };

struct Registration {
  Registration(const char* signature, KernelFunction function, Isa isa, LaneFunction lanes = nullptr);
};

#define NN_JOIN_(a, b) a##b
#define NN_JOIN(a, b) NN_JOIN_(a, b)
#define NN_KERNEL(signature, ...)                                                                  \
  static const ::nn::Registration NN_JOIN(registration, __COUNTER__) {                             \
    signature, __VA_ARGS__, ::nn::Isa::NN_ISA                                                      \
  }
/** A kernel that takes the buffers that a `LaneFunction` names in lanes, too. */
#define NN_KERNEL_IN_LANES(signature, function, lanes)                                             \
  static const ::nn::Registration NN_JOIN(registration, __COUNTER__) {                             \
    signature, function, ::nn::Isa::NN_ISA, lanes                                                  \
  }

}  // namespace nn
