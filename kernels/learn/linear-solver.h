// Linear support vectors without a kernel: minimise a penalty of w plus Σ Cᵢ·loss(yᵢ, w·xᵢ), the intercept
// being one more feature of constant value (Fan et al. 2008, LIBLINEAR).
#pragma once
#include <memory>
#include <vector>

#include "learn/crew.h"
#include "learn/random-stream.h"
#include "learn/row-source.h"

namespace athanor {

enum class LinearMethod : int {
  /// Classification, one coordinate of the dual at a time.
  dualHinge = 0,
  dualSquaredHinge = 1,
  /// Regression likewise.
  dualInsensitive = 2,
  dualSquaredInsensitive = 3,
  /// Newton steps on w, for classification and regression.
  newtonSquaredHinge = 4,
  newtonSquaredInsensitive = 5,
  /// Classification with the sum of |w| as penalty, one weight at a time.
  lassoSquaredHinge = 6,
};

/// Rows that count, with the constant feature last.
struct LinearRows {
  Source source;
  /// Value of the constant feature, or 0 without one.
  double bias = 0;
  const int32_t* rows = nullptr;
  int64_t count = 0;

  int64_t weights() const { return source.width + (bias != 0 ? 1 : 0); }
  double dot(int64_t i, const double* w) const;
  void add(int64_t i, double factor, double* w) const;
  double square(int64_t i) const;
  /// About how many nanoseconds a product with a row takes.
  double cost() const;
};

struct LinearProblem {
  LinearRows rows;
  LinearMethod method = LinearMethod::dualHinge;
  /// ±1, or numbers; one a row of `rows`.
  std::vector<double> y;
  /// C times the row's weight.
  std::vector<double> cost;
  double epsilon = 0;
  double tolerance = 1e-4;
  int64_t mostIterations = 1000;
  uint64_t seed = 0;
  uint32_t stream = 0;

  double* w = nullptr;
  int64_t iterations = 0;
  bool converged = false;
};

class LinearSolver {
 public:
  virtual ~LinearSolver() = default;
  /// Works for about `work` nanoseconds of one thread, which it adds to `done`; true at the end.
  virtual bool advance(const Crew& crew, double work, double* done) = 0;
};

std::unique_ptr<LinearSolver> dualSolver(LinearProblem& problem);
std::unique_ptr<LinearSolver> newtonSolver(LinearProblem& problem);
std::unique_ptr<LinearSolver> lassoSolver(LinearProblem& problem);

}  // namespace athanor
