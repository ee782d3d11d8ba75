#include "threads.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>

#include "cores.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif

namespace nn {
namespace {

constexpr int kMaximumThreads = 256;
/**
 * How long a thread waits awake: longer than a thread waits for the other at the end of a kernel, shorter than what is felt
 * elsewhere. With 40 µs it fell asleep once or twice a step of a convolutional network, which cost 7 to 11 % of it.
 */
constexpr double kSpinNanoseconds = 200000;
/** Below this a second thread costs more than it brings: it begins 1 µs later when it is awake, and 15 µs when not. */
constexpr double kWorthwhileNanoseconds = 6000;
constexpr double kWorthWakingNanoseconds = 30000;
/** A thread claims its chunks in at most this many portions, so that claims fit in a word. */
constexpr int64_t kPortionsPerThread = 64;

inline void pause() {
#if defined(__x86_64__) || defined(_M_X64)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/** How many pauses pass in `nanoseconds`: a pause takes from one cycle to 140, by processor. The best of three counts. */
int pausesIn(double nanoseconds) {
  constexpr int kSample = 100;
  double best = 1e9;
  for (int i = 0; i < 3; i++) {
    const auto start = std::chrono::steady_clock::now();
    for (int j = 0; j < kSample; j++) pause();
    const std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - start;
    best = std::min(best, elapsed.count());
  }
  return static_cast<int>(std::clamp(nanoseconds / std::max(best / kSample, 0.1), 100.0, 400000.0));
}

/**
 * The portions of a job that are mapped to one thread: [region : 32 | next : 16 | end : 16]. Claiming one is a
 * compare-and-swap, which fails once the region is over, so a worker that wakes up late can never touch a later region's
 * memory.
 */
struct alignas(64) Share {
  std::atomic<uint64_t> word{0};
};

constexpr uint64_t pack(uint32_t region, uint64_t next, uint64_t end) {
  return uint64_t{region} << 32 | next << 16 | end;
}

/** Where a worker sleeps; apart, so that workers beyond the present number are never woken. */
struct alignas(64) Bed {
  std::mutex mutex;
  std::condition_variable condition;
  std::atomic<bool> parked{true};
};

/** What a region computes. Written by the caller between regions, read only after a portion of it was claimed. */
struct Job {
  ChunkFunction function;
  void* context;
  int64_t count;
  int64_t grain;
  int64_t portion;
};

thread_local bool insideRegion = false;

class Pool {
 public:
  Pool() : active_(std::min(defaultThreads(), kMaximumThreads)), spins_(pausesIn(kSpinNanoseconds)) {}

  int active() const { return active_.load(std::memory_order_relaxed); }

  /** Whether there is a worker that would begin at once. */
  bool awake() const { return !beds_[1].parked.load(std::memory_order_relaxed); }

  int resize(int count) {
    std::lock_guard<std::mutex> lock(owner_);
    active_.store(count < 1 ? 1 : count > kMaximumThreads ? kMaximumThreads : count, std::memory_order_relaxed);
    return active();
  }

  /** False when another caller has the pool. */
  bool run(int64_t chunks, const Job& job) {
    std::unique_lock<std::mutex> lock(owner_, std::try_to_lock);
    if (!lock.owns_lock()) return false;
    int count = active();
    if (chunks < count) count = static_cast<int>(chunks);
    if (count == 1) return false;
    start(count);
    if (started_ + 1 < count) count = started_ + 1;
    insideRegion = true;
    open(count, chunks, job);
    for (int i = 0; i < count; i++) work(i, region_);
    finish();
    insideRegion = false;
    return true;
  }

 private:
  void open(int count, int64_t chunks, const Job& job) {
    job_ = job;
    job_.portion = (chunks + count * kPortionsPerThread - 1) / (count * kPortionsPerThread);
    const int64_t portions = (chunks + job_.portion - 1) / job_.portion;
    unfinished_.store(portions, std::memory_order_relaxed);
    const uint32_t region = region_ + 1;
    sharesInUse_.store(count, std::memory_order_relaxed);
    // Share i: portions [portions·i/count, portions·(i + 1)/count).
    for (int i = 0; i < count; i++) {
      const uint64_t begin = static_cast<uint64_t>(portions) * i / count;
      const uint64_t end = static_cast<uint64_t>(portions) * (i + 1) / count;
      shares_[i].word.store(pack(region, begin, end), std::memory_order_release);
    }
    region_ = region;
    announced_.store(region, std::memory_order_seq_cst);
    for (int i = 1; i < count; i++) {
      if (beds_[i].parked.load(std::memory_order_seq_cst)) {
        std::lock_guard<std::mutex> lock(beds_[i].mutex);
        beds_[i].condition.notify_one();
      }
    }
  }

  /** Works off what is left of a share. */
  void work(int share, uint32_t region) {
    std::atomic<uint64_t>& word = shares_[share].word;
    uint64_t seen = word.load(std::memory_order_acquire);
    for (;;) {
      const uint64_t next = seen >> 16 & 0xffff;
      const uint64_t end = seen & 0xffff;
      if (seen >> 32 != region || next >= end) return;
      if (!word.compare_exchange_weak(seen, pack(region, next + 1, end), std::memory_order_acq_rel)) continue;
      compute(static_cast<int64_t>(next));
      unfinished_.fetch_sub(1, std::memory_order_acq_rel);
      seen = word.load(std::memory_order_acquire);
    }
  }

  void compute(int64_t portion) {
    const int64_t step = job_.portion * job_.grain;
    const int64_t stop = (portion + 1) * step < job_.count ? (portion + 1) * step : job_.count;
    for (int64_t begin = portion * step; begin < stop; begin += job_.grain) {
      job_.function(job_.context, begin, begin + job_.grain < stop ? begin + job_.grain : stop);
    }
  }

  /** Waits for portions that others have claimed; gives way to them when they seem to have no processor. */
  void finish() {
    for (int spins = 0; unfinished_.load(std::memory_order_acquire) > 0;) {
      if (spins < spins_) {
        spins++;
        pause();
      } else {
        std::this_thread::yield();
      }
    }
  }

  /** Starts the workers that are missing; where the system grants no more, those that run do the work. */
  void start(int count) {
    while (started_ + 1 < count) {
      const int index = started_ + 1;
      try {
        std::thread([this, index] { live(index); }).detach();
      } catch (const std::system_error&) {
        return;
      }
      started_ = index;
    }
  }

  [[noreturn]] void live(int index) {
    insideRegion = true;
    beds_[index].parked.store(false, std::memory_order_relaxed);
    uint32_t seen = announced_.load(std::memory_order_acquire) - 1;
    for (;;) {
      seen = waitForNews(index, seen);
      const int count = sharesInUse_.load(std::memory_order_relaxed);
      // Its own share first, then whatever is late elsewhere.
      for (int i = 0; i < count; i++) work((index + i) % count, seen);
    }
  }

  uint32_t waitForNews(int index, uint32_t seen) {
    for (int spins = 0; spins < spins_; spins++) {
      const uint32_t news = announced_.load(std::memory_order_acquire);
      if (news != seen) return news;
      pause();
    }
    Bed& bed = beds_[index];
    std::unique_lock<std::mutex> lock(bed.mutex);
    bed.parked.store(true, std::memory_order_seq_cst);
    uint32_t news;
    while ((news = announced_.load(std::memory_order_seq_cst)) == seen) bed.condition.wait(lock);
    bed.parked.store(false, std::memory_order_relaxed);
    return news;
  }

  std::mutex owner_;
  std::atomic<int> active_;
  const int spins_;
  int started_ = 0;
  uint32_t region_ = 0;
  Job job_ = {};
  alignas(64) std::atomic<uint32_t> announced_{0};
  std::atomic<int> sharesInUse_{0};
  alignas(64) std::atomic<int64_t> unfinished_{0};
  Share shares_[kMaximumThreads];
  Bed beds_[kMaximumThreads];
};

/** Never destroyed: detached workers may outlive everything else while the process exits. */
Pool& pool() {
  static Pool* const instance = new Pool();
  return *instance;
}

/** A block of memory that only grows. */
class Block {
 public:
  ~Block() { release(); }

  void* reserve(size_t bytes) {
    if (bytes > capacity_) grow(bytes);
    return memory_;
  }

 private:
  void grow(size_t bytes) {
    release();
    capacity_ = (bytes + bytes / 2 + 4095) / 4096 * 4096;
    memory_ = ::operator new(capacity_, std::align_val_t{64}, std::nothrow);
    if (memory_ == nullptr) {
      std::fprintf(stderr, "@nn/native-kernels: out of memory: %zu bytes of workspace\n", capacity_);
      std::abort();
    }
  }

  void release() {
    if (memory_ != nullptr) ::operator delete(memory_, std::align_val_t{64});
    memory_ = nullptr;
    capacity_ = 0;
  }

  void* memory_ = nullptr;
  size_t capacity_ = 0;
};

thread_local Block chunkBlock;
thread_local Block launchBlock;
thread_local Block handedOnBlock;

}  // namespace

int threads() { return pool().active(); }

int setThreads(int count) { return pool().resize(count); }

void runChunks(int64_t count, int64_t grain, double itemNanoseconds, ChunkFunction function, void* context) {
  if (grain < 1) grain = 1;
  const int64_t chunks = (count + grain - 1) / grain;
  const double nanoseconds = static_cast<double>(count) * itemNanoseconds;
  const bool worthwhile =
      nanoseconds >= kWorthWakingNanoseconds || (nanoseconds >= kWorthwhileNanoseconds && pool().awake());
  if (worthwhile && chunks > 1 && !insideRegion && pool().run(chunks, {function, context, count, grain, 1})) return;
  for (int64_t begin = 0; begin < count; begin += grain) {
    function(context, begin, begin + grain < count ? begin + grain : count);
  }
}

void* threadScratchBytes(size_t bytes) { return chunkBlock.reserve(bytes); }

void* sharedScratchBytes(size_t bytes) { return launchBlock.reserve(bytes); }

void* blockScratchBytes(size_t bytes) { return handedOnBlock.reserve(bytes); }

}  // namespace nn
