/** Softmax, its logarithm, cross-entropy from logits, and their derivatives, row by row. */
#include "../registry.h"
#include "../elementary.h"

namespace nn::NN_ISA {
namespace {

/** Elements of rows that make a chunk. */
constexpr int64_t kChunkElements = 4096;

NN_INLINE int64_t rowsAChunk(int64_t size) { return size < kChunkElements ? kChunkElements / (size + 1) + 1 : 1; }

NN_INLINE float largestOf(const float* x, int64_t size) {
  Floats largest = broadcast(-INFINITY);
  forEachVector(0, size, [&](int64_t i, int64_t lanes) {
    largest = maximum(largest, keepLanes(loadLanes(x + i, lanes), lanes, broadcast(-INFINITY)));
  });
  return maximumOfLanes(largest);
}

/** Writes e^(x − largest) to y and returns its sum. */
NN_INLINE float exponentials(float* y, const float* x, int64_t size, float largest) {
  Floats total = {};
  forEachVector(0, size, [&](int64_t i, int64_t lanes) {
    const Floats e = exponential(loadLanes(x + i, lanes) - largest);
    storeLanes(y + i, e, lanes);
    total = total + keepLanes(e, lanes, Floats{});
  });
  return sumOfLanes(total);
}

NN_INLINE void divideRow(float* y, int64_t size, float divisor) {
  forEachVector(0, size, [&](int64_t i, int64_t lanes) { storeLanes(y + i, loadLanes(y + i, lanes) / divisor, lanes); });
}

NN_INLINE float logarithmOf(float x) { return oneLane(x, naturalLogarithm); }

struct Rows {
  int64_t rows;
  int64_t size;
};

/** Checks that buffers first…last hold rows · size elements, attributes 0 and 1. */
NN_INLINE Status readRows(const Launch& launch, int first, int last, Rows* rows) {
  *rows = {launch.size(0), launch.size(1)};
  for (int buffer = first; buffer <= last; buffer++) {
    if (Status error = launch.expectLength(buffer, product({rows->rows, rows->size}))) return error;
  }
  return nullptr;
}

/** Calls `body(r)` for each row; `nanoseconds`: of one element. */
template <typename Body>
NN_INLINE void forRows(Rows rows, double nanoseconds, const Body& body) {
  parallelFor(rows.rows, rowsAChunk(rows.size), static_cast<double>(rows.size) * nanoseconds + 10,
              [=](int64_t begin, int64_t end) {
                for (int64_t r = begin; r < end; r++) body(r);
              });
}

/** y = e^(x − max) / Σ e^(x − max). */
Status softmax(const Launch& launch) {
  Rows rows;
  if (Status error = readRows(launch, 0, 1, &rows)) return error;
  float* y = launch.f32(0);
  const float* x = launch.f32(1);
  const int64_t size = rows.size;
  forRows(rows, 1.5, [=](int64_t r) {
    const float total = exponentials(y + r * size, x + r * size, size, largestOf(x + r * size, size));
    divideRow(y + r * size, size, total);
  });
  return nullptr;
}
NN_KERNEL("softmax {w:y, r:x} rows size", softmax);

/** y = (x − max) − ln Σ e^(x − max). */
Status logSoftmax(const Launch& launch) {
  Rows rows;
  if (Status error = readRows(launch, 0, 1, &rows)) return error;
  float* y = launch.f32(0);
  const float* x = launch.f32(1);
  const int64_t size = rows.size;
  forRows(rows, 1.5, [=](int64_t r) {
    const float* from = x + r * size;
    float* to = y + r * size;
    const float largest = largestOf(from, size);
    const float logarithm = logarithmOf(exponentials(to, from, size, largest));
    forEachVector(0, size, [=](int64_t i, int64_t lanes) {
      storeLanes(to + i, (loadLanes(from + i, lanes) - largest) - logarithm, lanes);
    });
  });
  return nullptr;
}
NN_KERNEL("logSoftmax {w:y, r:x} rows size", logSoftmax);

/** dx = y·(dy − Σ y·dy). */
Status softmaxGradient(const Launch& launch) {
  Rows rows;
  if (Status error = readRows(launch, 0, 2, &rows)) return error;
  float* dx = launch.f32(0);
  const float* y = launch.f32(1);
  const float* dy = launch.f32(2);
  const int64_t size = rows.size;
  forRows(rows, 0.5, [=](int64_t r) {
    const int64_t start = r * size;
    Floats products = {};
    forEachVector(0, size, [&](int64_t i, int64_t lanes) {
      products = multiplyAdd(loadLanes(y + start + i, lanes), loadLanes(dy + start + i, lanes), products);
    });
    const float dot = sumOfLanes(products);
    forEachVector(0, size, [=](int64_t i, int64_t lanes) {
      storeLanes(dx + start + i, loadLanes(y + start + i, lanes) * (loadLanes(dy + start + i, lanes) - dot), lanes);
    });
  });
  return nullptr;
}
NN_KERNEL("softmaxGradient {w:dx, r:y, r:dy} rows size", softmaxGradient);

/** dx = dy − e^y · Σ dy. */
Status logSoftmaxGradient(const Launch& launch) {
  Rows rows;
  if (Status error = readRows(launch, 0, 2, &rows)) return error;
  float* dx = launch.f32(0);
  const float* y = launch.f32(1);
  const float* dy = launch.f32(2);
  const int64_t size = rows.size;
  forRows(rows, 1.0, [=](int64_t r) {
    const int64_t start = r * size;
    Floats parts = {};
    forEachVector(0, size, [&](int64_t i, int64_t lanes) { parts = parts + loadLanes(dy + start + i, lanes); });
    const float total = sumOfLanes(parts);
    forEachVector(0, size, [=](int64_t i, int64_t lanes) {
      const Floats probability = exponential(loadLanes(y + start + i, lanes));
      storeLanes(dx + start + i, loadLanes(dy + start + i, lanes) - probability * total, lanes);
    });
  });
  return nullptr;
}
NN_KERNEL("logSoftmaxGradient {w:dx, r:y, r:dy} rows size", logSoftmaxGradient);

/** loss = ln Σ e^(x − max) − (x[target] − max), and the probabilities. */
Status crossEntropy(const Launch& launch) {
  Rows rows;
  if (Status error = readRows(launch, 1, 2, &rows)) return error;
  if (Status error = launch.expectLength(0, rows.rows)) return error;
  if (Status error = launch.expectLength(3, rows.rows)) return error;
  float* loss = launch.f32(0);
  float* probabilities = launch.f32(1);
  const float* logits = launch.f32(2);
  const int32_t* target = launch.i32(3);
  const int64_t classes = rows.size;
  for (int64_t r = 0; r < rows.rows; r++) {
    if (target[r] < 0 || target[r] >= classes) {
      return launch.fail("target %d at row %lld is outside 0…%lld", target[r], static_cast<long long>(r),
                         static_cast<long long>(classes - 1));
    }
  }
  forRows(rows, 1.5, [=](int64_t r) {
    const float* x = logits + r * classes;
    float* p = probabilities + r * classes;
    const float largest = largestOf(x, classes);
    const float total = exponentials(p, x, classes, largest);
    divideRow(p, classes, total);
    loss[r] = logarithmOf(total) - (x[target[r]] - largest);
  });
  return nullptr;
}
NN_KERNEL("crossEntropy {w:loss, w:probabilities, r:logits, r:target i32} rows classes", crossEntropy);

/** dx = dy · (probability − [class = target]). */
Status crossEntropyGradient(const Launch& launch) {
  Rows rows;
  if (Status error = readRows(launch, 0, 1, &rows)) return error;
  if (Status error = launch.expectLength(2, rows.rows)) return error;
  if (Status error = launch.expectLength(3, rows.rows)) return error;
  float* dx = launch.f32(0);
  const float* probabilities = launch.f32(1);
  const int32_t* target = launch.i32(2);
  const float* dy = launch.f32(3);
  const int64_t classes = rows.size;
  forRows(rows, 0.4, [=](int64_t r) {
    const float* p = probabilities + r * classes;
    float* to = dx + r * classes;
    const float factor = dy[r];
    forEachVector(0, classes, [=](int64_t i, int64_t lanes) { storeLanes(to + i, factor * loadLanes(p + i, lanes), lanes); });
    const int64_t chosen = target[r];
    if (chosen >= 0 && chosen < classes) to[chosen] = factor * (p[chosen] - 1.0f);
  });
  return nullptr;
}
NN_KERNEL("crossEntropyGradient {w:dx, r:probabilities, r:target i32, r:dy} rows classes", crossEntropyGradient);

}  // namespace
}  // namespace nn::NN_ISA
