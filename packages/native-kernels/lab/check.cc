// Validates matmul, linear, convolution and pooling kernels against their twins over chosen and random shapes, with 1,
// 2 and 3 threads (the same bits), unaligned pointers, infinities and NaN.
#include "../cpp/threads.h"
#include "twins.h"

namespace {
using namespace lab;

int passed = 0, failed = 0;

void report(bool good, const std::string& what) {
  (good ? passed : failed)++;
  if (!good) std::printf("FAILED %s\n", what.c_str());
}

std::string describe(const char* name, const Attributes& attributes) {
  std::string text = name;
  for (double value : attributes) text += " " + std::to_string(static_cast<int64_t>(value));
  return text;
}

bool sameValue(double got, double expected, double tolerance) {
  if (std::isnan(expected)) return std::isnan(got);
  return got == expected || std::abs(got - expected) <= tolerance;
}

/** A copy of `x` that starts one element past an aligned address. */
struct Unaligned {
  Array storage;
  explicit Unaligned(const Array& x) : storage(x.size() + 1) { std::copy(x.begin(), x.end(), storage.begin() + 1); }
  operator Argument() const { return {storage.data() + 1, static_cast<int64_t>(storage.size()) - 1}; }
};

/** Runs a kernel that writes `count` floats first, with 1, 2 and 3 threads, and compares with the twin. */
void check(const char* name, const std::vector<double>& expected, double terms, std::vector<Argument> inputs,
           const Attributes& attributes) {
  Array first;
  for (int threads = 1; threads <= 3; threads++) {
    nn::setThreads(threads);
    const Unaligned y(Array(expected.size(), NAN));
    inputs.insert(inputs.begin(), y);
    run(name, inputs, attributes);
    inputs.erase(inputs.begin());
    const Array got(y.storage.begin() + 1, y.storage.end());
    if (threads == 1) first = got;
    if (!got.empty() && std::memcmp(first.data(), got.data(), got.size() * 4) != 0)
      return report(false, describe(name, attributes) + ": other bits with " + std::to_string(threads) + " threads");
  }
  for (size_t i = 0; i < expected.size(); i++)
    if (!sameValue(first[i], expected[i], 2e-6 * std::sqrt(terms + 1) + 1e-6 * std::abs(expected[i]) + 1e-6)) {
      return report(false, describe(name, attributes) + ": element " + std::to_string(i) + " is " +
                               std::to_string(first[i]) + ", not " + std::to_string(expected[i]));
    }
  report(true, "");
}

/** Puts an infinity, a NaN and a zero at random places. */
void spoil(Array& x) {
  if (x.empty()) return;
  const auto place = [&] { return static_cast<size_t>(pick(0, static_cast<int64_t>(x.size()) - 1)); };
  x[place()] = INFINITY, x[place()] = 0, x[place()] = NAN;
}

void checkMatmul(ProductShape s, bool spoiled = false) {
  s.aStride = s.batch > 1 && pick(0, 3) == 0 ? 0 : s.m * s.k;
  s.bStride = s.batch > 1 && pick(0, 3) == 0 ? 0 : s.k * s.n;
  const auto size = [&](int64_t stride, int64_t own) { return s.batch == 0 ? 0 : (s.batch - 1) * stride + own; };
  Array a = random(size(s.aStride, s.m * s.k)), b = random(size(s.bStride, s.k * s.n));
  if (spoiled) spoil(a), spoil(b);
  check("matmul", matmul(s, a, b), double(s.k), {Unaligned(a), Unaligned(b)}, s.attributes());
}

void checkLinear(int64_t rows, int64_t in, int64_t out, int64_t activation, bool spoiled = false) {
  Array x = random(rows * in), w = random(out * in), b = random(out);
  if (spoiled) spoil(x), spoil(w), spoil(b);
  std::vector<double> expected = matmul({1, rows, in, out, false, true, 0, 0}, x, w);
  for (size_t i = 0; i < expected.size(); i++) expected[i] = activated(expected[i] + b[i % out], activation);
  check("linear", expected, double(in), {Unaligned(x), Unaligned(w), Unaligned(b)},
        {double(rows), double(in), double(out), double(activation)});
}

void checkConvolution(const ConvolutionShape& s, int64_t activation, bool spoiled = false) {
  Array x = random(s.x()), w = random(s.w()), b = random(s.outChannels), dy = random(s.y());
  if (spoiled) spoil(x), spoil(w), spoil(dy);
  std::vector<double> y(dy.size()), dx(x.size()), dw(w.size());
  for (size_t i = 0; i < y.size(); i++) y[i] = b[i / (s.outHeight * s.outWidth) % s.outChannels];
  s.forEachTerm([&](int64_t xi, int64_t wi, int64_t yi) {
    y[yi] += double(x[xi]) * w[wi];
    dx[xi] += double(dy[yi]) * w[wi];
    dw[wi] += double(x[xi]) * dy[yi];
  });
  for (double& v : y) v = activated(v, activation);
  Attributes withActivation = s.attributes();
  withActivation.push_back(double(activation));
  const double taps = double(s.kernelHeight * s.kernelWidth);
  const double rounding = taps == 9 ? 6 : 1;  // Winograd's tiles round what they add up several times
  check("conv2d", y, rounding * taps * s.inChannels, {Unaligned(x), Unaligned(w), Unaligned(b)}, withActivation);
  check("conv2dInputGradient", dx, rounding * taps * s.outChannels, {Unaligned(dy), Unaligned(w)}, s.attributes());
  check("conv2dWeightGradient", dw, rounding * double(s.batch * s.outHeight * s.outWidth), {Unaligned(x), Unaligned(dy)},
        s.attributes());
}

void checkMaximum(const PoolingShape& s, bool spoiled) {
  Array x = random(s.x()), dy = random(s.y()), y(s.y(), NAN);
  for (float& v : x) v = std::round(v * 8) / 8;  // ties
  if (spoiled) spoil(x);
  Indices index(y.size(), -7);
  std::vector<double> expected(y.size()), dx(x.size());
  Indices where(y.size());
  s.forEachWindow([&](int64_t out, int64_t plane, const std::vector<int64_t>& inside, int64_t) {
    double best = -INFINITY;
    where[out] = -1;
    for (int64_t i : inside)
      if (where[out] < 0 || x[plane + i] > best || (std::isnan(x[plane + i]) && !std::isnan(best)))
        best = x[plane + i], where[out] = int32_t(i);
    expected[out] = best;
    if (where[out] >= 0) dx[plane + where[out]] += dy[out];
  });
  for (int threads = 1; threads <= 3; threads++) {
    nn::setThreads(threads);
    run("maxPool2d", {y, index, Unaligned(x)}, s.attributes());
    bool good = index == where;
    for (size_t i = 0; i < y.size(); i++) good = good && sameValue(y[i], expected[i], 0);
    report(good, describe("maxPool2d", s.attributes()));
  }
  check("maxPool2dGradient", dx, 1, {where, Unaligned(dy)}, s.attributes());
  for (int32_t& i : where) i = int32_t(pick(0, s.height * s.width - 1));  // any index adds up, in its window or not
  std::fill(dx.begin(), dx.end(), 0);
  for (size_t i = 0; i < where.size(); i++) dx[i / (s.outHeight * s.outWidth) * s.height * s.width + where[i]] += dy[i];
  check("maxPool2dGradient", dx, 1, {where, Unaligned(dy)}, s.attributes());
}

void checkAverage(const PoolingShape& s, bool countPadding) {
  const Array x = random(s.x()), dy = random(s.y());
  std::vector<double> y(dy.size()), dx(x.size());
  s.forEachWindow([&](int64_t out, int64_t plane, const std::vector<int64_t>& inside, int64_t area) {
    const double divisor = countPadding ? double(area) : double(inside.size());
    for (int64_t i : inside) y[out] += x[plane + i] / divisor, dx[plane + i] += dy[out] / divisor;
  });
  Attributes attributes = s.attributes();
  attributes.push_back(countPadding);
  check("averagePool2d", y, 9, {Unaligned(x)}, attributes);
  check("averagePool2dGradient", dx, 9, {Unaligned(dy)}, attributes);
}

void checkRefusals() {
  const Array small(6), y(4);
  const auto refused = [](const char* error, const char* what) { report(error != nullptr, what); };
  refused(launch("matmul", {y, small, small}, {1, 2, 3, 3, 0, 0, 0, 0}), "matmul took a wrong length");
  refused(launch("matmul", {y, small, small}, {1, 2, 3, 2, 0, 0, 9e15, 9e15}) ? nullptr : "",
          "matmul refused an unused stride");
  refused(launch("matmul", {y, small, small}, {2, 1, 3, 2, 0, 0, 9e15, 0}), "matmul took a huge stride");
  refused(launch("matmul", {y, small, small}, {-1, 2, 3, -2, 0, 0, 0, 0}), "matmul took negative sizes");
  refused(launch("linear", {y, small, small, Array(3)}, {2, 3, 2, 0}), "linear took a wrong bias");
  refused(launch("linear", {y, small, small, Array(2)}, {2, 3, 2, 4}), "linear took an unknown activation");
  const ConvolutionShape s = ConvolutionShape{1, 1, 2, 3, 1, 1, 1}.sized();
  Attributes attributes = s.attributes();
  refused(launch("conv2dInputGradient", {small, y, Array(1)}, attributes), "conv2dInputGradient took a wrong length");
  attributes[7] = 0;
  refused(launch("conv2dInputGradient", {small, small, Array(1)}, attributes),
          "conv2dInputGradient took a stride of 0");
  attributes[7] = 1, attributes[13] = 2;
  refused(launch("conv2dInputGradient", {small, small, Array(1)}, attributes), "conv2dInputGradient took bad groups");
  const PoolingShape p = PoolingShape{1, 1, 2, 3, 1, 1, 1, 1}.sized();
  refused(launch("maxPool2dGradient", {small, Indices(6, 6), small}, p.attributes()),
          "maxPool2dGradient took a wrong index");
}

/** Sizes near the largest that are taken, where a zero or a length of 1 makes the buffers small. */
void checkExtremes() {
  const int64_t huge = 2147483647;
  const Array none(0), one(1, 1.0f), four(4, 1.0f);
  const auto taken = [](const char* error, const char* what) { report(error == nullptr, what); };
  const auto refused = [](const char* error, const char* what) { report(error != nullptr, what); };
  Attributes g =
      ConvolutionShape{0, huge, huge, huge, huge, huge, huge, huge, huge, huge, huge, huge, huge, huge, huge, huge}
          .attributes();
  refused(launch("conv2dInputGradient", {none, none, one}, g), "conv2dInputGradient took a wrong weight");
  g[4] = 0, g[13] = 1;
  taken(launch("conv2dInputGradient", {none, none, none}, g), "conv2dInputGradient without samples and channels");
  taken(launch("conv2dWeightGradient", {none, none, none}, g), "conv2dWeightGradient without samples and channels");
  checkConvolution({1, 1, 2, 2, 1, 1, 2, huge, huge, huge, 0, huge, huge, 1, 2, 2}, 0);
  checkConvolution({9, 1, 2, 2, 1, 2, 2, huge, huge, 0, 1, huge, 1, 1, 2, 2}, 0);
  g = PoolingShape{1, 1, 2, 2, huge, huge, huge, huge, 1, 1, 1, 1, 1, 1}.attributes();
  Indices index(1);
  taken(launch("maxPool2d", {one, index, four}, g), "maxPool2d with a huge window");
  g.push_back(0);
  taken(launch("averagePool2d", {one, four}, g), "averagePool2d with a huge window");
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 200;
  const int64_t sizes[] = {0, 1, 2, 5, 6, 7, 15, 16, 17, 33, 97};
  for (int64_t m : sizes)
    for (int64_t n : sizes)
      for (int64_t k : {0, 1, 3, 8, 31, 64})
        checkMatmul({1, m, k, n, pick(0, 1) == 1, pick(0, 1) == 1, 0, 0}, pick(0, 4) == 0);
  for (bool a : {false, true})
    for (bool b : {false, true}) {
      checkMatmul({1, 131, 1031, 307, a, b, 0, 0});
      checkMatmul({1, 300, 260, 70, a, b, 0, 0});
      checkMatmul({1, 20, 2500, 30, a, b, 0, 0});
      checkMatmul({1, 3, 700, 500, a, b, 0, 0});
      checkMatmul({1, 500, 700, 2, a, b, 0, 0});
    }
  checkLinear(64, 9216, 20, 1), checkLinear(128, 784, 128, 1), checkLinear(32, 784, 128, 2),
      checkLinear(128, 128, 10, 0);
  for (int i = 0; i < rounds; i++) {
    checkMatmul({pick(0, 5), pick(0, 40), pick(0, 70), pick(0, 40), pick(0, 1) == 1, pick(0, 1) == 1, 0, 0},
                pick(0, 3) == 0);
    checkLinear(pick(0, 40), pick(0, 70), pick(1, 40), pick(0, 3), pick(0, 3) == 0);
  }

  checkConvolution(ConvolutionShape{128, 1, 28, 28, 6, 5, 5, 1, 1, 2, 2}.sized(), 0);
  checkConvolution(ConvolutionShape{35, 6, 14, 14, 16, 5, 5}.sized(), 2);
  checkConvolution(ConvolutionShape{17, 1, 28, 28, 32, 3, 3}.sized(), 1);
  checkConvolution(ConvolutionShape{3, 32, 26, 26, 64, 3, 3}.sized(), 1);
  checkConvolution(ConvolutionShape{2, 64, 9, 9, 20, 3, 3, 1, 1, 1, 1}.sized(), 3);
  checkConvolution(ConvolutionShape{9, 2, 12, 12, 3, 3, 3, 1, 1, 5, 7}.sized(), 0);  // padding beyond the kernel
  checkConvolution(ConvolutionShape{9, 2, 3, 3, 3, 2, 2, 1, 1, 8, 8, 8, 8}.sized(), 0);
  checkConvolution({9, 2, 12, 12, 4, 3, 3, 1, 1, 1, 0, 1, 1, 1, 7, 13}, 0);  // windows that end early or late
  checkConvolution({9, 2, 4, 4, 4, 3, 3, 2, 2, 1, 0, 1, 1, 1, 9, 9}, 0);     // windows wholly outside
  for (int64_t width = 2; width < 20; width++) checkConvolution(ConvolutionShape{2, 2, 9, width, 3, 2, 2}.sized(), 0);
  for (int64_t zero = 0; zero < 3; zero++) {
    ConvolutionShape s = ConvolutionShape{4, 2, 5, 5, 3, 3, 3}.sized();
    (zero == 0 ? s.batch : zero == 1 ? s.inChannels : s.outChannels) = 0;
    checkConvolution(s, 0);
  }
  for (int i = 0; i < rounds; i++) {
    ConvolutionShape s{};
    s.groups = pick(0, 2) == 0 ? pick(2, 3) : 1;
    s.batch = pick(0, 2) == 0 ? pick(0, 3) : pick(8, 20);
    s.inChannels = s.groups * pick(1, 4), s.outChannels = s.groups * pick(1, 9);
    s.height = pick(1, 16), s.width = pick(1, 30);
    s.kernelHeight = pick(1, std::min<int64_t>(7, s.height)), s.kernelWidth = pick(1, std::min<int64_t>(12, s.width));
    s.strideHeight = pick(0, 1) ? 1 : pick(1, 3), s.strideWidth = pick(0, 1) ? 1 : pick(1, 3);
    s.padTop = pick(0, s.kernelHeight / 2), s.padLeft = pick(0, s.kernelWidth / 2);
    const bool dilates = pick(0, 3) == 0;
    s.dilationHeight = dilates && 2 * s.kernelHeight - 1 <= s.height ? 2 : 1;
    s.dilationWidth = dilates && 2 * s.kernelWidth - 1 <= s.width ? 2 : 1;
    checkConvolution(s.sized(), pick(0, 3), pick(0, 3) == 0);
  }
  for (int i = 0; i < rounds / 4; i++) {  // by Winograd's tiles, most of them
    ConvolutionShape s{};
    s.groups = pick(0, 4) == 0 ? 2 : 1, s.batch = pick(0, 9);
    s.inChannels = s.groups * pick(7, 40), s.outChannels = s.groups * pick(7, 40);
    s.height = pick(3, 30), s.width = pick(3, 30), s.kernelHeight = s.kernelWidth = 3;
    s.strideHeight = s.strideWidth = s.dilationHeight = s.dilationWidth = 1;
    s.padTop = pick(0, 2), s.padLeft = pick(0, 2);
    checkConvolution(s.sized(), pick(0, 3), pick(0, 3) == 0);
  }

  for (int i = 0; i < rounds; i++) {
    PoolingShape s{};
    const bool pairs = pick(0, 1) == 0;
    s.batch = pick(0, 9), s.channels = pick(1, 5), s.height = pick(2, 20), s.width = pick(2, 40);
    s.kernelHeight = pairs ? 2 : pick(1, std::min<int64_t>(4, s.height)),
    s.kernelWidth = pairs ? 2 : pick(1, std::min<int64_t>(4, s.width));
    s.strideHeight = pairs ? 2 : pick(1, 3), s.strideWidth = pairs ? 2 : pick(1, 3);
    if (!pairs) s.padTop = pick(0, s.kernelHeight / 2), s.padLeft = pick(0, s.kernelWidth / 2);
    checkMaximum(s.sized(), pick(0, 3) == 0);
    checkAverage(s.sized(), pick(0, 1) == 0);
    if (!pairs && 2 * s.kernelHeight - 1 <= s.height) s.dilationHeight = 2, checkMaximum(s.sized(), false);
  }
  checkRefusals();
  checkExtremes();
  std::printf("%s: %d passed, %d failed\n", nn::isaName(), passed, failed);
  return failed == 0 ? 0 : 1;
}
