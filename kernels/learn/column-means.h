// Weighted means of features and targets, in slices; the sums do not depend on the number of threads.
#pragma once
#include "learn/design-rows.h"

namespace athanor {

class ColumnMeans {
 public:
  /// `targets` is `rows × targetCount`; `weights` may be nullptr (1 each).
  ColumnMeans(const DesignRows& x, const double* targets, int64_t targetCount, const double* weights);
  /// One slice.
  Step run(Runtime& runtime, double& work);

  double total = 0;
  /// Of features, then of targets.
  std::vector<double> means;

 private:
  const DesignRows& x_;
  const double* targets_;
  int64_t targetCount_;
  const double* weights_;
  int64_t size_;
  int64_t next_ = 0;
  std::vector<int64_t> ends_;
  std::vector<double> sums_;
};

}  // namespace athanor
