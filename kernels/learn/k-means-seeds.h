// Where k-means begins: k-means++ (Arthur & Vassilvitskii, SODA 2007), of a few candidates for each seed
// the one that leaves least (as scikit-learn), or rows drawn by their weights (Efraimidis & Spirakis 2006).
#pragma once
#include <algorithm>

#include "learn/cluster-rows.h"
#include "learn/random-stream.h"

namespace athanor {

class KMeansSeeds {
 public:
  KMeansSeeds(ClusterRows& rows, int64_t clusters, uint64_t seed, uint32_t stream)
      : rows_(rows),
        clusters_(clusters),
        random_(seed, stream),
        trials_(2 + static_cast<int64_t>(std::log(static_cast<double>(clusters)))),
        candidates_(static_cast<size_t>(trials_ * rows.width())),
        chosen_(static_cast<size_t>(trials_)),
        potentials_(static_cast<size_t>(trials_ * rows.blocks())),
        blockSums_(static_cast<size_t>(rows.blocks())) {
    rows_.clearSeeds();
  }

  /// `clusters` rows without k-means++: those with the largest log(u) / weight.
  void drawRows(double* centers) {
    const int64_t n = rows_.rows();
    std::vector<std::pair<double, int64_t>> keys(static_cast<size_t>(n));
    for (int64_t r = 0; r < n; r++) {
      const double w = rows_.weight(r);
      const double u = 1 - random_.uniform();
      keys[r] = {w > 0 ? -std::log(u) / w : HUGE_VAL, r};
    }
    std::partial_sort(keys.begin(), keys.begin() + clusters_, keys.end());
    for (int64_t c = 0; c < clusters_; c++) {
      seeds_.push_back(static_cast<int32_t>(keys[c].second));
      rows_.row(keys[c].second, centers + c * rows_.width());
    }
  }

  /// The next seed, into `centers`. True when all are there.
  bool next(Runtime& runtime, double* centers) {
    const int64_t width = rows_.width();
    double* const center = centers + found_ * width;
    if (found_ == 0) {
      const int64_t first = firstRow();
      seeds_.push_back(static_cast<int32_t>(first));
      rows_.row(first, center);
    } else {
      tryCandidates(runtime);
      int64_t best = 0;
      double least = sumOf(0);
      for (int64_t t = 1; t < trials_; t++) {
        const double potential = sumOf(t);
        if (!(potential < least)) continue;
        least = potential;
        best = t;
      }
      seeds_.push_back(static_cast<int32_t>(chosen_[best]));
      for (int64_t k = 0; k < width; k++) center[k] = candidates_[best * width + k];
    }
    auto add = [&](int64_t block, int) { blockSums_[block] = rows_.addSeed(block, center); };
    parallel(runtime, rows_.blocks(), add);
    return ++found_ == clusters_;
  }

  /// The rows that were chosen.
  const std::vector<int32_t>& seeds() const { return seeds_; }

 private:
  int64_t firstRow() {
    double total = 0;
    for (int64_t r = 0; r < rows_.rows(); r++) total += rows_.weight(r);
    const double wanted = random_.uniform() * total;
    double sum = 0;
    for (int64_t r = 0; r < rows_.rows(); r++) {
      sum += rows_.weight(r);
      if (wanted < sum) return r;
    }
    return rows_.rows() - 1;
  }

  /// The first row at which the running sum of weight · distance reaches `wanted`.
  int64_t rowAt(double wanted) {
    int64_t block = 0;
    double sum = 0;
    while (block + 1 < rows_.blocks() && sum + blockSums_[block] < wanted) sum += blockSums_[block++];
    for (int64_t r = rows_.begin(block); r < rows_.end(block); r++) {
      sum += rows_.weight(r) * rows_.seedDistance(r);
      if (sum >= wanted) return r;
    }
    return rows_.end(block) - 1;
  }

  void tryCandidates(Runtime& runtime) {
    double potential = 0;
    for (const double part : blockSums_) potential += part;
    for (int64_t t = 0; t < trials_; t++) {
      chosen_[t] = rowAt(random_.uniform() * potential);
      rows_.row(chosen_[t], candidates_.data() + t * rows_.width());
    }
    auto attempt = [&](int64_t block, int) {
      rows_.trySeeds(block, candidates_.data(), trials_, potentials_.data() + block * trials_);
    };
    parallel(runtime, rows_.blocks(), attempt);
  }

  double sumOf(int64_t trial) const {
    double sum = 0;
    for (int64_t block = 0; block < rows_.blocks(); block++) sum += potentials_[block * trials_ + trial];
    return sum;
  }

  ClusterRows& rows_;
  int64_t clusters_;
  RandomStream random_;
  int64_t trials_;
  int64_t found_ = 0;
  std::vector<int32_t> seeds_;
  std::vector<double> candidates_;
  std::vector<int64_t> chosen_;
  std::vector<double> potentials_;
  std::vector<double> blockSums_;
};

}  // namespace athanor
