/** y = x above 0, slope · x below, with one slope a channel, and its gradient by x. */
#include "../registry.h"
#include "../vector.h"

namespace nn::NN_ISA {
namespace {

constexpr int64_t kChunk = 16384;

/** out = v where x is above 0, else slope · v: v is x, or dy for the gradient. */
NN_INLINE void scaleBelow(float* out, const float* x, const float* v, Floats slope, int64_t lanes) {
  const Floats values = loadLanes(v, lanes);
  storeLanes(out, loadLanes(x, lanes) > 0.0f ? values : slope * values, lanes);
}

/** VALUES is the buffer of v. */
template <int VALUES>
Status prelu(const Launch& launch) {
  const int64_t batch = launch.size(0), channels = launch.size(1), plane = launch.size(2);
  const int64_t count = product({batch, channels, plane});
  if (Status error = launch.expectLength(0, count)) return error;
  if (Status error = launch.expectLength(1, count)) return error;
  if (Status error = launch.expectLength(2, channels)) return error;
  if (Status error = launch.expectLength(VALUES, count)) return error;
  float* const out = launch.f32(0);
  const float* const x = launch.f32(1);
  const float* const w = launch.f32(2);
  const float* const v = launch.f32(VALUES);
  if (plane == 1) {
    parallelFor(batch, kChunk / (channels + 1) + 1, 0.3 * static_cast<double>(channels) + 2, [=](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; n++)
        forEachVector(0, channels, [=](int64_t c, int64_t lanes) {
          const int64_t i = n * channels + c;
          scaleBelow(out + i, x + i, v + i, loadLanes(w + c, lanes), lanes);
        });
    });
    return nullptr;
  }
  parallelFor(count, kChunk, 0.3, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end;) {
      const int64_t next = (i / plane + 1) * plane, stop = next < end ? next : end;
      const Floats slope = broadcast(w[i / plane % channels]);
      forEachVector(i, stop, [=](int64_t at, int64_t lanes) { scaleBelow(out + at, x + at, v + at, slope, lanes); });
      i = stop;
    }
  });
  return nullptr;
}

NN_KERNEL("prelu {w:y, r:x, r:w} batch channels plane", prelu<1>);
NN_KERNEL("preluGradient {w:dx, r:x, r:w, r:dy} batch channels plane", prelu<3>);

}  // namespace
}  // namespace nn::NN_ISA
