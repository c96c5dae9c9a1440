// A table's columns for trees that look at every threshold: each column is sorted once a fit, so that
// a node's rows come in the order of a feature by marking their places instead of by sorting.
#pragma once
#include <cstdint>
#include <vector>

#include "learn/aligned-array.h"

namespace athanor {

/// Row-major features of either precision; NaN is missing.
struct FeatureTable {
  const float* narrow = nullptr;
  const double* wide = nullptr;
  int64_t rows = 0;
  int32_t width = 0;

  double at(int64_t row, int32_t feature) const {
    const int64_t i = row * width + feature;
    return narrow != nullptr ? static_cast<double>(narrow[i]) : wide[i];
  }
};

/// One column in order. Place p holds the p-th smallest value; equal values have a level in common;
/// missing ones come last and share the last level.
struct SortedColumn {
  const uint32_t* orders;       // the row at a place
  const uint32_t* places;       // the place of a row
  const uint64_t* fresh;        // bit p: another level begins at place p
  const uint32_t* freshBefore;  // such bits before each word
  int64_t rows;
  int64_t present;              // places before the missing ones
  bool distinct;                // no two values are equal

  uint32_t order(uint32_t place) const { return orders[place]; }
  uint32_t place(uint32_t row) const { return places[row]; }
  uint32_t level(uint32_t place) const {
    const uint64_t upTo = fresh[place >> 6] & (~uint64_t(0) >> (63 - (place & 63)));
    return freshBefore[place >> 6] + static_cast<uint32_t>(__builtin_popcountll(upTo));
  }
};

/// A column while it is sorted, pass by pass.
struct ColumnSort {
  int32_t feature = 0;
  int stage = 0;
  std::vector<float> narrow;
  std::vector<double> wide;
  std::vector<uint64_t> items, room;  // the upper half of a key, the row
  std::vector<uint32_t> counts;
};

class SortedColumns {
 public:
  explicit SortedColumns(const FeatureTable& table);

  /// One pass over a column, which `sort` names; false once it is sorted. Columns don't touch each other.
  bool advance(ColumnSort& sort);

  SortedColumn column(int32_t feature) const {
    const size_t f = static_cast<size_t>(feature);
    return {orders_.data() + f * rows_,       places_.data() + f * rows_,   fresh_.data() + f * words_,
            freshBefore_.data() + f * words_, static_cast<int64_t>(rows_), present_[f],
            distinct_[f] != 0};
  }

  /// Once all are sorted: copies a block of rows of their places row by row; blocks don't touch each other.
  void fillRows(int64_t begin, int64_t end);
  /// The places of one row.
  const uint32_t* placesOf(uint32_t row) const { return byRow_.data() + row * static_cast<size_t>(table_.width); }

 private:
  template <typename T>
  void collect(ColumnSort& sort, const T* x, std::vector<T>& column);
  template <typename T>
  void order(ColumnSort& sort, const std::vector<T>& column);
  template <typename T>
  void place(const ColumnSort& sort, const std::vector<T>& column);

  FeatureTable table_;
  size_t rows_;
  size_t words_;
  AlignedArray<uint32_t> orders_, places_, freshBefore_, byRow_;
  AlignedArray<uint64_t> fresh_;
  std::vector<int64_t> present_;
  std::vector<uint8_t> distinct_;
};

/// The columns as they are, one after the other: for trees that draw their thresholds.
class PlainColumns {
 public:
  explicit PlainColumns(const FeatureTable& table);

  /// Copies a block of rows of all columns; blocks don't touch each other.
  void fill(int64_t begin, int64_t end);

  const float* narrow(int32_t feature) const {
    return narrow_.size() == 0 ? nullptr : narrow_.data() + static_cast<size_t>(feature) * rows_;
  }
  const double* wide(int32_t feature) const {
    return wide_.size() == 0 ? nullptr : wide_.data() + static_cast<size_t>(feature) * rows_;
  }

 private:
  FeatureTable table_;
  size_t rows_;
  AlignedArray<float> narrow_;
  AlignedArray<double> wide_;
};

}  // namespace athanor
