// Σ|w| + Σ Cᵢ·max(0, 1 − yᵢ w·xᵢ)², one weight at a time by Newton steps with a line search (Chang, Hsieh &
// Lin 2008; Yuan et al. 2010), with shrinking. The features lie column by column.
#include <cmath>

#include "learn/linear-solver.h"

namespace athanor {

namespace {

constexpr double infinity = __builtin_inf();
constexpr double smallestStep = 1e-12;
constexpr int mostHalvings = 20;

class LassoSolver : public LinearSolver {
 public:
  explicit LassoSolver(LinearProblem& problem)
      : p_(problem),
        random_(problem.seed, problem.stream),
        width_(problem.rows.weights()),
        active_(width_),
        order_(width_),
        lacking_(problem.rows.count, 1),
        squares_(width_, 0) {
    for (int64_t j = 0; j < width_; j++) {
      order_[j] = static_cast<int32_t>(j);
      problem.w[j] = 0;
    }
    transpose();
    for (int64_t j = 0; j < width_; j++)
      for (int64_t e = starts_[j]; e < starts_[j + 1]; e++)
        squares_[j] += p_.cost[rows_[e]] * values_[e] * values_[e];
  }

  bool advance(const Crew&, double work, double* done) override {
    const double each = 10 + 4 * static_cast<double>(rows_.size()) / static_cast<double>(width_);
    for (double spent = 0; spent < work; spent += each, *done += each) {
      if (next_ == 0) {
        random_.shuffle(order_.data(), active_);
        largest_ = sum_ = 0;
      }
      if (next_ < active_) step();
      if (next_ >= active_ && end()) return true;
    }
    return false;
  }

 private:
  /// Columns of yᵢ·xᵢ.
  void transpose() {
    const Source& x = p_.rows.source;
    starts_.assign(width_ + 1, 0);
    const auto each = [&](auto body) {
      for (int64_t i = 0; i < p_.rows.count; i++) {
        const int64_t row = p_.rows.rows[i];
        if (x.sparse())
          for (int64_t e = x.starts[row]; e < x.starts[row + 1]; e++) body(i, x.columns[e], x.values[e]);
        else
          for (int64_t j = 0; j < x.width; j++) body(i, j, x.values[row * x.width + j]);
        if (p_.rows.bias != 0) body(i, x.width, p_.rows.bias);
      }
    };
    each([&](int64_t, int64_t j, double value) { starts_[j + 1] += value != 0; });
    for (int64_t j = 0; j < width_; j++) starts_[j + 1] += starts_[j];
    rows_.resize(starts_[width_]);
    values_.resize(starts_[width_]);
    std::vector<int64_t> at(starts_.begin(), starts_.end() - 1);
    each([&](int64_t i, int64_t j, double value) {
      if (value == 0) return;
      rows_[at[j]] = static_cast<int32_t>(i);
      values_[at[j]++] = p_.y[i] * value;
    });
  }

  /// Changes what rows lack as weight j changes by −`change`; returns their loss, before or after.
  template <bool change>
  double loss(int64_t j, double by) {
    double sum = 0;
    for (int64_t e = starts_[j]; e < starts_[j + 1]; e++) {
      double& lacking = lacking_[rows_[e]];
      if (change) lacking += by * values_[e];
      if (lacking > 0) sum += p_.cost[rows_[e]] * lacking * lacking;
    }
    return sum;
  }

  void step() {
    const int64_t j = order_[next_];
    double& w = p_.w[j];
    double slope = 0, curvature = 0;
    for (int64_t e = starts_[j]; e < starts_[j + 1]; e++) {
      const double lacking = lacking_[rows_[e]];
      if (!(lacking > 0)) continue;
      const double weighted = p_.cost[rows_[e]] * values_[e];
      slope -= weighted * lacking;
      curvature += weighted * values_[e];
    }
    slope *= 2;
    curvature = curvature * 2 > smallestStep ? curvature * 2 : smallestStep;
    const double up = slope + 1, down = slope - 1;
    double violation = 0;
    if (w == 0) {
      const double idle = lastLargest_ / static_cast<double>(p_.rows.count);
      if (up < 0)
        violation = -up;
      else if (down > 0)
        violation = down;
      else if (up > idle && down < -idle) {
        active_--;
        std::swap(order_[next_], order_[active_]);
        return;
      }
    } else {
      violation = std::fabs(w > 0 ? up : down);
    }
    if (violation > largest_) largest_ = violation;
    sum_ += violation;
    next_++;
    double move = up < curvature * w ? -up / curvature : down > curvature * w ? -down / curvature : -w;
    if (std::fabs(move) < smallestStep) return;
    double delta = std::fabs(w + move) - std::fabs(w) + slope * move;
    double moved = 0, before = 0;
    int halvings = 0;
    for (; halvings < mostHalvings; halvings++) {
      const double by = moved - move;
      const double penalty = std::fabs(w + move) - std::fabs(w) - 0.01 * delta;
      if (squares_[j] * move * move + slope * move + penalty <= 0) {
        loss<true>(j, by);
        break;
      }
      if (halvings == 0) before = loss<false>(j, 0);
      const double after = loss<true>(j, by);
      if (penalty + after - before <= 0) break;
      moved = move;
      move /= 2;
      delta /= 2;
    }
    w += move;
    if (halvings == mostHalvings) refresh();
  }

  void refresh() {
    for (double& lacking : lacking_) lacking = 1;
    for (int64_t j = 0; j < width_; j++)
      if (p_.w[j] != 0)
        for (int64_t e = starts_[j]; e < starts_[j + 1]; e++) lacking_[rows_[e]] -= p_.w[j] * values_[e];
  }

  bool end() {
    next_ = 0;
    if (p_.iterations == 0) firstSum_ = sum_;
    p_.iterations++;
    const bool enough = sum_ <= p_.tolerance * firstSum_;
    if (enough && active_ == width_) return p_.converged = true;
    if (p_.iterations >= p_.mostIterations) return true;
    if (enough) active_ = width_;
    lastLargest_ = enough ? infinity : largest_;
    return false;
  }

  LinearProblem& p_;
  RandomStream random_;
  int64_t width_, active_;
  int64_t next_ = 0;
  std::vector<int32_t> order_;
  std::vector<int64_t> starts_;
  std::vector<int32_t> rows_;
  std::vector<double> values_;
  /// 1 − yᵢ w·xᵢ.
  std::vector<double> lacking_;
  /// Σ C x², what bounds the curvature.
  std::vector<double> squares_;
  double largest_ = 0, sum_ = 0, firstSum_ = 0, lastLargest_ = infinity;
};

}  // namespace

std::unique_ptr<LinearSolver> lassoSolver(LinearProblem& problem) {
  return std::unique_ptr<LinearSolver>(new LassoSolver(problem));
}

}  // namespace athanor
