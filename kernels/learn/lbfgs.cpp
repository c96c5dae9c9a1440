// Limited-memory BFGS over an initial inverse Hessian that the caller gives.
#include "learn/lbfgs.h"

#include <cmath>

#include "learn/vector-space.h"

namespace athanor {

namespace {

constexpr double decrease = 1e-4;
constexpr double curvatureBound = 0.9;
constexpr double epsilon = 2.220446049250313e-16;
constexpr int mostTrials = 40;

}  // namespace

void Lbfgs::begin(const double* start, int64_t n) {
  n_ = n;
  started_ = false;
  x_.assign(start, start + n);
  trial_ = x_;
  gradient_.assign(static_cast<size_t>(n), 0.0);
  direction_.resize(static_cast<size_t>(n));
  forget();
}

Lbfgs::Event Lbfgs::tell(Runtime& runtime, double value, const double* gradient) {
  if (!started_) {
    started_ = true;
    value_ = value;
    gradient_.assign(gradient, gradient + n_);
    return Event::iterate;
  }
  now_.value = value;
  now_.slope = dotProduct(runtime, gradient, direction_.data(), n_);
  if (settled_) return accept(runtime, value, gradient);
  // Near the minimum differences of values are rounding; there the slope alone decides.
  const double slack = 8 * epsilon * std::fabs(value_);
  const bool finite = std::isfinite(now_.value) && std::isfinite(now_.slope);
  if (!finite || now_.value > value_ + decrease * now_.t * slope_ + slack ||
      (low_.t > 0 && now_.value > low_.value + slack)) {
    high_ = now_;
    bracketed_ = true;
  } else if (std::fabs(now_.slope) <= -curvatureBound * slope_) {
    return accept(runtime, value, gradient);
  } else if (now_.slope > 0) {
    high_ = now_;
    bracketed_ = true;
  } else {
    low_ = now_;
  }
  double t = 2 * now_.t;
  if (bracketed_) {
    const double a = low_.t < high_.t ? low_.t : high_.t;
    const double b = low_.t < high_.t ? high_.t : low_.t;
    t = (a + b) / 2;
    if (std::isfinite(high_.value) && std::isfinite(high_.slope)) {
      // The minimum of the cubic through both.
      const double d1 = low_.slope + high_.slope - 3 * (low_.value - high_.value) / (low_.t - high_.t);
      const double root = d1 * d1 - low_.slope * high_.slope;
      const double d2 = (high_.t > low_.t ? 1 : -1) * std::sqrt(root > 0 ? root : 0);
      const double inner =
          high_.t - (high_.t - low_.t) * (high_.slope + d2 - d1) / (high_.slope - low_.slope + 2 * d2);
      const double margin = 0.1 * (b - a);
      if (inner > a + margin && inner < b - margin) t = inner;
    } else {
      t = a + 0.1 * (b - a);
    }
    if (b - a < 1e-14 * (b > 1 ? b : 1)) trials_ = mostTrials;
  }
  if (++trials_ < mostTrials) return look(runtime, t);
  if (low_.t == 0) return Event::stuck;
  settled_ = true;
  return look(runtime, low_.t);
}

Lbfgs::Event Lbfgs::look(Runtime& runtime, double t) {
  now_.t = t;
  moveAlong(runtime, x_.data(), t, direction_.data(), trial_.data(), n_);
  return Event::evaluate;
}

Lbfgs::Event Lbfgs::accept(Runtime& runtime, double value, const double* gradient) {
  if (static_cast<int>(steps_.size()) == memory) {
    // The oldest pair's memory is the newest's.
    for (int i = 0; i + 1 < memory; i++) {
      steps_[static_cast<size_t>(i)].swap(steps_[static_cast<size_t>(i + 1)]);
      changes_[static_cast<size_t>(i)].swap(changes_[static_cast<size_t>(i + 1)]);
    }
    products_.erase(products_.begin());
  } else {
    steps_.emplace_back(static_cast<size_t>(n_));
    changes_.emplace_back(static_cast<size_t>(n_));
  }
  double* const step = steps_.back().data();
  double* const change = changes_.back().data();
  parallelRanges(runtime, n_, vectorBlock, [&](int64_t from, int64_t to, int) {
    for (int64_t i = from; i < to; i++) {
      step[i] = trial_[static_cast<size_t>(i)] - x_[static_cast<size_t>(i)];
      change[i] = gradient[i] - gradient_[static_cast<size_t>(i)];
    }
  });
  x_.swap(trial_);
  gradient_.assign(gradient, gradient + n_);
  lowered_ = value_ - value;
  value_ = value;
  const double product = dotProduct(runtime, step, change, n_);
  const double sizes = dotProduct(runtime, step, step, n_) * dotProduct(runtime, change, change, n_);
  if (product > epsilon * std::sqrt(sizes)) {
    products_.push_back(product);
  } else {
    steps_.pop_back();
    changes_.pop_back();
  }
  return Event::iterate;
}

void Lbfgs::forget() {
  steps_.clear();
  changes_.clear();
  products_.clear();
}

Lbfgs::Event Lbfgs::advance(Runtime& runtime, const Preconditioner& preconditioner, double first) {
  chooseDirection(runtime, preconditioner);
  slope_ = dotProduct(runtime, gradient_.data(), direction_.data(), n_);
  if (!(slope_ < 0)) {
    if (steps_.empty()) return Event::stuck;
    // Rounding has spoilt the curvature; start again.
    forget();
    chooseDirection(runtime, preconditioner);
    slope_ = dotProduct(runtime, gradient_.data(), direction_.data(), n_);
    if (!(slope_ < 0)) return Event::stuck;
  }
  low_ = {0, value_, slope_};
  high_ = {};
  bracketed_ = settled_ = false;
  trials_ = 0;
  return look(runtime, first);
}

void Lbfgs::chooseDirection(Runtime& runtime, const Preconditioner& preconditioner) {
  const size_t pairs = steps_.size();
  double* const q = direction_.data();
  for (int64_t i = 0; i < n_; i++) q[i] = gradient_[static_cast<size_t>(i)];
  double alpha[memory];
  for (size_t i = pairs; i-- > 0;) {
    alpha[i] = dotProduct(runtime, steps_[i].data(), q, n_) / products_[i];
    addMultiple(runtime, -alpha[i], changes_[i].data(), q, n_);
  }
  preconditioner.apply(runtime, q);
  if (pairs > 0) {
    std::vector<double> image = changes_[pairs - 1];
    preconditioner.apply(runtime, image.data());
    const double size = dotProduct(runtime, changes_[pairs - 1].data(), image.data(), n_);
    const double scale = products_[pairs - 1] / size;
    if (std::isfinite(scale) && scale > 0)
      for (int64_t i = 0; i < n_; i++) q[i] *= scale;
  }
  for (size_t i = 0; i < pairs; i++) {
    const double beta = dotProduct(runtime, changes_[i].data(), q, n_) / products_[i];
    addMultiple(runtime, alpha[i] - beta, steps_[i].data(), q, n_);
  }
  for (int64_t i = 0; i < n_; i++) q[i] = -q[i];
}

}  // namespace athanor
