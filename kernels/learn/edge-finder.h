// Edges of all features: quantiles of a sample of the training rows, or the categories there are.
#pragma once
#include <cstdint>
#include <vector>

#include "learn/binned-table.h"

namespace athanor {

/// Whose cells become edges.
struct EdgeSource {
  RowMatrix x;
  const int32_t* trainRows = nullptr;  // null: all
  int64_t trainCount = 0;
  const double* weights = nullptr;  // of the training rows, in their order; null: 1 each
  const uint8_t* categorical = nullptr;  // by feature; null: none is
  int32_t maxBins = 255;
  uint64_t seed = 0;
};

class EdgeFinder {
 public:
  explicit EdgeFinder(const EdgeSource& source);

  /// A few features more; false once all are done, or one has too many categories.
  bool advance(Runtime& runtime, double& work);

  const std::vector<FeatureBins>& bins() const { return bins_; }
  /// The feature that has more categories than bins; −1 where none has.
  int32_t crowded() const { return crowded_; }

 private:
  void sampleRows();
  template <typename T>
  void findQuantiles(Runtime& runtime, int32_t count);
  void findCategories(int32_t feature);
  bool isCategorical(int32_t feature) const {
    return source_.categorical != nullptr && source_.categorical[feature] != 0;
  }

  EdgeSource source_;
  std::vector<int64_t> sample_;
  std::vector<double> sampleWeights_;
  AlignedArray<double> columns_, room_;
  int32_t nextFeature_ = 0;
  int32_t crowded_ = -1;
  std::vector<FeatureBins> bins_;
};

}  // namespace athanor
