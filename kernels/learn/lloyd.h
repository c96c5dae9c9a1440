// One run of k-means from given centres: Lloyd 1982. Empty clusters move to the rows farthest from their
// centres, as in scikit-learn. Sums of blocks are added in the order of the blocks.
#pragma once
#include <algorithm>

#include "ranges.h"
#include "learn/cluster-rows.h"
#include "learn/job.h"

namespace athanor {

class Lloyd {
 public:
  Lloyd(ClusterRows& rows, int64_t clusters, int64_t maxIter, double tolerance)
      : rows_(rows),
        clusters_(clusters),
        maxIter_(maxIter),
        tolerance_(tolerance),
        size_(clusters * rows.width()),
        stride_(size_ + clusters),
        wave_(waveOf(rows, size_)),
        parts_(static_cast<size_t>(wave_ * stride_)),
        changed_(static_cast<size_t>(wave_)),
        sums_(static_cast<size_t>(stride_)),
        labels_(static_cast<size_t>(rows.rows()), -1) {}

  /// What `next` does is begun with these centres.
  void begin(const std::vector<double>& centers) {
    centers_ = centers;
    std::fill(labels_.begin(), labels_.end(), -1);
    iteration_ = 0;
    isStrict_ = false;
    beginPass();
  }

  /// Some blocks of an iteration; `done` when the run is over.
  Step next(Runtime& runtime) {
    const int64_t count = std::min(wave_, rows_.blocks() - block_);
    auto assign = [&](int64_t t, int worker) {
      double* const sums = parts_.data() + t * stride_;
      std::fill(sums, sums + stride_, 0.0);
      changed_[t] = rows_.assign(runtime, worker, block_ + t, labels_.data(), sums, sums + size_);
    };
    parallel(runtime, count, assign);
    parallelRanges(runtime, stride_, 4096, [&](int64_t from, int64_t to, int) {
      for (int64_t t = 0; t < count; t++)
        for (int64_t i = from; i < to; i++) sums_[i] += parts_[t * stride_ + i];
    });
    for (int64_t t = 0; t < count; t++) {
      if (changed_[t] < 0) return Step::outOfMemory;
      changes_ += changed_[t];
    }
    block_ += count;
    if (block_ < rows_.blocks()) return Step::more;
    return finishIteration(runtime) ? Step::done : Step::more;
  }

  /// Labels of the last centres, where the run did not end with them; and Σ weight · distance².
  double finish(Runtime& runtime, bool relabel) {
    if (relabel && !isStrict_) {
      rows_.setCenters(centers_.data(), clusters_);
      auto assign = [&](int64_t block, int worker) {
        rows_.assign(runtime, worker, block, labels_.data(), nullptr, nullptr);
      };
      parallel(runtime, rows_.blocks(), assign);
    }
    measureDistances(runtime, centers_.data());
    double inertia = 0;
    for (int64_t r = 0; r < rows_.rows(); r++) inertia += rows_.weight(r) * distances_[r];
    return inertia;
  }

  std::vector<double>& centers() { return centers_; }
  std::vector<int32_t>& labels() { return labels_; }
  int64_t iterations() const { return iteration_; }
  /// Blocks that one call of `next` takes at most.
  int64_t wave() const { return wave_; }

 private:
  static int64_t waveOf(const ClusterRows& rows, int64_t size) {
    const int64_t room = (int64_t(1) << 24) / size;
    return std::max(int64_t(4), std::min({int64_t(64), rows.blocks(), room}));
  }

  void beginPass() {
    block_ = 0;
    changes_ = 0;
    std::fill(sums_.begin(), sums_.end(), 0.0);
    rows_.setCenters(centers_.data(), clusters_);
  }

  bool finishIteration(Runtime& runtime) {
    iteration_++;
    relocateEmpty(runtime);
    const double shift = average();
    centers_.assign(sums_.begin(), sums_.begin() + size_);
    isStrict_ = changes_ == 0;
    if (isStrict_ || shift <= tolerance_ || iteration_ == maxIter_) return true;
    beginPass();
    return false;
  }

  void measureDistances(Runtime& runtime, const double* centers) {
    distances_.resize(static_cast<size_t>(rows_.rows()));
    auto measure = [&](int64_t block, int) {
      rows_.squaredDistances(block, centers, labels_.data(), distances_.data());
    };
    parallel(runtime, rows_.blocks(), measure);
  }

  void relocateEmpty(Runtime& runtime) {
    double* const counts = sums_.data() + size_;
    std::vector<int64_t> empty;
    for (int64_t c = 0; c < clusters_; c++)
      if (counts[c] == 0) empty.push_back(c);
    if (empty.empty()) return;
    measureDistances(runtime, centers_.data());
    std::vector<int64_t> far(static_cast<size_t>(rows_.rows()));
    for (size_t r = 0; r < far.size(); r++) far[r] = static_cast<int64_t>(r);
    std::partial_sort(far.begin(), far.begin() + static_cast<int64_t>(empty.size()), far.end(),
                      [&](int64_t a, int64_t b) {
                        return distances_[a] != distances_[b] ? distances_[a] > distances_[b] : a < b;
                      });
    // Fewer distinct rows than clusters: nothing to gain.
    if (!(distances_[far[0]] > 0)) return;
    const int64_t width = rows_.width();
    std::vector<double> row(static_cast<size_t>(width));
    for (size_t i = 0; i < empty.size(); i++) {
      const double weight = rows_.weight(far[i]);
      const int64_t from = labels_[far[i]], to = empty[i];
      rows_.row(far[i], row.data());
      for (int64_t k = 0; k < width; k++) {
        sums_[from * width + k] -= row[k] * weight;
        sums_[to * width + k] = row[k] * weight;
      }
      counts[to] = weight;
      counts[from] -= weight;
    }
  }

  /// Sums become means; an empty cluster takes the place of the heaviest. Returns the squared shift.
  double average() {
    const int64_t width = rows_.width();
    const double* const counts = sums_.data() + size_;
    const int64_t heaviest = std::max_element(counts, counts + clusters_) - counts;
    for (int pass = 0; pass < 2; pass++)
      for (int64_t c = 0; c < clusters_; c++) {
        double* const center = sums_.data() + c * width;
        if (pass == 0 && counts[c] > 0)
          for (int64_t k = 0; k < width; k++) center[k] /= counts[c];
        if (pass == 1 && !(counts[c] > 0))
          for (int64_t k = 0; k < width; k++) center[k] = sums_[heaviest * width + k];
      }
    double shift = 0;
    for (int64_t i = 0; i < size_; i++) shift += (sums_[i] - centers_[i]) * (sums_[i] - centers_[i]);
    return shift;
  }

  ClusterRows& rows_;
  int64_t clusters_;
  int64_t maxIter_;
  double tolerance_;
  int64_t size_;
  int64_t stride_;
  int64_t wave_;
  std::vector<double> parts_;
  std::vector<int64_t> changed_;
  /// Sums of clusters, then their weights; means after an iteration.
  std::vector<double> sums_;
  std::vector<int32_t> labels_;
  std::vector<double> centers_;
  std::vector<double> distances_;
  int64_t block_ = 0;
  int64_t changes_ = 0;
  int64_t iteration_ = 0;
  bool isStrict_ = false;
};

}  // namespace athanor
