/**
 * Batch normalisation of x [batch, channels, size]: each channel over batch and size. Source: Ioffe & Szegedy 2015,
 * arXiv:1502.03167, algorithm 1.
 */
#include <type_traits>

#include "../registry.h"
#include "../vector.h"

namespace nn::NN_ISA {
namespace {

struct Shape {
  int64_t batch;
  int64_t channels;
  int64_t size;
};

/** Vectors that are added up side by side, as an addition waits for the one before. */
constexpr int kParts = 4;

/** What is known of a group of channels: a vector for each part. */
template <int parts>
struct Values {
  Floats v[parts];
};

/** v, computed part by part. */
template <int parts, typename Compute>
NN_INLINE Values<parts> valuesOf(const Compute& compute) {
  Values<parts> values;
  for (int j = 0; j < parts; j++) values.v[j] = compute(j);
  return values;
}

/** A channel of an image: lanes hold neighbouring positions, and so do parts. */
struct Channel {
  static constexpr int kCount = kParts;
  Shape shape;
  int64_t channel;

  /** Calls `body(part, offset, lanes)` for all vectors of the group. */
  template <typename Body>
  NN_INLINE void over(const Body& body) const {
    for (int64_t b = 0; b < shape.batch; b++) {
      const int64_t start = (b * shape.channels + channel) * shape.size;
      const int64_t whole = shape.size - shape.size % (kParts * kLanes);
      for (int64_t i = 0; i < whole; i += kParts * kLanes) {
        for (int j = 0; j < kParts; j++) body(j, start + i + j * kLanes, int64_t{kLanes});
      }
      forEachVector(whole, shape.size, [&](int64_t i, int64_t lanes) { body(0, start + i, lanes); });
    }
  }

  /** Totals over the group, from those of parts and lanes. */
  NN_INLINE Values<kCount> fold(const Values<kCount>& values) const {
    const Floats sum = (values.v[0] + values.v[1]) + (values.v[2] + values.v[3]);
    return valuesOf<kCount>([total = broadcast(sumOfLanes(sum))](int) { return total; });
  }
  NN_INLINE Floats keep(Floats v, int64_t lanes) const { return keepLanes(v, lanes, Floats{}); }
  NN_INLINE Values<kCount> parameter(const float* p) const {
    return valuesOf<kCount>([value = broadcast(p[channel])](int) { return value; });
  }
  NN_INLINE void setParameter(float* p, const Values<kCount>& values) const { p[channel] = values.v[0][0]; }
};

/** Neighbouring channels of size 1: lanes and parts hold one channel each. With one part, `lanes` may be fewer than all. */
template <int parts>
struct Columns {
  static constexpr int kCount = parts;
  Shape shape;
  int64_t channel;
  int64_t lanes;

  template <typename Body>
  NN_INLINE void over(const Body& body) const {
    const auto rows = [&](int64_t count) {
      for (int64_t b = 0; b < shape.batch; b++) {
        for (int j = 0; j < parts; j++) body(j, b * shape.channels + channel + j * kLanes, count);
      }
    };
    if (parts > 1 || lanes == kLanes) {
      rows(kLanes);
    } else {
      rows(lanes);
    }
  }

  NN_INLINE Values<parts> fold(const Values<parts>& values) const { return values; }
  NN_INLINE Floats keep(Floats v, int64_t) const { return v; }
  NN_INLINE Values<parts> parameter(const float* p) const {
    return valuesOf<parts>([=](int j) { return loadLanes(p + channel + j * kLanes, lanes); });
  }
  NN_INLINE void setParameter(float* p, const Values<parts>& values) const {
    for (int j = 0; j < parts; j++) storeLanes(p + channel + j * kLanes, values.v[j], lanes);
  }
};

/** Long sums of vectors, one a part: 64 at a time, then their totals. */
template <int parts>
class Totals {
 public:
  NN_INLINE void add(int part, Floats v) {
    part_.v[part] = part_.v[part] + v;
    if (part == parts - 1 && ++count_ % 64 == 0) flush();
  }
  NN_INLINE Values<parts> value() {
    flush();
    return total_;
  }

 private:
  NN_INLINE void flush() {
    for (int j = 0; j < parts; j++) {
      total_.v[j] = total_.v[j] + part_.v[j];
      part_.v[j] = Floats{};
    }
  }

  Values<parts> part_ = {};
  Values<parts> total_ = {};
  int64_t count_ = 0;
};

NN_INLINE Floats inverseDeviation(Floats variance, float epsilon) { return 1.0f / squareRoot(variance + epsilon); }

/** Attributes 0…2 as a shape; buffers `whole` hold all of it, buffers `each` one number a channel. */
Status readShape(const Launch& launch, std::initializer_list<int> whole, std::initializer_list<int> each, Shape* shape) {
  *shape = {launch.size(0), launch.size(1), launch.size(2)};
  for (int buffer : whole) {
    if (Status error = launch.expectLength(buffer, product({shape->batch, shape->channels, shape->size}))) return error;
  }
  for (int buffer : each) {
    if (Status error = launch.expectLength(buffer, shape->channels)) return error;
  }
  return nullptr;
}

/** Calls `body(group)` for groups that make up all channels, over threads. `nanoseconds`: of one element. */
template <typename Body>
NN_INLINE void forGroups(const Shape& shape, double nanoseconds, const Body& body) {
  const double each = static_cast<double>(shape.batch * shape.size) * nanoseconds + 5;
  if (shape.size != 1) {
    parallelFor(shape.channels, 1, each, [=](int64_t begin, int64_t end) {
      for (int64_t c = begin; c < end; c++) body(Channel{shape, c});
    });
    return;
  }
  constexpr int64_t kBlock = kParts * kLanes;
  parallelFor(shape.channels, kBlock, each, [=](int64_t begin, int64_t end) {
    if (end - begin == kBlock) return body(Columns<kParts>{shape, begin, kLanes});
    forEachVector(begin, end, [&](int64_t c, int64_t lanes) { body(Columns<1>{shape, c, lanes}); });
  });
}

/** y = (x − mean)/√(variance + ε)·scale + shift, with the batch's own mean and (biased) variance, which are results too. */
Status batchNorm(const Launch& launch) {
  Shape shape;
  if (Status error = readShape(launch, {0, 3}, {1, 2, 4, 5}, &shape)) return error;
  float* y = launch.f32(0);
  float* mean = launch.f32(1);
  float* variance = launch.f32(2);
  const float* x = launch.f32(3);
  const float* scale = launch.f32(4);
  const float* shift = launch.f32(5);
  const float epsilon = launch.single(3);
  const float share = static_cast<float>(1.0 / static_cast<double>(shape.batch * shape.size));
  forGroups(shape, 0.2, [=](const auto& group) {
    constexpr int parts = std::decay_t<decltype(group)>::kCount;
    Totals<parts> sum;
    group.over([&](int j, int64_t at, int64_t lanes) { sum.add(j, loadLanes(x + at, lanes)); });
    const auto total = group.fold(sum.value());
    const auto average = valuesOf<parts>([&](int j) { return total.v[j] * share; });
    Totals<parts> squares;
    group.over([&](int j, int64_t at, int64_t lanes) {
      const Floats d = group.keep(loadLanes(x + at, lanes) - average.v[j], lanes);
      squares.add(j, d * d);
    });
    const auto spread = group.fold(squares.value());
    const auto scales = group.parameter(scale);
    const auto offset = group.parameter(shift);
    const auto biased = valuesOf<parts>([&](int j) { return spread.v[j] * share; });
    const auto factor = valuesOf<parts>([&](int j) { return inverseDeviation(biased.v[j], epsilon) * scales.v[j]; });
    group.setParameter(mean, average);
    group.setParameter(variance, biased);
    group.over([&](int j, int64_t at, int64_t lanes) {
      storeLanes(y + at, multiplyAdd(loadLanes(x + at, lanes) - average.v[j], factor.v[j], offset.v[j]), lanes);
    });
  });
  return nullptr;
}
NN_KERNEL("batchNorm {w:y, w:mean, w:variance, r:x, r:scale, r:shift} batch channels size epsilon", batchNorm);

/**
 * With n = (x − mean)/√(variance + ε): dshift = Σ dy; dscale = Σ dy·n;
 * dx = scale/√(variance + ε)·(dy − dshift/N − n·dscale/N), N = batch·size.
 */
Status batchNormGradient(const Launch& launch) {
  Shape shape;
  if (Status error = readShape(launch, {0, 3, 7}, {1, 2, 4, 5, 6}, &shape)) return error;
  float* dx = launch.f32(0);
  float* dscale = launch.f32(1);
  float* dshift = launch.f32(2);
  const float* x = launch.f32(3);
  const float* scale = launch.f32(4);
  const float* mean = launch.f32(5);
  const float* variance = launch.f32(6);
  const float* dy = launch.f32(7);
  const float epsilon = launch.single(3);
  if (launch.length(0) == 0) {
    std::memset(dscale, 0, static_cast<size_t>(shape.channels) * sizeof(float));
    std::memset(dshift, 0, static_cast<size_t>(shape.channels) * sizeof(float));
    return nullptr;
  }
  const float share = static_cast<float>(1.0 / static_cast<double>(shape.batch * shape.size));
  forGroups(shape, 0.25, [=](const auto& group) {
    constexpr int parts = std::decay_t<decltype(group)>::kCount;
    const auto average = group.parameter(mean);
    Totals<parts> sum;
    Totals<parts> products;
    group.over([&](int j, int64_t at, int64_t lanes) {
      const Floats d = loadLanes(dy + at, lanes);
      sum.add(j, d);
      products.add(j, d * (loadLanes(x + at, lanes) - average.v[j]));
    });
    const auto spread = group.parameter(variance);
    const auto scales = group.parameter(scale);
    const auto inverse = valuesOf<parts>([&](int j) { return inverseDeviation(spread.v[j], epsilon); });
    const auto total = group.fold(sum.value());
    const auto folded = group.fold(products.value());
    const auto product = valuesOf<parts>([&](int j) { return folded.v[j] * inverse.v[j]; });
    group.setParameter(dshift, total);
    group.setParameter(dscale, product);
    const auto factor = valuesOf<parts>([&](int j) { return scales.v[j] * inverse.v[j]; });
    const auto meanGradient = valuesOf<parts>([&](int j) { return total.v[j] * share; });
    const auto slope = valuesOf<parts>([&](int j) { return product.v[j] * share * inverse.v[j]; });
    group.over([&](int j, int64_t at, int64_t lanes) {
      const Floats d = loadLanes(dy + at, lanes) - meanGradient.v[j];
      storeLanes(dx + at, factor.v[j] * (d - (loadLanes(x + at, lanes) - average.v[j]) * slope.v[j]), lanes);
    });
  });
  return nullptr;
}
NN_KERNEL("batchNormGradient {w:dx, w:dscale, w:dshift, r:x, r:scale, r:mean, r:variance, r:dy} "
          "batch channels size epsilon",
          batchNormGradient);

/** y = (x − mean)/√(variance + ε)·scale + shift, with given statistics. */
Status normalize(const Launch& launch) {
  Shape shape;
  if (Status error = readShape(launch, {0, 1}, {2, 3, 4, 5}, &shape)) return error;
  float* y = launch.f32(0);
  const float* x = launch.f32(1);
  const float* mean = launch.f32(2);
  const float* variance = launch.f32(3);
  const float* scale = launch.f32(4);
  const float* shift = launch.f32(5);
  const float epsilon = launch.single(3);
  forGroups(shape, 0.1, [=](const auto& group) {
    constexpr int parts = std::decay_t<decltype(group)>::kCount;
    const auto average = group.parameter(mean);
    const auto spread = group.parameter(variance);
    const auto scales = group.parameter(scale);
    const auto offset = group.parameter(shift);
    const auto factor = valuesOf<parts>([&](int j) { return inverseDeviation(spread.v[j], epsilon) * scales.v[j]; });
    group.over([&](int j, int64_t at, int64_t lanes) {
      storeLanes(y + at, multiplyAdd(loadLanes(x + at, lanes) - average.v[j], factor.v[j], offset.v[j]), lanes);
    });
  });
  return nullptr;
}
NN_KERNEL("normalize {w:y, r:x, r:mean, r:variance, r:scale, r:shift} batch channels size epsilon", normalize);

/** average += momentum·(value·factor − average). */
Status movingAverage(const Launch& launch) {
  const int64_t count = launch.length(0);
  if (Status error = launch.expectLength(1, count)) return error;
  float* average = launch.f32(0);
  const float* value = launch.f32(1);
  const float momentum = launch.single(0);
  const float factor = launch.single(1);
  parallelFor(count, 16384, 0.3, [=](int64_t begin, int64_t end) {
    forEachVector(0, end - begin, [=](int64_t i, int64_t lanes) {
      const Floats old = loadLanes(average + begin + i, lanes);
      const Floats target = loadLanes(value + begin + i, lanes) * factor;
      storeLanes(average + begin + i, multiplyAdd(broadcast(momentum), target - old, old), lanes);
    });
  });
  return nullptr;
}
NN_KERNEL("movingAverage {u:average, r:value} momentum factor", movingAverage);

}  // namespace
}  // namespace nn::NN_ISA
