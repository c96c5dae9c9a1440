// The triangular factor R of tall matrices, block of rows by block of rows: each part of the rows folds its
// blocks into an R of its own, and those are folded into one (Demmel, Grigori, Hoemmen & Langou 2012).
// Q is never formed: right sides stand beside the columns and come out as Qᵀ · b.
#pragma once
#include "learn/design-rows.h"

namespace athanor {

class RowQr {
 public:
  struct Wanted {
    /// Rows are multiplied by the root of their weights; nullptr: 1 each.
    const double* weights = nullptr;
    /// Taken off features, then targets.
    const double* shift = nullptr;
    /// `rows × targetCount`.
    const double* targets = nullptr;
    int64_t targetCount = 0;
    /// Its root times the identity stands below the features.
    double penalty = 0;
  };

  RowQr(const DesignRows& x, const Wanted& wanted);
  /// One slice.
  Step run(Runtime& runtime, double& work);
  /// `size × size`, row-major, upper triangle; features come first, then targets.
  const std::vector<double>& factor() const { return factors_[0]; }
  int64_t size() const { return size_; }

 private:
  void load(int64_t from, int64_t rows, double* block) const;
  Step merge(double& work);
  void fold(std::vector<double>& factor, double* block, int64_t rows) const;

  const DesignRows& x_;
  Wanted wanted_;
  int64_t size_;
  int64_t blockRows_;
  bool merging_ = false;
  /// The triangle that is folded in next, and its row.
  int64_t merged_ = 1;
  int64_t next_ = 0;
  std::vector<int64_t> ends_, at_;
  std::vector<std::vector<double>> factors_;
};

}  // namespace athanor
