// k-means, whole fits: measure the rows, then for each start seeds and a run of Lloyd's; the best is kept.
// The last word on labels is that of `predict`, so that the two agree to the bit.
#include "learn/centered-rows.h"
#include "learn/dense-cluster-rows.h"
#include "learn/k-means-seeds.h"
#include "learn/lloyd.h"
#include "learn/nearest-rows.h"

namespace athanor {

namespace {

enum class Init : int32_t { given = 0, plusPlus = 1, random = 2 };
std::unique_ptr<ClusterRows> clusterRows(const DesignRows& x, const double* weights,
                                         int64_t clusters) {
  ClusterRows* made = nullptr;
  if (x.form == RowForm::float32)
    made = new DenseClusterRows<float>(x.floats, x.rows, x.width, weights,
                                       clusters);
  else if (x.form == RowForm::float64)
    made = new DenseClusterRows<double>(x.doubles, x.rows, x.width, weights,
                                        clusters);
  else
    made = new SparseClusterRows(x, x.rows, x.width, weights, clusters);
  return std::unique_ptr<ClusterRows>(made);
}

std::unique_ptr<NearestRows> nearestRows(const DesignRows& x, const double* centers, int64_t count) {
  NearestRows* made = nullptr;
  if (x.form == RowForm::float32)
    made = new DenseNearestRows<float>(x.floats, x.width, centers, count);
  else if (x.form == RowForm::float64)
    made = new DenseNearestRows<double>(x.doubles, x.width, centers, count);
  else
    made = new SparseNearestRows(x, x.width, centers, count);
  return std::unique_ptr<NearestRows>(made);
}

/// Labels of all rows, block by block. False: memory is out.
bool labelAll(Runtime& runtime, const NearestRows& nearest, int64_t from, int64_t to, int32_t* labels) {
  bool failed = false;
  parallelRanges(runtime, to - from, nearestBlock, [&](int64_t begin, int64_t end, int worker) {
    if (!nearest.label(runtime, worker, from + begin, from + end, labels))
      __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
  });
  return !__atomic_load_n(&failed, __ATOMIC_RELAXED);
}

/// Means, scale and panels of the rows; `more` where all went well.
Step prepareRows(Runtime& runtime, ClusterRows& rows, double& meanVariance) {
  const int64_t width = rows.width(), blocks = rows.blocks();
  const int64_t wave = std::max(int64_t(1), std::min(blocks, (int64_t(1) << 22) / width));
  std::vector<double> parts(static_cast<size_t>(wave * 3 * width));
  std::vector<double> sums;
  for (int64_t first = 0; first < blocks; first += wave) {
    const int64_t count = std::min(wave, blocks - first);
    auto measure = [&](int64_t t, int) { rows.measure(first + t, parts.data() + t * 3 * width); };
    parallel(runtime, count, measure);
    for (int64_t t = 0; t < count; t++) joinMeasures(sums, parts.data() + t * 3 * width, width);
  }
  if (!allFinite(sums)) return Step::notFinite;
  rows.settle(sums.data());
  std::vector<double> squares(static_cast<size_t>(blocks));
  bool failed = false;
  auto prepare = [&](int64_t block, int worker) {
    if (!rows.prepare(runtime, worker, block, &squares[block]))
      __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
  };
  parallel(runtime, blocks, prepare);
  if (__atomic_load_n(&failed, __ATOMIC_RELAXED)) return Step::outOfMemory;
  double square = 0;
  for (const double part : squares) square += part;
  meanVariance = rows.meanVariance(square);
  return Step::more;
}

struct Settings {
  int64_t clusters;
  int64_t maxIter;
  double tolerance;
  uint64_t seed;
  Init init;
  int64_t starts;
};

class KMeans : public Job {
 public:
  KMeans(const DesignRows& x, const Settings& settings, const double* weights, const double* given)
      : x_(x),
        settings_(settings),
        given_(given),
        rows_(clusterRows(x, weights, settings.clusters)),
        size_(settings.clusters * x.width),
        best_(static_cast<size_t>(size_)),
        bestLabels_(static_cast<size_t>(x.rows)) {}

  Step step(Runtime& runtime) override {
    switch (phase_) {
      case Phase::measure: return measure(runtime);
      case Phase::seed: return seed(runtime);
      case Phase::run: return run(runtime);
    }
    return Step::invalid;
  }

 private:
  enum class Phase { measure, seed, run };

  Step measure(Runtime& runtime) {
    double variance = 0;
    const Step step = prepareRows(runtime, *rows_, variance);
    if (step != Step::more) return step;
    lloyd_ = std::make_unique<Lloyd>(*rows_, settings_.clusters, settings_.maxIter,
                                     settings_.tolerance * variance);
    work += 3.0 * static_cast<double>(x_.rows) * static_cast<double>(x_.width);
    phase_ = Phase::seed;
    return Step::more;
  }

  Step seed(Runtime& runtime) {
    if (settings_.init == Init::given) {
      centers_.resize(static_cast<size_t>(size_));
      for (int64_t i = 0; i < size_; i++)
        centers_[i] = (given_[i] - rows_->shift()[i % x_.width]) * rows_->scale();
      return begin();
    }
    if (seeds_ == nullptr) {
      centers_.assign(static_cast<size_t>(size_), 0.0);
      seeds_ = std::make_unique<KMeansSeeds>(*rows_, settings_.clusters, settings_.seed,
                                             static_cast<uint32_t>(start_));
    }
    work += 0.5 * static_cast<double>(x_.rows * x_.width);
    if (settings_.init == Init::random) {
      seeds_->drawRows(centers_.data());
      return begin();
    }
    return seeds_->next(runtime, centers_.data()) ? begin() : Step::more;
  }

  Step begin() {
    seeds_.reset();
    if (!allFinite(centers_)) return Step::notFinite;
    lloyd_->begin(centers_);
    phase_ = Phase::run;
    return Step::more;
  }

  Step run(Runtime& runtime) {
    const double part = std::min(1.0, static_cast<double>(lloyd_->wave()) /
                                          static_cast<double>(rows_->blocks()));
    work += part * 0.05 * static_cast<double>(x_.rows) * static_cast<double>(size_);
    const Step step = lloyd_->next(runtime);
    iteration(static_cast<double>(lloyd_->iterations()));
    const double done = static_cast<double>(lloyd_->iterations()) / static_cast<double>(settings_.maxIter);
    progress(0.99 * (static_cast<double>(start_) + done) / static_cast<double>(settings_.starts));
    if (step != Step::done) return step;
    const bool only = settings_.starts == 1;
    if (!only) compare(lloyd_->finish(runtime, true));
    if (++start_ < settings_.starts) {
      phase_ = Phase::seed;
      return Step::more;
    }
    if (only) {
      best_ = lloyd_->centers();
      bestIterations_ = static_cast<double>(lloyd_->iterations());
    }
    return finish(runtime);
  }

  void compare(double inertia) {
    if (start_ > 0 && !(inertia < bestInertia_ && !isSameClustering())) return;
    bestInertia_ = inertia;
    bestIterations_ = static_cast<double>(lloyd_->iterations());
    best_ = lloyd_->centers();
    bestLabels_ = lloyd_->labels();
  }

  /// The same but for the clusters' numbers.
  bool isSameClustering() const {
    std::vector<int32_t> other(static_cast<size_t>(settings_.clusters), -1);
    const std::vector<int32_t>& labels = lloyd_->labels();
    for (size_t r = 0; r < labels.size(); r++) {
      int32_t& found = other[labels[r]];
      if (found < 0) found = bestLabels_[r];
      if (found != bestLabels_[r]) return false;
    }
    return true;
  }

  Step finish(Runtime& runtime) {
    std::vector<double> centers(static_cast<size_t>(size_));
    for (int64_t i = 0; i < size_; i++)
      centers[i] = best_[i] / rows_->scale() + rows_->shift()[i % x_.width];
    lloyd_->centers() = best_;
    const auto nearest = nearestRows(x_, centers.data(), settings_.clusters);
    if (!labelAll(runtime, *nearest, 0, x_.rows, lloyd_->labels().data())) return Step::outOfMemory;
    const double inertia = lloyd_->finish(runtime, false);
    std::vector<char> seen(static_cast<size_t>(settings_.clusters));
    for (const int32_t label : lloyd_->labels()) seen[label] = 1;
    double distinct = 0;
    for (const char each : seen) distinct += each;
    numbers_ = {inertia / rows_->scale() / rows_->scale(), bestIterations_, distinct};
    best_ = centers;
    give(best_);
    give(lloyd_->labels());
    give(numbers_);
    progress(1);
    return Step::done;
  }

  DesignRows x_;
  Settings settings_;
  const double* given_;
  std::unique_ptr<ClusterRows> rows_;
  int64_t size_;
  Phase phase_ = Phase::measure;
  int64_t start_ = 0;
  std::unique_ptr<KMeansSeeds> seeds_;
  std::unique_ptr<Lloyd> lloyd_;
  std::vector<double> centers_;
  double bestInertia_ = 0;
  double bestIterations_ = 0;
  std::vector<double> best_;
  std::vector<int32_t> bestLabels_;
  std::vector<double> numbers_;
};

/// Rows that k-means++ would begin with, and nothing more.
class Seeds : public Job {
 public:
  Seeds(const DesignRows& x, int64_t clusters, uint64_t seed, const double* weights)
      : clusters_(clusters),
        seed_(seed),
        rows_(clusterRows(x, weights, clusters)),
        centers_(static_cast<size_t>(clusters * x.width)) {}

  Step step(Runtime& runtime) override {
    work += static_cast<double>(rows_->rows()) * static_cast<double>(rows_->width());
    if (seeds_ == nullptr) {
      double variance = 0;
      const Step step = prepareRows(runtime, *rows_, variance);
      seeds_ = step == Step::more ? std::make_unique<KMeansSeeds>(*rows_, clusters_, seed_, 0) : nullptr;
      return step;
    }
    const bool isComplete = seeds_->next(runtime, centers_.data());
    progress(static_cast<double>(seeds_->seeds().size()) / static_cast<double>(clusters_));
    if (!isComplete) return Step::more;
    give(seeds_->seeds());
    return Step::done;
  }

 private:
  int64_t clusters_;
  uint64_t seed_;
  std::unique_ptr<ClusterRows> rows_;
  std::unique_ptr<KMeansSeeds> seeds_;
  std::vector<double> centers_;
};

class NearestCenters : public Job {
 public:
  NearestCenters(const DesignRows& x, const double* centers, int64_t clusters)
      : rows_(x.rows),
        cost_(static_cast<double>(clusters) * static_cast<double>(x.width)),
        nearest_(nearestRows(x, centers, clusters)),
        labels_(static_cast<size_t>(x.rows)) {}

  Step step(Runtime& runtime) override {
    const int64_t end = std::min(rows_, next_ + 64 * nearestBlock);
    if (!labelAll(runtime, *nearest_, next_, end, labels_.data())) return Step::outOfMemory;
    work += 0.05 * cost_ * static_cast<double>(end - next_);
    next_ = end;
    progress(static_cast<double>(next_) / static_cast<double>(rows_));
    if (next_ < rows_) return Step::more;
    give(labels_);
    return Step::done;
  }

 private:
  int64_t rows_;
  double cost_;
  int64_t next_ = 0;
  std::unique_ptr<NearestRows> nearest_;
  std::vector<int32_t> labels_;
};

}  // namespace

/// Numbers: rows, clusters, iterations, tolerance (as a share of the features' mean variance), seed, where
/// to begin (see Init), starts. Arrays: rows, weights, centres; the last two may be none.
Job* kMeansJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x)) return nullptr;
  Settings s{};
  s.clusters = arguments.integer(1, x.rows);
  s.maxIter = arguments.integer(1, int64_t(1) << 31);
  s.tolerance = arguments.number();
  s.seed = static_cast<uint64_t>(arguments.integer(0, int64_t(1) << 53));
  s.init = static_cast<Init>(arguments.integer(0, 2));
  s.starts = arguments.integer(1, 1 << 20);
  const double* const weights = arguments.optional<double>(x.rows);
  const double* const given = arguments.optional<double>(s.clusters * x.width);
  if (!arguments.fits() || (s.init == Init::given) != (given != nullptr)) return nullptr;
  return new KMeans(x, s, weights, given);
}

/// Numbers: rows, clusters, seed. Arrays: rows, weights (or none).
Job* kMeansSeedsJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x)) return nullptr;
  const int64_t clusters = arguments.integer(1, x.rows);
  const uint64_t seed = static_cast<uint64_t>(arguments.integer(0, int64_t(1) << 53));
  const double* const weights = arguments.optional<double>(x.rows);
  return arguments.fits() ? new Seeds(x, clusters, seed, weights) : nullptr;
}

/// Numbers: rows, clusters. Arrays: rows, centres.
Job* nearestCentersJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x)) return nullptr;
  const int64_t clusters = arguments.integer(1, (int64_t(1) << 31) - 1);
  const double* const centers = arguments.array<double>(clusters * x.width);
  return arguments.fits() ? new NearestCenters(x, centers, clusters) : nullptr;
}

}  // namespace athanor
