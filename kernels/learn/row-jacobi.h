// Singular values and right vectors of a matrix with no more rows than columns: rows are rotated in
// pairs until all are orthogonal (Hestenes 1958; Demmel & Veselić 1992), in slices. Small singular values
// come out as exactly as large ones.
#pragma once
#include <vector>

#include "learn/job.h"

namespace athanor {

class RowJacobi {
 public:
  /// `a` is `rows × width`, finite, of sizes whose squares are numbers.
  void begin(std::vector<double> a, int64_t rows, int64_t width);
  /// One slice; adds its operations to `work`. `notFinite` where the rotations do not end.
  Step run(Runtime& runtime, double& work);

  /// After `Step::done`: descending.
  const std::vector<double>& values() const { return values_; }
  /// Row i is the right singular vector of value i; those of values of 0 complete the others.
  std::vector<double>& vectors() { return a_; }

 private:
  void beginSweep();
  bool rotatePair(int64_t i, int64_t j);
  void finish();
  void completeRow(int64_t i);

  int64_t rows_ = 0;
  int64_t width_ = 0;
  int64_t round_ = 0;
  int sweeps_ = 0;
  bool rotated_ = false;
  std::vector<double> a_, norms_, values_;
  /// Rows by their places in the tournament.
  std::vector<int64_t> places_;
};

}  // namespace athanor
