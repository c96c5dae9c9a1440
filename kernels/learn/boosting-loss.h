// Losses of boosting, their first and second derivatives by the raw prediction, and the constant that
// a model starts from. Half the squared error, half the Poisson and gamma deviances, as in scikit-learn.
#pragma once
#include <cstdint>
#include <vector>

namespace athanor {

/// The numbers of `losses` in src/classic/boosting/boost.ts.
enum class Loss : int32_t {
  squaredError = 0,
  absoluteError = 1,
  quantile = 2,
  poisson = 3,
  gamma = 4,
  binaryLogLoss = 5,
  multiclassLogLoss = 6,
};

/// Targets and weights of the rows in question, in their order.
struct Targets {
  const double* y = nullptr;        // a class's number, for log losses
  const double* weights = nullptr;  // null: 1 each
  int64_t rows = 0;
};

/// Where derivatives go: a column an output, `stride` floats apart; null where they are not wanted.
struct GradientColumns {
  float* data = nullptr;
  int64_t stride = 0;
  bool unit = false;
};

/// The largest sizes that were written.
struct Largest {
  double gradient = 0;
  double hessian = 0;
};

struct LossRule {
  Loss loss = Loss::squaredError;
  double quantile = 0.5;
  int32_t outputs = 1;

  /// Every hessian is 1, where rows have no weights.
  bool unitHessian() const { return loss <= Loss::quantile; }
  /// The best constants: means, medians, log odds. One an output.
  std::vector<double> baseline(const Targets& targets) const;
  /// Leaves get the median (quantile) of their residuals.
  bool renewsLeaves() const { return loss == Loss::absoluteError || loss == Loss::quantile; }
  double residualQuantile() const { return loss == Loss::absoluteError ? 0.5 : quantile; }

  /// For `count` rows: the sum of their losses, times weights. `scores` are columns `stride` apart. Where
  /// `into` has gradients, writes (gradient, hessian) pairs, or gradients alone where `unit`.
  double evaluate(const Targets& targets, int64_t first, int64_t count, const double* scores, int64_t stride,
                  const GradientColumns& into, Largest& largest) const;
};

/// A quantile of `values`, which are reordered: between two neighbours in proportion; where weighted, the
/// first value at which the cumulated weight reaches the part wanted.
double quantileOf(double* values, const double* weights, int64_t count, double part);

}  // namespace athanor
