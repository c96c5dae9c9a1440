// The whole Hessian of a linear model's objective, and its Cholesky factor: block by block of outputs, from the
// curvature that a pass has kept.
#pragma once
#include "learn/cholesky.h"
#include "learn/objective-pass.h"
#include "learn/weighted-gram.h"

namespace athanor {

class HessianFactor {
 public:
  explicit HessianFactor(const ObjectivePass& pass) : pass_(pass), gram_(pass.rows()) {}

  /// Multiply-adds that it takes, about.
  static double workOf(const ObjectivePass& pass);
  /// Begins anew, from `pass.curvature`.
  void begin();
  /// One slice.
  Step run(Runtime& runtime, double& work);
  /// H⁻¹ · v, in place; v itself where nothing could be factored.
  void solve(double* v) const;

 private:
  void beginPair();
  void takePair();
  void factor(Runtime& runtime);

  const ObjectivePass& pass_;
  WeightedGram gram_;
  Cholesky factor_;
  /// The pair of outputs whose block is next.
  int64_t first_ = 0, second_ = 0;
  bool factored_ = false;
  std::vector<double> weights_, hessian_, damped_;
};

}  // namespace athanor
