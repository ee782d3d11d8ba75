/**
 * What Winograd's convolutions share: how planes are cut into tiles and blocks, tiles of a plane with channels in
 * lanes, and the products for each frequency.
 */
#pragma once

#include "convolution.h"
#include "convolution_winograd_transforms.h"
#include "gemm_vectors.h"

namespace nn::NN_ISA {

/** Tiles of a plane of outputs. */
struct Tiles {
  int64_t across, down;

  explicit Tiles(const Convolution& g)
      : across(divideUp(g.outWidth, tileOutputs)), down(divideUp(g.outHeight, tileOutputs)) {}
  NN_INLINE int64_t count() const { return across * down; }
};

/** A convolution in tiles. A block, which one thread computes, is `rows` rows of tiles of `samples` samples. */
struct Winograd : Tiles {
  const Convolution& g;
  /** Channels of a group, in whole vectors. */
  int64_t inPitch, outPitch;
  int64_t rows, samples;

  explicit Winograd(const Convolution& g)
      : Tiles(g), g(g), inPitch(roundUp(g.groupIn, kLanes)), outPitch(roundUp(g.groupOut, kLanes)) {
    const int64_t wanted = std::max<int64_t>(32, 4096 / (inPitch + outPitch));  // tiles whose data stay in cache
    rows = divideUp(down, divideUp(down, std::max<int64_t>(1, wanted / across)));
    samples = std::min(g.batch, std::max<int64_t>(1, wanted / count()));
  }

  /** Columns and rows of a block's planes, with zeros around them. */
  NN_INLINE int64_t width() const { return across * tileOutputs + tileTaps - 1; }
  NN_INLINE int64_t height() const { return rows * tileOutputs + tileTaps - 1; }
  NN_INLINE int64_t blocksDown() const { return divideUp(down, rows); }
  NN_INLINE int64_t blocks() const { return divideUp(g.batch, samples) * blocksDown(); }

  /** Floats from one frequency to the next, for tiles with `pitch` numbers: an odd number of cache lines. */
  static NN_INLINE int64_t step(int64_t tiles, int64_t pitch) { return (divideUp(tiles * pitch, 16) | 1) * 16; }
  NN_INLINE int64_t inStep() const { return step(samples * rows * across, inPitch); }
  NN_INLINE int64_t outStep() const { return step(samples * rows * across, outPitch); }
  NN_INLINE int64_t kernelStep() const { return g.groupIn * outPitch; }
  /** Floats of all groups' transformed kernels. */
  NN_INLINE int64_t kernels() const { return g.groups * frequencies * kernelStep(); }
};

/** Samples [first, first + samples) and rows of tiles [top, top + rows) that a block holds. */
struct WinogradBlock {
  int64_t first, samples, top, rows;

  WinogradBlock(const Winograd& t, int64_t block)
      : first(block / t.blocksDown() * t.samples), samples(std::min(t.samples, t.g.batch - first)),
        top(block % t.blocksDown() * t.rows), rows(std::min(t.rows, t.down - top)) {}

  NN_INLINE int64_t tiles(const Winograd& t) const { return samples * rows * t.across; }
};

/** What of a plane is copied to where in a block's planes: rows and columns of `size` from `from` on go to `pad` on. */
struct WinogradWindow {
  int64_t height, width, padTop, padLeft;
};

/**
 * to[rows, width, pitch] = channels of a sample in lanes, rows from `top` on (of the plane with its padding), zeros
 * where the plane ends.
 */
inline void planesToLanes(const float* x, int64_t channels, int64_t plane, int64_t planeWidth,
                          const WinogradWindow& window, int64_t top, int64_t rows, int64_t width, int64_t pitch,
                          float* to) {
  const auto clear = [&](float* begin, int64_t positions) {
    std::memset(begin, 0, static_cast<size_t>(positions * pitch) * sizeof(float));
  };
  const int64_t first = std::clamp<int64_t>(window.padTop - top, 0, rows);
  const int64_t last = std::clamp<int64_t>(window.padTop + window.height - top, first, rows);
  const int64_t right = window.padLeft + window.width;
  const bool whole = window.width == planeWidth && planeWidth == width;
  clear(to, first * width), clear(to + last * width * pitch, (rows - last) * width);
  if (!whole) {
    for (int64_t row = first; row < last; row++)
      clear(to + row * width * pitch, window.padLeft), clear(to + (row * width + right) * pitch, width - right);
  }
  x += (top + first - window.padTop) * planeWidth, to += (first * width + window.padLeft) * pitch;
  const int64_t lines = whole ? 1 : last - first, positions = whole ? (last - first) * width : window.width;
  for (int64_t c = 0; c < channels; c += kLanes)
    for (int64_t line = 0; line < lines; line++)
      rowsToLanes(x + c * plane + line * planeWidth, plane, std::min<int64_t>(kLanes, channels - c), positions,
                  to + line * width * pitch + c, pitch);
}

/**
 * Asks for a share, of 36, of a block's rows of planes, while products keep the processor busy; x: its first sample.
 */
NN_INLINE void prefetchShare(const WinogradBlock& block, const float* x, int64_t channels, int64_t height,
                             int64_t width, int64_t share) {
  const int64_t top = block.top * tileOutputs, bottom = std::min(height, top + block.rows * tileOutputs);
  const int64_t planes = block.samples * channels;
  for (int64_t c = planes * share / frequencies; c < planes * (share + 1) / frequencies; c++)
    for (int64_t i = top * width; i < bottom * width; i += 16) __builtin_prefetch(x + c * height * width + i, 0, 2);
}

/** A vector that is 0 where all that was seen is finite, and else NaN. */
struct Finiteness {
  Floats sum = {};
  NN_INLINE void see(Floats v) { sum = multiplyAdd(v, Floats{}, sum); }
  NN_INLINE bool holds() const { return sumOfLanes(sum) == 0; }
};

/** c[ROWS, VECTORS vectors] = (or += when ADDS) Σ over p < depth of a[i·aRow + p·aStep] · b[p·bStep + …]. */
template <int ROWS, int VECTORS, bool ADDS>
inline void winogradTile(int64_t depth, const float* a, int64_t aRow, int64_t aStep, const float* b, int64_t bStep,
                         float* c, int64_t cRow) {
  constexpr int thirds = (ROWS + 2) / 3;
  const float* from[thirds];  // every third row: the rows between are reached from there without more registers
  Floats sum[ROWS][VECTORS];
#pragma GCC unroll 4
  for (int i = 0; i < thirds; i++) from[i] = a + 3 * i * aRow;
#pragma GCC unroll 12
  for (int i = 0; i < ROWS; i++)
#pragma GCC unroll 2
    for (int k = 0; k < VECTORS; k++) sum[i][k] = ADDS ? load(c + i * cRow + k * kLanes) : Floats{};
  for (int64_t p = 0; p < depth; p++, b += bStep) {
    Floats v[VECTORS];
#pragma GCC unroll 2
    for (int k = 0; k < VECTORS; k++) v[k] = held(load(b + k * kLanes));
#pragma GCC unroll 12
    for (int i = 0; i < ROWS; i++) {
      const Floats s = broadcast(from[i / 3][i % 3 * aRow]);
#pragma GCC unroll 2
      for (int k = 0; k < VECTORS; k++) sum[i][k] = multiplyAdd(s, v[k], sum[i][k]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < thirds; i++) {
      from[i] += aStep;
      asm("" : "+r"(from[i]));
    }
  }
#pragma GCC unroll 12
  for (int i = 0; i < ROWS; i++)
#pragma GCC unroll 2
    for (int k = 0; k < VECTORS; k++) store(c + i * cRow + k * kLanes, sum[i][k]);
}

using WinogradTile = void (*)(int64_t, const float*, int64_t, int64_t, const float*, int64_t, float*, int64_t);
/** Rows of a tile of two vectors: 24 sums in 32 registers, 12 in 16. */
constexpr int64_t winogradRows = kLanes == 16 ? 12 : 6;
template <int VECTORS, bool ADDS>
inline WinogradTile winogradTileOf(int64_t rows) {
  constexpr WinogradTile tiles[12] = {
      winogradTile<1, VECTORS, ADDS>, winogradTile<2, VECTORS, ADDS>,  winogradTile<3, VECTORS, ADDS>,
      winogradTile<4, VECTORS, ADDS>, winogradTile<5, VECTORS, ADDS>,  winogradTile<6, VECTORS, ADDS>,
      winogradTile<7, VECTORS, ADDS>, winogradTile<8, VECTORS, ADDS>,  winogradTile<9, VECTORS, ADDS>,
      winogradTile<10, VECTORS, ADDS>, winogradTile<11, VECTORS, ADDS>, winogradTile<12, VECTORS, ADDS>};
  return tiles[rows - 1];
}

/** c[rows, columns] = (or += when ADDS) a[rows, depth] · b[depth, columns], columns in whole vectors. */
template <bool ADDS>
inline void winogradProduct(int64_t rows, int64_t columns, int64_t depth, const View& a, const float* b, float* c) {
  for (int64_t j = 0; j < columns; j += 2 * kLanes)
    forEachPart(rows, winogradRows, [&](int64_t i, int64_t count) {
      const auto tile = j + kLanes < columns ? winogradTileOf<2, ADDS>(count) : winogradTileOf<1, ADDS>(count);
      tile(depth, a.data + i * a.row, a.row, a.column, b + j, columns, c + i * columns + j, columns);
    });
}

/** out[frequency, tiles, inPitch] = the transforms of a block's tiles of x, which points to its group in its sample. */
inline void winogradData(const Winograd& t, const WinogradBlock& block, const float* x, float* out, float* planes) {
  const Convolution& g = t.g;
  const WinogradWindow window = {std::min(g.height, g.coveredHeight() - g.padTop),
                                 std::min(g.width, g.coveredWidth() - g.padLeft), g.padTop, g.padLeft};
  for (int64_t n = 0; n < block.samples; n++, x += g.xSample()) {
    planesToLanes(x, g.groupIn, g.plane(), g.width, window, block.top * tileOutputs,
                  block.rows * tileOutputs + tileTaps - 1, t.width(), t.inPitch, planes);
    for (int64_t row = 0; row < block.rows; row++)
      for (int64_t column = 0; column < t.across; column++, out += t.inPitch) {
        const float* const tile = planes + (row * t.width() + column) * tileOutputs * t.inPitch;
        for (int64_t c = 0; c < t.inPitch; c += kLanes)
          transformTile<DataLine>({tile + c, t.width() * t.inPitch, t.inPitch},
                                  {out + c, tileInputs * t.inStep(), t.inStep()});
      }
  }
}

}  // namespace nn::NN_ISA
