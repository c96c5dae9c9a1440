// Eigenvalues and vectors of a symmetric matrix: Householder's tridiagonal form, then QL with implicit
// shifts (Golub & Van Loan 2013, 8.3; EISPACK's tred2 and tql2), in slices.
#pragma once
#include <cstdint>
#include <vector>

#include "learn/job.h"

namespace athanor {

class SymmetricEigen {
 public:
  /// `a` is `n × n`, of which the lower triangle is read; it must be finite.
  void begin(std::vector<double> a, int64_t n);
  /// One slice; adds its operations to `work`. `notFinite` where the matrix was not.
  Step run(double& work);

  /// After `Step::done`: descending.
  const std::vector<double>& values() const { return values_; }
  /// Row i is the unit vector of value i.
  const std::vector<double>& vectors() const { return vectors_; }

 private:
  enum class Phase { reduce, accumulate, iterate };

  double* row(int64_t i) { return a_.data() + i * n_; }
  Step advance(double& work);
  void reduceColumn();
  void accumulateReflector();
  bool findValue();
  void sort();

  int64_t n_ = 0;
  int64_t next_ = 0;
  double largest_ = 0;
  Phase phase_ = Phase::reduce;
  std::vector<double> a_;
  /// Reflector k (from element k + 1) as row k, and its factor.
  std::vector<double> reflectors_, factors_;
  std::vector<double> diagonal_, below_;
  /// Rows are eigenvectors: rotations work on neighbouring rows.
  std::vector<double> vectors_;
  std::vector<double> values_;
  std::vector<double> v_, w_;
};

}  // namespace athanor
