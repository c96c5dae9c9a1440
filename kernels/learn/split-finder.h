// The best division of a node from its histogram: second-order gain (Chen & Guestrin, XGBoost, KDD 2016,
// equations 5 and 7), missing cells tried on either side (algorithm 3), categories sorted by gradient
// over hessian (Fisher 1958), monotone constraints by bounds on the values of leaves.
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

#include "learn/histogram.h"

namespace athanor {

constexpr int categoryWords = 8;

/// A set of bins.
struct BinSet {
  uint32_t words[categoryWords] = {};
  void add(int32_t bin) { words[bin >> 5] |= uint32_t(1) << (bin & 31); }
  bool has(int32_t bin) const { return (words[bin >> 5] >> (bin & 31) & 1) != 0; }
};

struct Split {
  double gain = 0;  // 0: none was found
  int32_t slot = -1;
  int32_t feature = -1;
  /// Bins up to this one go left; or those of `left`, for categories.
  int32_t bin = 0;
  bool missingLeft = false;
  bool categorical = false;
  BinSet left;
  double leftGradient = 0;
  double leftHessian = 0;
  int64_t leftCount = 0;

  /// Higher gain first, then the lower feature.
  bool betterThan(const Split& other) const {
    return gain > other.gain || (gain == other.gain && gain > 0 && feature < other.feature);
  }
};

struct NodeSums {
  double gradient = 0;
  double hessian = 0;
  int64_t count = 0;
  /// What the node would predict as a leaf; 0 at the root.
  double value = 0;
  /// Bounds of its children's values.
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
};

struct SplitRules {
  double l2 = 0;
  double smallestHessian = 1e-3;
  int64_t smallestCount = 20;
  /// By feature: 1 rising, −1 falling, 0 free. Empty where all are free.
  std::vector<int8_t> monotone;

  double valueOf(double gradient, double hessian, double lower, double upper) const;
};

class SplitFinder {
 public:
  SplitFinder(const BinnedTable& table, const std::vector<FeatureBins>& bins, const HistogramShape& shape,
              const SplitRules& rules);

  /// The best split on one of a chunk's features; `allowed` by slot, or null for all.
  Split find(int32_t chunk, const double* sums, const NodeSums& node, const uint8_t* allowed) const;

 private:
  struct Lanes {
    double end[chunkSlots];         // bins from which a division is pointless, by slot
    double missingEnd[chunkSlots];  // the same where missing cells go left
    double monotone[chunkSlots];
    int32_t missingBin[chunkSlots];
    bool categorical[chunkSlots];
    bool anyMissing = false;
    bool anyCategorical = false;
  };

  template <bool bounded>
  void scan(int32_t chunk, const double* sums, const NodeSums& node, const uint8_t* allowed, bool missingLeft,
            Split& best) const;
  void findCategories(int32_t slot, const double* sums, const NodeSums& node, Split& best) const;
  double gainOf(double leftGradient, double leftHessian, const NodeSums& node) const;

  const SlotLayout& layout_;
  const HistogramShape& shape_;
  const SplitRules& rules_;
  std::vector<Lanes> lanes_;
};

}  // namespace athanor
