/**
 * The transforms of Winograd's convolutions (Lavin & Gray 2015, arXiv:1509.09308, section 4), in vectors of channels.
 *
 * Lines of numbers are taken for polynomials: kernels and data become values at the points 0, ∞, p, −p, q and −q, which
 * are multiplied, and coefficients of the product are found from them. With p = 5/8 and q = 3/2 results are off by
 * about a quarter of what they are with the usual 1 and 2, as the points' powers, which meet in sums, differ less in
 * size; all these powers are exact numbers.
 *
 * Values at opposite points share their even and odd parts, so a line is transformed by pairs of results, of which few
 * are in registers at a time.
 */
#pragma once

#include "../vector.h"

namespace nn::NN_ISA {

/** Outputs, taps and numbers of a tile in one direction: F(4, 3). In both, it has 36 values. */
constexpr int tileOutputs = 4, tileTaps = 3, tileInputs = 6;
constexpr int64_t frequencies = tileInputs * tileInputs;

constexpr float pointP = 0.625f, pointQ = 1.5f, squareP = pointP * pointP, squareQ = pointQ * pointQ;

NN_INLINE Floats multiplyAdd(float s, Floats x, Floats plus) { return multiplyAdd(broadcast(s), x, plus); }

/** Six numbers of the data d → Σ c[k]·d[k] at each point: Σ c[k]·tᵏ = Π (t − s) over the other finite points s. */
struct DataLine {
  static constexpr int in = tileInputs, out = tileInputs, pairs = 3;
  static constexpr int place(int pair, int which) { return 2 * pair + which; }

  template <int PAIR>
  static NN_INLINE void transform(const Floats (&d)[in], Floats (&v)[2]) {
    if constexpr (PAIR == 0) {
      v[0] = multiplyAdd(-(squareP + squareQ), d[2], multiplyAdd(squareP * squareQ, d[0], d[4]));
      v[1] = multiplyAdd(-(squareP + squareQ), d[3], multiplyAdd(squareP * squareQ, d[1], d[5]));
    } else {
      constexpr float point = PAIR == 1 ? pointP : pointQ, other = PAIR == 1 ? squareQ : squareP;
      const Floats even = multiplyAdd(-other, d[2], d[4]), odd = multiplyAdd(-other, d[1], d[3]);
      v[0] = multiplyAdd(point, odd, even), v[1] = multiplyAdd(-point, odd, even);
    }
  }
};

/**
 * TAPS coefficients g → Σ g[k]·tᵏ / Π over the other finite points s of (t − s), at each point t: of 3 taps, or of 4
 * outputs' gradients, which are the taps when x is convolved with them.
 */
template <int TAPS>
struct KernelLine {
  static constexpr int in = TAPS, out = tileInputs, pairs = 3;
  static constexpr int place(int pair, int which) { return 2 * pair + which; }

  template <int PAIR>
  static NN_INLINE void transform(const Floats (&g)[in], Floats (&u)[2]) {
    if constexpr (PAIR == 0) {
      u[0] = broadcast(1 / (squareP * squareQ)) * g[0], u[1] = g[TAPS - 1];
    } else {
      constexpr float point = PAIR == 1 ? pointP : pointQ, other = PAIR == 1 ? squareQ : squareP;
      constexpr float square = point * point;
      constexpr float scale = 1 / (2 * square * (square - other));
      const Floats even = broadcast(scale) * multiplyAdd(square, g[2], g[0]);
      Floats odd = broadcast(scale * point) * g[1];
      if constexpr (TAPS > 3) odd = multiplyAdd(scale * point * square, g[3], odd);
      u[0] = even + odd, u[1] = even - odd;
    }
  }
};

/** Values m → Σ m[t]·tʲ for each j < COUNT, ∞ counting for the last alone: 4 outputs, or 3 taps' gradients. */
template <int COUNT>
struct ResultLine {
  static constexpr int in = tileInputs, out = COUNT, pairs = 2;
  static constexpr int place(int pair, int which) { return pair + 2 * which; }

  template <int PAIR>
  static NN_INLINE void transform(const Floats (&m)[in], Floats (&y)[2]) {
    if constexpr (PAIR == 0) {
      const Floats evenP = m[2] + m[3], evenQ = m[4] + m[5];
      y[0] = m[0] + evenP + evenQ;
      y[1] = multiplyAdd(squareQ, evenQ, COUNT == 3 ? multiplyAdd(squareP, evenP, m[1]) : broadcast(squareP) * evenP);
    } else {
      const Floats oddP = m[2] - m[3], oddQ = m[4] - m[5];
      y[0] = multiplyAdd(pointQ, oddQ, broadcast(pointP) * oddP);
      y[1] = multiplyAdd(pointQ * squareQ, oddQ, multiplyAdd(pointP * squareP, oddP, m[1]));
    }
  }
};

/** Vectors in two directions: (i, j) is at data[i·row + j·column]. */
template <typename Number>
struct Grid {
  Number* data;
  int64_t row, column;

  NN_INLINE Number* at(int i, int j) const { return data + i * row + j * column; }
};

template <typename Line, int PAIR>
NN_INLINE void transformLine(const Floats (&line)[Line::in], const Grid<float>& to, int i) {
  Floats results[2];
  Line::template transform<PAIR>(line, results);
  store(to.at(i, Line::place(PAIR, 0)), results[0]);
  if (Line::place(PAIR, 1) < Line::out) store(to.at(i, Line::place(PAIR, 1)), results[1]);
}

template <typename Line, int PAIR>
NN_INLINE void transformLines(const Grid<const float>& from, const Grid<float>& to) {
  Floats lines[2][Line::in];
#pragma GCC unroll 6
  for (int j = 0; j < Line::in; j++) {
    Floats column[Line::in], results[2];
#pragma GCC unroll 6
    for (int i = 0; i < Line::in; i++) column[i] = load(from.at(i, j));
    Line::template transform<PAIR>(column, results);
    lines[0][j] = results[0], lines[1][j] = results[1];
  }
#pragma GCC unroll 2
  for (int which = 0; which < 2; which++) {
    const int i = Line::place(PAIR, which);
    if (i >= Line::out) continue;
    transformLine<Line, 0>(lines[which], to, i);
    transformLine<Line, 1>(lines[which], to, i);
    if constexpr (Line::pairs > 2) transformLine<Line, 2>(lines[which], to, i);
  }
}

/** to[out, out] = the columns, then the rows, of from[in, in] transformed. */
template <typename Line>
NN_INLINE void transformTile(const Grid<const float>& from, const Grid<float>& to) {
  transformLines<Line, 0>(from, to);
  transformLines<Line, 1>(from, to);
  if constexpr (Line::pairs > 2) transformLines<Line, 2>(from, to);
}

}  // namespace nn::NN_ISA
