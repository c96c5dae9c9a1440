// Columns of features for coordinate descent: as their Gram matrix, as dense columns, or as sparse ones that
// are centred without being filled.
#pragma once
#include "learn/design-rows.h"
#include "learn/elastic-net.h"

namespace athanor {

/// What all three are made from: means and weights that sum to the number of rows.
struct CentredProblem {
  const DesignRows& x;
  /// One a row, or nullptr: 1 each.
  const double* weights;
  /// Of the features (0 without an intercept).
  const double* means;
  /// Less their mean.
  const double* targets;
};

/// From `gram`, `(width + 1)²` with the targets as the last column.
class GramColumns : public ResidualColumns {
 public:
  GramColumns(std::vector<double> gram, int64_t width);
  int64_t count() const override { return width_; }
  double square(int64_t j) const override { return gram_[static_cast<size_t>(j * (size_ + 1))]; }
  double slope(int64_t j) const override { return slopes_[static_cast<size_t>(j)]; }
  void move(int64_t j, double change) override;
  void sums(const double* w, double& residual, double& withTargets) const override;
  double targetSquares() const override { return gram_.back(); }
  double cost() const override { return static_cast<double>(width_) / 8 + 3; }

 private:
  std::vector<double> gram_;
  int64_t width_;
  int64_t size_;
  std::vector<double> slopes_;
};

class DenseColumns : public ResidualColumns {
 public:
  explicit DenseColumns(const CentredProblem& problem);
  int64_t count() const override { return width_; }
  double square(int64_t j) const override { return squares_[static_cast<size_t>(j)]; }
  double slope(int64_t j) const override;
  void move(int64_t j, double change) override;
  void sums(const double* w, double& residual, double& withTargets) const override;
  double targetSquares() const override { return targetSquares_; }
  double cost() const override { return static_cast<double>(rows_) / 8 + 3; }

 private:
  int64_t rows_, width_;
  std::vector<double> cells_, squares_, targets_, residual_;
  double targetSquares_ = 0;
};

class SparseColumns : public ResidualColumns {
 public:
  explicit SparseColumns(const CentredProblem& problem);
  int64_t count() const override { return width_; }
  double square(int64_t j) const override { return squares_[static_cast<size_t>(j)]; }
  double slope(int64_t j) const override;
  void move(int64_t j, double change) override;
  void sums(const double* w, double& residual, double& withTargets) const override;
  double targetSquares() const override { return targetSquares_; }
  double cost() const override { return cost_; }

 private:
  double weightOf(int64_t i) const { return weights_ == nullptr ? 1 : weights_[i]; }

  int64_t rows_, width_;
  const double* weights_;
  std::vector<int64_t> starts_;
  std::vector<int32_t> places_;
  std::vector<double> values_, squares_, sums_, means_, targets_;
  /// The residual is `base_ + offset_`.
  std::vector<double> base_;
  double offset_ = 0, targetSquares_ = 0, cost_ = 1;
};

}  // namespace athanor
