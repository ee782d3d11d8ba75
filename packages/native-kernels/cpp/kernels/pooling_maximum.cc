#include "pooling.h"
#include "pooling_spread.h"

namespace nn::NN_ISA {
namespace {

Status maxPool2d(const Launch& launch) {
  Pooling g;
  if (Status error = g.read(launch)) return error;
  if (Status error = g.expectY(launch, 0)) return error;
  if (Status error = g.expectY(launch, 1)) return error;
  if (Status error = g.expectX(launch, 2)) return error;
  if (launch.length(0) == 0) return nullptr;
  float* const y = launch.f32(0);
  int32_t* const index = launch.i32(1);
  const float* const x = launch.f32(2);
  if (g.pairs()) {
    g.forEachPlane([&](int64_t plane) {
      poolPairs(x + plane * g.plane(), g.height, g.width, Activation::none, y + plane * g.outPlane(),
                index + plane * g.outPlane());
    });
    return nullptr;
  }
  g.forEachBlockOfPlanes(g.planeNanoseconds(), [&](int64_t plane, int64_t lanes) {
    float* const in = threadScratch<float>((g.plane() + 2 * g.outPlane()) * kLanes);
    float *const best = in + g.plane() * kLanes, *const where = best + g.outPlane() * kLanes;
    rowsToLanes(x + plane * g.plane(), g.plane(), lanes, g.plane(), in, kLanes);
    g.forEachWindow([&](int64_t out, const Pooling::Window& w) {
      Floats maximum = broadcast(-INFINITY);
      Ints place = broadcastInt(static_cast<int32_t>(g.firstInside(w)));
      g.forEachInside(w, [&](int64_t i) {
        const Floats v = load(in + i * kLanes);
        const Ints wins = (v > maximum) | ((v != v) & (maximum == maximum));
        maximum = wins ? v : maximum;
        place = wins ? broadcastInt(static_cast<int32_t>(i)) : place;
      });
      store(best + out * kLanes, maximum), store(where + out * kLanes, fromBits(place));
    });
    lanesToRows(best, kLanes, lanes, g.outPlane(), y + plane * g.outPlane(), g.outPlane());
    lanesToRows(where, kLanes, lanes, g.outPlane(), reinterpret_cast<float*>(index) + plane * g.outPlane(),
                g.outPlane());
  });
  return nullptr;
}
NN_KERNEL(
    "maxPool2d {w:y, w:index i32, r:x} batch channels height width kernelHeight kernelWidth strideHeight strideWidth "
    "padTop "
    "padLeft dilationHeight dilationWidth outHeight outWidth",
    maxPool2d);

Status maxPool2dGradient(const Launch& launch) {
  Pooling g;
  if (Status error = g.read(launch)) return error;
  if (Status error = g.expectX(launch, 0)) return error;
  if (Status error = g.expectY(launch, 1)) return error;
  if (Status error = g.expectY(launch, 2)) return error;
  if (launch.length(0) == 0) return nullptr;
  const float* const dy = launch.f32(2);
  return spread(
      g, launch, [=](int64_t i, int64_t lanes) { return loadLanes(dy + i, lanes) + 0.0f; },
      [](float* to, float value) { *to += value; });
}
NN_KERNEL(
    "maxPool2dGradient {w:dx, r:index i32, r:dy} batch channels height width kernelHeight kernelWidth strideHeight "
    "strideWidth "
    "padTop padLeft dilationHeight dilationWidth outHeight outWidth",
    maxPool2dGradient);

}  // namespace
}  // namespace nn::NN_ISA
