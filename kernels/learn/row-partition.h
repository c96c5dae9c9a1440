// The rows of all nodes of a growing tree in one array: a node's rows lie together, in ascending order.
#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

#include "learn/aligned-array.h"
#include "learn/histogram.h"

namespace athanor {

class RowPartition {
 public:
  explicit RowPartition(int64_t rows) : rows_(rows), order_(rows), left_(rows), right_(rows) {}

  /// A new tree: one node has all rows.
  void reset() { untouched_ = true; }

  NodeRows rowsOf(int64_t begin, int64_t end) const {
    return {untouched_ ? nullptr : order_.data() + begin, end - begin};
  }

  /// Begins to divide a node: bins of `column` for which `goesLeft` (256 entries, 0 or 1) go left.
  void begin(int64_t begin, int64_t end, const uint8_t* column, const uint8_t* goesLeft) {
    begin_ = begin;
    end_ = end;
    column_ = column;
    goesLeft_ = goesLeft;
    blocks_ = (end - begin + blockRows - 1) / blockRows;
    leftCounts_.assign(static_cast<size_t>(blocks_), 0);
  }
  int64_t blocks() const { return blocks_; }
  /// Rows of a block.
  double blockCost() const {
    return static_cast<double>(end_ - begin_ < blockRows ? end_ - begin_ : blockRows);
  }
  static constexpr int64_t blockRows = 16384;

  /// First, for each block: sorts its rows to two sides.
  void divide(int64_t block) {
    const int64_t from = begin_ + block * blockRows;
    const int64_t to = from + blockRows < end_ ? from + blockRows : end_;
    uint32_t* left = left_.data() + from;
    uint32_t* right = right_.data() + from;
    const auto put = [&](uint32_t row) {
      const uint8_t goes = goesLeft_[column_[row]];
      *left = row;
      *right = row;
      left += goes;
      right += 1 - goes;
    };
    if (untouched_) {
      for (int64_t i = from; i < to; i++) put(static_cast<uint32_t>(i));
    } else {
      for (int64_t i = from; i < to; i++) put(order_[i]);
    }
    leftCounts_[static_cast<size_t>(block)] = left - (left_.data() + from);
  }

  /// Between the two: the rows that go left.
  int64_t sumUp() {
    untouched_ = false;
    int64_t total = 0;
    for (int64_t& count : leftCounts_) {
      const int64_t here = count;
      count = total;
      total += here;
    }
    leftTotal_ = total;
    return total;
  }

  /// Then, for each block: brings both sides to their places.
  void place(int64_t block) {
    const int64_t from = begin_ + block * blockRows;
    const int64_t to = from + blockRows < end_ ? from + blockRows : end_;
    const int64_t before = leftCounts_[static_cast<size_t>(block)];
    const int64_t upTo = block + 1 < blocks_ ? leftCounts_[static_cast<size_t>(block) + 1] : leftTotal_;
    const int64_t lefts = upTo - before;
    const int64_t rightAt = begin_ + leftTotal_ + (from - begin_ - before);
    copy(order_.data() + begin_ + before, left_.data() + from, lefts);
    copy(order_.data() + rightAt, right_.data() + from, to - from - lefts);
  }

 private:
  static void copy(uint32_t* to, const uint32_t* from, int64_t count) {
    if (count > 0) memcpy(to, from, static_cast<size_t>(count) * sizeof(uint32_t));
  }

  int64_t rows_;
  AlignedArray<uint32_t> order_, left_, right_;
  bool untouched_ = true;
  int64_t begin_ = 0;
  int64_t end_ = 0;
  int64_t blocks_ = 0;
  int64_t leftTotal_ = 0;
  const uint8_t* column_ = nullptr;
  const uint8_t* goesLeft_ = nullptr;
  std::vector<int64_t> leftCounts_;
};

}  // namespace athanor
