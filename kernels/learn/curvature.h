// What is near the inverse of a linear model's Hessian, for L-BFGS to start from: the Hessian of a
// sample of the rows, one block an output, or the diagonal where there are many features.
#pragma once
#include <memory>

#include "learn/cholesky.h"
#include "learn/hessian-factor.h"
#include "learn/lbfgs.h"
#include "learn/objective-pass.h"
#include "learn/weighted-gram.h"

namespace athanor {

class Curvature : public Preconditioner {
 public:
  /// Looks at the curvature at `at`.
  virtual void begin(const double* at) = 0;
  /// One slice.
  virtual Step run(Runtime& runtime, double& work) = 0;
  /// Whether another look later on would make it better.
  virtual bool changes() const = 0;
  /// Whether there is a better, dearer kind, which the next look will take.
  virtual bool improve() { return false; }
  /// Whether a look sees all there is.
  virtual bool exact() const { return false; }
};

/// From `pass`, whose rows are the sample.
class BlockCurvature : public Curvature {
 public:
  /// `all`: the sample is all rows.
  BlockCurvature(ObjectivePass& pass, bool all);
  void begin(const double* at) override;
  Step run(Runtime& runtime, double& work) override;
  bool changes() const override { return pass_.terms().loss.kind != LossKind::squared; }
  void apply(Runtime& runtime, double* v) const override;
  /// From a block for each output to the whole Hessian of all, if that is affordable.
  bool improve() override;
  bool exact() const override { return all_ && (whole_ != nullptr || pass_.outputs() == 1); }

 private:
  enum class Phase { pass, gram, factor, whole };

  void beginGram();
  void takeGram(Runtime& runtime);
  /// Multiply-adds beyond which all classes share one matrix, and up to which the whole is made.
  static constexpr double sharedBeyond = 2e9, wholeUpTo = 2e9;

  ObjectivePass& pass_;
  bool all_;
  WeightedGram gram_;
  Phase phase_ = Phase::pass;
  int64_t size_;
  int64_t output_ = 0;
  bool shared_, common_ = false;
  std::vector<double> weights_;
  std::vector<std::vector<double>> blocks_;
  std::vector<Cholesky> factors_;
  std::unique_ptr<HessianFactor> whole_;
  double scaleCurvature_ = 1;
};

/// The diagonal over centred features: one look is enough.
class DiagonalCurvature : public Curvature {
 public:
  explicit DiagonalCurvature(ObjectivePass& pass) : pass_(pass) {}
  void begin(const double* at) override;
  Step run(Runtime& runtime, double& work) override;
  bool changes() const override { return false; }
  void apply(Runtime& runtime, double* v) const override;

 private:
  void sums(Runtime& runtime);

  ObjectivePass& pass_;
  bool passed_ = false;
  /// Each output's weighted mean of each feature, and the inverse of the diagonal, intercepts last.
  std::vector<double> means_, inverse_;
  double scaleCurvature_ = 1;
};

}  // namespace athanor
