// Sparse rows (CSR) for k-means. They are not centred: that would fill them.
#pragma once
#include "learn/cluster-rows.h"
#include "learn/design-rows.h"
#include "learn/row-panels.h"

namespace athanor {

/// Scores ‖c‖² − 2·x·c of sparse rows: centres lie column by column, so that a value meets all at once.
class SparseNearest {
 public:
  /// `scale` is what rows are multiplied by; `centers` are scaled already.
  void pack(const double* centers, int64_t count, int64_t width, double scale) {
    count_ = count;
    stride_ = roundUp(count, 8);
    if (values_.size() != stride_ * width) values_.resize(stride_ * width);
    norms_.assign(static_cast<size_t>(stride_), std::numeric_limits<double>::infinity());
    for (int64_t c = 0; c < count; c++) norms_[c] = 0;
    for (int64_t k = 0; k < width; k++)
      for (int64_t c = 0; c < stride_; c++) {
        const double value = c < count ? centers[c * width + k] : 0;
        values_[k * stride_ + c] = -2 * scale * value;
        if (c < count) norms_[c] += value * value;
      }
  }

  int64_t stride() const { return stride_; }

  /// `scores` is room for `stride` numbers.
  int32_t nearest(const DesignRows& x, int64_t row, double* scores) const {
    memcpy(scores, norms_.data(), sizeof(double) * static_cast<size_t>(stride_));
    for (int64_t n = x.starts[row]; n < x.starts[row + 1]; n++) {
      const double value = x.values[n];
      const double* const from = values_.data() + x.columns[n] * stride_;
      for (int64_t c = 0; c < stride_; c++) scores[c] += value * from[c];
    }
    int32_t best = 0;
    for (int64_t c = 1; c < count_; c++)
      if (scores[c] < scores[best]) best = static_cast<int32_t>(c);
    return best;
  }

 private:
  int64_t count_ = 0;
  int64_t stride_ = 0;
  AlignedArray<double> values_;
  std::vector<double> norms_;
};

class SparseClusterRows : public ClusterRows {
 public:
  SparseClusterRows(const DesignRows& x, int64_t rows, int64_t width, const double* weights,
                    int64_t clusters)
      // Each block has sums of clusters × width: few blocks, unless there are many rows.
      : ClusterRows(rows, width, weights,
                    rows / 16 > clusterBlockRows(clusters) ? rows / 16 : clusterBlockRows(clusters)),
        x_(x) {}

  void measure(int64_t block, double* sums) const override {
    double* const least = sums + width_;
    double* const most = least + width_;
    for (int64_t k = 0; k < 3 * width_; k++) sums[k] = 0;
    for (int64_t n = x_.starts[begin(block)]; n < x_.starts[end(block)]; n++) {
      const double value = x_.values[n];
      const int64_t k = x_.columns[n];
      sums[k] += value;
      least[k] = value < least[k] ? value : least[k];
      most[k] = value > most[k] ? value : most[k];
    }
  }

  void settle(const double* sums) override {
    const double* const least = sums + width_;
    const double* const most = least + width_;
    shift_.assign(static_cast<size_t>(width_), 0);
    double size = 0;
    for (int64_t k = 0; k < width_; k++) size = std::fmax(size, std::fmax(most[k], -least[k]));
    scale_ = scaleFor(size);
    meanSquares_ = 0;
    for (int64_t k = 0; k < width_; k++) {
      const double mean = sums[k] / static_cast<double>(rows_) * scale_;
      meanSquares_ += mean * mean;
    }
    norms_.resize(static_cast<size_t>(rows_));
    closest_.resize(static_cast<size_t>(rows_));
  }

  bool prepare(Runtime&, int, int64_t block, double* squares) override {
    *squares = 0;
    for (int64_t r = begin(block); r < end(block); r++) {
      double norm = 0;
      for (int64_t n = x_.starts[r]; n < x_.starts[r + 1]; n++) {
        const double value = x_.values[n] * scale_;
        norm += value * value;
      }
      norms_[r] = norm;
      *squares += norm;
    }
    return true;
  }

  double meanVariance(double squares) const override {
    const double variance = squares / static_cast<double>(rows_) - meanSquares_;
    return variance > 0 ? variance / static_cast<double>(width_) : 0;
  }

  void setCenters(const double* centers, int64_t count) override {
    centers_.pack(centers, count, width_, scale_);
  }

  int64_t assign(Runtime& runtime, int worker, int64_t block, int32_t* labels, double* sums,
                 double* counts) const override {
    double* const scores = static_cast<double*>(
        scratch(runtime, worker, 0, sizeof(double) * static_cast<size_t>(centers_.stride())));
    if (scores == nullptr) return -1;
    int64_t changed = 0;
    for (int64_t r = begin(block); r < end(block); r++) {
      const int32_t found = centers_.nearest(x_, r, scores);
      changed += labels[r] != found;
      labels[r] = found;
      if (sums == nullptr) continue;
      const double w = weight(r);
      counts[found] += w;
      double* const sum = sums + found * width_;
      for (int64_t n = x_.starts[r]; n < x_.starts[r + 1]; n++)
        sum[x_.columns[n]] += x_.values[n] * scale_ * w;
    }
    return changed;
  }

  void squaredDistances(int64_t block, const double* centers, const int32_t* labels,
                        double* out) const override {
    int32_t most = -1;
    for (int64_t r = begin(block); r < end(block); r++) most = labels[r] > most ? labels[r] : most;
    std::vector<double> norms(static_cast<size_t>(most) + 1, -1);
    for (int64_t r = begin(block); r < end(block); r++) {
      const double* const center = centers + labels[r] * width_;
      double& norm = norms[labels[r]];
      if (norm < 0) norm = squareOf(center);
      out[r] = distance(r, center, norm);
    }
  }

  void row(int64_t row, double* out) const override {
    for (int64_t k = 0; k < width_; k++) out[k] = 0;
    for (int64_t n = x_.starts[row]; n < x_.starts[row + 1]; n++)
      out[x_.columns[n]] = x_.values[n] * scale_;
  }

  void clearSeeds() override {
    for (double& distance : closest_) distance = std::numeric_limits<double>::max();
  }

  void trySeeds(int64_t block, const double* candidates, int64_t count,
                double* potentials) const override {
    for (int64_t t = 0; t < count; t++) {
      const double* const candidate = candidates + t * width_;
      const double norm = squareOf(candidate);
      double sum = 0;
      for (int64_t r = begin(block); r < end(block); r++) {
        const double d = distance(r, candidate, norm);
        sum += weight(r) * (d < closest_[r] ? d : closest_[r]);
      }
      potentials[t] = sum;
    }
  }

  double addSeed(int64_t block, const double* seed) override {
    const double norm = squareOf(seed);
    double sum = 0;
    for (int64_t r = begin(block); r < end(block); r++) {
      const double d = distance(r, seed, norm);
      if (d < closest_[r]) closest_[r] = d;
      sum += weight(r) * closest_[r];
    }
    return sum;
  }

  double seedDistance(int64_t row) const override { return closest_[row]; }

 private:
  double squareOf(const double* point) const {
    double sum = 0;
    for (int64_t k = 0; k < width_; k++) sum += point[k] * point[k];
    return sum;
  }

  double distance(int64_t row, const double* point, double norm) const {
    double product = 0;
    for (int64_t n = x_.starts[row]; n < x_.starts[row + 1]; n++)
      product += x_.values[n] * point[x_.columns[n]];
    const double d = norms_[row] + norm - 2 * scale_ * product;
    return d > 0 ? d : 0;
  }

  DesignRows x_;
  double meanSquares_ = 0;
  std::vector<double> norms_;
  std::vector<double> closest_;
  SparseNearest centers_;
};

}  // namespace athanor
