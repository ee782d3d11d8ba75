/**
 * Matrix products over strided views, in register tiles of 6 rows × 2 vectors (16 columns with AVX2).
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

constexpr int64_t tileRows = 6, tileColumns = 2 * kLanes;
constexpr int64_t depthBlock = 512;   // a panel of 16 columns: 32 KiB
constexpr int64_t columnBlock = 256;  // columns packed at a time: 512 KiB
constexpr int64_t rowBlock = 96;      // rows that meet every packed panel before the next rows: 192 KiB

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

/** sum[i][0…15] += Σ_p a[i·aRow + p·aStep] · b[p·bStep + 0…15]. */
template <int ROWS>
NN_INLINE void multiplyTile(int64_t depth, const float* a, int64_t aRow, int64_t aStep, const float* b, int64_t bStep,
                            Floats (&sum)[ROWS][2]) {
  for (int64_t p = 0; p < depth; p++, a += aStep, b += bStep) {
    const Floats b0 = load(b), b1 = load(b + kLanes);
#pragma GCC unroll 6
    for (int i = 0; i < ROWS; i++) {
      const Floats x = broadcast(a[i * aRow]);
      sum[i][0] = multiplyAdd(x, b0, sum[i][0]);
      sum[i][1] = multiplyAdd(x, b1, sum[i][1]);
    }
  }
}

/** What the sums of a tile at row i, column j of the result start from. */
template <int ROWS>
NN_INLINE void loadTile(const Product& p, int64_t i, int64_t j, int64_t columns, bool continued,
                        Floats (&sum)[ROWS][2]) {
  for (int r = 0; r < ROWS; r++) {
    if (continued && p.cColumn == 1 && columns == tileColumns) {
      sum[r][0] = load(p.c + (i + r) * p.cRow + j), sum[r][1] = load(p.c + (i + r) * p.cRow + j + kLanes);
    } else if (continued) {
      float line[tileColumns] = {};
      for (int64_t k = 0; k < columns; k++) line[k] = p.c[(i + r) * p.cRow + (j + k) * p.cColumn];
      sum[r][0] = load(line), sum[r][1] = load(line + kLanes);
    } else if (p.bias && p.biasOfRows) {
      sum[r][0] = sum[r][1] = broadcast(p.bias[i + r]);
    } else if (p.bias) {
      sum[r][0] = loadPartial(p.bias + j, std::min<int64_t>(columns, kLanes));
      sum[r][1] = loadPartial(p.bias + j + kLanes, std::max<int64_t>(columns - kLanes, 0));
    } else {
      sum[r][0] = sum[r][1] = Floats{};
    }
  }
}

template <int ROWS>
NN_INLINE void storeTile(const Product& p, float* c, int64_t columns, const Floats (&sum)[ROWS][2]) {
  if (p.cColumn == 1 && columns == tileColumns) {
#pragma GCC unroll 6
    for (int r = 0; r < ROWS; r++) store(c + r * p.cRow, sum[r][0]), store(c + r * p.cRow + kLanes, sum[r][1]);
  } else if (p.cRow == 1) {
    for (int half = 0; half < 2; half++) {
      for (int r = 0; r < ROWS; r += kLanes) {
        constexpr int lanes = ROWS < kLanes ? ROWS : kLanes;
        Floats line[kLanes] = {};
        const int count = r + lanes <= ROWS ? lanes : ROWS - r;
        for (int k = 0; k < count; k++) line[k] = sum[r + k][half];
        transpose(line);
        for (int k = 0; k < kLanes; k++)
          if (half * kLanes + k < columns) storePartial(c + (half * kLanes + k) * p.cColumn + r, line[k], count);
      }
    }
  } else {
    for (int r = 0; r < ROWS; r++) {
      float line[tileColumns];
      store(line, sum[r][0]), store(line + kLanes, sum[r][1]);
      for (int64_t k = 0; k < columns; k++) c[r * p.cRow + k * p.cColumn] = line[k];
    }
  }
}

/** A panel of b: 16 columns (some may be beyond the matrix) of depths [begin, end), a row every `step`. */
struct Panel {
  const float* data;
  int64_t step, begin, end;
};

/** ROWS × 16 results at (i, j), over the panel's depths. */
template <int ROWS>
inline void productTile(const Product& p, const View& a, int64_t i, int64_t j, const Panel& b) {
  const int64_t columns = std::min(tileColumns, p.columns - j);
  Floats sum[ROWS][2];
  loadTile<ROWS>(p, i, j, columns, b.begin > 0 || p.accumulate, sum);
  multiplyTile<ROWS>(b.end - b.begin, a.data, a.row, a.column, b.data, b.step, sum);
  if (b.end == p.depth && p.activation != Activation::none)
    for (int r = 0; r < ROWS; r++)
      for (int half = 0; half < 2; half++) sum[r][half] = activate(p.activation, sum[r][half]);
  storeTile<ROWS>(p, p.c + i * p.cRow + j * p.cColumn, columns, sum);
}

/** Rows [i0, i1) × 16 columns at j, in tiles of nearly equal height; a starts at row i0 and the panel's depth. */
inline void productPanel(const Product& p, const View& a, int64_t i0, int64_t i1, int64_t j, const Panel& b) {
  using Tile = void (*)(const Product&, const View&, int64_t, int64_t, const Panel&);
  constexpr Tile tiles[tileRows] = {productTile<1>, productTile<2>, productTile<3>,
                                    productTile<4>, productTile<5>, productTile<6>};
  forEachPart(i1 - i0, tileRows, [&](int64_t i, int64_t rows) { tiles[rows - 1](p, a.at(i, 0), i0 + i, j, b); });
}

/** out[depth, 16] = b[depth, columns], 0 beyond. */
inline void packPanel(const View& b, int64_t depth, int64_t columns, float* out) {
  if (b.row == 1) {
    for (int64_t half = 0; half < tileColumns; half += kLanes) {
      const int64_t lanes = std::min<int64_t>(kLanes, std::max<int64_t>(0, columns - half));
      rowsToLanes(b.data + half * b.column, b.column, lanes, depth, out + half, tileColumns);
    }
  } else if (b.column == 1 && columns == tileColumns) {
    for (int64_t p = 0; p < depth; p++, out += tileColumns)
      store(out, load(b.data + p * b.row)), store(out + kLanes, load(b.data + p * b.row + kLanes));
  } else {
    for (int64_t p = 0; p < depth; p++)
      for (int64_t j = 0; j < tileColumns; j++)
        out[p * tileColumns + j] = j < columns ? b.data[p * b.row + j * b.column] : 0;
  }
}

/** Multiply-adds for each unit of depth: the tiles' (beyond the matrix too), and what copying b into panels costs. */
NN_INLINE int64_t orientationCost(const Product& p) {
  return roundUp(p.columns, tileColumns) * p.rows + (p.b.column == 1 ? 0 : 16 * p.columns);
}

/** Whether b is read where it lies: no copy pays that few rows use, nor one of a shallow panel on few pages. */
NN_INLINE bool readsInPlace(const Product& p) {
  return p.b.column == 1 && (p.rows <= 2 * tileRows || ((p.rows <= 48 || p.depth <= 128) && p.b.row <= 1024));
}

/** Whether blocks of a are copied: its columns lie apart, are many, and meet many panels. */
NN_INLINE bool copiesRows(const Product& p) { return p.a.column >= 256 && p.depth >= 256 && p.columns >= 64; }

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
      const auto ready = [&](int64_t j) { return inPlace && j + tileColumns <= p.columns; };
      const auto packed = [&](int64_t j) { return panels + (j - j0) * depth; };
      for (int64_t j = j0; j < j1; j += tileColumns)
        if (!ready(j)) packPanel(p.b.at(begin, j), depth, std::min(tileColumns, p.columns - j), packed(j));
      for (int64_t i0 = 0; i0 < p.rows; i0 += rowBlock) {
        const int64_t i1 = std::min(p.rows, i0 + rowBlock);
        View a = p.a.at(i0, begin);
        if (copies) {
          for (int64_t k = 0; k < depth; k++)
            for (int64_t i = 0; i < i1 - i0; i++) rowCopy[k * rowBlock + i] = a.data[i * a.row + k * a.column];
          a = {rowCopy, 1, rowBlock};
        }
        for (int64_t j = j0; j < j1; j += tileColumns)
          productPanel(
              p, a, i0, i1, j,
              ready(j) ? Panel{p.b.at(begin, j).data, p.b.row, begin, end} : Panel{packed(j), tileColumns, begin, end});
      }
    }
  }
}

}  // namespace nn::NN_ISA
