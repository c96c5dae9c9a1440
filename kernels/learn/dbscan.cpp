// DBSCAN (Ester, Kriegel, Sander & Xu, KDD 1996): points with enough others near them are cores, cores near
// each other are one cluster, other points belong to a core near them or to none. Cores are joined in sets
// whose name is their least member, so that the order of joining does not matter.
#include <algorithm>
#include <cmath>

#include "ranges.h"
#include "learn/design-rows.h"
#include "learn/kd-tree.h"

namespace athanor {

namespace {

constexpr int64_t leafSize = 24;
constexpr int64_t pointsPerTask = 32;
/// Visits of points that a step aims at.
constexpr double stepVisits = 2e6;

struct Settings {
  double radius;
  double leastWeight;
  Metric metric;
};

/// Disjoint sets (Galler & Fischer 1964); several threads may join at once.
class Sets {
 public:
  explicit Sets(int64_t count) : parents_(static_cast<size_t>(count)) {
    for (int64_t i = 0; i < count; i++) parents_[i] = static_cast<int32_t>(i);
  }

  int32_t find(int32_t i) {
    while (true) {
      const int32_t parent = __atomic_load_n(&parents_[i], __ATOMIC_RELAXED);
      if (parent == i) return i;
      const int32_t above = __atomic_load_n(&parents_[parent], __ATOMIC_RELAXED);
      // The path is halved; a parent only ever becomes a lesser one.
      if (above != parent) __atomic_store_n(&parents_[i], above, __ATOMIC_RELAXED);
      i = above;
    }
  }

  void join(int32_t a, int32_t b) {
    while (true) {
      a = find(a);
      b = find(b);
      if (a == b) return;
      if (a > b) std::swap(a, b);
      int32_t expected = b;
      if (__atomic_compare_exchange_n(&parents_[b], &expected, a, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        return;
    }
  }

 private:
  std::vector<int32_t> parents_;
};

class Dbscan : public Job {
 public:
  Dbscan(const DesignRows& x, const Settings& settings, const double* weights)
      : count_(x.rows),
        width_(x.width),
        settings_(settings),
        weights_(weights),
        isCore_(static_cast<size_t>(x.rows)),
        labels_(static_cast<size_t>(x.rows), -1),
        sets_(x.rows) {
    if (x.form == RowForm::float64) {
      x_ = x.doubles;
    } else {
      copy_.resize(static_cast<size_t>(x.rows * x.width));
      for (int64_t r = 0; r < x.rows; r++) x.copyRow(r, copy_.data() + r * x.width);
      x_ = copy_.data();
    }
    builder_ = std::make_unique<KdTreeBuilder>(x_, count_, width_, leafSize);
  }

  Step step(Runtime& runtime) override {
    switch (phase_) {
      case Phase::build:
        work += static_cast<double>(count_ * (width_ + 20));
        if (!builder_->step(runtime)) return Step::more;
        reduced_ = settings_.metric.reduce(settings_.radius);
        return begin(Phase::count);
      case Phase::count:
        if (!pass(runtime, [&](int32_t point) { return count(point); })) return Step::more;
        return begin(Phase::join);
      case Phase::join:
        if (!pass(runtime, [&](int32_t point) { return join(point); })) return Step::more;
        number();
        return begin(Phase::border);
      case Phase::border:
        if (!pass(runtime, [&](int32_t point) { return border(point); })) return Step::more;
        give(labels_);
        give(cores_);
        progress(1);
        return Step::done;
    }
    return Step::invalid;
  }

 private:
  enum class Phase { build, count, join, border };

  Step begin(Phase phase) {
    phase_ = phase;
    next_ = 0;
    return Step::more;
  }

  /// Some points, in the order of the tree's leaves; true when all are done.
  template <typename F>
  bool pass(Runtime& runtime, F visit) {
    const int64_t end = std::min(count_, next_ + slice_);
    const int64_t tasks = (end - next_ + pointsPerTask - 1) / pointsPerTask;
    std::vector<double> visits(static_cast<size_t>(tasks));
    const int32_t* const order = builder_->order().data();
    auto task = [&](int64_t t, int) {
      const int64_t last = std::min(end, next_ + (t + 1) * pointsPerTask);
      for (int64_t i = next_ + t * pointsPerTask; i < last; i++)
        visits[t] += static_cast<double>(visit(order[i]));
    };
    parallel(runtime, tasks, task);
    double total = 0;
    for (const double part : visits) total += part;
    const double each = total / static_cast<double>(end - next_) + 64;
    work += each * static_cast<double>((end - next_) * width_) / 4;
    slice_ = std::max(int64_t(64), std::min(int64_t(1) << 20, static_cast<int64_t>(stepVisits / each)));
    next_ = end;
    const double part = static_cast<double>(next_) / static_cast<double>(count_);
    progress(phase_ == Phase::count ? 0.45 * part : phase_ == Phase::join ? 0.45 + 0.45 * part : 0.9 + 0.1 * part);
    return next_ == count_;
  }

  template <typename F>
  int64_t eachNear(int32_t point, F visit) const {
    int64_t visits = 0;
    builder_->view().within(x_ + point * width_, settings_.metric, reduced_, [&](int32_t other, double) {
      visits++;
      visit(other);
    });
    return visits;
  }

  int64_t count(int32_t point) {
    double weight = 0;
    const int64_t visits =
        eachNear(point, [&](int32_t other) { weight += weights_ == nullptr ? 1 : weights_[other]; });
    isCore_[point] = weight >= settings_.leastWeight;
    return visits;
  }

  int64_t join(int32_t point) {
    if (!isCore_[point]) return 0;
    return eachNear(point, [&](int32_t other) {
      if (other < point && isCore_[other]) sets_.join(other, point);
    });
  }

  /// Clusters in the order of their first cores.
  void number() {
    int32_t clusters = 0;
    for (int64_t i = 0; i < count_; i++) {
      if (!isCore_[i]) continue;
      cores_.push_back(static_cast<int32_t>(i));
      const int32_t first = sets_.find(static_cast<int32_t>(i));
      labels_[i] = first == i ? clusters++ : labels_[first];
    }
  }

  /// A point near cores of several clusters belongs to the first of these.
  int64_t border(int32_t point) {
    if (isCore_[point]) return 0;
    int32_t least = INT32_MAX;
    const int64_t visits = eachNear(point, [&](int32_t other) {
      if (isCore_[other]) least = std::min(least, labels_[other]);
    });
    if (least != INT32_MAX) labels_[point] = least;
    return visits;
  }

  int64_t count_;
  int64_t width_;
  Settings settings_;
  const double* weights_;
  const double* x_ = nullptr;
  std::vector<double> copy_;
  std::unique_ptr<KdTreeBuilder> builder_;
  Phase phase_ = Phase::build;
  double reduced_ = 0;
  int64_t next_ = 0;
  int64_t slice_ = 256;
  std::vector<char> isCore_;
  std::vector<int32_t> labels_;
  std::vector<int32_t> cores_;
  Sets sets_;
};

}  // namespace

/// Numbers: rows, radius, least weight of a core's neighbours, metric, p. Arrays: rows, weights (or none).
Job* dbscanJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x) || x.sparse() || x.rows > INT32_MAX) return nullptr;
  Settings settings{};
  settings.radius = arguments.number();
  settings.leastWeight = arguments.number();
  settings.metric.kind = static_cast<MetricKind>(arguments.integer(0, 3));
  settings.metric.p = arguments.number();
  const double* const weights = arguments.optional<double>(x.rows);
  return arguments.fits() ? new Dbscan(x, settings, weights) : nullptr;
}

}  // namespace athanor
