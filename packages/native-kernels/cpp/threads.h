/**
 * Threads and scratch memory for kernels.
 *
 * One pool serves the whole process (every Node environment, the event loop and the asynchronous runner). Workers spin
 * for a bounded time and then park; the calling thread works too. Chunk boundaries depend on `count` and `grain`
 * alone, never on the number of threads, so a kernel whose chunks write to separate places has the same bits for any
 * number of threads.
 */
#pragma once

#include <cstddef>
#include <cstdint>

#define NN_INLINE inline __attribute__((always_inline))

namespace nn {

/** The number of threads that work is spread over, the calling one included. */
int threads();

/** Changes the number of threads (1…256) from the next parallel region on. Returns what is in force. */
int setThreads(int count);

/** What a parallel region calls for a chunk of items. */
using ChunkFunction = void (*)(void* context, int64_t begin, int64_t end);

/** The untyped form of `parallelFor`. */
void runChunks(int64_t count, int64_t grain, double itemNanoseconds, ChunkFunction function, void* context);

/**
 * Calls `body(begin, end)` for the chunks [0, grain), [grain, 2·grain) … of [0, count), once each, in any order, on
 * one or more threads; returns when all are done.
 *
 * `itemNanoseconds` estimates the time of one item on one thread. A region that would take less than about 6 µs (30 µs
 * while the workers are parked) stays on the calling thread, as does one with a single chunk, one inside another region, and one that starts while another
 * caller has the pool. Chunks are mapped to threads statically (neighbours to the same thread, the same way every
 * time); a thread that finishes early takes over from one that is late.
 *
 * Sums across chunks: write one partial result a chunk (index `begin / grain`) into `sharedScratch`, then add them in
 * order after the call.
 */
template <typename Body>
NN_INLINE void parallelFor(int64_t count, int64_t grain, double itemNanoseconds, const Body& body) {
  if (count <= grain) {
    if (count > 0) body(int64_t{0}, count);
    return;
  }
  runChunks(
      count, grain, itemNanoseconds,
      [](void* context, int64_t begin, int64_t end) { (*static_cast<const Body*>(context))(begin, end); },
      const_cast<Body*>(&body));
}

/**
 * Memory of the current thread, 64-byte aligned, arbitrary content: call it inside `body` for a chunk's own workspace.
 * Valid until the next call on the same thread. Memory is kept for later calls. Never null (out of memory aborts).
 */
void* threadScratchBytes(size_t bytes);

/**
 * As `threadScratchBytes`, but a second, separate block: call it once before `parallelFor` for memory that all chunks
 * of one launch share (packed operands, partial sums).
 */
void* sharedScratchBytes(size_t bytes);

/** As `threadScratchBytes`, but a third block, for what launches that run by blocks of samples hand each other. */
void* blockScratchBytes(size_t bytes);

template <typename T>
NN_INLINE T* threadScratch(int64_t count) {
  return static_cast<T*>(threadScratchBytes(static_cast<size_t>(count) * sizeof(T)));
}

template <typename T>
NN_INLINE T* sharedScratch(int64_t count) {
  return static_cast<T*>(sharedScratchBytes(static_cast<size_t>(count) * sizeof(T)));
}

}  // namespace nn
