#include "program.h"

#include <utility>

namespace nn {

int64_t decodeAttributes(const Kernel& kernel, const double* encoded, int64_t available, const double** attributes) {
  int64_t position = 0;
  for (size_t i = 0; i < kernel.attributes.size(); i++) {
    if (position >= available) return -1;
    if (kernel.attributes[i].list) {
      const double count = encoded[position++];
      if (!(count >= 0 && count <= static_cast<double>(available - position))) return -1;
      attributes[i] = encoded + position;
      position += static_cast<int64_t>(count);
    } else {
      attributes[i] = encoded + position++;
    }
  }
  return position;
}

/** Reads numbers in order; the first problem stays in `error`. */
struct Program::Reader {
  const std::vector<double>& code;
  std::string* error;
  size_t position = 0;

  bool refuse(const char* reason) {
    *error = "The program's code is broken at number " + std::to_string(position) + ": " + reason + ".";
    return false;
  }

  /** A whole number from 0 to `limit`. */
  bool whole(int64_t limit, int64_t* result) {
    if (position >= code.size()) return refuse("it ends too early");
    const double value = code[position];
    if (!(value >= 0 && value <= static_cast<double>(limit))) return refuse("a number is out of range");
    *result = static_cast<int64_t>(value);
    if (static_cast<double>(*result) != value) return refuse("a number is not whole");
    position++;
    return true;
  }

  int64_t left() const { return static_cast<int64_t>(code.size() - position); }
};

namespace {

constexpr int64_t kMaximumLength = int64_t{1} << 48;

}  // namespace

bool Program::readBuffers(Reader& reader, Span arena, const std::vector<Span>& externals) {
  int64_t count = 0;
  if (!reader.whole(reader.left(), &count)) return false;
  for (int64_t i = 0; i < count; i++) {
    int64_t kind = 0, dtype = 0, length = 0, position = 0;
    if (!reader.whole(3, &kind) || !reader.whole(3, &dtype)) return false;
    if (!reader.whole(kMaximumLength, &length) || !reader.whole(kMaximumLength, &position)) return false;
    Span span{nullptr, length, static_cast<Dtype>(dtype)};
    int64_t argument = -1;
    switch (static_cast<BufferKind>(kind)) {
      case BufferKind::argument:
        argument = position;
        if (position != static_cast<int64_t>(arguments_.size())) return reader.refuse("arguments are not in order");
        arguments_.push_back(span);
        break;
      case BufferKind::external: {
        if (position >= static_cast<int64_t>(externals.size())) return reader.refuse("an external is missing");
        const Span& external = externals[static_cast<size_t>(position)];
        if (external.dtype != span.dtype || external.length != length) {
          return reader.refuse("an external has another dtype or length");
        }
        span.data = external.data;
        break;
      }
      case BufferKind::temporary:
      case BufferKind::own: {
        const int64_t bytes = sizeOf(span.dtype);
        if (position % bytes != 0) return reader.refuse("a temporary is not aligned");
        if (length * bytes > arena.length - position) return reader.refuse("a temporary reaches beyond the arena");
        span.data = static_cast<uint8_t*>(arena.data) + position;
        break;
      }
    }
    buffers_.push_back(span);
    own_.push_back(static_cast<BufferKind>(kind) == BufferKind::own);
    argumentOf_.push_back(argument);
  }
  return true;
}

bool Program::readLaunches(Reader& reader) {
  int64_t count = 0;
  if (!reader.whole(reader.left(), &count)) return false;
  slots_.resize(arguments_.size());
  // Reserved at their largest, as steps point into them: a launch needs a number of code for each of its entries.
  data_.reserve(code_.size());
  lengths_.reserve(code_.size());
  attributes_.reserve(code_.size());
  for (int64_t i = 0; i < count; i++) {
    int64_t index = 0;
    if (!reader.whole(static_cast<int64_t>(kernels().size()) - 1, &index)) return false;
    const Kernel& kernel = kernels()[static_cast<size_t>(index)];
    Step step{kernel.function, {&kernel, data_.data() + data_.size(), lengths_.data() + lengths_.size(),
                                attributes_.data() + attributes_.size()}};
    std::vector<size_t> numbers;
    for (const Buffer& expected : kernel.buffers) {
      int64_t number = 0;
      if (!reader.whole(static_cast<int64_t>(buffers_.size()) - 1, &number)) return false;
      const Span& span = buffers_[static_cast<size_t>(number)];
      if (span.dtype != expected.dtype) return reader.refuse("a buffer has a dtype that its kernel does not take");
      numbers.push_back(static_cast<size_t>(number));
      data_.push_back(span.data);
      lengths_.push_back(span.length);
      const int64_t argument = argumentOf_[static_cast<size_t>(number)];
      if (argument >= 0) slots_[static_cast<size_t>(argument)].push_back(&data_.back());
    }
    const double* decoded[kMaximumAttributes];
    const int64_t read = decodeAttributes(kernel, code_.data() + reader.position, reader.left(), decoded);
    if (read < 0) return reader.refuse("attributes are missing");
    attributes_.insert(attributes_.end(), decoded, decoded + kernel.attributes.size());
    reader.position += static_cast<size_t>(read);
    steps_.push_back(step);
    int64_t region = 0, chain = 0, elementwise = 0;
    if (!reader.whole(kMaximumLength, &region) || !reader.whole(kMaximumLength, &chain)) return false;
    if (!reader.whole(1, &elementwise)) return false;
    if (!addToRegion(reader, region, chain)) return false;
    laneSteps_.push_back({nullptr, std::move(numbers), elementwise == 1});
  }
  return true;
}

/** Takes the last step into the region that is being read, or begins another: a step alone is a region too. */
bool Program::addToRegion(Reader& reader, int64_t region, int64_t chain) {
  const Step& step = steps_.back();
  const bool goesOn = region > 0 && !regions_.empty() && regions_.back().number == region;
  if (!goesOn) regions_.push_back({region, {}});
  std::vector<Chain>& chains = regions_.back().chains;
  if (!goesOn || chains.back().number != chain) chains.push_back({chain, steps_.size() - 1, 0, elementsOf(step)});
  chains.back().steps++;
  return region == 0 || isElementwise(step, chains.back().elements) ||
         reader.refuse("a launch in tiles has buffers that do not divide");
}

bool Program::arrange(Reader& reader) {
  int64_t lanes = 0, blocks = 0;
  if (!reader.whole(1, &lanes) || !reader.whole(1, &blocks)) return false;
  for (size_t i = 0; i < steps_.size(); i++) laneSteps_[i].step = &steps_[i];
  const std::vector<bool> inLanes = buffersInLanes(laneSteps_, own_);
  for (size_t i = 0; lanes == 1 && i < steps_.size(); i++) {
    const std::vector<size_t>& buffers = laneSteps_[i].buffers;
    if (laneSteps_[i].elementwise) continue;
    for (size_t b = 0; b < buffers.size(); b++) steps_[i].launch.inLanes |= uint32_t{inLanes[buffers[b]]} << b;
  }
  if (blocks == 1) {
    stretches_ = stretchesOf(regions_, laneSteps_, own_);
  } else {
    stretches_.push_back({0, regions_.size(), nullptr});
  }
  laneSteps_.clear();
  return reader.left() == 0 || reader.refuse("something follows its end");
}

std::unique_ptr<Program> Program::compile(std::vector<double> code, Span arena, const std::vector<Span>& externals,
                                          std::string* error) {
  std::unique_ptr<Program> program(new Program());
  program->code_ = std::move(code);
  Reader reader{program->code_, error};
  if (!program->readBuffers(reader, arena, externals) || !program->readLaunches(reader)) return nullptr;
  if (!program->arrange(reader)) return nullptr;
  return program;
}

bool Program::run(Failure* failure) {
  for (const Stretch& stretch : stretches_)
    if (!run(stretch, failure)) return false;
  return true;
}

bool Program::run(const Stretch& stretch, Failure* failure) {
  double began = times_ == nullptr ? 0 : nanoseconds();
  if (stretch.blocks != nullptr && stretch.blocks->count() >= threads()) {
    const std::vector<Part>& parts = stretch.blocks->parts;
    std::vector<double> spent(times_ == nullptr ? 0 : parts.size());
    if (!runBlocks(*stretch.blocks, steps_.data(), failure, times_ == nullptr ? nullptr : spent.data())) return false;
    if (times_ != nullptr) noteTimes(sharesOf(parts, std::move(spent)), began);
    return true;
  }
  for (size_t i = stretch.begin; i < stretch.end; i++) {
    if (!runRegion(regions_[i], steps_.data(), failure)) return false;
    if (times_ == nullptr) continue;
    noteTimes(sharesOf(regions_[i]), began);
    began = nanoseconds();
  }
  return true;
}

Program::Shares Program::sharesOf(const std::vector<Part>& parts, std::vector<double> spent) {
  Shares launches{{}, std::move(spent)};
  for (const Part& part : parts) launches.steps.push_back(part.step);
  return launches;
}

Program::Shares Program::sharesOf(const Region& region) {
  Shares launches;
  for (const Chain& chain : region.chains)
    for (size_t i = 0; i < chain.steps; i++) {
      launches.steps.push_back(chain.first + i);
      launches.shares.push_back(static_cast<double>(chain.elements + 1));
    }
  return launches;
}

void Program::noteTimes(const Shares& launches, double began) const {
  const double taken = nanoseconds() - began;
  double all = 0;
  for (double share : launches.shares) all += share;
  for (size_t i = 0; i < launches.steps.size(); i++) {
    double* const times = times_ + 2 * launches.steps[i];
    times[0] = began;
    times[1] = taken * launches.shares[i] / all;
    began += times[1];
  }
}

}  // namespace nn
