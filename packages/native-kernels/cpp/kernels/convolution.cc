#include "convolution.h"

#include "../registry.h"
#include "convolution_columns.h"
#include "convolution_lanes_forward.h"
#include "convolution_lanes_input.h"
#include "convolution_lanes_weights.h"
#include "convolution_method.h"
#include "convolution_plain.h"
#include "convolution_winograd.h"
#include "convolution_winograd_weights.h"
#include "through_rows.h"

namespace nn::NN_ISA {
namespace {

/** Forward by columns, on the threads. A small batch is cut by positions too. */
void forwardByColumns(const Convolution& g, const float* x, const float* w, const float* b, Activation activation,
                      float* y) {
  const int64_t wanted = std::min(divideUp(8, g.batch), 1 + static_cast<int64_t>(g.sampleNanoseconds() / 20000));
  const int64_t pieces = std::min(wanted, divideUp(g.positions(), tileColumns));
  parallelFor(
      g.batch * pieces, 1, g.sampleNanoseconds() / static_cast<double>(pieces), [&](int64_t begin, int64_t end) {
        for (int64_t task = begin; task < end; task++) {
          const int64_t n = task / pieces, piece = task % pieces;
          columnsForward(g, x + n * g.xSample(), w, b, activation, partStart(g.positions(), tileColumns, pieces, piece),
                         partStart(g.positions(), tileColumns, pieces, piece + 1), y + n * g.ySample(),
                         threadScratch<float>(columnsForwardScratch(g)));
        }
      });
}

/** Forward by Winograd's tiles, on the threads; `kernels` has room for `Winograd(g).kernels()` floats. */
void forwardByWinograd(const Convolution& g, const float* x, const float* w, const float* b, Activation activation,
                       float* y, float* kernels) {
  const Winograd t(g);
  winogradKernels(t, w, kernels);
  const double nanoseconds = g.sampleNanoseconds() * static_cast<double>(g.batch) / static_cast<double>(t.blocks());
  parallelFor(t.blocks(), 1, nanoseconds, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      winogradForward(t, i, x, w, kernels, b, activation, y + WinogradBlock(t, i).first * g.ySample(),
                      threadScratch<float>(winogradForwardScratch(t)));
    }
  });
}

Status conv2d(const Launch& launch) {
  Convolution g;
  Activation activation = Activation::none;
  if (Status error = g.read(launch)) return error;
  if (Status error = activationOf(launch, 16, activation)) return error;
  if (Status error = g.expectY(launch, 0)) return error;
  if (Status error = g.expectX(launch, 1)) return error;
  if (Status error = g.expectW(launch, 2)) return error;
  if (Status error = launch.expectLength(3, g.outChannels)) return error;
  if (launch.length(0) == 0) return nullptr;
  float* y = launch.f32(0);
  const float *x = launch.f32(1), *w = launch.f32(2), *b = launch.f32(3);
  const Method method = forwardMethod(g, w);
  if (launch.inLanes != 0 && method != Method::lanes) return throughRows<4, 1>(launch, g.batch, conv2d);
  switch (method) {
    case Method::lanes: {
      const float* const filter = laneFilter(g, w, sharedScratch<float>(g.weights()));
      const bool padded = padsLanes(g);
      forEachVectorOfSamples(g, laneForwardScratch(g, padded), [&](int64_t n, int64_t lanes, float* scratch) {
        laneForward(g, Samples::of(launch, 1).block(n * g.xSample()), filter, b, activation, lanes, padded,
                    Samples::of(launch, 0).block(n * g.ySample()), scratch);
      });
      break;
    }
    case Method::winograd:
      forwardByWinograd(g, x, w, b, activation, y, sharedScratch<float>(Winograd(g).kernels()));
      break;
    case Method::columns:
      forwardByColumns(g, x, w, b, activation, y);
      break;
    default:
      parallelFor(g.batch, 1, g.sampleNanoseconds() * 10, [&](int64_t begin, int64_t end) {
        for (int64_t n = begin; n < end; n++)
          plainForward(g, x + n * g.xSample(), w, b, activation, y + n * g.ySample());
      });
  }
  return nullptr;
}

LaneBuffers conv2dLanes(const Launch& launch) {
  Convolution g;
  if (g.read(launch) != nullptr || !fillsLanes(g.batch) || forwardMethod(g) != Method::lanes) return {};
  return {0b11, g.batch, kLanes};
}
NN_KERNEL_IN_LANES(
    "conv2d {w:y, r:x, r:w, r:b} batch inChannels height width outChannels kernelHeight kernelWidth strideHeight "
    "strideWidth padTop padLeft dilationHeight dilationWidth groups outHeight outWidth activation",
    conv2d, conv2dLanes);

}  // namespace

void inputGradient(const Convolution& g, const Samples& dySamples, const float* w, const Samples& dxSamples) {
  const float* const dy = dySamples.data;
  float* const dx = dxSamples.data;
  switch (inputGradientMethod(g, w)) {
    case Method::lanes:
      forEachVectorOfSamples(g, laneInputGradientScratch(g), [&](int64_t n, int64_t lanes, float* scratch) {
        laneInputGradient(g, dySamples.block(n * g.ySample()), w, lanes, dxSamples.block(n * g.xSample()), scratch);
      });
      break;
    case Method::turned: {
      float* const weights = sharedScratch<float>(g.weights());
      turnWeights(g, w, weights);
      forwardByColumns(g.turned(), dy, weights, nullptr, Activation::none, dx);
      break;
    }
    case Method::winograd: {
      const Convolution turned = g.turned();
      float* const weights = sharedScratch<float>(g.weights() + Winograd(turned).kernels());
      turnWeights(g, w, weights);
      forwardByWinograd(turned, dy, weights, nullptr, Activation::none, dx, weights + g.weights());
      break;
    }
    case Method::columns:
      parallelFor(g.batch, 1, g.sampleNanoseconds(), [&](int64_t begin, int64_t end) {
        for (int64_t n = begin; n < end; n++)
          columnsInputGradient(g, dy + n * g.ySample(), w, dx + n * g.xSample(),
                               threadScratch<float>(columnsInputGradientScratch(g)));
      });
      break;
    case Method::plain:
      parallelFor(g.batch, 1, g.sampleNanoseconds() * 10, [&](int64_t begin, int64_t end) {
        for (int64_t n = begin; n < end; n++) plainInputGradient(g, dy + n * g.ySample(), w, dx + n * g.xSample());
      });
  }
}

namespace {

Status conv2dInputGradient(const Launch& launch) {
  Convolution g;
  if (Status error = g.read(launch)) return error;
  if (Status error = g.expectX(launch, 0)) return error;
  if (Status error = g.expectY(launch, 1)) return error;
  if (Status error = g.expectW(launch, 2)) return error;
  if (launch.length(0) == 0) return nullptr;
  if (launch.length(1) == 0) {
    std::memset(launch.f32(0), 0, static_cast<size_t>(launch.length(0)) * sizeof(float));
  } else {
    inputGradient(g, Samples::of(launch, 1), launch.f32(2), Samples::of(launch, 0));
  }
  return nullptr;
}

LaneBuffers inputGradientLanes(const Launch& launch) {
  Convolution g;
  if (g.read(launch) != nullptr || !fillsLanes(g.batch) || !gradientInLanes(g)) return {};
  return {0b11, g.batch, kLanes};
}
NN_KERNEL_IN_LANES(
    "conv2dInputGradient {w:dx, r:dy, r:w} batch inChannels height width outChannels kernelHeight kernelWidth "
    "strideHeight strideWidth padTop padLeft dilationHeight dilationWidth groups outHeight outWidth",
    conv2dInputGradient, inputGradientLanes);

/** Samples whose contributions one partial sum holds: fixed by the shape, so that threads do not change the bits. */
int64_t weightGradientChunk(const Convolution& g, Method method) {
  if (method == Method::lanes) return 16;  // one vector of lanes, or a few
  const int64_t chunks = std::max<int64_t>(4, std::min<int64_t>(16, 4194304 / g.weights()));
  const int64_t least = method == Method::winograd ? divideUp(48, Tiles(g).count()) : 1;  // of tiles, for deep products
  return std::max(divideUp(g.batch, chunks), std::min(divideUp(g.batch, 4), least));
}

/** sum (not zeroed before) = what samples [begin, end) contribute to dw, in lanes. */
void weightGradientInLanes(const Convolution& g, const Samples& x, const Samples& dy, int64_t begin, int64_t end,
                           float* sum) {
  float* const scratch = threadScratch<float>(laneWeightGradientScratch(g));
  for (int64_t n = begin; n < end; n += kLanes)
    laneWeightGradient(g, x.block(n * g.xSample()), dy.block(n * g.ySample()), std::min<int64_t>(kLanes, end - n),
                       n == begin, scratch);
  sumLanes(laneWeightSums(g, scratch), g.weights(), sum);
}

/** The same for samples in rows, by the other methods; true if the sum lies transposed within groups. */
bool weightGradientOfChunk(const Convolution& g, Method method, const float* x, const float* dy, int64_t begin,
                           int64_t end, float* sum) {
  const auto bytes = [](int64_t count) { return static_cast<size_t>(count) * sizeof(float); };
  if (method == Method::winograd) {
    float* const scratch = threadScratch<float>(winogradWeightGradientScratch(Winograd(g)));
    if (winogradWeightGradient(g, x, dy, begin, end, sum, scratch)) return false;
  }
  if (!g.ordinary() || !paddingIsSafe(g, dy + begin * g.ySample(), (end - begin) * g.ySample())) {
    std::memset(sum, 0, bytes(g.weights()));
    for (int64_t n = begin; n < end; n++) plainWeightGradient(g, x + n * g.xSample(), dy + n * g.ySample(), sum);
    return false;
  }
  float* const scratch = threadScratch<float>(columnsWeightGradientScratch(g));
  std::memset(sum, 0, bytes(g.weights()));
  for (int64_t n = begin; n < end; n++)
    columnsWeightGradient(g, x + n * g.xSample(), dy + n * g.ySample(), sum, scratch);
  return transposesWeightGradient(g);
}

Status conv2dWeightGradient(const Launch& launch) {
  Convolution g;
  if (Status error = g.read(launch)) return error;
  if (Status error = g.expectW(launch, 0)) return error;
  if (Status error = g.expectX(launch, 1)) return error;
  if (Status error = g.expectY(launch, 2)) return error;
  const int64_t weights = launch.length(0);
  if (weights == 0) return nullptr;
  float* dw = launch.f32(0);
  const float *x = launch.f32(1), *dy = launch.f32(2);
  if (launch.length(2) == 0) {
    std::memset(dw, 0, static_cast<size_t>(weights) * sizeof(float));
    return nullptr;
  }
  const Method method = weightGradientMethod(g);
  const int64_t chunk = weightGradientChunk(g, method), chunks = divideUp(g.batch, chunk);
  float* const partial = sharedScratch<float>(chunks * weights);
  parallelFor(g.batch, chunk, g.sampleNanoseconds(), [&](int64_t begin, int64_t end) {
    float* const sum = partial + begin / chunk * weights;
    if (method == Method::lanes)
      return weightGradientInLanes(g, Samples::of(launch, 1), Samples::of(launch, 2), begin, end, sum);
    if (!weightGradientOfChunk(g, method, x, dy, begin, end, sum)) return;
    float* const matrix = threadScratch<float>(weights);
    std::memcpy(matrix, sum, static_cast<size_t>(weights) * sizeof(float));
    const int64_t rows = g.groupOut, depth = g.depth();
    for (int64_t group = 0; group < g.groups; group++)
      for (int64_t k = 0; k < depth; k++)
        for (int64_t o = 0; o < rows; o++)
          sum[group * rows * depth + o * depth + k] = matrix[group * rows * depth + k * rows + o];
  });
  parallelFor(weights, 4096, 0.2 * static_cast<double>(chunks), [&](int64_t begin, int64_t end) {
    forEachVector(begin, end, [&](int64_t i, int64_t count) {
      Floats sum = {};
      for (int64_t k = 0; k < chunks; k++) sum += loadLanes(partial + k * weights + i, count);
      storeLanes(dw + i, sum, count);
    });
  });
  return nullptr;
}

LaneBuffers weightGradientLanes(const Launch& launch) {
  Convolution g;
  if (g.read(launch) != nullptr || !fillsLanes(g.batch) || weightGradientMethod(g) != Method::lanes) return {};
  return {0b110, g.batch, weightGradientChunk(g, Method::lanes)};
}
NN_KERNEL_IN_LANES(
    "conv2dWeightGradient {w:dw, r:x, r:dy} batch inChannels height width outChannels kernelHeight kernelWidth "
    "strideHeight strideWidth padTop padLeft dilationHeight dilationWidth groups outHeight outWidth",
    conv2dWeightGradient, weightGradientLanes);

}  // namespace
}  // namespace nn::NN_ISA
