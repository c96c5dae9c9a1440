// The jobs of neighbours: building a k-d tree, the k nearest by it or by looking at every point, and all
// within a radius.
#include "learn/kd-tree.h"
#include "learn/point-screen.h"

#include <algorithm>
#include <memory>

#include "learn/row-source.h"
#include "ranges.h"

namespace athanor {

namespace {

/// Nanoseconds of one step, over all threads, that the parts below aim at.
constexpr double stepWork = 6e6;
constexpr int64_t queriesPerTask = 16;
/// Fewer queries than this are measured against every point at once: packing would cost more.
constexpr int64_t fewQueries = 8;
constexpr int64_t pointsPerTask = 4096;

Metric::SparseRow sparseRow(const Source& source, int64_t row) {
  const int64_t from = source.starts[row];
  return {source.columns + from, source.values + from, source.starts[row + 1] - from};
}

/// Points and queries, both dense or both sparse, and perhaps a tree over the points.
struct Points {
  Source points, queries;
  Metric metric;
  bool hasTree = false;
  KdTreeView tree;

  int64_t count() const { return points.rows; }
  int64_t width() const { return points.width; }
  const double* query(int64_t q) const { return queries.values + q * queries.width; }
  double distance(int64_t q, int64_t point) const {
    if (points.sparse()) return metric.reduced(sparseRow(queries, q), sparseRow(points, point));
    return metric.reduced(query(q), points.values + point * points.width, 1, points.width);
  }
  /// About how many nanoseconds a query takes that looks at all points.
  double work() const {
    const double each = points.sparse() ? 3.0 * (points.starts[points.rows] / static_cast<double>(points.rows) +
                                                 queries.starts[queries.rows] / static_cast<double>(queries.rows))
                                        : static_cast<double>(points.width);
    return static_cast<double>(points.rows) * (each + 2);
  }

  bool read(Arguments& arguments) {
    if (!readSource(arguments, points) || !readSource(arguments, queries)) return false;
    metric.kind = static_cast<MetricKind>(arguments.integer(0, 4));
    metric.p = arguments.number();
    const int64_t levels = arguments.integer(0, 32);
    const Input order = arguments.next(), values = arguments.next(), starts = arguments.next(), boxes = arguments.next();
    const bool fits = arguments.fits() && points.rows > 0 && points.rows <= int64_t(1) << 30 && queries.rows > 0 &&
                      points.width == queries.width && points.sparse() == queries.sparse();
    hasTree = levels > 0;
    if (!hasTree || !fits) return fits;
    const int64_t leaves = int64_t(1) << (levels - 1);
    tree = {count(), width(), levels, order.as<int32_t>(), values.as<double>(), starts.as<int32_t>(), boxes.as<double>()};
    return !points.sparse() && metric.kind != MetricKind::cosine && order.count<int32_t>() == count() &&
           starts.count<int32_t>() == leaves + 1 && boxes.count<double>() == (2 * leaves - 1) * 2 * width() &&
           values.count<double>() == tree.leafStarts[leaves] * width();
  }
};

class BuildTree : public Job {
 public:
  BuildTree(const double* x, int64_t points, int64_t width, int64_t leafSize) : builder_(x, points, width, leafSize) {
    perLevel_ = static_cast<double>(points) * static_cast<double>(width + 20);
  }

  Step step(Runtime& runtime) override {
    const bool complete = builder_.step(runtime);
    work += perLevel_;
    progress(builder_.fraction());
    if (!complete) return Step::more;
    give(builder_.order().data(), builder_.order().size());
    give(builder_.values().data(), builder_.values().size());
    give(builder_.leafStarts());
    give(builder_.boxes().data(), builder_.boxes().size());
    return Step::done;
  }

 private:
  KdTreeBuilder builder_;
  double perLevel_;
};

class Nearest : public Job {
 public:
  bool read(Arguments& arguments) {
    if (!points_.read(arguments)) return false;
    k_ = arguments.integer(1, points_.count());
    queries_ = points_.queries.rows;
    return arguments.fits();
  }

  Step step(Runtime& runtime) override {
    if (lists_.empty()) begin();
    if (points_.hasTree)
      throughTree(runtime);
    else if (screen_ == nullptr)
      throughAll(runtime);
    else if (packed_ < screen_->panels())
      return pack(runtime);
    else
      throughScreen(runtime);
    progress(static_cast<double>(next_) / static_cast<double>(queries_));
    if (next_ < queries_) return Step::more;
    for (double& distance : distances_) {
      distance = points_.metric.restore(distance);
      if (!std::isfinite(distance)) return Step::notFinite;
    }
    give(found_);
    give(distances_);
    return Step::done;
  }

 private:
  void begin() {
    distances_.resize(queries_ * k_);
    found_.resize(queries_ * k_);
    for (int64_t q = 0; q < queries_; q++)
      lists_.emplace_back(k_, distances_.data() + q * k_, found_.data() + q * k_);
    const MetricKind kind = points_.metric.kind;
    const bool screens = !points_.points.sparse() && (kind == MetricKind::euclidean || kind == MetricKind::cosine);
    if (!points_.hasTree && screens && queries_ > fewQueries)
      screen_.reset(new PointScreen(points_.points.values, points_.count(), points_.width(), points_.metric));
  }

  /// How many tasks of so much work fit into a step.
  static int64_t fitting(double each, int64_t most) {
    const double count = stepWork / each + 1;
    return count < static_cast<double>(most) ? static_cast<int64_t>(count) : most;
  }

  void throughTree(Runtime& runtime) {
    const int64_t tasks = fitting(perQuery_ * queriesPerTask, (queries_ - next_ + queriesPerTask - 1) / queriesPerTask);
    auto task = [&](int64_t index, int) {
      const int64_t from = next_ + index * queriesPerTask;
      for (int64_t q = from; q < from + queriesPerTask && q < queries_; q++) {
        points_.tree.nearest(points_.query(q), points_.metric, lists_[q]);
        lists_[q].sort();
      }
    };
    parallel(runtime, tasks, task);
    next_ = std::min(queries_, next_ + tasks * queriesPerTask);
    work += perQuery_ * static_cast<double>(tasks * queriesPerTask);
  }

  /// One query after the other against all points; these in parts, whose lists are then put together.
  void throughAll(Runtime& runtime) {
    const int64_t parts = (points_.count() + pointsPerTask - 1) / pointsPerTask;
    std::vector<double> distances(parts * k_);
    std::vector<int32_t> found(parts * k_);
    std::vector<int64_t> counts(parts);
    auto task = [&](int64_t part, int) {
      NearestList list(k_, distances.data() + part * k_, found.data() + part * k_);
      const int64_t end = std::min(points_.count(), (part + 1) * pointsPerTask);
      for (int64_t i = part * pointsPerTask; i < end; i++) {
        const double distance = points_.distance(next_, i);
        if (distance <= list.limit()) list.offer(distance, static_cast<int32_t>(i));
      }
      counts[part] = list.count();
    };
    parallel(runtime, parts, task);
    NearestList& list = lists_[next_];
    for (int64_t part = 0; part < parts; part++)
      for (int64_t i = 0; i < counts[part]; i++) list.offer(distances[part * k_ + i], found[part * k_ + i]);
    list.sort();
    next_++;
    work += points_.work();
  }

  Step pack(Runtime& runtime) {
    const int64_t left = screen_->panels() - packed_;
    const int64_t panels = fitting(static_cast<double>(panelRows<float> * points_.width()), left);
    const size_t bytes = sizeof(float) * static_cast<size_t>(panelRows<float> * points_.width());
    for (int worker = 0; worker < threads(runtime); worker++)
      if (scratch(runtime, worker, 0, bytes) == nullptr) return Step::outOfMemory;
    parallelRanges(runtime, panels, 16, [&](int64_t from, int64_t to, int worker) {
      for (int64_t p = from; p < to; p++)
        screen_->pack(packed_ + p, static_cast<float*>(scratch(runtime, worker, 0, 0)));
    });
    packed_ += panels;
    work += static_cast<double>(panels * panelRows<float> * points_.width());
    return Step::more;
  }

  /// Some tasks of queries against some panels; a step goes on where the one before ended.
  void throughScreen(Runtime& runtime) {
    const int64_t tasks = std::min<int64_t>(tasksAtATime, (queries_ - next_ + screenQueries - 1) / screenQueries);
    const auto first = [&](int64_t task) { return next_ + task * screenQueries; };
    if (panel_ == 0)
      for (int64_t t = 0; t < tasks; t++) {
        if (static_cast<int64_t>(groups_.size()) <= t) groups_.emplace_back(new PointScreen::Queries());
        screen_->prepare(*groups_[t], points_.query(first(t)),
                         std::min<int64_t>(screenQueries, queries_ - first(t)));
      }
    const double perPanel = static_cast<double>(panelRows<float> * screenQueries * (points_.width() + 6)) / 30;
    const int64_t end =
        panel_ + fitting(perPanel * static_cast<double>(tasks) / threads(runtime), screen_->panels() - panel_);
    auto task = [&](int64_t t, int) { screen_->search(*groups_[t], lists_.data() + first(t), panel_, end); };
    parallel(runtime, tasks, task);
    work += perPanel * static_cast<double>((end - panel_) * tasks);
    panel_ = end;
    if (panel_ < screen_->panels()) return;
    panel_ = 0;
    const int64_t done = std::min(queries_, next_ + tasks * screenQueries);
    for (; next_ < done; next_++) lists_[next_].sort();
  }

  static constexpr int64_t tasksAtATime = 32;

  Points points_;
  int64_t k_ = 0, queries_ = 0, next_ = 0;
  double perQuery_ = 20e3;
  std::vector<double> distances_;
  std::vector<int32_t> found_;
  std::vector<NearestList> lists_;
  std::unique_ptr<PointScreen> screen_;
  std::vector<std::unique_ptr<PointScreen::Queries>> groups_;
  int64_t packed_ = 0, panel_ = 0;
};

class WithinRadius : public Job {
 public:
  bool read(Arguments& arguments) {
    if (!points_.read(arguments)) return false;
    radius_ = points_.metric.reduce(arguments.number());
    queries_ = points_.queries.rows;
    return arguments.fits() && radius_ >= 0;
  }

  Step step(Runtime& runtime) override {
    if (found_.empty()) found_.resize(queries_);
    const double perQuery = points_.hasTree ? 50e3 : points_.work();
    int64_t count = static_cast<int64_t>(stepWork / perQuery) + threads(runtime);
    if (count > queries_ - next_) count = queries_ - next_;
    bool room = true;
    auto task = [&](int64_t index, int) {
      if (!search(next_ + index)) __atomic_store_n(&room, false, __ATOMIC_RELAXED);
    };
    parallel(runtime, count, task);
    if (!__atomic_load_n(&room, __ATOMIC_RELAXED)) return Step::outOfMemory;
    next_ += count;
    work += perQuery * static_cast<double>(count);
    progress(static_cast<double>(next_) / static_cast<double>(queries_));
    if (next_ < queries_) return Step::more;
    starts_.push_back(0);
    for (const auto& list : found_) {
      for (const auto& [point, distance] : list) {
        points_found_.push_back(point);
        distances_.push_back(points_.metric.restore(distance));
      }
      starts_.push_back(static_cast<double>(points_found_.size()));
    }
    give(starts_);
    give(points_found_);
    give(distances_);
    return Step::done;
  }

 private:
  /// Points within the radius of a query, by number. False where memory is out.
  bool search(int64_t q) {
#if defined(__cpp_exceptions)
    try {
      collect(q);
      return true;
    } catch (...) {
      return false;
    }
#else
    collect(q);
    return true;
#endif
  }
  void collect(int64_t q) {
    auto& list = found_[q];
    if (points_.hasTree) {
      points_.tree.within(points_.query(q), points_.metric, radius_,
                          [&](int32_t point, double distance) { list.emplace_back(point, distance); });
      std::sort(list.begin(), list.end());
      return;
    }
    for (int64_t i = 0; i < points_.count(); i++) {
      const double distance = points_.distance(q, i);
      if (distance <= radius_) list.emplace_back(static_cast<int32_t>(i), distance);
    }
  }

  Points points_;
  double radius_ = 0;
  int64_t queries_ = 0, next_ = 0;
  std::vector<std::vector<std::pair<int32_t, double>>> found_;
  std::vector<double> starts_, distances_;
  std::vector<int32_t> points_found_;
};

}  // namespace

Job* kdTreeJob(Arguments& arguments) {
  const int64_t points = arguments.integer(1, int64_t(1) << 30);
  const int64_t width = arguments.integer(1, int64_t(1) << 30);
  const int64_t leafSize = arguments.integer(1, int64_t(1) << 30);
  const double* const x = arguments.array<double>(points * width);
  return arguments.fits() ? new BuildTree(x, points, width, leafSize) : nullptr;
}

Job* nearestNeighboursJob(Arguments& arguments) {
  std::unique_ptr<Nearest> job(new Nearest());
  return job->read(arguments) ? job.release() : nullptr;
}

Job* radiusNeighboursJob(Arguments& arguments) {
  std::unique_ptr<WithinRadius> job(new WithinRadius());
  return job->read(arguments) ? job.release() : nullptr;
}

}  // namespace athanor
