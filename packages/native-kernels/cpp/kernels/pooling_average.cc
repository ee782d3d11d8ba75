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
  g.forEachPlane(static_cast<double>(g.outPlane() * (2 + g.kernelHeight * g.kernelWidth)), [&](int64_t plane) {
    const float* const from = x + plane * g.plane();
    float* to = y + plane * g.outPlane();
    for (int64_t row = 0; row < g.outHeight; row++)
      for (int64_t column = 0; column < g.outWidth; column++) {
        const Pooling::Window w = g.window(row, column);
        float sum = 0;
        g.forEachInside(w, [&](int64_t i) { sum += from[i]; });
        *to++ = sum / divisor(g, w, countPadding);
      }
  });
  return nullptr;
}
NN_KERNEL(
    "averagePool2d {w:y, r:x} batch channels height width kernelHeight kernelWidth strideHeight strideWidth padTop padLeft "
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
  g.forEachPlane(static_cast<double>(g.outPlane() * (2 + g.kernelHeight * g.kernelWidth)), [&](int64_t plane) {
    float* const to = dx + plane * g.plane();
    const float* from = dy + plane * g.outPlane();
    std::memset(to, 0, static_cast<size_t>(g.plane()) * sizeof(float));
    for (int64_t row = 0; row < g.outHeight; row++)
      for (int64_t column = 0; column < g.outWidth; column++) {
        const Pooling::Window w = g.window(row, column);
        const float share = *from++ / divisor(g, w, countPadding);
        g.forEachInside(w, [&](int64_t i) { to[i] += share; });
      }
  });
  return nullptr;
}
NN_KERNEL(
    "averagePool2dGradient {w:dx, r:dy} batch channels height width kernelHeight kernelWidth strideHeight strideWidth padTop "
    "padLeft dilationHeight dilationWidth outHeight outWidth countPadding",
    averagePool2dGradient);

}  // namespace
}  // namespace nn::NN_ISA
