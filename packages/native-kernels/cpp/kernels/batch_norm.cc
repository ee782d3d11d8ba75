/**
 * Batch normalisation of x [batch, channels, size]: each channel over batch and size. Source: Ioffe & Szegedy 2015,
 * arXiv:1502.03167, algorithm 1.
 */
#include "../registry.h"
#include "../vector.h"

namespace nn::NN_ISA {
namespace {

struct Shape {
  int64_t batch;
  int64_t channels;
  int64_t size;
};

/** Lanes hold neighbouring positions of one channel: for images. */
struct ByChannel {
  Shape shape;

  NN_INLINE int64_t groups() const { return shape.channels; }

  /** Calls `body(offset, lanes)` for all vectors of group g. */
  template <typename Body>
  NN_INLINE void over(int64_t g, const Body& body) const {
    for (int64_t b = 0; b < shape.batch; b++) {
      const int64_t start = (b * shape.channels + g) * shape.size;
      forEachVector(0, shape.size, [&](int64_t i, int64_t lanes) { body(start + i, lanes); });
    }
  }

  /** A total over the group, from the totals of lanes. */
  NN_INLINE Floats fold(Floats v) const { return broadcast(sumOfLanes(v)); }
  NN_INLINE Floats keep(Floats v, int64_t lanes) const { return keepLanes(v, lanes, Floats{}); }
  NN_INLINE Floats parameter(const float* p, int64_t g) const { return broadcast(p[g]); }
  NN_INLINE void setParameter(float* p, int64_t g, Floats v) const { p[g] = v[0]; }
};

/** Lanes hold neighbouring channels, for size 1. */
struct ByColumn {
  Shape shape;

  NN_INLINE int64_t groups() const { return (shape.channels + kLanes - 1) / kLanes; }
  NN_INLINE int64_t lanesOf(int64_t g) const {
    const int64_t left = shape.channels - g * kLanes;
    return left < kLanes ? left : kLanes;
  }

  template <typename Body>
  NN_INLINE void over(int64_t g, const Body& body) const {
    const int64_t lanes = lanesOf(g);
    if (lanes == kLanes) {
      for (int64_t b = 0; b < shape.batch; b++) body(b * shape.channels + g * kLanes, int64_t{kLanes});
    } else {
      for (int64_t b = 0; b < shape.batch; b++) body(b * shape.channels + g * kLanes, lanes);
    }
  }

  NN_INLINE Floats fold(Floats v) const { return v; }
  NN_INLINE Floats keep(Floats v, int64_t) const { return v; }
  NN_INLINE Floats parameter(const float* p, int64_t g) const { return loadLanes(p + g * kLanes, lanesOf(g)); }
  NN_INLINE void setParameter(float* p, int64_t g, Floats v) const { storeLanes(p + g * kLanes, v, lanesOf(g)); }
};

/** A long sum of vectors: 64 at a time, then their totals. */
class Total {
 public:
  NN_INLINE void add(Floats v) {
    part_ = part_ + v;
    if (++count_ % 64 == 0) {
      total_ = total_ + part_;
      part_ = Floats{};
    }
  }
  NN_INLINE Floats value() const { return total_ + part_; }

 private:
  Floats part_ = {};
  Floats total_ = {};
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

/** Calls `body(group)` for every group, over threads. */
template <typename Layout, typename Body>
NN_INLINE void forGroups(const Layout& layout, double nanoseconds, const Body& body) {
  const int64_t elements = layout.shape.batch * layout.shape.channels * layout.shape.size;
  const int64_t groups = layout.groups();
  if (groups == 0) return;
  parallelFor(groups, 1, static_cast<double>(elements) * nanoseconds / static_cast<double>(groups) + 20,
              [=](int64_t begin, int64_t end) {
                for (int64_t g = begin; g < end; g++) body(g);
              });
}

template <typename Layout>
void forward(const Launch& launch, Layout layout) {
  float* y = launch.f32(0);
  float* mean = launch.f32(1);
  float* variance = launch.f32(2);
  const float* x = launch.f32(3);
  const float* scale = launch.f32(4);
  const float* shift = launch.f32(5);
  const float epsilon = launch.single(3);
  const float share = static_cast<float>(1.0 / static_cast<double>(layout.shape.batch * layout.shape.size));
  forGroups(layout, 0.8, [=](int64_t g) {
    Total sum;
    layout.over(g, [&](int64_t at, int64_t lanes) { sum.add(loadLanes(x + at, lanes)); });
    const Floats average = layout.fold(sum.value()) * share;
    Total squares;
    layout.over(g, [&](int64_t at, int64_t lanes) {
      const Floats d = layout.keep(loadLanes(x + at, lanes) - average, lanes);
      squares.add(d * d);
    });
    const Floats spread = layout.fold(squares.value()) * share;
    layout.setParameter(mean, g, average);
    layout.setParameter(variance, g, spread);
    const Floats factor = inverseDeviation(spread, epsilon) * layout.parameter(scale, g);
    const Floats offset = layout.parameter(shift, g);
    layout.over(g, [&](int64_t at, int64_t lanes) {
      storeLanes(y + at, multiplyAdd(loadLanes(x + at, lanes) - average, factor, offset), lanes);
    });
  });
}

/** y = (x − mean)/√(variance + ε)·scale + shift, with the batch's own mean and (biased) variance, which are results too. */
Status batchNorm(const Launch& launch) {
  Shape shape;
  if (Status error = readShape(launch, {0, 3}, {1, 2, 4, 5}, &shape)) return error;
  if (shape.size == 1) {
    forward(launch, ByColumn{shape});
  } else {
    forward(launch, ByChannel{shape});
  }
  return nullptr;
}
NN_KERNEL("batchNorm {w:y, w:mean, w:variance, r:x, r:scale, r:shift} batch channels size epsilon", batchNorm);

template <typename Layout>
void gradient(const Launch& launch, Layout layout) {
  float* dx = launch.f32(0);
  float* dscale = launch.f32(1);
  float* dshift = launch.f32(2);
  const float* x = launch.f32(3);
  const float* scale = launch.f32(4);
  const float* mean = launch.f32(5);
  const float* variance = launch.f32(6);
  const float* dy = launch.f32(7);
  const float epsilon = launch.single(3);
  const float share = static_cast<float>(1.0 / static_cast<double>(layout.shape.batch * layout.shape.size));
  forGroups(layout, 1.0, [=](int64_t g) {
    const Floats average = layout.parameter(mean, g);
    const Floats inverse = inverseDeviation(layout.parameter(variance, g), epsilon);
    Total sum;
    Total products;
    layout.over(g, [&](int64_t at, int64_t lanes) {
      const Floats d = loadLanes(dy + at, lanes);
      sum.add(d);
      products.add(d * ((loadLanes(x + at, lanes) - average) * inverse));
    });
    const Floats total = layout.fold(sum.value());
    const Floats product = layout.fold(products.value());
    layout.setParameter(dshift, g, total);
    layout.setParameter(dscale, g, product);
    const Floats factor = layout.parameter(scale, g) * inverse;
    const Floats meanGradient = total * share;
    const Floats meanProduct = product * share;
    layout.over(g, [&](int64_t at, int64_t lanes) {
      const Floats normal = (loadLanes(x + at, lanes) - average) * inverse;
      storeLanes(dx + at, factor * (loadLanes(dy + at, lanes) - meanGradient - normal * meanProduct), lanes);
    });
  });
}

/**
 * With n = (x − mean)/√(variance + ε): dshift = Σ dy; dscale = Σ dy·n;
 * dx = scale/√(variance + ε)·(dy − dshift/N − n·dscale/N), N = batch·size.
 */
Status batchNormGradient(const Launch& launch) {
  Shape shape;
  if (Status error = readShape(launch, {0, 3, 7}, {1, 2, 4, 5, 6}, &shape)) return error;
  if (shape.size == 1) {
    gradient(launch, ByColumn{shape});
  } else {
    gradient(launch, ByChannel{shape});
  }
  return nullptr;
}
NN_KERNEL("batchNormGradient {w:dx, w:dscale, w:dshift, r:x, r:scale, r:mean, r:variance, r:dy} "
          "batch channels size epsilon",
          batchNormGradient);

template <typename Layout>
void apply(const Launch& launch, Layout layout) {
  float* y = launch.f32(0);
  const float* x = launch.f32(1);
  const float* mean = launch.f32(2);
  const float* variance = launch.f32(3);
  const float* scale = launch.f32(4);
  const float* shift = launch.f32(5);
  const float epsilon = launch.single(3);
  forGroups(layout, 0.3, [=](int64_t g) {
    const Floats average = layout.parameter(mean, g);
    const Floats factor = inverseDeviation(layout.parameter(variance, g), epsilon) * layout.parameter(scale, g);
    const Floats offset = layout.parameter(shift, g);
    layout.over(g, [&](int64_t at, int64_t lanes) {
      storeLanes(y + at, multiplyAdd(loadLanes(x + at, lanes) - average, factor, offset), lanes);
    });
  });
}

/** y = (x − mean)/√(variance + ε)·scale + shift, with given statistics. */
Status normalize(const Launch& launch) {
  Shape shape;
  if (Status error = readShape(launch, {0, 1}, {2, 3, 4, 5}, &shape)) return error;
  if (shape.size == 1) {
    apply(launch, ByColumn{shape});
  } else {
    apply(launch, ByChannel{shape});
  }
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
