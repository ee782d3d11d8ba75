/**
 * y[c] = Σ over samples and their planes of x[n, c, …], in pieces of a fixed length. Within a vector of samples, pieces are
 * added in double. Small samples, which convolutions hand each other in lanes, are added in lanes, position after position.
 */
#include <algorithm>

#include "samples.h"
#include "through_rows.h"

namespace nn::NN_ISA {
namespace {

/** Positions that are added in single precision. */
constexpr int64_t kPiece = 2048;

/** Σ of `count` vectors that follow each other, all lanes. */
double sumOfVectors(const float* x, int64_t count) {
  double sum = 0;
  for (int64_t begin = 0; begin < count; begin += kPiece) {
    const int64_t end = std::min(begin + kPiece, count);
    Floats parts[4] = {};
    int64_t i = begin;
    for (; i + 4 <= end; i += 4)
      for (int k = 0; k < 4; k++) parts[k] += load(x + (i + k) * kLanes);
    for (; i < end; i++) parts[0] += load(x + i * kLanes);
    sum += double{sumOfLanes((parts[0] + parts[1]) + (parts[2] + parts[3]))};
  }
  return sum;
}

/** Σ of a plane of one sample. */
double sumOfPlane(const float* x, int64_t plane) {
  const int64_t whole = plane / kLanes;
  return sumOfVectors(x, whole) + double{sumOfLanes(loadPartial(x + whole * kLanes, plane % kLanes))};
}

/** Whether a vector of samples stays in the second-level cache, as it does where convolutions compute in lanes. */
bool isSmall(int64_t sample) { return sample * kLanes <= 196608; }

Status channelSum(const Launch& launch) {
  const int64_t batch = launch.size(0), channels = launch.size(1), plane = launch.size(2);
  if (Status error = launch.expectLength(0, channels)) return error;
  if (Status error = launch.expectLength(1, product({batch, channels, plane}))) return error;
  const int64_t sample = channels * plane, blocks = (batch + kLanes - 1) / kLanes;
  float* const partial = sharedScratch<float>(blocks * channels);
  parallelFor(blocks, 1, 0.15 * static_cast<double>(sample) * kLanes, [&](int64_t begin, int64_t end) {
    float* const scratch = threadScratch<float>(plane * kLanes);
    for (int64_t block = begin; block < end; block++) {
      const int64_t first = block * kLanes, lanes = std::min<int64_t>(kLanes, batch - first);
      const Samples x = Samples::of(launch, 1).block(first * sample);
      for (int64_t c = 0; c < channels; c++) {
        double sum = 0;
        if (lanes == kLanes && isSmall(sample)) {
          sum = sumOfVectors(readLanes(x.from(c * plane), sample, lanes, plane, scratch), plane);
        } else {
          for (int64_t n = 0; n < lanes; n++) sum += sumOfPlane(x.data + n * sample + c * plane, plane);
        }
        partial[block * channels + c] = static_cast<float>(sum);
      }
    }
  });
  for (int64_t c = 0; c < channels; c++) {
    float sum = 0;
    for (int64_t block = 0; block < blocks; block++) sum += partial[block * channels + c];
    launch.f32(0)[c] = sum;
  }
  return nullptr;
}

LaneBuffers channelSumLanes(const Launch& launch) {
  const int64_t batch = launch.size(0);
  return fillsLanes(batch) && isSmall(launch.length(1) / batch) ? LaneBuffers{0b10, batch, kLanes} : LaneBuffers{};
}
NN_KERNEL_IN_LANES("channelSum {w:y, r:x} batch channels plane", channelSum, channelSumLanes);

}  // namespace
}  // namespace nn::NN_ISA
