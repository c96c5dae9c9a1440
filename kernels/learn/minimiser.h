// Ways to minimise a linear model's objective, each in slices.
#pragma once
#include "learn/curvature.h"

namespace athanor {

class Minimiser {
 public:
  struct Limits {
    int64_t iterations = 100;
    /// Stops when no component of the gradient is larger.
    double tolerance = 1e-4;
    /// Whether the tolerance is a share of the largest component at the start.
    bool relative = false;

    /// At the start.
    void settle(double gradientSize) {
      if (relative) tolerance *= gradientSize;
      relative = false;
    }
  };

  virtual ~Minimiser() = default;
  /// One slice; adds its operations to `work`.
  virtual Step step(Runtime& runtime, double& work) = 0;

  std::vector<double> x;
  double value = 0;
  /// The largest component of the gradient at `x`.
  double gradientSize = 0;
  int64_t iterations = 0;
  bool converged = false;
};

/// Limited-memory BFGS from `start`, over a preconditioner that is asked for a look at the curvature where
/// the steps do not help as they should.
class LbfgsMinimiser : public Minimiser {
 public:
  /// `fresh` says that `curvature` has looked at a point near `start` already.
  LbfgsMinimiser(ObjectivePass& pass, Curvature& curvature, bool fresh, std::vector<double> start,
                 const Limits& limits);
  Step step(Runtime& runtime, double& work) override;

 private:
  enum class Phase { evaluate, look };

  Step onIterate(Runtime& runtime);
  Step go(Runtime& runtime);
  Step finish(bool good);

  ObjectivePass& pass_;
  Curvature& curvature_;
  Limits limits_;
  Lbfgs lbfgs_;
  Phase phase_ = Phase::evaluate;
  bool fresh_;
  int64_t sinceLook_ = 0;
  double sizeBefore_ = 0;
  int slowSteps_ = 0;
  int flat_ = 0;
};

/// Newton's method with the whole Hessian: by its Cholesky factor, or by conjugate gradients that never form
/// it (Nocedal & Wright 2006, algorithms 3.2 and 7.1). Steps are halved until they lower the objective.
class NewtonMinimiser : public Minimiser {
 public:
  NewtonMinimiser(ObjectivePass& pass, bool direct, std::vector<double> start, const Limits& limits);
  Step step(Runtime& runtime, double& work) override;

 private:
  enum class Phase { evaluate, factor, product, trial };

  Step onIterate(Runtime& runtime);
  Step onProduct(Runtime& runtime);
  Step onTrial(Runtime& runtime);
  void tryStep(Runtime& runtime);
  Step finish(bool good);

  ObjectivePass& pass_;
  bool direct_;
  Limits limits_;
  HessianFactor hessian_;
  Phase phase_ = Phase::evaluate;
  std::vector<double> direction_, gradient_, trial_;
  /// Of conjugate gradients.
  std::vector<double> residual_, search_;
  double squares_ = 0, enough_ = 0;
  int64_t searches_ = 0;
  double slope_ = 0, length_ = 1;
  int halvings_ = 0;
  int flat_ = 0;
};

/// Steps of a constant length against the gradient, with a record of the way.
class DescentMinimiser : public Minimiser {
 public:
  /// Every `stride`-th iterate is recorded, and the last.
  DescentMinimiser(ObjectivePass& pass, double rate, int64_t stride, std::vector<double> start,
                   const Limits& limits);
  Step step(Runtime& runtime, double& work) override;

  /// Iteration, loss, norm of the gradient; and the parameters.
  std::vector<double> trace, path;

 private:
  void record();

  ObjectivePass& pass_;
  double rate_;
  int64_t stride_;
  Limits limits_;
};

}  // namespace athanor
