// Rows of a kernel matrix that were computed, as many as there is room for; the one that was not asked
// for longest makes room. As in LIBSVM (Chang & Lin 2011, §5.1) rows are float32, and a row may be known
// for the first points only.
#pragma once
#include <cstdint>
#include <vector>

#include "learn/aligned-array.h"

namespace athanor {

class RowCache {
 public:
  RowCache() = default;
  ~RowCache() { arena_.release(); }
  RowCache(const RowCache&) = delete;
  RowCache& operator=(const RowCache&) = delete;

  /// Room for rows of `points` numbers in about `bytes`, two rows at least. False where memory is out.
  bool open(int64_t points, int64_t bytes);

  /// Numbers that a row has room for.
  int64_t length() const { return length_; }

  /// The row of a point, and how many of its numbers are known. Valid until the call after next.
  float* row(int64_t point, int64_t* known);
  void setKnown(int64_t point, int64_t known) {
    known_[slotOf_[point]] = known;
  }

  /// Rows have `length` numbers from now on. Point p becomes what was point order[p], where `order` is
  /// given; it must then not be longer than before.
  void relayout(int64_t length, const int32_t* order);

 private:
  void touch(int32_t slot);
  void unlink(int32_t slot);

  float* at(int64_t row, int64_t stride) { return static_cast<float*>(arena_.data) + row * stride; }

  Block arena_;
  AlignedArray<float> moved_;
  int64_t room_ = 0;
  int64_t length_ = 0;
  int64_t stride_ = 0;
  std::vector<int32_t> slotOf_;   // of a point, or −1
  std::vector<int32_t> pointOf_;  // of a slot, or −1
  std::vector<int64_t> known_;
  /// A ring from the oldest to the newest; its end is slot `slots`.
  std::vector<int32_t> newer_, older_;
  int32_t slots_ = 0;
};

}  // namespace athanor
