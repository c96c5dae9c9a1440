// Newton's method for linear models, with the Hessian's factor or by conjugate gradients.
#include <cmath>

#include "learn/minimiser.h"
#include "learn/vector-space.h"

namespace athanor {

namespace {

constexpr double decrease = 1e-4;
constexpr int mostHalvings = 50;

}  // namespace

NewtonMinimiser::NewtonMinimiser(ObjectivePass& pass, bool direct, std::vector<double> start,
                                 const Limits& limits)
    : pass_(pass), direct_(direct), limits_(limits), gram_(pass.rows()) {
  x = std::move(start);
  trial_ = x;
  pass_.begin(trial_.data(), true);
}

Step NewtonMinimiser::step(Runtime& runtime, double& work) {
  if (phase_ == Phase::gram) {
    const Step step = gram_.run(runtime, work);
    if (step != Step::done) return step;
    takePair();
    if (++second_ > first_) {
      second_ = 0;
      first_++;
    }
    if (first_ < pass_.outputs())
      beginPair();
    else
      phase_ = Phase::factor;
    return Step::more;
  }
  if (phase_ == Phase::factor) {
    const double n = static_cast<double>(x.size());
    work += n * n * n / 8;
    solveDirectly(runtime);
    tryStep(runtime);
    return Step::more;
  }
  const Step step = pass_.run(runtime, work);
  if (step != Step::done) return step;
  if (phase_ == Phase::product) return onProduct(runtime);
  return phase_ == Phase::trial ? onTrial(runtime) : onIterate(runtime);
}

/// `x` and what `pass_` has found there: on to a direction, or the end.
Step NewtonMinimiser::onIterate(Runtime& runtime) {
  const int64_t n = static_cast<int64_t>(x.size());
  value = pass_.value;
  gradient_ = pass_.gradient;
  gradientSize = largestMagnitude(gradient_.data(), n);
  if (!std::isfinite(value) || !std::isfinite(gradientSize)) return Step::notFinite;
  if (gradientSize <= limits_.tolerance || flat_ >= 3) return finish(true);
  if (iterations >= limits_.iterations) return finish(false);
  if (direct_) {
    hessian_.assign(static_cast<size_t>(n * n), 0.0);
    first_ = second_ = 0;
    beginPair();
    phase_ = Phase::gram;
    return Step::more;
  }
  // H · d = −g, as far as it is worth while this far from the minimum.
  direction_.assign(static_cast<size_t>(n), 0.0);
  residual_ = gradient_;
  for (double& r : residual_) r = -r;
  search_ = residual_;
  squares_ = dotProduct(runtime, residual_.data(), residual_.data(), n);
  const double size = std::sqrt(squares_);
  const double part = std::fmin(0.5, std::sqrt(size));
  enough_ = part * part * squares_;
  searches_ = 0;
  phase_ = Phase::product;
  pass_.beginProduct(search_.data());
  return Step::more;
}

Step NewtonMinimiser::onProduct(Runtime& runtime) {
  const int64_t n = static_cast<int64_t>(x.size());
  const double curvature = dotProduct(runtime, search_.data(), pass_.gradient.data(), n);
  const bool flat = !(curvature > 3e-16 * dotProduct(runtime, search_.data(), search_.data(), n));
  if (!flat) {
    const double length = squares_ / curvature;
    addMultiple(runtime, length, search_.data(), direction_.data(), n);
    addMultiple(runtime, -length, pass_.gradient.data(), residual_.data(), n);
    const double before = squares_;
    squares_ = dotProduct(runtime, residual_.data(), residual_.data(), n);
    const double ratio = squares_ / before;
    for (size_t i = 0; i < search_.size(); i++) search_[i] = residual_[i] + ratio * search_[i];
    searches_++;
    if (squares_ > enough_ && searches_ < 20 * n && searches_ < 400) {
      pass_.beginProduct(search_.data());
      return Step::more;
    }
  } else if (searches_ == 0) {
    direction_ = search_;
  }
  tryStep(runtime);
  return Step::more;
}

/// The weights of the block of outputs (first, second).
void NewtonMinimiser::beginPair() {
  const int64_t rows = pass_.rows().rows, k = pass_.outputs();
  const double* const weights = pass_.terms().weights;
  pairWeights_.resize(static_cast<size_t>(rows));
  for (int64_t i = 0; i < rows; i++) {
    const double* const p = pass_.curvature.data() + i * k;
    double own = p[0];
    if (k > 1) {
      own = (first_ == second_ ? p[first_] : 0) - p[first_] * p[second_];
      if (weights != nullptr) own *= weights[i];
    }
    pairWeights_[static_cast<size_t>(i)] = own;
  }
  WeightedGram::Wanted wanted;
  wanted.weights = pairWeights_.data();
  wanted.ones = true;
  gram_.begin(wanted);
}

void NewtonMinimiser::takePair() {
  const int64_t k = pass_.outputs(), size = gram_.size(), n = size * k;
  const double total = pass_.terms().total;
  for (int64_t i = 0; i < size; i++)
    for (int64_t j = 0; j < size; j++) {
      const double own = gram_.matrix()[static_cast<size_t>(i * size + j)] / total;
      hessian_[static_cast<size_t>((i * k + first_) * n + j * k + second_)] = own;
      hessian_[static_cast<size_t>((j * k + second_) * n + i * k + first_)] = own;
    }
}

void NewtonMinimiser::solveDirectly(Runtime& runtime) {
  const int64_t k = pass_.outputs(), size = gram_.size(), n = size * k;
  const auto& terms = pass_.terms();
  double most = terms.penalty;
  for (int64_t i = 0; i < n; i++) {
    double& own = hessian_[static_cast<size_t>(i * (n + 1))];
    if (i < n - k) own += terms.penalty;
    most = own > most ? own : most;
  }
  // Adding the same to all outputs' scores changes nothing: that direction gets a curvature of its own.
  if (k > 1)
    for (int64_t j = terms.penalty > 0 ? size - 1 : 0; j < size; j++) {
      const double own = hessian_[static_cast<size_t>(j * k * (n + 1))];
      for (int64_t a = 0; a < k; a++)
        for (int64_t b = 0; b < k; b++) hessian_[static_cast<size_t>((j * k + a) * n + j * k + b)] += own;
    }
  if (!terms.intercept)
    for (int64_t i = n - k; i < n; i++) {
      for (int64_t j = 0; j < n; j++)
        hessian_[static_cast<size_t>(i * n + j)] = hessian_[static_cast<size_t>(j * n + i)] = 0;
      hessian_[static_cast<size_t>(i * (n + 1))] = 1;
    }
  Cholesky factor;
  std::vector<double> damped;
  for (double extra = 0; extra < 1; extra = extra == 0 ? 1e-12 : extra * 100) {
    damped = hessian_;
    for (int64_t i = 0; i < n; i++) damped[static_cast<size_t>(i * (n + 1))] += extra * most;
    direction_ = gradient_;
    for (double& d : direction_) d = -d;
    if (!factor.factor(runtime, damped.data(), n)) continue;
    factor.solve(direction_.data());
    return;
  }
  direction_ = gradient_;
  for (double& d : direction_) d = -d;
}

void NewtonMinimiser::tryStep(Runtime& runtime) {
  const int64_t n = static_cast<int64_t>(x.size());
  slope_ = dotProduct(runtime, direction_.data(), gradient_.data(), n);
  length_ = 1;
  halvings_ = 0;
  phase_ = Phase::trial;
  moveAlong(runtime, x.data(), 1, direction_.data(), trial_.data(), n);
  pass_.begin(trial_.data(), true);
}

Step NewtonMinimiser::onTrial(Runtime& runtime) {
  const int64_t n = static_cast<int64_t>(x.size());
  const double slack = 16 * 2.2e-16 * std::fabs(value);
  if (std::isfinite(pass_.value) && pass_.value <= value + decrease * length_ * slope_ + slack) {
    flat_ = value - pass_.value <= 4e-16 * std::fabs(value) ? flat_ + 1 : 0;
    x = trial_;
    iterations++;
    return onIterate(runtime);
  }
  if (++halvings_ > mostHalvings) return finish(false);
  length_ /= 2;
  moveAlong(runtime, x.data(), length_, direction_.data(), trial_.data(), n);
  pass_.begin(trial_.data(), true);
  return Step::more;
}

Step NewtonMinimiser::finish(bool good) {
  converged = good;
  return Step::done;
}

}  // namespace athanor
