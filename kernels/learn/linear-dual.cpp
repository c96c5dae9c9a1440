// One coordinate of the dual at a time, with shrinking: Hsieh et al. 2008 for classification, Ho & Lin 2012
// for regression. The primal weights are kept up to date, so that a step costs one row.
#include <cmath>

#include "learn/linear-solver.h"

namespace athanor {

namespace {

constexpr double infinity = __builtin_inf();
constexpr double smallestStep = 1e-12;

class DualSolver : public LinearSolver {
 public:
  explicit DualSolver(LinearProblem& problem)
      : p_(problem),
        random_(problem.seed, problem.stream),
        regression_(problem.method == LinearMethod::dualInsensitive ||
                    problem.method == LinearMethod::dualSquaredInsensitive),
        active_(problem.rows.count),
        order_(problem.rows.count),
        alpha_(problem.rows.count, 0),
        squares_(problem.rows.count) {
    const bool squared = problem.method == LinearMethod::dualSquaredHinge ||
                         problem.method == LinearMethod::dualSquaredInsensitive;
    squared_ = squared;
    for (int64_t i = 0; i < active_; i++) {
      order_[i] = static_cast<int32_t>(i);
      squares_[i] = problem.rows.square(i) + ridge(i);
    }
    for (int64_t j = 0; j < problem.rows.weights(); j++) problem.w[j] = 0;
  }

  bool advance(const Crew&, double work, double* done) override {
    const double each = 2 * p_.rows.cost() + 6;
    for (double spent = 0; spent < work; spent += each, *done += each) {
      if (next_ == 0) begin();
      if (next_ < active_) {
        if (regression_)
          stepRegression();
        else
          stepClassification();
      }
      if (next_ >= active_ && end()) return true;
    }
    return false;
  }

 private:
  /// What a squared loss adds to the diagonal.
  double ridge(int64_t i) const { return squared_ ? 0.5 / p_.cost[i] : 0; }
  double limit(int64_t i) const { return squared_ ? infinity : p_.cost[i]; }

  void begin() {
    random_.shuffle(order_.data(), active_);
    largest_ = regression_ ? 0 : -infinity;
    smallest_ = infinity;
    sum_ = 0;
  }

  /// Sets the point of this step aside.
  void setAside() {
    active_--;
    std::swap(order_[next_], order_[active_]);
  }

  void move(int64_t i, double to, double sign) {
    const double change = (to - alpha_[i]) * sign;
    alpha_[i] = to;
    if (change != 0) p_.rows.add(i, change, p_.w);
  }

  void stepClassification() {
    const int64_t i = order_[next_];
    const double y = p_.y[i], alpha = alpha_[i], most = limit(i);
    const double gradient = y * p_.rows.dot(i, p_.w) - 1 + alpha * ridge(i);
    double projected = gradient;
    if (alpha == 0) {
      if (gradient > lastLargest_) return setAside();
      if (gradient > 0) projected = 0;
    } else if (alpha == most) {
      if (gradient < lastSmallest_) return setAside();
      if (gradient < 0) projected = 0;
    }
    if (projected > largest_) largest_ = projected;
    if (projected < smallest_) smallest_ = projected;
    next_++;
    if (std::fabs(projected) <= smallestStep) return;
    const double to = squares_[i] > 0 ? alpha - gradient / squares_[i] : gradient > 0 ? 0 : most;
    move(i, to < 0 ? 0 : to > most ? most : to, y);
  }

  void stepRegression() {
    const int64_t i = order_[next_];
    const double beta = alpha_[i], most = limit(i);
    const double gradient = p_.rows.dot(i, p_.w) - p_.y[i] + ridge(i) * beta;
    const double up = gradient + p_.epsilon, down = gradient - p_.epsilon;
    double violation = 0;
    if (beta == 0) {
      if (up < 0)
        violation = -up;
      else if (down > 0)
        violation = down;
      else if (up > lastLargest_ && down < -lastLargest_)
        return setAside();
    } else if (beta >= most) {
      if (up > 0)
        violation = up;
      else if (up < -lastLargest_)
        return setAside();
    } else if (beta <= -most) {
      if (down < 0)
        violation = -down;
      else if (down > lastLargest_)
        return setAside();
    } else {
      violation = std::fabs(beta > 0 ? up : down);
    }
    if (violation > largest_) largest_ = violation;
    sum_ += violation;
    next_++;
    const double curvature = squares_[i] > 0 ? squares_[i] : smallestStep;
    const double step = up < curvature * beta ? -up / curvature : down > curvature * beta ? -down / curvature : -beta;
    if (std::fabs(step) < smallestStep) return;
    const double to = beta + step;
    move(i, to < -most ? -most : to > most ? most : to, 1);
  }

  /// After a pass; true when nothing more is to be done.
  bool end() {
    next_ = 0;
    if (p_.iterations == 0) firstSum_ = sum_;
    p_.iterations++;
    const bool enough = regression_ ? sum_ <= p_.tolerance * firstSum_ : !(largest_ - smallest_ > p_.tolerance);
    if (enough && active_ == p_.rows.count) return p_.converged = true;
    if (p_.iterations >= p_.mostIterations) return true;
    if (enough) active_ = p_.rows.count;
    lastLargest_ = enough || (largest_ <= 0 && !regression_) ? infinity : largest_;
    lastSmallest_ = enough || smallest_ >= 0 ? -infinity : smallest_;
    return false;
  }

  LinearProblem& p_;
  RandomStream random_;
  bool regression_;
  bool squared_ = false;
  int64_t active_;
  int64_t next_ = 0;
  std::vector<int32_t> order_;
  std::vector<double> alpha_, squares_;
  double largest_ = 0, smallest_ = 0, sum_ = 0, firstSum_ = 0;
  double lastLargest_ = infinity, lastSmallest_ = -infinity;
};

}  // namespace

std::unique_ptr<LinearSolver> dualSolver(LinearProblem& problem) {
  return std::unique_ptr<LinearSolver>(new DualSolver(problem));
}

}  // namespace athanor
