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
    : pass_(pass), direct_(direct), limits_(limits), hessian_(pass) {
  x = std::move(start);
  trial_ = x;
  pass_.begin(trial_.data(), true);
}

Step NewtonMinimiser::step(Runtime& runtime, double& work) {
  if (phase_ == Phase::factor) {
    const Step step = hessian_.run(runtime, work);
    if (step != Step::done) return step;
    direction_ = gradient_;
    for (double& d : direction_) d = -d;
    hessian_.solve(direction_.data());
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
  limits_.settle(gradientSize);
  if (gradientSize <= limits_.tolerance || flat_ >= 3) return finish(true);
  if (iterations >= limits_.iterations) return finish(false);
  if (direct_) {
    hessian_.begin();
    phase_ = Phase::factor;
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
