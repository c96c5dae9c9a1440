// The cache of kernel rows: one block of memory, cut into slots of one length.
#include "learn/svm-cache.h"

#include <cstring>

namespace athanor {

namespace {

/// Rows begin on cache lines, and whole vectors of a row may be read.
int64_t strideFor(int64_t length) { return (length + 31) / 32 * 32; }

}  // namespace

bool RowCache::open(int64_t points, int64_t bytes) {
  const int64_t stride = strideFor(points);
  int64_t rows = bytes / static_cast<int64_t>(sizeof(float)) / stride;
  if (rows > points) rows = points;
  if (rows < 2) rows = 2;
  while (arena_.ensure(static_cast<size_t>(rows * stride) * sizeof(float)) == nullptr) {
    if (rows == 2) return false;
    rows = rows / 2 < 2 ? 2 : rows / 2;
  }
  moved_.resize(stride);
  room_ = rows * stride;
  slotOf_.assign(points, -1);
  pointOf_.clear();
  slots_ = 0;
  stride_ = 0;
  relayout(points, nullptr);
  return true;
}

void RowCache::unlink(int32_t slot) {
  const size_t s = slot;
  newer_[older_[s]] = newer_[s];
  older_[newer_[s]] = older_[s];
}

void RowCache::touch(int32_t slot) {
  unlink(slot);
  const size_t s = slot, end = slots_;
  older_[s] = older_[end];
  newer_[s] = slots_;
  newer_[older_[end]] = slot;
  older_[end] = slot;
}

float* RowCache::row(int64_t point, int64_t* known) {
  int32_t& slot = slotOf_[point];
  if (slot < 0) {
    slot = newer_[slots_];  // the oldest
    int32_t& held = pointOf_[slot];
    if (held >= 0) slotOf_[held] = -1;
    held = static_cast<int32_t>(point);
    known_[slot] = 0;
  }
  touch(slot);
  *known = known_[slot];
  return at(slot, stride_);
}

void RowCache::relayout(int64_t length, const int32_t* order) {
  const int64_t points = static_cast<int64_t>(slotOf_.size());
  const int64_t stride = strideFor(length);
  int64_t slots = room_ / stride;
  if (slots > points) slots = points;
  if (slots < 2) slots = 2;

  // The rows that stay: the newest, in the order in which they lie.
  std::vector<char> stays(slots_, 0);
  std::vector<int32_t> byAge;  // newest first
  if (slots_ > 0)
    for (int32_t s = older_[slots_]; s != slots_ && static_cast<int64_t>(byAge.size()) < slots;
         s = older_[s])
      if (pointOf_[s] >= 0) {
        byAge.push_back(s);
        stays[s] = 1;
      }
  std::vector<int32_t> from;
  std::vector<int32_t> places(slots_, -1);
  for (int32_t s = 0; s < slots_; s++)
    if (stays[s] != 0) {
      places[s] = static_cast<int32_t>(from.size());
      from.push_back(s);
    }

  std::vector<int64_t> known(from.size());
  const auto move = [&](size_t place) {
    const float* const source = at(from[place], stride_);
    float* const target = at(static_cast<int64_t>(place), stride);
    const int64_t had = known_[from[place]];
    int64_t count = had < length ? had : length;
    if (order != nullptr) {
      for (int64_t p = 0; p < count; p++) {
        if (order[p] >= had) {
          count = p;
          break;
        }
        moved_[p] = source[order[p]];
      }
      memcpy(target, moved_.data(), count * sizeof(float));
    } else if (target != source) {
      memmove(target, source, count * sizeof(float));
    }
    known[place] = count;
  };
  // Those that move towards the front go first, in ascending order; then the others, descending: so
  // none is overwritten before it has moved.
  for (size_t place = 0; place < from.size(); place++)
    if (static_cast<int64_t>(place) * stride <= from[place] * stride_) move(place);
  for (size_t place = from.size(); place-- > 0;)
    if (static_cast<int64_t>(place) * stride > from[place] * stride_) move(place);

  std::vector<int32_t> pointOf(slots, -1);
  for (size_t place = 0; place < from.size(); place++)
    pointOf[place] = pointOf_[from[place]];
  if (order != nullptr) {
    std::vector<int32_t> now(points);
    for (int64_t p = 0; p < points; p++) now[order[p]] = static_cast<int32_t>(p);
    for (size_t place = 0; place < from.size(); place++)
      pointOf[place] = now[pointOf[place]];
  }
  pointOf_.swap(pointOf);
  known.resize(slots, 0);
  known_.swap(known);
  slotOf_.assign(points, -1);
  for (size_t s = 0; s < from.size(); s++)
    slotOf_[pointOf_[s]] = static_cast<int32_t>(s);
  slots_ = static_cast<int32_t>(slots);
  stride_ = stride;
  length_ = length;

  // Empty slots are the oldest.
  newer_.assign(slots + 1, 0);
  older_.assign(slots + 1, 0);
  newer_[slots] = older_[slots] = slots_;
  const auto append = [&](int32_t slot) {
    const size_t s = slot, end = slots_;
    older_[s] = older_[end];
    newer_[s] = slots_;
    newer_[older_[end]] = slot;
    older_[end] = slot;
  };
  for (int32_t s = static_cast<int32_t>(from.size()); s < slots_; s++) append(s);
  for (size_t age = byAge.size(); age-- > 0;) append(places[byAge[age]]);
}

}  // namespace athanor
