/** Element-by-element kernels from vector functions. */
#pragma once

#include "../registry.h"
#include "../vector.h"

namespace nn::NN_ISA {

/** Elements a chunk: small enough for threads to share what a layer of a small network has. */
constexpr int64_t kMapChunk = 4096;

/** y = f(x). `picoseconds`: the estimated time of one element. */
template <Floats (*f)(Floats), int picoseconds = 300>
Status unary(const Launch& launch) {
  const int64_t count = launch.length(0);
  if (Status error = launch.expectLength(1, count)) return error;
  float* y = launch.f32(0);
  const float* x = launch.f32(1);
  parallelFor(count, kMapChunk, picoseconds * 1e-3, [=](int64_t i, int64_t end) {
    for (; i + kLanes <= end; i += kLanes) store(y + i, f(load(x + i)));
    if (i < end) storePartial(y + i, f(loadPartial(x + i, end - i)), end - i);
  });
  return nullptr;
}

/** y = f(x, attribute 0). */
template <Floats (*f)(Floats, Floats), int picoseconds = 300>
Status unaryWith(const Launch& launch) {
  const int64_t count = launch.length(0);
  if (Status error = launch.expectLength(1, count)) return error;
  float* y = launch.f32(0);
  const float* x = launch.f32(1);
  const float p = launch.single(0);
  parallelFor(count, kMapChunk, picoseconds * 1e-3, [=](int64_t i, int64_t end) {
    const Floats ps = broadcast(p);
    for (; i + kLanes <= end; i += kLanes) store(y + i, f(load(x + i), ps));
    if (i < end) storePartial(y + i, f(loadPartial(x + i, end - i), ps), end - i);
  });
  return nullptr;
}

/** y = f(x, attribute 0, attribute 1). */
template <Floats (*f)(Floats, Floats, Floats), int picoseconds = 300>
Status unaryWithTwo(const Launch& launch) {
  const int64_t count = launch.length(0);
  if (Status error = launch.expectLength(1, count)) return error;
  float* y = launch.f32(0);
  const float* x = launch.f32(1);
  const float p = launch.single(0);
  const float q = launch.single(1);
  parallelFor(count, kMapChunk, picoseconds * 1e-3, [=](int64_t i, int64_t end) {
    const Floats ps = broadcast(p);
    const Floats qs = broadcast(q);
    for (; i + kLanes <= end; i += kLanes) store(y + i, f(load(x + i), ps, qs));
    if (i < end) storePartial(y + i, f(loadPartial(x + i, end - i), ps, qs), end - i);
  });
  return nullptr;
}

/** y = f(a, b), all of one length. */
template <Floats (*f)(Floats, Floats), int picoseconds = 400>
Status pairwise(const Launch& launch) {
  const int64_t count = launch.length(0);
  if (Status error = launch.expectLength(1, count)) return error;
  if (Status error = launch.expectLength(2, count)) return error;
  float* y = launch.f32(0);
  const float* a = launch.f32(1);
  const float* b = launch.f32(2);
  parallelFor(count, kMapChunk, picoseconds * 1e-3, [=](int64_t i, int64_t end) {
    for (; i + kLanes <= end; i += kLanes) store(y + i, f(load(a + i), load(b + i)));
    if (i < end) storePartial(y + i, f(loadPartial(a + i, end - i), loadPartial(b + i, end - i)), end - i);
  });
  return nullptr;
}

/** y = f(a, b, attribute 0), all of one length. */
template <Floats (*f)(Floats, Floats, Floats), int picoseconds = 400>
Status pairwiseWith(const Launch& launch) {
  const int64_t count = launch.length(0);
  if (Status error = launch.expectLength(1, count)) return error;
  if (Status error = launch.expectLength(2, count)) return error;
  float* y = launch.f32(0);
  const float* a = launch.f32(1);
  const float* b = launch.f32(2);
  const float p = launch.single(0);
  parallelFor(count, kMapChunk, picoseconds * 1e-3, [=](int64_t i, int64_t end) {
    const Floats ps = broadcast(p);
    for (; i + kLanes <= end; i += kLanes) store(y + i, f(load(a + i), load(b + i), ps));
    if (i < end) storePartial(y + i, f(loadPartial(a + i, end - i), loadPartial(b + i, end - i), ps), end - i);
  });
  return nullptr;
}

}  // namespace nn::NN_ISA
