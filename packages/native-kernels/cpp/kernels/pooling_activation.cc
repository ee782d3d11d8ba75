#include "pooling_spread.h"
#include "samples.h"
#include "through_rows.h"

namespace nn::NN_ISA {
namespace {

/** The launch for samples in lanes, windows of 2 × 2; false where an index lies outside its window. */
bool spreadInLanes(const Pooling& g, Activation activation, const Launch& launch) {
  const int64_t outSample = g.channels * g.outPlane(), sample = g.channels * g.plane();
  bool stray = false;
  parallelFor(g.batch / kLanes, 1, g.planeNanoseconds() * static_cast<double>(g.channels) * kLanes, [&](int64_t begin, int64_t end) {
    float* const scratch = threadScratch<float>(3 * outSample * kLanes);
    for (int64_t block = begin; block < end; block++) {
      const auto lanesOf = [&](int buffer) {
        const Samples from = Samples::of(launch, buffer).block(block * kLanes * outSample);
        return readLanes(from, outSample, kLanes, outSample, scratch + (buffer - 1) * outSample * kLanes);
      };
      const float *index = lanesOf(1), *dy = lanesOf(2), *y = lanesOf(3);
      float* dx = launch.f32(0) + block * kLanes * sample;
      Ints strays = {};
      for (int64_t c = 0; c < g.channels; c++, dx += g.plane() * kLanes) {
        if (g.width % 2 + g.height % 2 != 0) std::memset(dx, 0, static_cast<size_t>(g.plane() * kLanes) * sizeof(float));
        for (int64_t row = 0; row + 1 < g.height; row += 2)
          for (int64_t column = 0; column + 1 < g.width; column += 2, index += kLanes, dy += kLanes, y += kLanes) {
            const int64_t corner = row * g.width + column;
            const Corners at(broadcastInt(static_cast<int32_t>(corner)), g.width);
            const Floats value = activationGradient(activation, load(y), load(dy) + 0.0f);
            const Ints place = bits(load(index));
            Ints found = {};
#pragma GCC unroll 4
            for (int k = 0; k < 4; k++) {
              const Ints here = place == at.place[k];
              store(dx + (corner + k / 2 * g.width + k % 2) * kLanes, here ? value : Floats{});
              found |= here;
            }
            strays |= ~found;
          }
      }
      if (anyLane(strays)) __atomic_store_n(&stray, true, __ATOMIC_RELAXED);
    }
  });
  return !stray;
}

Status maxPoolActivationGradient(const Launch& launch) {
  Pooling g;
  Activation activation = Activation::none;
  if (Status error = g.read(launch)) return error;
  if (Status error = activationOf(launch, 14, activation)) return error;
  if (Status error = g.expectX(launch, 0)) return error;
  for (int buffer = 1; buffer < 4; buffer++)
    if (Status error = g.expectY(launch, buffer)) return error;
  if (launch.length(0) == 0) return nullptr;
  if (!g.apart()) return launch.fail("the windows overlap; strides must be at least as long as windows");
  if (launch.inLanes != 0) {
    if (launch.isInLanes(0) && spreadInLanes(g, activation, launch)) return nullptr;
    return throughRows<4, 1>(launch, g.batch, maxPoolActivationGradient);
  }
  const float *const dy = launch.f32(2), *const y = launch.f32(3);
  const auto gradient = [=](int64_t i, int64_t lanes) {
    return activationGradient(activation, loadLanes(y + i, lanes), loadLanes(dy + i, lanes) + 0.0f);
  };
  return spread(g, launch, gradient, [](float* to, float value) { *to = value; });
}

LaneBuffers maxPoolActivationGradientLanes(const Launch& launch) {
  Pooling g;
  if (g.read(launch) != nullptr || !fillsLanes(g.batch) || !g.pairs()) return {};
  return {0b1111, g.batch, kLanes};
}
NN_KERNEL_IN_LANES(
    "maxPoolActivationGradient {w:dx, r:index i32, r:dy, r:y} batch channels height width kernelHeight kernelWidth "
    "strideHeight strideWidth padTop padLeft dilationHeight dilationWidth outHeight outWidth activation",
    maxPoolActivationGradient, maxPoolActivationGradientLanes);

}  // namespace
}  // namespace nn::NN_ISA
