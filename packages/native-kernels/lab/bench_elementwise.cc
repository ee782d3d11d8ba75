// Times what is neither a product nor a window beside plain twins: billions of elements and bytes a second, on one and
// two threads, and the share of what a copy of as many bytes reaches, measured on the spot. `bench_elementwise [NAME]`.
#include "../cpp/threads.h"
#include "lab.h"

namespace {
using namespace lab;

std::string only;

/** Numbers from −1 to 1. */
template <typename T>
struct Filled {
  std::vector<T, Aligned<T>> memory;
  T* data;
  int64_t count;
  explicit Filled(int64_t count) : memory(static_cast<size_t>(count)), data(memory.data()), count(count) {
    for (int64_t i = 0; i < count; i++) data[i] = static_cast<T>((i * 7919 % 2003) / 1001.0 - 1);
  }
  Filled(const Filled&) = delete;
  operator Argument() const { return {data, count}; }
};
using Numbers = Filled<float>;

/** Seconds that copying `bytes` / 2 to as many others takes. */
double copySeconds(double bytes) {
  const int64_t count = static_cast<int64_t>(bytes / 8);
  const Numbers from(count), to(count);
  const float* const x = from.data;
  float* const y = to.data;
  return secondsOf(
      [=] {
        nn::parallelFor(count, 4096, 1, [=](int64_t begin, int64_t end) {
          std::memcpy(y + begin, x + begin, static_cast<size_t>(end - begin) * 4);
        });
      },
      0.001, 12);
}

/** One line: the kernel on one and two threads, then its twin. */
void report(const std::string& what, double elements, double bytes, const std::function<void()>& kernel,
            const std::function<void()>& twin) {
  if (what.find(only) == std::string::npos) return;
  std::printf("%-44s", what.c_str());
  for (int threads = 1; threads <= 2; threads++) {
    nn::setThreads(threads);
    const double seconds = secondsOf(kernel, 0.001, 12);
    const double limit = copySeconds(bytes);
    nn::setThreads(1);
    std::printf("  %d: %8.2f µs %6.2f G/s %6.1f GB/s (%3.0f %%)", threads, seconds * 1e6, elements / seconds * 1e-9,
                bytes / seconds * 1e-9, 100 * limit / seconds);
  }
  std::printf("  twin %8.2f µs\n", secondsOf(twin, 0.001, 4) * 1e6);
  std::fflush(stdout);
}

std::string named(const char* name, std::initializer_list<int64_t> sizes) {
  std::string text = name;
  for (int64_t size : sizes) text += (text == name ? " " : " × ") + std::to_string(size);
  return text;
}

template <typename F>
void unary(const char* name, int64_t n, const F& f) {
  const Numbers x(n), y(n);
  report(named(name, {n}), double(n), 8.0 * n, [&] { run(name, {y, x}, {}); },
         [&] { for (int64_t i = 0; i < n; i++) y.data[i] = f(x.data[i]); });
}

template <typename F>
void pairwise(const char* name, int64_t n, const Attributes& attributes, const F& f) {
  const Numbers a(n), b(n), y(n);
  report(named(name, {n}), double(n), 12.0 * n, [&] { run(name, {y, a, b}, attributes); },
         [&] { for (int64_t i = 0; i < n; i++) y.data[i] = f(a.data[i], b.data[i]); });
}

void maps() {
  for (int64_t n : {16384, 589824, 1384448}) unary("relu", n, [](float x) { return x > 0 ? x : 0; });
  for (int64_t n : {16384, 602112}) {
    unary("exp", n, [](float x) { return std::exp(x); });
    unary("log", n, [](float x) { return std::log(x); });
    unary("tanh", n, [](float x) { return std::tanh(x); });
    unary("sigmoid", n, [](float x) { return 1 / (1 + std::exp(-x)); });
    unary("gelu", n, [](float x) { return x / 2 * (1 + std::tanh(0.79788456f * (x + 0.044715f * x * x * x))); });
  }
  for (int64_t n : {16384, 589824, 2359296}) {
    pairwise("reluGradient", n, {}, [](float y, float dy) { return y > 0 ? dy : 0; });
    pairwise("multiply", n, {1, double(n), 1, 1, 1, 1}, [](float a, float b) { return a * b; });
  }
  const int64_t rows = 128, size = 512;
  const Numbers x(rows * size), b(size), y(rows * size);
  report("add 128 × 512 and a row", rows * size, 8.0 * rows * size,
         [&] { run("add", {y, x, b}, {2, rows, size, 2, size, 1, 2, 0, 1}); },
         [&] { for (int64_t i = 0; i < rows * size; i++) y.data[i] = x.data[i] + b.data[i % size]; });
}

void reductions() {
  const struct {
    const char* what;
    int64_t outer, size, inner;
  } shapes[] = {{"sum of 100 352", 1, 100352, 1},        {"sum of 4 096 rows of 576", 4096, 576, 1},
                {"sum of columns 128 × 10", 1, 128, 10},  {"sum of columns 128 × 64", 1, 128, 64},
                {"sum of columns 128 × 784", 1, 128, 784}, {"sum of columns 512 × 128", 1, 512, 128},
                {"sum of 64 planes of 64 × 576", 64, 64, 576}};
  for (const auto& [what, outer, size, inner] : shapes) {
    const int64_t n = outer * size * inner;
    const Numbers x(n), y(outer * inner);
    report(what, double(n), 4.0 * n, [&, o = outer, s = size, i = inner] { run("sum", {y, x}, {double(o), double(s), double(i)}); },
           [&, outer = outer, size = size, inner = inner] {
             for (int64_t o = 0; o < outer * inner; o++) y.data[o] = 0;
             for (int64_t o = 0; o < outer; o++)
               for (int64_t k = 0; k < size; k++)
                 for (int64_t i = 0; i < inner; i++) y.data[o * inner + i] += x.data[(o * size + k) * inner + i];
           });
  }
}

void softmaxes() {
  for (int64_t size : {10, 1000}) {
    const int64_t rows = size == 10 ? 128 : 64, n = rows * size;
    const Numbers x(n), p(n), loss(rows), dx(n);
    const Filled<int32_t> target(rows);
    for (int64_t r = 0; r < rows; r++) target.data[r] = static_cast<int32_t>(r % size);
    const Attributes attributes = {double(rows), double(size)};
    const auto twin = [&] {
      for (int64_t r = 0; r < rows; r++) {
        const float* from = x.data + r * size;
        float* to = p.data + r * size;
        float largest = -INFINITY, total = 0;
        for (int64_t i = 0; i < size; i++) largest = std::max(largest, from[i]);
        for (int64_t i = 0; i < size; i++) total += to[i] = std::exp(from[i] - largest);
        for (int64_t i = 0; i < size; i++) to[i] /= total;
        loss.data[r] = std::log(total) + largest - from[target.data[r]];
      }
    };
    report(named("softmax", {rows, size}), double(n), 8.0 * n, [&] { run("softmax", {p, x}, attributes); }, twin);
    report(named("crossEntropy", {rows, size}), double(n), 8.0 * n,
           [&] { run("crossEntropy", {loss, p, x, target}, attributes); }, twin);
    report(named("crossEntropyGradient", {rows, size}), double(n), 8.0 * n,
           [&] { run("crossEntropyGradient", {dx, p, target, loss}, attributes); }, [&] {
             for (int64_t i = 0; i < n; i++) dx.data[i] = loss.data[i / size] * (p.data[i] - (i % size == target.data[i / size]));
           });
  }
}

void batchNorms() {
  for (const auto& [batch, channels, size] : {std::array<int64_t, 3>{128, 128, 1}, {128, 64, 1}, {512, 256, 1}, {64, 32, 196}}) {
    const int64_t n = batch * channels * size;
    const Numbers x(n), y(n), dy(n), scale(channels), shift(channels), mean(channels), variance(channels);
    const Numbers dscale(channels), dshift(channels);
    const Attributes attributes = {double(batch), double(channels), double(size), 1e-5};
    const auto twin = [&, b = batch, c = channels, s = size] {
      for (int64_t g = 0; g < c; g++) {
        double sum = 0, squares = 0;
        const auto over = [&](auto f) {
          for (int64_t i = 0; i < b; i++) for (int64_t j = 0; j < s; j++) f((i * c + g) * s + j);
        };
        over([&](int64_t i) { sum += x.data[i]; });
        const double center = sum / (b * s);
        over([&](int64_t i) { squares += (x.data[i] - center) * (x.data[i] - center); });
        const double factor = scale.data[g] / std::sqrt(squares / (b * s) + 1e-5);
        over([&](int64_t i) { y.data[i] = float((x.data[i] - center) * factor + shift.data[g]); });
      }
    };
    report(named("batchNorm", {batch, channels, size}), double(n), 8.0 * n,
           [&] { run("batchNorm", {y, mean, variance, x, scale, shift}, attributes); }, twin);
    run("batchNorm", {y, mean, variance, x, scale, shift}, attributes);
    report(named("batchNormGradient", {batch, channels, size}), double(n), 12.0 * n,
           [&] { run("batchNormGradient", {y, dscale, dshift, x, scale, mean, variance, dy}, attributes); }, twin);
    report(named("normalize", {batch, channels, size}), double(n), 8.0 * n,
           [&] { run("normalize", {y, x, mean, variance, scale, shift}, attributes); }, twin);
  }
}

void randoms() {
  for (int64_t n : {16384, 589824}) {
    const Numbers y(n);
    const Filled<int32_t> state(4);
    const auto twin = [&] { for (int64_t i = 0; i < n; i++) y.data[i] = float(std::rand() >> 7) * 0x1p-24f; };
    report(named("dropoutMask", {n}), double(n), 4.0 * n, [&] { run("dropoutMask", {y, state}, {0.2}); }, twin);
    report(named("randomUniform", {n}), double(n), 4.0 * n, [&] { run("randomUniform", {y, state}, {-1, 1}); }, twin);
  }
}

void optimizers() {
  for (int64_t n : {8256, 100352, 1179648}) {
    const Numbers w(n), m(n), v(n), g(n), rate(1), step(1);
    for (int64_t i = 0; i < n; i++) v.data[i] = v.data[i] * v.data[i];
    rate.data[0] = 1e-9f, step.data[0] = 3;
    report(named("adamUpdate", {n}), double(n), 28.0 * n,
           [&] { run("adamUpdate", {w, m, v, g, rate, step}, {0.9, 0.999, 1e-8, 0, 0}); }, [&] {
             for (int64_t i = 0; i < n; i++) {
               m.data[i] += 0.1f * (g.data[i] - m.data[i]);
               v.data[i] = 0.999f * v.data[i] + 0.001f * g.data[i] * g.data[i];
               w.data[i] -= 1e-9f * m.data[i] / (std::sqrt(v.data[i]) + 1e-8f);
             }
           });
    report(named("sgdUpdate", {n}), double(n), 20.0 * n,
           [&] { run("sgdUpdate", {w, m, g, rate, step}, {0.9, 0, 0, 0}); }, [&] {
             for (int64_t i = 0; i < n; i++) w.data[i] -= 1e-9f * (m.data[i] = 0.9f * m.data[i] + g.data[i]);
           });
  }
}

/** Rows picked anew at each call from a set that no cache holds nearby. */
void moves() {
  const int64_t rows = 60000, count = 128, size = 784;
  const Numbers x(rows / 4 * size), y(count * size);
  const Filled<uint8_t> bytes(rows * size), picked(count * size);
  const Filled<int32_t> index(count);
  const auto pickRows = [&](int64_t of) {
    for (int64_t i = 0; i < count; i++) index.data[i] = static_cast<int32_t>(pick(0, of - 1));
  };
  const auto gather = [&](const char* what, int64_t of, auto& to, const auto& from) {
    report(what, double(count * size), 2.0 * sizeof(*to.data) * count * size,
           [&] { pickRows(of), run("gatherRows", {to, Argument(from.data, of * size), index}, {double(of), double(count), double(size)}); },
           [&] {
             pickRows(of);
             for (int64_t i = 0; i < count; i++)
               for (int64_t j = 0; j < size; j++) to.data[i * size + j] = from.data[index.data[i] * size + j];
           });
  };
  gather("gatherRows 128 × 784 floats of 12.8 MB", 4096, y, x);
  gather("gatherRows 128 × 784 floats of 47 MB", rows / 4, y, x);
  gather("gatherRows 128 × 784 bytes of 47 MB", rows, picked, bytes);
  report("cast 100 352 u8 → f32", double(count * size), 5.0 * count * size, [&] { run("cast", {y, picked}, {}); },
         [&] { for (int64_t i = 0; i < count * size; i++) y.data[i] = picked.data[i]; });
  const int64_t side = 512;
  const Numbers square(side * side), turned(side * side);
  report("copy, transposing 512 × 512", double(side * side), 8.0 * side * side,
         [&] { run("copy", {turned, square}, {2, side, side, 2, 1, side, 0}); }, [&] {
           for (int64_t i = 0; i < side; i++) for (int64_t j = 0; j < side; j++) turned.data[i * side + j] = square.data[j * side + i];
         });
  report("fill 100 352", double(count * size), 4.0 * count * size, [&] { run("fill", {y}, {0.5}); },
         [&] { for (int64_t i = 0; i < count * size; i++) y.data[i] = 0.5f; });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) only = argv[1];
  std::printf("%s; per thread count: time, billions of elements, bytes moved, share of a copy's speed\n", nn::isaName());
  maps();
  reductions();
  softmaxes();
  batchNorms();
  randoms();
  optimizers();
  moves();
}
