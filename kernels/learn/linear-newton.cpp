// Newton steps within a trust region, each by conjugate gradients (Lin, Weng & Keerthi 2008), for
//   ½‖w‖² + Σ Cᵢ·max(0, 1 − yᵢ w·xᵢ)²  and  ½‖w‖² + Σ Cᵢ·max(0, |w·xᵢ − yᵢ| − ε)².
#include <cmath>

#include "learn/linear-solver.h"

namespace athanor {

namespace {

/// Parts of the rows whose sums are taken separately and then added in order.
constexpr int64_t parts = 16;
constexpr int64_t chunk = 1024;

double product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t j = 0; j < a.size(); j++) sum += a[j] * b[j];
  return sum;
}

class NewtonSolver : public LinearSolver {
 public:
  explicit NewtonSolver(LinearProblem& problem) : p_(problem), count_(problem.rows.count) {
    const int64_t width = problem.rows.weights();
    for (auto* values : {&w_, &gradient_, &step_, &residual_, &direction_, &image_, &tried_}) values->assign(width, 0);
    scores_.assign(count_, 0);
    active_.assign(count_, 0);
    factors_.assign(count_, 0);
    sums_.resize(parts * width);
    for (int64_t j = 0; j < width; j++) problem.w[j] = 0;
  }

  bool advance(const Crew& crew, double work, double* done) override {
    const double each = 2 * p_.rows.cost() * static_cast<double>(count_) + static_cast<double>(w_.size());
    for (double spent = 0; spent < work; spent += each, *done += each) {
      if (phase_ == Phase::begin) {
        value_ = lossAt(crew, w_);
        gradientAt(crew);
        radius_ = firstNorm_ = norm_;
        if (norm_ == 0) return finish(true);
        beginStep();
      } else if (phase_ == Phase::conjugate) {
        conjugate(crew);
      } else if (tryStep(crew)) {
        return true;
      }
    }
    return false;
  }

 private:
  enum class Phase { begin, conjugate, attempt };

  bool finish(bool converged) {
    for (size_t j = 0; j < w_.size(); j++) p_.w[j] = w_[j];
    p_.converged = converged;
    return true;
  }

  /// What a row's score is off by: the derivative of its loss by the score is 2 C · excess.
  double excess(int64_t i, double score) const {
    if (p_.method == LinearMethod::newtonSquaredHinge) {
      const double lacking = 1 - p_.y[i] * score;
      return lacking > 0 ? -p_.y[i] * lacking : 0;
    }
    const double error = score - p_.y[i];
    return error > p_.epsilon ? error - p_.epsilon : error < -p_.epsilon ? error + p_.epsilon : 0;
  }

  /// `body(i)` for all rows, in tasks of `chunk`.
  template <typename F>
  void overRows(const Crew& crew, F body) {
    auto task = [&](int64_t index, int) {
      const int64_t end = (index + 1) * chunk < count_ ? (index + 1) * chunk : count_;
      for (int64_t i = index * chunk; i < end; i++) body(i);
    };
    share(crew, (count_ + chunk - 1) / chunk, task);
  }

  /// out = Σ factors[i] · xᵢ over the rows with a factor.
  void combine(const Crew& crew, const std::vector<double>& factors, std::vector<double>& out) {
    const int64_t width = static_cast<int64_t>(out.size()), size = (count_ + parts - 1) / parts;
    auto task = [&](int64_t part, int) {
      double* const sum = sums_.data() + part * width;
      for (int64_t j = 0; j < width; j++) sum[j] = 0;
      const int64_t end = (part + 1) * size < count_ ? (part + 1) * size : count_;
      for (int64_t i = part * size; i < end; i++)
        if (factors[i] != 0) p_.rows.add(i, factors[i], sum);
    };
    share(crew, parts, task);
    for (int64_t j = 0; j < width; j++) {
      double sum = 0;
      for (int64_t part = 0; part < parts; part++) sum += sums_[part * width + j];
      out[j] = sum;
    }
  }

  /// The objective; `active_` becomes C · excess there.
  double lossAt(const Crew& crew, const std::vector<double>& w) {
    overRows(crew, [&](int64_t i) {
      scores_[i] = excess(i, p_.rows.dot(i, w.data()));
      active_[i] = p_.cost[i] * scores_[i];
    });
    double sum = 0;
    for (int64_t i = 0; i < count_; i++) sum += active_[i] * scores_[i];
    return 0.5 * product(w, w) + sum;
  }

  /// At w, after `lossAt` there; `factors_` become the second derivatives.
  void gradientAt(const Crew& crew) {
    for (int64_t i = 0; i < count_; i++) factors_[i] = 2 * active_[i];
    combine(crew, factors_, gradient_);
    for (size_t j = 0; j < w_.size(); j++) gradient_[j] += w_[j];
    for (int64_t i = 0; i < count_; i++) factors_[i] = active_[i] != 0 ? 2 * p_.cost[i] : 0;
    norm_ = std::sqrt(product(gradient_, gradient_));
  }

  void beginStep() {
    for (size_t j = 0; j < w_.size(); j++) {
      step_[j] = 0;
      residual_[j] = direction_[j] = -gradient_[j];
    }
    squares_ = product(residual_, residual_);
    phase_ = Phase::conjugate;
  }

  /// One step of conjugate gradients; ends at the region's edge, or when the gradient is small enough.
  void conjugate(const Crew& crew) {
    if (std::sqrt(squares_) <= 0.1 * norm_) {
      phase_ = Phase::attempt;
      return;
    }
    overRows(crew, [&](int64_t i) {
      scores_[i] = factors_[i] == 0 ? 0 : factors_[i] * p_.rows.dot(i, direction_.data());
    });
    combine(crew, scores_, image_);
    for (size_t j = 0; j < w_.size(); j++) image_[j] += direction_[j];
    double length = squares_ / product(direction_, image_);
    for (size_t j = 0; j < w_.size(); j++) step_[j] += length * direction_[j];
    const bool outside = std::sqrt(product(step_, step_)) > radius_;
    if (outside) {
      for (size_t j = 0; j < w_.size(); j++) step_[j] -= length * direction_[j];
      const double along = product(step_, direction_), own = product(step_, step_);
      const double squares = product(direction_, direction_), room = radius_ * radius_ - own;
      const double root = std::sqrt(along * along + squares * room);
      length = along >= 0 ? room / (along + root) : (root - along) / squares;
      for (size_t j = 0; j < w_.size(); j++) step_[j] += length * direction_[j];
    }
    for (size_t j = 0; j < w_.size(); j++) residual_[j] -= length * image_[j];
    if (outside) {
      phase_ = Phase::attempt;
      return;
    }
    const double before = squares_;
    squares_ = product(residual_, residual_);
    for (size_t j = 0; j < w_.size(); j++) direction_[j] = residual_[j] + squares_ / before * direction_[j];
  }

  /// Takes the step if the objective falls about as foreseen; true at the end.
  bool tryStep(const Crew& crew) {
    for (size_t j = 0; j < w_.size(); j++) tried_[j] = w_[j] + step_[j];
    const double slope = product(gradient_, step_);
    const double foreseen = -0.5 * (slope - product(step_, residual_));
    const double value = lossAt(crew, tried_);
    const double fall = value_ - value, length = std::sqrt(product(step_, step_));
    if (p_.iterations == 0 && length < radius_) radius_ = length;
    const double bend = value - value_ - slope;
    const double alpha = bend <= 0 ? 4 : std::fmax(0.25, -0.5 * (slope / bend));
    if (fall < 1e-4 * foreseen)
      radius_ = std::fmin(std::fmax(alpha, 0.25) * length, 0.5 * radius_);
    else if (fall < 0.25 * foreseen)
      radius_ = std::fmax(0.25 * radius_, std::fmin(alpha * length, 0.5 * radius_));
    else if (fall < 0.75 * foreseen)
      radius_ = std::fmax(0.25 * radius_, std::fmin(alpha * length, 4 * radius_));
    else
      radius_ = std::fmax(radius_, std::fmin(alpha * length, 4 * radius_));
    attempts_++;
    if (fall > 1e-4 * foreseen) {
      p_.iterations++;
      w_.swap(tried_);
      value_ = value;
      gradientAt(crew);
      if (norm_ <= p_.tolerance * firstNorm_) return finish(true);
    }
    // Rounding has the last word: no step makes a difference any more.
    const bool flat = std::fabs(fall) <= 1e-12 * std::fabs(value_) && std::fabs(foreseen) <= 1e-12 * std::fabs(value_);
    if (flat || !(foreseen > 0)) return finish(true);
    if (!std::isfinite(value) || attempts_ >= 2 * p_.mostIterations || p_.iterations >= p_.mostIterations)
      return finish(false);
    beginStep();
    return false;
  }

  LinearProblem& p_;
  int64_t count_;
  Phase phase_ = Phase::begin;
  std::vector<double> w_, gradient_, step_, residual_, direction_, image_, tried_;
  std::vector<double> scores_, active_, factors_, sums_;
  double value_ = 0, norm_ = 0, firstNorm_ = 0, radius_ = 0, squares_ = 0;
  int64_t attempts_ = 0;
};

}  // namespace

std::unique_ptr<LinearSolver> newtonSolver(LinearProblem& problem) {
  return std::unique_ptr<LinearSolver>(new NewtonSolver(problem));
}

}  // namespace athanor
