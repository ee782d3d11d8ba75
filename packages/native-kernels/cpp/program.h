/** A recorded step: launches over numbered buffers, run in one go. */
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "kernel.h"
#include "lanes.h"
#include "stretches.h"
#include "tiles.h"

namespace nn {

/** Memory of the caller. */
struct Span {
  void* data;
  int64_t length;
  Dtype dtype;
};

/**
 * Points `attributes[i]` at the first number of each attribute in `encoded` (numbers as themselves, lists as a count and
 * their items). Returns how many numbers were read, or -1 if `available` of them are too few.
 */
int64_t decodeAttributes(const Kernel& kernel, const double* encoded, int64_t available, const double** attributes);

class Program {
 public:
  /**
   * Code, all numbers: the count of buffers; for each its kind (see `BufferKind`), dtype, length and position (a
   * temporary's byte offset in the arena, else its place in `externals` or among the arguments of a run); the count of
   * launches; for each the kernel's index, its buffers' numbers, its encoded attributes, its region and chain (see tiles.h;
   * region 0: it runs alone), and 1 where it is elementwise (see lanes.h), else 0; then 1 or 0 for lanes (see lanes.h) and
   * for blocks (see blocks.h).
   *
   * `arena` and `externals` are used by every run and must outlive the program. Returns nullptr and an explanation in
   * `error` for code that does not fit together.
   */
  static std::unique_ptr<Program> compile(std::vector<double> code, Span arena, const std::vector<Span>& externals,
                                          std::string* error);

  /** dtype and length of each argument of a run: inputs and results in the order of their positions. */
  const std::vector<Span>& arguments() const { return arguments_; }

  /** Binds an argument's memory for the runs that follow. */
  void bind(size_t argument, void* data) {
    for (void** slot : slots_[argument]) *slot = data;
  }

  /** The number of launches in a run. */
  size_t length() const { return steps_.size(); }

  /**
   * Makes the next run note when each launch began (`times[2i]`) and how long it took (`times[2i + 1]`), in ns since now;
   * nullptr for a run without.
   */
  void time(double* times) {
    times_ = times;
    if (times != nullptr) timedSince_ = Clock::now();
  }

  /** Runs every launch, up to the first that fails. The text of a failure is the kernel's, with its name in front. */
  bool run(Failure* failure);

  /** Marks the program as in use; false if it is already. */
  bool acquire() { return !busy_.exchange(true, std::memory_order_acquire); }
  void release() { busy_.store(false, std::memory_order_release); }

 private:
  using Clock = std::chrono::steady_clock;

  /** An `own` temporary is touched by this program alone. */
  enum class BufferKind { argument = 0, external = 1, temporary = 2, own = 3 };

  struct Reader;

  Program() = default;
  bool readBuffers(Reader& reader, Span arena, const std::vector<Span>& externals);
  bool readLaunches(Reader& reader);
  bool addToRegion(Reader& reader, int64_t region, int64_t chain);
  /** Lays buffers in lanes where all launches that touch them allow it, and finds launches that run by blocks of samples. */
  bool arrange(Reader& reader);
  bool run(const Stretch& stretch, Failure* failure);
  /** Launches that ran together, and how they share the time: by what they were seen to take, or by their elements. */
  struct Shares {
    std::vector<size_t> steps;
    std::vector<double> shares;
  };
  static Shares sharesOf(const Region& region);
  static Shares sharesOf(const std::vector<Part>& parts, std::vector<double> spent);
  /** Notes the times of launches that began together and have ended, as if one had followed the other. */
  void noteTimes(const Shares& launches, double began) const;
  double nanoseconds() const { return std::chrono::duration<double, std::nano>(Clock::now() - timedSince_).count(); }

  std::vector<double> code_;
  std::vector<Span> buffers_;
  std::vector<bool> own_;
  std::vector<int64_t> argumentOf_;
  std::vector<Span> arguments_;
  std::vector<std::vector<void**>> slots_;
  /** What the steps point into; sized once. */
  std::vector<void*> data_;
  std::vector<int64_t> lengths_;
  std::vector<const double*> attributes_;
  std::vector<Step> steps_;
  /** As long as the program is read. */
  std::vector<LaneStep> laneSteps_;
  double* times_ = nullptr;
  Clock::time_point timedSince_;
  std::vector<Region> regions_;
  std::vector<Stretch> stretches_;
  std::atomic<bool> busy_{false};
};

}  // namespace nn
