/** Walking strided operands over a contiguous shape. */
#pragma once

#include "registry.h"

namespace nn::NN_ISA {

constexpr int kMaximumRank = 8;

/** A shape and, for each of `operands` operands, what a step along each dimension moves. */
template <int operands>
struct Walk {
  int rank = 1;
  int64_t shape[kMaximumRank];
  int64_t strides[operands][kMaximumRank];

  NN_INLINE int64_t inner() const { return shape[rank - 1]; }

  /** The number of innermost rows. */
  NN_INLINE int64_t rows() const {
    int64_t result = 1;
    for (int i = 0; i + 1 < rank; i++) result *= shape[i];
    return result;
  }

  /** Calls `row(r, offsets)` for rows begin…end−1, `offsets[o]` being where the row starts in operand o. */
  template <typename Row>
  NN_INLINE void forRows(int64_t begin, int64_t end, const Row& row) const {
    int64_t index[kMaximumRank] = {};
    int64_t offsets[operands] = {};
    int64_t rest = begin;
    for (int i = rank - 2; i >= 0; i--) {
      index[i] = rest % shape[i];
      rest /= shape[i];
      for (int o = 0; o < operands; o++) offsets[o] += index[i] * strides[o][i];
    }
    for (int64_t r = begin; r < end; r++) {
      row(r, static_cast<const int64_t*>(offsets));
      for (int i = rank - 2; i >= 0; i--) {
        for (int o = 0; o < operands; o++) offsets[o] += strides[o][i];
        if (++index[i] < shape[i]) break;
        for (int o = 0; o < operands; o++) offsets[o] -= strides[o][i] * shape[i];
        index[i] = 0;
      }
    }
  }
};

/** Reads the shape; its product must be the length of `buffer`. */
template <int operands>
NN_INLINE Status readShape(const Launch& launch, int attribute, int buffer, Walk<operands>* walk) {
  const List shape = launch.list(attribute);
  if (shape.count < 1 || shape.count > kMaximumRank) return launch.fail("a shape has 1 to %d sizes", kMaximumRank);
  walk->rank = static_cast<int>(shape.count);
  int64_t size = 1;
  for (int i = 0; i < walk->rank; i++) {
    walk->shape[i] = shape.integer(i);
    if (!(shape.items[i] >= 0)) return launch.fail("a shape has a negative size");
    if (!shape.isWhole(i)) return launch.fail("a shape's size of %g is no whole number", shape.items[i]);
    size = product({size, walk->shape[i]});
  }
  return launch.expectLength(buffer, size);
}

/**
 * Reads the strides of operand `operand`, which lies in `buffer` from `offset` on; refuses strides that reach beyond it.
 * An empty shape reaches nothing.
 */
template <int operands>
NN_INLINE Status readStrides(const Launch& launch, int attribute, int operand, int buffer, int64_t offset,
                             Walk<operands>* walk) {
  const List strides = launch.list(attribute);
  if (strides.count != walk->rank) return launch.fail("as many strides as sizes are needed");
  int64_t lowest = offset;
  int64_t highest = offset;
  bool empty = false;
  for (int i = 0; i < walk->rank; i++) {
    const int64_t stride = strides.integer(i);
    if (!strides.isWhole(i)) return launch.fail("a stride of %g is no whole number", strides.items[i]);
    walk->strides[operand][i] = stride;
    if (walk->shape[i] == 0) empty = true;
    int64_t reach;
    int64_t& end = stride < 0 ? lowest : highest;
    if (__builtin_mul_overflow(walk->shape[i] - 1, stride, &reach) || __builtin_add_overflow(end, reach, &end)) {
      return launch.fail("strides reach too far");
    }
  }
  if (!empty && (lowest < 0 || highest >= launch.length(buffer))) {
    return launch.fail("strides reach elements %lld to %lld of a buffer of %lld", static_cast<long long>(lowest),
                       static_cast<long long>(highest), static_cast<long long>(launch.length(buffer)));
  }
  return nullptr;
}

}  // namespace nn::NN_ISA
