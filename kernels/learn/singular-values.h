// Singular values and right vectors of a square matrix: two-sided reflectors to bidiagonal form, then
// implicit QR (Golub & Reinsch 1970, in LINPACK's form), in slices.
#pragma once
#include <cstdint>
#include <vector>

#include "learn/job.h"

namespace athanor {

class SingularValues {
 public:
  /// `a` is `n × n`, row-major, finite, of sizes whose squares are numbers.
  void begin(std::vector<double> a, int64_t n);
  /// One slice; adds its operations to `work`. `notFinite` where the iteration does not end.
  Step run(double& work);

  /// After `Step::done`: descending.
  const std::vector<double>& values() const { return values_; }
  /// Row i is the right singular vector of value i.
  std::vector<double>& vectors() { return vectors_; }

 private:
  enum class Phase { reduce, accumulate, iterate };

  double* row(int64_t i) { return a_.data() + i * n_; }
  Step advance(double& work);
  void reduceColumn();
  void accumulateReflector();
  bool iterate(double& work);
  void dropLast(int64_t k);
  void split(int64_t k);
  void chase(int64_t k);
  void rotateVectors(int64_t i, int64_t j, double cosine, double sine);
  void sort();

  int64_t n_ = 0;
  int64_t next_ = 0;
  /// Steps for the value at hand.
  int64_t rounds_ = 0;
  double largest_ = 0;
  Phase phase_ = Phase::reduce;
  std::vector<double> a_, reflectors_, factors_, diagonal_, above_, vectors_, values_, v_, w_;
};

}  // namespace athanor
