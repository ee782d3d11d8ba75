// Times the fast kernels on the shapes of the training workloads: GFLOP/s and the share of the multiply-add peak
// measured on the spot. Each is validated against its twin by check.cc.
#include "../cpp/threads.h"
#include "twins.h"

namespace {
using namespace lab;

constexpr int64_t peakRounds = 1 << 14;

#if defined(__x86_64__)
/** Chains of multiply-adds that wait for nothing but themselves. */
constexpr int chains = 10;
__attribute__((target("avx2,fma"))) void chainsOf8() {
  typedef float Vector __attribute__((vector_size(32)));
  Vector sum[chains] = {};
  for (int64_t i = 0; i < peakRounds; i++)
    for (Vector& chain : sum) asm volatile("vfmadd213ps %0, %0, %0" : "+x"(chain));
}
__attribute__((target("avx512f"))) void chainsOf16() {
  typedef float Vector __attribute__((vector_size(64)));
  Vector sum[chains] = {};
  for (int64_t i = 0; i < peakRounds; i++)
    for (Vector& chain : sum) asm volatile("vfmadd213ps %0, %0, %0" : "+v"(chain));
}
#endif

/** What one core can do at this moment, in GFLOP/s; NaN where it is not known. */
double peak() {
#if defined(__x86_64__)
  const auto measured = [](int lanes, void (*body)()) {
    return 2.0 * lanes * chains * peakRounds / secondsOf(body, 0.002, 8) * 1e-9;
  };
  if (std::string(nn::isaName()) == "avx512") return measured(16, chainsOf16);
  if (std::string(nn::isaName()) == "avx2") return measured(8, chainsOf8);
#endif
  return NAN;
}

void report(const char* what, double flops, const std::function<void()>& body) {
  std::printf("%-52s", what);
  for (int threads = 1; threads <= 2; threads++) {
    nn::setThreads(threads);
    nn::parallelFor(2, 1, 1e6, [](int64_t, int64_t) {});  // wakes the workers
    const double gflops = flops / secondsOf(body) * 1e-9;
    nn::setThreads(1);
    std::printf("  %d thread%s %6.1f GFLOP/s (%2.0f %%)", threads, threads > 1 ? "s" : " ", gflops,
                100 * gflops / (threads * peak()));
  }
  std::printf("\n");
  std::fflush(stdout);
}

void matmul(int64_t m, int64_t k, int64_t n, bool transposeA, bool transposeB) {
  const Array a = random(m * k), b = random(k * n), y(m * n);
  char what[100];
  std::snprintf(what, sizeof what, "matmul %lld × %lld × %lld %c%c", (long long)m, (long long)k, (long long)n,
                transposeA ? 'T' : 'N', transposeB ? 'T' : 'N');
  const Attributes attributes = ProductShape{1, m, k, n, transposeA, transposeB, 0, 0}.attributes();
  report(what, 2.0 * m * k * n, [&] { run("matmul", {y, a, b}, attributes); });
}

void linear(int64_t rows, int64_t in, int64_t out, bool backward = true) {
  const Array x = random(rows * in), w = random(out * in), b = random(out), y = random(rows * out);
  const Array dx(x.size()), dw(w.size());
  const double flops = 2.0 * rows * in * out;
  const auto line = [&](const char* what, const std::function<void()>& body) {
    char name[100];
    std::snprintf(name, sizeof name, "linear %lld × %lld → %lld %s", (long long)rows, (long long)in, (long long)out, what);
    report(name, flops, body);
  };
  const auto product = [](int64_t m, int64_t k, int64_t n, bool transposeA) {
    return ProductShape{1, m, k, n, transposeA, false, 0, 0}.attributes();
  };
  const Attributes forward = {double(rows), double(in), double(out), 1};
  const Attributes byData = product(rows, out, in, false), byWeights = product(out, rows, in, true);
  line("forward", [&] { run("linear", {y, x, w, b}, forward); });
  if (!backward) return;
  line("by data", [&] { run("matmul", {dx, y, w}, byData); });
  line("by weights", [&] { run("matmul", {dw, y, x}, byWeights); });
}

void convolution(const char* name, const ConvolutionShape& s) {
  const Array x = random(s.x()), w = random(s.w()), b = random(s.outChannels), dy = random(s.y());
  const Array y(s.y()), dx(s.x()), dw(s.w());
  Attributes forward = s.attributes();
  forward.push_back(0);
  const double flops = 2.0 * s.y() * s.w() / s.outChannels;
  report((std::string(name) + " forward").c_str(), flops, [&] { run("conv2d", {y, x, w, b}, forward); });
  report((std::string(name) + " by data").c_str(), flops, [&] {
    run("conv2dInputGradient", {dx, dy, w}, s.attributes());
  });
  report((std::string(name) + " by weights").c_str(), flops, [&] {
    run("conv2dWeightGradient", {dw, x, dy}, s.attributes());
  });
}

void pooling(const char* name, const PoolingShape& s) {
  const Array x = random(s.x()), y(s.y()), dx(s.x());
  const Indices index(y.size());
  for (int threads = 1; threads <= 2; threads++) {
    nn::setThreads(threads);
    const double forward = secondsOf([&] { run("maxPool2d", {y, index, x}, s.attributes()); });
    const double backward = secondsOf([&] { run("maxPool2dGradient", {dx, index, y}, s.attributes()); });
    std::printf("%-52s  %d thread%s %6.1f GB/s forward, %6.1f GB/s gradient\n", name, threads, threads > 1 ? "s" : " ",
                4.0 * (s.x() + 2 * s.y()) / forward * 1e-9, 4.0 * (s.x() + 2 * s.y()) / backward * 1e-9);
  }
}

void fusedPooling(const char* name, const ConvolutionShape& s, int activation) {
  const Array x = random(s.x()), w = random(s.w()), b = random(s.outChannels), z(s.y());
  const PoolingShape p = PoolingShape{s.batch, s.outChannels, s.outHeight, s.outWidth, 2, 2, 2, 2}.sized();
  const Array y(p.y()), dy = random(p.y()), dx(p.x());
  const Indices index(y.size());
  Attributes forward = s.attributes(), backward = p.attributes();
  forward.push_back(activation), backward.push_back(activation);
  const char* const kernels[] = {"", "relu", "tanh", "sigmoid"};
  for (int threads = 1; threads <= 2; threads++) {
    nn::setThreads(threads);
    const double fused = secondsOf([&] { run("conv2dMaxPool", {y, index, x, w, b}, forward); });
    const double apart = secondsOf([&] {
      run("conv2d", {z, x, w, b}, forward);
      run("maxPool2d", {y, index, z}, p.attributes());
    });
    const double gradient = secondsOf([&] { run("maxPoolActivationGradient", {dx, index, dy, y}, backward); });
    std::printf("%-44s %-5s %d thread%s %7.1f µs in one, %7.1f µs in two; gradient %6.1f µs\n", name, kernels[activation],
                threads, threads > 1 ? "s" : " ", fused * 1e6, apart * 1e6, gradient * 1e6);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string only = argc > 1 ? argv[1] : "";
  const auto wanted = [&](const char* family) { return only.empty() || only == family; };
  std::printf("%s, multiply-add peak %.1f GFLOP/s a thread\n", nn::isaName(), peak());
  if (wanted("matmul")) {
    for (int64_t size : {64, 128, 256, 512, 1024}) matmul(size, size, size, false, false);
    for (int64_t size : {256, 1024}) matmul(size, size, size, true, false), matmul(size, size, size, false, true);
  }
  if (wanted("linear")) {
    for (int64_t batch : {32, 128, 512}) linear(batch, 784, 128), linear(batch, 128, 64), linear(batch, 64, 10);
    for (int64_t batch : {32, 128}) linear(batch, 400, 120), linear(batch, 120, 84), linear(batch, 84, 10);
    linear(64, 9216, 128), linear(64, 128, 10);
    for (int64_t batch : {1, 4}) linear(batch, 784, 128, false), linear(batch, 400, 120, false);
  }
  if (wanted("convolution")) {
    convolution("lenet conv 1→6 k5 pad 2, 28×28, batch 128",
                ConvolutionShape{128, 1, 28, 28, 6, 5, 5, 1, 1, 2, 2}.sized());
    convolution("lenet conv 6→16 k5, 14×14, batch 128", ConvolutionShape{128, 6, 14, 14, 16, 5, 5}.sized());
    convolution("cnn conv 1→32 k3, 28×28, batch 64", ConvolutionShape{64, 1, 28, 28, 32, 3, 3}.sized());
    convolution("cnn conv 32→64 k3, 26×26, batch 64", ConvolutionShape{64, 32, 26, 26, 64, 3, 3}.sized());
    convolution("autoencoder conv 1→16 k3 s2, 28×28, batch 128",
                ConvolutionShape{128, 1, 28, 28, 16, 3, 3, 2, 2, 1, 1}.sized());
    convolution("autoencoder conv 16→32 k3 s2, 14×14, batch 128",
                ConvolutionShape{128, 16, 14, 14, 32, 3, 3, 2, 2, 1, 1}.sized());
    convolution("conv 6→16 k5, 14×14, batch 1", ConvolutionShape{1, 6, 14, 14, 16, 5, 5}.sized());
    convolution("conv 64→64 1×1, 14×14, batch 32", ConvolutionShape{32, 64, 14, 14, 64, 1, 1}.sized());
    convolution("conv 3→32 k3 pad 1, 32×32, batch 4", ConvolutionShape{4, 3, 32, 32, 32, 3, 3, 1, 1, 1, 1}.sized());
    convolution("conv 64→64 k3 pad 1, 56×56, batch 4", ConvolutionShape{4, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1}.sized());
    convolution("conv 256→256 k3 pad 1, 14×14, batch 16",
                ConvolutionShape{16, 256, 14, 14, 256, 3, 3, 1, 1, 1, 1}.sized());
    convolution("conv 16→16 k3 pad 1, 32×32, batch 32", ConvolutionShape{32, 16, 32, 32, 16, 3, 3, 1, 1, 1, 1}.sized());
  }
  if (wanted("pooling")) {
    pooling("max pool 2×2, 6 planes of 28×28, batch 128", PoolingShape{128, 6, 28, 28, 2, 2, 2, 2}.sized());
    pooling("max pool 2×2, 16 planes of 10×10, batch 128", PoolingShape{128, 16, 10, 10, 2, 2, 2, 2}.sized());
    fusedPooling("lenet conv 1→6 k5 pad 2 + pool, batch 128",
                 ConvolutionShape{128, 1, 28, 28, 6, 5, 5, 1, 1, 2, 2}.sized(), 2);
    fusedPooling("lenet conv 6→16 k5 + pool, batch 128", ConvolutionShape{128, 6, 14, 14, 16, 5, 5}.sized(), 2);
    fusedPooling("lenet conv 6→16 k5 + pool, batch 32", ConvolutionShape{32, 6, 14, 14, 16, 5, 5}.sized(), 2);
    fusedPooling("cnn conv 32→64 k3 + pool, batch 64", ConvolutionShape{64, 32, 26, 26, 64, 3, 3}.sized(), 1);
    pooling("max pool 3×3 s2, 16 planes of 28×28, batch 32", PoolingShape{32, 16, 28, 28, 3, 3, 2, 2}.sized());
  }
}
