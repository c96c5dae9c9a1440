// Sweeps over all coordinates, and between them over those that are not 0 until these have settled.
#include "learn/elastic-net.h"

namespace athanor {

ElasticNet::ElasticNet(ResidualColumns& columns, const Settings& settings)
    : w(static_cast<size_t>(columns.count()), 0.0), columns_(columns), settings_(settings),
      random_(settings.seed, 0x63640000) {}

void ElasticNet::begin(double l1, double l2) {
  l1_ = l1;
  l2_ = l2;
  limit_ = settings_.tolerance * columns_.targetSquares();
  sweepsDone = lastWholeSweep_ = quietSweeps_ = 0;
  next_ = 0;
  largestChange_ = largest_ = 0;
  whole_ = true;
  active_.clear();
  for (int64_t j = 0; j < columns_.count(); j++)
    if (columns_.square(j) > 0) active_.push_back(j);
  gap = dualityGap();
  converged = gap <= limit_;
}

void ElasticNet::visit(int64_t j) {
  const size_t i = static_cast<size_t>(j);
  const double square = columns_.square(j), before = w[i];
  const double target = columns_.slope(j) + before * square;
  double now = 0;
  if (target > l1_)
    now = (target - l1_) / (square + l2_);
  else if (target < -l1_ && !settings_.positive)
    now = (target + l1_) / (square + l2_);
  const double change = now - before;
  if (change != 0) {
    w[i] = now;
    columns_.move(j, change);
  }
  // In the residual's units, so that scales of features do not matter.
  const double root = std::sqrt(square);
  largestChange_ = std::fmax(largestChange_, std::fabs(change) * root);
  largest_ = std::fmax(largest_, std::fabs(now) * root);
}

bool ElasticNet::run(double& work) {
  if (converged || settings_.sweeps == 0) return true;
  const int64_t count = static_cast<int64_t>(active_.size());
  int64_t slice = static_cast<int64_t>(2e6 / columns_.cost()) + 1;
  if (slice > count - next_) slice = count - next_;
  for (int64_t n = 0; n < slice; n++, next_++)
    visit(settings_.random ? active_[static_cast<size_t>(random_.below(static_cast<uint32_t>(count)))]
                           : active_[static_cast<size_t>(next_)]);
  work += static_cast<double>(slice) * columns_.cost() + 10;
  if (next_ < count) return false;
  next_ = 0;
  sweepsDone++;
  const bool still = largestChange_ <= settings_.tolerance * largest_ || largest_ == 0;
  // At random a sweep may have missed some.
  const bool quiet = largestChange_ <= 1e-15 * largest_;
  quietSweeps_ = quiet ? quietSweeps_ + 1 : 0;
  const bool frozen = quietSweeps_ >= (settings_.random ? 20 : 1);
  largestChange_ = largest_ = 0;
  const bool last = sweepsDone >= settings_.sweeps;
  if (whole_ && (still || last)) {
    gap = dualityGap();
    work += static_cast<double>(count) * columns_.cost();
    // When coordinates do not move any more, what is left of the gap is rounding.
    converged = gap <= limit_ || (frozen && gap <= 1e-10 * columns_.targetSquares());
    if (converged || frozen) return true;
  }
  if (last) {
    if (!whole_) gap = dualityGap();
    converged = gap <= limit_;
    return true;
  }
  // After a sweep over all come some over what is not 0, then all again.
  const bool next = !whole_ ? still || sweepsDone - lastWholeSweep_ >= 10 : false;
  if (settings_.random || next) {
    whole_ = true;
    lastWholeSweep_ = sweepsDone;
    active_.clear();
    for (int64_t j = 0; j < columns_.count(); j++)
      if (columns_.square(j) > 0) active_.push_back(j);
  } else if (whole_) {
    lastWholeSweep_ = sweepsDone;
    std::vector<int64_t> some;
    for (const int64_t j : active_)
      if (w[static_cast<size_t>(j)] != 0) some.push_back(j);
    if (!some.empty() && some.size() < active_.size()) {
      active_ = std::move(some);
      whole_ = false;
    }
  }
  return false;
}

double ElasticNet::dualityGap() const {
  double residual, withTargets, norm = 0, squares = 0, most = 0, slopes = 0;
  columns_.sums(w.data(), residual, withTargets);
  for (int64_t j = 0; j < columns_.count(); j++) {
    if (!(columns_.square(j) > 0)) continue;
    const double own = w[static_cast<size_t>(j)];
    norm += std::fabs(own);
    squares += own * own;
    const double slope = columns_.slope(j) - l2_ * own;
    const double size = settings_.positive ? slope : std::fabs(slope);
    most = std::fmax(most, size);
    // Without L1 the optimum is where slopes vanish (or push against 0).
    const double free = settings_.positive && own == 0 ? std::fmax(slope, 0) : slope;
    slopes = std::fmax(slopes, free * free / (columns_.square(j) + l2_));
  }
  if (l1_ == 0) return slopes;
  const double scale = most > l1_ ? l1_ / most : 1;
  const double primal = 0.5 * (residual + l2_ * squares) + l1_ * norm;
  const double dual = scale * withTargets - 0.5 * scale * scale * (residual + l2_ * squares);
  return primal - dual;
}

}  // namespace athanor
