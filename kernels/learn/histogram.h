// Sums of gradients and hessians over the rows of a node, by feature and bin (Ke et al., LightGBM,
// NeurIPS 2017, algorithm 1; Chen & Guestrin, XGBoost, KDD 2016, section 3).
//
// Gradients are whole multiples of a power of two, and sums are exact: whatever the order, the same bits,
// and a sibling found by subtraction is the one that would have been counted.
#pragma once
#include <cstdint>
#include <vector>

#include "learn/binned-table.h"

namespace athanor {

/// How a node's sums lie: chunk by chunk, bin by bin, eight sums of gradients, eight of hessians, eight
/// counts. Where every hessian is 1 the counts are the hessians too.
struct HistogramShape {
  bool unit = false;
  std::vector<int64_t> chunkBegin;  // and behind the last

  HistogramShape(const SlotLayout& layout, bool unitHessians);

  int channels() const { return unit ? 2 : 3; }
  int64_t size() const { return chunkBegin.back(); }
  int64_t binSize() const { return channels() * chunkSlots; }
};

/// What gradients and hessians are multiplied by before they are rounded to whole numbers: powers of two,
/// so that the largest has as many bits as sums of all rows have room for (33 up to half a million rows).
struct FixedPoint {
  double gradientScale = 1;
  double hessianScale = 1;

  FixedPoint() = default;
  FixedPoint(double largestGradient, double largestHessian, int64_t rows);
};

/// The rows of a node, whose order never changes: `ids`, or all rows where it is null.
struct NodeRows {
  const uint32_t* ids = nullptr;
  int64_t count = 0;
};

/// The work of one node's histogram as tasks that may run at once: pieces of its rows by groups of chunks.
class HistogramWork {
 public:
  HistogramWork(const BinnedTable& table, const HistogramShape& shape);

  /// Before tasks run, from the calling thread: false where memory is out.
  static bool reserve(Runtime& runtime);

  /// Begins a node. `gradients` holds one float a row, or pairs (gradient, hessian).
  void begin(NodeRows rows, const float* gradients, const FixedPoint& fixed, double* sums);

  int64_t tasks() const { return pieces_ * static_cast<int64_t>(groups_->size()); }
  /// Operations of one task, about.
  double cost() const { return cost_; }
  void run(Runtime& runtime, int64_t task, int worker);

  /// Once all tasks are done: adds the pieces of a chunk up, in order.
  void gather(int32_t chunk);

 private:
  struct Group {
    int32_t panel, firstChunk, endChunk;
  };

  const BinnedTable& table_;
  const HistogramShape& shape_;
  std::vector<Group> panelGroups_, chunkGroups_;
  const std::vector<Group>* groups_ = nullptr;
  int64_t mostPieces_;
  AlignedArray<double> partial_;
  NodeRows rows_;
  const float* gradients_ = nullptr;
  FixedPoint fixed_;
  double* sums_ = nullptr;
  int64_t pieces_ = 0;
  double cost_ = 0;
};

}  // namespace athanor
