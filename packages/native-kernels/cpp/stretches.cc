#include "stretches.h"

#include <algorithm>

namespace nn {
namespace {

/** Memory that a buffer of a step covers. What is bound at a run covers none: it is apart from all else. */
struct Extent {
  const uint8_t *begin, *end;

  Extent(const Step& step, size_t buffer) : begin(static_cast<const uint8_t*>(step.launch.data[buffer])), end(begin) {
    if (begin != nullptr) end += step.launch.lengths[buffer] * sizeOf(step.launch.kernel->buffers[buffer].dtype);
  }
  bool meets(const Extent& other) const { return begin < other.end && other.begin < end; }
  bool operator==(const Extent& other) const { return begin == other.begin && end == other.end; }
};

bool writes(const Step& step, size_t buffer) { return step.launch.kernel->buffers[buffer].access != Access::read; }

/** A launch of a stretch. */
struct Member {
  size_t step;
  const LaneStep* lane;
  std::vector<Role> roles;
  /** Samples whose contributions are one partial sum; 0 where nothing is summed. */
  int64_t unit;
};

/** Launches that work on the same samples, as many as follow each other. */
class Members {
 public:
  explicit Members(const std::vector<LaneStep>& steps) : steps_(steps) {}

  std::vector<Member> list;
  int64_t batch = 0, block = 0;

  /** Takes in all launches of a region; or none, and is false. */
  bool take(const Region& region) {
    const Members before = *this;
    for (const Chain& chain : region.chains)
      for (size_t i = chain.first; i < chain.first + chain.steps; i++)
        if (!take(i)) {
          list = before.list, batch = before.batch, block = before.block;
          return false;
        }
    return true;
  }

  /** The role of a buffer so far, nullptr if it has none. */
  const Role* roleOf(size_t buffer) const {
    for (const Member& member : list)
      for (size_t b = 0; b < member.roles.size(); b++)
        if (member.lane->buffers[b] == buffer) return &member.roles[b];
    return nullptr;
  }

 private:
  bool take(size_t index) {
    const LaneStep& lane = steps_[index];
    const LaneFunction lanes = lane.step->launch.kernel->lanes;
    const LaneBuffers divided = lanes == nullptr ? LaneBuffers{} : lanes(lane.step->launch);
    Member member{index, &lane, {}, 0};
    if (!(divided.batch > 0 ? takesSamples(divided, member) : takesElements(member))) return false;
    for (size_t b = 0; b < lane.buffers.size(); b++) {
      const Role* known = roleOf(lane.buffers[b]);
      const Role role = member.roles[b];
      // A sum is complete at the end only.
      if (known != nullptr && (*known != role || role == Role::summed)) return false;
      if (role == Role::shared && writes(*lane.step, b)) return false;
    }
    list.push_back(std::move(member));
    return true;
  }

  /** A kernel that knows samples. */
  bool takesSamples(const LaneBuffers& divided, Member& member) {
    const Launch& launch = member.lane->step->launch;
    if (batch != 0 && batch != divided.batch) return false;
    batch = divided.batch, block = std::max(block, divided.unit);
    for (size_t b = 0; b < member.lane->buffers.size(); b++) {
      const bool part = divided.buffers >> b & 1;
      member.roles.push_back(part ? Role::divided : writes(*member.lane->step, b) ? Role::summed : Role::shared);
      if (part && launch.lengths[b] % batch != 0) return false;
      if (member.roles[b] == Role::summed) member.unit = divided.unit;
    }
    return block % divided.unit == 0;
  }

  /** An elementwise launch on samples that are known. */
  bool takesElements(Member& member) const {
    const int64_t elements = elementsOf(*member.lane->step);
    if (!member.lane->elementwise || batch == 0 || elements % batch != 0) return false;
    bool related = false;
    for (size_t b = 0; b < member.lane->buffers.size(); b++) {
      const bool part = member.lane->step->launch.lengths[b] == elements;
      member.roles.push_back(part ? Role::divided : Role::shared);
      const Role* known = roleOf(member.lane->buffers[b]);
      related = related || (part && known != nullptr && *known == Role::divided);
    }
    return related;
  }

  const std::vector<LaneStep>& steps_;
};

/** True for the buffers that need no memory but scratch: own temporaries that these launches write, then read, alone. */
std::vector<bool> innerBuffers(const Members& members, const std::vector<size_t>& uses, const std::vector<bool>& own) {
  std::vector<size_t> here(own.size());
  std::vector<bool> inner(own.size());
  for (const Member& member : members.list)
    for (size_t b = 0; b < member.roles.size(); b++) {
      const size_t number = member.lane->buffers[b];
      if (here[number]++ == 0)
        inner[number] = own[number] && member.roles[b] == Role::divided &&
                        member.lane->step->launch.kernel->buffers[b].access == Access::write;
    }
  for (size_t i = 0; i < own.size(); i++) inner[i] = inner[i] && here[i] == uses[i];
  return inner;
}

/**
 * Whether `b`, which follows `a`, may not run by blocks with it: memory of one is used anew by the other, so that a block
 * would write over what another block has yet to read.
 */
bool clash(const Member& a, const Member& b, const std::vector<bool>& inner) {
  for (size_t i = 0; i < a.roles.size(); i++)
    for (size_t j = 0; j < b.roles.size(); j++) {
      const size_t mine = a.lane->buffers[i], its = b.lane->buffers[j];
      if (mine == its || inner[mine] || inner[its]) continue;
      // A sum is written when all blocks are done: after what `a` does, but also after what `b` writes.
      if (b.roles[j] == Role::summed) continue;
      if (!writes(*a.lane->step, i) && !writes(*b.lane->step, j)) continue;
      const Extent here(*a.lane->step, i), there(*b.lane->step, j);
      const bool alike = here == there && a.roles[i] == Role::divided && b.roles[j] == Role::divided;
      if (here.meets(there) && !alike) return true;
    }
  return false;
}

/** The step of the first launch that clashes with one before it; `none` where none does. */
size_t firstClash(const Members& members, const std::vector<bool>& inner, size_t none) {
  for (size_t later = 1; later < members.list.size(); later++)
    for (size_t earlier = 0; earlier < later; earlier++)
      if (clash(members.list[earlier], members.list[later], inner)) return members.list[later].step;
  return none;
}

/** Places by lifetime: what lives at the same time lies apart. */
class Room {
 public:
  int64_t place(int64_t bytes, size_t first, size_t last) {
    int64_t offset = 0;
    std::sort(taken_.begin(), taken_.end(), [](const Taken& a, const Taken& b) { return a.begin < b.begin; });
    for (const Taken& other : taken_)
      if (other.first <= last && first <= other.last && other.begin < offset + bytes) offset = std::max(offset, other.end);
    taken_.push_back({offset, offset + bytes, first, last});
    size = std::max(size, offset + bytes);
    return offset;
  }
  int64_t size = 0;

 private:
  struct Taken {
    int64_t begin, end;
    size_t first, last;
  };
  std::vector<Taken> taken_;
};

/** One past the region's last step. */
size_t endOf(const Region& region) {
  size_t end = 0;
  for (const Chain& chain : region.chains) end = std::max(end, chain.first + chain.steps);
  return end;
}

int64_t inLines(int64_t bytes) { return (bytes + 63) / 64 * 64; }

std::unique_ptr<const Blocks> blocksOf(const Members& members, const std::vector<bool>& inner) {
  auto blocks = std::make_unique<Blocks>();
  blocks->batch = members.batch, blocks->block = members.block;
  std::vector<size_t> last(inner.size());
  for (size_t i = 0; i < members.list.size(); i++)
    for (size_t number : members.list[i].lane->buffers) last[number] = i;
  std::vector<int64_t> offsets(inner.size(), -1);
  Room scratch;
  int64_t sums = 0;
  for (size_t i = 0; i < members.list.size(); i++) {
    const auto& [index, lane, roles, unit] = members.list[i];
    Part part{index, {}, unit == 0 ? blocks->block : unit};
    for (size_t b = 0; b < roles.size(); b++) {
      const size_t number = lane->buffers[b];
      int64_t bytes = lane->step->launch.lengths[b] * sizeOf(lane->step->launch.kernel->buffers[b].dtype);
      if (roles[b] == Role::divided) bytes /= blocks->batch;
      if (roles[b] == Role::summed) {
        offsets[number] = sums;
        sums += bytes * blocks->unitsOf(part);
      } else if (inner[number] && offsets[number] < 0) {
        offsets[number] = scratch.place(inLines(bytes * blocks->block), i, last[number]);
      }
      part.places.push_back({roles[b], bytes, offsets[number]});
    }
    blocks->parts.push_back(std::move(part));
  }
  blocks->scratchBytes = static_cast<size_t>(scratch.size);
  blocks->partialSums = std::make_unique<uint8_t[]>(static_cast<size_t>(sums));
  return blocks;
}

}  // namespace

std::vector<Stretch> stretchesOf(const std::vector<Region>& regions, const std::vector<LaneStep>& steps,
                                 const std::vector<bool>& own) {
  std::vector<size_t> uses(own.size());
  for (const LaneStep& step : steps)
    for (size_t number : step.buffers) uses[number]++;
  std::vector<Stretch> stretches;
  for (size_t begin = 0; begin < regions.size(); begin = stretches.back().end) {
    // As many regions as fit, then those before the first clash, until none is left: fewer buffers are inner then.
    for (size_t limit = steps.size();;) {
      Members members(steps);
      size_t end = begin;
      while (end < regions.size() && endOf(regions[end]) <= limit && members.take(regions[end])) end++;
      if (members.list.size() < 2) {
        stretches.push_back({begin, begin + 1, nullptr});
        break;
      }
      const std::vector<bool> inner = innerBuffers(members, uses, own);
      limit = firstClash(members, inner, steps.size());
      if (limit < steps.size()) continue;
      stretches.push_back({begin, end, blocksOf(members, inner)});
      break;
    }
  }
  return stretches;
}

}  // namespace nn
