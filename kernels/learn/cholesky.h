// Solves A · x = b for a symmetric positive definite A: Cholesky's factorisation A = L · Lᵀ, panel by
// panel (Golub & Van Loan 2013, section 4.2), in slices.
#pragma once
#include <cstdint>
#include <vector>

#include "learn/job.h"

namespace athanor {

class Cholesky {
 public:
  /// Factors the lower triangle of `a` (`n × n`, row-major) in place.
  void begin(double* a, int64_t n);
  /// One slice. After `Step::done`, `positive` says whether A was positive definite to working precision.
  Step run(Runtime& runtime, double& work);
  /// All slices.
  bool factor(Runtime& runtime, double* a, int64_t n);
  bool positive() const { return positive_; }
  /// Solves for `count` right sides, one after the other in `b` (`count × n`), in place.
  void solve(Runtime& runtime, double* b, int64_t count) const;
  void solve(double* b) const;

 private:
  bool panel(Runtime& runtime, int64_t from, int64_t to);

  double* a_ = nullptr;
  int64_t n_ = 0;
  int64_t next_ = 0;
  bool positive_ = true;
  std::vector<double> least_;
  std::vector<double> product_;
};

}  // namespace athanor
