// Minimises a smooth function of many numbers: limited-memory BFGS (Nocedal & Wright 2006, algorithms 7.4
// and 7.5) with a line search for the strong Wolfe conditions (3.5 and 3.6). The caller evaluates: it
// asks for `point`, tells value and gradient there, and so keeps its passes in slices.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime.h"

namespace athanor {

/// Something near the inverse of the Hessian.
class Preconditioner {
 public:
  virtual ~Preconditioner() = default;
  /// In place.
  virtual void apply(Runtime& runtime, double* v) const = 0;
};

class Lbfgs {
 public:
  enum class Event {
    /// Evaluate at `point`, and tell.
    evaluate,
    /// `x` is a new iterate: go on with `advance`, or stop.
    iterate,
    /// Nothing more to be had in float64.
    stuck,
  };

  /// From `start`; the first thing wanted is the evaluation there.
  void begin(const double* start, int64_t n);
  const double* point() const { return trial_.data(); }
  Event tell(Runtime& runtime, double value, const double* gradient);
  /// Chooses the next direction; `Event::evaluate` or `stuck`. `first` is the step tried at first.
  Event advance(Runtime& runtime, const Preconditioner& preconditioner, double first);

  /// Leaves out what earlier steps have shown: the preconditioner knows better.
  void forget();

  const std::vector<double>& x() const { return x_; }
  const std::vector<double>& gradient() const { return gradient_; }
  double value() const { return value_; }
  /// How much the last step lowered the value.
  double lowered() const { return lowered_; }

 private:
  struct Trial {
    double t = 0;
    double value = 0;
    double slope = 0;
  };
  static constexpr int memory = 10;

  void chooseDirection(Runtime& runtime, const Preconditioner& preconditioner);
  Event look(Runtime& runtime, double t);
  Event accept(Runtime& runtime, double value, const double* gradient);

  int64_t n_ = 0;
  bool started_ = false;
  double value_ = 0;
  double lowered_ = 0;
  std::vector<double> x_, gradient_, trial_, direction_;
  /// The last steps and the gradient's changes, the oldest first.
  std::vector<std::vector<double>> steps_, changes_;
  std::vector<double> products_;
  double slope_ = 0;
  Trial low_, high_, now_;
  bool bracketed_ = false;
  bool settled_ = false;
  int trials_ = 0;
};

}  // namespace athanor
