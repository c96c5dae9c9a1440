// The best division of one node: features are drawn, each is asked for its best cut (or a random one), the
// best of all divides the node's rows. A node is a stretch of row numbers, of the table or of a block.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "learn/impurity.h"
#include "learn/random-stream.h"
#include "learn/sorted-columns.h"

namespace athanor {

struct TreeRules {
  int32_t depth = INT32_MAX;
  int64_t leastSplit = 2;
  int64_t leastLeaf = 1;
  double leastWeight = 0;
  double leastDecrease = 0;
  /// Features that a node looks at.
  int32_t features = 1;
  /// 0: any number, depth first; else best first.
  int64_t leaves = 0;
  /// Thresholds are drawn instead of sought.
  bool drawn = false;
  /// −1, 0 or 1 for each feature; nullptr where there are none.
  const int8_t* signs = nullptr;
};

/// What all trees of a fit have in common.
struct TreeSource {
  FeatureTable table;
  const SortedColumns* sorted = nullptr;  // where thresholds are sought
  const PlainColumns* plain = nullptr;    // where they are drawn
  Impurity* impurity = nullptr;
  TreeRules rules;
};

/// A division that was found.
struct Division {
  double score = -__builtin_inf();
  int32_t feature = -1;
  double threshold = 0;
  uint32_t lastPlace = 0;  // in the sorted column, of the left side
  bool missingLeft = false;
  int64_t leftRows = 0;
};

/// Parts values from missing ones.
constexpr double everyValue = __builtin_inf();

inline uint64_t mixed(uint64_t x) {  // Steele et al., SplitMix64
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// Features one after the other without putting back, in an order that the node's key decides.
class FeatureDraws {
 public:
  explicit FeatureDraws(int32_t width) : features_(static_cast<size_t>(width)) {
    for (int32_t f = 0; f < width; f++) features_[static_cast<size_t>(f)] = f;
  }

  /// `constant`: a bit for each feature that has one value here.
  void begin(uint64_t key, int32_t wanted, const uint64_t* constant) {
    for (; drawn_ > 0; drawn_--) std::swap(features_[drawn_ - 1], features_[swapped_[drawn_ - 1]]);
    swapped_.clear();
    wanted_ = static_cast<size_t>(wanted);
    all_ = wanted_ >= features_.size();
    constant_ = constant;
    if (!all_) random_ = RandomStream(key, 1);
  }

  /// The next one worth a look, or −1: when as many as wanted were drawn and one was worth it (`found`).
  int32_t next(bool found) {
    while (drawn_ < features_.size() && (drawn_ < wanted_ || !found)) {
      const size_t left = features_.size() - drawn_;
      const size_t at = all_ ? drawn_ : drawn_ + random_.below(static_cast<uint32_t>(left));
      std::swap(features_[drawn_], features_[at]);
      swapped_.push_back(static_cast<uint32_t>(at));
      const int32_t feature = features_[drawn_++];
      if ((constant_[feature >> 6] >> (feature & 63) & 1) == 0) return feature;
    }
    return -1;
  }

  bool all() const { return all_; }

 private:
  std::vector<int32_t> features_;
  std::vector<uint32_t> swapped_;
  size_t drawn_ = 0;
  size_t wanted_ = 0;
  bool all_ = false;
  const uint64_t* constant_ = nullptr;
  RandomStream random_{0, 1};
};

/// Where a search works: rows are those of the table.
class WholeTable {
 public:
  WholeTable(const TreeSource& source, const TargetRows& of) : source_(source), of_(of) {}

  const TargetRows& of() const { return of_; }
  SortedColumn column(int32_t feature) { return source_.sorted->column(feature); }
  const float* narrow(int32_t feature) { return source_.plain->narrow(feature); }
  const double* wide(int32_t feature) { return source_.plain->wide(feature); }
  double value(uint32_t row, int32_t feature) const { return source_.table.at(row, feature); }

 private:
  const TreeSource& source_;
  TargetRows of_;
};

/// Where a search works: a copy of some rows that stays in the cache. Columns are made when they are first
/// asked for.
class RowBlock {
 public:
  explicit RowBlock(const TreeSource& source);

  /// So many rows fit, chosen so that a block of all columns stays in the second-level cache.
  static int64_t mostRows(const TreeSource& source) {
    return std::max<int64_t>(256, std::min<int64_t>(4096, 800000 / source.table.width));
  }

  /// Copies rows (ascending) with their targets; numbers within the block follow their order.
  void begin(const TargetRows& of, const uint32_t* rows, int64_t count);

  const TargetRows& of() const { return of_; }
  BlockColumn column(int32_t feature);
  const float* narrow(int32_t feature);
  const double* wide(int32_t feature);
  double value(uint32_t row, int32_t feature) const { return source_.table.at(rows_[row], feature); }

 private:
  /// Columns that are made together, since the places of a row lie together.
  static constexpr int32_t groupColumns = 16;

  struct Column {
    uint32_t block = 0;  // for which it was made
    int64_t present = 0;
    std::unique_ptr<uint16_t[]> places;  // orders, places, levels
    std::unique_ptr<float[]> narrow;
    std::unique_ptr<double[]> wide;
  };

  template <typename Key>
  void sortGroup(int32_t feature, std::unique_ptr<Key[]>& room);

  template <typename T>
  const T* copied(Column& column, std::unique_ptr<T[]>& to, const T* from);

  const TreeSource& source_;
  size_t mostRows_;
  const uint32_t* rows_ = nullptr;
  int64_t count_ = 0;
  uint32_t block_ = 0;
  TargetRows of_;
  std::vector<uint32_t> packed_;
  std::vector<int32_t> codes_;
  std::vector<double> targets_, weights_;
  std::vector<Column> columns_;
  int digitBits_, digits_;  // of a place
  std::unique_ptr<uint32_t[]> keys_;  // place and number within the block, of a group
  std::unique_ptr<uint64_t[]> longKeys_;
};

/// A node's values of a feature, one after the other.
struct NodeValues {
  AlignedArray<float> narrow;
  AlignedArray<double> wide;
};

/// Asks one feature. `best` becomes better or stays; false where the feature has one value in the node.
template <typename Place>
bool askFeature(const TreeSource& source, Place& place, const NodeState& node, const CutRules& rules,
                uint64_t key, int32_t feature, NodeOrder& room, NodeValues& values, Division& best);

/// Moves the rows of a node so that those of the left side come first, both in their order.
template <typename Place>
int64_t divideRows(const TreeSource& source, Place& place, const Division& division, uint32_t* rows, int64_t count,
                   NodeOrder& room);

}  // namespace athanor
