// L-BFGS and plain gradient descent over passes of the rows.
#include <cmath>

#include "learn/minimiser.h"

namespace athanor {

namespace {

/// So many steps that bring little say that the preconditioner misses something.
constexpr int patience = 5;

}  // namespace

LbfgsMinimiser::LbfgsMinimiser(ObjectivePass& pass, Curvature& curvature, bool fresh,
                               std::vector<double> start, const Limits& limits)
    : pass_(pass), curvature_(curvature), limits_(limits), fresh_(fresh) {
  x = std::move(start);
  lbfgs_.begin(x.data(), static_cast<int64_t>(x.size()));
  pass_.begin(lbfgs_.point(), false);
}

Step LbfgsMinimiser::step(Runtime& runtime, double& work) {
  if (phase_ == Phase::look) {
    const Step step = curvature_.run(runtime, work);
    if (step != Step::done) return step;
    if (curvature_.exact()) lbfgs_.forget();
    return go(runtime);
  }
  const Step step = pass_.run(runtime, work);
  if (step != Step::done) return step;
  work += 50 * static_cast<double>(x.size());
  const Lbfgs::Event event = lbfgs_.tell(runtime, pass_.value, pass_.gradient.data());
  if (event == Lbfgs::Event::iterate) return onIterate(runtime);
  if (event == Lbfgs::Event::stuck) return finish(false);
  pass_.begin(lbfgs_.point(), false);
  return Step::more;
}

Step LbfgsMinimiser::onIterate(Runtime& runtime) {
  const bool first = sizeBefore_ == 0 && iterations == 0 && sinceLook_ == 0;
  value = lbfgs_.value();
  gradientSize = largestMagnitude(lbfgs_.gradient().data(), static_cast<int64_t>(x.size()));
  if (!std::isfinite(lbfgs_.value()) || !std::isfinite(gradientSize)) return Step::notFinite;
  if (!first) {
    iterations++;
    sinceLook_++;
    flat_ = lbfgs_.lowered() <= 4e-16 * std::fabs(lbfgs_.value()) ? flat_ + 1 : 0;
  }
  limits_.settle(gradientSize);
  if (gradientSize <= limits_.tolerance) return finish(true);
  if (flat_ >= 3) return finish(true);
  if (iterations >= limits_.iterations) return finish(false);
  const bool slow = sinceLook_ >= 1 && gradientSize > 0.2 * sizeBefore_ && (sinceLook_ < 3 || sinceLook_ % 4 == 0);
  const bool slowStep = iterations > 0 && gradientSize > 0.3 * sizeBefore_;
  sizeBefore_ = gradientSize;
  const bool better = slowStep && ++slowSteps_ == patience && curvature_.improve();
  const bool wanted = better || (first ? !fresh_ : slow && curvature_.changes());
  if (!wanted) return go(runtime);
  sinceLook_ = 0;
  curvature_.begin(lbfgs_.x().data());
  phase_ = Phase::look;
  return Step::more;
}

Step LbfgsMinimiser::go(Runtime& runtime) {
  phase_ = Phase::evaluate;
  if (lbfgs_.advance(runtime, curvature_, 1) == Lbfgs::Event::stuck) return finish(false);
  pass_.begin(lbfgs_.point(), false);
  return Step::more;
}

/// Where nothing more is to be had, the last steps say whether that was rounding.
Step LbfgsMinimiser::finish(bool good) {
  x = lbfgs_.x();
  value = lbfgs_.value();
  converged = good || (iterations < limits_.iterations && iterations > 0 &&
                       lbfgs_.lowered() <= 1e-13 * std::fabs(value));
  return Step::done;
}

DescentMinimiser::DescentMinimiser(ObjectivePass& pass, double rate, int64_t stride,
                                   std::vector<double> start, const Limits& limits)
    : pass_(pass), rate_(rate), stride_(stride), limits_(limits) {
  x = std::move(start);
  pass_.begin(x.data(), false);
}

void DescentMinimiser::record() {
  double squares = 0;
  for (const double g : pass_.gradient) squares += g * g;
  trace.push_back(static_cast<double>(iterations));
  trace.push_back(value);
  trace.push_back(std::sqrt(squares));
  path.insert(path.end(), x.begin(), x.end());
}

Step DescentMinimiser::step(Runtime& runtime, double& work) {
  const Step step = pass_.run(runtime, work);
  if (step != Step::done) return step;
  value = pass_.value;
  gradientSize = largestMagnitude(pass_.gradient.data(), static_cast<int64_t>(x.size()));
  if (!std::isfinite(value) || !std::isfinite(gradientSize)) return Step::notFinite;
  converged = gradientSize <= limits_.tolerance;
  const bool last = converged || iterations >= limits_.iterations;
  if (last || iterations % stride_ == 0) record();
  if (last) return Step::done;
  for (size_t i = 0; i < x.size(); i++) x[i] -= rate_ * pass_.gradient[i];
  iterations++;
  pass_.begin(x.data(), false);
  return Step::more;
}

}  // namespace athanor
