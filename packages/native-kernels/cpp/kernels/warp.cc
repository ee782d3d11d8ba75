/** Images seen through an affine map of their own each, in double precision, with the bits of the reference. */
#include <cmath>
#include <cstring>

#include "../registry.h"

namespace nn::NN_ISA {
namespace {

/** Pixels of results that make a chunk. */
constexpr int64_t kChunk = 4096;

/** What lies at a place: `fill` outside the image. */
struct Image {
  const float* x;
  double height, width, fill;

  NN_INLINE double at(double row, double column) const {
    if (row < 0 || row >= height || column < 0 || column >= width) return fill;
    if (row != row || column != column) return NAN;
    return x[static_cast<int64_t>(row) * static_cast<int64_t>(width) + static_cast<int64_t>(column)];
  }

  /** Interpolated between the columns at h and right of it. */
  NN_INLINE double between(double row, double left, double p) const {
    return p > 0 ? (1 - p) * at(row, left) + p * at(row, left + 1) : at(row, left);
  }

  NN_INLINE double seen(double h, double v) const {
    const double left = std::floor(h), top = std::floor(v);
    const double p = h - left, q = v - top;
    const double value = between(top, left, p);
    return q > 0 ? (1 - q) * value + q * between(top + 1, left, p) : value;
  }
};

/** Where a result's pixel is taken from: column a·column + b·row + c, row d·column + e·row + f. */
struct Map {
  double a, b, c, d, e, f;

  static NN_INLINE bool isWhole(double value) { return static_cast<double>(wholeNumber(value)) == value; }
  /** Whether columns stay columns, and pixels whole: crops and flips. */
  NN_INLINE bool isMove() const { return b == 0 && d == 0 && isWhole(a) && isWhole(c) && isWhole(e) && isWhole(f); }
};

/** The whole number, or −1 outside 0…size − 1. */
NN_INLINE int64_t within(double value, double size) {
  return value >= 0 && value < size ? static_cast<int64_t>(value) : -1;
}

struct Warp {
  int64_t height, width, rows, columns;
  double fill;

  void move(float* y, const float* x, const Map& map) const {
    int64_t* const from = threadScratch<int64_t>(columns);
    for (int64_t i = 0; i < columns; i++)
      from[i] = within(map.a * static_cast<double>(i) + map.c, static_cast<double>(width));
    for (int64_t row = 0; row < rows; row++) {
      const int64_t top = within(map.e * static_cast<double>(row) + map.f, static_cast<double>(height));
      float* const to = y + row * columns;
      for (int64_t i = 0; i < columns; i++)
        to[i] = top < 0 || from[i] < 0 ? static_cast<float>(fill) : x[top * width + from[i]];
    }
  }

  void plane(float* y, const float* x, const Map& map) const {
    if (map.isMove()) return move(y, x, map);
    const Image image{x, static_cast<double>(height), static_cast<double>(width), fill};
    for (int64_t row = 0; row < rows; row++) {
      const double v = static_cast<double>(row);
      for (int64_t i = 0; i < columns; i++) {
        const double h = static_cast<double>(i);
        y[row * columns + i] = static_cast<float>(
            image.seen(map.a * h + map.b * v + map.c, map.d * h + map.e * v + map.f));
      }
    }
  }
};

Status warp(const Launch& launch) {
  const int64_t channels = launch.size(0);
  Warp g;
  g.fill = launch.number(3);
  int64_t* const sizes[] = {&g.height, &g.width, &g.rows, &g.columns};
  for (int i = 0; i < 4; i++) {
    const List list = launch.list(1 + i / 2);
    if (list.count != 2) return launch.fail("from and to must be a height and a width, not %lld numbers", static_cast<long long>(list.count));
    if (!list.isWhole(i % 2) || list.items[i % 2] < 0 || list.items[i % 2] > INT32_MAX)
      return launch.fail("size %g must be a whole number from 0 on", list.items[i % 2]);
    *sizes[i] = list.integer(i % 2);
  }
  const int64_t images = launch.length(2) / 6;
  if (Status error = launch.expectLength(2, 6 * images)) return error;
  if (Status error = launch.expectLength(0, product({images, channels, g.rows, g.columns}))) return error;
  if (Status error = launch.expectLength(1, product({images, channels, g.height, g.width}))) return error;
  float* const y = launch.f32(0);
  const float* const x = launch.f32(1);
  const double* const maps = launch.f64(2);
  const int64_t size = g.rows * g.columns;
  const int64_t grain = size < kChunk ? kChunk / (size + 1) + 1 : 1;
  parallelFor(images * channels, grain, 5 * static_cast<double>(size) + 20, [=](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; plane++) {
      Map map;
      std::memcpy(&map, maps + plane / channels * 6, sizeof map);
      g.plane(y + plane * size, x + plane * g.height * g.width, map);
    }
  });
  return nullptr;
}
NN_KERNEL("data/warp {w:y, r:x, r:map f64} channels from[] to[] fill", warp);

}  // namespace
}  // namespace nn::NN_ISA
