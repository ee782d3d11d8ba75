/** Matrix products over all threads. The method and the pieces follow from the shape alone. */
#pragma once

#include "gemm.h"

namespace nn::NN_ISA {

/** c[i, j…j+COLUMNS) for ROWS rows, lanes along the depth: a's rows and b's columns must be contiguous. */
template <int ROWS, int COLUMNS>
inline void dotTile(const Product& p, int64_t j) {
  Floats sum[ROWS][COLUMNS] = {};
  forEachVector(0, p.depth, [&](int64_t k, int64_t lanes) {
    Floats x[ROWS];
    for (int r = 0; r < ROWS; r++) x[r] = loadLanes(p.a.at(r, k).data, lanes);
#pragma GCC unroll 4
    for (int i = 0; i < COLUMNS; i++) {
      const Floats y = loadLanes(p.b.at(k, j + i).data, lanes);
      for (int r = 0; r < ROWS; r++) sum[r][i] = multiplyAdd(x[r], y, sum[r][i]);
    }
  });
  for (int r = 0; r < ROWS; r++)
    for (int i = 0; i < COLUMNS; i++) {
      const float bias = p.bias ? p.bias[p.biasOfRows ? r : j + i] : 0.0f;
      p.c[r * p.cRow + (j + i) * p.cColumn] = activate(p.activation, broadcast(bias + sumOfLanes(sum[r][i])))[0];
    }
}

template <int ROWS>
inline void dotRows(const Product& p) {
  int64_t j = 0;
  for (; j + 4 <= p.columns; j += 4) dotTile<ROWS, 4>(p, j);
  for (; j < p.columns; j++) dotTile<ROWS, 1>(p, j);
}

/** The product on this thread, by dot products along the depth. */
inline void multiplyDots(const Product& p) {
#if defined(__AVX512F__)
  constexpr int64_t most = 4;
#else
  constexpr int64_t most = 3;
#endif
  forEachPart(p.rows, most, [&](int64_t i, int64_t rows) {
    (rows == 4 ? dotRows<4> : rows == 3 ? dotRows<3> : rows == 2 ? dotRows<2> : dotRows<1>)(
        p.part(i, i + rows, 0, p.columns));
  });
}

/** Whether dot products are best: too few rows to fill tiles, and nothing to copy. */
NN_INLINE bool prefersDots(const Product& p) { return p.rows <= 8 && p.a.column == 1 && p.b.row == 1 && p.depth >= 32; }

/** Estimated time of a product on one thread: tiles are bound by arithmetic, dot products by reading. */
NN_INLINE double productNanoseconds(const Product& p) {
  const double terms = static_cast<double>(p.rows) * static_cast<double>(p.columns) * static_cast<double>(p.depth);
  return terms / (prefersDots(p) || prefersDots(p.transposed()) ? 40.0 : 4.5 * kLanes);
}

/** Parts of a depth so long that by rows and columns every thread would read most of a and b: 1 for no such parts. */
NN_INLINE int64_t depthParts(const Product& p) {
  return p.depth >= 2048 && p.rows * p.columns <= 8 * p.depth ? std::min<int64_t>(16, divideUp(p.depth, depthBlock))
                                                              : 1;
}

/** The product as the sum of its depth parts, added in order. c's rows must be contiguous. */
inline void multiplyByDepth(const Product& p, int64_t parts) {
  const int64_t size = p.rows * p.columns;
  float* const partial = sharedScratch<float>(parts * size);
  parallelFor(parts, 1, productNanoseconds(p) / static_cast<double>(parts), [&](int64_t part, int64_t) {
    const int64_t begin = p.depth * part / parts, end = p.depth * (part + 1) / parts;
    const Product own = {p.rows,    p.columns, end - begin, p.a.at(0, begin), p.b.at(begin, 0), partial + part * size,
                         p.columns, 1};
    multiplyBlock(own, threadScratch<float>(productScratch(own)));
  });
  parallelFor(p.rows, 8, static_cast<double>(p.columns * parts) / 8, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      forEachVector(0, p.columns, [&](int64_t j, int64_t lanes) {
        Floats sum = p.bias ? loadLanes(p.bias + j, lanes) : Floats{};
        for (int64_t part = 0; part < parts; part++) sum += loadLanes(partial + part * size + i * p.columns + j, lanes);
        storeLanes(p.c + i * p.cRow + j, activate(p.activation, sum), lanes);
      });
  });
}

/**
 * How a product is cut for the threads: 4 µs or more a piece, a block of a within the second-level cache; by columns
 * where it can be, as every piece of rows packs b anew, but never into one piece or three for two threads.
 */
struct Pieces {
  int64_t rows, columns;

  explicit Pieces(const Product& p) {
    const int64_t wanted = std::min<int64_t>(16, 1 + static_cast<int64_t>(productNanoseconds(p) / 4000));
    const int64_t tallest = std::max<int64_t>(rowBlock, 131072 / std::max<int64_t>(1, std::min(p.depth, depthBlock)));
    rows = std::min(wanted, divideUp(p.rows, tallest));
    columns = std::min(divideUp(wanted, rows), divideUp(p.columns, tileColumns));
    const auto tallEnough = [&] { return p.rows >= (rows * columns % 2 == 1 ? 8 : 32) * tileRows * rows; };
    while (columns < 4 && 2 * rows * columns <= wanted && tallEnough()) rows *= 2;
  }
};

/** A `batch` of products; a and b move on by their batch strides, c by rows · columns. */
inline void multiply(const Product& given, int64_t batch = 1, int64_t aBatch = 0, int64_t bBatch = 0) {
  if (given.rows == 0 || given.columns == 0) return;
  if (batch == 1 && depthParts(given) > 1) return multiplyByDepth(given, depthParts(given));
  const bool turned = prefersDots(given.transposed()) ||
                      (!prefersDots(given) && orientationCost(given.transposed()) < orientationCost(given));
  const Product p = turned ? given.transposed() : given;
  const Pieces pieces(p);
  const int64_t count = pieces.rows * pieces.columns;
  const double nanoseconds = productNanoseconds(p) / static_cast<double>(count);
  const int64_t grain = std::max<int64_t>(1, static_cast<int64_t>(2000 / (nanoseconds + 10)));
  parallelFor(batch * count, grain, nanoseconds, [&](int64_t begin, int64_t end) {
    float* const scratch = threadScratch<float>(productScratch(p));
    for (int64_t task = begin; task < end; task++) {
      const int64_t n = task / count, i = task % count / pieces.columns, j = task % pieces.columns;
      Product own = p.part(partStart(p.rows, 1, pieces.rows, i), partStart(p.rows, 1, pieces.rows, i + 1),
                           partStart(p.columns, tileColumns, pieces.columns, j),
                           partStart(p.columns, tileColumns, pieces.columns, j + 1));
      own.a.data += n * (turned ? bBatch : aBatch);
      own.b.data += n * (turned ? aBatch : bBatch);
      own.c += n * p.rows * p.columns;
      if (prefersDots(p)) {
        multiplyDots(own);
      } else {
        multiplyBlock(own, scratch);
      }
    }
  });
}

}  // namespace nn::NN_ISA
