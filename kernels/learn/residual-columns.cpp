// Residuals and slopes of the three kinds of columns.
#include "learn/residual-columns.h"

namespace athanor {

GramColumns::GramColumns(std::vector<double> gram, int64_t width)
    : gram_(std::move(gram)), width_(width), size_(width + 1), slopes_(static_cast<size_t>(width)) {
  for (int64_t j = 0; j < width; j++) slopes_[static_cast<size_t>(j)] = gram_[static_cast<size_t>(j * size_ + width)];
}

void GramColumns::move(int64_t j, double change) {
  addScaled(-change, gram_.data() + j * size_, slopes_.data(), width_);
}

void GramColumns::sums(const double* w, double& residual, double& withTargets) const {
  const double explained = dotOf(gram_.data() + width_ * size_, w, width_);
  withTargets = targetSquares() - explained;
  residual = withTargets - dotOf(slopes_.data(), w, width_);
  if (!(residual > 0)) residual = 0;
}

DenseColumns::DenseColumns(const CentredProblem& problem)
    : rows_(problem.x.rows), width_(problem.x.width), cells_(static_cast<size_t>(rows_ * width_)),
      squares_(static_cast<size_t>(width_)), targets_(static_cast<size_t>(rows_)) {
  std::vector<double> row(static_cast<size_t>(width_));
  for (int64_t i = 0; i < rows_; i++) {
    problem.x.copyRow(i, row.data());
    const double root = problem.weights == nullptr ? 1 : std::sqrt(problem.weights[i]);
    for (int64_t j = 0; j < width_; j++)
      cells_[static_cast<size_t>(j * rows_ + i)] = root * (row[static_cast<size_t>(j)] - problem.means[j]);
    targets_[static_cast<size_t>(i)] = root * problem.targets[i];
  }
  for (int64_t j = 0; j < width_; j++) {
    const double* const column = cells_.data() + j * rows_;
    squares_[static_cast<size_t>(j)] = dotOf(column, column, rows_);
  }
  residual_ = targets_;
  targetSquares_ = dotOf(targets_.data(), targets_.data(), rows_);
}

double DenseColumns::slope(int64_t j) const { return dotOf(cells_.data() + j * rows_, residual_.data(), rows_); }

void DenseColumns::move(int64_t j, double change) {
  addScaled(-change, cells_.data() + j * rows_, residual_.data(), rows_);
}

void DenseColumns::sums(const double*, double& residual, double& withTargets) const {
  residual = dotOf(residual_.data(), residual_.data(), rows_);
  withTargets = dotOf(residual_.data(), targets_.data(), rows_);
}

SparseColumns::SparseColumns(const CentredProblem& problem)
    : rows_(problem.x.rows), width_(problem.x.width), weights_(problem.weights),
      starts_(static_cast<size_t>(width_) + 1), squares_(static_cast<size_t>(width_)),
      sums_(static_cast<size_t>(width_)), means_(problem.means, problem.means + width_),
      targets_(problem.targets, problem.targets + rows_) {
  const DesignRows& x = problem.x;
  const int64_t kept = x.cells();
  for (int64_t n = 0; n < kept; n++) starts_[static_cast<size_t>(x.columns[n]) + 1]++;
  for (size_t j = 0; j < static_cast<size_t>(width_); j++) starts_[j + 1] += starts_[j];
  std::vector<int64_t> next(starts_.begin(), starts_.end() - 1);
  places_.resize(static_cast<size_t>(kept));
  values_.resize(static_cast<size_t>(kept));
  double total = 0;
  for (int64_t i = 0; i < rows_; i++) {
    total += weightOf(i);
    for (int32_t n = x.starts[i]; n < x.starts[i + 1]; n++) {
      const size_t j = static_cast<size_t>(x.columns[n]);
      const size_t at = static_cast<size_t>(next[j]++);
      places_[at] = static_cast<int32_t>(i);
      values_[at] = x.values[n];
      sums_[j] += weightOf(i) * x.values[n];
      squares_[j] += weightOf(i) * x.values[n] * x.values[n];
    }
    targetSquares_ += weightOf(i) * targets_[static_cast<size_t>(i)] * targets_[static_cast<size_t>(i)];
  }
  for (size_t j = 0; j < squares_.size(); j++) {
    const double raw = squares_[j];
    squares_[j] -= total * means_[j] * means_[j];
    if (squares_[j] < 1e-12 * raw) squares_[j] = 0;
  }
  base_ = targets_;
  cost_ = 2 * static_cast<double>(kept) / static_cast<double>(width_) + 3;
}

double SparseColumns::slope(int64_t j) const {
  // The residual's weighted sum is 0, so that the column's mean does not matter here.
  double sum = offset_ * sums_[static_cast<size_t>(j)];
  for (int64_t n = starts_[static_cast<size_t>(j)]; n < starts_[static_cast<size_t>(j) + 1]; n++) {
    const int32_t i = places_[static_cast<size_t>(n)];
    sum += weightOf(i) * values_[static_cast<size_t>(n)] * base_[static_cast<size_t>(i)];
  }
  return sum;
}

void SparseColumns::move(int64_t j, double change) {
  for (int64_t n = starts_[static_cast<size_t>(j)]; n < starts_[static_cast<size_t>(j) + 1]; n++)
    base_[static_cast<size_t>(places_[static_cast<size_t>(n)])] -= change * values_[static_cast<size_t>(n)];
  offset_ += change * means_[static_cast<size_t>(j)];
}

void SparseColumns::sums(const double*, double& residual, double& withTargets) const {
  residual = withTargets = 0;
  for (int64_t i = 0; i < rows_; i++) {
    const double r = base_[static_cast<size_t>(i)] + offset_;
    residual += weightOf(i) * r * r;
    withTargets += weightOf(i) * r * targets_[static_cast<size_t>(i)];
  }
}

}  // namespace athanor
