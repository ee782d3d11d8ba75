/**
 * Matrix products over strided views, in register tiles of 14 rows × 2 vectors with AVX-512, else 6 × 2.
 *
 * Every element of a result is a sum over ascending depth, in blocks that follow from the depth alone: however a
 * product is cut into rows and columns, the bits are the same.
 */
#pragma once

#include <algorithm>

#include "../threads.h"
#include "../vector.h"
#include "gemm_vectors.h"
#include "linear_activation.h"

namespace nn::NN_ISA {

/** A read-only matrix: element (i, j) is data[i·row + j·column]. */
struct View {
  const float* data;
  int64_t row, column;

  NN_INLINE View at(int64_t i, int64_t j) const { return {data + i * row + j * column, row, column}; }
  NN_INLINE View transposed() const { return {data, column, row}; }
};

/**
 * c[rows, columns] = a[rows, depth] · b[depth, columns]. The sums start from c itself when `accumulate`, else from
 * `bias` (a value for each column, or for each row with `biasOfRows`), else from 0; `activation` is applied at the end.
 * c's rows or its columns are contiguous: cRow or cColumn is 1.
 */
struct Product {
  int64_t rows, columns, depth;
  View a, b;
  float* c;
  int64_t cRow, cColumn;
  bool accumulate = false;
  const float* bias = nullptr;
  bool biasOfRows = false;
  Activation activation = Activation::none;

  /** The same numbers as cᵀ = bᵀ · aᵀ. */
  NN_INLINE Product transposed() const {
    Product p = *this;
    p.rows = columns, p.columns = rows;
    p.a = b.transposed(), p.b = a.transposed();
    p.cRow = cColumn, p.cColumn = cRow;
    p.biasOfRows = !biasOfRows;
    return p;
  }

  /** Rows [r0, r1) × columns [c0, c1) of the result. */
  NN_INLINE Product part(int64_t r0, int64_t r1, int64_t c0, int64_t c1) const {
    Product p = *this;
    p.rows = r1 - r0, p.columns = c1 - c0;
    p.a = a.at(r0, 0), p.b = b.at(0, c0);
    p.c = c + r0 * cRow + c0 * cColumn;
    if (bias) p.bias = bias + (biasOfRows ? r0 : c0);
    return p;
  }
};

#if defined(__AVX512F__)
constexpr int64_t tileRows = 14;
#else
constexpr int64_t tileRows = 6;
#endif
constexpr int64_t tileColumns = 2 * kLanes;
constexpr int64_t depthBlock = 8192 / tileColumns;  // a panel of 32 KiB
constexpr int64_t columnBlock = 256;                // columns packed at a time
constexpr int64_t rowBlock = 96;                    // rows that meet every packed panel before the next rows

NN_INLINE int64_t divideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }
NN_INLINE int64_t roundUp(int64_t a, int64_t unit) { return divideUp(a, unit) * unit; }

/** Where part `i` of `parts` of [0, size) starts: nearly equal parts, in whole units. */
NN_INLINE int64_t partStart(int64_t size, int64_t unit, int64_t parts, int64_t i) {
  return std::min(size, divideUp(size, unit) * i / parts * unit);
}

/** Parts of `size` of at most `largest`, nearly equal: calls part(begin, count). */
template <typename Part>
NN_INLINE void forEachPart(int64_t size, int64_t largest, const Part& part) {
  const int64_t parts = divideUp(size, largest);
  for (int64_t i = 0; i < parts; i++) part(size * i / parts, size * (i + 1) / parts - size * i / parts);
}

/** A panel of b: 2 vectors of columns (some may be beyond the matrix) of depths [begin, end), a row every `step`. */
struct Panel {
  const float* data;
  int64_t step, begin, end;
};

/** The registers of a tile: to[ROWS, VECTORS·kLanes] = from[…] + Σ_k a(…, k) · b[k, …], a row of from and to every step. */
template <int ROWS, int VECTORS>
inline void sumTile(const float* from, int64_t fromStep, const View& a, const Panel& b, float* to, int64_t toStep) {
  Floats sum[ROWS][VECTORS];
#pragma GCC unroll 14
  for (int r = 0; r < ROWS; r++, from += fromStep)
#pragma GCC unroll 2
    for (int v = 0; v < VECTORS; v++) sum[r][v] = load(from + v * kLanes);

  // A pointer serves three rows, as registers are few.
  const float* rows[(ROWS + 2) / 3];
#pragma GCC unroll 5
  for (int r = 0; r < ROWS; r += 3) rows[r / 3] = a.data + r * a.row;
  const float* row = b.data;
  int64_t step = a.column;
  for (int64_t k = b.begin; k < b.end; k++, row += b.step) {
    Floats y[VECTORS];
#pragma GCC unroll 2
    for (int v = 0; v < VECTORS; v++) y[v] = load(row + v * kLanes);
#pragma GCC unroll 14
    for (int r = 0; r < ROWS; r++) {
      const Floats x = broadcast(rows[r / 3][r % 3 * a.row]);
#pragma GCC unroll 2
      for (int v = 0; v < VECTORS; v++) sum[r][v] = multiplyAdd(x, y[v], sum[r][v]);
    }
#pragma GCC unroll 5
    for (const float*& pointer : rows) pointer += step;
    asm("" : "+r"(step));  // no second copy of the loop for a step of 1
  }

#pragma GCC unroll 14
  for (int r = 0; r < ROWS; r++, to += toStep)
#pragma GCC unroll 2
    for (int v = 0; v < VECTORS; v++) store(to + v * kLanes, sum[r][v]);
}

using SumTile = void (*)(const float*, int64_t, const View&, const Panel&, float*, int64_t);
template <int VECTORS>
inline SumTile sumTileOf(int64_t rows) {
  constexpr SumTile tiles[] = {sumTile<1, VECTORS>,  sumTile<2, VECTORS>,  sumTile<3, VECTORS>,  sumTile<4, VECTORS>,
                               sumTile<5, VECTORS>,  sumTile<6, VECTORS>,
#if defined(__AVX512F__)
                               sumTile<7, VECTORS>,  sumTile<8, VECTORS>,  sumTile<9, VECTORS>,  sumTile<10, VECTORS>,
                               sumTile<11, VECTORS>, sumTile<12, VECTORS>, sumTile<13, VECTORS>, sumTile<14, VECTORS>,
#endif
  };
  return tiles[rows - 1];
}

/** tile[rows, width]: what the sums at row i, column j of the result start from. */
inline void startTile(const Product& p, int64_t i, int64_t j, int64_t rows, int64_t columns, bool continued, float* tile,
                      int64_t width) {
  const float* const c = p.c + i * p.cRow + j * p.cColumn;
  for (int64_t v = 0; v < columns; v += kLanes) {
    const int64_t lanes = std::min<int64_t>(kLanes, columns - v);
    if (continued && p.cColumn != 1) {
      rowsToLanes(c + v * p.cColumn, p.cColumn, lanes, rows, tile + v, width);
      continue;
    }
    for (int64_t r = 0; r < rows; r++)
      store(tile + r * width + v, continued      ? loadLanes(c + r * p.cRow + v, lanes)
                                  : p.biasOfRows ? broadcast(p.bias[i + r])
                                                 : loadLanes(p.bias + j + v, lanes));
  }
}

/** Results of tile[rows, width] to their places in c, activated when they are whole. */
inline void finishTile(const Product& p, float* tile, int64_t width, int64_t rows, int64_t columns, bool whole, float* c) {
  if (whole)
    for (int64_t k = 0; k < rows * width; k += kLanes) store(tile + k, activate(p.activation, load(tile + k)));
  for (int64_t v = 0; v < columns; v += kLanes) {
    const int64_t lanes = std::min<int64_t>(kLanes, columns - v);
    if (p.cColumn != 1) {
      lanesToRows(tile + v, width, lanes, rows, c + v * p.cColumn, p.cColumn);
    } else {
      for (int64_t r = 0; r < rows; r++) storeLanes(c + r * p.cRow + v, load(tile + r * width + v), lanes);
    }
  }
}

/** `rows` ≤ tileRows rows × a panel's columns of results at (i, j); a starts at row i and at the panel's depth. */
inline void productTile(const Product& p, const View& a, int64_t i, int64_t rows, int64_t j, const Panel& b) {
  alignas(64) static const float zeros[tileColumns] = {};
  alignas(64) float tile[tileRows * tileColumns];
  const int64_t columns = std::min(tileColumns, p.columns - j), width = roundUp(columns, kLanes);
  const bool direct = columns == width && p.cColumn == 1, continued = b.begin > 0 || p.accumulate;
  const bool activated = b.end == p.depth && p.activation != Activation::none;
  float* const c = p.c + i * p.cRow + j * p.cColumn;

  const float* from = tile;
  int64_t fromStep = 0;
  if (direct && continued) {
    from = c, fromStep = p.cRow;
  } else if (!continued && p.bias == nullptr) {
    from = zeros;
  } else if (!continued && columns == width && !p.biasOfRows) {
    from = p.bias + j;
  } else {
    startTile(p, i, j, rows, columns, continued, tile, width), fromStep = width;
  }
  const SumTile sums = width == kLanes ? sumTileOf<1>(rows) : sumTileOf<2>(rows);
  if (direct && !activated) return sums(from, fromStep, a, b, c, p.cRow);
  sums(from, fromStep, a, b, tile, width);
  finishTile(p, tile, width, rows, columns, activated, c);
}

/** Rows [i0, i1) × a panel's columns at j, in tiles of nearly equal height; a starts at row i0 and the panel's depth. */
inline void productPanel(const Product& p, const View& a, int64_t i0, int64_t i1, int64_t j, const Panel& b) {
  forEachPart(i1 - i0, tileRows,
              [&](int64_t i, int64_t rows) { productTile(p, a.at(i, 0), i0 + i, rows, j, b); });
}

/**
 * Panels of 2 vectors of columns, each out[depth, tileColumns], of b[depth, columns]; 0 beyond (or nothing, in a vector
 * that is beyond as a whole).
 */
inline void packPanels(const View& b, int64_t depth, int64_t columns, float* out) {
  const auto place = [&](int64_t j) { return out + j / tileColumns * tileColumns * depth + j % tileColumns; };
  if (b.row == 1) {
    for (int64_t j = 0; j < columns; j += kLanes)
      rowsToLanes(b.data + j * b.column, b.column, std::min<int64_t>(kLanes, columns - j), depth, place(j), tileColumns);
  } else {
    for (int64_t p = 0; p < depth; p++)
      forEachVector(0, columns, [&](int64_t j, int64_t lanes) {
        store(place(j) + p * tileColumns, loadLanes(b.data + p * b.row + j, lanes));
      });
  }
}

/**
 * What an orientation costs, as multiply-adds for each unit of depth: the tiles' (beyond the matrix too), copying b into
 * panels (0.3 cycles an element, 0.6 in parts of vectors) and turning tiles on their way to c (0.4).
 */
NN_INLINE int64_t orientationCost(const Product& p) {
  const int64_t padded = roundUp(p.columns, kLanes), whole = p.columns / kLanes * kLanes;
  const int64_t copied = p.b.column == 1 ? 0 : whole + 2 * (padded - whole);
  const int64_t turned = p.cColumn == 1 ? 0 : p.rows * p.columns / std::max<int64_t>(1, p.depth);
  return padded * p.rows + (copied * 5 + turned * 7) * kLanes / 8;
}

/** Whether b is read where it lies: no copy pays that few rows use, nor one of a shallow panel of close rows. */
NN_INLINE bool readsInPlace(const Product& p) {
  return p.b.column == 1 &&
         (p.rows <= 2 * tileRows || (p.rows <= 48 && p.b.row <= 1024) || (p.depth <= 128 && p.b.row <= 256));
}

/** Whether blocks of a are copied: its columns lie apart, are many, and meet many panels. */
NN_INLINE bool copiesRows(const Product& p) {
  return p.a.row == 1 && p.a.column >= 256 && p.depth >= 256 && p.columns >= 64;
}

/** Scratch floats that `multiplyBlock` needs. */
NN_INLINE int64_t productScratch(const Product& p) {
  const int64_t columns = std::min(columnBlock, roundUp(std::max(p.rows, p.columns), tileColumns));
  return (columns + rowBlock) * std::min(depthBlock, p.depth);
}

/** The product on this thread, by tiles. */
inline void multiplyBlock(const Product& given, float* scratch) {
  const Product p = orientationCost(given) <= orientationCost(given.transposed()) ? given : given.transposed();
  const bool inPlace = readsInPlace(p), copies = copiesRows(p);
  const int64_t blocks = std::max<int64_t>(1, divideUp(p.depth, depthBlock));
  for (int64_t block = 0; block < blocks; block++) {
    const int64_t begin = p.depth * block / blocks, end = p.depth * (block + 1) / blocks, depth = end - begin;
    float *const rowCopy = scratch, *const panels = scratch + rowBlock * depth;
    for (int64_t j0 = 0; j0 < p.columns; j0 += columnBlock) {
      const int64_t j1 = std::min(p.columns, j0 + columnBlock);
      const int64_t ready = inPlace ? j0 + (j1 - j0) / tileColumns * tileColumns : j0;  // panels from here on are copies
      packPanels(p.b.at(begin, ready), depth, j1 - ready, panels);
      for (int64_t i0 = 0; i0 < p.rows; i0 += rowBlock) {
        const int64_t i1 = std::min(p.rows, i0 + rowBlock);
        View a = p.a.at(i0, begin);
        if (copies) {
          for (int64_t k = 0; k < depth; k++)
            forEachVector(0, i1 - i0, [&](int64_t i, int64_t lanes) {
              storeLanes(rowCopy + k * rowBlock + i, loadLanes(a.data + i + k * a.column, lanes), lanes);
            });
          a = {rowCopy, 1, rowBlock};
        }
        for (int64_t j = j0; j < j1; j += tileColumns)
          productPanel(p, a, i0, i1, j,
                       j < ready ? Panel{p.b.at(begin, j).data, p.b.row, begin, end}
                                 : Panel{panels + (j - ready) * depth, tileColumns, begin, end});
      }
    }
  }
}

}  // namespace nn::NN_ISA
