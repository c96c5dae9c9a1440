// Lasso and elastic net by coordinate descent, for one penalty or along a whole path, each from the answer
// before it.
#include <memory>

#include "learn/column-means.h"
#include "learn/job.h"
#include "learn/residual-columns.h"
#include "learn/weighted-gram.h"

namespace athanor {

namespace {

/// Up to so many features the Gram matrix is worth its making, where there are more rows.
constexpr int64_t mostGram = 4096;

struct Settings {
  bool intercept = true;
  double l1Ratio = 1;
  /// The length of a path that is to be chosen, and its last penalty as a share of the first.
  int64_t pathLength = 0;
  double pathEnd = 1e-3;
  /// 0: by size; 1: always; 2: never.
  int64_t gram = 0;
  ElasticNet::Settings descent;
};

class CoordinateDescent : public Job {
 public:
  CoordinateDescent(const DesignRows& x, const Settings& settings, const double* targets, const double* weights,
                    std::vector<double> alphas, const double* start)
      : x_(x), s_(settings), alphas_(std::move(alphas)), means_(x_, targets, 1, weights), gram_(x_) {
    if (start != nullptr) start_.assign(start, start + x.width);
    targets_.assign(targets, targets + x.rows);
    if (weights == nullptr) return;
    double total = 0;
    for (int64_t i = 0; i < x.rows; i++) total += weights[i];
    for (int64_t i = 0; i < x.rows; i++) weights_.push_back(weights[i] / total * static_cast<double>(x.rows));
  }

  Step step(Runtime& runtime) override {
    if (phase_ == Phase::means) {
      const Step step = means_.run(runtime, work);
      return step == Step::done ? onMeans() : step;
    }
    if (phase_ == Phase::gram) {
      const Step step = gram_.run(runtime, work);
      return step == Step::done ? onGram() : step;
    }
    if (!descent_->run(work)) return Step::more;
    return onAlpha();
  }

 private:
  enum class Phase { means, gram, descent };

  const double* weights() const { return weights_.empty() ? nullptr : weights_.data(); }

  Step onMeans() {
    shift_ = means_.means;
    if (!s_.intercept) shift_.assign(shift_.size(), 0.0);
    for (const double mean : means_.means)
      if (!std::isfinite(mean)) return Step::notFinite;
    for (double& target : targets_) target -= shift_.back();
    const bool fits = x_.rows >= x_.width && x_.width <= mostGram;
    if (s_.gram == 1 || (s_.gram == 0 && fits)) {
      WeightedGram::Wanted wanted;
      wanted.weights = weights();
      if (!x_.sparse()) wanted.shift = shift_.data();
      wanted.targets = targets_.data();
      wanted.targetCount = 1;
      gram_.begin(wanted);
      phase_ = Phase::gram;
      return Step::more;
    }
    const CentredProblem problem{x_, weights(), shift_.data(), targets_.data()};
    if (x_.sparse())
      columns_ = std::make_unique<SparseColumns>(problem);
    else
      columns_ = std::make_unique<DenseColumns>(problem);
    work += 4 * static_cast<double>(x_.cells());
    return begin();
  }

  Step onGram() {
    std::vector<double>& g = gram_.matrix();
    const int64_t size = x_.width + 1;
    if (x_.sparse() && s_.intercept)
      for (int64_t i = 0; i < x_.width; i++)
        for (int64_t j = 0; j < x_.width; j++) {
          double& cell = g[static_cast<size_t>(i * size + j)];
          const double part =
              static_cast<double>(x_.rows) * shift_[static_cast<size_t>(i)] * shift_[static_cast<size_t>(j)];
          cell = i == j && cell - part < 1e-12 * cell ? 0 : cell - part;
        }
    columns_ = std::make_unique<GramColumns>(std::move(g), x_.width);
    return begin();
  }

  Step begin() {
    if (!std::isfinite(columns_->targetSquares())) return Step::notFinite;
    for (int64_t j = 0; j < x_.width; j++)
      if (!std::isfinite(columns_->square(j))) return Step::notFinite;
    if (s_.pathLength > 0) choosePath();
    descent_ = std::make_unique<ElasticNet>(*columns_, s_.descent);
    for (size_t j = 0; j < start_.size(); j++) {
      if (start_[j] == 0 || !(columns_->square(static_cast<int64_t>(j)) > 0)) continue;
      descent_->w[j] = start_[j];
      columns_->move(static_cast<int64_t>(j), start_[j]);
    }
    phase_ = Phase::descent;
    beginAlpha();
    return Step::more;
  }

  /// From the smallest penalty with which all coefficients are 0, evenly in its logarithm.
  void choosePath() {
    double most = 0;
    for (int64_t j = 0; j < x_.width; j++) {
      const double slope = columns_->slope(j);
      most = std::fmax(most, s_.descent.positive ? slope : std::fabs(slope));
    }
    most /= static_cast<double>(x_.rows) * s_.l1Ratio;
    if (!(most > 1e-15)) most = 1e-15;
    alphas_.clear();
    for (int64_t i = 0; i < s_.pathLength; i++) {
      const double part = s_.pathLength == 1 ? 0 : static_cast<double>(i) / static_cast<double>(s_.pathLength - 1);
      alphas_.push_back(most * std::pow(s_.pathEnd, part));
    }
  }

  void beginAlpha() {
    const double alpha = alphas_[at_] * static_cast<double>(x_.rows);
    descent_->begin(alpha * s_.l1Ratio, alpha * (1 - s_.l1Ratio));
  }

  Step onAlpha() {
    double intercept = shift_.back();
    for (int64_t j = 0; j < x_.width; j++) {
      const double own = descent_->w[static_cast<size_t>(j)];
      if (!std::isfinite(own)) return Step::notFinite;
      coefficients_.push_back(own);
      intercept -= own * shift_[static_cast<size_t>(j)];
    }
    intercepts_.push_back(intercept);
    summary_.push_back(descent_->gap / static_cast<double>(x_.rows));
    summary_.push_back(static_cast<double>(descent_->sweepsDone));
    summary_.push_back(descent_->converged ? 1 : 0);
    at_++;
    iteration(static_cast<double>(descent_->sweepsDone));
    progress(static_cast<double>(at_) / static_cast<double>(alphas_.size()));
    if (at_ < alphas_.size()) {
      beginAlpha();
      return Step::more;
    }
    give(coefficients_);
    give(intercepts_);
    give(alphas_);
    give(summary_);
    return Step::done;
  }

  DesignRows x_;
  Settings s_;
  std::vector<double> alphas_;
  ColumnMeans means_;
  WeightedGram gram_;
  Phase phase_ = Phase::means;
  std::vector<double> targets_, weights_, start_, shift_;
  std::unique_ptr<ResidualColumns> columns_;
  std::unique_ptr<ElasticNet> descent_;
  size_t at_ = 0;
  std::vector<double> coefficients_, intercepts_, summary_;
};

}  // namespace

/// Numbers: rows (see `readRows`), intercept, L1 ratio, path length (0: the alphas given), path end, gram,
/// positive, random, sweeps, tolerance, seed. Arrays: rows, targets, weights or none, alphas or none, start
/// or none. Results: coefficients and intercepts of each alpha, alphas, and for each alpha duality gap,
/// sweeps, converged.
Job* coordinateDescentJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x)) return nullptr;
  Settings s;
  s.intercept = arguments.flag();
  s.l1Ratio = arguments.number();
  s.pathLength = arguments.integer(0, 1 << 24);
  s.pathEnd = arguments.number();
  s.gram = arguments.integer(0, 2);
  s.descent.positive = arguments.flag();
  s.descent.random = arguments.flag();
  s.descent.sweeps = arguments.integer(0, int64_t(1) << 40);
  s.descent.tolerance = arguments.number();
  s.descent.seed = static_cast<uint64_t>(arguments.integer(0, int64_t(1) << 53));
  const double* const targets = arguments.array<double>(x.rows);
  const double* const weights = arguments.optional<double>(x.rows);
  const Input alphas = arguments.next();
  const double* const start = arguments.optional<double>(x.width);
  const int64_t count = alphas.count<double>();
  if (!arguments.fits() || (count > 0) == (s.pathLength > 0) || x.rows >= int64_t(1) << 31) return nullptr;
  return new CoordinateDescent(x, s, targets, weights,
                               std::vector<double>(alphas.as<double>(), alphas.as<double>() + count), start);
}

}  // namespace athanor
