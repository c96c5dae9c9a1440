// Gaussian mixtures by expectation–maximisation (Dempster, Laird & Rubin 1977), an iteration in one pass
// over the rows; and the log-densities of rows under one.
#include "ranges.h"
#include "vector-math.h"
#include "learn/covariance-pass.h"
#include "learn/mixture-sums.h"

namespace athanor {

namespace {

constexpr int64_t blockRows = Scatter<double>::blockRows;
/// Blocks that one task takes.
constexpr int64_t chunkBlocks = 8;

struct Settings {
  int64_t components;
  CovarianceType type;
  double regularisation;
  double tolerance;
  int64_t maxIter;
};

/// Scores to responsibilities, in place; returns Σ log Σ e^score.
double normalise(double* scores, int64_t rows, int64_t components) {
  double total = 0;
  for (int64_t r = 0; r < rows; r++) {
    double* const s = scores + r * components;
    double most = s[0];
    for (int64_t k = 1; k < components; k++) most = s[k] > most ? s[k] : most;
    double rest[lanes<double>];
    double sum = 0;
    for (int64_t k = 0; k < components; k += lanes<double>) {
      const int64_t count = std::min(int64_t(lanes<double>), components - k);
      for (int64_t i = 0; i < lanes<double>; i++) rest[i] = i < count ? s[k + i] - most : -1000;
      store<double>(rest, expOf(load<double>(rest)));
      for (int64_t i = 0; i < count; i++) sum += s[k + i] = rest[i];
    }
    for (int64_t k = 0; k < components; k++) s[k] /= sum;
    total += most + std::log(sum);
  }
  return total;
}

class GaussianMixture : public Job {
 public:
  /// `start` are responsibilities, or nullptr where weights, means and factors are all given.
  GaussianMixture(const DesignRows& x, const Settings& s, const double* start, const double* weights,
                  const double* means, const double* factors)
      : rows_(x),
        plain_(x),
        s_(s),
        start_(start),
        givenWeights_(weights),
        givenMeans_(means),
        givenFactors_(factors),
        gaussians_(s.type, s.components, x.width),
        sums_(s.type, s.components, x.width) {
    const int64_t size = covarianceSize(s.type, s.components, x.width);
    weights_.resize(static_cast<size_t>(s.components));
    means_.resize(static_cast<size_t>(s.components * x.width));
    covariances_.resize(static_cast<size_t>(size));
    factors_.resize(static_cast<size_t>(size));
    const int64_t chunks = (x.rows + blockRows * chunkBlocks - 1) / (blockRows * chunkBlocks);
    wave_ = std::max(int64_t(4), std::min(int64_t(32), (int64_t(1) << 22) / sums_.size()));
    wave_ = std::min(wave_, chunks);
    // The sums, and one number more: the log-likelihood.
    parts_.resize(static_cast<size_t>(wave_ * (sums_.size() + 1)));
  }

  Step step(Runtime& runtime) override {
    switch (phase_) {
      case Phase::measure: return measure(runtime);
      case Phase::start: return pass(runtime);
      case Phase::iterate: return pass(runtime);
      case Phase::label: return label(runtime);
    }
    return Step::invalid;
  }

 private:
  enum class Phase { measure, start, iterate, label };

  /// The rows' mean, and their scatter matrix for tied covariances.
  Step measure(Runtime& runtime) {
    if (s_.type == CovarianceType::tied) {
      if (pass_ == nullptr) pass_ = CovariancePass::of(rows_);
      const Step step = pass_->run(runtime, work);
      if (step == Step::notFinite) return fail();
      if (step != Step::done) return step;
      scatter_ = pass_->matrix();
      for (double& value : scatter_) value = value / rows_.scale() / rows_.scale();
      pass_.reset();
    } else {
      const std::vector<double> sums = measureAll(runtime, rows_);
      if (!allFinite(sums)) return Step::notFinite;
      rows_.settle(sums.data(), rows_.rows(), true);
    }
    for (int64_t k = 0; k < s_.components; k++)
      std::copy(rows_.shift().begin(), rows_.shift().end(), means_.begin() + k * rows_.width());
    if (start_ == nullptr) {
      std::copy_n(givenWeights_, weights_.size(), weights_.begin());
      std::copy_n(givenMeans_, means_.size(), means_.begin());
      std::copy_n(givenFactors_, factors_.size(), factors_.begin());
      return begin(Phase::iterate);
    }
    return begin(Phase::start);
  }

  Step begin(Phase phase) {
    phase_ = phase;
    next_ = 0;
    total_.assign(static_cast<size_t>(sums_.size() + 1), 0.0);
    if (phase != Phase::start) gaussians_.set(weights_.data(), means_.data(), factors_.data());
    return Step::more;
  }

  Step pass(Runtime& runtime) {
    const int64_t n = rows_.rows(), chunk = blockRows * chunkBlocks, size = sums_.size() + 1;
    const int64_t count = std::min(wave_, (n - next_ + chunk - 1) / chunk);
    bool failed = false;
    auto task = [&](int64_t t, int worker) {
      double* const part = parts_.data() + t * size;
      std::fill(part, part + size, 0.0);
      const int64_t last = std::min(n, next_ + (t + 1) * chunk);
      for (int64_t r = next_ + t * chunk; r < last; r += blockRows)
        if (!addBlock(runtime, worker, r, std::min(r + blockRows, last), part))
          return __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
    };
    parallel(runtime, count, task);
    if (__atomic_load_n(&failed, __ATOMIC_RELAXED)) return Step::outOfMemory;
    for (int64_t t = 0; t < count; t++) addScaled(1.0, parts_.data() + t * size, total_.data(), size);
    const int64_t end = std::min(n, next_ + count * chunk);
    const double depth = s_.type == CovarianceType::full ? static_cast<double>(rows_.width()) : 2;
    work += static_cast<double>((end - next_) * s_.components * rows_.width()) * depth / 4;
    next_ = end;
    return next_ < n ? Step::more : finishPass();
  }

  /// The block's rows, responsibilities and sums; in `start`, responsibilities are those given.
  bool addBlock(Runtime& runtime, int worker, int64_t begin, int64_t end, double* part) {
    const int64_t rows = end - begin, d = rows_.width(), k = s_.components;
    double* const x = static_cast<double*>(
        scratch(runtime, worker, 1, sizeof(double) * static_cast<size_t>(blockRows * (d + k))));
    double* const room = static_cast<double*>(scratch(
        runtime, worker, 2,
        std::max(gaussians_.room(blockRows), sizeof(double) * static_cast<size_t>(sums_.room()))));
    if (x == nullptr || room == nullptr) return false;
    double* const scores = x + blockRows * d;
    plain_.copy(begin, end, x);
    if (phase_ == Phase::start) {
      std::copy_n(start_ + begin * k, rows * k, scores);
    } else {
      if (!gaussians_.logDensities(runtime, worker, x, rows, room, scores)) return false;
      part[sums_.size()] += normalise(scores, rows, k);
    }
    sums_.add(x, rows, scores, means_.data(), room, part);
    return true;
  }

  Step finishPass() {
    if (phase_ == Phase::start) {
      if (!maximise()) return fail();
      if (givenWeights_ != nullptr) std::copy_n(givenWeights_, weights_.size(), weights_.begin());
      if (givenMeans_ != nullptr) std::copy_n(givenMeans_, means_.size(), means_.begin());
      if (givenFactors_ != nullptr) std::copy_n(givenFactors_, factors_.size(), factors_.begin());
      return begin(Phase::iterate);
    }
    const double bound = total_[sums_.size()] / static_cast<double>(rows_.rows());
    if (!std::isfinite(bound) || !maximise()) return fail();
    iterations_++;
    iteration(static_cast<double>(iterations_));
    loss(-bound);
    bounds_.push_back(bound);
    progress(0.95 * static_cast<double>(iterations_) / static_cast<double>(s_.maxIter));
    converged_ = iterations_ > 1 && std::fabs(bound - bound_) < s_.tolerance;
    bound_ = bound;
    return converged_ || iterations_ == s_.maxIter ? beginLabels() : begin(Phase::iterate);
  }

  /// Weights, means and covariances from the sums. False: a covariance is not positive definite.
  bool maximise() {
    const int64_t d = rows_.width(), components = s_.components;
    std::vector<double> mass(static_cast<size_t>(components));
    std::vector<double> shift(static_cast<size_t>(components * d));
    double all = 0;
    for (int64_t k = 0; k < components; k++) {
      mass[k] = sums_.weight(total_.data(), k) + 10 * std::numeric_limits<double>::epsilon();
      all += mass[k];
      for (int64_t j = 0; j < d; j++) shift[k * d + j] = sums_.shift(total_.data(), k, j) / mass[k];
    }
    for (int64_t k = 0; k < components; k++) weights_[k] = mass[k] / all;
    // Σ r · (x − new mean)[i] · (x − new mean)[j] over the mass.
    const auto covariance = [&](int64_t k, int64_t i, int64_t j) {
      const double* const delta = shift.data() + k * d;
      const double rest = sums_.weight(total_.data(), k) - 2 * mass[k];
      return (sums_.product(total_.data(), k, i, j) + rest * delta[i] * delta[j]) / mass[k];
    };
    if (s_.type == CovarianceType::tied) {
      for (int64_t i = 0; i < d; i++)
        for (int64_t j = 0; j < d; j++) {
          double sum = scatter_[i * d + j];
          for (int64_t k = 0; k < components; k++) {
            const double a = means_[k * d + i] + shift[k * d + i] - rows_.shift()[i];
            const double b = means_[k * d + j] + shift[k * d + j] - rows_.shift()[j];
            sum -= mass[k] * a * b;
          }
          covariances_[i * d + j] = sum / all + (i == j ? s_.regularisation : 0);
        }
    }
    for (int64_t k = 0; k < components && s_.type != CovarianceType::tied; k++) {
      double mean = 0;
      for (int64_t i = 0; i < d; i++) {
        const double own = covariance(k, i, i) + s_.regularisation;
        mean += own / static_cast<double>(d);
        if (s_.type == CovarianceType::diagonal) covariances_[k * d + i] = own;
        if (s_.type != CovarianceType::full) continue;
        double* const row = covariances_.data() + (k * d + i) * d;
        row[i] = own;
        for (int64_t j = i + 1; j < d; j++)
          row[j] = covariances_[(k * d + j) * d + i] = covariance(k, i, j);
      }
      if (s_.type == CovarianceType::spherical) covariances_[k] = mean;
    }
    for (int64_t i = 0; i < components * d; i++) means_[i] += shift[i];
    return makeFactors();
  }

  bool makeFactors() {
    const int64_t d = rows_.width();
    if (s_.type == CovarianceType::tied) return precisionFactor(covariances_.data(), d, factors_.data());
    if (s_.type == CovarianceType::full) {
      for (int64_t k = 0; k < s_.components; k++)
        if (!precisionFactor(covariances_.data() + k * d * d, d, factors_.data() + k * d * d)) return false;
      return true;
    }
    for (size_t i = 0; i < covariances_.size(); i++) {
      if (!(covariances_[i] > 0) || !std::isfinite(covariances_[i])) return false;
      factors_[i] = 1 / std::sqrt(covariances_[i]);
    }
    return true;
  }

  Step beginLabels() {
    begin(Phase::label);
    labels_.resize(static_cast<size_t>(rows_.rows()));
    return Step::more;
  }

  /// The component of each row.
  Step label(Runtime& runtime) {
    const int64_t n = rows_.rows(), d = rows_.width(), k = s_.components;
    const int64_t end = std::min(n, next_ + 64 * blockRows);
    bool failed = false;
    parallelRanges(runtime, end - next_, blockRows, [&](int64_t from, int64_t to, int worker) {
      double* const x = static_cast<double*>(
          scratch(runtime, worker, 1, sizeof(double) * static_cast<size_t>(blockRows * (d + k))));
      double* const room = static_cast<double*>(scratch(runtime, worker, 2, gaussians_.room(blockRows)));
      if (x == nullptr || room == nullptr) return __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
      double* const scores = x + blockRows * d;
      plain_.copy(next_ + from, next_ + to, x);
      if (!gaussians_.logDensities(runtime, worker, x, to - from, room, scores))
        return __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
      for (int64_t r = from; r < to; r++) {
        const double* const s = scores + (r - from) * k;
        labels_[next_ + r] = static_cast<int32_t>(std::max_element(s, s + k) - s);
      }
    });
    if (__atomic_load_n(&failed, __ATOMIC_RELAXED)) return Step::outOfMemory;
    work += static_cast<double>((end - next_) * k * d);
    next_ = end;
    return next_ < n ? Step::more : finish(true);
  }

  Step fail() { return finish(false); }

  Step finish(bool isSound) {
    numbers_ = {isSound ? 1.0 : 0.0, bound_, static_cast<double>(iterations_), converged_ ? 1.0 : 0.0};
    give(numbers_);
    give(weights_);
    give(means_);
    give(covariances_);
    give(factors_);
    give(labels_);
    give(bounds_);
    progress(1);
    return Step::done;
  }

  CenteredRows rows_;
  /// The same rows, neither shifted nor scaled.
  CenteredRows plain_;
  Settings s_;
  const double* start_;
  const double* givenWeights_;
  const double* givenMeans_;
  const double* givenFactors_;
  GaussianComponents gaussians_;
  MixtureSums sums_;
  Phase phase_ = Phase::measure;
  std::unique_ptr<CovariancePass> pass_;
  std::vector<double> scatter_;
  int64_t wave_ = 1;
  int64_t next_ = 0;
  int64_t iterations_ = 0;
  bool converged_ = false;
  double bound_ = 0;
  std::vector<double> weights_, means_, covariances_, factors_, parts_, total_, bounds_, numbers_;
  std::vector<int32_t> labels_;
};

class GaussianScores : public Job {
 public:
  GaussianScores(const DesignRows& x, const GaussianComponents& gaussians)
      : rows_(x), gaussians_(gaussians), out_(static_cast<size_t>(x.rows * gaussians.components())) {}

  Step step(Runtime& runtime) override {
    const int64_t end = std::min(rows_.rows(), next_ + 64 * blockRows), d = rows_.width();
    bool failed = false;
    parallelRanges(runtime, end - next_, blockRows, [&](int64_t from, int64_t to, int worker) {
      double* const x = static_cast<double*>(
          scratch(runtime, worker, 1, sizeof(double) * static_cast<size_t>(blockRows * d)));
      double* const room = static_cast<double*>(scratch(runtime, worker, 2, gaussians_.room(blockRows)));
      if (x == nullptr || room == nullptr) return __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
      rows_.copy(next_ + from, next_ + to, x);
      double* const out = out_.data() + (next_ + from) * gaussians_.components();
      if (!gaussians_.logDensities(runtime, worker, x, to - from, room, out))
        __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
    });
    if (__atomic_load_n(&failed, __ATOMIC_RELAXED)) return Step::outOfMemory;
    work += static_cast<double>((end - next_) * gaussians_.components() * d);
    next_ = end;
    progress(static_cast<double>(next_) / static_cast<double>(rows_.rows()));
    if (next_ < rows_.rows()) return Step::more;
    give(out_);
    return Step::done;
  }

 private:
  CenteredRows rows_;
  GaussianComponents gaussians_;
  int64_t next_ = 0;
  std::vector<double> out_;
};

}  // namespace

/// Numbers: rows, components, covariance type, what is added to variances, tolerance, iterations. Arrays:
/// rows, then responsibilities, weights, means and factors of precisions, each or none.
Job* gaussianMixtureJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x) || x.sparse()) return nullptr;
  Settings s{};
  s.components = arguments.integer(1, x.rows);
  s.type = static_cast<CovarianceType>(arguments.integer(0, 3));
  s.regularisation = arguments.number();
  s.tolerance = arguments.number();
  s.maxIter = arguments.integer(1, int64_t(1) << 31);
  const double* const start = arguments.optional<double>(x.rows * s.components);
  const double* const weights = arguments.optional<double>(s.components);
  const double* const means = arguments.optional<double>(s.components * x.width);
  const double* const factors = arguments.optional<double>(covarianceSize(s.type, s.components, x.width));
  const bool isGiven = weights != nullptr && means != nullptr && factors != nullptr;
  if (!arguments.fits() || (start == nullptr && !isGiven)) return nullptr;
  return new GaussianMixture(x, s, start, weights, means, factors);
}

/// Numbers: rows, components, covariance type. Arrays: rows, weights, means, factors of precisions.
Job* gaussianScoresJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x) || x.sparse()) return nullptr;
  const int64_t components = arguments.integer(1, (int64_t(1) << 31) - 1);
  const CovarianceType type = static_cast<CovarianceType>(arguments.integer(0, 3));
  const double* const weights = arguments.array<double>(components);
  const double* const means = arguments.array<double>(components * x.width);
  const double* const factors = arguments.array<double>(covarianceSize(type, components, x.width));
  if (!arguments.fits()) return nullptr;
  GaussianComponents gaussians(type, components, x.width);
  gaussians.set(weights, means, factors);
  return new GaussianScores(x, gaussians);
}

}  // namespace athanor
