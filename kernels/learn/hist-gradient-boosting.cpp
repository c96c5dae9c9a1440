// Gradient boosting over histograms, from a table of numbers to trees (Friedman 2001; Chen & Guestrin 2016;
// Ke et al. 2017): edges, bins, then for each iteration gradients, trees, new scores.
#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include "learn/boosting-loss.h"
#include "learn/edge-finder.h"
#include "learn/job.h"
#include "learn/tree-record.h"
#include "ranges.h"

namespace athanor {

namespace {

constexpr int64_t fillRows = 512;
constexpr int64_t stepCells = 2000000;
constexpr int64_t scoreRows = 4096;

enum class Stop { running = 0, finished = 1, early = 2, tooManyCategories = 3 };

struct Settings {
  LossRule rule;
  double learningRate = 0.1;
  int64_t iterations = 100;
  int32_t maxBins = 255;
  uint64_t seed = 0;
  /// Stops when the loss (of held-out rows, if there are any) has not fallen for so many; 0: never.
  int64_t patience = 0;
  double tolerance = 1e-7;
  SplitRules splits;
  GrowthLimits growth;
};

struct Arrays {
  RowMatrix x;
  const double* y = nullptr;
  const double* weights = nullptr;
  const int32_t* trainRows = nullptr;
  int64_t trainCount = 0;
  const int32_t* heldOutRows = nullptr;
  int64_t heldOutCount = 0;
  const uint8_t* categorical = nullptr;
};

/// Targets in the order of a subset's rows.
struct Subset {
  AlignedArray<double> y, weights, scores;
  Targets targets;

  Subset(const Arrays& arrays, const int32_t* ids, int64_t count) {
    targets.rows = count;
    targets.y = gather(arrays.y, ids, count, y);
    if (arrays.weights != nullptr) targets.weights = gather(arrays.weights, ids, count, weights);
  }
  static const double* gather(const double* from, const int32_t* ids, int64_t count,
                              AlignedArray<double>& into) {
    if (ids == nullptr) return from;
    into.resize(count);
    for (int64_t i = 0; i < count; i++) into[i] = from[ids[i]];
    return into.data();
  }
  void start(const std::vector<double>& baseline) {
    scores.resize(static_cast<int64_t>(baseline.size()) * targets.rows);
    double* column = scores.data();
    for (size_t k = 0; k < baseline.size(); k++, column += targets.rows)
      std::fill(column, column + targets.rows, baseline[k]);
  }
};

class HistGradientBoosting : public Job {
 public:
  HistGradientBoosting(const Settings& settings, const Arrays& arrays)
      : settings_(settings),
        arrays_(arrays),
        train_(arrays, arrays.trainRows, arrays.trainCount),
        heldOut_(arrays, arrays.heldOutRows, arrays.heldOutCount),
        edges_({arrays.x, arrays.trainRows, arrays.trainCount, train_.targets.weights, arrays.categorical,
                settings.maxBins, settings.seed}) {}

  Step step(Runtime& runtime) override {
    switch (phase_) {
      case Phase::edges:
        return findEdges(runtime);
      case Phase::fill:
        return fillTables(runtime);
      case Phase::evaluate:
        return evaluate(runtime);
      case Phase::grow:
        return grow(runtime);
      case Phase::renew:
        return renew(runtime);
      case Phase::update:
        return update(runtime);
    }
    return Step::invalid;
  }

 private:
  enum class Phase { edges, fill, evaluate, grow, renew, update };

  Step findEdges(Runtime& runtime) {
    if (edges_.advance(runtime, work)) return Step::more;
    bins_ = edges_.bins();
    if (edges_.crowded() >= 0) {
      stop_ = Stop::tooManyCategories;
      stopDetail_ = edges_.crowded();
      return finish();
    }
    const bool isDouble = arrays_.x.isDouble;
    table_ = std::make_unique<BinnedTable>(bins_, arrays_.trainCount, isDouble);
    heldOutTable_ = std::make_unique<BinnedTable>(bins_, arrays_.heldOutCount, isDouble);
    phase_ = Phase::fill;
    return Step::more;
  }

  Step fillTables(Runtime& runtime) {
    BinnedTable& table = nextRow_ < arrays_.trainCount ? *table_ : *heldOutTable_;
    const bool heldOut = nextRow_ >= arrays_.trainCount;
    const int64_t offset = heldOut ? arrays_.trainCount : 0;
    const int64_t begin = nextRow_ - offset;
    const int64_t width = arrays_.x.width;
    const int64_t blockRows = std::max<int64_t>(16, std::min(fillRows, 65536 / width));
    const int64_t blocks = std::max<int64_t>(1, stepCells / (width * blockRows));
    const int64_t end = std::min(begin + blocks * blockRows, table.rows());
    for (int w = 0; w < threads(runtime); w++)
      if (scratch(runtime, w, 0, fillRows * sizeof(double)) == nullptr) return Step::outOfMemory;
    parallelRanges(runtime, end - begin, blockRows, [&](int64_t from, int64_t to, int worker) {
      double* const room = static_cast<double*>(scratch(runtime, worker, 0, fillRows * sizeof(double)));
      table.fill(bins_, arrays_.x, heldOut ? arrays_.heldOutRows : arrays_.trainRows, begin + from,
                 begin + to, room);
    });
    work += static_cast<double>((end - begin) * width) * 4;
    nextRow_ = end + offset;
    if (nextRow_ < arrays_.trainCount + arrays_.heldOutCount) return Step::more;
    start();
    return Step::more;
  }

  void start() {
    const LossRule& rule = settings_.rule;
    unit_ = rule.unitHessian() && train_.targets.weights == nullptr;
    baseline_ = rule.baseline(train_.targets);
    train_.start(baseline_);
    heldOut_.start(baseline_);
    gradientStride_ = train_.targets.rows * (unit_ ? 1 : 2);
    gradients_.resize(gradientStride_ * rule.outputs);
    grower_ = std::make_unique<TreeGrower>(*table_, bins_, unit_, settings_.splits, settings_.growth,
                                           settings_.seed);
    phase_ = Phase::evaluate;
  }

  /// Mean loss; with gradients where they are wanted.
  double meanLoss(Runtime& runtime, Subset& subset, float* gradients) {
    const GradientColumns into{gradients, gradientStride_, unit_};
    const Targets& targets = subset.targets;
    lossParts_.assign(static_cast<size_t>((targets.rows + scoreRows - 1) / scoreRows), 0);
    std::vector<Largest> largest(lossParts_.size());
    parallelRanges(runtime, targets.rows, scoreRows, [&](int64_t begin, int64_t end, int) {
      const size_t part = static_cast<size_t>(begin / scoreRows);
      lossParts_[part] = settings_.rule.evaluate(targets, begin, end - begin, subset.scores.data(),
                                                 targets.rows, into, largest[part]);
    });
    work += static_cast<double>(targets.rows * settings_.rule.outputs) * 5;
    Largest all;
    for (const Largest& part : largest) {
      all.gradient = std::max(all.gradient, part.gradient);
      all.hessian = std::max(all.hessian, part.hessian);
    }
    if (!std::isfinite(all.gradient + all.hessian)) return std::numeric_limits<double>::quiet_NaN();
    if (gradients != nullptr) fixed_ = FixedPoint(all.gradient, all.hessian, targets.rows);
    double sum = 0;
    for (const double part : lossParts_) sum += part;
    double weight = static_cast<double>(targets.rows);
    if (targets.weights != nullptr) {
      weight = 0;
      for (int64_t i = 0; i < targets.rows; i++) weight += targets.weights[i];
    }
    return sum / weight;
  }

  Step evaluate(Runtime& runtime) {
    const bool last = iteration_ == settings_.iterations;
    trainLoss_.push_back(meanLoss(runtime, train_, last ? nullptr : gradients_.data()));
    if (heldOut_.targets.rows > 0) heldOutLoss_.push_back(meanLoss(runtime, heldOut_, nullptr));
    if (!std::isfinite(trainLoss_.back())) return Step::notFinite;
    iteration(static_cast<double>(iteration_));
    loss(trainLoss_.back());
    progress(static_cast<double>(iteration_) / static_cast<double>(settings_.iterations));
    if (last || shouldStop()) {
      stop_ = last ? Stop::finished : Stop::early;
      progress(1);
      return finish();
    }
    output_ = 0;
    beginTree();
    return Step::more;
  }

  /// None of the last `patience` losses is better than the one before them.
  bool shouldStop() const {
    if (settings_.patience == 0) return false;
    const std::vector<double>& losses = heldOut_.targets.rows > 0 ? heldOutLoss_ : trainLoss_;
    const size_t patience = static_cast<size_t>(settings_.patience);
    if (losses.size() < patience + 1) return false;
    const double reference = losses[losses.size() - 1 - patience] - settings_.tolerance;
    return !std::any_of(losses.end() - static_cast<int64_t>(patience), losses.end(),
                        [&](double loss) { return loss < reference; });
  }

  void beginTree() {
    grower_->begin(gradients_.data() + output_ * gradientStride_, fixed_,
                   static_cast<uint32_t>(record_.treeStart.size()));
    phase_ = Phase::grow;
  }

  Step grow(Runtime& runtime) {
    if (!HistogramWork::reserve(runtime)) return Step::outOfMemory;
    if (grower_->advance(runtime, work)) return Step::more;
    leaves_.clear();
    const std::vector<GrownNode>& nodes = grower_->nodes();
    for (size_t i = 0; i < nodes.size(); i++)
      if (nodes[i].isLeaf())
        leaves_.push_back({nodes[i].begin, nodes[i].end, settings_.learningRate * nodes[i].sums.value,
                           static_cast<int32_t>(i)});
    nextLeaf_ = 0;
    phase_ = settings_.rule.renewsLeaves() ? Phase::renew : Phase::update;
    return Step::more;
  }

  /// Medians (quantiles) of residuals take the place of gradient steps, a few leaves at a time.
  Step renew(Runtime& runtime) {
    const double* const scores = train_.scores.data() + output_ * train_.targets.rows;
    size_t end = nextLeaf_;
    int64_t rows = 0;
    while (end < leaves_.size() && rows < 500000) rows += leaves_[end].end - leaves_[end].begin, end++;
    residuals_.resize(static_cast<size_t>(train_.targets.rows));
    if (train_.targets.weights != nullptr) residualWeights_.resize(residuals_.size());
    auto task = [&](int64_t t, int) {
      GrownLeaf& leaf = leaves_[nextLeaf_ + static_cast<size_t>(t)];
      const NodeRows ids = grower_->rowsOf(grower_->nodes()[static_cast<size_t>(leaf.node)]);
      double* const values = residuals_.data() + leaf.begin;
      double* const weights = residualWeights_.empty() ? nullptr : residualWeights_.data() + leaf.begin;
      for (int64_t i = 0; i < ids.count; i++) {
        const int64_t row = ids.ids == nullptr ? i : ids.ids[i];
        values[i] = train_.targets.y[row] - scores[row];
        if (weights != nullptr) weights[i] = train_.targets.weights[row];
      }
      leaf.value = settings_.learningRate *
                   quantileOf(values, weights, ids.count, settings_.rule.residualQuantile());
    };
    parallel(runtime, static_cast<int64_t>(end - nextLeaf_), task);
    work += static_cast<double>(rows) * 10;
    nextLeaf_ = end;
    if (nextLeaf_ == leaves_.size()) phase_ = Phase::update;
    return Step::more;
  }

  Step update(Runtime& runtime) {
    double* const scores = train_.scores.data() + output_ * train_.targets.rows;
    std::sort(leaves_.begin(), leaves_.end(),
              [](const GrownLeaf& a, const GrownLeaf& b) { return a.begin < b.begin; });
    parallelRanges(runtime, train_.targets.rows, 16384, [&](int64_t begin, int64_t end, int) {
      auto leaf = std::upper_bound(leaves_.begin(), leaves_.end(), begin,
                                   [](int64_t at, const GrownLeaf& l) { return at < l.end; });
      for (; begin < end; leaf++) {
        const int64_t to = std::min(end, leaf->end);
        const NodeRows all = grower_->rowsOf(grower_->nodes()[static_cast<size_t>(leaf->node)]);
        for (; begin < to; begin++)
          scores[all.ids == nullptr ? begin : all.ids[begin - leaf->begin]] += leaf->value;
      }
    });
    work += static_cast<double>(train_.targets.rows) * 2;
    record_.append(grower_->nodes(), leaves_, bins_);
    updateHeldOut(runtime);
    if (++output_ < settings_.rule.outputs) {
      beginTree();
    } else {
      iteration_++;
      phase_ = Phase::evaluate;
    }
    return Step::more;
  }

  /// Walks held-out rows down the newest tree, bin by bin.
  void updateHeldOut(Runtime& runtime) {
    const std::vector<GrownNode>& nodes = grower_->nodes();
    double* const scores = heldOut_.scores.data() + output_ * heldOut_.targets.rows;
    std::vector<double> valueOf(nodes.size());
    for (const GrownLeaf& leaf : leaves_) valueOf[static_cast<size_t>(leaf.node)] = leaf.value;
    parallelRanges(runtime, heldOut_.targets.rows, 1024, [&](int64_t begin, int64_t end, int) {
      for (int64_t row = begin; row < end; row++) {
        size_t at = 0;
        while (!nodes[at].isLeaf()) {
          const Split& split = nodes[at].split;
          const int32_t bin = heldOutTable_->column(split.slot)[row];
          const bool missing = bin == bins_[static_cast<size_t>(split.feature)].missingBin();
          const bool left = split.categorical ? split.left.has(bin)
                            : missing         ? split.missingLeft
                                              : bin <= split.bin;
          at = static_cast<size_t>(nodes[at].left) + (left ? 0 : 1);
        }
        scores[row] += valueOf[at];
      }
    });
    work += static_cast<double>(heldOut_.targets.rows) * 20;
  }

  Step finish() {
    for (const FeatureBins& bins : bins_) {
      categoryCounts_.push_back(bins.categorical ? static_cast<int32_t>(bins.edges.size()) : 0);
      if (bins.categorical) categories_.insert(categories_.end(), bins.edges.begin(), bins.edges.end());
    }
    summary_ = {static_cast<double>(stop_), static_cast<double>(iteration_), stopDetail_};
    give(summary_);
    give(baseline_);
    give(trainLoss_);
    give(heldOutLoss_);
    give(record_.treeStart);
    give(record_.feature);
    give(record_.threshold);
    give(record_.flags);
    give(record_.left);
    give(record_.values);
    give(record_.setStart);
    give(record_.setWords);
    give(record_.count);
    give(record_.gain);
    give(categoryCounts_);
    give(categories_);
    return Step::done;
  }

  const Settings settings_;
  const Arrays arrays_;
  Subset train_, heldOut_;
  EdgeFinder edges_;
  Phase phase_ = Phase::edges;
  Stop stop_ = Stop::running;
  double stopDetail_ = 0;

  int64_t nextRow_ = 0;
  std::vector<FeatureBins> bins_;
  std::unique_ptr<BinnedTable> table_, heldOutTable_;

  bool unit_ = false;
  std::vector<double> baseline_;
  AlignedArray<float> gradients_;
  int64_t gradientStride_ = 0;
  FixedPoint fixed_;
  std::vector<double> lossParts_, trainLoss_, heldOutLoss_;
  std::unique_ptr<TreeGrower> grower_;
  int64_t iteration_ = 0;
  int32_t output_ = 0;
  std::vector<GrownLeaf> leaves_;
  size_t nextLeaf_ = 0;
  std::vector<double> residuals_, residualWeights_;

  TreeRecord record_;
  std::vector<int32_t> categoryCounts_;
  std::vector<double> categories_, summary_;
};

}  // namespace

Job* histGradientBoostingJob(Arguments& arguments) {
  constexpr int64_t many = int64_t(1) << 31;
  Settings s;
  Arrays a;
  a.x.rows = arguments.integer(1, many - 1);
  a.x.width = static_cast<int32_t>(arguments.integer(1, 1 << 20));
  a.x.isDouble = arguments.flag();
  a.trainCount = arguments.integer(1, a.x.rows);
  a.heldOutCount = arguments.integer(0, a.x.rows);
  s.rule.loss = static_cast<Loss>(arguments.integer(0, 6));
  s.rule.quantile = arguments.number();
  s.rule.outputs = static_cast<int32_t>(arguments.integer(1, 100000));
  s.learningRate = arguments.number();
  s.iterations = arguments.integer(0, many);
  s.growth.leaves = arguments.integer(0, many);
  s.growth.depth = static_cast<int32_t>(arguments.integer(0, many - 1));
  s.splits.smallestCount = arguments.integer(1, many);
  s.splits.l2 = arguments.number();
  s.growth.featurePart = arguments.number();
  s.maxBins = static_cast<int32_t>(arguments.integer(2, 255));
  s.seed = static_cast<uint64_t>(arguments.integer(0, int64_t(1) << 53));
  s.patience = arguments.integer(0, many);
  s.tolerance = arguments.number();
  const int64_t groups = arguments.integer(0, many);

  const int64_t cells = a.x.rows * a.x.width;
  a.x.data = a.x.isDouble ? static_cast<const void*>(arguments.array<double>(cells))
                          : static_cast<const void*>(arguments.array<float>(cells));
  a.y = arguments.array<double>(a.x.rows);
  a.weights = arguments.optional<double>(a.x.rows);
  a.trainRows = arguments.optional<int32_t>(a.trainCount);
  a.heldOutRows = arguments.optional<int32_t>(a.heldOutCount);
  a.categorical = arguments.optional<uint8_t>(a.x.width);
  const int8_t* const monotone = arguments.optional<int8_t>(a.x.width);
  const int32_t* const groupSizes = arguments.optional<int32_t>(groups);
  const Input members = arguments.next();
  if (!arguments.fits()) return nullptr;

  if (a.trainRows == nullptr && a.trainCount != a.x.rows) return nullptr;
  if (a.heldOutRows == nullptr && a.heldOutCount > 0) return nullptr;
  const auto inTable = [&](const int32_t* rows, int64_t count) {
    return rows == nullptr ||
           std::all_of(rows, rows + count, [&](int32_t r) { return r >= 0 && r < a.x.rows; });
  };
  if (!inTable(a.trainRows, a.trainCount) || !inTable(a.heldOutRows, a.heldOutCount)) return nullptr;
  if (s.rule.loss == Loss::multiclassLogLoss &&
      !std::all_of(a.y, a.y + a.x.rows, [&](double k) { return k >= 0 && k < s.rule.outputs; }))
    return nullptr;
  if (s.rule.loss != Loss::multiclassLogLoss && s.rule.outputs != 1) return nullptr;
  if (monotone != nullptr) s.splits.monotone.assign(monotone, monotone + a.x.width);
  int64_t at = 0;
  for (int64_t g = 0; g < groups; g++) {
    if (groupSizes == nullptr || groupSizes[g] < 0) return nullptr;
    if (at + groupSizes[g] > members.count<int32_t>()) return nullptr;
    const int32_t* const first = members.as<int32_t>() + at;
    s.growth.together.emplace_back(first, first + groupSizes[g]);
    for (const int32_t f : s.growth.together.back())
      if (f < 0 || f >= a.x.width) return nullptr;
    at += groupSizes[g];
  }
  return new HistGradientBoosting(s, a);
}

}  // namespace athanor
