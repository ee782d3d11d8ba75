#include "pooling.h"

namespace nn::NN_ISA {
namespace {

struct AveragePooling : Pooling {
  bool countPadding;

  Status read(const Launch& launch) {
    countPadding = launch.flag(14);
    return Pooling::read(launch);
  }

  /** What a window's sum is divided by: its real elements, or with `countPadding` its area within the padded bounds. */
  NN_INLINE float divisor(const Window& w) const {
    if (!countPadding) return static_cast<float>((w.bottom - w.top) * (w.right - w.left));
    return static_cast<float>(std::min(kernelHeight, height + padTop - w.row) *
                              std::min(kernelWidth, width + padLeft - w.column));
  }
};

/** Window i of `count` over `size` elements goes from ⌊i·size/count⌋ to before ⌈(i + 1)·size/count⌉. */
struct AdaptivePooling : Pooling {
  Status read(const Launch& launch) {
    const SizeField fields[] = {{"planes", &batch},
                                {"height", &height, 1},
                                {"width", &width, 1},
                                {"outHeight", &outHeight, 1},
                                {"outWidth", &outWidth, 1}};
    channels = dilationHeight = dilationWidth = 1;
    if (Status error = readSizes(launch, fields)) return error;
    kernelHeight = end(0, height, outHeight);
    kernelWidth = end(0, width, outWidth);
    return nullptr;
  }

  static NN_INLINE int64_t start(int64_t i, int64_t size, int64_t count) { return i * size / count; }
  static NN_INLINE int64_t end(int64_t i, int64_t size, int64_t count) { return ((i + 1) * size + count - 1) / count; }

  template <typename Each>
  NN_INLINE void forEachWindow(const Each& each) const {
    for (int64_t row = 0; row < outHeight; row++)
      for (int64_t column = 0; column < outWidth; column++)
        each(row * outWidth + column, Window{0, 0, start(row, height, outHeight), end(row, height, outHeight),
                                             start(column, width, outWidth), end(column, width, outWidth)});
  }

  NN_INLINE float divisor(const Window& w) const {
    return static_cast<float>((w.bottom - w.top) * (w.right - w.left));
  }
};

/** y = the mean of each window. */
template <typename Geometry>
Status average(const Launch& launch) {
  Geometry g;
  if (Status error = g.read(launch)) return error;
  if (Status error = g.expectY(launch, 0)) return error;
  if (Status error = g.expectX(launch, 1)) return error;
  float* const y = launch.f32(0);
  const float* const x = launch.f32(1);
  g.forEachBlockOfPlanes(g.planeNanoseconds(), [&](int64_t plane, int64_t lanes) {
    float* const in = threadScratch<float>((g.plane() + g.outPlane()) * kLanes);
    float* const means = in + g.plane() * kLanes;
    rowsToLanes(x + plane * g.plane(), g.plane(), lanes, g.plane(), in, kLanes);
    g.forEachWindow([&](int64_t out, const Pooling::Window& w) {
      Floats sum = {};
      g.forEachInside(w, [&](int64_t i) { sum += load(in + i * kLanes); });
      store(means + out * kLanes, sum / broadcast(g.divisor(w)));
    });
    lanesToRows(means, kLanes, lanes, g.outPlane(), y + plane * g.outPlane(), g.outPlane());
  });
  return nullptr;
}

/** dx = the shares of dy that the elements of windows get; windows add. */
template <typename Geometry>
Status share(const Launch& launch) {
  Geometry g;
  if (Status error = g.read(launch)) return error;
  if (Status error = g.expectX(launch, 0)) return error;
  if (Status error = g.expectY(launch, 1)) return error;
  float* const dx = launch.f32(0);
  const float* const dy = launch.f32(1);
  g.forEachBlockOfPlanes(g.planeNanoseconds(), [&](int64_t plane, int64_t lanes) {
    float* const sums = threadScratch<float>((g.plane() + g.outPlane()) * kLanes);
    float* const in = sums + g.plane() * kLanes;
    std::memset(sums, 0, static_cast<size_t>(g.plane() * kLanes) * sizeof(float));
    rowsToLanes(dy + plane * g.outPlane(), g.outPlane(), lanes, g.outPlane(), in, kLanes);
    g.forEachWindow([&](int64_t out, const Pooling::Window& w) {
      const Floats part = load(in + out * kLanes) / broadcast(g.divisor(w));
      g.forEachInside(w, [&](int64_t i) { store(sums + i * kLanes, load(sums + i * kLanes) + part); });
    });
    lanesToRows(sums, kLanes, lanes, g.plane(), dx + plane * g.plane(), g.plane());
  });
  return nullptr;
}

NN_KERNEL(
    "averagePool2d {w:y, r:x} batch channels height width kernelHeight kernelWidth strideHeight strideWidth padTop "
    "padLeft "
    "dilationHeight dilationWidth outHeight outWidth countPadding",
    average<AveragePooling>);
NN_KERNEL(
    "averagePool2dGradient {w:dx, r:dy} batch channels height width kernelHeight kernelWidth strideHeight strideWidth "
    "padTop "
    "padLeft dilationHeight dilationWidth outHeight outWidth countPadding",
    share<AveragePooling>);
NN_KERNEL("adaptiveAveragePool2d {w:y, r:x} planes height width outHeight outWidth", average<AdaptivePooling>);
NN_KERNEL("adaptiveAveragePool2dGradient {w:dx, r:dy} planes height width outHeight outWidth", share<AdaptivePooling>);

}  // namespace
}  // namespace nn::NN_ISA
