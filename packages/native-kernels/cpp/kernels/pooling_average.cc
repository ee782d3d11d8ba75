#include "pooling.h"

namespace nn::NN_ISA {
namespace {

/** What a window's sum is divided by: its real elements, or with `countPadding` its area within the padded bounds. */
NN_INLINE float divisor(const Pooling& g, const Pooling::Window& w, bool countPadding) {
  if (!countPadding) return static_cast<float>((w.bottom - w.top) * (w.right - w.left));
  return static_cast<float>(std::min(g.kernelHeight, g.height + g.padTop - w.row) *
                            std::min(g.kernelWidth, g.width + g.padLeft - w.column));
}

Status averagePool2d(const Launch& launch) {
  Pooling g;
  if (Status error = g.read(launch)) return error;
  if (Status error = g.expectY(launch, 0)) return error;
  if (Status error = g.expectX(launch, 1)) return error;
  float* const y = launch.f32(0);
  const float* const x = launch.f32(1);
  const bool countPadding = launch.flag(14);
  g.forEachBlockOfPlanes(g.planeNanoseconds(), [&](int64_t plane, int64_t lanes) {
    float* const in = threadScratch<float>((g.plane() + g.outPlane()) * kLanes);
    float* const means = in + g.plane() * kLanes;
    rowsToLanes(x + plane * g.plane(), g.plane(), lanes, g.plane(), in, kLanes);
    g.forEachWindow([&](int64_t out, const Pooling::Window& w) {
      Floats sum = {};
      g.forEachInside(w, [&](int64_t i) { sum += load(in + i * kLanes); });
      store(means + out * kLanes, sum / broadcast(divisor(g, w, countPadding)));
    });
    lanesToRows(means, kLanes, lanes, g.outPlane(), y + plane * g.outPlane(), g.outPlane());
  });
  return nullptr;
}
NN_KERNEL(
    "averagePool2d {w:y, r:x} batch channels height width kernelHeight kernelWidth strideHeight strideWidth padTop "
    "padLeft "
    "dilationHeight dilationWidth outHeight outWidth countPadding",
    averagePool2d);

Status averagePool2dGradient(const Launch& launch) {
  Pooling g;
  if (Status error = g.read(launch)) return error;
  if (Status error = g.expectX(launch, 0)) return error;
  if (Status error = g.expectY(launch, 1)) return error;
  float* const dx = launch.f32(0);
  const float* const dy = launch.f32(1);
  const bool countPadding = launch.flag(14);
  g.forEachBlockOfPlanes(g.planeNanoseconds(), [&](int64_t plane, int64_t lanes) {
    float* const sums = threadScratch<float>((g.plane() + g.outPlane()) * kLanes);
    float* const in = sums + g.plane() * kLanes;
    std::memset(sums, 0, static_cast<size_t>(g.plane() * kLanes) * sizeof(float));
    rowsToLanes(dy + plane * g.outPlane(), g.outPlane(), lanes, g.outPlane(), in, kLanes);
    g.forEachWindow([&](int64_t out, const Pooling::Window& w) {
      const Floats share = load(in + out * kLanes) / broadcast(divisor(g, w, countPadding));
      g.forEachInside(w, [&](int64_t i) { store(sums + i * kLanes, load(sums + i * kLanes) + share); });
    });
    lanesToRows(sums, kLanes, lanes, g.plane(), dx + plane * g.plane(), g.plane());
  });
  return nullptr;
}
NN_KERNEL(
    "averagePool2dGradient {w:dx, r:dy} batch channels height width kernelHeight kernelWidth strideHeight strideWidth "
    "padTop "
    "padLeft dilationHeight dilationWidth outHeight outWidth countPadding",
    averagePool2dGradient);

}  // namespace
}  // namespace nn::NN_ISA
